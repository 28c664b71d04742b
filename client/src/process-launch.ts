/** Runs the server as a process of its own: the command that the extension carries. */

import { existsSync } from "node:fs";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { l10n } from "./l10n.ts";
import type { Launch } from "./launch.ts";

/** @param serverModule absolute path of the command's bundle, which is the server too */
export function createProcessLaunch(serverModule: string): Launch {
  return {
    missing: () =>
      existsSync(serverModule)
        ? undefined
        : l10n.t("The server is missing ({0}). Reinstall the extension.", serverModule),
    schemes: () => ["file"],
    async createClient(options) {
      const module = { module: serverModule, args: ["server"], transport: TransportKind.ipc };
      const debug = { ...module, options: { execArgv: ["--nolazy", "--inspect=6029"] } };
      return new LanguageClient("weakspot", "Weakspot", { run: module, debug }, options);
    },
  };
}
