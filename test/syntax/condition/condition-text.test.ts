import assert from "node:assert/strict";
import {
  eitherCondition,
  isContradiction,
  joinConditions,
  symbolsOfCondition,
} from "../../../server/src/syntax/condition/condition-text.ts";

describe("conditions as texts", () => {
  it("are joined, what they share once", () => {
    assert.equal(joinConditions("A && B", "B && (C && D)"), "A && B && (C && D)");
    assert.equal(joinConditions("", "A"), "A");
    assert.equal(joinConditions("A || B", "C"), "(A || B) && C");
  });

  it("are nothing where every branch is among them", () => {
    assert.equal(eitherCondition(["A", "!A"]), "");
    assert.equal(eitherCondition(["X && A", "X && !A && B", "X && !A && !B"]), "X");
    assert.equal(eitherCondition(["!A && !B", "A", "!A && B"]), "");
    assert.equal(eitherCondition(["A || B", "!(A || B)"]), "");
  });

  it("are the weaker one where one holds within the other", () => {
    assert.equal(eitherCondition(["A && B", "A"]), "A");
    assert.equal(eitherCondition(["A", ""]), "");
    assert.equal(eitherCondition(["A", "!A && B"]), "((A) || (B))");
  });

  it("are alternatives where they have nothing to do with each other", () => {
    assert.equal(eitherCondition(["X && A", "X && B", "X && C"]), "X && ((A) || (B) || (C))");
  });

  it("never hold where they demand a term and its opposite", () => {
    assert.equal(isContradiction("defined(A) && B && !defined(A)"), true);
    assert.equal(isContradiction("!(A || B) && (A || B)"), true);
    assert.equal(isContradiction("A && !B"), false);
  });

  it("demand configuration symbols, or it is not known what", () => {
    assert.deepEqual(symbolsOfCondition("defined(CONFIG_A) && CONFIG_B && IS_BUILTIN(CONFIG_C)"), [
      "CONFIG_A",
      "CONFIG_B",
      "CONFIG_C",
    ]);
    assert.deepEqual(symbolsOfCondition(""), []);
    assert.equal(symbolsOfCondition("IS_ENABLED(CONFIG_A)"), undefined);
    assert.equal(symbolsOfCondition("defined(CONFIG_A) && !defined(CONFIG_B)"), undefined);
    assert.equal(symbolsOfCondition("defined(CONFIG_A) || defined(CONFIG_B)"), undefined);
  });
});
