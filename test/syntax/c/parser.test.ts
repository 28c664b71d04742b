import assert from "node:assert/strict";
import { declared, names, parse, textOf } from "./read.ts";

/** Each text with what it declares. */
function cases(table: Record<string, string | string[]>): void {
  for (const [text, wanted] of Object.entries(table)) {
    it(text.replace(/\s+/g, " ").trim(), () => assert.deepEqual(declared(text), [wanted].flat()));
  }
}

describe("declarations in C", () => {
  describe("storage, shape and value", () => {
    cases({
      "int x;": "x plain",
      "extern int x;": "extern x plain",
      "static int x = 3;": "static x plain initialized",
      "int x = f(1, 2), y;": ["x plain initialized", "y plain"],
      "int a[3][4], *b, *c[2], (*d)[2];": ["a array", "b pointer", "c array", "d pointer"],
      "int f(void);": "f function",
      "int f(void) { return g(); }": "f function body",
      "static inline int f(void) { return 0; }": "static f function inline body",
      "char **argv;": "argv pointer",
      "struct s { int member; } x = { .member = 1 }, *p;": ["x plain initialized", "p pointer"],
      "enum { A, B = 2 } e;": "e plain",
      "struct s *f(struct t *t) { return 0; }": "f function body",
      "typedef int number;": "typedef number plain",
      "unsigned long long x;": "x plain",
      "_Atomic(int) x;": "x plain",
      "typeof(y) x;": "x plain",
      "_Thread_local int x;": "x plain",
      "__extension__ int x;": "x plain",
      "int bits : 3, other : WIDTH;": ["bits plain", "other plain"],
      "extern foo;": "extern foo plain",
      "main() { return 0; }": "main function body",
      "int f(a, b) int a; char *b; { return a; } int x;": ["f function body", "x plain"],
    });
  });

  describe("const", () => {
    cases({
      "const int x;": "x plain const",
      "int const x;": "x plain const",
      "const char *x;": "x pointer",
      "char *const x;": "x pointer const",
      "const char *const x;": "x pointer const",
      "const char x[] = {};": "x array const initialized",
      "const char *x[2];": "x array",
      "const char *const x[2];": "x array const",
      "const int f(void);": "f function",
      "const int a, *b;": ["a plain const", "b pointer"],
      "int (*const fp)(const int) = g;": "fp pointer const initialized",
    });
  });

  describe("declarators in parentheses", () => {
    cases({
      "void (*fp)(void);": "fp pointer",
      "void __weak (*fp)(void);": "fp pointer",
      "int (*table[3])(int);": "table array",
      "int (*f(int a))(void) { return 0; }": "f function body",
      "int (f)(void);": "f function",
      "foo_t (f)(void);": "f function",
      "void (__rcu *fp)(void);": "fp pointer",
      "void (*(*f)(int))(char);": "f pointer",
    });
  });

  describe("names among words that macros define", () => {
    cases({
      "int __weak x;": "x plain",
      "int x __weak;": "x plain",
      "extern const void __start_notes __weak;": "extern __start_notes plain const",
      "extern char __weak __start_BTF[];": "extern __start_BTF array",
      "extern __weak ptrdiff_t __rseq_offset;": "extern __rseq_offset plain",
      "foo_t x;": "x plain",
      "foo_t __x;": "__x plain",
      "__u32 x;": "x plain",
      "__init foo_t f(void) {}": "f function body",
      "asmlinkage __visible void __init f(void) {}": "f function body",
      'u64 __section(".rodata") x __aligned(8) = 3;': "x plain initialized",
      "__printf(1, 2) void f(const char *, ...);": "f function",
      "void f(const char *, ...) __printf(1, 2);": "f function",
      "void __f(bool) __must_hold(lock);": "__f function",
      "int f(struct s *s) __acquires(s->lock) { return 0; }": "f function body",
      "noinline foo_t *f(int n) {}": "f function body",
      "struct s { int a; } __packed;": [],
      "struct s { int a; } __aligned(8) __packed;": [],
      "struct { int a; } x __packed;": "x plain",
      "unsigned int __bootdata(x) = 3;": [],
      "#define VALUE = 3\nenum e x VALUE;": "x plain",
    });
  });

  describe("what stands in blocks", () => {
    cases({
      "int f(void) { extern int x; return x; }": ["f function body", "extern x plain block"],
      "int f(void) { int x; extern_like(x); externs = 1; }": "f function body",
      "static int f(void) { if (1) { extern int g(void) __weak; } }": [
        "static f function body",
        "extern g function block",
      ],
      "int x = ({ extern int y; y; });": ["x plain initialized", "extern y plain block"],
      'int f(void) { /* extern int a; */ g("extern int b;"); } // extern int c;': "f function body",
    });
  });

  describe("C++ linkage blocks", () => {
    cases({
      'extern "C" {\nint f(void);\n}\nint x;': ["f function", "x plain"],
      'extern "C" int f(void);': "extern f function",
      '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n#ifdef __cplusplus\n}\n#endif\nint x;': [
        "f function",
        "x plain",
      ],
    });
  });

  describe("splices and comments", () => {
    cases({
      "ext\\\nern int x\\\ny;": "extern xy plain",
      "int /* a; b */ x /* , y */; // int z;": "x plain",
      "int x; // continued \\\nint y;\nint z;": ["x plain", "z plain"],
      "char *s = \"a;\\\"b;\", c = '\"', d = '\\'';": [
        "s pointer initialized",
        "c plain initialized",
        "d plain initialized",
      ],
      "int x = 1'000'000; int y;": ["x plain initialized", "y plain"],
      "int x;\r\nint y;\r\n": ["x plain", "y plain"],
    });
  });

  it("gives the spans of a declaration's parts", () => {
    const text = "extern const char *const table[N][4] __weak;";
    const [declaration] = parse(text).declarations;
    const [declarator] = declaration!.declarators;
    assert.equal(textOf(text, declaration), text);
    assert.equal(textOf(text, declaration!.storageSpan), "extern");
    assert.equal(textOf(text, declaration!.specifiers), "extern const char");
    assert.equal(textOf(text, declarator), "*const table[N][4] __weak");
    assert.equal(textOf(text, declarator!.nameSpan), "table");
    assert.deepEqual(
      declarator!.bounds.map((bound) => textOf(text, bound)),
      ["N", "4"],
    );
  });

  it("gives the spans of a function's parts", () => {
    const text = "int f(int a,\n      char *b)\n{\n\treturn a;\n}\n";
    const [declaration] = parse(text).declarations;
    assert.equal(textOf(text, declaration!.declarators[0]!.parameters), "(int a,\n      char *b)");
    assert.equal(textOf(text, declaration!.body), "{\n\treturn a;\n}");
  });

  it("gives the initializer without its blanks", () => {
    const text = "int x =  { 1, 2 } , y=3;";
    const { declarators } = parse(text).declarations[0]!;
    assert.deepEqual(
      declarators.map((declarator) => textOf(text, declarator.initializer)),
      ["{ 1, 2 }", "3"],
    );
  });

  it("joins the type's tokens without storage class and annotations", () => {
    const typeOf = (text: string) => parse(text).declarations[0]!.type;
    assert.equal(typeOf("extern  const  unsigned\n long __weak x;"), "const unsigned long");
    assert.equal(typeOf("struct s { int a; } x;"), "struct s");
    assert.equal(typeOf("static __init foo_t f(void);"), "foo_t");
    assert.equal(typeOf("extern typeof(a + b) x;"), "typeof(a + b)");
  });

  it("knows which types are of objects for sure", () => {
    const isObject = (text: string) => parse(text).declarations[0]!.isObjectType;
    assert.equal(isObject("extern unsigned x;"), true);
    assert.equal(isObject("extern struct s x;"), true);
    assert.equal(isObject("extern u64 x;"), true);
    assert.equal(isObject("extern handler_t x;"), false);
    assert.equal(isObject("extern typeof(f) x;"), false);
  });

  it("reads an asm label as the symbol's name", () => {
    assert.equal(parse('int x __asm__("other" "_x");').declarations[0]!.declarators[0]!.asmName, "other_x");
  });

  it("declares no symbol in a register", () => {
    assert.deepEqual(names('register unsigned long sp asm("rsp");'), []);
  });

  it("reads file-scope asm as its text", () => {
    const [asm] = parse('asm(".weak x\\n" /* … */\n    "x:\\t.long 0" );').asms;
    assert.equal(asm!.text, ".weak x\nx:\t.long 0");
  });
});

