import assert from "node:assert/strict";
import { type EvaluationContext, evaluate, showValue } from "../../../server/src/syntax/ld/evaluate.ts";
import { parseWhole } from "./script-text.ts";

function value(text: string, context: EvaluationContext = {}): bigint | string {
  const [statement] = parseWhole(`x = ${text};`).statements;
  assert.ok(statement?.kind === "assignment");
  const result = evaluate(statement.value, context);
  return result.kind === "value" ? result.value : result.kind === "error" ? result.message : "unknown";
}

const ALL = (1n << 64n) - 1n;

describe("values of constant expressions in linker scripts", () => {
  const values: readonly (readonly [string, bigint])[] = [
    ["1 + 2 * 3", 7n],
    ["1 - 2", ALL],
    ["~0", ALL],
    ["-1 / 2", 0n],
    ["-7 % 3", ALL],
    ["-8 >> 60", 15n],
    ["-1 > 1", 1n],
    ["1 << 63", 1n << 63n],
    ["!5 + !0", 1n],
    ["2 && 1 || 0", 1n],
    ["1 == 1 ? 4K : 1 / 1", 4096n],
    ["0 && unknown", 0n],
    ["unknown || 1", 1n],
    ["MAX(-1, 1)", ALL],
    ["MIN(3, 2)", 2n],
    ["ALIGN(0x1001, 0x1000)", 0x2000n],
    ["ALIGN(5, 0)", 5n],
    ["LOG2CEIL(0)", 0n],
    ["LOG2CEIL(8)", 3n],
    ["LOG2CEIL(9)", 4n],
    ["LOG2CEIL(-1)", 64n],
    ["ABSOLUTE((3))", 3n],
    ['ASSERT(2, "x")', 2n],
    ["6 ^ 3", 5n],
  ];
  for (const [text, expected] of values) it(`${text} is ${expected}`, () => assert.equal(value(text), expected));

  for (const text of [
    "a",
    ".",
    "ALIGN(8)",
    "SIZEOF(.text)",
    "DEFINED(a)",
    "ORIGIN(r)",
    "1 << 64",
    "a ? 1 : 2",
    "1 + a",
    "SIZEOF_HEADERS",
  ]) {
    it(`${text} is not constant`, () => assert.equal(value(text), "unknown"));
  }

  it("says where ld stops", () => {
    assert.equal(value("1 / 0"), "/ by zero");
    assert.equal(value("a % (1 - 1)"), "% by zero");
    // ld computes with numbers as it reads them.
    assert.equal(value("1 ? 2 : 3 / 0"), "/ by zero");
  });

  it("asks for what names mean", () => {
    const context: EvaluationContext = {
      dot: 0x1001n,
      symbol: (name) => (name === "a" ? 4n : undefined),
      isDefined: (name) => name === "a",
      region: (name) => (name === "ram" ? { origin: 0x100n, length: 0x10n } : undefined),
      constant: (name) => (name === "MAXPAGESIZE" ? 0x1000n : undefined),
      section: (property, name) => (property === "SIZEOF" && name === ".text" ? 8n : undefined),
    };
    assert.equal(value("a + ORIGIN(ram) + LENGTH(ram)", context), 0x114n);
    assert.equal(value("ALIGN(CONSTANT(MAXPAGESIZE)) - .", context), 0xfffn);
    assert.equal(value("DEFINED(a) ? SIZEOF(.text) : b", context), 8n);
    assert.equal(value("DEFINED(b)", context), 0n);
    assert.equal(value("b", context), "unknown");
  });

  it("adds up long sums", () => {
    assert.equal(value(`0${" + 1".repeat(20000)}`), 20000n);
  });

  it("shows values as people read addresses", () => {
    assert.deepEqual([7n, 16n, ALL].map(showValue), ["7", "0x10", "0xffffffffffffffff (-1)"]);
  });
});
