/** Files in memory for documents of workspaces that are on no disk, and back. */

import assert from "node:assert/strict";
import { partsInMemory, pathInMemory } from "../../client/src/virtual-uris.ts";

describe("virtual URIs", () => {
  for (const parts of [
    { scheme: "vscode-vfs", authority: "github", path: "/torvalds/linux/kernel/sched/core.c" },
    { scheme: "memfs", authority: "", path: "/a b/ü.c" },
    { scheme: "x", authority: "user@host:1/strange", path: "/" },
  ]) {
    it(`stand for a file and come back: ${parts.scheme}://${parts.authority}${parts.path}`, () => {
      assert.deepEqual(partsInMemory(pathInMemory(parts)), parts);
    });
  }

  it("leave files on a disk alone", () => {
    assert.equal(pathInMemory({ scheme: "file", authority: "", path: "/home/me/a.c" }), "/home/me/a.c");
    assert.equal(partsInMemory("/home/me/a.c"), undefined);
  });
});