describe("macro calls at file scope", () => {
  const calls = (text: string) => parse(text).calls.map((call) => `${call.name}(${textOf(text, call.arguments)})`);

  it("are no declarations", () => {
    const text = "EXPORT_SYMBOL(x);\nDECLARE_BITMAP(map, 3);\nSYSCALL_DEFINE1(close, int, fd) { return 0; }";
    assert.deepEqual(names(text), []);
    assert.deepEqual(calls(text), ["EXPORT_SYMBOL(x)", "DECLARE_BITMAP(map, 3)", "SYSCALL_DEFINE1(close, int, fd)"]);
  });

  it("may lack their semicolon", () => {
    const text = "EXPORT_SYMBOL(f)\nint g(void) {}\nmodule_init(g)\nMODULE(a)\nstatic int x;\nLAST(b)";
    assert.deepEqual(names(text), ["g", "x"]);
    assert.deepEqual(calls(text), ["EXPORT_SYMBOL(f)", "module_init(g)", "MODULE(a)", "LAST(b)"]);
  });

  it("have a body", () => {
    const text = "TEST(name)\n{\n\tcheck();\n}\nint x;";
    assert.equal(textOf(text, parse(text).calls[0]!.body), "{\n\tcheck();\n}");
    assert.deepEqual(names(text), ["x"]);
  });

  it("stand for names that only the preprocessor knows", () => {
    const text = "int FNAME(walk)(struct s *s) { return 0; }";
    assert.deepEqual(names(text), []);
    assert.deepEqual(calls(text), ["FNAME(walk)"]);
  });

  it("are left out where they are static", () => {
    assert.deepEqual(calls("static DEFINE_MUTEX(lock);"), []);
  });

  it("may have an initializer", () => {
    assert.deepEqual(calls("DEFINE_PER_CPU(int, x) = 3;\nint y;"), ["DEFINE_PER_CPU(int, x)"]);
  });
});

