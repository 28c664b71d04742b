/** Fixes of linker scripts that would change what is linked: none is offered, and nothing is claimed that ld does otherwise. */

import assert from "node:assert/strict";
import type { Fix } from "../../server/src/rules/rule.ts";
import { loadFixture } from "../support/fixture-program.ts";

/** The fixes of a rule in a script; undefined where the rule finds nothing. */
function fixesOf(rule: string, text: string): readonly Fix[] | undefined {
  const fixture = loadFixture([{ path: "a.ld", text }]);
  const finding = fixture
    .findings()
    .get("a.ld")
    ?.find((one) => one.rule === rule);
  return finding === undefined ? undefined : fixture.ruleOf(rule).fixes!(finding, fixture.context("a.ld"));
}

describe("a fix of a script", () => {
  it("keeps a file that a pattern names, as ld links what it names", () => {
    const [fix] = fixesOf(
      "unmatched-pattern",
      "SECTIONS { .text : { *(.text*) } .entry : { cpu/start.o (.text_entry) } }",
    )!;
    assert.deepEqual(fix?.edits, []);
    assert.match(fix.refusal ?? "", /ld links 'cpu\/start\.o' where a script names it/);
  });

  it("takes one of several patterns of a named file, and all of a wildcard's", () => {
    const [one] = fixesOf("unmatched-pattern", "SECTIONS { .text : { *(.text*) start.o (.text.a .data) } }")!;
    assert.equal(one?.refusal, undefined);
    const [all] = fixesOf("unmatched-pattern", "SECTIONS { .text : { *(.text*) *start.o (.text.a) } }")!;
    assert.equal(all?.isPreferred, true);
    const [member] = fixesOf("unmatched-pattern", "SECTIONS { .text : { *(.text*) lib.a:start.o (.text.a) } }")!;
    assert.equal(member?.isPreferred, true);
  });

  for (const text of [
    'ok = ASSERT(a < b, "order"); ok = ASSERT(b < c, "order");',
    'ok = (ASSERT(a < b, "order") + 1); ok = 2;',
    'ok = a ? ASSERT(b, "m") : 0; ok = 2;',
  ]) {
    it(`does not call a value lost that ld checks: ${text}`, () =>
      assert.equal(fixesOf("assigned-twice", `a = 1; b = 2; c = 3; ${text}`), undefined));
  }

  for (const text of [
    "PROVIDE(x = 1); y = x; x = 2;",
    "SECTIONS { PROVIDE(x = .); .text x : { *(.text) } x = .; }",
    "PROVIDE(x = 1);\nINCLUDE more.ld\nx = 2;",
  ]) {
    it(`keeps a PROVIDE that lld takes until the assignment: ${text}`, () =>
      assert.equal(fixesOf("ineffective-provide", text), undefined));
  }

  it("takes a PROVIDE whose symbol is used elsewhere", () => {
    for (const text of ["x = 2; PROVIDE(x = 1); y = x;", "y = x; PROVIDE(x = 1); x = 2; z = x;"]) {
      assert.equal(fixesOf("ineffective-provide", text)?.[0]?.isPreferred, true, text);
    }
  });

  it("keeps a PROVIDE_HIDDEN that hides what the script assigns", () => {
    const [fix] = fixesOf("ineffective-provide", "x = 2; PROVIDE_HIDDEN(x = 1);")!;
    assert.match(fix?.refusal ?? "", /hides/);
    assert.equal(fixesOf("ineffective-provide", "HIDDEN(x = 2); PROVIDE_HIDDEN(x = 1);")?.[0]?.isPreferred, true);
  });
});
