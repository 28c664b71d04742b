import assert from "node:assert/strict";
import { coversAll } from "../../../server/src/linkage/scripts/script-assignments.ts";

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
  it("takes `!X` and `!(X)` for the same", () => {
    assert.equal(coversAll([["defined(A)"], ["!defined(A)"]]), true);
    assert.equal(coversAll([["!A", "B"], ["!(A)", "!B"], ["A"]]), true);
  });
  it("takes a negated conjunction apart", () => {
    assert.equal(coversAll([["defined(A)", "!defined(B)"], ["!(defined(A) && !defined(B))"]]), true);
    assert.equal(coversAll([["defined(A)"], ["!(defined(A) && !defined(B))", "defined(B)"]]), false);
  });
  it("leaves out what contradicts itself", () => {
    assert.equal(
      coversAll([
        ["A", "!A"],
        ["B", "A", "!(A)"],
      ]),
      false,
    );
  });
  it("does not split what stands in parentheses or negate half of a sum", () => {
    assert.equal(coversAll([["!(A) || (B)"], ["A) || (B"]]), false);
  });
  it("does not hold for nothing", () => {
    assert.equal(coversAll([]), false);
  });
});
