import assert from "node:assert/strict";
import { declared, names, parse } from "./read.ts";

/** The condition of the declaration of `x`. */
function conditionOf(text: string): string {
  const found = parse(text).declarations.find(({ declarators }) => declarators[0]!.name === "x");
  assert.ok(found, `x is not declared in ${text}`);
  return found.condition;
}

describe("conditions in C", () => {
  const cases: Record<string, string> = {
    "int x;": "",
    "#ifdef A\nint x;\n#endif": "defined(A)",
    "#ifndef A\nint x;\n#endif": "!defined(A)",
    "#ifdef A\n#else\nint x;\n#endif": "!defined(A)",
    "#ifndef A\n#else\nint x;\n#endif": "defined(A)",
    "#if IS_ENABLED( CONFIG_A )\nint x;\n#endif": "IS_ENABLED(CONFIG_A)",
    "#if IS_ENABLED(CONFIG_A)\n#else\nint x;\n#endif": "!IS_ENABLED(CONFIG_A)",
    "#if defined A&&B>1\nint x;\n#endif": "defined(A) && B > 1",
    "#if A\n#elif B\nint x;\n#endif": "!A && B",
    "#if A == 1\n#elif defined(B)\n#else\nint x;\n#endif": "!(A == 1) && !defined(B)",
    "#ifdef A\n#elifdef B\nint x;\n#endif": "!defined(A) && defined(B)",
    "#ifdef A\n#if B || C\nint x;\n#endif\n#endif": "defined(A) && (B || C)",
    "#if B || C\nint x;\n#endif": "B || C",
    "#ifdef A\n#endif\nint x;": "",
    "#if A /* why */ \\\n  && B // and\nint x;\n#endif": "A && B",
    "#  ifdef A /* x */\nint x;\n#endif": "defined(A)",
    "#if (A + -1) < ~B ? !C : D\nint x;\n#endif": "(A + -1) < ~B ? !C : D",
    "#if 0\n#else\nint x;\n#endif": "",
    "#if 0\n#elif A\nint x;\n#endif": "A",
    "#if 1\nint x;\n#endif": "",
    "#ifndef __ASSEMBLY__\nint x;\n#endif": "",
    "#if defined(A) && 1\nint x;\n#endif": "defined(A) && 1",
    "#endif\n#else\nint x;": "",
    "/* c */ #ifdef A\nint x;\n#endif": "defined(A)",
  };
  for (const [text, wanted] of Object.entries(cases)) {
    it(text.replace(/\n/g, " ⏎ "), () => assert.equal(conditionOf(text), wanted));
  }

  it("are those around a block's extern", () => {
    const text = "#ifdef A\nint f(void)\n{\n#if B\n\textern int x;\n#else\n\tint y;\n#endif\n}\n#endif";
    assert.equal(conditionOf(text), "defined(A) && B");
  });

  it("come back after a body with branches of its own", () => {
    assert.equal(conditionOf("#ifdef A\nint f(void) {\n#ifdef B\n}\n#else\n}\n#endif\nint x;\n#endif"), "defined(A)");
  });

  it("tell where macros, includes and pragmas stand", () => {
    const file = parse("#ifdef A\n#include <a.h>\n#define W __attribute__((weak))\n#pragma weak y\n#endif\n");
    assert.deepEqual(
      [file.includes[0]!.condition, file.defines[0]!.condition, file.weakPragmas[0]!.condition],
      ["defined(A)", "defined(A)", "defined(A)"],
    );
  });

  describe("of an include guard", () => {
    it("are left out", () => {
      assert.equal(conditionOf("/* c */\n#ifndef X_H\n#define X_H\nint x;\n#endif /* X_H */\n"), "");
      assert.equal(conditionOf("#pragma once\n#if !defined(X_H)\n#define X_H 1\nint x;\n#endif"), "");
      assert.equal(conditionOf("#if !defined(T_H) || defined(MULTI_READ)\n#define T_H\nint x;\n#endif\n"), "");
    });

    it("stay where the guard does not span the file", () => {
      assert.equal(conditionOf("#ifndef N\n#define N 3\nint x;\n#endif\nint y;\n"), "!defined(N)");
      assert.equal(conditionOf("#ifndef N\n#define N 3\nint x;\n#else\nint y;\n#endif\n"), "!defined(N)");
    });

    it("stay where the next directive defines something else", () => {
      assert.equal(conditionOf("#ifndef N\n#define M\nint x;\n#endif\n"), "!defined(N)");
    });
  });

  describe("that never hold in C", () => {
    it("hide what stands there", () => {
      assert.deepEqual(names("#if 0\nint a;\n#if A\nint b;\n#else\nint c;\n#endif\n#endif\nint d;"), ["d"]);
      assert.deepEqual(names("#ifdef __ASSEMBLY__\nENTRY(a)\n#else\nint d;\n#endif"), ["d"]);
      assert.deepEqual(names("#if 1\nint d;\n#else\nint a;\n#endif"), ["d"]);
      assert.deepEqual(names("#ifdef __cplusplus\nint a;\n#endif\nint d;"), ["d"]);
    });

    it("may hold prose and half a comment's worth of quotes", () => {
      assert.deepEqual(
        names("#if 0\nDon't \"do this\n #endif in prose? No: # endif x\n/*\n#endif\n*/\n#endif\nint d;"),
        ["d"],
      );
    });
  });
});

