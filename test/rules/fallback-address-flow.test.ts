/** What becomes of an address that is printed, counted with, or handed to a macro. */

import assert from "node:assert/strict";
import { files, fixesOf, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";

const PASSED_ON = /passed on at a\.c/;

function withTable(before: string, line: string, others = ""): string {
  return `${others}//- /a.c\n${before}\nextern char table[] __attribute__((weak));\n${line}\n`;
}

const SHOW = "void show(const char *where, ...)";
const FORMAT = "__attribute__((format(printf, 1, 2)))";

describe("an address behind a string", () => {
  const printed: readonly (readonly [string, string, string, string?])[] = [
    ["an attribute", `${SHOW} ${FORMAT};`, 'show("%s %lx", "a", (unsigned long)table);'],
    ["a pointer's conversion", `${SHOW} ${FORMAT};`, 'show("at %p\\n", table);'],
    ["a width that is an argument", `${SHOW} ${FORMAT};`, 'show("%*d%% " "%zu", 3, 4, (unsigned long)table);'],
    [
      "a word that a header explains",
      `#include "a.h"\n__shows(1, 2) ${SHOW};`,
      'show("%lx", (unsigned long)table);',
      "//- /a.h\n#define __shows(a, b) __attribute__((__format__(printf, a, b)))\n",
    ],
    [
      "a macro around it",
      `${SHOW} ${FORMAT};\n#define SHOW_ONE(x) show("%s=%lx", #x, (unsigned long)&x)`,
      "SHOW_ONE(table);",
    ],
    ["the library's function", "", 'printf("%p", table);'],
  ];
  for (const [what, before, line, others] of printed) {
    it(`is printed: ${what}`, () => {
      const after = fixSymbol(files(withTable(before, `void t(void) { ${line} }`, others)), "table");
      assert.ok(after.has("a_weak.c"));
    });
  }

  const passed: readonly (readonly [string, string, string])[] = [
    ["no format is known of", `${SHOW};`, 'show("%lx", (unsigned long)table);'],
    ["a check, and not a format", "void check(const char *, unsigned long);", 'check("x", (unsigned long)table);'],
    ["a string is shown", `${SHOW} ${FORMAT};`, 'show("%s", table);'],
    ["what it points to is shown", `${SHOW} ${FORMAT};`, 'show("%pI4", table);'],
    ["nothing is shown of it", `${SHOW} ${FORMAT};`, 'show("%d", 1, (unsigned long)table);'],
    [
      "it comes before what is shown",
      `void log(unsigned long, const char *, ...) __attribute__((format(printf, 2, 3)));`,
      'log((unsigned long)table, "%d", 1);',
    ],
    [
      "arguments that are in a list",
      "void vshow(const char *, void *) __attribute__((format(printf, 1, 0)));",
      'vshow("%p", table);',
    ],
    [
      "the tree's own function of the library's name",
      "int printf(const char *f, ...) { return f != 0; }",
      'printf("%p", table);',
    ],
  ];
  for (const [what, before, line] of passed) {
    it(`is passed on: ${what}`, () => {
      assert.match(refusalOf(withTable(before, `void t(void) { ${line} }`), "table"), PASSED_ON);
    });
  }
});

describe("an element of a table", () => {
  it("finds one of another table", () => {
    const tree = "//- /a.c\nextern int at[] __attribute__((weak));\nextern char names[];\n";
    const after = fixSymbol(files(`${tree}const char *t(int i) { return &names[at[i >> 8]]; }\n`), "at");
    assert.ok(after.has("a_weak.c"));
  });

  it("is the table itself where a number stands before the brackets", () => {
    const line = "typedef char line_t[8];\nextern line_t line __attribute__((weak));\n";
    assert.match(refusalOf(`//- /a.c\n${line}char *t(int i) { return &i[line]; }\n`, "line"), PASSED_ON);
  });
});

describe("a macro that is not understood", () => {
  const macro = '#define BUG_ON(x) do { asm("twnei %0, 0" : : "r" ((long)(x))); } while (0)';

  it("is given the outcome of a test, whatever it does with that", () => {
    const after = fixSymbol(files(withTable(macro, "void t(void) { BUG_ON(!table); }")), "table");
    assert.ok(after.has("a_weak.c"));
  });

  it("may do anything with the address", () => {
    assert.match(refusalOf(withTable(macro, "void t(void) { BUG_ON(table); }"), "table"), PASSED_ON);
  });
});

describe("the distance of two symbols that are always there", () => {
  const tree = (line: string) => `//- /a.c
extern char first[] __attribute__((weak));
extern char last[] __attribute__((weak));
${line}
//- /b.c
char first[1];
char last[1];
`;

  it("is no address", () => {
    for (const name of ["first", "last"]) {
      const [fix] = fixesOf(
        loadFixture(files(tree("#define SIZE (&last - &first)\nlong t(void) { return SIZE; }"))),
        name,
      );
      assert.doesNotMatch(fix?.refusal ?? "", /NULL test/);
    }
  });

  it("is an address where a number is taken away", () => {
    const [fix] = fixesOf(
      loadFixture(files(tree("#define END (last - 1)\nlong t(void) { return END ? 1 : 0; }"))),
      "last",
    );
    assert.match(fix?.refusal ?? "", /NULL test|passed on/);
  });
});

describe("a call that no test guards, beside one that is guarded", () => {
  const withCode = (code: string) => `//- /a.c
extern int f(int) __attribute__((weak));
${code}
`;
  const guarded = "int t(int y) { if (!f) return -1; return f(y); }";

  for (const [what, code] of [
    ["in the same function", "int t(int y) { if (y) { if (!f) return -1; } return f(1); }"],
    ["in another function", `${guarded}\nint u(void) { return f(2); }`],
    ["behind an assertion", `${guarded}\nvoid u(void) { BUG_ON(!f); f(2); }`],
  ] as const) {
    it(`keeps the fix from being preferred: ${what}`, () => {
      const [fix] = fixesOf(loadFixture(files(withCode(code))), "f");
      assert.equal(fix?.refusal, undefined);
      assert.equal(fix?.isPreferred, false);
      assert.match(fix?.title ?? "", /calls that nothing guards/);
    });
  }

  for (const code of [
    guarded,
    "int t(int y) { return f && f(y); }",
    "int t(int y) { if (y && f) return f(y); return 0; }",
  ]) {
    it(`is none: ${code}`, () => {
      const [fix] = fixesOf(loadFixture(files(withCode(code))), "f");
      assert.equal(fix?.refusal, undefined);
      assert.doesNotMatch(fix?.title ?? "", /calls that nothing guards/);
    });
  }
});

describe("a symbol whose type is a name", () => {
  const declared = (types: string, type: string, line: string) =>
    `//- /t.h\n${types}\n//- /a.c\n#include "t.h"\nextern ${type} obj __attribute__((weak));\n${line}\n`;
  const TEST = "int t(void) { const void *p = obj; return p ? 1 : -1; }";
  const READ = "long t(void) { return (long)obj; }";

  for (const types of [
    "typedef int row_t[4];",
    "typedef int row_t[];",
    "typedef int one_t[4];\ntypedef one_t row_t;",
    "typedef const int row_t[2][4], *other_t;",
    "typedef struct { int x; } row_t[1];",
    "#ifdef BIG\ntypedef struct { int x; } row_t[1];\n#else\ntypedef struct { int x; } *row_t;\n#endif",
    "#include <elsewhere.h>",
  ]) {
    it(`has an address for its value where that is or may be an array's: ${types}`, () => {
      assert.match(refusalOf(declared(types, "const row_t", TEST), "obj"), PASSED_ON);
    });
  }

  it("has a value where that is a number's, a structure's or a pointer's", () => {
    for (const types of [
      "typedef long row_t;",
      "typedef unsigned long *row_t;",
      "typedef long one_t;\ntypedef one_t row_t;",
    ]) {
      assert.ok(fixSymbol(files(declared(types, "row_t", READ)), "obj").has("a_weak.c"), types);
    }
    const structure = declared(
      "typedef struct { long x; } row_t;",
      "row_t",
      "long t(void) { row_t r = obj; return r.x; }",
    );
    assert.ok(fixSymbol(files(structure), "obj").has("a_weak.c"));
  });

  it("is refused as a function that its declaration does not show", () => {
    const call = "int t(void) { if (obj) return obj(1); return 0; }";
    for (const [types, type] of [
      ["typedef int fn_t(int);", "fn_t"],
      ["typedef int fn_t(int);\ntypedef fn_t other_t;", "other_t"],
      ["int other(int);", "typeof(other)"],
      ["#include <elsewhere.h>", "fn_t"],
    ] as const) {
      assert.match(refusalOf(declared(types, type, call), "obj"), /a\.c declares 'obj' by a type's name/, types);
    }
    const always = `${declared("typedef int fn_t(int);", "fn_t", call)}//- /b.c\nint obj(int a) { return a; }\n`;
    assert.match(refusalOf(always, "obj"), /by a type's name, fn_t/);
  });
});
