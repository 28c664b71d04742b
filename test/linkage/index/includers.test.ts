/** Which files see a header, whatever was asked before: headers that include each other in circles, too. */

import assert from "node:assert/strict";
import { includersOf } from "../../../server/src/linkage/index/includers.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { createRandom } from "../../support/random.ts";

/** Files that include others, each by its name. */
function indexOf(includes: Readonly<Record<string, readonly string[]>>) {
  const files = Object.entries(includes).map(([path, others]) => ({
    path,
    text: others.map((other) => `#include "${other}"\n`).join(""),
  }));
  return loadFixture(files).program.index;
}

/** The same by a walk of its own. */
function walk(includes: Readonly<Record<string, readonly string[]>>, header: string): string[] {
  const found = new Set<string>();
  const queue = [header];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const [path, others] of Object.entries(includes)) {
      if (!others.includes(at!) || found.has(path) || path === header) continue;
      found.add(path);
      queue.push(path);
    }
  }
  return [...found].sort();
}

describe("the includers of a header", () => {
  it("are those of its includers as well, but not itself", () => {
    const index = indexOf({ "a.h": ["b.h"], "b.h": ["a.h"], "c.h": ["a.h"], "user.c": ["c.h"] });
    assert.deepEqual([...includersOf(index, "a.h")].sort(), ["b.h", "c.h", "user.c"]);
    assert.deepEqual([...includersOf(index, "b.h")].sort(), ["a.h", "c.h", "user.c"]);
    assert.equal(includersOf(index, "c.h").size, 1);
    assert.ok(includersOf(index, "c.h").has("user.c"));
    assert.ok(!includersOf(index, "user.c").has("user.c"));
  });

  it("are the same in whichever order headers are asked about", () => {
    const random = createRandom(3);
    for (let round = 0; round < 30; round++) {
      const names = Array.from({ length: 40 }, (_, i) => (i < 30 ? `h${i}.h` : `s${i}.c`));
      const includes = Object.fromEntries(
        names.map((name) => [name, Array.from({ length: random(4) }, () => `h${random(30)}.h`)]),
      );
      const index = indexOf(includes);
      for (let i = 0; i < 40; i++) {
        const header = names[random(names.length)]!;
        const found = includersOf(index, header);
        assert.deepEqual([...found].sort(), walk(includes, header), `${header} of ${JSON.stringify(includes)}`);
        assert.equal(found.size, [...found].length);
      }
    }
  });
});
