/** What the server adds to its answers where the tree has a build. */

import assert from "node:assert/strict";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import {
  CodeLensRequest,
  DefinitionRequest,
  HoverRequest,
  type Location,
  type MarkupContent,
} from "vscode-languageserver-protocol/node";
import { type LinkageResult, linkageMethod } from "../../server/src/protocol/messages.ts";
import { buildArchive, thinMagic } from "../host/elf/build-archive.ts";
import { buildElf } from "../host/elf/build-elf.ts";
import { type LanguageClient, pathOfUri, startClient } from "../support/language-client.ts";
import { createSampleTree, sampleFiles } from "../support/sample-tree.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";

const HEADER = "kernel/table_internal.h";
const text = { name: ".text", type: 1, flags: 6, data: new Uint8Array(64) };
const rodata = { name: ".rodata", type: 1, flags: 2, address: 0x1000n, data: new Uint8Array(16) };

function command(object: string): string {
  const source = `../${object.replace(/o$/, "c")}`;
  return `cmd_${object} := gcc -c -o ${object} ${source}\n\nsource_${object} := ${source}\n\ndeps_${object} := \\\n\n`;
}

/** The sample tree, built: table.o refers weakly to what a later step defines, and board.o's weak function is overridden. */
function createBuiltTree(): TemporaryFolder {
  const tree = createSampleTree();
  tree.write({
    "kernel/board.c": "#include <linux/compiler_attributes.h>\nint __weak board_id(void)\n{\n\treturn 0;\n}\n",
    "lib/board.c":
      "static int kept(void)\n{\n\treturn 1;\n}\nstatic int inlined(void)\n{\n\treturn 1;\n}\nint board_id(void)\n{\n\treturn kept() + inlined();\n}\n",
    "out/.vmlinux.cmd": "cmd_vmlinux := link\n",
    "out/.vmlinux.o.cmd": "cmd_vmlinux.o := ld -r -o vmlinux.o --whole-archive vmlinux.a\n",
    "out/kernel/.table.o.cmd": command("kernel/table.o"),
    "out/kernel/.board.o.cmd": command("kernel/board.o"),
    "out/lib/.board.o.cmd": command("lib/board.o"),
    "out/vmlinux.a": buildArchive(
      [
        { name: "//", data: "kernel/table.o/\nkernel/board.o/\nlib/board.o/\n" },
        { name: "/0", size: 0 },
        { name: "/16", size: 0 },
        { name: "/32", size: 0 },
      ],
      thinMagic,
    ),
    "out/kernel/table.o": buildElf({
      sections: [text],
      symbols: [{ name: "table_count", binding: 2 }],
      relocations: { ".text": [42, 42, 42].map((type) => ({ symbol: 1, type })) },
    }),
    "out/kernel/board.o": buildElf({
      sections: [text],
      symbols: [{ name: "board_id", binding: 2, type: 2, section: ".text", size: 6n }],
    }),
    "out/lib/board.o": buildElf({
      sections: [text],
      symbols: [
        { name: "kept.isra.0", binding: 0, type: 2, section: ".text", size: 12n },
        { name: "board_id", binding: 1, type: 2, section: ".text", size: 6n },
      ],
    }),
    "out/.tmp_vmlinux.kallsyms2.o": buildElf({
      sections: [rodata],
      symbols: [{ name: "table_count", binding: 1, type: 1, section: ".rodata", size: 4n }],
    }),
    "out/vmlinux": buildElf({
      fileType: 2,
      sections: [rodata],
      symbols: [{ name: "table_count", binding: 1, type: 1, section: ".rodata", value: 0xffffffff81001000n, size: 4n }],
    }),
  });
  symlinkSync("..", join(tree.path, "out/source"));
  return tree;
}

