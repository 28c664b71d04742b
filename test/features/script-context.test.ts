import assert from "node:assert/strict";
import { contextAt } from "../../server/src/features/script-context.ts";
import { readScript } from "./script-fixture.ts";

/** What is expected at the cursor, and in which block; the text is cut off there, as one that is being typed. */
function expected(text: string, path = "a.lds"): string {
  const { script, offset } = readScript(text, path);
  const whole = contextAt(script.source, offset, script.preprocessed, script.kind);
  const half = readScript(text.slice(0, text.indexOf("<|>") + 3), path);
  const cut = contextAt(half.script.source, half.offset, script.preprocessed, half.script.kind);
  assert.deepEqual([cut.expects, cut.block], [whole.expects, whole.block], "what stands behind the cursor matters");
  return `${whole.expects} in ${whole.block}`;
}

const cases: readonly (readonly [string, string, string?])[] = [
  ["<|>", "statement in file"],
  ["SEC<|>", "statement in file"],
  ["ENTRY(a)\nSEC<|>", "statement in file"],
  ["x = 1;\n<|>", "statement in file"],
  ["x = 1\nPRO<|>\nSECTIONS { }", "statement in file"],
  ["ENTRY(st<|>)", "symbol in file"],
  ["EXTERN(a b<|>)", "symbol in file"],
  ["INPUT(AS<|>)", "input-files in file"],
  ["INCLUDE me<|>", "script-file in file"],
  ["INCLUDE lib/me<|>", "script-file in file"],
  ["INCLUDE me.ld <|>", "none in file"],
  ["SECTIONS { .a : { INCLUDE <|>", "script-file in section"],
  ["MEMORY { INCLUDE <|>", "script-file in memory"],
  ["OUTPUT_FORMAT(elf64-<|>", "format in file"],
  ["OUTPUT_ARCH(i386:x<|>", "machine in file"],
  ["SECTIONS { .a (TYPE = <|>", "section-kind in sections"],
  ["INSERT <|>", "insert-place in file"],
  ["INSERT AFTER .te<|>", "section in file"],
  ["PROVIDE(a<|>", "symbol in file"],
  ["PROVIDE(a = <|>", "expression in file"],
  ["x = <|>", "expression in file"],
  ["x = AL<|>", "expression in file"],
  ["x = ALIGN(<|>", "expression in file"],
  ["x = (1 + <|>", "expression in file"],
  ["x = SIZEOF(.te<|>", "section in file"],
  ["x = ORIGIN(<|>", "region in file"],
  ["x = DEFINED(<|>", "symbol in file"],
  ["x = CONSTANT(MA<|>", "constant in file"],
  ["x = 0x1<|>", "none in file"],
  ["x = 1 == y ? <|>", "expression in file"],
  ["ASSERT(<|>", "expression in file"],
  ['ASSERT(x, "<|>', "none in file"],
  ["/* SEC<|> */", "none in file"],
  ['REGION_ALIAS("a", <|>', "region in file"],
  ["NOCROSSREFS(.a <|>", "section in file"],
  ["SECTIONS { <|>", "statement in sections"],
  ["SECTIONS\n{\n  . = 1;\n  .te<|>\n}", "statement in sections"],
  ["SECTIONS { .text <|>", "expression in sections"],
  ["SECTIONS { .text (<|>", "section-type in sections"],
  ["SECTIONS { .text (NOLOAD) : <|>", "section-header in sections"],
  ["SECTIONS { .text : AT(<|>", "expression in sections"],
  ["SECTIONS { .text : AT(1) SUB<|>", "section-header in sections"],
  ["SECTIONS { .text : { <|>", "statement in section"],
  ["SECTIONS { .text : { *(.text) KE<|>", "statement in section"],
  ["SECTIONS { .text : { *(<|>", "pattern in section"],
  ["SECTIONS { .text : { *(.a .b<|>", "pattern in section"],
  ["SECTIONS { .text : { crt0.o(<|>", "pattern in section"],
  ["SECTIONS { .text : { KEEP(<|>", "input in section"],
  ["SECTIONS { .text : { KEEP(*(<|>", "pattern in section"],
  ["SECTIONS { .text : { KEEP(*(SORT(<|>", "pattern in section"],
  ["SECTIONS { .text : { *(EXCLUDE_FILE(<|>", "none in section"],
  ["SECTIONS { .text : { INPUT_SECTION_FLAGS(SHF_<|>", "section-flags in section"],
  ["SECTIONS { .text : { a = <|>", "expression in section"],
  ["SECTIONS { .text : { a = .; <|>", "statement in section"],
  ["SECTIONS { .text : { BYTE(<|>", "expression in section"],
  ["SECTIONS { .text : { a = ALIGN( ; <|>", "statement in section"],
  ["SECTIONS { .text : { *(.text } <|>", "statement in sections"],
  ["SECTIONS { .text : { } ><|>", "region in sections"],
  ["SECTIONS { .text : { } > ra<|>", "region in sections"],
  ["SECTIONS { .text : { } >ram AT><|>", "region in sections"],
  ["SECTIONS { .text : { } >ram AT>rom :te<|>", "segment in sections"],
  ["SECTIONS { .text : { } :a :<|>", "segment in sections"],
  ["SECTIONS { .text : { } =<|>", "expression in sections"],
  ["SECTIONS { .text : { } >ram .da<|>", "statement in sections"],
  ["SECTIONS { .text : { } >ram\n <|>", "statement in sections"],
  ["SECTIONS { OVERLAY : { .a { <|>", "statement in section"],
  ["MEMORY { <|>", "statement in memory"],
  ["MEMORY { ram (<|>", "region-attributes in memory"],
  ["MEMORY { ram (rw) : <|>", "region-bounds in memory"],
  ["MEMORY { ram : ORI<|>", "region-bounds in memory"],
  ["MEMORY { ram : ORIGIN = <|>", "expression in memory"],
  ["MEMORY { ram : ORIGIN = 1, <|>", "region-bounds in memory"],
  ["MEMORY { ram : ORIGIN = 1, LENGTH = LE<|>", "expression in memory"],
  ["MEMORY { a : ORIGIN = 1, LENGTH = 2\n <|>", "statement in memory"],
  ["PHDRS { text <|>", "segment-type in segments"],
  ["PHDRS { text PT_LOAD <|>", "segment-qualifier in segments"],
  ["PHDRS { text PT_LOAD FLAGS(<|>", "expression in segments"],
  ["PHDRS { text PT_LOAD; <|>", "statement in segments"],
  ["VERSION { <|>", "none in versions"],
  ["VERSION { V1 { <|>", "statement in version"],
  ["V1 { <|>", "statement in version", "a.map"],
  ["V1 { global: <|>", "statement in version", "a.map"],
  ["V1 { global: a; lo<|>", "statement in version", "a.map"],
  ["V1 { global: a;\n local: *;\n} <|>", "version-tag in versions", "a.map"],
  ['V1 { extern "C" { <|>', "statement in version", "a.map"],
  ["#define X<|>", "none in file", "a.lds.S"],
  ["#define X \\\n  <|>", "statement in macro", "a.lds.S"],
  ["#define X(a) .t##a : { <|>", "statement in section", "a.lds.S"],
  ["#if<|>", "directive in file", "a.lds.S"],
  ["#  <|>", "directive in file", "a.lds.S"],
  ["#ifdef CON<|>", "macro in file", "a.lds.S"],
  ["#if defined(CON<|>", "condition in file", "a.lds.S"],
  ["#if A > 1 && \\\n  CON<|>", "condition in file", "a.lds.S"],
  ["#if A > 1<|>", "none in file", "a.lds.S"],
  ["#include <asm/pa<|>", "angled-header in file", "a.lds.S"],
  ['#include "pa<|>', "quoted-header in file", "a.lds.S"],
  ["#error no<|>", "none in file", "a.lds.S"],
  ["#<|>", "none in file"],
  ["SECTIONS {\n#ifdef A\n .a : {\n#else\n .b : {\n#endif\n <|>", "statement in section", "a.lds.S"],
  ["SECTIONS {\n NOTES\n .da<|>", "statement in sections", "a.lds.S"],
  ["SECTIONS {\n RO_DATA(4096)\n <|>", "statement in sections", "a.lds.S"],
  ["SECTIONS {\n RO_DATA(<|>", "expression in sections", "a.lds.S"],
];

