/** The server as VS Code for the Web runs it: in a worker, on files in its memory. */

import assert from "node:assert/strict";
import type {
  CodeAction,
  DocumentDiagnosticReport,
  Hover,
  PublishDiagnosticsParams,
} from "vscode-languageserver-protocol";
import type { InitializationOptions, StatusParams } from "../../server/src/protocol/messages.ts";
import { type BrowserWorker, startBrowserWorker } from "./browser-worker.ts";

const ROOT = "/weakspot/memory/-/project";
const MAIN = "extern void hook(void) __attribute__((weak));\nvoid start(void)\n{\n\tif (hook)\n\t\thook();\n}\n";

async function open(
  files: Readonly<Record<string, string>>,
  initializationOptions: InitializationOptions = {},
): Promise<BrowserWorker> {
  const server = await startBrowserWorker();
  await server.put(Object.fromEntries(Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text])));
  await server.ask("initialize", {
    processId: null,
    rootUri: null,
    capabilities: { workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } } },
    initializationOptions,
    workspaceFolders: [{ uri: `file://${ROOT}`, name: "project" }],
  });
  server.tell("initialized", {});
  return server;
}

function openDocument(server: BrowserWorker, path: string, text: string): void {
  const textDocument = { uri: `file://${ROOT}/${path}`, languageId: "c", version: 1, text };
  server.tell("textDocument/didOpen", { textDocument });
}

const findings = (server: BrowserWorker, suits: (found: PublishDiagnosticsParams) => boolean) =>
  server.heard<PublishDiagnosticsParams>("textDocument/publishDiagnostics", suits);

const messages = ({ diagnostics }: PublishDiagnosticsParams) => diagnostics.map(({ message }) => String(message));

async function hoverOn(server: BrowserWorker, path: string, line: number, character: number): Promise<string> {
  const place = { textDocument: { uri: `file://${ROOT}/${path}` }, position: { line, character } };
  const hover = await server.ask<Hover | null>("textDocument/hover", place);
  return hover === null ? "" : (hover.contents as { value: string }).value;
}

describe("the server in a browser", function () {
  this.timeout(60_000);

  it("finds weak references and their definitions in other files", async () => {
    await using server = await open({ "main.c": MAIN, "board/hook.c": "void hook(void) { }\n" });
    openDocument(server, "main.c", MAIN);
    const found = await findings(server, (one) => messages(one).some((message) => message.includes("board/hook.c:1")));
    assert.match(messages(found).join("\n"), /^weak reference to 'hook'; defined strongly at board\/hook\.c:1/);
  });

  it("tells in a hover where a symbol is defined", async () => {
    await using server = await open({ "main.c": MAIN, "hook.c": "void hook(void) { }\n" });
    openDocument(server, "main.c", MAIN);
    await findings(server, (one) => messages(one).some((message) => message.includes("hook.c:1")));
    assert.match(await hoverOn(server, "main.c", 0, 13), new RegExp(`\\[hook\\.c:1\\]\\(<file://${ROOT}/hook\\.c#L1`));
  });

  it("answers clients that ask for findings", async () => {
    await using server = await open({ "main.c": MAIN, "hook.c": "void hook(void) { }\n" });
    openDocument(server, "main.c", MAIN);
    await findings(server, (one) => messages(one).some((message) => message.includes("hook.c:1")));
    const { kind, resultId } = await server.ask<DocumentDiagnosticReport>("textDocument/diagnostic", {
      textDocument: { uri: `file://${ROOT}/main.c` },
    });
    assert.equal(kind, "full");
    assert.match(resultId ?? "", /^\d+-\d+$/);
  });

  it("follows files that come and go", async () => {
    await using server = await open({ "main.c": MAIN });
    openDocument(server, "main.c", MAIN);
    await findings(server, (one) => messages(one).some((message) => message.includes("weak reference")));
    const uri = `file://${ROOT}/late.c`;
    await server.put({ [`${ROOT}/late.c`]: "void hook(void) { }\n" });
    server.tell("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 1 }] });
    await findings(server, (one) => messages(one).some((message) => message.includes("late.c:1")));
    await server.put({ [`${ROOT}/late.c`]: undefined });
    server.tell("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 3 }] });
    await findings(server, (one) => messages(one).every((message) => !message.includes("late.c")));
    assert.doesNotMatch(await hoverOn(server, "main.c", 0, 13), /late\.c/);
  });

  it("concludes nothing where the client knows that files are missing", async () => {
    const makefile = "fw: main.o\n\tld -o fw main.o\n";
    const missingFiles = "Only 2 files of the workspace were read.";
    await using server = await open({ "main.c": MAIN, Makefile: makefile }, { missingFiles });
    openDocument(server, "main.c", MAIN);
    const status = await server.heard<StatusParams>("weakspot/status", ({ state }) => state !== "indexing");
    assert.deepEqual([status.state, status.message], ["incomplete", missingFiles]);
    const textDocument = { uri: `file://${ROOT}/main.c` };
    const range = { start: { line: 0, character: 13 }, end: { line: 0, character: 13 } };
    const actions = await server.ask<CodeAction[] | null>("textDocument/codeAction", {
      textDocument,
      range,
      context: { diagnostics: [] },
    });
    assert.deepEqual(
      (actions ?? []).filter(({ edit, title }) => edit !== undefined && title.startsWith("Make ")),
      [],
    );
    assert.doesNotMatch(await hoverOn(server, "main.c", 0, 13), /always NULL/);
  });

  it("has the fix where it has all files", async () => {
    await using server = await open({ "main.c": MAIN, Makefile: "fw: main.o\n\tld -o fw main.o\n" });
    openDocument(server, "main.c", MAIN);
    await server.heard<StatusParams>("weakspot/status", ({ state, tree }) => state === "ready" && tree !== undefined);
    const range = { start: { line: 0, character: 13 }, end: { line: 0, character: 13 } };
    const textDocument = { uri: `file://${ROOT}/main.c` };
    const actions = await server.ask<CodeAction[]>("textDocument/codeAction", {
      textDocument,
      range,
      context: { diagnostics: [] },
    });
    assert.ok(
      actions.some(({ title }) => title.startsWith("Make hook strong")),
      JSON.stringify(actions),
    );
  });

  it("checks linker scripts", async () => {
    const script = "MEMORY { RAM : ORIGIN = 0, LENGTH = 1K }\nSECTIONS { .text : { *(.text) } > FLASH }\n";
    await using server = await open({ "a.ld": script });
    server.tell("textDocument/didOpen", {
      textDocument: { uri: `file://${ROOT}/a.ld`, languageId: "linkerscript", version: 1, text: script },
    });
    const found = await findings(server, (one) => one.diagnostics.length > 0);
    assert.deepEqual(
      found.diagnostics.map(({ code }) => code),
      ["undeclared-region"],
    );
  });
});
