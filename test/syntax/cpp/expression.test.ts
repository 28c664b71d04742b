import assert from "node:assert/strict";
import { expand, messagesOf, preprocessText } from "./run.ts";

/** Whether #if takes the expression. */
function isTrue(expression: string, before = ""): boolean {
  return expand(`${before}\n#if ${expression}\nyes\n#endif`) === "yes";
}

describe("#if expressions", () => {
  const trues = [
    "1 + 2 * 3 == 7",
    "(1 + 2) * 3 == 9",
    "10 - 4 - 3 == 3",
    "-5 / 2 == -2 && -5 % 2 == -1",
    "1 << 3 >> 1 == 4",
    "-8 >> 1 == -4",
    "1 | 2 ^ 2 & 0",
    "1 ? 0 ? 0 : 5 : 0",
    "0 ? 0 : 0 ? 0 : 5",
    "1 == 1 == 1",
    "~0 == -1",
    "!0 && !!1",
    "-1 > 0u",
    "(0 ? 1u : -1) > 0",
    "9223372036854775807 + 1 < 0",
    "18446744073709551615 == -1",
    "0xFFFFFFFFFFFFFFFF > 0 && 0x7fffffffffffffff > 0",
    "077 == 63 && 0b101 == 5 && 0x1F == 31 && 1ull == 1 && 1LU == 1",
    "'a' == 97 && '\\n' == 10 && '\\x41' == 65 && '\\101' == 65 && 'ab' == 24930 && L'a' == 97",
    "'\\377' < 0",
    "1 << 64 == 0",
    "undefined_name == 0",
    "0 && 1 / 0 || 1",
    "1 || 1 / 0",
    "(2, 1)",
  ];
  for (const expression of trues) {
    it(`finds ${expression} true`, () => {
      assert.ok(isTrue(expression));
      assert.ok(!messagesOf(preprocessText(`#if ${expression}\n#endif`)).some((text) => text.startsWith("error")));
    });
  }

  it("knows which names are defined, also where a macro asks", () => {
    assert.ok(isTrue("defined A && defined(A) && !defined(B)", "#define A"));
    assert.ok(isTrue("HAS_A && !HAS_B", "#define A\n#define HAS_A defined(A)\n#define HAS_B defined B"));
  });

  it("expands macros, and takes a function-like name without a call as 0", () => {
    assert.ok(isTrue("f(2) == 4 && f == 0", "#define f(x) x * x"));
    assert.ok(isTrue("IS_ENABLED(CONFIG_A) && !IS_ENABLED(CONFIG_B)", KCONFIG));
  });

  it("asks the compiler for attributes and built-in functions", () => {
    assert.ok(isTrue("__has_attribute(__weak__) && __has_attribute(cold) && !__has_attribute(no_such)"));
    assert.ok(isTrue("__has_builtin(__builtin_expect) && !__has_builtin(__builtin_no_such)"));
    assert.ok(isTrue("__has_attribute(regparm)", "#define __x86_64__ 1"));
    assert.ok(!isTrue("__has_attribute(regparm)"));
    assert.equal(expand("#ifdef __has_attribute\nno\n#endif", { mode: "assembler" }), "");
  });

  const faults: readonly [expression: string, message: string][] = [
    ["", "#if with no expression"],
    ["1 +", "operator '+' has no right operand"],
    ["+", "operator '+' has no right operand"],
    ["&& 1", "operator '&&' has no left operand"],
    ["(1", "missing ')' in expression"],
    ["1)", "missing '(' in expression"],
    ["()", "missing expression between '(' and ')'"],
    ["1 2", 'missing binary operator before token "2"'],
    ["f(1)", 'missing binary operator before token "("'],
    ["1 ? 2", "'?' without following ':'"],
    ["1 : 2", "':' without preceding '?'"],
    ["1 = 1", 'token "=" is not valid in preprocessor expressions'],
    ['"a"', 'token ""a"" is not valid in preprocessor expressions'],
    ["1.5", "floating constant in preprocessor expression"],
    ["0x1g", 'invalid suffix "g" on integer constant'],
    ["08", 'invalid digit "8" in octal constant'],
    ["1 / 0", "division by zero in #if"],
    ["defined", 'operator "defined" requires an identifier'],
    ["''", "empty character constant"],
  ];
  for (const [expression, message] of faults) {
    it(`reports "${expression}" as gcc does`, () => {
      assert.deepEqual(messagesOf(preprocessText(`#if ${expression}\n#endif`)), [`error: ${message}`]);
    });
  }

  it("takes a wrong expression as false, and a division by zero as its dividend", () => {
    assert.ok(!isTrue("1 +"));
    assert.ok(isTrue("10 / 0"));
  });
});

/** The idea of include/linux/kconfig.h: a defined macro brings a comma with it. */
const KCONFIG = `
#define CONFIG_A 1
#define PLACEHOLDER_1 0,
#define SECOND(ignored, value, ...) value
#define IS_ENABLED(option) IS_SET(option)
#define IS_SET(value) IS_SET_(PLACEHOLDER_##value)
#define IS_SET_(comma_or_junk) SECOND(comma_or_junk 1, 0)
`;
