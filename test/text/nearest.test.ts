import assert from "node:assert/strict";
import { findNearest, isMistyped } from "../../server/src/text/nearest.ts";

describe("the word that was meant", () => {
  it("differs least", () => {
    assert.equal(findNearest("FLSH", ["RAM", "FLASH", "FLASH2"]), "FLASH");
    assert.equal(findNearest("ram", ["RAM", "ROM"]), "RAM");
    assert.equal(findNearest(".txet", [".text", ".test"]), ".text");
  });

  it("is none where two are as near, or all are far", () => {
    assert.equal(findNearest("ROM1", ["ROM2", "ROM3"]), undefined);
    assert.equal(findNearest("RAM", ["FLASH", "EEPROM"]), undefined);
  });

  it("is mistyped by one letter, and no other of a row of numbered ones", () => {
    assert.ok(isMistyped("reset_handlr", "reset_handler"));
    assert.ok(isMistyped("rseet_handler", "reset_handler"));
    assert.ok(!isMistyped("start_cpu0", "start_cpu1"));
    assert.ok(!isMistyped("picolibcpp.ld", "picolibc.ld"));
    assert.ok(!isMistyped("main", "mail"));
  });
});
