import assert from "node:assert/strict";
import { placeChanges, readChangedLines } from "../../server/src/cli/changed-lines.ts";

function linesOf(diff: string): Record<string, number[]> {
  const placed = placeChanges(readChangedLines(diff), "", () => true);
  return Object.fromEntries([...placed].map(([path, lines]) => [path, [...lines]]));
}

describe("the lines that a diff changes", () => {
  it("are those that it adds, as the new file counts them", () => {
    const diff = "--- a/x.c\n+++ b/x.c\n@@ -3,3 +3,4 @@\n a\n-b\n+c\n+d\n e\n@@ -20 +21,0 @@\n-gone\n";
    assert.deepEqual(linesOf(diff), { "x.c": [4, 5] });
  });

  it("are found where a line looks like the head of a file", () => {
    const diff = "--- a/x.c\n+++ b/x.c\n@@ -1,1 +1,2 @@\n--- y\n+++ z\n+1\n";
    assert.deepEqual(linesOf(diff), { "x.c": [1, 2] });
  });

  it("are those of new files, of names with blanks and of quoted ones; of deleted files there are none", () => {
    const diff = [
      "--- /dev/null\n+++ b/a b.c\t2024-01-01\n@@ -0,0 +1 @@\n+x",
      '--- a/q\n+++ "b/l\\303\\244t.c"\n@@ -0,0 +1 @@\n+x',
      "--- a/gone.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
    ].join("\n");
    assert.deepEqual(linesOf(diff), { "a b.c": [1], "lät.c": [1] });
  });

  it("are found whatever git puts before a path, and where the root lies below the repository's top", () => {
    const files = new Set(["b/x.c", "y.c", "z.c"]);
    const of = (path: string, folder: string) => {
      const diff = `--- ${path}\n+++ ${path}\n@@ -0,0 +1 @@\n+x\n`;
      return [...placeChanges(readChangedLines(diff), folder, (one) => files.has(one)).keys()];
    };
    assert.deepEqual(of("b/y.c", ""), ["y.c"]);
    assert.deepEqual(of("w/y.c", ""), ["y.c"]);
    assert.deepEqual(of("b/x.c", ""), ["b/x.c"]);
    assert.deepEqual(of("b/fw/z.c", "fw"), ["z.c"]);
    assert.deepEqual(of("b/z.c", "fw"), ["z.c"]);
    assert.deepEqual(of("b/other/z.c", "fw"), []);
  });

  it("are not looked for in what is no diff", () => {
    assert.throws(() => readChangedLines("main\n"), /is no unified diff/);
    assert.equal(readChangedLines("").size, 0);
    assert.equal(readChangedLines("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n").size, 0);
  });
});
