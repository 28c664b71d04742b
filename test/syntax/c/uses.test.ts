import assert from "node:assert/strict";
import type { Shape } from "../../../server/src/syntax/c/tree.ts";
import { type CUse, findUses } from "../../../server/src/syntax/c/uses.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { textOf } from "./read.ts";

function usesIn(text: string, shape?: Shape): CUse[] {
  return findUses(sourceOfText(text), new Set(["x"]), shape === undefined ? new Map() : new Map([["x", shape]]));
}

/** The kinds of the uses of x within a function's body. */
function kindsIn(statements: string, shape?: Shape): string[] {
  return usesIn(`void f(void)\n{\n${statements}\n}\n`, shape).map(({ kind }) => kind);
}

describe("uses of a symbol in C", () => {
  describe("of a scalar", () => {
    const cases: Record<string, string[]> = {
      "y = x;": ["read"],
      "return x + 1;": ["read"],
      "g(x);": ["read"],
      "if (x) g();": ["read"],
      "y = x == 0;": ["read"],
      "x = 3;": ["write"],
      "x += 3; x <<= 1; x |= y; x++; --x;": ["write", "write", "write", "write", "write"],
      "y = a - -x; y = a <= x;": ["read", "read"],
      "if (x == 3 || x != 4 || x <= 5) g();": ["read", "read", "read"],
      "g(&x);": ["address"],
      "y = a & x; y = a && x; y = (a) & x;": ["read", "read", "read"],
      "y = (unsigned long)&x;": ["address"],
      "y = (u64)&x;": ["address"],
      "if (&x) g();": ["null-test"],
      "y = sizeof(x) + sizeof x + sizeof(*(x));": ["sizeof", "sizeof", "sizeof"],
      "typeof(x) y;": ["typeof"],
    };
    for (const [text, wanted] of Object.entries(cases)) {
      it(text, () => assert.deepEqual(kindsIn(text, "plain"), wanted));
    }
  });

  describe("of a struct", () => {
    const cases: Record<string, string[]> = {
      "y = x.a.b;": ["read"],
      "x.a = 3; x.a[2]++;": ["write", "write"],
      "g(&x.a);": ["address"],
      "x.call(3);": ["read"],
    };
    for (const [text, wanted] of Object.entries(cases)) {
      it(text, () => assert.deepEqual(kindsIn(text, "plain"), wanted));
    }
  });

  describe("of a pointer", () => {
    const cases: Record<string, string[]> = {
      "y = *x; y = x->a; x->a = 3; *x = 3;": ["read", "read", "read", "read"],
      "y = x[3]; x[3] = 1;": ["index", "index"],
      "if (x) g(); if (!x) g(); y = x == NULL;": ["read", "read", "read"],
      "x(3); (*x)(3);": ["call", "call"],
    };
    for (const [text, wanted] of Object.entries(cases)) {
      it(text, () => assert.deepEqual(kindsIn(text, "pointer"), wanted));
    }
  });

  describe("of an array", () => {
    const cases: Record<string, string[]> = {
      "y = x[3]; y = *x; y = x->a;": ["index", "index", "index"],
      "x[3] = 1;": ["write"],
      "g(x); y = x + off; y = &x[3];": ["address", "address", "address"],
      "if (x) g();": ["null-test"],
      "for (p = x; p < x + n; p++) ;": ["address", "address"],
    };
    for (const [text, wanted] of Object.entries(cases)) {
      it(text, () => assert.deepEqual(kindsIn(text, "array"), wanted));
    }
  });

  describe("of a function", () => {
    const cases: Record<string, string[]> = {
      "x(1); (x)(1); (*x)(1); y = x(1) + 2;": ["call", "call", "call", "call"],
      "g(x); y = x; y = &x;": ["address", "address", "address"],
      "return x;": ["address"],
    };
    for (const [text, wanted] of Object.entries(cases)) {
      it(text, () => assert.deepEqual(kindsIn(text, "function"), wanted));
    }
  });

  describe("tested for NULL", () => {
    /** The test's operator, whether & stands in it, whether it holds when the symbol is missing. */
    const cases: Record<string, [string, boolean, boolean] | undefined> = {
      "if (x) g();": ["truth", false, false],
      "if (!x) g();": ["not", false, true],
      "if (!!x) g();": ["not", false, false],
      "if (x == NULL) g();": ["equal", false, true],
      "if (NULL == x) g();": ["equal", false, true],
      "if (x != NULL) g();": ["unequal", false, false],
      "if (NULL != &x) g();": ["unequal", true, false],
      "if (x == 0) g();": ["equal", false, true],
      "if (x == (void *)0) g();": ["equal", false, true],
      "if (!(x == NULL)) g();": ["equal", false, false],
      "if (&x) g();": ["truth", true, false],
      "if (!&x) g();": ["not", true, true],
      "if (!(&x)) g();": ["not", true, true],
      "while (x) g();": ["truth", false, false],
      "for (; x; ) g();": ["truth", false, false],
      "y = x ? 1 : 2;": ["truth", false, false],
      "y = a && x;": ["truth", false, false],
      "y = x || a;": ["truth", false, false],
      "BUG_ON(!x);": ["not", false, true],
      "WARN_ON(x == NULL);": ["equal", false, true],
      "return !x;": ["not", false, true],
      "return x != NULL;": ["unequal", false, false],
      "if (unlikely(!x)) g();": ["not", false, true],
      "if (!likely(x)) g();": ["not", false, true],
      "g(x);": undefined,
      "y = x == z;": undefined,
      "y = x == 3;": undefined,
    };
    for (const [text, wanted] of Object.entries(cases)) {
      it(text, () => {
        const [use] = usesIn(`void f(void)\n{\n${text}\n}\n`, "function");
        const test = use!.test;
        assert.deepEqual(test && [test.operator, test.hasAmpersand, test.negated], wanted);
        assert.equal(use!.kind === "null-test", wanted !== undefined);
      });
    }
  });

  describe("that are none", () => {
    const cases: Record<string, string> = {
      "a comment and a string": 'void f(void) { /* x */ g("x"); } // x',
      "a member": "void f(void) { p->x = 1; s.x = 2; p -> x(); }",
      "a designator": "struct s a = { .x = 1, x: 2, };",
      "a tag and a label": "void f(void) { struct x *p; goto x; x: g(&&x); }",
      "the declarations themselves": "extern int x; int x = 3; static int x(void);",
      "a parameter": "int f(int x) { return x; }",
      "a parameter of the old style": "int f(a, x) int a, x; { return x; }",
      "a parameter that is a function": "int f(int (*x)(void)) { return x(); }",
      "a parameter of a macro that defines a function": "SYSCALL_DEFINE1(f, int, x) { return x; }",
      "a parameter of a prototype": "int f(int x);",
      "a local variable": "int f(void) { int x = 3; return x; }",
      "a local variable of an unknown type": "int f(void) { foo_t x; foo_t *p, *x; return x; }",
      "a local pointer, array and function pointer":
        "int f(void) { { foo *x; x(); } { foo x[3]; x(); } { int (*x)(void); x(); } }",
      "a local struct": "int f(void) { struct { int a; } x; return x.a; }",
      "a variable of a for": "int f(void) { for (int x = 0; x < 3; x++) g(x); }",
      "a member's declaration": "int f(void) { struct s { int x; } a; }",
      "a macro's parameter": "#define F(x) x + 1",
      "another word that contains it": "int f(void) { return xx + x1 + _x; }",
      "a pasted name": "#define F(a) x##a",
      "a dead branch": "#if 0\nint f(void) { return x; }\n#endif",
    };
    for (const [what, text] of Object.entries(cases)) it(what, () => assert.deepEqual(usesIn(text), []));
  });

  it("go on where the block of a local variable ends", () => {
    assert.deepEqual(kindsIn("{ int x; x = 1; } x = 2; for (int x; ; ) { x = 3; } x = 4;", "plain"), [
      "write",
      "write",
    ]);
  });

  it("are not hidden by what only looks like a declaration", () => {
    assert.deepEqual(kindsIn("return x; y = a * x; case x: else x = 1; y = (a) x;", "plain"), [
      "read",
      "read",
      "read",
      "write",
      "read",
    ]);
    assert.deepEqual(kindsIn("extern int x; y = x;", "plain"), ["read"]);
  });

  it("are found in initializers, macro arguments and bounds at file scope", () => {
    const text =
      "void *p = x; struct s s = { .f = x, .n = sizeof(x) };\nEXPORT_SYMBOL(x);\nint a[sizeof(x)];\nextern typeof(x) y;\n";
    assert.deepEqual(
      usesIn(text).map(({ kind }) => kind),
      ["initializer", "initializer", "sizeof", "macro-argument", "sizeof", "typeof"],
    );
  });

  it("are found in macros, which are named", () => {
    const [use] = usesIn("#define F() do { if (x) x(); } while (0)\n");
    assert.deepEqual([use!.kind, use!.inMacro], ["null-test", "F"]);
  });

  it("know their conditions and their function", () => {
    const text = "#ifdef A\nint f(void)\n{\n#ifndef B\n\treturn x;\n#endif\n}\n#endif\n";
    const [use] = usesIn(text);
    assert.equal(use!.condition, "defined(A) && !defined(B)");
    assert.equal(use!.function?.name, "f");
    assert.equal(textOf(text, use!.function!.nameSpan), "f");
    assert.equal(textOf(text, use!.function!.span), text.slice(9, text.length - 8));
  });

  it("take the symbol's shape from the file's own declaration", () => {
    const kinds = (text: string) => usesIn(text).map(({ kind }) => kind);
    assert.deepEqual(kinds("int x;\nint f(void) { return x; }"), ["read"]);
    assert.deepEqual(kinds("extern int x[];\nvoid *f(void) { return x; }"), ["address"]);
    assert.deepEqual(kinds("extern foo_t x;\nvoid *f(void) { return x; }"), ["address"]);
    assert.deepEqual(kinds("static inline int f(void) { return x; }\nint x;"), ["read"]);
  });

  it("of several names come in order", () => {
    const source = sourceOfText("int f(void) { return b + a + b; }");
    assert.deepEqual(
      findUses(source, new Set(["a", "b"])).map(({ name }) => name),
      ["b", "a", "b"],
    );
  });
});
