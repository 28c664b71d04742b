/** Expressions and statements as trees. */

import assert from "node:assert/strict";
import {
  childrenOf,
  type Expression,
  expressionsIn,
  type Statement,
  statementsIn,
} from "../../../server/src/syntax/c/code-tree.ts";
import { findDefines } from "../../../server/src/syntax/c/find-defines.ts";
import { readParameters } from "../../../server/src/syntax/c/read-parameters.ts";
import { readBody, readExpressionIn, readReplacementCode } from "../../../server/src/syntax/c/read-statement.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

function describeExpression(node: Expression | undefined): string {
  if (node === undefined) return "nothing";
  const label = node.kind === "name" ? node.name : "operator" in node ? node.operator : node.kind;
  const children = childrenOf(node).map(describeExpression);
  const items = node.kind === "block-expression" ? node.items.map(describeStatement) : [];
  const inner = [...children, ...items].join(" ");
  return inner === "" ? label : `(${label} ${inner})`;
}

function describeStatement(node: Statement): string {
  const inner = [...expressionsIn(node).map(describeExpression), ...statementsIn(node).map(describeStatement)].join(
    " ",
  );
  return inner === "" ? node.kind : `[${node.kind} ${inner}]`;
}

function expression(text: string): string {
  return describeExpression(readExpressionIn(sourceOfText(text), { start: 0, end: text.length }));
}

function body(text: string): string {
  const code = readBody(sourceOfText(text), { start: 0, end: text.length });
  return code?.items.map(describeStatement).join(" ") ?? "nothing";
}

describe("an expression", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a + b * c == d && e | f", "(&& (== (+ a (* b c)) d) (| e f))"],
    ["a ? b, c : d ? e : f", "(conditional a (comma b c) (conditional d e f))"],
    ["a ?: b", "(conditional a b)"],
    ["a = b += c", "(= a (+= b c))"],
    ["-a->b[i](c, d)++", "(- (++ (call (index (member a) i) c d)))"],
    ["(unsigned long)&x", "(cast type (& x))"],
    ["(struct s *)p + 1", "(+ (cast type p) constant)"],
    ["(u8)(x)", "(cast type (paren x))"],
    ["(f)(x)", "(call (paren f) x)"],
    ["(foo) x", "(cast type x)"],
    ["sizeof x + 1", "(+ (measure x) constant)"],
    ["sizeof(int) * n", "(* (measure type) n)"],
    ["&&out", "label-address"],
    ['KERN_INFO "a" "b"', "string"],
    ["(struct s){ .a = x, [1 ... 2] = y }", "(literal type (list x constant constant y))"],
    ["({ int y = x; y; })", "(block-expression [declaration x] [expression y])"],
    ["_Generic(x, int: f, default: g)(y)", "(call (generic x f g) y)"],
    ["max_t(int, a, struct s)", "(call max_t type a type)"],
    ["a b", "nothing"],
    ["a +", "nothing"],
  ];
  for (const [text, tree] of cases) it(text, () => assert.equal(expression(text), tree));

  it("says where a cast may be an operator", () => {
    const text = "(a) & b";
    const node = readExpressionIn(sourceOfText(text), { start: 0, end: text.length });
    assert.ok(node?.kind === "binary" && node.isDoubtful);
  });
});

describe("a body", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["{ if (a) if (b) c(); else d(); }", "[if a [if b [expression (call c)] [expression (call d)]]]"],
    ["{ for (int i = 0; i < n; i++) x; }", "[for (< i n) (++ i) [declaration constant] [expression x]]"],
    ["{ do x(); while (y); }", "[do y [expression (call x)]]"],
    [
      "{ switch (a) { case 1 ... 3: b; default: ; } }",
      "[switch a [block [case constant constant] [expression b] case empty]]",
    ],
    ["{ goto out; out: return; }", "goto label return"],
    ["{ list_for_each(p, &head) { x; } }", "[controlled (call list_for_each p (& head)) [block [expression x]]]"],
    ["{ foo_t *p = q, r[2]; }", "[declaration q constant]"],
    ["{ a * b; f(c); }", "declaration [expression (call f c)]"],
    ["{ x;\n#ifdef A\ny;\n#endif\n}", "[expression x] directive [expression y] directive"],
    ["{ if (a)\n#ifdef A\ny;\n#endif\nz; }", "opaque directive [expression z]"],
    ['{ asm volatile("" : : "r" (x)); y; }', "opaque [expression y]"],
  ];
  for (const [text, tree] of cases) it(text.split("\n").join(" "), () => assert.equal(body(text), tree));

  it("is not read where its braces do not match", () => assert.equal(body("{ if (a) { b; }"), "nothing"));

  it("is not read deeper than anybody writes", () => {
    const text = `{ ${"(".repeat(5000)}x${")".repeat(5000)}; }`;
    assert.doesNotThrow(() => body(text));
  });
});

describe("a macro's replacement", () => {
  const read = (text: string) =>
    readReplacementCode(sourceOfText(text), { start: 0, end: text.length })?.items.map(describeStatement).join(" ");
  it("may be an expression", () => assert.equal(read("((x) != 0)"), "[expression (paren (!= (paren x) constant))]"));
  it("may be a statement without its semicolon", () => {
    assert.equal(
      read("do { if (g) (g)(n); } while (0)"),
      "[do constant [block [if g [expression (call (paren g) n)]]]]",
    );
  });
});

describe("parameters", () => {
  it("have names, types and stars", () => {
    const text = "(const char *s, int n[2], int (*f)(int), ...)";
    assert.deepEqual(readParameters(sourceOfText(text), { start: 0, end: text.length }), [
      { name: "s", type: "const char", isPointer: true },
      { name: "n", type: "int", isPointer: true },
      { name: "f", type: "int", isPointer: true },
    ]);
  });
});

describe("the #define lines of a name", () => {
  it("are found with the lines that continue them, and no others", () => {
    const text = "#define A(x) \\\n\t(x)\n#define AB 1\n# define A 2\nint A;\n#undef A\n";
    const found = findDefines(sourceOfText(text), "A");
    assert.deepEqual(
      found.map(({ body, isFunctionLike }) => [text.slice(body.start, body.end).trim(), isFunctionLike]),
      [
        ["\\\n\t(x)", true],
        ["2", false],
      ],
    );
  });
});
