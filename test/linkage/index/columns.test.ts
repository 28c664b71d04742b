import assert from "node:assert/strict";
import {
  createStretches,
  freeStretch,
  grownWords,
  type Stretch,
  takeStretch,
} from "../../../server/src/linkage/index/columns.ts";
import { createRandom } from "../../support/random.ts";

describe("columns", () => {
  it("grow with what they hold", () => {
    const longer = grownWords(Uint32Array.of(1, 2, 3), 10);
    assert.ok(longer.length >= 10);
    assert.deepEqual([...longer.subarray(0, 4)], [1, 2, 3, 0]);
  });

  it("stay as they are when they are long enough", () => {
    const array = Uint32Array.of(1, 2, 3);
    assert.equal(grownWords(array, 3), array);
  });
});

describe("stretches", () => {
  it("follow each other", () => {
    const stretches = createStretches();
    assert.deepEqual(takeStretch(stretches, 5), { start: 0, capacity: 5 });
    assert.deepEqual(takeStretch(stretches, 3), { start: 5, capacity: 3 });
    assert.equal(stretches.end, 8);
  });

  it("are used again", () => {
    const stretches = createStretches();
    const first = takeStretch(stretches, 16);
    takeStretch(stretches, 1);
    freeStretch(stretches, first);
    assert.deepEqual(takeStretch(stretches, 16), first);
    assert.equal(stretches.end, 17);
  });

  it("are at least as long as asked for, and at most an eighth longer", () => {
    for (let count = 0; count < 10_000; count++) {
      const { capacity } = takeStretch(createStretches(), count);
      assert.ok(capacity >= count && capacity <= count * 1.125, `${capacity} for ${count}`);
    }
  });

  it("never overlap", () => {
    const random = createRandom(1);
    const stretches = createStretches();
    const owners: (Stretch | undefined)[] = [];
    const taken: Stretch[] = [];
    for (let round = 0; round < 5000; round++) {
      if (taken.length > 50 || (taken.length > 0 && random(3) === 0)) {
        const stretch = taken.splice(random(taken.length), 1)[0]!;
        owners.fill(undefined, stretch.start, stretch.start + stretch.capacity);
        freeStretch(stretches, stretch);
      } else {
        const stretch = takeStretch(stretches, random(40));
        for (let at = stretch.start; at < stretch.start + stretch.capacity; at++) {
          assert.equal(owners[at], undefined);
          owners[at] = stretch;
        }
        taken.push(stretch);
      }
    }
    assert.ok(stretches.end < 50 * 40 * 2, `${stretches.end} entries for at most ${50 * 40} in use`);
  });
});
