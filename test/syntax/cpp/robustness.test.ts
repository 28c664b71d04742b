import assert from "node:assert/strict";
import type { Mode } from "../../../server/src/syntax/cpp/scan.ts";
import { randomText } from "../../conformance/cpp/random-text.ts";
import { createRandom } from "../../support/random.ts";
import { expand, messagesOf, preprocessFiles, preprocessText } from "./run.ts";

/** Fewer steps than a user's file gets, as these texts would take as many as they may. */
const LIMITS = { steps: 300_000, spelling: 1000 };

function endsWith(text: string, message: RegExp, mode: Mode = "c"): void {
  const result = preprocessText(text, { mode, limits: LIMITS });
  assert.match(messagesOf(result).join("\n"), message);
}

describe("the preprocessor with hostile input", () => {
  it("ends when a file includes itself", () => {
    const result = preprocessFiles({ "a.h": '#include "a.h"\nint x;\n' });
    assert.match(messagesOf(result)[0]!, /#include nested depth 201 exceeds maximum of 200/);
    assert.equal(result.tokens.count, 201 * 3);
    assert.equal(result.isComplete, true);
  });

  it("ends when files include themselves twice over", () => {
    const result = preprocessFiles({ "a.h": '#include "a.h"\n#include "a.h"\n' }, { limits: LIMITS });
    assert.match(messagesOf(result).join("\n"), /expand without end/);
    assert.equal(result.isComplete, false);
  });

  it("ends when macros double what they are given", () => {
    let text = "#define D0(x) x x\n";
    for (let i = 1; i < 60; i++) text += `#define D${i}(x) D${i - 1}(D${i - 1}(x))\n`;
    endsWith(`${text}D59(a)\n`, /expand without end/);
  });

  it("ends when object-like macros double themselves", () => {
    let text = "#define D0 x x\n";
    for (let i = 1; i < 60; i++) text += `#define D${i} D${i - 1} D${i - 1}\n`;
    endsWith(`${text}D59\n`, /expand without end|too long/);
  });

  it("ends when # and ## make spellings that double", () => {
    let text = "#define P(a, b) a ## b\n#define Q(a, b) P(a, b)\n#define A0 aaaaaaaa\n";
    for (let i = 1; i < 60; i++) text += `#define A${i} Q(A${i - 1}, A${i - 1})\n`;
    endsWith(`${text}A59\n`, /## makes spellings without end/);
    let strings = "#define S(a) #a\n#define T(a) S(a a)\n#define B0 b\n";
    for (let i = 1; i < 60; i++) strings += `#define B${i} T(B${i - 1})\n`;
    endsWith(`${strings}B59\n`, /# makes strings without end/);
  });

  it("ends when calls nest deeply", () => {
    const depth = 20_000;
    const text = `#define f(x) x\n${"f(".repeat(depth)}1${")".repeat(depth)}\n`;
    endsWith(text, /given up/);
    endsWith(`#define f(x) x\n#if ${"f(".repeat(depth)}1${")".repeat(depth)}\n#endif\n`, /given up/);
    const result = preprocessText(`#define f(x) x\n${"f(".repeat(500)}1${")".repeat(500)}\n`);
    assert.match(messagesOf(result).join("\n"), /nest too deeply/);
  });

  it("gives up calls that nest hopelessly at once", () => {
    const text = `#define f(x) x\n${"f(".repeat(20_000)}1${")".repeat(20_000)}\n`;
    assert.deepEqual(messagesOf(preprocessText(text, { limits: { steps: 100_000 } })), [
      "error: preprocessing was given up: macro calls nest too deeply",
    ]);
  });

  it("ends when a row of ## makes one spelling longer and longer", () => {
    endsWith(`#define X(a) ${"a##".repeat(50_000)}a\nX(b)\n`, /given up/);
  });

  it("takes calls that nest as deep as people write them", () => {
    const depth = 200;
    assert.equal(expand(`#define f(x) x\n${"f(".repeat(depth)}1${")".repeat(depth)}\n`), "1");
  });

  it("evaluates parentheses and operators of any depth", () => {
    const depth = 20_000;
    assert.equal(expand(`#if ${"(".repeat(depth)}1${")".repeat(depth)}\nyes\n#endif`), "yes");
    assert.equal(expand(`#if ${"!".repeat(depth)}1\nyes\n#endif`), "yes");
    assert.equal(expand(`#if ${"1 ? 1 : ".repeat(depth)}0\nyes\n#endif`), "yes");
  });

  it("takes conditionals of any depth", () => {
    const depth = 5000;
    assert.equal(expand(`${"#if 1\n".repeat(depth)}yes\n${"#endif\n".repeat(depth)}`), "yes");
    assert.equal(expand(`#if 0\n${"#if 1\n".repeat(depth)}no\n${"#endif\n".repeat(depth)}#endif\nyes`), "yes");
  });

  it("takes long lines, joined or not", () => {
    assert.equal(preprocessText(`${"a ".repeat(100_000)}\n`).tokens.count, 100_000);
    assert.equal(preprocessText(`${"a\\\n ".repeat(50_000)}\n`).tokens.count, 50_000);
    assert.equal(preprocessText(`x${"\\\n".repeat(50_000)}y\n`).tokens.count, 1);
    assert.equal(preprocessText(`"${"a\\\n".repeat(50_000)}"\n`).tokens.count, 1);
    endsWith(`#if ${"9".repeat(1_000_000)}\n#endif\n`, /too large/);
  });

  it("ends whatever is left open", () => {
    for (const text of [
      "/*",
      "#if 1",
      '"',
      "'",
      "#define",
      "#define f(",
      "#include",
      "#include <",
      "#if",
      "#pragma",
      "#",
      "\\",
    ]) {
      preprocessText(text);
      preprocessText(text, { mode: "assembler" });
    }
    assert.deepEqual(messagesOf(preprocessText("#if 1\n/*")), [
      "error: unterminated #if",
      "error: unterminated comment",
    ]);
    assert.deepEqual(messagesOf(preprocessText("#define f(x) x\nf(1\n")), [
      'error: unterminated argument list invoking macro "f"',
    ]);
  });

  it("keeps at most a thousand messages", () => {
    assert.equal(preprocessText("#error\n".repeat(5000)).messages.length, 1000);
  });

  it("never throws, whatever the bytes", () => {
    const random = createRandom(7);
    const pieces = [
      "#",
      "if",
      "define",
      "include",
      "(",
      ")",
      "\n",
      " ",
      "\\\n",
      '"',
      "'",
      "f",
      "##",
      ",",
      "\0",
      "é",
      "\ufeff",
      "\r",
      "/*",
      "*/",
      "//",
      "__VA_OPT__",
      "1e+",
      'R"(',
      "<",
      ">",
      "_Pragma",
      "__LINE__",
      "\\u00e9",
    ];
    for (let i = 0; i < 1000; i++) {
      let text = "#define f(x, ...) x # x ## __VA_ARGS__ __VA_OPT__(x)\n";
      for (let k = random(60); k > 0; k--) text += pieces[random(pieces.length)]!;
      preprocessText(text, { mode: i % 2 === 0 ? "c" : "assembler" });
    }
  });

  it("never throws, wherever a text is cut off", () => {
    const text = randomText(createRandom(11), "c");
    for (let end = 0; end < text.length; end++) preprocessText(text.slice(0, end));
  });
});