describe("declarations that #if branches cut up", () => {
  it("name what each branch names", () => {
    assert.deepEqual(declared("#ifdef A\nint f(int a)\n#else\nint g(int a, int b)\n#endif\n{ return 1; }\nint y;"), [
      "f function body split",
      "g function body split",
      "y plain",
    ]);
  });

  it("have the condition of the branch that names them", () => {
    const text = "#ifdef A\nint f(int a)\n#else\nint f(int a, int b)\n#endif\n{ return 1; }";
    assert.deepEqual(
      parse(text).declarations.map(({ condition }) => condition),
      ["defined(A)", "!defined(A)"],
    );
  });

  it("are found once where the branches leave the name alone", () => {
    assert.deepEqual(declared("int f(int a,\n#ifdef A\n  int b,\n#else\n  int c,\n#endif\n  int d)\n{ }"), [
      "f function body split",
    ]);
    assert.deepEqual(declared("#ifdef A\nasmlinkage\n#else\nstatic\n#endif\nint f(void) { }"), [
      "f function body split",
    ]);
    assert.deepEqual(declared("int x\n#ifdef A\n __weak\n#endif\n;"), ["x plain split"]);
  });

  it("may open their brace in each branch", () => {
    const text = "#ifdef A\nint f(int a)\n{\n\tint z;\n#else\nint g(void)\n{\n#endif\n\treturn 1;\n}\nint y;";
    assert.deepEqual(declared(text), ["f function body split", "g function body", "y plain"]);
  });

  it("may close their brace in each branch", () => {
    assert.deepEqual(names("int f(void)\n{\n#ifdef A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t}\n}\nint y;"), [
      "f",
      "y",
    ]);
    assert.deepEqual(names("int f(void)\n#ifdef A\n{ return 1; }\n#else\n{ return 2; }\n#endif\nint y;"), ["f", "y"]);
  });

  it("may have an initializer in each branch", () => {
    assert.deepEqual(declared("int x =\n#ifdef A\n\t1;\n#else\n\t2;\n#endif\nint y;"), [
      "x plain initialized split",
      "y plain",
    ]);
    assert.deepEqual(declared("int x[] = {\n#ifdef A\n\t1,\n#else\n\t2,\n#endif\n};\nint y;"), [
      "x array initialized",
      "y plain",
    ]);
  });

  it("end before an #include", () => {
    assert.deepEqual(declared("int x\n#include <y.h>\nint z;"), ["x plain split", "z plain"]);
  });
});
