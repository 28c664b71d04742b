import assert from "node:assert/strict";
import {
  addObjects,
  removeObject,
  symbolNamesIn,
  symbolsNamed,
  symbolsOf,
} from "../../../server/src/linkage/objects/object-index.ts";
import { batchOf, indexOf } from "../../support/object-batch.ts";

describe("the index of objects", () => {
  it("finds a name in all objects", () => {
    const index = indexOf({ "a.o": ["weak f", "global g"], "b.o": ["global undefined f"] });
    const found = symbolsNamed(index, "f").map(({ object, binding, isDefined }) => [object, binding, isDefined]);
    assert.deepEqual(found.sort(), [
      ["a.o", "weak", true],
      ["b.o", "global", false],
    ]);
    assert.deepEqual(symbolsNamed(index, "nothing"), []);
  });

  it("takes an object that is read again in place of what it was", () => {
    const index = indexOf({ "a.o": ["weak f"], "b.o": ["global f"] });
    addObjects(index, batchOf({ "a.o": ["global h"] }));
    assert.deepEqual(
      symbolsNamed(index, "f").map(({ object }) => object),
      ["b.o"],
    );
    assert.deepEqual(
      symbolsNamed(index, "h").map(({ object }) => object),
      ["a.o"],
    );
    assert.equal(index.deadEntries, 1);
  });

  it("forgets objects that are gone", () => {
    const index = indexOf({ "a.o": ["weak f"] });
    removeObject(index, "a.o");
    assert.deepEqual(symbolsNamed(index, "f"), []);
    assert.deepEqual([...symbolsOf(index, "a.o")], []);
  });

  it("gives values and relocations of each symbol", () => {
    const index = indexOf({ vmlinux: ["global f@0xffffffff81a00000"], "a.o": ["weak undefined f"] });
    assert.equal([...symbolsOf(index, "vmlinux")][0]?.value, 0xffffffff81a00000n);
    assert.deepEqual([...symbolsOf(index, "a.o")][0]?.relocations, { total: 2, got: 1 });
  });

  it("names the symbols of an object that fit", () => {
    const index = indexOf({ "a.o": ["weak f", "global g", "weak undefined h"] });
    assert.deepEqual([...symbolNamesIn(index, "a.o", (binding, isDefined) => binding === "weak" && isDefined)], ["f"]);
  });
});
