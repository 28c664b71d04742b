import assert from "node:assert/strict";
import { numberValue } from "../../../server/src/syntax/ld/numbers.ts";
import { parseWhole, show, shownValue } from "./script-text.ts";

describe("expressions of linker scripts", () => {
  it("binds operators as C does", () => {
    assert.equal(shownValue("1 + 2 * 3 - 4"), "[[1 + [2 * 3]] - 4]");
    assert.equal(shownValue("1 || 2 && 3 | 4 ^ 5 & 6"), "[1 || [2 && [3 | [4 ^ [5 & 6]]]]]");
    assert.equal(shownValue("1 == 2 < 3 << 4 + 5"), "[1 == [2 < [3 << [4 + 5]]]]");
    assert.equal(shownValue("8 / 4 / 2 % 3"), "[[[8 / 4] / 2] % 3]");
  });

  it("binds unary operators tightest", () => {
    assert.equal(shownValue("-1 + ~2 * !3"), "[[-1] + [[~2] * [!3]]]");
    assert.equal(shownValue("- - 1"), "[-[-1]]");
  });

  it("nests the conditional operator to the right", () => {
    assert.equal(shownValue("1 ? 2 : 3 ? 4 : 5"), "[1 ? 2 : [3 ? 4 : 5]]");
    assert.equal(shownValue("1 ? 2 ? 3 : 4 : 5"), "[1 ? [2 ? 3 : 4] : 5]");
    assert.equal(shownValue("1 + 1 ? 2 : 3"), "[[1 + 1] ? 2 : 3]");
  });

  it("keeps parentheses", () => {
    assert.equal(shownValue("(1 + 2) * ((3))"), "[([1 + 2]) * ((3))]");
  });

  it("knows every function", () => {
    const functions = [
      "ABSOLUTE<.>",
      "ADDR<section .text>",
      "ALIGN<8>",
      "ALIGN<., 8>",
      "ALIGNOF<section .text>",
      "BLOCK<8>",
      "DATA_SEGMENT_ALIGN<1, 2>",
      "DATA_SEGMENT_END<.>",
      "DATA_SEGMENT_RELRO_END<0, .>",
      "LENGTH<region ram>",
      "LOADADDR<section .text>",
      "LOG2CEIL<8>",
      "MAX<1, 2>",
      "MIN<1, 2>",
      "NEXT<8>",
      "ORIGIN<region ram>",
      "SIZEOF<section .text>",
      "DEFINED<symbol a>",
      "CONSTANT<constant MAXPAGESIZE>",
      "ASSERT<1, message text>",
      "SEGMENT_START<constant text, 4>",
    ];
    for (const shown of functions) {
      const text = shown
        .replace("<", "(")
        .replace(">", ")")
        .replace("constant text,", '"text",')
        .replace(/\b(?:section|region|symbol|constant|message) /, "");
      assert.equal(shownValue(text), shown);
    }
    assert.equal(shownValue("SIZEOF_HEADERS + 1"), "[SIZEOF_HEADERS<> + 1]");
  });

  it("reads names of sections and regions as names of the script, operators included", () => {
    assert.equal(shownValue("SIZEOF(.a-b+c:d) - 1"), "[SIZEOF<section .a-b+c:d> - 1]");
    assert.equal(shownValue("a-b"), "[a - b]");
    assert.equal(shownValue("a/b"), "a/b");
  });

  it("reads quoted names", () => {
    assert.equal(shownValue('"a b" + 1'), '["a b" + 1]');
  });

  it("gives each name's place", () => {
    const script = parseWhole("x = foo + SIZEOF(.text);");
    assert.deepEqual(
      script.uses.map(({ text, role, isDefinition, start, end }) => ({ text, role, isDefinition, start, end })),
      [
        { text: "x", role: "symbol", isDefinition: true, start: 0, end: 1 },
        { text: "foo", role: "symbol", isDefinition: false, start: 4, end: 7 },
        { text: ".text", role: "section", isDefinition: false, start: 17, end: 22 },
      ],
    );
  });

  it("spans operands and operators", () => {
    const [statement] = parseWhole("x = a + (b);").statements;
    assert.ok(statement?.kind === "assignment" && statement.value.kind === "binary");
    const { start, end, operatorSpan, right } = statement.value;
    assert.deepEqual([start, end, operatorSpan.start, right.start, right.end], [4, 11, 6, 8, 11]);
    assert.equal(show(right), "(b)");
  });
});

describe("numbers of linker scripts", () => {
  const values: readonly (readonly [string, bigint])[] = [
    ["0", 0n],
    ["10", 10n],
    ["010", 8n],
    ["0x10", 16n],
    ["0X1f", 31n],
    ["$ff", 255n],
    ["0ffh", 255n],
    ["10H", 16n],
    ["17o", 15n],
    ["101b", 5n],
    ["12d", 12n],
    ["4K", 4096n],
    ["4k", 4096n],
    ["2M", 2n << 20n],
    ["0x10K", 16384n],
    ["0xffffffffffffffff", (1n << 64n) - 1n],
    ["0x1ffffffffffffffff", (1n << 64n) - 1n],
    ["18446744073709551616", 0n],
  ];
  for (const [text, value] of values) {
    it(`reads ${text} as ${value}`, () => {
      assert.equal(numberValue(text), value);
      const [statement] = parseWhole(`x = ${text};`).statements;
      assert.ok(statement?.kind === "assignment" && statement.value.kind === "number");
      assert.equal(statement.value.value, value);
    });
  }
});
