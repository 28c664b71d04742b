/** Builds that no Kbuild made are found by the maps that linkers wrote. */

import assert from "node:assert/strict";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { findBuild } from "../../../server/src/host/build/find-build.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

const GNU = "Archive member included to satisfy reference by file (symbol)\n\nMemory Configuration\n";
const LLD = "             VMA              LMA     Size Align Out     In      Symbol\n";

describe("a build with a linker's map", () => {
  it("is the folder directly below the tree that has the map", () => {
    using tree = createTemporaryFolder({ "src/a.c": "", "build/app/fw.map": GNU, "build/app/fw.elf": "" });
    assert.equal(findBuild(tree.path), join(tree.path, "build"));
  });

  it("is the tree itself where the map lies at its top", () => {
    using tree = createTemporaryFolder({ "a.c": "", "fw.map": LLD });
    assert.equal(findBuild(tree.path), tree.path);
  });

  it("is that of the newest map", () => {
    using tree = createTemporaryFolder({ "debug/fw.map": GNU, "release/fw.map": LLD });
    utimesSync(join(tree.path, "debug/fw.map"), 2_000, 2_000);
    utimesSync(join(tree.path, "release/fw.map"), 1_000, 1_000);
    assert.equal(findBuild(tree.path), join(tree.path, "debug"));
  });

  it("is none where a file of that name is no linker's", () => {
    using tree = createTemporaryFolder({
      "web/app.js.map": '{"version":3}',
      "lib/lib.map": "VERS_1 { global: f; };\n",
    });
    assert.equal(findBuild(tree.path), undefined);
  });
});
