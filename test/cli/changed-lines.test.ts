import assert from "node:assert/strict";
import { readChangedLines } from "../../server/src/cli/changed-lines.ts";

function linesOf(diff: string): Record<string, number[]> {
  return Object.fromEntries([...readChangedLines(diff)].map(([path, lines]) => [path, [...lines]]));
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
});
