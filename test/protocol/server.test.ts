/** The language server over its protocol: the real process, a small tree, and what an editor sees of both. */

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type CodeAction,
  CodeActionRequest,
  CodeLensRequest,
  CodeLensResolveRequest,
  DefinitionRequest,
  DiagnosticSeverity,
  DidChangeWatchedFilesNotification,
  DocumentSymbolRequest,
  FileChangeType,
  HoverRequest,
  ImplementationRequest,
  type Location,
  ReferencesRequest,
  ShowMessageNotification,
  type WorkspaceEdit,
  WorkspaceSymbolRequest,
} from "vscode-languageserver-protocol/node";
import { type ExpandParams, type ExpandResult, expandMethod } from "../../server/src/protocol/messages.ts";
import { capableClient, type LanguageClient, pathOfUri, startClient } from "../support/language-client.ts";
import { createSampleTree, sampleFiles } from "../support/sample-tree.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";

const HEADER = "kernel/table_internal.h";
const HEADER_TEXT = sampleFiles[HEADER];
const SCRIPT = "arch/x86/kernel/vmlinux.lds.S";

describe("the language server", function () {
  this.timeout(60_000);
  let tree: TemporaryFolder;
  let client: LanguageClient;

  before(async () => {
    tree = createSampleTree();
    client = await startClient(tree.path);
    client.open(HEADER, HEADER_TEXT);
    client.open(SCRIPT, sampleFiles[SCRIPT], "linkerscript");
    await client.indexed;
  });

  after(async () => {
    assert.equal(await client.stop(), 0);
    tree[Symbol.dispose]();
  });

  /** The underlined texts of a file of the sample tree, sorted. */
  function underlined(path: keyof typeof sampleFiles): string[] {
    const lines = sampleFiles[path].split("\n");
    return client
      .diagnostics(path)
      .map(({ range }) => lines[range.start.line]!.slice(range.start.character, range.end.character))
      .sort();
  }

  async function actionsAt(path: string, text: string, only?: string[]): Promise<CodeAction[]> {
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: client.uriOf(path) },
      range: client.rangeOf(path, text),
      context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
    });
    return (actions ?? []) as CodeAction[];
  }

  /** The files that an edit touches, each with the first kind of change. */
  function changesOf(edit: WorkspaceEdit | undefined): string[] {
    return (edit?.documentChanges ?? []).map((change) =>
      "kind" in change
        ? `${change.kind} ${pathOfUri(tree.path, "uri" in change ? change.uri : change.newUri)}`
        : `edit ${pathOfUri(tree.path, change.textDocument.uri)}`,
    );
  }

  it("publishes a finding for each weak reference of an open header", async () => {
    await client.waitForDiagnostics(HEADER, (found) => found.length === 2);
    assert.deepEqual(underlined(HEADER), ["table_count", "table_names"]);
    const [first] = client.diagnostics(HEADER);
    assert.equal(first?.source, "weakspot");
    assert.equal(first?.code, "weak-reference");
    const page = readFileSync(fileURLToPath(first!.codeDescription!.href), "utf8");
    assert.match(page, /^# weak-reference/m, "the diagnostic's code leads to the rule's page");
  });

  it("publishes PROVIDE in an open script", async () => {
    await client.waitForDiagnostics(SCRIPT, (found) => found.length === 1);
    assert.deepEqual(underlined(SCRIPT), ["unused_mark"]);
  });

  it("gives a script after preprocessing, as it is in the editor", async () => {
    const params: ExpandParams = { textDocument: { uri: client.uriOf(SCRIPT) } };
    const before = await client.connection.sendRequest<ExpandResult>(expandMethod, params);
    assert.match(before.text, /SECTIONS/);
    assert.doesNotMatch(before.text, /#include|only_in_the_buffer/);
    client.change(SCRIPT, `#define ONLY only_in_the_buffer\nONLY = 1;\n${sampleFiles[SCRIPT]}`);
    const after = await client.connection.sendRequest<ExpandResult>(expandMethod, params);
    assert.equal(after.text, `only_in_the_buffer = 1;\n${before.text}`);
    client.change(SCRIPT, sampleFiles[SCRIPT]);
  });

  it("has nothing to expand where there is no file", async () => {
    const uri = client.uriOf("no/such/file.lds.S");
    assert.equal(await client.connection.sendRequest(expandMethod, { textDocument: { uri } }), null);
  });

  it("explains a symbol in hover", async () => {
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: client.uriOf(HEADER) },
      position: client.positionAfter(HEADER, "table_n"),
    });
    const { value } = hover!.contents as { value: string };
    assert.match(value, /\*\*`table_names`\*\* — weak reference to an object, external linkage/);
    assert.match(value, /Nothing in the tree defines it/);
    assert.match(value, /\[[\w/]+\.h:\d+\]\(<file:\/\/\/.*#L\d+,\d+>\)/);
    assert.deepEqual(hover!.range, client.rangeOf(HEADER, "table_names"));
  });

  it("says nothing where no symbol stands", async () => {
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: client.uriOf(HEADER) },
      position: client.positionAfter(HEADER, "#ifn"),
    });
    assert.equal(hover, null);
  });

  it("goes from a declaration in C to the assignment in a script, and to the uses", async () => {
    client.open("kernel/main.c", sampleFiles["kernel/main.c"]);
    const position = client.positionAfter("kernel/main.c", "__start_n");
    const textDocument = { uri: client.uriOf("kernel/main.c") };
    const definition = (await client.connection.sendRequest(DefinitionRequest.type, {
      textDocument,
      position,
    })) as Location[];
    assert.deepEqual(
      definition.map(({ uri, range }) => [pathOfUri(tree.path, uri), range]),
      [[SCRIPT, client.rangeOf(SCRIPT, "__start_notes")]],
    );
    const references = await client.connection.sendRequest(ReferencesRequest.type, {
      textDocument,
      position,
      context: { includeDeclaration: false },
    });
    assert.deepEqual(
      references!.map(({ uri, range }) => [pathOfUri(tree.path, uri), range.start.line]),
      [["kernel/main.c", 4]],
    );
    client.close("kernel/main.c");
  });

  it("lists a file's symbols and finds symbols of the workspace", async () => {
    const outline = await client.connection.sendRequest(DocumentSymbolRequest.type, {
      textDocument: { uri: client.uriOf(HEADER) },
    });
    assert.deepEqual(
      outline!.map((symbol) => symbol.name),
      ["table_names", "table_count"],
    );
    const found = await client.connection.sendRequest(WorkspaceSymbolRequest.type, { query: "find_name" });
    assert.deepEqual(
      found!.map((symbol) => symbol.name),
      ["find_name"],
    );
  });

  it("offers to make one reference strong, or all of the file", async () => {
    const actions = await actionsAt(HEADER, "table_count");
    const titles = actions.map((action) => action.title);
    assert.equal(titles.filter((title) => title.startsWith("Make table_count strong")).length, 1);
    assert.equal(titles.filter((title) => title.startsWith("Make all 2 weak references")).length, 1);
    const [one] = actions;
    assert.deepEqual(changesOf(one?.edit), [
      `edit ${HEADER}`,
      "create kernel/table_weak.c",
      "edit kernel/table_weak.c",
      "edit kernel/Makefile",
    ]);
  });

  it("tells why there is no fix, by an action of its own", async () => {
    const tested = "int is_there(void) { return (unsigned long)table_names != 0; }\n";
    client.change(HEADER, HEADER_TEXT.replace("#endif", `${tested}#endif`));
    await client.waitForDiagnostics(HEADER, (found) => found.length === 2);
    const actions = await actionsAt(HEADER, "table_names");
    const why = actions.find(({ command }) => command?.command === "weakspot.explainRefusal");
    assert.equal(why?.title, "Why is there no fix for table_names?");
    assert.equal(why.disabled, undefined);
    assert.match((why.command!.arguments![0] as { reason: string }).reason, /\S/);
    client.change(HEADER, HEADER_TEXT);
    await client.waitForDiagnostics(HEADER, (found) => found.length === 2);
  });

  it("offers the fix of the whole file on save, and nothing else then", async () => {
    const actions = await actionsAt(HEADER, "table_count", ["source.fixAll"]);
    assert.deepEqual(
      actions.map((action) => action.kind),
      ["source.fixAll.weakspot"],
    );
  });

  it("offers the fix of a file's only such symbol on save, whatever else is found there", async () => {
    const foldable = "const int limit __attribute__((weak)) = 0;\nint few(int n) { return n < limit; }\n";
    client.change(HEADER, HEADER_TEXT.replace(" __weak;", ";").replace("#endif", `${foldable}#endif`));
    await client.waitForDiagnostics(HEADER, (found) => found.some(({ code }) => code === "foldable-weak-definition"));
    const titles = (await actionsAt(HEADER, "limit", ["source.fixAll"])).map((action) => action.title);
    assert.match(titles.join(), /^Make table_\w+ strong/);
    client.change(HEADER, HEADER_TEXT);
    await client.waitForDiagnostics(HEADER, (found) => found.every(({ code }) => code === "weak-reference"));
  });

  it("judges the text of a buffer, not the file on disk", async () => {
    client.change(HEADER, HEADER_TEXT.replace(" __weak;", ";"));
    await client.waitForDiagnostics(HEADER, (found) => found.length === 1);
    client.change(HEADER, `extern int half_typed __we`);
    await client.waitForDiagnostics(HEADER, (found) => found.length === 0);
    client.change(HEADER, HEADER_TEXT);
    await client.waitForDiagnostics(HEADER, (found) => found.length === 2);
  });

  it("makes the edit fit the buffer's text and version", async () => {
    client.change(HEADER, `\n\n\n${HEADER_TEXT}`);
    await client.waitForDiagnostics(HEADER, (found) => found[0]?.range.start.line === 8);
    const [one] = await actionsAt(HEADER, "table_names");
    const edit = one?.edit?.documentChanges?.find(
      (change) => "textDocument" in change && change.textDocument.uri === client.uriOf(HEADER),
    );
    assert.ok(edit !== undefined && "edits" in edit);
    assert.equal(edit.edits[0]?.range.start.line, 8);
    assert.ok(edit.textDocument.version !== null && edit.textDocument.version > 1);
    client.change(HEADER, HEADER_TEXT);
    await client.waitForDiagnostics(HEADER, (found) => found[0]?.range.start.line === 5);
  });

  it("makes edits for the text that a file has, though nobody said that it changed", async () => {
    const path = "kernel/Makefile";
    const lineOf = (actions: readonly CodeAction[]) => {
      const changes = actions[0]?.edit?.documentChanges ?? [];
      const edit = changes.find((one) => "textDocument" in one && one.textDocument.uri === client.uriOf(path));
      return edit !== undefined && "edits" in edit ? edit.edits[0]?.range.start.line : undefined;
    };
    assert.equal(lineOf(await actionsAt(HEADER, "table_count")), 3);
    tree.write({ [path]: `# one\n# two\n${sampleFiles[path]}` });
    assert.equal(lineOf(await actionsAt(HEADER, "table_count")), 5);
    tree.write({ [path]: sampleFiles[path] });
    assert.equal(lineOf(await actionsAt(HEADER, "table_count")), 3);
  });

  it("lists a fallback in the build file as it is in the editor, saved or not", async () => {
    const path = "kernel/Makefile";
    client.open(path, `# not saved\n${sampleFiles[path]}`, "makefile");
    const [first] = await actionsAt(HEADER, "table_count");
    const edits = first?.edit?.documentChanges?.flatMap((one) =>
      "textDocument" in one && one.textDocument.uri === client.uriOf(path) ? [one] : [],
    );
    assert.deepEqual(
      edits?.map((one) => [one.textDocument.version, one.edits[0]?.range.start.line]),
      [[1, 4]],
    );
    client.close(path);
  });

  it("hears of files that appear and vanish", async () => {
    const defining = "kernel/defining.c";
    const tell = (type: FileChangeType): void =>
      void client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: client.uriOf(defining), type }],
      });
    tree.write({ [defining]: "const unsigned int table_count = 3;\n" });
    tell(FileChangeType.Created);
    await client.waitForDiagnostics(HEADER, (found) =>
      found.some(({ message }) => /table_count.*kernel\/defining\.c/.test(String(message))),
    );
  });

  it("goes by weakspot.json as it changes, and shows what is wrong there", async () => {
    const tell = () =>
      client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: client.uriOf("weakspot.json"), type: FileChangeType.Changed }],
      });
    tree.write({ "weakspot.json": '{ "rules": { "weak-reference": "error" },\n  "rulez": {} }' });
    await tell();
    await client.waitForDiagnostics(HEADER, ([first]) => first?.severity === DiagnosticSeverity.Error);
    await client.waitForDiagnostics("weakspot.json", ([first]) => first?.range.start.line === 1);
    rmSync(join(tree.path, "weakspot.json"));
    await tell();
    await client.waitForDiagnostics(HEADER, ([first]) => first?.severity === DiagnosticSeverity.Warning);
    await client.waitForDiagnostics("weakspot.json", (found) => found.length === 0);
  });

  it("tells a setting that names what is not there, by its name", async () => {
    const told = new Promise<string>((resolve) => {
      const listener = client.connection.onNotification(ShowMessageNotification.type, ({ message }) => {
        if (!message.includes("weakspot.kernel")) return;
        listener.dispose();
        resolve(message);
      });
    });
    client.configure({ kernel: { config: "no/such.config" } });
    assert.match(await told, /^Weakspot: weakspot\.kernel\.config: no\/such\.config: .*there is no such file/);
    client.configure({});
  });

  it("takes a rule's severity from the settings", async () => {
    client.configure({ rules: { "weak-reference": "off" } });
    await client.waitForDiagnostics(HEADER, (found) => found.length === 0);
    client.configure({});
    await client.waitForDiagnostics(HEADER, (found) => found.length === 2);
  });

  it("fades code that the configuration leaves out, where the user wants it, as soon as there is one", async () => {
    const text = "#ifdef CONFIG_TABLES\nint on;\n#else\nint off;\n#endif\n";
    client.open("kernel/faded.c", text);
    client.configure({ inactiveCode: "on" });
    tree.write({ ".config": "# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_TABLES=y\n" });
    await client.waitForDiagnostics("kernel/faded.c", (found) => found.length === 1);
    const [faded] = client.diagnostics("kernel/faded.c");
    assert.deepEqual([faded?.code, faded?.severity, faded?.tags], ["inactive-code", 4, [1]]);
    assert.deepEqual(faded?.range, client.rangeOf("kernel/faded.c", "int off;"));
    client.configure({});
    await client.waitForDiagnostics("kernel/faded.c", (found) => found.length === 0);
    rmSync(join(tree.path, ".config"));
    client.close("kernel/faded.c");
  });

  it("says in lenses what overrides a weak definition, leads there, and is silent where the user wants it so", async () => {
    client.open("lib/weak.c", "int __attribute__((weak)) find_name(unsigned int index) { return index; }\n");
    const textDocument = { uri: client.uriOf("lib/weak.c") };
    const [lens, ...others] = (await client.connection.sendRequest(CodeLensRequest.type, { textDocument })) ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(lens?.range, client.rangeOf("lib/weak.c", "find_name"));
    const resolved = await client.connection.sendRequest(CodeLensResolveRequest.type, lens!);
    assert.equal(resolved.command?.title, "overridden by kernel/table.c");
    const position = client.positionAfter("lib/weak.c", "find_n");
    const found = await client.connection.sendRequest(ImplementationRequest.type, { textDocument, position });
    assert.deepEqual(
      (found as Location[]).map(({ uri }) => pathOfUri(tree.path, uri)),
      ["kernel/table.c"],
    );
    client.configure({ codeLens: { weakDefinitions: false } });
    let isSilent = false;
    while (!isSilent) {
      isSilent = (await client.connection.sendRequest(CodeLensRequest.type, { textDocument })) === null;
    }
    client.configure({});
    client.close("lib/weak.c");
  });

  it("answers requests on files outside of the tree with nothing", async () => {
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: "file:///nowhere/else.c" },
      position: { line: 0, character: 0 },
    });
    assert.equal(hover, null);
  });
});

