import assert from "node:assert/strict";
import { type FormatOptions, formatLinkerScript } from "../../../server/src/syntax/ld/format.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import type { Span } from "../../../server/src/text/span.ts";
import { parse } from "./script-text.ts";

const BLANKS: FormatOptions = { insertSpaces: true, tabSize: 2 };

function format(text: string, options: FormatOptions = BLANKS, preprocessed = false, range?: Span): string {
  const edits = formatLinkerScript(parse(text, { preprocessed }), options, range);
  const formatted = applyEdits(text, edits);
  assert.ok(formatted !== undefined);
  return formatted;
}

/** Formats, and sees to it that doing so again changes nothing. */
function check(text: string, expected: string, options: FormatOptions = BLANKS, preprocessed = false): void {
  assert.equal(format(text, options, preprocessed), expected);
  assert.equal(format(expected, options, preprocessed), expected);
}

describe("the formatter of linker scripts", () => {
  it("indents by the depth of the braces", () => {
    check(
      "SECTIONS\n{\n. = 1;\n      .text :\n{\n*(.text)\n   }\n}\nMEMORY {\nram : ORIGIN = 0, LENGTH = 1\n}\n",
      "SECTIONS\n{\n  . = 1;\n  .text :\n  {\n    *(.text)\n  }\n}\nMEMORY {\n  ram : ORIGIN = 0, LENGTH = 1\n}\n",
    );
  });

  it("indents by tabs, and aligns the rest by blanks", () => {
    check("SECTIONS {\n  ASSERT(a,\n         b)\n}\n", "SECTIONS {\n\tASSERT(a,\n\t       b)\n}\n", {
      insertSpaces: false,
      tabSize: 8,
    });
  });

  it("moves the further lines of a statement along with its first", () => {
    check("SECTIONS {\n      x = 1 +\n          2;\n}\n", "SECTIONS {\n  x = 1 +\n      2;\n}\n");
  });

  it("moves comments with the code they stand before", () => {
    check(
      "SECTIONS {\n/* one\n * two\n */\n.text : { } /* stays */\n}\n/* end */\n",
      "SECTIONS {\n  /* one\n   * two\n   */\n  .text : { } /* stays */\n}\n/* end */\n",
    );
  });

  it("puts blanks around operators and braces, and takes them from before ; and )", () => {
    check("x = (1+2)*3<<4 ;\ny = a ?b:c;\nz += ( 1 ) ;\n", "x = (1 + 2) * 3 << 4;\ny = a ? b : c;\nz += (1);\n");
    check("SECTIONS { .a : {*(.a)} .b : {}}\n", "SECTIONS { .a : { *(.a) } .b : {} }\n");
  });

  it("keeps names that hold operators", () => {
    check(
      'SECTIONS { .a-b+c : { *(.x-y,.z) a=b } }\nOUTPUT_FORMAT("a","b","c")\n',
      'SECTIONS { .a-b+c : { *(.x-y,.z) a=b } }\nOUTPUT_FORMAT("a", "b", "c")\n',
    );
  });

  it("keeps columns that are aligned within lines", () => {
    const text =
      "SECTIONS {\n  .a      : { *(.a) }\n  .long   : { *(.long) }    :text\n  x       = 1;   /* one */\n}\n";
    check(text, text);
  });

  it("leaves one empty line of several, and none at the end", () => {
    check("a = 1;\n\n\n  \nb = 2;   \n\n\n", "a = 1;\n\nb = 2;\n");
    check("a = 1;", "a = 1;\n");
  });

  it("keeps the ends of lines as they are", () => {
    check("SECTIONS {\r\na = 1; \r\n\r\n\r\n}\r\n", "SECTIONS {\r\n  a = 1;\r\n\r\n}\r\n");
  });

  it("leaves a script with syntax errors alone", () => {
    assert.equal(format("SECTIONS {\n. = ;\n}\n"), "SECTIONS {\n. = ;\n}\n");
  });

  it("formats the lines of a range alone", () => {
    const text = "SECTIONS {\na = 1;\nb = 2;\nc = 3;\n}\n";
    const at = text.indexOf("b");
    assert.equal(format(text, BLANKS, false, { start: at, end: at + 1 }), "SECTIONS {\na = 1;\n  b = 2;\nc = 3;\n}\n");
  });

  it("leaves preprocessor lines and macros' bodies alone", () => {
    const text = "#define X(a)  \\\n\t. = a ;  \\\n  y=1\n#if  A\n  #  define B\n#endif\n";
    check(text, text, BLANKS, true);
  });

  it("formats what is between preprocessor lines", () => {
    check(
      "SECTIONS {\n#ifdef A\n      NOTES :text\n#else\nRO_DATA( 4096,\n         x )\n#endif\n.text : {\nTEXT_TEXT\n}\n}\n",
      "SECTIONS {\n#ifdef A\n  NOTES :text\n#else\n  RO_DATA( 4096,\n           x )\n#endif\n  .text : {\n    TEXT_TEXT\n  }\n}\n",
      BLANKS,
      true,
    );
  });

  it("leaves C and split branches alone", () => {
    const text = "#ifndef __ASSEMBLY__\n   int  x ;\n#endif\nx = 1\n#ifdef A\n  +1 ;\n#else\n    +2 ;\n#endif\n";
    const formatted = format(text, BLANKS, true);
    assert.ok(formatted.includes("   int  x ;\n") && formatted.includes("    +2 ;\n"));
  });
});
