import assert from "node:assert/strict";
import { namesAt } from "../../server/src/features/names-at.ts";
import { highlightNames } from "../../server/src/features/symbol-highlight.ts";
import { loadFixture } from "../support/fixture-program.ts";

/** "kind line" of each place that is highlighted at `<|>` of the first file. */
function highlights(files: Readonly<Record<string, string>>): readonly string[] {
  const [path, marked] = Object.entries(files)[0]!;
  const { program } = loadFixture(
    Object.entries(files).map(([path, text]) => ({ path, text: text.replace("<|>", "") })),
  );
  const source = program.texts.source(path)!;
  const isKnown = (name: string) => program.mentionsOf(name).length > 0;
  const names = namesAt(path, source, marked.indexOf("<|>"), program, isKnown)?.names ?? [];
  return highlightNames(names, path, source, program).map(
    ({ kind, start }) => `${kind} ${source.slice(0, start).split("\n").length}`,
  );
}

describe("the highlights of a symbol", () => {
  it("are its declarations, definitions and uses in C", () => {
    const text = "extern int count;\nint count = 1;\nvoid up(void)\n{\n\tif (cou<|>nt)\n\t\tcount = 2;\n}\n";
    assert.deepEqual(highlights({ "a.c": text }), ["text 1", "write 2", "read 5", "write 6"]);
  });

  it("are those of a static function, too", () => {
    assert.deepEqual(highlights({ "a.c": "static int f<|>(void) { return 1; }\nint g(void) { return f(); }\n" }), [
      "write 1",
      "read 2",
    ]);
  });

  it("leave out comments, members and locals that are spelled the same", () => {
    const text =
      "int s<|>ize;\n/* size */\nstruct a { int size; };\nint f(struct a *a) { return a->size; }\nint g(int size) { return size; }\n";
    assert.deepEqual(highlights({ "a.c": text }), ["write 1"]);
    const local = "int f(int si<|>ze) { return size; }\n";
    assert.deepEqual(highlights({ "a.c": local, "b.c": "int size;\n" }), []);
  });

  it("are the calls of a macro that makes it", () => {
    const macros = "#define LOCK(name) struct lock name = { 0 }\n";
    const text = '#include "m.h"\nLOCK(big);\nvoid f(void) { take(&bi<|>g); }\n';
    assert.deepEqual(highlights({ "a.c": text, "m.h": macros }), ["write 2", "read 3"]);
  });

  it("are its labels and uses in assembly", () => {
    assert.deepEqual(highlights({ "a.S": ".globl start\nsta<|>rt:\n\tcall start\n\t# start\n" }), [
      "read 1",
      "write 2",
      "read 3",
    ]);
  });
});
