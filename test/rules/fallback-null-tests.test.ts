/** Which uses of a symbol a fallback may answer, and which it would change. Every refusal here was an edit once. */

import assert from "node:assert/strict";
import { files, fixesOf, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";

const PASSED_ON = /passed on at a\.c|NULL test at a\.c:\d+ decides/;
const NOT_UNDERSTOOD = /NULL test at a\.c:\d+ is not understood/;

/** A file whose object is used in one line. */
function withObject(line: string): string {
  return `//- /a.c\nextern char table[] __attribute__((weak));\nint i;\n${line}\n`;
}

/** A file whose function is used in one line. */
function withFunction(line: string, result = "int"): string {
  return `//- /a.c\nextern ${result} f(int) __attribute__((weak));\nvoid g(void);\n${line}\n`;
}

describe("an object's address in disguise", () => {
  const refused: readonly (readonly [string, string])[] = [
    ["the first element's, tested", "int t(void) { return &table[0] ? 1 : 0; }"],
    ["the first element's, kept", "char *t(void) { return &table[0]; }"],
    ["its own with nothing added", "char *t(void) { return table + 0; }"],
    ["what it points to, taken the address of", "char *t(void) { return &*table; }"],
    ["any element's, negated", "int t(void) { return !&table[i]; }"],
    ["any element's, compared", "int t(void) { return &table[i] == (void *)0; }"],
    ["a sum, taken for a truth value", "int t(void) { return (table + i) ? 1 : 0; }"],
    ["any element's, in an if", "int t(void) { if (&table[i]) return 1; return 0; }"],
  ];
  for (const [what, line] of refused) {
    it(`is refused: ${what}`, () => assert.match(refusalOf(withObject(line), "table"), PASSED_ON));
  }

  it("is refused: the first row of an array of arrays", () => {
    const tree = `//- /a.c
extern int table[][4] __attribute__((weak));
int *t(void) { return table[0]; }
`;
    assert.match(refusalOf(tree, "table"), PASSED_ON);
  });

  it("is none where an element is looked at, or found by its index", () => {
    const line =
      "char t(int n) { char c = table[0] & table[1]; char *p = &table[n]; return c && table[2] ? *p : p[1]; }";
    assert.ok(fixSymbol(files(withObject(line)), "table").has("a_weak.c"));
  });
});

describe("a weak reference that no fix can edit", () => {
  it("says so where it stands in assembly", () => {
    const tree =
      "//- /a.c\nextern int f(void) __attribute__((weak));\nint t(void) { return f(); }\n//- /b.S\n\t.weak f\n\tcall f\n";
    assert.match(refusalOf(tree, "f"), /b\.S refers to 'f' weakly in assembly/);
  });

  it("says so where a macro makes it", () => {
    const tree = "//- /a.h\n#define GET(x) ({ extern typeof(x) x __attribute__((weak)); &(x); })\n";
    assert.match(refusalOf(tree, "##x"), /a macro makes the declaration/);
  });
});

describe("a scalar's value", () => {
  it("is no address, whatever is added to it and compared", () => {
    const tree =
      "//- /a.c\nextern int level __attribute__((weak));\nint t(void) { return level + 0 ? level + 1 == 2 : !level; }\n";
    assert.ok(fixSymbol(files(tree), "level").has("a_weak.c"));
  });
});

describe("a function's NULL test", () => {
  const refused: readonly (readonly [string, string])[] = [
    [
      "an else that would take in the next statement",
      "int t(int y) { if (y) g(); else if (!f) return -1; return f(1); }",
    ],
    ["a loop's body", "int t(int y) { for (; y--; ) if (f) return f(1); return -1; }"],
    ["an argument behind a pointer", "int t(int *p) { return f ? f(*p) : -1; }"],
    ["an argument within an object", "int t(struct s *p) { return f ? f(p->n) : -1; }"],
    ["an argument that divides", "int t(int y) { return f ? f(1 / y) : -1; }"],
  ];
  for (const [what, line] of refused) {
    it(`is refused: ${what}`, () => assert.match(refusalOf(withFunction(line), "f"), NOT_UNDERSTOOD));
  }

  it("is refused where a bare return ends a loop that would go on", () => {
    const tree = withFunction("void t(int y) { while (y--) { if (!f) return; f(y); } g(); }", "void");
    assert.match(refusalOf(tree, "f"), NOT_UNDERSTOOD);
  });

  it("goes where a bare return stands before the last call of a function", () => {
    const after = fixSymbol(files(withFunction("void t(int y) { if (!f) return; f(y); }", "void")), "f");
    assert.match(after.get("a.c")!, /void t\(int y\) \{ f\(y\); \}/);
  });

  it("goes behind a label and behind a block", () => {
    const line = "int t(int y) { if (y) { g(); } if (!f) return -1; return f(1); }";
    assert.match(fixSymbol(files(withFunction(line)), "f").get("a.c")!, /\} return f\(1\); \}/);
  });

  const unfit: readonly (readonly [string, string])[] = [
    ["unsigned char", "-1"],
    ["unsigned int", "-1"],
    ["_Bool", "2"],
    ["signed char", "-ENOSYS"],
    ["some_type", "-1"],
    ["char *", "1"],
  ];
  for (const [type, constant] of unfit) {
    it(`is refused where ${type} may not hold ${constant}`, () => {
      const tree = withFunction(`long t(void) { if (f) return f(1); return ${constant}; }`, type);
      assert.match(
        refusalOf(tree, "f"),
        new RegExp(`stands for ${constant}, which a fallback may not be able to return`),
      );
    });
  }

  it("may stand for different results where the function is always there", () => {
    const after = fixSymbol(
      files(`//- /a.c
extern int f(int) __attribute__((weak));
int t(void) { return f ? f(1) : -1; }
int u(void) { return f ? f(2) : 0; }
//- /b.c
int f(int n) { return n; }
`),
      "f",
    );
    assert.match(after.get("a.c")!, /return f\(1\); \}\n.*return f\(2\); \}/);
  });
});

