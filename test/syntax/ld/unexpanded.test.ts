import assert from "node:assert/strict";
import type { LdMacroCall, LdScript } from "../../../server/src/syntax/ld/tree.ts";
import { errorLines, first, kinds, parse, parseWhole, show } from "./script-text.ts";

function unexpanded(text: string): LdScript {
  return parseWhole(text, { preprocessed: true });
}

function shape(text: string): string {
  return kinds(unexpanded(text).statements);
}

describe("linker scripts before the preprocessor", () => {
  it("takes macros for statements, with and without arguments", () => {
    assert.equal(
      shape(
        "SECTIONS {\n NOTES\n RO_DATA(4096)\n ALIGN_FUNCTION();\n .text : { TEXT_TEXT\n KEEP_IT(*(.x)) *(.y) }\n}\n",
      ),
      "sections(macro-call macro-call macro-call empty output-section(macro-call macro-call input-section))",
    );
  });

  it("takes no macro that ends its line for the name of the section on the next", () => {
    assert.equal(
      shape("SECTIONS {\n RO_DATA(4096)\n\n .data : AT(1) { }\n PROLOGUE(a)\n {\n }\n HEAD(b) : { }\n}\n"),
      "sections(macro-call output-section() output-section() output-section())",
    );
  });

  it("reads macros in expressions and as names", () => {
    const script = unexpanded(
      "x = LOAD_OFFSET + ALIGN_UP(a + 1, 8) * 2;\nENTRY(SYMBOL(start))\ny = SIZEOF(SECTION(a));\n",
    );
    const assignment = first(script, "assignment");
    assert.equal(show(assignment.value), "[LOAD_OFFSET + [macro ALIGN_UP * 2]]");
    assert.equal(first(script, "command").arguments[0]?.text, "SYMBOL(start)");
  });

  it("reads arguments as expressions, statements or nothing", () => {
    const call = first(unexpanded("MACRO(a + 1, x = 1; y = 2;, , *(.text), :phdr)\n"), "macro-call") as LdMacroCall;
    assert.deepEqual(
      call.arguments?.map(({ expression, statements }) => (expression ? show(expression) : kinds(statements))),
      ["[a + 1]", "assignment assignment", "", "input-section", "invalid"],
    );
  });

  it("reads headers of output sections with macros in them", () => {
    const script = unexpanded("SECTIONS {\n section addr : AT(LOAD(section)) ATTRIBUTES { *(section) } trailing\n}\n");
    const section = first(script, "output-section");
    assert.equal(section.name.text, "section");
    assert.equal(show(section.address), "addr");
    assert.equal(kinds(first(script, "sections").statements), "output-section(input-section) macro-call");
  });

  it("reads segments behind macros", () => {
    const call = first(
      unexpanded("SECTIONS {\n NOTES :text :note\n INIT(8)\n#ifdef A\n :init\n#endif\n .x : { }\n}\n"),
      "macro-call",
    );
    assert.deepEqual(
      call.trailer?.segments.map((name) => name.text),
      ["text", "note"],
    );
  });

  it("reads a block behind a macro that stands for a header", () => {
    const script = unexpanded("SECTIONS {\n PROLOGUE(.text,,)\n {\n  a = .;\n } GROUP_LINK_IN(ROM)\n}\n");
    assert.equal(kinds(first(script, "sections").statements), "output-section(assignment) macro-call");
  });

  it("reads macros' bodies over continued lines", () => {
    const script = unexpanded(
      "#define DATA(align)\t\\\n\t. = ALIGN(align);\t/* here */ \\\n\t.data : AT(ADDR(.data) - OFFSET) {\t\\\n\t\t__start_##align = .; \\\n\t\tMORE\t\\\n\t} :text\n",
    );
    const [macro] = script.macros;
    assert.equal(macro?.name, "DATA");
    assert.deepEqual(macro?.parameters, ["align"]);
    assert.equal(kinds(macro!.body.statements), "assignment output-section(assignment macro-call)");
  });

  it("reads bodies that are expressions, or neither", () => {
    const script = unexpanded(
      "#define OFFSET (BASE - 4)\n#define MAIN .text .text.[0-9a-z]*\n#define PH :text :note\n#define NONE\n",
    );
    assert.deepEqual(
      script.macros.map(({ body }) => (body.expression ? show(body.expression) : body.statements.length > 0)),
      ["([BASE - 4])", true, true, false],
    );
    assert.deepEqual(errorLines(script), []);
  });

  it("pastes names", () => {
    const script = unexpanded("#define T(n) __start_ ## n = .; KEEP(*(.init.##n)) *(.cpu##n.data)\n");
    assert.deepEqual(
      script.uses.filter((use) => use.isDefinition).map((use) => use.text),
      ["__start_##n"],
    );
    assert.equal(kinds(script.macros[0]!.body.statements), "assignment input-section input-section");
  });

  it("follows the first branch where #else splits a statement, and keeps the other", () => {
    const script = unexpanded(
      'ASSERT(SIZEOF(.got) == 0 ||\n#ifdef A\n SIZEOF(.got) == 0x18,\n#else\n SIZEOF(.got) == 0xc,\n#endif\n "no entries")\nx = 1;\n',
    );
    assert.equal(kinds(script.statements), "assert assignment");
    assert.equal(script.branches.length, 1);
    assert.equal(first(script, "assert").message?.text, "no entries");
  });

  it("reads branches in turn where they hold whole statements", () => {
    const script = unexpanded(
      "SECTIONS {\n#ifdef A\n .a : { }\n#else\n .b : { }\n#endif\n}\nPHDRS {\n#if A\n t PT_LOAD;\n#else\n t PT_LOAD FLAGS(5);\n#endif\n}\n",
    );
    assert.equal(kinds(script.statements), "sections(output-section() output-section()) segments");
    assert.deepEqual(script.branches, []);
  });

  it("finds the headers it includes", () => {
    const { headers } = unexpanded('#include <asm/a.h>\n# include "b.h" /* x */\n#include MACRO\n');
    assert.deepEqual(
      headers.map(({ path, angled }) => [path, angled]),
      [
        ["asm/a.h", true],
        ["b.h", false],
        ["MACRO", false],
      ],
    );
  });

  it("takes what C holds for nothing", () => {
    assert.equal(
      shape(
        '#if !defined(__ASSEMBLY__) && defined(B)\nstruct s { int a; };\n#endif\n#ifdef __cplusplus\nextern "C" {\n#endif\nx = 1;\n',
      ),
      "assignment",
    );
  });

  it("still reports what no macro can mend", () => {
    assert.deepEqual(
      errorLines(parse("SECTIONS {\n . = ;\n x = a +;\n .text : { *(.text) }\n}\n", { preprocessed: true })).map(
        (line) => line.split(" ")[0],
      ),
      ["2:6", "3:9"],
    );
    assert.equal(parse("SECTIONS {\n .text : {\n", { preprocessed: true }).errors.length, 1);
  });

  it("does not report what a macro may mend", () => {
    unexpanded("x = a SOME_TAIL\nSECTIONS {\n y = HEAD b;\n}\n");
  });
});