describe("the language server, beside a build", function () {
  this.timeout(60_000);
  let tree: TemporaryFolder;
  let client: LanguageClient;

  before(async () => {
    tree = createBuiltTree();
    client = await startClient(tree.path);
    client.open(HEADER, sampleFiles[HEADER]);
    await client.indexed;
  });
  after(async () => {
    await client.stop();
    tree[Symbol.dispose]();
  });

  async function hoverOn(name: string): Promise<string> {
    const position = client.positionAfter(HEADER, name.slice(0, -1));
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: client.uriOf(HEADER) },
      position,
    });
    return hover === null ? "" : (hover.contents as MarkupContent).value;
  }

  /** The build is read in the background; what is asked meanwhile is answered without it. */
  async function whenRead<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const answer = await ask();
      if (isWanted(answer)) return answer;
    }
  }

  it("shows in hover what the objects say, once they are read", async () => {
    const shown = await whenRead(
      () => hoverOn("table_count"),
      (answer) => /as it was built/.test(answer) && !/still being read/.test(answer),
    );
    assert.match(shown, /`vmlinux`: R 0xffffffff81001000, 4 bytes, \.rodata/);
    assert.match(shown, /`kernel\/table\.o`: weak undefined, 3 relocations, 3 through the GOT/);
    assert.match(shown, /Nothing in the tree defines it|No source file is known to define it/);
  });

  it("shows what an object has of a static, and that it has nothing of one that is inlined", async () => {
    const path = "lib/board.c";
    const hoverOnStatic = async (name: string) => {
      const position = client.positionAfter(path, name.slice(0, -1));
      const hover = await client.connection.sendRequest(HoverRequest.type, {
        textDocument: { uri: client.uriOf(path) },
        position,
      });
      return (hover!.contents as MarkupContent).value;
    };
    client.open(path, readFileSync(join(tree.path, path), "utf8"));
    assert.match(await hoverOnStatic("kept"), /`lib\/board\.o`: local `kept\.isra\.0`, 12 bytes, \.text/);
    assert.match(await hoverOnStatic("inlined"), /`lib\/board\.o` has no symbol of it: it is inlined everywhere/);
    client.close(path);
  });

  it("puts above a weak reference what it costs", async () => {
    const lenses = await client.connection.sendRequest(CodeLensRequest.type, {
      textDocument: { uri: client.uriOf(HEADER) },
    });
    assert.deepEqual(
      lenses?.map(({ range, command }) => [range.start.line, command?.title]),
      [[6, "3 GOT loads in 1 object"]],
    );
  });

  it("leaves them out when the user does not want them", async () => {
    client.configure({ codeLens: { weakReferences: false } });
    await whenRead(
      () => client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: client.uriOf(HEADER) } }),
      (lenses) => lenses === null,
    );
    client.configure({});
  });

  it("jumps to the definition that won", async () => {
    const user = "int board_id(void);\nint use(void)\n{\n\treturn board_id();\n}\n";
    client.open("kernel/main.c", user);
    const found = (await client.connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri: client.uriOf("kernel/main.c") },
      position: client.positionAfter("kernel/main.c", "return board"),
    })) as Location[];
    assert.deepEqual(
      found.map(({ uri }) => pathOfUri(tree.path, uri)),
      ["lib/board.c"],
    );
  });

  it("lists what one document has for the worklist", async () => {
    const { items } = await client.connection.sendRequest<LinkageResult>(linkageMethod, { uri: client.uriOf(HEADER) });
    assert.deepEqual(
      items.map(({ symbol, kind, path }) => `${path} ${kind} ${symbol}`),
      ["table_names", "table_count"].map((name) => `${HEADER} weak reference ${name}`),
    );
  });

  it("shows at once what was built anew", async () => {
    tree.write({
      "out/kernel/table.o": buildElf({
        sections: [text],
        symbols: [{ name: "table_count", binding: 1 }],
        relocations: { ".text": [2, 2].map((type) => ({ symbol: 1, type })) },
      }),
    });
    const shown = await whenRead(
      () => hoverOn("table_count"),
      (answer) => !/weak undefined/.test(answer),
    );
    assert.match(shown, /`kernel\/table\.o`: undefined, 2 relocations, none through the GOT/);
  });
});
