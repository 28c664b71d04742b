import assert from "node:assert/strict";
import { pathsMatching } from "../../../server/src/linkage/links/makefile-glob.ts";

const paths = ["a.c", "b.S", "lib/a.c", "lib/b.c", "lib/deep/c.c", "lib2/a.c", "src/[x].c", "src/x.c"].sort();

describe("the files that $(wildcard) finds", () => {
  const expected: readonly (readonly [string, readonly string[]])[] = [
    ["*.c", ["a.c"]],
    ["./*.c", ["a.c"]],
    ["lib/*.c", ["lib/a.c", "lib/b.c"]],
    ["lib*/a.c", ["lib/a.c", "lib2/a.c"]],
    ["*/*/?.c", ["lib/deep/c.c"]],
    ["lib/[ab].c", ["lib/a.c", "lib/b.c"]],
    ["src/\\[x].c", ["src/[x].c"]],
    ["lib/a.c", ["lib/a.c"]],
    ["none/*.c", []],
  ];
  for (const [pattern, found] of expected) {
    it(`are those of ${pattern}`, () => assert.deepEqual(pathsMatching(paths, pattern), found));
  }
});
