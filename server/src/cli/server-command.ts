/** `weakspot server`: the language server, on standard input and output unless the arguments ask for another way. */

import { startServer } from "../protocol/server.ts";
import type { ExitCode } from "./exit-code.ts";

/**
 * Runs until the client says exit or closes the connection.
 * @param words the arguments behind `server`; `--node-ipc` and `--socket=PORT` are for clients that started the process so
 */
export async function runServer(words: readonly string[]): Promise<ExitCode> {
  const isTold = words.some((word) => word === "--node-ipc" || word.startsWith("--socket"));
  await startServer(isTold ? undefined : { kind: "bytes", input: process.stdin, output: process.stdout });
  return 0;
}
