/** Which directory is taken for the top of a tree. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { findRoot } from "../../server/src/host/find-root.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

describe("the root of a tree", () => {
  it("is the nearest directory above with what only the top has", () => {
    using tree = createTemporaryFolder({ Kbuild: "", Kconfig: "", MAINTAINERS: "", "lib/Kbuild": "", "lib/a.c": "" });
    assert.equal(findRoot(join(tree.path, "lib/a.c")), tree.path);
    assert.equal(findRoot(join(tree.path, "lib")), tree.path);
    assert.equal(findRoot(tree.path, join(tree.path, "lib")), tree.path);
  });

  it("is where the project's settings stand, though that lies in a repository", () => {
    using tree = createTemporaryFolder({ ".git/HEAD": "", "firmware/weakspot.json": "{}", "firmware/lib/a.c": "" });
    assert.equal(findRoot(join(tree.path, "firmware/lib/a.c")), join(tree.path, "firmware"));
  });

  it("is where the person stands, when nothing marks one and the path is below that", () => {
    using tree = createTemporaryFolder({ "lib/deep/a.c": "" });
    const path = join(tree.path, "lib/deep/a.c");
    assert.equal(findRoot(path, join(tree.path, "lib")), join(tree.path, "lib"));
    assert.equal(findRoot(path, "/usr"), join(tree.path, "lib/deep"));
    assert.equal(findRoot(path), join(tree.path, "lib/deep"));
  });

  it("needs a path that is there", () => {
    assert.throws(() => findRoot("/nowhere/at/all"), /no such file or directory/);
  });
});