describe("half-typed C", () => {
  it("keeps the declaration behind a missing semicolon", () => {
    assert.deepEqual(declared("int f(void)\nextern int x;"), ["f function", "extern x plain"]);
    assert.deepEqual(declared("int f(void)\nint g(void) {}"), ["f function split", "g function body"]);
  });

  it("keeps what stands before a missing closing bracket, and most behind it", () => {
    assert.deepEqual(names("int a;\nint f(int x;\nint b;\nint c;"), ["a", "f", "b", "c"]);
    assert.deepEqual(names("int a;\nint f(void) { if (x) {\n}\nint b;\nint c;"), ["a", "f", "b", "c"]);
    assert.deepEqual(names("int a[] = { 1, 2;\nint b;"), ["a", "b"]);
  });

  it("marks what it did not understand, so that no fix touches it", () => {
    assert.equal(parse("int x ! 3;").declarations[0]!.isSplit, true);
  });

  it("takes an unterminated string for its line", () => {
    assert.deepEqual(names('char *a = "open;\n;int b;'), ["a", "b"]);
  });

  it("takes an unterminated comment for the rest", () => {
    assert.deepEqual(names("int a; /* int b;"), ["a"]);
  });

  it("reads an empty file, and one of blanks", () => {
    assert.deepEqual(names(""), []);
    assert.deepEqual(names(" \n\t\n"), []);
  });
});

describe("the name among macros in capitals", () => {
  for (const [text, expected] of [
    ["struct queue { int x; } PACKED __aligned(32);", []],
    ["struct queue { int x; } PACKED ALIGNED(32);", []],
    ["struct queue { int x; } PACKED QUEUE;", ["QUEUE"]],
    ["struct queue { int x; } PACKED __queue(struct queue q) { return q; }", ["__queue"]],
    ["struct queue { int x; } PACKED queue;", ["queue"]],
    ["struct queue { int x; } __packed PACKED, *Q;", ["PACKED", "Q"]],
    ["struct header HEADER __aligned(16) IN_ROM = { 1 };", ["HEADER"]],
    ["struct header IN_ROM HEADER __aligned(16) = { 1 };", ["HEADER"]],
    ['char TEXT[] __aligned(2) IN_ROM = "x";', ["TEXT"]],
    ["struct header IN_ROM HEADER = { 1 };", ["HEADER"]],
  ] as const) {
    it(`of ${text}`, () => {
      assert.deepEqual(names(text), expected);
    });
  }
});

describe("an old-style definition", () => {
  for (const text of [
    "int take(bytes) size_t bytes; { return 0; }",
    "int take(bytes, at) size_t bytes; char *at; { return 0; }",
    "int take(at, bytes) char *at; size_t bytes; { return 0; }",
    "int take(bytes) size_t *bytes; { return 0; }",
  ]) {
    it(`is one of a function: ${text}`, () => {
      assert.deepEqual(declared(text), ["take function body"]);
    });
  }

  for (const [first, second] of [
    ["int take(size_t bytes)", "int take(bytes) size_t bytes;"],
    ["int take(int a, char *b)", "int take(a, b) int a; char *b;"],
  ] as const) {
    it(`shares its body with another #if branch: ${first}`, () => {
      const found = declared(`#if A\n${first}\n#else\n${second}\n#endif\n{ return 0; }\nint g;\n`);
      assert.deepEqual(found, ["take function body split", "take function body split", "g plain"]);
    });
  }
});
