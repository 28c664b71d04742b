/** `weakspot server`: the language server on standard input and output. */

import { startServer } from "../protocol/server.ts";
import type { ExitCode } from "./command-line.ts";

/** Runs until the client says exit or closes the connection. */
export async function runServer(): Promise<ExitCode> {
  await startServer({ input: process.stdin, output: process.stdout });
  return 0;
}
