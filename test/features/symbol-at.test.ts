/** Which words under a cursor are symbols that a link sees. */

import assert from "node:assert/strict";
import { symbolAt } from "../../server/src/features/symbol-at.ts";
import { sourceOfText } from "../../server/src/text/source.ts";

/** The symbol at `<|>`, or undefined. */
function at(text: string, path = "a.c"): string | undefined {
  const offset = text.indexOf("<|>");
  assert.ok(offset >= 0);
  return symbolAt(path, sourceOfText(text.replace("<|>", "")), offset)?.text;
}

describe("the symbol at a place", () => {
  for (const [what, text, found] of [
    ["a declaration", "extern int co<|>unt;", "count"],
    ["a definition", "int fi<|>nd(void) { return 1; }", "find"],
    ["a type", "int find(vo<|>id) { return 1; }", undefined],
    ["a use in a body", "int f(void)\n{\n\treturn co<|>unt;\n}", "count"],
    ["a call behind a condition", "int f(void)\n{\n#ifdef A\n\tif (a)\n#endif\n\t\tca<|>ll();\n}", "call"],
    ["an initializer", "int *p = &co<|>unt;", "count"],
    ["a macro's body", "#define COUNT (co<|>unt + 1)", "count"],
    ["a macro's body on lines that go on", "#define COUNT \\\n\t(1 + \\\n\tco<|>unt)", "count"],
    ["an argument of a macro at file scope", "EXPORT_SYMBOL(fi<|>nd);", "find"],
    ["typeof at file scope", "typeof(co<|>unt) other;", "count"],
    ["the end of a name", "extern int count<|>;", "count"],
    ["a local variable", "int f(void)\n{\n\tint co<|>unt = 1;\n\treturn count;\n}", undefined],
    ["a use of a local variable", "int f(void)\n{\n\tint count = 1;\n\treturn co<|>unt;\n}", undefined],
    ["a parameter", "int f(int co<|>unt)\n{\n\treturn count;\n}", undefined],
    ["a use of a parameter", "int f(int count)\n{\n\treturn co<|>unt;\n}", undefined],
    ["a member", "int f(struct s *s)\n{\n\treturn s->co<|>unt;\n}", undefined],
    ["a label", "int f(void)\n{\nco<|>unt:\n\treturn 1;\n}", undefined],
    ["a keyword", "int f(void)\n{\n\tret<|>urn 1;\n}", undefined],
    ["a comment", "/* co<|>unt */\nextern int count;", undefined],
    ["a string", 'int f(void)\n{\n\treturn g("co<|>unt");\n}', undefined],
    ["a macro's parameter", "#define COUNT(count) (co<|>unt + 1)", undefined],
    ["a static function", "static int f(void) { return 1; }\nint g(void)\n{\n\treturn <|>f();\n}", undefined],
    ["#pragma weak", "#pragma weak co<|>unt\nextern int count;", "count"],
    ["another pragma", "#pragma once co<|>unt\nextern int count;", undefined],
    ["a struct's tag", "struct co<|>unt { int x; };", undefined],
  ] as const) {
    it(`${what}: ${found ?? "none"}`, () => assert.equal(at(text), found));
  }

  it("is any word of a linker script and of assembly", () => {
    assert.equal(at("SECTIONS { en<|>d = .; }", "a.lds"), "end");
    assert.equal(at("\tcall fi<|>nd\n", "a.S"), "find");
  });

  it("says what the file says of it there", () => {
    const source = sourceOfText("extern int count __attribute__((weak));");
    const fact = symbolAt("a.c", source, 12)?.fact;
    assert.deepEqual([fact?.role, fact?.binding], ["declaration", "weak"]);
  });

  it("is no parameter of a script's macro", () => {
    assert.equal(at("#define PER_CPU(x) init__##x = ABSOLUTE(<|>x)\n", "a.lds.S"), undefined);
    assert.equal(at("#define PER_CPU(x) init__##x = ABSOLUTE(<|>y)\n", "a.lds.S"), "y");
  });
});