describe("a server that has just been started", function () {
  this.timeout(60_000);

  it("answers what is asked before it has heard of settings and opened its folders", async () => {
    using tree = createSampleTree();
    const client = await startClient(tree.path);
    try {
      client.open(SCRIPT, sampleFiles[SCRIPT], "linkerscript");
      client.open(HEADER, HEADER_TEXT);
      const outlineOf = (path: string) =>
        client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri: client.uriOf(path) } });
      const [script, header] = await Promise.all([outlineOf(SCRIPT), outlineOf(HEADER)]);
      assert.ok((script ?? []).length > 0 && (header ?? []).length > 0);
    } finally {
      await client.stop();
    }
  });
});

describe("a client that can do little", function () {
  this.timeout(60_000);

  it("is offered no edit that it can't carry out whole", async () => {
    using tree = createSampleTree();
    const client = await startClient(tree.path, {
      capabilities: { ...capableClient, workspace: {}, textDocument: {} },
    });
    client.open(HEADER, HEADER_TEXT);
    await client.indexed;
    await client.waitForDiagnostics(HEADER, (found) => found.length === 2);
    const actions = (await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: client.uriOf(HEADER) },
      range: client.rangeOf(HEADER, "table_names"),
      context: { diagnostics: [] },
    })) as CodeAction[];
    // A comment in the file itself needs nothing of a client.
    assert.deepEqual(
      actions.map(({ title }) => title),
      ["Ignore weak-reference here"],
    );
    assert.equal(await client.stop(), 0);
  });
});
