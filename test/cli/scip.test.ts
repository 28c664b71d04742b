/** `weakspot index --scip`: what code search reads of a small tree, decoded by the format's own messages. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import * as scip from "@c4312/scip/scip_pb.js";
import { bundledCommand } from "../support/bundled-command.ts";
import { runOrThrow } from "../support/run-program.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const FILES = {
  "f.h": "int f(void);\nint g(void) __attribute__((weak));\n",
  "a.c": '#include "f.h"\n__attribute__((weak)) int f(void) { return 0; }\n',
  "b.c": '#include "f.h"\nstatic int n;\nint f(void) { int g = n; return g; }\n',
  "main.c": '#include "f.h"\nint main(void) { return g ? g() : f(); }\n',
  "start.S": "\t.globl start\nstart:\n\tcall main\n",
  "fw.ld": "ENTRY(start)\nSECTIONS { .text : { *(.text) } PROVIDE(end = .); }\n",
};

describe("the index for code search", function () {
  this.timeout(60_000);
  let index: scip.Index;

  before(async () => {
    using tree = createTemporaryFolder(FILES);
    const command = await bundledCommand();
    const output = join(tree.path, "out.scip");
    const words = [command, "index", "--no-cache", "--root", tree.path, "--scip", output];
    await runOrThrow(process.execPath, words);
    index = fromBinary(scip.IndexSchema, readFileSync(output));
  });

  /** "line:column symbol" of a file's places that play a role, 0 for a reference; lines and columns from 1. */
  function places(path: string, role: number): string[] {
    const document = index.documents.find(({ relativePath }) => relativePath === path);
    return (document?.occurrences ?? [])
      .filter(({ symbolRoles }) => symbolRoles === role)
      .map(({ range, symbol }) => `${range[0]! + 1}:${range[1]! + 1} ${symbol.replace("weakspot . . . ", "")}`);
  }

  it("says who made it, and of which tree", () => {
    assert.equal(index.metadata?.toolInfo?.name, "weakspot");
    assert.match(index.metadata?.projectRoot ?? "", /^file:\/\/\//);
    assert.deepEqual(index.documents.map(({ language, relativePath }) => `${relativePath} ${language}`).sort(), [
      "a.c C",
      "b.c C",
      "f.h C",
      "fw.ld Linker Script",
      "main.c C",
      "start.S Assembly",
    ]);
  });

  it("has definitions, declarations and references of C, assembly and scripts", () => {
    assert.deepEqual(places("f.h", scip.SymbolRole.ForwardDefinition), ["1:5 f.", "2:5 g."]);
    assert.deepEqual(places("main.c", scip.SymbolRole.Definition), ["2:5 main."]);
    assert.deepEqual(places("main.c", 0), ["2:25 g.", "2:29 g.", "2:35 f."]);
    assert.deepEqual(places("start.S", 0), ["1:9 start.", "3:7 main."]);
    assert.deepEqual(places("fw.ld", 0), ["1:7 start."]);
    assert.deepEqual(places("fw.ld", scip.SymbolRole.Definition), ["2:41 end."]);
  });

  it("keeps what is static a file's own, and takes no local variable for a symbol", () => {
    assert.deepEqual(places("b.c", 0), ["3:23 local n"]);
  });

  it("tells which weak definition a strong one overrides", () => {
    assert.deepEqual(places("a.c", scip.SymbolRole.Definition), ["2:27 f#weak."]);
    const strong = index.documents.flatMap(({ symbols }) => symbols).find(({ symbol }) => symbol.endsWith(" f."));
    assert.deepEqual(
      strong?.relationships.map(({ symbol, isImplementation }) => [symbol, isImplementation]),
      [["weakspot . . . f#weak.", true]],
    );
  });
});
