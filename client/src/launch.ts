/** How the server comes to run: as a process on a disk's files, or as a browser's worker on files in its memory. */
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";

export interface Launch {
  /** What is missing to start it and what to do about that, in words; undefined where all is there. */
  missing(): string | undefined;
  /** Schemes of the documents that the server is asked about. */
  schemes(): readonly string[];
  /** Makes a client that is not started yet. */
  createClient(options: LanguageClientOptions): Promise<BaseLanguageClient>;
}