describe("where in a linker script a cursor stands", () => {
  for (const [text, wanted, path] of cases) {
    it(`${JSON.stringify(text)}: ${wanted}`, () => {
      assert.equal(expected(`${text}\n`, path), wanted);
    });
  }

  it("knows the calls around the cursor and how far their arguments are", () => {
    const { script, offset } = readScript("x = MAX(1, ALIGN(2, <|>\n");
    assert.deepEqual(
      contextAt(script.source, offset, false).calls.map(({ name, argument }) => `${name} ${argument}`),
      ["MAX 1", "ALIGN 1"],
    );
  });

  it("tells that a region may follow a section, and a segment a macro", () => {
    const behind = readScript("SECTIONS { .a : { } <|>\n");
    assert.equal(contextAt(behind.script.source, behind.offset, false).isBehindSection, true);
    const call = readScript("SECTIONS { NOTES :<|>\n", "a.lds.S");
    assert.equal(contextAt(call.script.source, call.offset, true).mayBeTrailer, true);
  });

  it("stands any depth of brackets", () => {
    for (const piece of ["(", "{", "A(", "a : {", "}", ")", "{(", "#if\n", "#else\n", '"', "/*"]) {
      const { script } = readScript(`${piece.repeat(3000)}\n`, "a.lds.S");
      for (const at of [0, 1, 500, script.source.length]) contextAt(script.source, at, true);
    }
  });
});
