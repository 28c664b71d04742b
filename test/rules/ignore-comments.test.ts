import assert from "node:assert/strict";
import { findIgnoreComments, silences } from "../../server/src/rules/ignore-comments.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { loadFixture } from "../support/fixture-program.ts";

/** The lines, from 0, on which the rule is silenced in a text of ten lines. */
function silenced(text: string, rule = "weak-reference"): number[] {
  const comments = findIgnoreComments(sourceOfText(text));
  return Array.from({ length: 10 }, (_, line) => line).filter((line) =>
    comments.some((comment) => silences(comment, rule, line)),
  );
}

function rulesIn(text: string): string[] {
  return (
    loadFixture([{ path: "a.c", text }])
      .findings()
      .get("a.c") ?? []
  ).map(({ rule }) => rule);
}

describe("comments that silence", () => {
  it("speak of their line, the next one, a block or the file", () => {
    assert.deepEqual(silenced("\n/* weakspot-ignore */\n"), [1]);
    assert.deepEqual(silenced("\n// weakspot-ignore-next-line\n"), [2]);
    assert.deepEqual(silenced("\n# weakspot-ignore-begin\n\n# weakspot-ignore-end\n"), [1, 2, 3]);
    assert.equal(silenced("\n\n/* weakspot-ignore-file */\n").length, 10);
  });

  it("name rules, with a reason behind them", () => {
    const text = "/* weakspot-ignore provide-symbol, weak-reference -- weak-in-header is another matter */";
    assert.deepEqual(silenced(text), [0]);
    assert.deepEqual(silenced(text, "weak-in-header"), []);
  });

  it("nest, and reach to the end where they are not ended", () => {
    const text =
      "weakspot-ignore-begin a-b\nweakspot-ignore-begin weak-reference\nweakspot-ignore-end\nweakspot-ignore-end\n";
    assert.deepEqual(silenced(text), [1, 2]);
    assert.equal(silenced("\nweakspot-ignore-begin").length, 9);
  });

  it("are no other words that begin alike", () => {
    assert.deepEqual(silenced("weakspot-ignored weakspot-ignore-nextline"), []);
  });

  it("leave out findings, and are reported where they leave out none", () => {
    const weak = "extern int hook(void) __attribute__((weak));";
    assert.deepEqual(rulesIn(`${weak}\n`), ["weak-reference"]);
    assert.deepEqual(rulesIn(`${weak} // weakspot-ignore weak-reference\n`), []);
    assert.deepEqual(rulesIn(`${weak} // weakspot-ignore provide-symbol\n`), ["weak-reference", "unused-ignore"]);
  });
});
