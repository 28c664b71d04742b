import assert from "node:assert/strict";
import { findOccurrences } from "../../../server/src/linkage/symbols/word-occurrences.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

function occurrences(text: string): string[] {
  return findOccurrences(sourceOfText(text), "x").map((one) => `${one.start} ${one.where}`);
}

describe("the occurrences of a word", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["whole words", "x xx ax x1 $x x", ["0 code", "14 code"]],
    ["comments", "/* x */ x // x\nx", ["3 comment", "8 code", "13 comment", "15 code"]],
    ["a comment that never ends", "x /* x", ["0 code", "5 comment"]],
    ["strings and characters", '"x" \'x\' "\\"x" x', ["1 string", "5 string", "11 string", "14 code"]],
    ["an apostrophe that opens nothing", "don't x", ["6 code"]],
    ["headers", '#include "x"\n#include <x.h>\nx', ["10 include", "23 include", "28 code"]],
    ["macros", "#define x 1\n#define y(x) x\n#undef x\n", ["8 directive", "22 directive", "25 code", "34 directive"]],
    ["conditions", "#ifdef x\n#if A && x\n#endif\n", ["7 directive", "18 directive"]],
    ["pasting", "a##x x ## b x", ["3 pasted", "5 pasted", "12 code"]],
    ["members", "a.x a->x .x = 1 a...x", ["2 member", "7 member", "10 member", "20 code"]],
    ["registers", "mov %x, x", ["5 register", "8 code"]],
  ];
  for (const [what, text, wanted] of cases) {
    it(`are told apart: ${what}`, () => {
      assert.deepEqual(occurrences(text), wanted);
    });
  }

  it("are none of what is no identifier", () => {
    assert.deepEqual(findOccurrences(sourceOfText("a.b (a)"), "a.b"), []);
    assert.deepEqual(findOccurrences(sourceOfText("(a)"), "(a)"), []);
  });

  it("are found in any text within a moment", () => {
    for (const piece of ["x", "/*", '"', "'", "#define x\\\n", "#if \\\n", "\\", "##x"]) {
      findOccurrences(sourceOfText(piece.repeat(20000)), "x");
    }
  });
});
