/**
 * How long an editor waits, measured through the protocol on a whole kernel, with the command as it is built: from a keystroke
 * to findings in the longest C files, and for hover, definition and code actions; while idle, and while the tree is indexed.
 *
 *     npm run bench:latency        WEAKSPOT_LINUX names a kernel tree to use
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CodeActionRequest,
  DefinitionRequest,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  HoverRequest,
  PublishDiagnosticsNotification,
} from "vscode-languageserver-protocol/node";
import { listFiles } from "../../server/src/host/list-files.ts";
import { kernelTree } from "../support/kernel-tree.ts";
import { type LanguageClient, startClient } from "../support/language-client.ts";
import { createRandom } from "../support/random.ts";
import { runOrThrow } from "../support/run-program.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { percentile, timed } from "./measure.ts";

const COMMAND = join(import.meta.dirname, "../../dist/cli.cjs");

/** What the design asks for, in milliseconds: the 95th percentile, and for a file that is opened while indexing the longest. */
const budget = { opened: 200, keystroke: 15, request: 5 };

const FILES = 10;
const MOST_LINES = 20_000;
const KEYS = 40;
const REQUESTS = 400;
/** Where the weak references are that code actions are asked for. */
const HEADER = "kernel/kallsyms_internal.h";

const root = await kernelTree();
const random = createRandom(1);
using cache = createTemporaryFolder();
const texts = await longestFiles();

const verdicts: [string, number, number][] = [];
for (const state of ["while indexing", "while idle"]) {
  // While idle the server starts from a saved index, as it does on all days but the first.
  const environment = { XDG_CACHE_HOME: cache.path };
  if (state === "while idle") await runOrThrow(process.execPath, [COMMAND, "index", "--root", root], { environment });
  const client = await startClient(root, { command: [COMMAND], environment });
  try {
    const opened: number[] = [];
    for (const path of [HEADER, ...texts.keys()]) {
      const text = texts.get(path) ?? (await readFile(join(root, path), "utf8"));
      opened.push(await timed(() => findingsAfter(client, path, () => client.open(path, text))));
    }
    if (state === "while idle") await client.indexed;
    else report(`a file opened ${state}`, opened, Math.max(...opened), budget.opened);
    const keys = await typeKeys(client);
    report(`keystroke ${state}`, keys, percentile(keys, 0.95), budget.keystroke);
    for (const [name, ask] of Object.entries(requests(client))) {
      const times: number[] = [];
      for (let i = 0; i < REQUESTS; i++) times.push(await timed(ask));
      report(`${name} ${state}`, times, percentile(times, 0.95), state === "while idle" ? budget.request : undefined);
    }
  } finally {
    await client.stop();
  }
}
for (const [what, value, limit] of verdicts) {
  console.log(`${value <= limit ? "ok  " : "OVER"} ${value.toFixed(1).padStart(8)} ms ${what}, at most ${limit}`);
}
process.exitCode = verdicts.every(([, value, limit]) => value <= limit) ? 0 : 1;

/** The longest C files below the limit, with their texts. */
async function longestFiles(): Promise<Map<string, string>> {
  const found: { path: string; text: string; lines: number }[] = [];
  for (const { files } of listFiles(root, [""], [])) {
    for (const path of files) {
      if (!path.endsWith(".c")) continue;
      const text = await readFile(join(root, path), "utf8");
      const lines = text.split("\n").length;
      if (lines < MOST_LINES) found.push({ path, text, lines });
    }
    found.sort((a, b) => b.lines - a.lines).splice(FILES);
  }
  for (const { path, lines } of found) console.log(`${path}: ${lines} lines`);
  return new Map(found.map(({ path, text }) => [path, text]));
}

/** Does something to a document and waits for the next findings of it. */
function findingsAfter(client: LanguageClient, path: string, act: () => unknown): Promise<readonly Diagnostic[]> {
  return new Promise((resolve) => {
    const uri = client.uriOf(path);
    const listener = client.connection.onNotification(PublishDiagnosticsNotification.type, (published) => {
      if (published.uri !== uri) return;
      listener.dispose();
      resolve(published.diagnostics);
    });
    act();
  });
}

/** Types keys in the middle of each of the long files. */
async function typeKeys(client: LanguageClient): Promise<number[]> {
  const times: number[] = [];
  let version = 1;
  for (const [path, text] of texts) {
    const middle = text.slice(0, text.length / 2).split("\n").length;
    for (let key = 0; key < KEYS; key++) {
      const position = { line: middle + key, character: 0 };
      const change = () =>
        client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
          textDocument: { uri: client.uriOf(path), version: ++version },
          contentChanges: [{ range: { start: position, end: position }, text: "x" }],
        });
      times.push(await timed(() => findingsAfter(client, path, change)));
    }
  }
  return times;
}

function requests(client: LanguageClient): Record<string, () => Promise<unknown>> {
  const documents = [...texts].map(([path, text]) => ({
    textDocument: { uri: client.uriOf(path) },
    lines: text.split("\n"),
  }));
  /** Somewhere in a word of one of the long files. */
  const somewhere = () => {
    for (;;) {
      const { textDocument, lines } = documents[random(documents.length)]!;
      const line = random(lines.length);
      const character = random(Math.max(1, lines[line]!.length));
      if (/\w/.test(lines[line]![character] ?? "")) return { textDocument, position: { line, character } };
    }
  };
  const header = { textDocument: { uri: client.uriOf(HEADER) } };
  return {
    hover: () => client.connection.sendRequest(HoverRequest.type, somewhere()),
    definition: () => client.connection.sendRequest(DefinitionRequest.type, somewhere()),
    "code actions": () =>
      client.connection.sendRequest(CodeActionRequest.type, {
        ...header,
        range: { start: { line: 18, character: 0 }, end: { line: 18, character: 40 } },
        context: { diagnostics: [] },
      }),
  };
}

function report(what: string, times: readonly number[], judged: number, limit: number | undefined): void {
  const [median, high, longest] = [0.5, 0.95, 1].map((share) => percentile(times, share).toFixed(1).padStart(8));
  console.log(`${what.padEnd(36)} median ${median} ms, 95th percentile ${high} ms, longest ${longest} ms`);
  if (limit !== undefined) verdicts.push([what, judged, limit]);
}
