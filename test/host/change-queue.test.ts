import assert from "node:assert/strict";
import { createChangeQueue } from "../../server/src/host/change-queue.ts";

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("change queue", () => {
  it("makes changes in their order, later, and says so", async () => {
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const queue = createChangeQueue(() => seen.push("changed"), resolve);
      queue.push(() => seen.push("a"));
      queue.push(() => seen.push("b"));
      assert.deepEqual(seen, []);
      assert.equal(queue.length, 2);
    });
    assert.deepEqual(seen, ["a", "b", "changed"]);
  });

  it("lets others get their turn between changes that take long", async () => {
    let done = 0;
    let turns = 0;
    let isEmpty = false;
    const queue = createChangeQueue(
      () => {},
      () => {
        isEmpty = true;
      },
    );
    const work = () => {
      const end = performance.now() + 3;
      while (performance.now() < end);
      done++;
    };
    for (let i = 0; i < 20; i++) queue.push(work);
    while (!isEmpty) {
      await turn();
      turns++;
    }
    assert.equal(done, 20);
    assert.ok(turns >= 5, `${turns} turns`);
  });

  it("makes no change while it is held, and all of them afterwards", async () => {
    const seen: string[] = [];
    const emptied = new Promise<void>((resolve) => {
      const queue = createChangeQueue(() => {}, resolve);
      queue.push(() => seen.push("before"));
      void queue.hold(async () => {
        queue.push(() => seen.push("meanwhile"));
        for (let i = 0; i < 5; i++) await turn();
        seen.push("held");
      });
    });
    await emptied;
    assert.deepEqual(seen, ["held", "before", "meanwhile"]);
  });

  it("goes on after what held it has failed", async () => {
    let isMade = false;
    await new Promise<void>((resolve) => {
      const queue = createChangeQueue(() => {}, resolve);
      queue.push(() => {
        isMade = true;
      });
      assert.rejects(
        queue.hold(() => Promise.reject(new Error("disk full"))),
        /disk full/,
      );
    });
    assert.ok(isMade);
  });
});
