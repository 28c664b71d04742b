import assert from "node:assert/strict";
import { formatPreprocessed } from "../../../server/src/syntax/cpp/format.ts";
import { createPreprocessorCache } from "../../../server/src/syntax/cpp/state.ts";
import { expand, type Files, messagesOf, preprocessFiles, preprocessText, squeeze } from "./run.ts";

function expandFiles(files: Files, options: Parameters<typeof preprocessFiles>[1] = {}): string {
  return squeeze(formatPreprocessed(preprocessFiles(files, options)).text);
}

describe("conditional directives", () => {
  const cases: readonly [what: string, text: string, expected: string][] = [
    ["take the first branch that is true", "#if 0\na\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif\ne", "b e"],
    ["take the else branch", "#ifdef A\na\n#elif 0\nb\n#else\nc\n#endif", "c"],
    ["nest, skipped ones included", "#if 0\n#if 1\na\n#else\nb\n#endif\n#else\n#ifndef A\nc\n#endif\n#endif", "c"],
    ["do not evaluate what comes behind a taken branch", "#if 1\na\n#elif 1/0\nb\n#endif", "a"],
    ["know #elifdef and #elifndef", "#if 0\n#elifdef A\na\n#elifndef A\nb\n#endif", "b"],
    ["ignore other directives in skipped groups", "#if 0\n#error no\n#include <no>\n#foo\n'\n#endif\nx", "x"],
    ["see definitions of the text before", "#define A\n#ifdef A\n#undef A\n#endif\n#ifndef A\nx\n#endif", "x"],
  ];
  for (const [what, text, expected] of cases) it(what, () => assert.equal(expand(text), expected));

  it("report what does not belong together", () => {
    assert.deepEqual(
      messagesOf(preprocessText("#endif\n#else\n#elif 1\n#if 1\n#else\n#else\n#endif\n#ifdef\n#endif")),
      [
        "error: #endif without #if",
        "error: #else without #if",
        "error: #elif without #if",
        "error: #else after #else",
        "error: no macro name given in #ifdef directive",
      ],
    );
  });

  it("tell which text of the main file they leave out", () => {
    const text = "a\n#if 0\nb\n#else\nc\n#endif\n#if 1\nd\n#elif 1\ne\n#endif\n";
    const { inactive } = preprocessText(text);
    assert.deepEqual(
      inactive.map(({ start, end }) => text.slice(start, end)),
      ["b\n", "e\n"],
    );
  });
});

