import assert from "node:assert/strict";
import { factsOfC, readFactsOfC } from "../../../server/src/linkage/facts/c-facts.ts";
import type { FileFacts, SymbolFact } from "../../../server/src/linkage/facts/facts.ts";
import { parseC } from "../../../server/src/syntax/c/parser.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

function factsOf(text: string): FileFacts {
  return factsOfC(parseC(sourceOfText(text)));
}

/** "binding role kind name" of each symbol. */
function brief(text: string): string[] {
  return factsOf(text).symbols.map(({ binding, role, kind, name }) => `${binding} ${role} ${kind} ${name}`);
}

function fact(text: string): SymbolFact {
  const [first] = factsOf(text).symbols;
  assert.ok(first);
  return first;
}

describe("inline functions", () => {
  it("are those that say so: _Noreturn alone is none", () => {
    assert.equal(fact("_Noreturn void f(void) {}").isInline, undefined);
    assert.equal(fact("inline void f(void) {}").isInline, true);
  });
});

describe("facts of C", () => {
  const weak = "#define __weak __attribute__((__weak__))\n";
  const cases: Record<string, string | string[]> = {
    "int x;": "strong tentative object x",
    "int x = 3;": "strong definition object x",
    "extern int x;": "strong declaration object x",
    "extern int x = 3;": "strong definition object x",
    "int f(void);": "strong declaration function f",
    "int f(void) {}": "strong definition function f",
    "static int x; static int f(void) {} typedef int t; struct s { int x; };": [],
    "extern int x __attribute__((weak));": "weak declaration object x",
    "extern const void x __attribute__((weak));": "weak declaration object x",
    "int x __attribute__((weak));": "weak tentative object x",
    "int f(void) __attribute__((weak));": "weak declaration function f",
    "__attribute__((weak)) int f(void) {}": "weak definition function f",
    "[[gnu::weak]] int f(void);": "weak declaration function f",
    'int f(void) __attribute__((weak, alias("g")));': "weak alias function f",
    'extern int x __attribute__((alias("y")));': "strong alias object x",
    'static int f(void) __attribute__((weakref("g")));': "weak declaration function g",
    "extern handler_t f;": "strong declaration unknown f",
    "extern const handler_t f;": "strong declaration object f",
    "extern handler_t f[];": "strong declaration object f",
    "handler_t f = g;": "strong definition object f",
    "extern typeof(f) g;": "strong declaration unknown g",
    "extern bool x;": "strong declaration object x",
    "hidden FILE __x = { 0 };": "strong definition object __x",
    "hidden void f(a_t, b_t);": "strong declaration function f",
    "u8 stack VARLOW;": "strong tentative object stack",
    "int vector WEAK;": "strong tentative object vector",
    "STATIC lock_t LOCK;": "strong tentative unknown LOCK",
    "struct s { int x; } PACKED;": [],
    "struct s { int x; } __x, *p;": ["strong tentative object __x", "strong tentative object p"],
    "struct s { int x; } __attribute__((weak)) f(void) {}": "strong definition function f",
    "struct s { int x; } WEAK f(void) {}": "strong definition function f",
    "extern int f(a_t, b_t) WEAK;": "strong declaration function f",
    "int __f(int) ALIAS(g);": "strong declaration function __f",
    "int x ALIGNED(FOUR);": "strong tentative object x",
    "__auto_type x = 3;": "strong definition object x",
    "int f(a_t) ATTRIBUTE(weak);": "weak declaration function f",
    "extern int x ATTRIBUTE(weak);": "weak declaration object x",
    "ZEXTERN int ZEXPORT f OF((a_t *, int));": "strong declaration function f",
    "const char *EXPORT f __P((void)), *g __P((void));": [
      "strong declaration function f",
      "strong declaration function g",
    ],
    "void (*fp)(void);": "strong tentative object fp",
    "int f(void) { extern int x __attribute__((weak)); }": [
      "strong definition function f",
      "weak declaration object x",
    ],
    'int x asm("y");': "strong tentative object y",
    "inline int f(void) {}": "strong definition function f",
    "#pragma weak f": [],
    "#pragma weak f\nstatic int f(void) {}": [],
    "static int f(void);\nint f(void) { return 1; }": [],
    "static int f(void);\nextern int f(void);": [],
    "#ifdef A\nstatic int f(void);\nint f(void) {}\n#endif": [],
    "#ifdef A\nstatic int f(void);\n#endif\nint f(void) {}": "strong definition function f",
    "int f(void) { return 1; }\nstatic int g(int x);": "strong definition function f",
    "#pragma weak f\nvoid *p = f;": ["weak declaration unknown f", "strong definition object p"],
    "#pragma weak f\nint f(void);": "weak declaration function f",
    "int f(void) {}\n#pragma weak f": "weak definition function f",
    "int g(void) {}\n#pragma weak f = g": ["strong definition function g", "weak alias unknown f"],
    '_Pragma("weak f") int f(void);': "weak declaration function f",
  };
  for (const [text, wanted] of Object.entries(cases)) {
    it(text.replace(/\n/g, " ⏎ "), () => assert.deepEqual(brief(text), [wanted].flat()));
  }

  it("takes no keyword of statements for a name, as prose and assembly in headers have them", () => {
    assert.deepEqual(readFactsOfC(sourceOfText("; spilled on return,\nint goto;\n")).symbols, []);
  });

  describe("with annotations that macros define", () => {
    it("resolves what the file itself defines", () => {
      const found = fact(`${weak}extern int x __weak __other;`);
      assert.equal(found.binding, "weak");
      assert.deepEqual(found.words, ["__other"]);
    });

    it("resolves them through one another", () => {
      const text = `${weak}#define my_weak notrace __weak\nextern int x my_weak;`;
      assert.equal(fact(text).binding, "weak");
      assert.deepEqual(fact(text).words, ["notrace"]);
    });

    it("leaves others to the tree's macros, in order", () => {
      assert.deepEqual(fact("extern __init int x __weak __aligned(8);").words, ["__init", "__weak", "__aligned"]);
      assert.equal(fact("extern int x __weak;").binding, "strong");
    });

    it("ends where macros stand for each other", () => {
      assert.equal(fact("#define __a __b\n#define __b __a\nextern int x __a;").name, "x");
    });

    it("takes either of two definitions", () => {
      const text =
        "#ifdef A\n#define W __attribute__((weak))\n#else\n#define W __attribute__((unused))\n#endif\nextern int x W;";
      assert.equal(fact(text).binding, "weak");
    });

    it("puts arguments in the place of parameters", () => {
      const text = [
        "#define __alias(s) __attribute__((__alias__(#s)))",
        "#define __in(s) __attribute__((section(s)))",
        'void f(void) __alias(g) __in(".x");',
      ].join("\n");
      assert.equal(fact(text).role, "alias");
      assert.equal(fact(text).target, "g");
      assert.equal(fact(text).section, ".x");
    });

    it("keeps what an unknown word may alias", () => {
      assert.equal(fact("void f(void) __weak __alias(g);").wordTarget, "g");
      assert.equal(fact("void f(void) __printf(1, 2);").wordTarget, undefined);
    });
  });

  it("tells which macros are weak, which are aliases, and which words a macro stands for", () => {
    const text = [
      "#define W __attribute__((used, __weak__))",
      "#define A(x) __attribute__((alias(#x)))",
      "#define my_init __init __cold",
      "#define N 3",
      "#define same same",
    ].join("\n");
    assert.deepEqual(
      factsOf(text).macros.map(({ name, isWeak, isAlias, words }) => [name, isWeak, isAlias ?? false, words]),
      [
        ["W", true, false, []],
        ["A", false, true, []],
        ["my_init", false, false, ["__init", "__cold"]],
      ],
    );
  });

  it("gives section, visibility, and what the object is", () => {
    const found = fact('extern const char x[] __attribute__((section(".init" ".x"), visibility("hidden")));');
    assert.deepEqual([found.visibility, found.isArray, found.isConst], ["hidden", true, true]);
    assert.equal(fact('int x __attribute__((section(".a")));').section, ".a");
    assert.equal(fact("extern const void x;").isVoid, true);
    assert.equal(fact("extern void *x;").isVoid, undefined);
    assert.equal(fact("extern void *x;").isPointer, true);
    assert.equal(fact("inline int f(void) {}").isInline, true);
  });

  it("has the span of the name, and the condition", () => {
    const text = "#ifdef A\nextern int x;\n#endif\n";
    const found = fact(text);
    assert.equal(text.slice(found.start, found.end), "x");
    assert.equal(found.condition, "defined(A)");
  });

  it("names the exported symbols once each", () => {
    const text =
      "EXPORT_SYMBOL(a);\nEXPORT_SYMBOL_GPL(b)\nEXPORT_SYMBOL_NS(c, NS);\nEXPORT_SYMBOL(a);\nEXPORT_SYMBOL(d##e);\nOTHER(f);";
    assert.deepEqual(factsOf(text).exports, ["a", "b", "c"]);
  });

  it("reads file-scope assembly", () => {
    assert.deepEqual(brief('asm(".globl x\\nx: .long 0\\n.weak y\\n");'), [
      "strong definition unknown x",
      "weak declaration unknown y",
    ]);
  });

  describe("in macros", () => {
    const symbolGet =
      '#define symbol_get(x) ({ extern typeof(x) x __attribute__((weak, visibility("hidden"))); &(x); })';

    it("are patterns where the name depends on a parameter", () => {
      const found = fact(symbolGet);
      assert.deepEqual([found.name, found.inMacro, found.binding, found.scope], ["##x", "symbol_get", "weak", "block"]);
      assert.equal(symbolGet.slice(found.start, found.end), "x");
      assert.equal(fact("#define T(n) extern void test_##n(void) __weak").name, "test_##n");
    });

    it("name the symbol where it does not", () => {
      assert.deepEqual(
        factsOf("#define F(x) ({ extern int y; y + x; })").symbols.map(({ name, inMacro }) => [name, inMacro]),
        [["y", "F"]],
      );
    });
  });

  describe("of symbols with internal linkage", () => {
    const text = 'static int g(void) {}\nstatic int other;\nint f(void) __attribute__((alias("g")));\n';

    it("are left out, but for the targets of aliases", () => {
      assert.deepEqual(brief(text), ["local definition function g", "strong alias function f"]);
    });

    it("are given where they are asked for", () => {
      const { symbols } = factsOfC(parseC(sourceOfText(text)), { includeLocal: true });
      assert.deepEqual(
        symbols.map(({ name }) => name),
        ["g", "other", "f"],
      );
    });
  });

  it("are the same when read for linkage alone", () => {
    const text = [
      weak,
      "static int g(void) { extern int a __weak; return a; }",
      'int f(void) __attribute__((weak, alias("g")));',
      "typedef int t; static struct s { int x; } y; struct z { int a; }; t v __weak;",
      "#ifdef A\nstatic\n#endif\nint split;",
    ].join("\n");
    assert.deepEqual(readFactsOfC(sourceOfText(text)), factsOf(text));
  });
});
