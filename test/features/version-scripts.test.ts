import assert from "node:assert/strict";
import { completeScript } from "../../server/src/features/script-completion.ts";
import { foldScript } from "../../server/src/features/script-folding.ts";
import { formatScript } from "../../server/src/features/script-format.ts";
import { outlineScript, type ScriptOutlineNode } from "../../server/src/features/script-outline.ts";
import { tokenizeScript } from "../../server/src/features/script-tokens.ts";
import { symbolAt } from "../../server/src/features/symbol-at.ts";
import { planSymbolRename } from "../../server/src/features/symbol-rename.ts";
import { scriptOf } from "../../server/src/linkage/facts/parsed.ts";
import { findUsesOutsideC } from "../../server/src/linkage/symbols/symbol-uses.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { readScript } from "./script-fixture.ts";

const MAP = `/* What is public. */
LIB_1 {
	global:
		lib_open;
		lib_*;
		extern "C++" {
			"lib::close()";
		};
	local:
		*;
};
LIB_2 { lib_read; } LIB_1;
`;

const TREE = `//- /lib.c
int lib_open(void) { return 0; }
int lib_read(void) { return 0; }
//- /lib.map
LIB_1 { global: lib_open; local: *; };
LIB_2 { lib_<|>read; } LIB_1;
`;

function show(nodes: readonly ScriptOutlineNode[], depth = 0): string[] {
  return nodes.flatMap((node) => [
    `${"  ".repeat(depth)}${node.name}${node.detail === "" ? "" : ` — ${node.detail}`}`,
    ...show(node.children, depth + 1),
  ]);
}

describe("a version script", () => {
  it("has no errors", () => {
    assert.deepEqual(readScript(MAP, "lib.map").script.errors, []);
  });

  it("has its versions and their symbols in the outline", () => {
    assert.deepEqual(show(outlineScript(readScript(MAP, "lib.map").script)), [
      "LIB_1",
      "  lib_open — global",
      "  lib_* — global",
      "  lib::close() — global, C++",
      "  * — local",
      "LIB_2 — LIB_1",
      "  lib_read — global",
    ]);
  });

  it("folds its versions", () => {
    const { script, text } = readScript(MAP, "lib.map");
    const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
    const folds = foldScript(script).map(({ start, end }) => `${lineOf(start)}-${lineOf(end)}`);
    assert.deepEqual(
      folds.filter((fold) => !/^(\d+)-\1$/.test(fold)),
      ["2-10"],
    );
  });

  it("has its words coloured", () => {
    const { script, text } = readScript('V { global: a; extern "C++" { b*; }; local: *; } U;\n', "lib.map");
    assert.deepEqual(
      tokenizeScript(script).map(({ start, end, type }) => `${text.slice(start, end)}:${type}`),
      [
        "V:namespace",
        "global:keyword",
        "a:variable",
        "extern:keyword",
        '"C++":string',
        "b*:variable",
        "local:keyword",
        "*:variable",
        "U:namespace",
      ],
    );
  });

  it("is formatted: versions by their braces, labels and what stands under them as they were", () => {
    const { script, text } = readScript(
      "  V {\n  global:\n    a;\n    b;\n  local: *;   \n    };\nU {\na;\n};",
      "lib.map",
    );
    assert.equal(
      applyEdits(text, formatScript(script, { insertSpaces: true, tabSize: 4 })),
      "V {\nglobal:\n  a;\n  b;\nlocal: *;\n};\nU {\n    a;\n};\n",
    );
  });

  it("offers symbols, labels and versions", () => {
    const labels = (text: string, path = "lib.map"): string[] => {
      const { files, cursor } = parseFixture(`//- /lib.c\nint lib_open(void) { return 0; }\n//- /${path}\n${text}\n`);
      const { program } = loadFixture(files);
      const script = scriptOf(path, program.texts.source(path)!);
      return completeScript(path, script, cursor!.span.start, program).items.map((item) => item.label);
    };
    assert.deepEqual(labels("V {\nlib<|>\n};"), ["lib_open"]);
    assert.deepEqual(labels("V {\n<|>\n};").slice(0, 3), ["global:", "local:", "extern"]);
    assert.deepEqual(labels("{\n<|>\n};", "lib.dyn"), ["extern"]);
    assert.deepEqual(labels("V { a; };\nU { b; } <|>;"), ["V", "U"]);
  });

  it("uses the symbols that it names", () => {
    const { files, cursor } = parseFixture(TREE);
    const { program } = loadFixture(files);
    const source = program.texts.source("lib.map")!;
    assert.equal(symbolAt("lib.map", source, cursor!.span.start)?.text, "lib_read");
    const uses = findUsesOutsideC("lib_read", "lib.c", program);
    assert.deepEqual(
      uses.map(({ path, span }) => [path, source.slice(span.start, span.end)]),
      [["lib.map", "lib_read"]],
    );
  });

  it("is renamed in with its symbols", () => {
    const { files } = parseFixture(TREE);
    const { program } = loadFixture(files);
    const plan = planSymbolRename("lib_read", "lib.c", "lib_load", program);
    assert.deepEqual(plan.kind === "edits" && plan.edits.map(({ path }) => path), ["lib.c", "lib.map"]);
  });

  it("marks a mistake where ld does", () => {
    const [error] = readScript("V {\n\tglobal: a\n\tb;\n};\n", "lib.map").script.errors;
    assert.equal(error?.kind, "syntax");
  });
});
