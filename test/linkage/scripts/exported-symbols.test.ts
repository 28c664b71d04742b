/** What a version script lets out of a library: exact names before patterns, patterns before `*`, as bfd_find_version_for_sym. */

import assert from "node:assert/strict";
import { scriptOf } from "../../../server/src/linkage/facts/parsed.ts";
import { isExported } from "../../../server/src/linkage/scripts/exported-symbols.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

const isOut = (name: string, text: string): boolean => isExported(name, scriptOf("/lib.ver", sourceOfText(text)));

describe("a version script", () => {
  it("lets out what it says nothing of", () => {
    assert.equal(isOut("a", "V1 { global: b; };"), true);
  });

  it("takes a name before a pattern, and a pattern before *", () => {
    assert.equal(isOut("a_x", "V1 { global: a_x; local: a_*; };"), true);
    assert.equal(isOut("a_y", "V1 { global: a_x; local: a_*; };"), false);
    assert.equal(isOut("a_y", "V1 { global: a_*; local: *; };"), true);
    assert.equal(isOut("b", "V1 { global: a_*; local: *; };"), false);
  });

  it("goes through the versions together", () => {
    assert.equal(isOut("b", "V1 { global: a; local: *; }; V2 { global: b; } V1;"), true);
  });

  it("takes quoted patterns for names, and lists of C++ names for others", () => {
    assert.equal(isOut("a_x", 'V1 { global: "a_*"; local: *; };'), false);
    assert.equal(isOut("a_x", 'V1 { global: extern "C++" { a_x; }; local: *; };'), false);
    assert.equal(isOut("a_x", 'V1 { global: extern "C" { a_x; }; local: *; };'), true);
  });

  for (const [pattern, fitting, others] of [
    ["a?c", ["abc"], ["ac", "abbc"]],
    ["a*c", ["ac", "abc", "acbc"], ["a", "acb"]],
    ["*_ab", ["_ab", "x_a_ab"], ["_a", "_abc"]],
    ["[ab]x", ["ax", "bx"], ["cx", "x"]],
    ["[a-c_]x", ["ax", "bx", "cx", "_x"], ["dx", "-x"]],
    ["[!a-c]x", ["dx", "_x"], ["ax", "cx"]],
    ["[^a]x", ["bx"], ["ax"]],
    ["v[0-9]*", ["v1", "v1_init"], ["v", "vx1"]],
  ] as const) {
    it(`lets ${fitting.join(", ")} out by ${pattern}, and not ${others.join(", ")}`, () => {
      const script = `V1 { global: ${pattern}; local: *; };`;
      assert.deepEqual(
        [...fitting, ...others].filter((name) => isOut(name, script)),
        fitting,
      );
    });
  }
});
