/** `weakspot expand`, run as people run it. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const COMMAND = join(import.meta.dirname, "../../server/src/cli.ts");
const LOADER = createRequire(import.meta.url).resolve("tsx");

describe("weakspot expand", function () {
  this.timeout(60_000);
  let tree: TemporaryFolder;
  before(() => {
    tree = createTemporaryFolder({
      "link.lds.S": '#include "sizes.h"\n. = BASE;\n#ifdef EXTRA\nextra = EXTRA;\n#endif\n',
      "include/sizes.h": "#define BASE 0x1000\n",
      "broken.lds.S": "#error no such board\nx = 1;\n",
    });
  });
  after(() => tree[Symbol.dispose]());

  function run(...words: string[]): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [`--import=${LOADER}`, COMMAND, "expand", ...words],
      // The working directory is the tree's, so that relative folders are below it.
      { cwd: tree.path, encoding: "utf8" },
    );
    return { status, stdout, stderr };
  }

  it("prints the text with the folders and macros that it was given", () => {
    const { status, stdout, stderr } = run("link.lds.S", "--root", tree.path, "-Iinclude", "-D", "EXTRA=2");
    assert.deepEqual([status, stdout, stderr], [0, ". = 0x1000;\nextra = 2;\n", ""]);
  });

  it("names what the preprocessor stopped at, and exits with 1", () => {
    const { status, stdout, stderr } = run("broken.lds.S", "--root", tree.path);
    assert.deepEqual([status, stdout], [1, "x = 1;\n"]);
    assert.match(stderr, /^weakspot: broken\.lds\.S:1:\d+: error: #error no such board$/m);
  });

  it("says what is not there, and exits with 2", () => {
    const { status, stdout, stderr } = run("link.lds.S", "--kconfig", "no.config");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.equal(stderr, "weakspot: --kconfig no.config: there is no such file\n");
  });
});