describe("a function that is called without a test", () => {
  const fixOf = (line: string) => fixesOf(loadFixture(files(withFunction(line))), "f")[0]!;

  it("gets a fix whose title says what its calls come to, and which nothing applies by itself", () => {
    const fix = fixOf("int t(void) { return f(1); }");
    assert.match(fix.title, /: calls that nothing guards do nothing where it is missing$/);
    assert.equal(fix.isPreferred, false);
  });

  it("is no cause for caution where a test guards it", () => {
    const fix = fixOf("int t(void) { return f ? f(1) : 0; }");
    assert.doesNotMatch(fix.title, /guards/);
    assert.match(fix.title, /strong, with a weak fallback definition in \S+ \(add \S+ to your build\)$/);
  });
});

describe("a macro around the name of an object", () => {
  function withMacro(define: string): string {
    return `//- /a.c\nextern int limit __attribute__((weak));\n${define}\nint t(void) { return HAVE(limit) ? 1 : 2; }\n`;
  }

  const refused: readonly (readonly [string, string])[] = [
    ["compares its address", "#define HAVE(x) (&(x) != 0)"],
    ["asks for its address's truth", "#define HAVE(x) (&x ? 1 : 0)"],
    ["negates its address twice", "#define HAVE(x) (!!&(x))"],
    ["hands it to one that does", "#define IS_THERE(y) (&(y) != 0)\n#define HAVE(x) IS_THERE(x)"],
  ];
  for (const [what, define] of refused) {
    it(`is refused where it ${what}`, () => assert.match(refusalOf(withMacro(define), "limit"), PASSED_ON));
  }

  for (const define of [
    "#define HAVE(x) (*(volatile int *)&(x))",
    "#define HAVE(x) (*(volatile int *)&(x) == 3)",
    "#define HAVE(x) ((x) && (x) < 3)",
  ]) {
    it(`is none of its business: ${define}`, () => {
      assert.ok(fixSymbol(files(withMacro(define)), "limit").has("a_weak.c"));
    });
  }
});