describe("#include", () => {
  it("looks beside the including file, then along the paths", () => {
    const files = {
      "src/main.c": '#include "a.h"\n#include <a.h>\n#include "b.h"\n#include <c.h>\n',
      "src/a.h": "beside",
      "one/a.h": "one",
      "two/a.h": "two",
      "quote/b.h": "quoted",
      "two/c.h": '#include "a.h"',
    };
    assert.equal(expandFiles(files, { quotePaths: ["quote"], includePaths: ["one", "two"] }), "beside one quoted two");
  });

  it("goes on behind the folder of the including file with #include_next", () => {
    const files = {
      "main.c": "#include <a.h>\n",
      "one/a.h": "1\n#include_next <a.h>\n",
      "two/a.h": "2\n#include_next <a.h>\n",
      "three/a.h": "3\n",
    };
    assert.equal(expandFiles(files, { includePaths: ["one", "two", "three"] }), "1 2 3");
  });

  it("takes its operand from macros", () => {
    const files = {
      "main.c": '#define N(x) <x/ab.h>\n#define M "c.h"\n#include N(d)\n#include M\n',
      "inc/d/ab.h": "ab",
      "c.h": "c",
    };
    assert.equal(expandFiles(files, { includePaths: ["inc"] }), "ab c");
  });

  it("reads once what is guarded, says #pragma once, or is imported", () => {
    const files = {
      "main.c": '#include "g.h"\n#include "g.h"\n#include "o.h"\n#include "o.h"\n#import "i.h"\n#import "i.h"\n',
      "g.h": "#ifndef G\n#define G\ng\n#endif\n",
      "o.h": "#pragma once\no\n",
      "i.h": "i\n",
    };
    assert.equal(expandFiles(files), "g o i");
  });

  it("says what it did not find, and goes on", () => {
    const result = preprocessFiles({ "main.c": '#include "no.h"\n#include <no.h>\n#include\n#include ""\nx\n' });
    assert.deepEqual(messagesOf(result), [
      "error: no.h: No such file or directory",
      "error: no.h: No such file or directory",
      'error: #include expects "FILENAME" or <FILENAME>',
      "error: empty filename in #include",
    ]);
    assert.deepEqual(
      result.includes.map(({ start, end, isAngled, path }) => ({ start, end, isAngled, path })),
      [
        { start: 9, end: 15, isAngled: false, path: undefined },
        { start: 25, end: 31, isAngled: true, path: undefined },
      ],
    );
  });

  it("answers __has_include and __has_include_next", () => {
    const text =
      '#if __has_include("a.h") && !__has_include(<no.h>) && __has_include(A)\nyes\n#endif\n#ifdef __has_include\nknown\n#endif\n';
    assert.equal(
      expandFiles({ "main.c": `#define A <b.h>\n${text}`, "a.h": "", "i/b.h": "" }, { includePaths: ["i"] }),
      "yes known",
    );
  });

  it("reads forced includes before the file, and definitions before those", () => {
    const files = { "main.c": "B main\n", "k.h": "#define B A\n" };
    assert.equal(
      expandFiles(files, { forcedIncludes: ["k.h"], definitions: "#define A 7\n", predefined: "#define main __x\n" }),
      "7 __x",
    );
  });

  it("does not let a call go on behind the end of a file", () => {
    const files = { "main.c": '#define f(x) [x]\n#include "a.h"\n(1)\n', "a.h": "f" };
    assert.equal(expandFiles(files), "f (1)");
  });

  it("knows every name of a long header as well as those of the file before it", () => {
    let names = "";
    for (let i = 0; i < 10_000; i++) names += `#define name${i} ${i}\n`;
    const files = { "main.c": '#include "a.h"\nself name9999\n', "a.h": `${names}#define self self + 1\n` };
    assert.equal(expandFiles(files), "self + 1 9999");
  });

  it("takes dots out of paths", () => {
    const files = { "a/b/main.c": '#include "../c/./d.h"\n', "a/c/d.h": "d" };
    assert.equal(expandFiles(files), "d");
  });

  it("reads a header anew where the caller gives another text, and only then", () => {
    const cache = createPreprocessorCache();
    const first = preprocessFiles({ "main.c": '#include "a.h"\n', "a.h": "one" }, { cache });
    const second = preprocessFiles({ "main.c": '#include "a.h"\n', "a.h": "two" }, { cache });
    assert.equal(squeeze(formatPreprocessed(first).text), "one");
    assert.equal(squeeze(formatPreprocessed(second).text), "two");
  });
});

describe("other directives", () => {
  it("pass #error and #warning on as messages", () => {
    assert.deepEqual(messagesOf(preprocessText("#error  don't   do this\n#warning x")), [
      "error: #error don't   do this",
      "warning: #warning x",
    ]);
  });

  it("pass pragmas on in lines of their own, and obey those that are the preprocessor's", () => {
    const text = [
      "#define X 1",
      '#pragma push_macro("X")',
      "#undef X",
      "#pragma weak X = y",
      'X _Pragma("GCC diagnostic push") z',
      '#pragma pop_macro("X")',
      "X",
    ];
    const formatted = formatPreprocessed(preprocessText(text.join("\n"))).text;
    assert.equal(formatted, "#pragma weak X = y\nX\n#pragma GCC diagnostic push\n z\n1\n");
  });

  it("keep pragmas from assemblers", () => {
    assert.equal(expand('#pragma weak a\n_Pragma("weak b") x', { mode: "assembler" }), "x");
  });

  it("let #line change what __LINE__ and __FILE__ say", () => {
    assert.equal(expand('#line 100 "x.y"\n__LINE__ __FILE__\n__LINE__\n# 7 "z"\n__LINE__'), '100 "x.y" 101 7');
  });

  it("report a word that is no directive, except in assembly", () => {
    assert.deepEqual(messagesOf(preprocessText("#foo\n#\n")), ["error: invalid preprocessing directive #foo"]);
    assert.deepEqual(messagesOf(preprocessText("#foo\n#\n", { mode: "assembler" })), []);
  });

  it("report definitions that make no macro", () => {
    const texts = [
      "#define",
      "#define 1",
      "#define f(a",
      "#define f(a,a)",
      "#define f(1)",
      "#define f(a,)",
      "#define f(a...,b)",
    ];
    for (const text of [...texts, "#define f ##", "#define f ## a", "#define f(a) #b", "#define defined"]) {
      assert.deepEqual(
        preprocessText(text).messages.map(({ severity }) => severity),
        ["error"],
        text,
      );
    }
  });
});
