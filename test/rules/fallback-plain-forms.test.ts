/** The plain forms of a NULL test: each has an equivalent without it, and gets that. */

import assert from "node:assert/strict";
import { files, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

/** A kernel with one user of `f`, and a strong definition that is there in every build or in none. */
function tree(code: string, { type = "int", before = "", isThere = false } = {}): string {
  const strong = isThere ? `//- /kernel/strong.c\n${type} f(int n) { return n; }\n` : "";
  return `${KERNEL}//- /kernel/Makefile
obj-y += user.o${isThere ? " strong.o" : ""}
//- /drivers/Makefile
//- /kernel/user.c
extern ${type} f(int n) __attribute__((weak));
${before}${code}
${strong}`;
}

/** What becomes of the code, and what the fallback returns. */
function fixed(code: string, options?: Parameters<typeof tree>[1]): { code: string; value: string } {
  const after = fixSymbol(files(tree(code, options)), "f");
  const user = after.get("kernel/user.c")!;
  const fallback = after.get("kernel/user_weak.c") ?? "";
  const value = fallback.split("return ")[1]?.split(";")[0] ?? "";
  return {
    code: user.slice(user.indexOf("\n", user.indexOf("extern")) + 1 + (options?.before ?? "").length).trim(),
    value,
  };
}

describe("a default that is no plain number", () => {
  const text = { type: "const char *" };
  it("is a string literal", () => {
    for (const code of [
      'const char *t(int n) { return f ? f(n) : "none"; }',
      'const char *t(int n) { if (f) return f(n); return "none"; }',
      'const char *t(int n) { const char *s = "none"; if (f) s = f(n); return s; }',
      'int t(int n) { return (f ? f(n) : "none")[0]; }',
    ]) {
      assert.equal(fixed(code, text).value, '"none"', code);
    }
  });

  it("is no string literal where one of another text, or one that may be written to, would be as well", () => {
    const two = 'const char *t(int n) { return f ? f(n) : "none"; }\nconst char *u(int n) { return f ? f(n) : "no"; }';
    assert.match(refusalOf(tree(two, text), "f"), /different results/);
    const written = 'char *t(int n) { return f ? f(n) : "none"; }';
    assert.notEqual(refusalOf(tree(written, { type: "char *" }), "f"), "");
    const pasted = 'const char *t(int n) { return f ? f(n) : "no" "ne"; }';
    assert.notEqual(refusalOf(tree(pasted, text), "f"), "");
  });

  it("is what a macro's call comes to", () => {
    const bit = { type: "unsigned long", before: "#define BIT(n) (1UL << (n))\n" };
    assert.equal(fixed("unsigned long t(int n) { if (f) return f(n); return BIT(3); }", bit).value, "8");
    assert.equal(fixed("unsigned long t(int n) { return f ? f(n) : BIT(3); }", bit).value, "8");
    assert.notEqual(refusalOf(tree("unsigned long t(int n) { return f ? f(n) : BIT(n); }", bit), "f"), "");
  });
});

describe("a function's NULL test in a plain form", () => {
  const forms: readonly (readonly [string, string, string])[] = [
    ["int t(int n) { if (f) return f(n); else return 3; }", "int t(int n) { return f(n); }", "3"],
    [
      "int t(int n)\n{\n\tif (f)\n\t\treturn f(n);\n\n\t/* nobody is there */\n\treturn 3;\n}",
      "int t(int n)\n{\n\treturn f(n);\n}",
      "3",
    ],
    ["int t(int n) { int r = 0; if (f) r = f(n); return r; }", "int t(int n) { int r = 0; r = f(n); return r; }", "0"],
    [
      "int t(int n) { int r; if (f) r = f(n); else r = 4; return r; }",
      "int t(int n) { int r; r = f(n); return r; }",
      "4",
    ],
    ["int t(int n) { return ((f) ? (f)(n) : (0)); }", "int t(int n) { return (f)(n); }", "0"],
    ["void t(int n) { if ((f)) (f)(n); }", "void t(int n) { (f)(n); }", "0"],
    ["void t(int n) { if (f) { if (n) f(n); } }", "void t(int n) { if (n) f(n); }", "0"],
    ["void t(int n) { if (!f) ; else f(n); }", "void t(int n) { f(n); }", "0"],
    ["void t(int n)\n{\n\tif (!f) {\n\t\treturn;\n\t}\n\tf(n);\n}", "void t(int n)\n{\n\tf(n);\n}", "0"],
    ["int t(int n) { return f != NULL ? f(n) : 0; }", "int t(int n) { return f(n); }", "0"],
    ["int t(int n) { return NULL != f ? f(n) : 0; }", "int t(int n) { return f(n); }", "0"],
    ["int t(int n) { return &f ? f(n) : 0; }", "int t(int n) { return f(n); }", "0"],
    ["int t(int n) { return !!f ? f(n) : 0; }", "int t(int n) { return f(n); }", "0"],
    ["int t(int n) { return f && f(n); }", "int t(int n) { return !!f(n); }", "0"],
    ["void t(int n) { if (f && n) f(n); }", "void t(int n) { if (n) f(n); }", "0"],
    ["int t(int n) { if (f && f(n)) return 7; return 2; }", "int t(int n) { if (f(n)) return 7; return 2; }", "0"],
    ["int t(int n) { if (!f || !f(n)) return 7; return 2; }", "int t(int n) { if (!f(n)) return 7; return 2; }", "0"],
    [
      "int t(int n) { int r = -5; if (likely(f)) { r = f(n); if (r) return r; } return n; }",
      "int t(int n) { int r = -5; r = f(n); if (r) return r; return n; }",
      "0",
    ],
    [
      "int t(int n) { int r; if (f) { r = f(n); if (r) return r; } return n; }",
      "int t(int n) { int r; r = f(n); if (r) return r; return n; }",
      "0",
    ],
    [
      "int t(int n) { int r; if (!f) { r = -1; goto out; } r = f(n); out: return r; }",
      "int t(int n) { int r; r = f(n); return r; }",
      "-1",
    ],
    [
      "int t(int n)\n{\n\tint r = 0;\n\n\tif (!f)\n\t\tgoto out;\n\tr = f(n);\nout:\n\treturn r;\n}",
      "int t(int n)\n{\n\tint r = 0;\n\n\tr = f(n);\n\treturn r;\n}",
      "0",
    ],
    [
      "int t(int n)\n{\n\tif (!f)\n\t\tgoto out;\n\treturn f(n);\nout:\n\treturn 6;\n}",
      "int t(int n)\n{\n\treturn f(n);\n}",
      "6",
    ],
    [
      "int t(int n) { int r = 0; if (n) goto out; if (!f) goto out; r = f(n); out: return r; }",
      "int t(int n) { int r = 0; if (n) goto out; r = f(n); out: return r; }",
      "0",
    ],
    [
      "int t(int n) { int r = n; if (f) r += f(n); return r; }",
      "int t(int n) { int r = n; r += f(n); return r; }",
      "0",
    ],
    [
      "int t(int n) { int r = n; if (f) r |= f(n); return r; }",
      "int t(int n) { int r = n; r |= f(n); return r; }",
      "0",
    ],
    ["long t(long r) { if (f) r &= f(3); return r; }", "long t(long r) { r &= f(3); return r; }", "-1"],
    [
      "int t(int n) { int r = n; if (f) r = f(n) | r; return r; }",
      "int t(int n) { int r = n; r = f(n) | r; return r; }",
      "0",
    ],
    ["int t(int n) { return (f ? f(n) : 0) ?: n; }", "int t(int n) { return f(n) ?: n; }", "0"],
    [
      "int t(int n) { int r; if (f && (r = f(n)) < 0) return r; return n; }",
      "int t(int n) { int r; if ((r = f(n)) < 0) return r; return n; }",
      "0",
    ],
    [
      "int t(int n) { int r = 5; if (f && (r = f(n)) < 0) return 7; return r; }",
      "int t(int n) { int r = 5; if ((r = f(n)) < 0) return 7; return r; }",
      "5",
    ],
    ["int t(int n) { return f ? f(n) : 1 << 3; }", "int t(int n) { return f(n); }", "8"],
    ["int t(int n) { return f ? f(n) : ~0; }", "int t(int n) { return f(n); }", "-1"],
    ["int t(int n) { while (f && f(n)) n--; return n; }", "int t(int n) { while (f(n)) n--; return n; }", "0"],
  ];
  for (const [before, after, value] of forms) {
    it(`goes: ${before.split("\n").join(" ")}`, () => {
      assert.deepEqual(fixed(before), { code: after, value });
    });
  }

  it("goes from a static inline wrapper in a header", () => {
    const after = fixSymbol(
      files(`${KERNEL}//- /kernel/Makefile
obj-y += user.o
//- /drivers/Makefile
//- /kernel/hook.h
extern int f(int n) __attribute__((weak));
static inline int call_f(int n)
{
	if (f)
		return f(n);
	return -1;
}
//- /kernel/user.c
#include "hook.h"
int t(int n) { return call_f(n); }
`),
      "f",
    );
    assert.match(after.get("kernel/hook.h")!, /\{\n\treturn f\(n\);\n\}/);
    assert.match(after.get("kernel/user_weak.c")!, /return -1;/);
  });

  const macros: readonly (readonly [string, string])[] = [
    ["#define HAVE(x) ((x) != NULL)\n", "int t(int n) { if (HAVE(f)) return f(n); return 5; }"],
    ["#define HAVE(x) (!!(unsigned long)(x))\n", "int t(int n) { return HAVE(f) ? f(n) : 5; }"],
  ];
  for (const [before, code] of macros) {
    it(`goes where a macro asks: ${before.trim()}`, () => assert.equal(fixed(code, { before }).value, "5"));
  }
});

describe("a function's NULL test that has no equivalent", () => {
  const refused: readonly string[] = [
    "int r; int t(int n) { r = 0; n++; if (f) r = f(n); return r; }",
    "int t(int n) { int r = 0; if (n) r = 2; if (f) r = f(n); return r; }",
    "int t(int n) { if (f) return f(n) + 1; return n; }",
    "int g(void); int t(int n) { if (f) { g(); f(n); } return 0; }",
    "int t(int n) { int r = 0; g(&r); if (f) r = f(n); return r; }",
    "struct s { int x; }; void t(struct s *p, int n) { if (f) p->x += f(n); }",
    "int r; void t(int n) { if (f) r |= f(n); }",
    "float t(float r) { if (f) r += f(3); return r; }",
    "int t(int n) { volatile int r = 1; if (f) r += f(n); return r; }",
    "int t(int n) { int r = 1; if (f) r += f(n++); return r + n; }",
    "int t(int n) { int r = 0; if (f && (r = f(n++)) < 0) return 7; return r + n; }",
    "int t(int n) { int r = 0; if (n && f && (r = f(n)) < 0) return 7; return r; }",
  ];
  for (const code of refused) {
    it(`is refused: ${code}`, () => assert.match(refusalOf(tree(code), "f"), /is not understood|may not be able/));
  }
});

describe("a function's NULL test that stands for a constant by its name", () => {
  const HEADER = `//- /include/hook.h
enum color { RED, GREEN = 5, BLUE };
typedef enum { LOW = -3, HIGH } level_t;
#define DEFAULT_LEVEL (2 + 2)
extern TYPE f(int n) __attribute__((weak));
`;
  const named = (code: string, type: string, header = HEADER) =>
    `${KERNEL}//- /kernel/Makefile
obj-y += user.o
//- /drivers/Makefile
${header.replace("TYPE", type)}//- /kernel/user.c
#include <hook.h>
${code}
`;
  const given: readonly (readonly [string, string, string])[] = [
    ["enum color", "enum color t(int n) { return f ? f(n) : BLUE; }", "BLUE"],
    ["enum color", "enum color t(int n) { if (!f) return GREEN; return f(n); }", "GREEN"],
    ["enum color", "int t(int n) { enum color c = RED; if (f) c = f(n); return c; }", "RED"],
    ["int", "int t(int n) { return f ? f(n) : BLUE; }", "BLUE"],
    ["int", "int t(int n) { return f ? f(n) : DEFAULT_LEVEL; }", "DEFAULT_LEVEL"],
    ["int", "#define OWN 9\nint t(int n) { return f ? f(n) : OWN; }", "9"],
    ["int", "enum { FIRST, SECOND };\nint t(int n) { return f ? f(n) : SECOND; }", "1"],
  ];
  for (const [type, code, value] of given) {
    it(`is given by the fallback: ${type}, ${code.split("\n").join(" ")}`, () => {
      const fallback = fixSymbol(files(named(code, type)), "f").get("kernel/user_weak.c")!;
      assert.ok(fallback.includes(`return ${value};`), fallback);
    });
  }

  const unknown: readonly (readonly [string, string, string])[] = [
    [
      "another in another configuration",
      "#define LEVEL 4",
      "#ifdef CONFIG_EFI\n#define LEVEL 3\n#else\n#define LEVEL 4\n#endif",
    ],
    ["no constant", "#define LEVEL 4", "#define LEVEL (n + 1)"],
    [
      "of an enumeration that lines of the preprocessor's part",
      "enum { LEVEL };",
      "enum {\n#ifdef CONFIG_EFI\n\tFIRST,\n#endif\n\tLEVEL };",
    ],
    ["behind what is not known", "enum { LEVEL };", "enum { FIRST = sizeof(int), LEVEL };"],
    ["a local's", "", ""],
  ];
  for (const [what, fine, line] of unknown) {
    it(`is refused: ${what}`, () => {
      const code = "int t(int n) { return f ? f(n) : LEVEL; }";
      if (fine !== "") assert.ok(fixSymbol(files(named(`${fine}\n${code}`, "int")), "f").has("kernel/user_weak.c"));
      const other = line === "" ? "int t(int n) { int LEVEL = 9; return f ? f(n) : LEVEL; }" : `${line}\n${code}`;
      assert.match(refusalOf(named(other, "int"), "f"), /is not understood/);
    });
  }

  it("is refused where the function can't return it", () => {
    const code = "enum { LARGE = 300 };\nint t(int n) { return f ? f(n) : LARGE; }";
    assert.match(refusalOf(named(code, "unsigned char"), "f"), /may not be able to return/);
  });
});

describe("the type of an expression without its test", () => {
  const ADD = "#define ADD(x, y) ({ __auto_type _x = (x); _x += (y); (int)_x; })\n";
  const kept: readonly (readonly [string, string, string])[] = [
    ["unsigned char", "int t(int n) { return ADD(f ? f(n) : 0, 300); }", "ADD((int)f(n), 300)"],
    ["unsigned char", "int t(int n) { return f ? f(n) : 0; }", "return f(n);"],
    ["short", "int t(int n) { return sizeof(f ? f(n) : 0); }", "sizeof((int)f(n))"],
    ["int", "long t(int n) { return sizeof(f ? f(n) : 0L); }", "sizeof((long)f(n))"],
    ["int", "int t(int n) { typeof(f ? f(n) : 0) r = 1; return r; }", "typeof(f(n)) r"],
  ];
  for (const [type, code, after] of kept) {
    it(`stays: ${type} in ${code}`, () => {
      assert.ok(fixed(code, { type, before: ADD, isThere: true }).code.includes(after));
    });
  }

  it("is refused where it would be another that is not known", () => {
    const code = "int t(int n) { return sizeof(f ? f(n) : 0); }";
    assert.match(refusalOf(tree(code, { type: "some_type", isThere: true }), "f"), /is not understood/);
  });
});

describe("a NULL test of a function that is always there", () => {
  const gone: readonly (readonly [string, string])[] = [
    ["int t(void) { return f != NULL; }", "int t(void) { return 1; }"],
    ["int t(void) { return sizeof(f ? 1 : 2); }", "int t(void) { return sizeof(1); }"],
    ["int t(int n) { if (f && n > 2) return 3; return f ? 4 : n; }", "int t(int n) { if (n > 2) return 3; return 4; }"],
    ["int t(int n) { if (!f) { n++; return n; } return f(n) + n; }", "int t(int n) { return f(n) + n; }"],
  ];
  for (const [before, after] of gone) {
    it(`goes: ${before}`, () => assert.equal(fixed(before, { isThere: true }).code, after));
  }

  const left: readonly (readonly [string, string])[] = [
    ["a variable that may not be set", "int t(int c) { int x; if (c) x = 3; if (f) f(x); return 0; }"],
    [
      "a static function that nothing else uses",
      "static int g(void) { return 1; } int t(int n) { return f ? f(n) : g(); }",
    ],
    ["a parameter that nothing else uses", "int t(int n) { if (f) return f(1); return n; }"],
    [
      "a macro that tests and calls",
      "#define CALL(g, n) do { if (g) (g)(n); } while (0)\nvoid t(int n) { CALL(f, n); }",
    ],
    ["a macro that is its address", "#define GOT &f\nint t(int n) { return (GOT) ? 1 : n; }"],
    ["a truth value that the address becomes", "_Bool t(void) { _Bool b = f; return b; }"],
  ];
  for (const [what, code] of left) {
    it(`is refused for ${what}`, () => {
      assert.match(refusalOf(tree(code, { isThere: true }), "f"), /is not understood/);
    });
  }

  it("takes a label with it that nothing else uses", () => {
    const code = "int t(int n) { if (!f) goto out; return f(n); out: return 9; }";
    assert.equal(fixed(code, { isThere: true }).code, "int t(int n) { return f(n); }");
  });
});

describe("an object's address", () => {
  const PRESENT =
    "#define PRESENT(x) ((unsigned long)(x) != 0)\n#define ADDR(x) ((unsigned long)(x))\n#define OFF(x) ((char *)(x) - (char *)0)\n";
  const refused: readonly string[] = [
    "int t(void) { if (PRESENT(table)) return table[0]; return -1; }",
    "int t(void) { if (ADDR(table)) return table[0]; return -1; }",
    "long t(void) { return OFF(table) + 16; }",
    "int t(int i) { const int *p = &table[i]; if (!p) return -1; return *p; }",
    "int t(int i) { const int *p = table + i; return p ? *p : -1; }",
    "const int *t(int i) { return &table[i]; }",
    "long t(const int *p) { return p - table; }",
    "static const int *p = table; int t(void) { return *p; }",
    "int u(const int *); int t(void) { return u(table + 1); }",
    "int t(const int *end) { const int *p; int n = 0; for (p = table; p < end; p++) n += *p; return n; }",
  ];
  const withTable = (code: string) => `${KERNEL}//- /kernel/Makefile
obj-y += user.o
//- /drivers/Makefile
//- /kernel/user.c
extern const int table[4] __attribute__((weak));
${PRESENT}${code}
`;
  for (const code of refused) {
    it(`is refused: ${code}`, () => assert.match(refusalOf(withTable(code), "table"), /passed on|decides/));
  }
  for (const code of [
    "int t(int i) { const int *p = &table[i]; p++; return *p + p[1]; }",
    "#define AT(x, i) ((x)[i])\nint t(int i) { return AT(table, i); }",
    "long t(int i) { const int *p; p = &table[i]; while (*p) p++; return p - table; }",
  ]) {
    it(`is looked through: ${code}`, () =>
      assert.ok(fixSymbol(files(withTable(code)), "table").has("kernel/user_weak.c")));
  }

  it("is one where the attribute stands between a pointer's star and the name", () => {
    const fixture = tree("int *t(int n) { return f ? f(n) : 0; }", { type: "int *__attribute__((weak))" });
    const after = fixSymbol(files(fixture), "f");
    assert.match(after.get("kernel/user_weak.c") ?? "", /^int \*\s*__attribute__\(\(weak\)\) f\(int n\)\n\{\n/m);
    assert.match(after.get("kernel/user.c") ?? "", /return f\(n\);/);
  });
});