describe("a test with lines of the preprocessor in it", () => {
  for (const line of [
    "void t(void)\n{\n\tif (f)\n#ifdef A\n\t\tf(1);\n#endif\n\tg();\n}",
    "void t(void)\n{\n\tif (f)\n#ifdef A\n\t\tf(1);\n#else\n\t\tf(2);\n#endif\n\tg();\n}",
    "int t(void)\n{\n\tif (!f)\n#ifdef A\n\t\treturn 0;\n#else\n\t\treturn 1;\n#endif\n\treturn f(1);\n}",
  ]) {
    it(`is not understood: ${line.replaceAll(/\s+/g, " ")}`, () => {
      assert.match(refusalOf(withFunction(line), "f"), NOT_UNDERSTOOD);
    });
  }
});

describe("an assertion in the else of an if within an if", () => {
  it("stays where its going would give the outer else to the inner if", () => {
    const line = "void t(int a) { if (a) if (a > 1) g(); else BUG_ON(!f); else f(1); }";
    assert.match(refusalOf(withFunction(line), "f"), /not a statement of its own/);
  });
});

describe("a header for C++ as well", () => {
  const tree = `//- /a.h
#ifdef __cplusplus
extern "C" {
#endif
extern void f(int) __attribute__((weak));
#ifdef __cplusplus
}
#endif
//- /a.c
#include "a.h"
void t(void)
{
	if (f)
		f(1);
}
`;
  it("has a fix where no file of C++ has the word, and none where one has", () => {
    const [fix] = fixesOf(loadFixture(files(tree)), "f");
    assert.doesNotMatch(fix?.title ?? "", /C\+\+/);
    assert.match(
      refusalOf(`${tree}//- /b.cpp\n#include "a.h"\nvoid g() { f(2); }\n`, "f"),
      /^b\.cpp, in a language that is not read/,
    );
  });
});

describe("arguments that are evaluated whether the function is there or not", () => {
  const test = (argument: string) => `int limit;\nvoid t(int n) { if (f) f(${argument}); }`;

  for (const [argument, before] of [
    ["depth", "extern int depth __attribute__((weak));"],
    ["NEXT", "int last;\n#define NEXT last++"],
    ["NEXT", "int *last;\n#define NEXT \\\n\t(*last)"],
    ["NEXT", "int next(void);\n#define NEXT next()"],
  ] as const) {
    it(`are no matter of looking at a value alone: ${before.replaceAll(/\s+/g, " ")}`, () => {
      assert.match(refusalOf(withFunction(`${before}\n${test(argument)}`), "f"), NOT_UNDERSTOOD);
    });
  }

  for (const [argument, before] of [
    ["LIMIT | n", "#define LIMIT (1 << 3) /* next() */"],
    ["limit", "int unused;"],
  ] as const) {
    it(`are looked at: ${argument} beside ${before}`, () => {
      const after = fixSymbol(files(withFunction(`${before}\n${test(argument)}`)), "f");
      assert.ok(after.get("a.c")!.includes(`{ f(${argument}); }`));
    });
  }
});

describe("a use that may be out of sight", () => {
  it("is refused where a user includes what is no C by its name", () => {
    const tree = withFunction('#include "part.inc"\nvoid t(void) { if (f) f(1); }');
    assert.match(refusalOf(tree, "f"), /a\.c includes part\.inc, which may use 'f' and is not read/);
  });

  it("is found in a source that a generator wrote", () => {
    const tree = `${withFunction("int t(void) { return f(1); }")}//- /b.c_shipped
extern int f(int);
int u(void) { return !f; }
`;
    assert.match(refusalOf(tree, "f"), /the NULL test at b\.c_shipped:2 is not understood/);
  });
});

