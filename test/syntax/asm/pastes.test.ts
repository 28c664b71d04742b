/** Names that macros of assembly put together. */

import assert from "node:assert/strict";
import { findPastes } from "../../../server/src/syntax/asm/pastes.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

const found = (text: string) =>
  findPastes(sourceOfText(text)).map(({ macro, parameters, pattern }) => [
    macro,
    parameters.filter((one) => one !== "__VA_ARGS__").join(),
    pattern,
  ]);

describe("names that macros of assembly put together", () => {
  it("are those of .macro, by its parameters", () => {
    assert.deepEqual(found(".macro start part\n__\\part\\()_start:\n.endm\n"), [["start", "part", "__##part##_start"]]);
  });

  it("are those of #define, by its parameters", () => {
    assert.deepEqual(found("#define START(part) __##part##_start:\n"), [["START", "part", "__##part##_start"]]);
  });

  it("are the #define's where it defines a .macro on the way, whose line ends at ;", () => {
    const text =
      "#define BEGIN(op) \\\n.macro endp; \\\nEND(atomic_##op##_386); \\\n.endm; \\\nSTART(atomic_##op##_386)\n";
    const own = ["BEGIN", "op", "atomic_##op##_386"];
    assert.deepEqual(found(text), [own, own]);
  });

  it("are none that begin with a number, and go on with numbers", () => {
    assert.deepEqual(found("#define R(a, b) .long 0x##a##b\n"), []);
    assert.deepEqual(found("#define EX(n) 8 ## n ## 0b\n"), []);
    assert.deepEqual(found("#define EX(n) x##n##0b\n"), [["EX", "n", "x##n##0b"]]);
  });

  it("have no parameters of a line behind ;", () => {
    assert.deepEqual(found(".macro one a; two b\nx_\\a\\()_b\n.endm\n"), [["one", "a", "x_##a##_b"]]);
  });
});
