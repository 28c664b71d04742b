import assert from "node:assert/strict";
import type {
  CompletionItem,
  CompletionList,
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver-protocol";
import { type ClientOptions, type LanguageClient, startClient } from "../support/language-client.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const files = {
  "table.c": "int table[4];\nint *get(void) { return table; }\n",
  "table.lds": "MEMORY { ram : ORIGIN = 0, LENGTH = 1K }\nSECTIONS { .t : { *(.t) } >ram end = table + 4; }\n",
  "include.lds": "INCLUDE a.lds\nINCLUDE nowhere.lds\nx = 1;\n",
  "a.lds": "SECTIONS\n{\n. = 1;\n  .text : { _text = .; *(.text) }\n}\n",
  "lib.c": "int lib_open(void) { return 0; }\n",
  "lib.map": "LIB_1 {\n  global:\n    lib_open;\n  local: *;\n};\n",
  "keys.map": "keycode 1 = Escape\n",
  Makefile: "fw/fw.elf: fw/main.o\n\t$(CC) -nostdlib -T fw/fw.ld -Wl,-Map=fw/fw.map -o $@ fw/main.o\n",
  "fw/main.c": "int main(void) { return 0; }\n",
  "fw/fw.ld": "MEMORY { RAM : ORIGIN = 0x1000, LENGTH = 256 }\nSECTIONS { .text : { *(.text) } > RAM }\n",
  "fw/fw.map":
    "Memory Configuration\n\nName Origin Length\nRAM 0x00001000 0x00000100\n\nLinker script and memory map\n\n.text 0x00001000 0x40\n .text 0x00001000 0x40 main.o\n",
  "main.c": "int main(void)\n{\n        return 0;\n}\n",
};

interface Editor {
  readonly client: LanguageClient;
  /** Asks about a document. */
  ask<T>(method: string, path: string, more?: object): Promise<T>;
  stop(): Promise<void>;
}

async function startEditor(options: ClientOptions = {}): Promise<Editor> {
  const folder: TemporaryFolder = createTemporaryFolder(files);
  const client = await startClient(folder.path, options);
  await client.indexed;
  return {
    client,
    ask: (method, path, more = {}) =>
      client.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri: client.uriOf(path) }, ...more }),
    async stop() {
      await client.stop();
      folder[Symbol.dispose]();
    },
  };
}

