/** The changes that a mutation run makes to a source. */

import assert from "node:assert/strict";
import { mutantsOf } from "./mutants.ts";

const changed = (source: string) =>
  mutantsOf(source).map(({ start, end, replacement }) => source.slice(0, start) + replacement + source.slice(end));

describe("mutants", () => {
  it("decide a condition once and for all", () => {
    assert.deepEqual(changed("if (a) b;"), ["if (true) b;", "if (false) b;"]);
  });

  it("take another operator, and keep what it joins together", () => {
    assert.deepEqual(changed("x = a || b && c;"), ["x = (a) && (b && c);", "x = a || (b) || (c);"]);
  });

  it("turn what is negated and what is constant", () => {
    assert.deepEqual(changed("x = !a;"), ["x = !!(a);"]);
    assert.deepEqual(changed("x = true;"), ["x = false;"]);
  });

  it("leave out a call", () => {
    assert.deepEqual(changed("f(1);"), [";"]);
  });

  it("leave types and texts alone", () => {
    assert.deepEqual(changed('type A = true; const s: "a" | false = x; y = "a" + b;'), []);
  });
});
