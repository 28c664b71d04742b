/** The protocol's messages as a browser's worker gets and sends them. For the browser's bundle alone: Node has no such library. */

import { BrowserMessageReader, BrowserMessageWriter } from "vscode-languageserver/browser";
import type { Channel } from "./connect.ts";

/** @param scope the worker's global scope, which messages come to */
export function createWorkerChannel(scope: object): Channel {
  const port = scope as ConstructorParameters<typeof BrowserMessageReader>[0];
  return { kind: "messages", input: new BrowserMessageReader(port), output: new BrowserMessageWriter(port) };
}
