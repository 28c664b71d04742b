/** The command as people get it: `npm pack` of a checkout without dist/, installed into an empty folder, and run there. */

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { runOrThrow, runProgram } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import { copyCheckout } from "./support/checkout.ts";
import { projectRoot } from "./support/project.ts";

/** What may not be outgrown without a thought, in bytes. */
const MOST_BYTES = 2_000_000;

describe("npm pack", function () {
  this.timeout(180_000);
  let folder: TemporaryFolder;
  let tarball: string;
  let files: string[];
  let command: string;

  before(async () => {
    folder = createTemporaryFolder();
    const checkout = join(folder.path, "checkout");
    await copyCheckout(checkout);
    const packed = await runOrThrow("npm", ["pack", "--json", "--pack-destination", folder.path], { folder: checkout });
    // What prepack prints stands before it.
    const [told] = JSON.parse(packed.slice(packed.indexOf("[\n"))) as [{ filename: string; files: { path: string }[] }];
    files = told.files.map(({ path }) => path);
    tarball = join(folder.path, told.filename);
    const prefix = join(folder.path, "prefix");
    await runOrThrow("npm", ["install", "--global", "--offline", "--no-audit", "--prefix", prefix, tarball], {
      folder: folder.path,
    });
    command = join(prefix, "bin/weakspot");
  });
  after(() => folder[Symbol.dispose]());

  it("makes a small package without sources and tests", () => {
    assert.ok(statSync(tarball).size < MOST_BYTES, `${statSync(tarball).size} bytes`);
    assert.deepEqual(
      files.filter((path) => /\.ts$|^(?:test|server|client|scripts)\//.test(path)),
      [],
    );
  });

  it("holds what the extension's package holds, but for its page and the browser's bundles", async () => {
    const listed = await runOrThrow("npx", ["vsce", "ls", "--no-dependencies"], {
      folder: join(folder.path, "checkout"),
    });
    const both = (paths: readonly string[]) =>
      paths.filter((path) => path !== "" && !/^README\.md$|^dist\/web-/.test(path)).sort();
    assert.deepEqual(both(files), both(listed.split("\n")));
  });

  it("installs a command that checks the sample", async () => {
    const sample = join(projectRoot, "sample");
    const { status, stdout } = await runProgram(command, ["check", "--no-cache", "--root", sample], {
      folder: folder.path,
    });
    assert.equal(status, 1);
    assert.match(stdout, /weak-reference/);
  });

  it("installs the rules' pages with it", async () => {
    assert.match(
      await runOrThrow(command, ["explain", "weak-reference"], { folder: folder.path }),
      /^weak-reference \(/,
    );
  });
});
