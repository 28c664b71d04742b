/**
 * The kernel's largest linker script in an editor, through the protocol, with the command as it is built: from opening
 * arch/x86/kernel/vmlinux.lds.S to its findings, from a keystroke to findings, and until it is shown after preprocessing.
 *
 *     npm run bench:script        WEAKSPOT_LINUX names a kernel tree to use
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DidChangeTextDocumentNotification, PublishDiagnosticsNotification } from "vscode-languageserver-protocol/node";
import { expandMethod } from "../../server/src/protocol/messages.ts";
import { kernelTree } from "../support/kernel-tree.ts";
import { startClient } from "../support/language-client.ts";
import { percentile, timed } from "./measure.ts";

const COMMAND = join(import.meta.dirname, "../../dist/cli.cjs");
const SCRIPT = "arch/x86/kernel/vmlinux.lds.S";

/** In milliseconds: the design's budgets for a file that is opened and for a keystroke; shown anew with what was typed. */
const budget = { opened: 200, keystroke: 15, expanded: 200 };
const KEYS = 100;

const root = await kernelTree();
const text = await readFile(join(root, SCRIPT), "utf8");
const client = await startClient(root, { command: [COMMAND] });
const uri = client.uriOf(SCRIPT);

/** Does something to the script and waits for its findings. */
function findingsAfter(act: () => unknown): Promise<void> {
  return new Promise((resolve) => {
    const listener = client.connection.onNotification(PublishDiagnosticsNotification.type, (published) => {
      if (published.uri !== uri) return;
      listener.dispose();
      resolve();
    });
    act();
  });
}

const results: [string, number, number][] = [];
try {
  const opened = await timed(() => findingsAfter(() => client.open(SCRIPT, text, "linkerscript")));
  results.push(["opened while indexing, to its findings", opened, budget.opened]);
  await client.indexed;
  const expand = () => client.connection.sendRequest(expandMethod, { textDocument: { uri } });
  console.log(`${(await timed(expand)).toFixed(0)} ms to expand it for the first time, headers and flags read`);
  const expansions: number[] = [];
  for (let i = 0; i < 20; i++) expansions.push(await timed(expand));
  results.push(["expanded again", percentile(expansions, 0.95), budget.expanded]);
  const keys: number[] = [];
  const line = text.slice(0, text.indexOf("SECTIONS")).split("\n").length + 2;
  for (let version = 2; version < KEYS + 2; version++) {
    const position = { line, character: 0 };
    const type = () =>
      client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [{ range: { start: position, end: position }, text: "x" }],
      });
    keys.push(await timed(() => findingsAfter(type)));
  }
  results.push(["keystroke to findings", percentile(keys, 0.95), budget.keystroke]);
} finally {
  await client.stop();
}
for (const [what, value, limit] of results) {
  console.log(`${value <= limit ? "ok  " : "OVER"} ${value.toFixed(1).padStart(8)} ms ${what}, at most ${limit}`);
}
process.exitCode = results.every(([, value, limit]) => value <= limit) ? 0 : 1;