describe("a test that only measures", () => {
  it("is taken out of an array's bound in a type's name", () => {
    const line = "int t(void) { return sizeof(char[sizeof(f ? f(1) : 0)]); }";
    const after = fixSymbol(files(withFunction(line, "short")), "f").get("a.c");
    assert.match(after!, /sizeof\(char\[sizeof\(\(int\)f\(1\)\)\]\)/);
  });

  for (const line of [
    "char bytes[sizeof(f ? f(1) : 0)];",
    "struct s { char a[sizeof(f ? f(1) : 0)]; };",
    "enum { SIZE = sizeof(f ? f(1) : 0) };",
    '_Static_assert(sizeof(f ? f(1) : 0) == 4, "");',
    "int g1(char a[sizeof(f ? f(1) : 0)]);",
    "int t(void) { struct { char a[sizeof(f ? f(1) : 0)]; } s; return sizeof(s); }",
    "int t(void) { struct s { int b : sizeof(f ? f(1) : 0); } s; return s.b; }",
    "int t(void) { int x __attribute__((aligned(sizeof(f ? f(1) : 0)))) = 1; return x; }",
    "int t(char (*p[sizeof(f ? f(1) : 0)])(void)) { return p[0] != 0; }",
    "int t(void) { return sizeof(char (*[sizeof(f ? f(1) : 0)])(void)); }",
    "int t(int a) { switch (a) { case sizeof(f ? f(1) : 0): return 1; } return 0; }",
    "int t(void) { enum { SIZE = sizeof(f ? f(1) : 0) }; return SIZE; }",
    "int t(void) { int a[] = { [sizeof(f ? f(1) : 0)] = 3 }; return a[0]; }",
    "int t(void) { _Alignas(sizeof(f ? f(1) : 0)) int x = 1; return x; }",
  ]) {
    it(`is taken out or refused in ${line}`, () => {
      const [fix] = fixesOf(loadFixture(files(withFunction(`${line}\nint u(void) { return f(2); }`))), "f");
      if (fix?.refusal !== undefined) assert.match(fix.refusal, NOT_UNDERSTOOD);
      else assert.doesNotMatch(JSON.stringify(fix?.edits), /f \? f/);
      const after = fix?.refusal === undefined ? fixSymbol(files(withFunction(line)), "f").get("a.c") : "";
      assert.doesNotMatch(after!, /f \? f/);
    });
  }

  it("leaves a plain operand alone where nothing else is understood", () => {
    const line =
      '_Static_assert(sizeof(table[0]) == 1, "");\n__typeof__(table[0]) c;\nint t(void) { return table[1]; }';
    assert.ok(fixSymbol(files(withObject(line)), "table").has("a_weak.c"));
  });
});

describe("what is left of a choice with a small or a floating type", () => {
  const kept = (line: string, result: string) => fixSymbol(files(withFunction(line, result)), "f").get("a.c")!;

  for (const [result, line] of [
    ["unsigned char", "int t(void) { return ~(f ? f(1) : 0) > 0; }"],
    ["unsigned char", "int t(void) { return (f ? f(1) : 0) < 0; }"],
    ["unsigned char", "int t(void) { return (f ? f(1) : 0) == -1; }"],
    ["unsigned char", "int t(void) { return 300 < (f ? f(1) : 0); }"],
    ["unsigned short", "int t(void) { return !~(f ? f(1) : 0); }"],
    ["signed char", "int t(void) { return (f ? f(1) : 0) > 200; }"],
    ["_Bool", "int t(void) { return (f ? f(1) : 0) > 1; }"],
  ] as const) {
    it(`is refused where compilers see that it decides: ${line} of ${result}`, () => {
      assert.match(refusalOf(withFunction(line, result), "f"), NOT_UNDERSTOOD);
    });
  }

  for (const [result, line, after] of [
    ["unsigned char", "int t(void) { return (f ? f(1) : 0) == 3; }", /\(\(int\)f\(1\)\) == 3|\(int\)f\(1\) == 3/],
    ["unsigned char", "int t(void) { return (f ? f(1) : 0) > 5; }", /f\(1\)\)? > 5/],
    ["int", "double t(void) { return (f ? f(1) : 0.0) / 2; }", /\(\(double\)f\(1\)\) \/ 2/],
    ["float", "double t(void) { return (f ? f(1) : 0.0) / 2; }", /\(\(double\)f\(1\)\) \/ 2/],
    ["float", "float t(void) { return f ? f(1) : 0.5; }", /return f\(1\);/],
    ["double", "double t(void) { return (f ? f(1) : 0) / 2; }", /return f\(1\) \/ 2;|\(f\(1\)\) \/ 2/],
    ["double", "double t(void) { if (f)\n return f(1);\n return 0.0; }", /return f\(1\);/],
  ] as const) {
    it(`has the type of before: ${line.replaceAll("\n", "")} of ${result}`, () =>
      assert.match(kept(line, result), after));
  }

  it("returns a number with a fraction as the code has it", () => {
    const tree = fixSymbol(files(withFunction("double t(void) { return f ? f(1) : 0.5; }", "double")), "f");
    assert.match(tree.get("a_weak.c")!, /return 0\.5;/);
  });

  it("is a pointer by its type's name", () => {
    const tree = `//- /a.h
typedef int (*handler_t)(int);
extern handler_t f(int) __attribute__((weak));
//- /a.c
#include "a.h"
handler_t t(void) { if (f) return f(1); return (void *)0; }
`;
    assert.match(fixSymbol(files(tree), "f").get("a_weak.c")!, /return NULL;|return \(void \*\)0;|return 0;/);
  });
});

