import assert from "node:assert/strict";
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFileFilter, listFiles } from "../../server/src/host/list-files.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

function list(root: string, { under = [""], exclude = [] as string[] } = {}) {
  const files: string[] = [];
  const buildFiles: string[] = [];
  const problems: string[] = [];
  for (const listing of listFiles(root, under, exclude)) {
    files.push(...listing.files);
    buildFiles.push(...listing.buildFiles);
    problems.push(...listing.problems.map(({ path, reason }) => `${path}: ${reason}`));
  }
  return { files: files.sort(), buildFiles: buildFiles.sort(), problems };
}

/** Lists a tree, and asserts that the filter for files from outside agrees with the listing on each of the files. */
function listed(files: readonly string[], exclude: string[] = []): string[] {
  using folder = createTemporaryFolder(Object.fromEntries(files.map((path) => [path, ""])));
  const found = list(folder.path, { exclude }).files;
  const isListed = createFileFilter(folder.path, exclude);
  assert.deepEqual(files.filter(isListed).sort(), found);
  return found;
}

describe("list files", () => {
  it("names sources, headers, assembly and linker scripts", () => {
    assert.deepEqual(listed(["a.c", "include/b.h", "x/y/z.S", "vmlinux.lds.S", "README", "a.o", "x/notes.txt"]), [
      "a.c",
      "include/b.h",
      "vmlinux.lds.S",
      "x/y/z.S",
    ]);
  });

  it("leaves out what version control and package managers keep", () => {
    assert.deepEqual(listed([".git/a.c", "x/.git/b.c", "node_modules/m/c.c", ".hg/d.c", "gitlike/e.c"]), [
      "gitlike/e.c",
    ]);
  });

  it("leaves out what the settings say", () => {
    assert.deepEqual(listed(["a/x.c", "a/b/y.c", "tools/z.c", "q.c"], ["tools/**", "**/b", "q.*"]), ["a/x.c"]);
  });

  it("leaves out a build out of the source, but not a source that is built in place", () => {
    assert.deepEqual(
      listed([
        "linux/.config",
        "linux/Makefile",
        "linux/Kconfig",
        "linux/a.c",
        "build/.config",
        "build/Makefile",
        "build/include/generated/b.h",
      ]),
      ["linux/a.c"],
    );
    assert.deepEqual(listed([".config", "Makefile", "a.c"]), ["a.c"]);
  });

  it("leaves out what a build in place leaves beside its sources", () => {
    assert.deepEqual(listed(["a.c", "a.mod.c", "vmlinux.lds", "vmlinux.lds.S", "other.lds", ".tmp_kallsyms.S"]), [
      "a.c",
      "other.lds",
      "vmlinux.lds.S",
    ]);
  });

  it("names build files", () => {
    using folder = createTemporaryFolder(
      Object.fromEntries(
        [
          "Makefile",
          "a/Kbuild",
          "a/Makefile.build",
          "Kconfig",
          "a/Kconfig.debug",
          "b.mk",
          "Makefiles.txt",
          "MyMakefile",
        ].map((path) => [path, ""]),
      ),
    );
    assert.deepEqual(list(folder.path).buildFiles, [
      "Kconfig",
      "Makefile",
      "a/Kbuild",
      "a/Kconfig.debug",
      "a/Makefile.build",
      "b.mk",
    ]);
  });

  it("lists parts of a tree, if it would list them as part of the whole", () => {
    using folder = createTemporaryFolder({ "a/b/x.c": "", "a/y.c": "", "z.c": "", ".git/q.c": "" });
    assert.deepEqual(list(folder.path, { under: ["a/b"] }).files, ["a/b/x.c"]);
    assert.deepEqual(list(folder.path, { under: ["a", "gone", "z.c", ".git", ".git/q.c"] }).files, [
      "a/b/x.c",
      "a/y.c",
      "z.c",
    ]);
  });

  it("follows no symbolic links", () => {
    using outside = createTemporaryFolder({ "secret.c": "" });
    using folder = createTemporaryFolder({ "a/x.c": "" });
    symlinkSync(outside.path, join(folder.path, "link"));
    symlinkSync(join(outside.path, "secret.c"), join(folder.path, "secret.c"));
    symlinkSync("..", join(folder.path, "a/cycle"));
    assert.deepEqual(list(folder.path).files, ["a/x.c"]);
    assert.ok(!createFileFilter(folder.path, [])("link/secret.c"));
  });

  it("reports a directory that can't be read, and lists the others", function () {
    // Root may read everything.
    if (process.getuid?.() === 0) return this.skip();
    using folder = createTemporaryFolder({ "a/x.c": "", "b/y.c": "" });
    chmodSync(join(folder.path, "a"), 0);
    const found = list(folder.path);
    chmodSync(join(folder.path, "a"), 0o700);
    assert.deepEqual(found.files, ["b/y.c"]);
    assert.deepEqual(found.problems, ["a: no permission"]);
  });

  it("lists a folder whose name begins with two dots, and says which names are not UTF-8", () => {
    using folder = createTemporaryFolder({ "..foo/a.c": "" });
    writeFileSync(Buffer.concat([Buffer.from(`${folder.path}/lat`), Buffer.from([0xe9]), Buffer.from(".c")]), "");
    const { files, problems } = list(folder.path);
    assert.deepEqual(files, ["..foo/a.c"]);
    assert.deepEqual(problems, ["lat\ufffd.c: its name is not UTF-8, so it is not read"]);
  });

  it("reports a root that is gone", () => {
    using folder = createTemporaryFolder();
    const found = list(join(folder.path, "gone"));
    assert.deepEqual(found.files, []);
    assert.equal(found.problems.length, 1);
  });

  it("lists directories nested as deep as paths go", () => {
    const path = `${"d/".repeat(300)}x.c`;
    using folder = createTemporaryFolder({ [path]: "" });
    assert.deepEqual(list(folder.path).files, [path]);
    assert.ok(createFileFilter(folder.path, [])(path));
  });
});
