import assert from "node:assert/strict";
import { amountsOf } from "../../../server/src/linkage/scripts/symbol-quantities.ts";
import { readScript } from "../../../server/src/syntax/ld/read-script.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

function amounts(text: string, path = "link.ld"): string[] {
  return [...amountsOf(readScript(path, sourceOfText(text)))];
}

describe("the amounts of a script", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["sizes and distances", "a = SIZEOF(.text); b = LENGTH(ROM); c = ADDR(.data) - ADDR(.text);", ["a", "b", "c"]],
    [
      "what is reckoned from them",
      "a = SIZEOF(.text); b = a / 4; c = (a + 3) & ~3; d = a + SIZEOF(.data);",
      ["a", "b", "d"],
    ],
    ["distances of symbols", "SECTIONS { .bss : { s = .; *(.bss) e = .; } n = e - s; }", ["n"]],
    ["numbers that the script moves on by", "n = 1K; SECTIONS { .stack : { . += n; } }", ["n"]],
    ["defaults", "n = DEFINED(n) ? n : 1K; SECTIONS { .stack : { . = . + n; top = .; } }", ["n"]],
    ["lengths of regions", "n = 1K; MEMORY { ROM : ORIGIN = 0, LENGTH = n }", ["n"]],
    ["no plain numbers", "uart = 0x1000; count = 4;", []],
    ["no numbers that are places, too", "n = 1K; SECTIONS { . = n; .a : { . += n; } }", []],
    ["no addresses", "a = ADDR(.text); b = a + SIZEOF(.text); c = ORIGIN(R) + LENGTH(R); d = LOADADDR(.data);", []],
    ["nothing of what is unknown", "a = other - 4; b = . - LOAD_OFFSET; c = c + 1;", []],
    ["nothing that is an address elsewhere", "a = SIZEOF(.text); a = ADDR(.text);", []],
  ];
  for (const [what, text, expected] of cases) {
    it(`are ${what}`, () => assert.deepEqual(amounts(text), expected));
  }

  it("are none where a macro assigns, too", () => {
    assert.deepEqual(amounts("#define SET a = ADDR(.text);\na = SIZEOF(.text);\nSET\n", "link.lds.S"), []);
  });
});