describe("the server's editing of linker scripts", function () {
  // Each server is a process of its own, on a machine that may be busy.
  this.timeout(120_000);
  let editor: Editor;

  before(async () => {
    editor = await startEditor();
    editor.client.open("a.lds", files["a.lds"], "linkerscript");
  });
  after(() => editor?.stop());

  it("tells how full a region is, from the map that the script's link wrote, in hover and behind the region", async () => {
    editor.client.open("fw/fw.ld", files["fw/fw.ld"], "linkerscript");
    const hover = await editor.ask<Hover>("hover", "fw/fw.ld", { position: { line: 0, character: 10 } });
    assert.match(JSON.stringify(hover.contents), /In `fw\/fw.map`:\\n- used 64 of 256 bytes, \*\*25.00 %\*\*/);
    const range = { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } };
    const hints = await editor.ask<InlayHint[]>("inlayHint", "fw/fw.ld", { range });
    assert.deepEqual(
      hints.map(({ label }) => label),
      ["25 % used"],
    );
  });

  it("formats a document", async () => {
    const edits = await editor.ask<TextEdit[]>("formatting", "a.lds", {
      options: { tabSize: 2, insertSpaces: true },
    });
    assert.deepEqual(edits, [
      { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, newText: "  " },
    ]);
  });

  it("formats a range", async () => {
    const edits = await editor.ask<TextEdit[]>("rangeFormatting", "a.lds", {
      range: { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } },
      options: { tabSize: 2, insertSpaces: true },
    });
    assert.deepEqual(edits, []);
  });

  it("gives the outline as a tree", async () => {
    const symbols = await editor.ask<DocumentSymbol[]>("documentSymbol", "a.lds");
    assert.deepEqual(
      symbols.map((symbol) => [symbol.name, symbol.children?.map((child) => child.name)]),
      [["SECTIONS", [".text"]]],
    );
  });

  it("keeps the outline of C", async () => {
    const symbols = await editor.ask<DocumentSymbol[]>("documentSymbol", "main.c");
    assert.deepEqual(
      symbols.map((symbol) => symbol.name),
      ["main"],
    );
  });

  it("folds", async () => {
    const ranges = await editor.ask<FoldingRange[]>("foldingRange", "a.lds");
    assert.deepEqual(ranges, [{ startLine: 1, endLine: 3 }]);
  });

  it("widens selections", async () => {
    const [range] = await editor.ask<SelectionRange[]>("selectionRange", "a.lds", {
      positions: [{ line: 3, character: 14 }],
    });
    assert.deepEqual(range?.range, { start: { line: 3, character: 12 }, end: { line: 3, character: 17 } });
    assert.deepEqual(range?.parent?.range.end, { line: 3, character: 22 });
  });

  it("colours words by the types of its legend", async () => {
    const provider = editor.client.server.capabilities.semanticTokensProvider;
    const { data } = await editor.ask<SemanticTokens>("semanticTokens/full", "include.lds");
    const types = data.flatMap((number, i) => (i % 5 === 3 ? [provider?.legend.tokenTypes[number]] : []));
    assert.deepEqual(types, ["keyword", "string", "keyword", "string", "variable", "number"]);
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 1 } };
    const some = await editor.ask<SemanticTokens>("semanticTokens/range", "include.lds", { range });
    assert.deepEqual(some.data.slice(0, 3), [2, 0, 1]);
  });

  it("links to files that are there", async () => {
    const found = await editor.ask<DocumentLink[]>("documentLink", "include.lds");
    assert.deepEqual(found, [
      {
        range: { start: { line: 0, character: 8 }, end: { line: 0, character: 13 } },
        target: editor.client.uriOf("a.lds"),
      },
    ]);
  });

  it("completes, without snippets for a client that knows none", async () => {
    editor.client.open("typed.lds", "SECTIONS { .a : { } >\nx = ali", "linkerscript");
    const position = { line: 1, character: 7 };
    const { items } = await editor.ask<CompletionList>("completion", "typed.lds", { position });
    const align = items.find((item) => item.label === "ALIGN");
    assert.deepEqual(align?.textEdit, {
      range: { start: { line: 1, character: 4 }, end: position },
      newText: "ALIGN",
    });
    assert.match(String(align?.documentation), /location counter/);
  });

  it("completes with snippets where the client knows them", async () => {
    const other = await startEditor({
      capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
    });
    other.client.open("typed.lds", "x = ali", "linkerscript");
    const { items } = await other.ask<CompletionList>("completion", "typed.lds", {
      position: { line: 0, character: 7 },
    });
    await other.stop();
    assert.deepEqual(
      items.map((item) => item.textEdit?.newText),
      ["ALIGN($1)$0", "ALIGNOF($1)$0"],
    );
  });

  it("documents a symbol when its item is looked at", async () => {
    editor.client.open("symbol.lds", "x = _te", "linkerscript");
    const { items } = await editor.ask<CompletionList>("completion", "symbol.lds", {
      position: { line: 0, character: 7 },
    });
    const item = items.find((one) => one.label === "_text");
    assert.equal(item?.documentation, undefined);
    const resolved = await editor.client.connection.sendRequest<CompletionItem>("completionItem/resolve", item);
    assert.match(JSON.stringify(resolved.documentation), /a\.lds/);
  });

  it("shows the parameters of a function", async () => {
    editor.client.open("signature.lds", "x = MAX(1, ", "linkerscript");
    const help = await editor.ask<SignatureHelp>("signatureHelp", "signature.lds", {
      position: { line: 0, character: 11 },
    });
    assert.equal(help.activeParameter, 1);
    assert.equal(help.signatures[0]?.label, "MAX(a, b)");
  });

  it("adds the value to what hover knows of a symbol", async () => {
    editor.client.open("value.lds", "size = 4K * 2;\n", "linkerscript");
    const found = await editor.ask<Hover>("hover", "value.lds", { position: { line: 0, character: 1 } });
    assert.match(JSON.stringify(found.contents), /assignment in a linker script.*0x2000 = 8192 = 8K/);
  });

  it("takes a segment for one, whatever C calls so", async () => {
    editor.client.open("main.lds", "PHDRS { main PT_LOAD; }\n", "linkerscript");
    const found = await editor.ask<Hover>("hover", "main.lds", { position: { line: 0, character: 9 } });
    assert.match(JSON.stringify(found.contents), /segment: /);
  });

  it("keeps the hover of commands and of C", async () => {
    const command = await editor.ask<Hover>("hover", "a.lds", { position: { line: 0, character: 2 } });
    assert.match(JSON.stringify(command.contents), /input sections are mapped/);
    const inC = await editor.ask<Hover>("hover", "main.c", { position: { line: 0, character: 5 } });
    assert.match(JSON.stringify(inC.contents), /function/);
  });

  it("hints at values until the setting says otherwise", async () => {
    editor.client.open("hints.lds", "size = 4K * 2;\n", "linkerscript");
    const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    const hints = await editor.ask<InlayHint[]>("inlayHint", "hints.lds", { range });
    assert.deepEqual(
      hints.map(({ position, label }) => [position.character, label]),
      [[13, "= 0x2000 (8K)"]],
    );
    const other = await startEditor({ settings: { inlayHints: false } });
    other.client.open("hints.lds", "size = 4K * 2;\n", "linkerscript");
    const none = await other.ask<InlayHint[]>("inlayHint", "hints.lds", { range });
    await other.stop();
    assert.deepEqual(none, []);
  });

  it("goes to a region's declaration and finds its uses", async () => {
    const position = { line: 1, character: 28 };
    const [definition] = await editor.ask<Location[]>("definition", "table.lds", { position });
    assert.deepEqual(definition?.range.start, { line: 0, character: 9 });
    const context = { includeDeclaration: true };
    assert.equal((await editor.ask<Location[]>("references", "table.lds", { position, context })).length, 2);
  });

  it("finds a symbol's uses in scripts from C", async () => {
    const context = { includeDeclaration: false };
    const position = { line: 0, character: 5 };
    const found = await editor.ask<Location[]>("references", "table.c", { position, context });
    assert.deepEqual(found.map(({ uri }) => uri.slice(uri.lastIndexOf("/") + 1)).sort(), ["table.c", "table.lds"]);
  });

  it("highlights a region", async () => {
    const found = await editor.ask<DocumentHighlight[]>("documentHighlight", "table.lds", {
      position: { line: 0, character: 10 },
    });
    assert.deepEqual(
      found.map(({ kind, range }) => [kind, range.start.line]),
      [
        [3, 0],
        [2, 1],
      ],
    );
  });

  it("highlights a symbol in C, and nothing on a keyword", async () => {
    const at = (character: number) =>
      editor.ask<DocumentHighlight[] | null>("documentHighlight", "table.c", { position: { line: 0, character } });
    const found = await at(5);
    assert.deepEqual(
      found?.map(({ kind, range }) => [kind, range.start.line]),
      [
        [3, 0],
        [2, 1],
      ],
    );
    assert.equal(await at(0), null);
  });

  it("renames a symbol in C and scripts, as one edit", async () => {
    const position = { line: 1, character: 38 };
    const prepared = await editor.ask<{ placeholder: string }>("prepareRename", "table.lds", { position });
    assert.equal(prepared.placeholder, "table");
    const edit = await editor.ask<WorkspaceEdit>("rename", "table.lds", { position, newName: "fresh" });
    const changes = edit.documentChanges?.map((change) =>
      "edits" in change ? [change.textDocument.uri, change.edits.length] : [],
    );
    assert.deepEqual(changes, [
      [editor.client.uriOf("table.c"), 2],
      [editor.client.uriOf("table.lds"), 1],
    ]);
  });

  it("says why it does not rename", async () => {
    const position = { line: 1, character: 38 };
    await assert.rejects(editor.ask("rename", "table.lds", { position, newName: "get" }), /'get' is taken: table\.c:2/);
  });

  it("offers no rename where no name is, and for no local", async () => {
    assert.equal(await editor.ask("prepareRename", "table.lds", { position: { line: 0, character: 2 } }), null);
    assert.equal(await editor.ask("prepareRename", "main.c", { position: { line: 2, character: 10 } }), null);
  });

  it("answers nothing of this for C", async () => {
    const options = { tabSize: 2, insertSpaces: true };
    assert.equal(await editor.ask("formatting", "main.c", { options }), null);
    assert.equal(await editor.ask("foldingRange", "main.c"), null);
  });

  it("says what it can do to a client that can't be told later", () => {
    const { capabilities } = editor.client.server;
    assert.equal(capabilities.documentFormattingProvider, true);
    assert.equal(capabilities.documentRangeFormattingProvider, true);
    assert.equal(capabilities.foldingRangeProvider, true);
    assert.equal(capabilities.selectionRangeProvider, true);
  });

  it("goes to the file that an include line names, in C only where nobody else does", async () => {
    const position = { line: 0, character: 9 };
    const [definition] = await editor.ask<Location[]>("definition", "include.lds", { position });
    assert.equal(definition?.uri, editor.client.uriOf("a.lds"));
    const found = await editor.ask<Hover>("hover", "include.lds", { position });
    assert.deepEqual(found.contents, { kind: "markdown", value: "`a.lds`" });
    const inC = { position: { line: 0, character: 11 } };
    editor.client.open("including.c", '#include "main.c"\n');
    assert.equal(await editor.ask("definition", "including.c", inC), null);
    const other = await startEditor({ settings: { navigation: "all" } });
    other.client.open("including.c", '#include "main.c"\n');
    const [file] = await other.ask<Location[]>("definition", "including.c", inC);
    await other.stop();
    assert.match(String(file?.uri), /main\.c$/);
  });

  it("knows a version script by its text", async () => {
    const [version] = await editor.ask<DocumentSymbol[]>("documentSymbol", "lib.map");
    assert.deepEqual([version?.name, version?.children?.map(({ name }) => name)], ["LIB_1", ["lib_open", "*"]]);
    const position = { line: 2, character: 6 };
    const [definition] = await editor.ask<Location[]>("definition", "lib.map", { position });
    assert.equal(definition?.uri, editor.client.uriOf("lib.c"));
    const found = await editor.ask<Hover>("hover", "lib.map", { position });
    assert.match(JSON.stringify(found.contents), /lib\.c/);
    const edit = await editor.ask<WorkspaceEdit>("rename", "lib.map", { position, newName: "lib_load" });
    assert.equal(edit.documentChanges?.length, 2);
    assert.equal(await editor.ask("foldingRange", "keys.map"), null);
  });

  it("takes a file for a script that its user says is one, as long as it is open", async () => {
    editor.client.open("link.txt", "start = 4K;\nSECTIONS { .a : { *(.a }\n}\n", "linkerscript");
    const position = { line: 0, character: 1 };
    const hover = await editor.ask<Hover>("hover", "link.txt", { position });
    assert.match(JSON.stringify(hover.contents), /0x1000/);
    await editor.client.waitForDiagnostics("link.txt", (found) => found.some(({ code }) => code === "script-syntax"));
    editor.client.close("link.txt");
    editor.client.open("link.txt", "start = 4K;\n", "plaintext");
    assert.equal(await editor.ask("hover", "link.txt", { position }), null);
    editor.client.close("link.txt");
  });

  it("registers for linker scripts alone where the client can be told", async () => {
    const dynamicRegistration = true;
    const other = await startEditor({
      capabilities: { textDocument: { formatting: { dynamicRegistration }, foldingRange: { dynamicRegistration } } },
    });
    assert.equal(other.client.server.capabilities.documentFormattingProvider, undefined);
    assert.equal(other.client.server.capabilities.selectionRangeProvider, true);
    const { registrations } = other.client;
    await other.stop();
    const methods = registrations.map((registration) => registration.method);
    assert.deepEqual(methods, ["textDocument/formatting", "textDocument/foldingRange"]);
    for (const { registerOptions } of registrations) {
      assert.ok(JSON.stringify(registerOptions).includes('"language":"linkerscript"'));
    }
  });

  it("gives a client that knows no hierarchy a flat outline", async () => {
    const other = await startEditor({ capabilities: {} });
    const symbols = await other.ask<DocumentSymbol[]>("documentSymbol", "a.lds");
    await other.stop();
    assert.deepEqual(
      symbols.map((symbol) => symbol.name),
      ["SECTIONS", ".text", "_text"],
    );
  });
});
