import assert from "node:assert/strict";
import { coversAll } from "../../server/src/linkage/script-assignments.ts";

describe("coversAll", () => {
  it("holds when one conjunction is empty", () => {
    assert.equal(coversAll([["defined(A)"], []]), true);
  });
  it("holds for a condition and its negation", () => {
    assert.equal(coversAll([["defined(A)"], ["!(defined(A))"]]), true);
  });
  it("does not hold for one branch alone", () => {
    assert.equal(coversAll([["defined(A)"]]), false);
  });
  it("holds for nested branches that meet", () => {
    assert.equal(coversAll([["A", "B"], ["A", "!(B)"], ["!(A)"]]), true);
    assert.equal(coversAll([["A", "B"], ["!(A)"]]), false);
  });
  it("does not hold for nothing", () => {
    assert.equal(coversAll([]), false);
  });
});
