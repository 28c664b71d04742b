import assert from "node:assert/strict";
import {
  createStringTable,
  findString,
  internBytes,
  internString,
  stringOf,
} from "../../../server/src/linkage/index/string-table.ts";

describe("string table", () => {
  it("numbers each string once, from the empty one on", () => {
    const table = createStringTable();
    assert.equal(internString(table, ""), 0);
    assert.equal(internString(table, "foo"), 1);
    assert.equal(internString(table, "bar"), 2);
    assert.equal(internString(table, "foo"), 1);
    assert.equal(stringOf(table, 1), "foo");
    assert.equal(stringOf(table, 0), "");
  });

  it("finds what it holds and nothing else", () => {
    const table = createStringTable();
    internString(table, "foo");
    assert.equal(findString(table, "foo"), 1);
    assert.equal(findString(table, "fo"), undefined);
    assert.equal(findString(table, "foobar"), undefined);
    assert.equal(table.count, 2);
  });

  it("keeps every character, in strings of any length", () => {
    const table = createStringTable();
    const texts = ["größe", "名前", "🐧", "a".repeat(100_000), "é".repeat(5000), "\0\n"];
    const ids = texts.map((text) => internString(table, text));
    assert.deepEqual(
      ids.map((id) => stringOf(table, id)),
      texts,
    );
    assert.deepEqual(
      texts.map((text) => findString(table, text)),
      ids,
    );
  });

  it("keeps tens of thousands of strings apart while it grows", () => {
    const table = createStringTable();
    for (let i = 0; i < 50_000; i++) assert.equal(internString(table, `symbol_${i}`), i + 1);
    for (let i = 0; i < 50_000; i += 7) {
      assert.equal(findString(table, `symbol_${i}`), i + 1);
      assert.equal(stringOf(table, i + 1), `symbol_${i}`);
    }
    assert.equal(findString(table, "symbol_50000"), undefined);
  });

  it("takes bytes for the string that they encode", () => {
    const table = createStringTable();
    const bytes = new TextEncoder().encode("xgrößex");
    const id = internBytes(table, bytes, 1, bytes.length - 1);
    assert.equal(stringOf(table, id), "größe");
    assert.equal(findString(table, "größe"), id);
  });

  it("has no string for a number that it did not give", () => {
    const table = createStringTable();
    assert.equal(stringOf(table, 5), "");
  });
});
