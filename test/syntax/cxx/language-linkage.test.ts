import assert from "node:assert/strict";
import { readFacts } from "../../../server/src/linkage/facts/extract.ts";
import { languageLinkageOf } from "../../../server/src/syntax/cxx/language-linkage.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

/** The text that is left for the reader of C, without blanks at the ends of lines and empty lines. */
function keptOf(text: string): string {
  const { c } = languageLinkageOf(sourceOfText(text));
  assert.equal(c.length, text.length);
  return c
    .slice(0, c.length)
    .replace(/[ \t]+$/gm, "")
    .replace(/\n+/g, "\n")
    .trim();
}

function mangledOf(text: string): string[] {
  return languageLinkageOf(sourceOfText(text)).mangled.map(({ name }) => name);
}

describe("C linkage in C++", () => {
  it("is that of declarations within extern C, whose bodies are of no interest", () => {
    assert.equal(
      keptOf('extern "C" {\nvoid f(void) { g<int>(1); }\nint x;\n}\nvoid g();\n'),
      "void f(void) {            }\nint x;",
    );
  });

  it("is that of one declaration, which without braces only declares an object", () => {
    assert.equal(keptOf('extern "C" void f() noexcept {}\n'), "extern     void f() noexcept {}");
    assert.equal(keptOf('extern "C" int x;\n'), "extern     int x;");
  });

  it("is that of names within namespaces too, and ends with extern C++", () => {
    assert.equal(
      keptOf('namespace a::b { extern "C" { int x; extern "C++" { int y; } } int z; }\n').replace(/ +/g, " "),
      "int x;",
    );
  });

  it("leaves the preprocessor's lines as they are", () => {
    const text = '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n#ifdef __cplusplus\n}\n#endif\n';
    assert.equal(keptOf(text), "#ifdef __cplusplus\n#endif\nint f(void);\n#ifdef __cplusplus\n#endif");
  });

  it("is not that of types, templates' bodies, or what stands in comments and strings", () => {
    const text =
      'extern "C" { struct s : t { int m() { return 1; } }; }\n// extern "C" { int x; }\nauto r = R"x(extern "C" { int y; })x";\n';
    assert.equal(keptOf(text), "");
  });

  it("has initializers left out, whatever language they are in", () => {
    assert.equal(keptOf('extern "C" { int t[] = { 1\'000, f<2>() }; }\n').replace(/ +/g, " "), "int t[] = ;");
  });

  it("is not that of constants, which are internal unless extern says otherwise", () => {
    assert.equal(
      keptOf(
        'extern "C" { const int a = 1; constexpr int b = 2; const char *c = 0; extern const int d = 3; }\n',
      ).replace(/ +/g, " "),
      "const char *c = ; extern const int d = ;",
    );
    assert.equal(keptOf('extern "C" const int e = 1;\n').replace(/ +/g, " "), "extern const int e = ;");
  });

  it("is missing of functions beside it; members, templates and operators are none of them", () => {
    const text =
      "void handler() {}\nstatic int s() { return 0; }\nvoid C::member() {}\ntemplate <class T> void t(T) {}\nint operator+(A, B) { return 0; }\nnamespace n { void inner() {} }\nvoid declared();\n";
    assert.deepEqual(mangledOf(text), ["handler", "s", "inner"]);
  });

  it("is read to the end of broken texts", () => {
    for (const text of ['extern "C" {', "void f() {", "}}}", 'extern "C"', 'R"(', "namespace", "'"]) keptOf(text);
    const deep = 'extern "C" { '.repeat(20_000);
    assert.equal(keptOf(deep), "");
  });

  it("gives the file's definitions as facts, at their places", () => {
    const text =
      'int outside;\nextern "C" {\n#ifdef A\nvoid __attribute__((weak)) f(void) {}\n#endif\nvoid declared(void);\ninline void i(void) {}\n}\n';
    const { language, symbols } = readFacts("a.cpp", sourceOfText(text));
    assert.equal(language, "other");
    assert.deepEqual(
      symbols.map(({ name, role, binding, condition, start }) => [
        name,
        role,
        binding,
        condition,
        text.slice(start, start + 1),
      ]),
      [["f", "definition", "weak", "defined(A)", "f"]],
    );
  });
});
