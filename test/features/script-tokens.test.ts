import assert from "node:assert/strict";
import { tokenizeScript } from "../../server/src/features/script-tokens.ts";
import type { Span } from "../../server/src/text/span.ts";
import { readScript } from "./script-fixture.ts";

/** Each token as `text:type`, definitions with a `!`. */
function tokens(text: string, path?: string, range?: (span: Span) => Span): string[] {
  const { script, span } = readScript(text, path);
  return tokenizeScript(script, range?.(span)).map(
    ({ start, end, type, isDefinition }) => `${script.source.slice(start, end)}:${type}${isDefinition ? "!" : ""}`,
  );
}

describe("semantic tokens of linker scripts", () => {
  it("tells commands, symbols, sections and functions apart", () => {
    assert.deepEqual(tokens("ENTRY(main)\nSECTIONS { .text : { a = SIZEOF(.data) + b; } }\n"), [
      "ENTRY:keyword",
      "main:variable",
      "SECTIONS:keyword",
      ".text:class!",
      "a:variable!",
      "SIZEOF:function",
      ".data:class",
      "b:variable",
    ]);
  });

  it("knows regions and segments where they are declared and used", () => {
    assert.deepEqual(
      tokens(
        "MEMORY { ram (rw) : ORIGIN = 1, LENGTH = 2K }\nPHDRS { t PT_LOAD FLAGS(5); }\nSECTIONS { .a : { } >ram AT>ram :t }\n",
      ),
      [
        "MEMORY:keyword",
        "ram:namespace!",
        "rw:enumMember",
        "ORIGIN:function",
        "1:number",
        "LENGTH:function",
        "2K:number",
        "PHDRS:keyword",
        "t:struct!",
        "PT_LOAD:enumMember",
        "FLAGS:keyword",
        "5:number",
        "SECTIONS:keyword",
        ".a:class!",
        "ram:namespace",
        "AT:keyword",
        "ram:namespace",
        "t:struct",
      ],
    );
  });

  it("knows input sections, files and what sorts them", () => {
    assert.deepEqual(tokens("SECTIONS { .a : { KEEP(*crt.o(SORT_BY_NAME(EXCLUDE_FILE(x.o) .b*) COMMON)) } }\n"), [
      "SECTIONS:keyword",
      ".a:class!",
      "KEEP:keyword",
      "*crt.o:string",
      "SORT_BY_NAME:keyword",
      "EXCLUDE_FILE:keyword",
      "x.o:string",
      ".b*:property",
      "COMMON:property",
    ]);
  });

  it("knows a section's type, constraint and the functions of its header", () => {
    assert.deepEqual(tokens("SECTIONS { .a (NOLOAD) : AT(1) ALIGN(2) SUBALIGN(4) ONLY_IF_RO { } }\n"), [
      "SECTIONS:keyword",
      ".a:class!",
      "NOLOAD:keyword",
      "AT:keyword",
      "1:number",
      "ALIGN:function",
      "2:number",
      "SUBALIGN:keyword",
      "4:number",
      "ONLY_IF_RO:keyword",
    ]);
  });

  it("knows comments, one token a line, and strings", () => {
    assert.deepEqual(tokens('/* a\n b */\nASSERT(1, "no /* comment */")\n'), [
      "/* a:comment",
      " b */:comment",
      "ASSERT:keyword",
      "1:number",
      '"no /* comment */":string',
    ]);
  });

  it("takes capitals that the script does not assign for macros of headers, where there is a preprocessor", () => {
    const text = "END = ALIGN(PAGE_SIZE) + END;\n";
    assert.deepEqual(tokens(text, "a.lds.S"), ["END:variable!", "ALIGN:function", "PAGE_SIZE:macro", "END:variable"]);
    assert.ok(tokens(text).includes("PAGE_SIZE:variable"));
  });

  it("knows macros and their parameters", () => {
    assert.deepEqual(
      tokens("#define SECT(name)\t\\\n\t.x##name : { name = SIZE; }\n#define SIZE 4\nSECT(y)\n", "a.lds.S"),
      [
        "SECT:macro!",
        "name:parameter",
        ".x##:class!",
        "name:parameter",
        "name:parameter",
        "SIZE:macro",
        "SIZE:macro!",
        "4:number",
        "SECT:macro",
        "y:variable",
      ],
    );
  });

  it("leaves the preprocessor's lines to others, but for the files they name", () => {
    assert.deepEqual(tokens('#include "a.h"\n#ifdef SECTIONS\n#endif\n', "a.lds.S"), ["a.h:string"]);
  });

  it("gives the tokens of a range alone", () => {
    const all = tokens("a = 1;\n<|b = 2;|>\nc = 3;\n");
    const some = tokens("a = 1;\n<|b = 2;|>\nc = 3;\n", "a.lds", (span) => span);
    assert.deepEqual(some, ["b:variable!", "2:number"]);
    assert.equal(all.length, 6);
  });

  it("goes on through what is half typed", () => {
    assert.deepEqual(
      tokens("SECTIONS { .a : { x = ALIGN( ; KEEP( } .b : { *(.b) }\n").filter((one) => /class|KEEP/.test(one)),
      [".a:class!", "KEEP:keyword", ".b:class!"],
    );
  });
});