describe("a name that macros put together", () => {
  const named = (line: string, more = "") =>
    `//- /a.c\nextern int board_hook(void) __attribute__((weak));\nint t(void) { return board_hook ? board_hook() : 0; }\n${line}\n${more}`;

  for (const line of [
    "#define PASTE(a, b) a##b\nint u(void) { return PASTE(board_, hook)(); }",
    "#define PASTE(a, b) a##_##b\nint u(void) { return PASTE(board, hook) != 0; }",
    "#define JOIN(a, b) a##b\n#define PASTE(a, b) JOIN(a, b)\nint u(void) { return PASTE(board_, hook) != 0; }",
  ]) {
    it(`is refused: ${line.split("\n")[0]}`, () => {
      assert.match(refusalOf(named(line), "board_hook"), /puts the name 'board_hook' together at a\.c:/);
    });
  }

  it("is refused with a number", () => {
    const line = "#define PASTE(a, b) a##b\nint u(void) { return PASTE(hook_, 7)(); }";
    const tree = named(line).replaceAll("board_hook", "hook_7");
    assert.match(refusalOf(tree, "hook_7"), /puts the name 'hook_7' together at a\.c:/);
  });

  it("is none where the parts stand for something else", () => {
    for (const line of [
      "#define HOOK(n) chip_##n\nint u(void) { int hook = 1; return hook; }",
      "int board, hook;\nint u(void) { return board + hook; }",
      "#define HOOK(n) board_##n\nint HOOK(init)(void);",
    ]) {
      const [fix] = fixesOf(loadFixture(files(named(line).replaceAll("board_hook", "board_call"))), "board_call");
      assert.equal(fix?.refusal, undefined, line);
    }
  });
});

describe("a test that is a part of what is not taken apart", () => {
  for (const line of [
    "long n; int t(void) { return (n++, f) ? f(1) : 7; }",
    "long n; int t(void) { if ((n++, f)) return f(1); return 7; }",
    "long n; int t(void) { return (n++, !f) ? 7 : f(1); }",
    "long n; int t(void) { return (_Bool)(n++, f) ? f(1) : 7; }",
  ]) {
    it(`has the result of before or is refused: ${line}`, () => {
      const [fix] = fixesOf(loadFixture(files(withFunction(line))), "f");
      if (fix?.refusal === undefined) {
        const after = fixSymbol(files(withFunction(line)), "f");
        assert.match(after.get("a_weak.c")!, /return 7;/);
      } else assert.match(fix.refusal, /a\.c:\d/);
    });
  }
});
