import assert from "node:assert/strict";
import { factsOfLinkerScript } from "../../../server/src/linkage/facts/ld-facts.ts";
import { parseLinkerScript } from "../../../server/src/syntax/ld/parser.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

const CONTEXTS = ["file", "sections", "section", "memory", "version", "dynamic-list"] as const;

/** Reads the text in every way there is; whoever throws or hangs fails the test. */
function readInEveryWay(text: string): void {
  const source = sourceOfText(text);
  for (const context of CONTEXTS) check(source, parseLinkerScript(source, { context }));
  check(source, parseLinkerScript(source, { preprocessed: true }));
}

function check(source: { readonly length: number }, script: ReturnType<typeof parseLinkerScript>): void {
  factsOfLinkerScript(script);
  for (const { start, end } of [...script.errors, ...script.uses, ...script.statements]) {
    assert.ok(start >= 0 && start <= end && end <= source.length, `span ${start}-${end} of ${source.length}`);
  }
}

const PIECES = (
  "SECTIONS MEMORY PHDRS VERSION PROVIDE ASSERT KEEP SORT ALIGN SIZEOF ENTRY INPUT GROUP OVERLAY INCLUDE EXTERN AT NAME .text " +
  '*(.data) { } ( ) ; , : = += ? + - * / << > & | ! ~ 0x10 64K "quoted" " /* */ /* #if #else #endif #define # ## \\\n \n . a AB F( @ é \0'
).split(" ");

describe("any input to the parser of linker scripts", () => {
  it("is read without throwing: pieces of the language in any order", () => {
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < 500; round++) {
      let text = "";
      for (let i = random(40); i >= 0; i--)
        text += PIECES[random(PIECES.length)]! + (random(3) > 0 ? " " : random(2) ? "\n" : "");
      readInEveryWay(text);
    }
  });

  it("is read without throwing: every beginning of a script", () => {
    const text =
      'ENTRY(s)\n#ifdef A\nMEMORY { r (x) : ORIGIN = 1, LENGTH = 2K }\n#else\nPHDRS { t PT_LOAD FLAGS(4); }\n#endif\nVERSION { V { global: a; extern "C" { b }; local: *; }; }\n' +
      "SECTIONS { . = ALIGN(8); .t (NOLOAD) : AT(1) { KEEP(*(SORT(.a*) EXCLUDE_FILE(x) .b)) BYTE(1) PROVIDE(y = .); M(a, b = 1;) } >r :t =0 OVERLAY : { .o { } } }\n";
    for (let end = 0; end <= text.length; end++) readInEveryWay(text.slice(0, end));
  });

  const deep: readonly (readonly [string, string])[] = [
    ["parentheses", "a = ("],
    ["unary operators", "-"],
    ["conditionals", "1?"],
    ["blocks", "SECTIONS {"],
    ["output sections", ".a : {"],
    ["groups", "GROUP : {"],
    ["overlays", "OVERLAY : { .a {"],
    ["macro calls", "F("],
    ["macro calls as arguments", "F(a, "],
    ["sorts", "SORT("],
    ["input lists", "INPUT(AS_NEEDED("],
    ["headers without braces", ".a :\n"],
    ["headers that lost their braces", ".a : *(.b)\n"],
    ["languages", 'VERSION { { extern "C" {'],
    ["conditions", "#if A\n"],
    ["branches", "#if A\n(\n#else\n"],
  ];
  for (const [what, piece] of deep) {
    it(`may be nested deeply: ${what}`, () => {
      for (const closing of ["", ")", "}"]) readInEveryWay(piece.repeat(2000) + closing.repeat(2000));
      readInEveryWay(`SECTIONS { ${piece.repeat(2000)}`);
    });
  }

  it("may be long without being anything", () => {
    for (const piece of [
      "a",
      " ",
      "a ",
      "A ",
      "A\n",
      "(",
      ")",
      "}",
      ";",
      '"',
      "/*",
      "@",
      "\\\n",
      "a:",
      "#\n",
      "1+",
      "a##",
      "\u00e9",
    ]) {
      readInEveryWay(piece.repeat(10000));
    }
  });
});
