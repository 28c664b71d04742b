import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createIndexCache, defaultCacheFolder } from "../../server/src/host/index-cache.ts";
import { openWorkspace, type Workspace, type WorkspaceOptions } from "../../server/src/host/workspace.ts";
import { createIndex } from "../../server/src/linkage/index/stored-index.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const sources = {
  "a.c": "int foo = 1;\n",
  "b.c": "extern int foo; int bar;\n",
  "dir/c.S": ".weak baz\n",
  "dir/Kbuild": "obj-y += c.o\n",
};

function cacheFile(folder: TemporaryFolder, root: TemporaryFolder): string {
  return createIndexCache(folder.path, root.path).path;
}

/** Opens a tree with a cache, gives what it says of it once it is current, and saves it. */
async function visit(root: TemporaryFolder, cache: TemporaryFolder, options: WorkspaceOptions = {}) {
  const workspace = openWorkspace(root.path, { threads: 1, cacheFolder: cache.path, ...options });
  try {
    await workspace.current;
    await workspace.save();
    return { ...answersOf(workspace), fromCache: workspace.statistics().fromCache, problems: workspace.problems };
  } finally {
    await workspace.dispose();
  }
}

function answersOf({ index, buildFiles }: Workspace) {
  return { files: Object.fromEntries([...index.paths()].map((path) => [path, index.factsOf(path)])), buildFiles };
}

/** What an index says that was made without a cache. */
async function freshAnswers(root: TemporaryFolder) {
  const workspace = openWorkspace(root.path, { threads: 1 });
  await workspace.current;
  const answers = answersOf(workspace);
  await workspace.dispose();
  return answers;
}

describe("index cache", () => {
  it("has the index at the next start", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder();
    const first = await visit(root, cache);
    const second = await visit(root, cache);
    assert.deepEqual([first.fromCache, second.fromCache], [false, true]);
    assert.deepEqual({ ...second, fromCache: false }, first);
    assert.deepEqual(second.buildFiles, ["dir/Kbuild"]);
  });

  it("answers before it has looked at the files, and is right afterwards", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder();
    await visit(root, cache);
    root.write({ "a.c": "int new_name;\n", "d.c": "int added;\n", "new/Makefile": "" });
    rmSync(join(root.path, "b.c"));
    const workspace = openWorkspace(root.path, { threads: 1, cacheFolder: cache.path });
    await workspace.ready;
    assert.ok(workspace.index.isComplete);
    assert.ok(workspace.index.hasFile("b.c"));
    assert.equal(workspace.index.mentions("foo").length, 2);
    await workspace.current;
    assert.deepEqual(answersOf(workspace), await freshAnswers(root));
    await workspace.dispose();
  });

  it("keeps an index for each set of excluded paths", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder();
    await visit(root, cache);
    const without = await visit(root, cache, { exclude: ["dir"] });
    assert.deepEqual([Object.keys(without.files), without.buildFiles, without.fromCache], [["a.c", "b.c"], [], false]);
    assert.equal((await visit(root, cache, { exclude: ["dir"] })).fromCache, true);
    const withAll = await visit(root, cache);
    assert.equal(withAll.fromCache, true);
    assert.deepEqual(Object.keys(withAll.files), ["a.c", "b.c", "dir/c.S"]);
    assert.deepEqual(withAll.buildFiles, ["dir/Kbuild"]);
  });

  it("sees a change that left size and time of change as they were", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder();
    const old = new Date("2024-01-01");
    utimesSync(join(root.path, "a.c"), old, old);
    await visit(root, cache);
    root.write({ "a.c": "int fox = 1;\n" });
    utimesSync(join(root.path, "a.c"), old, old);
    assert.deepEqual((await visit(root, cache)).files, (await freshAnswers(root)).files);
  });

  for (const [what, damage] of [
    ["cut off", (path) => truncateSync(path, 1000)],
    ["empty", (path) => truncateSync(path, 0)],
    ["overwritten", (path) => writeFileSync(path, "int a;\n".repeat(999))],
    [
      "damaged in one bit",
      (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length >>> 1]! ^= 1;
        writeFileSync(path, bytes);
      },
    ],
    ["gone", (path) => rmSync(path)],
  ] as const satisfies [string, (path: string) => void][]) {
    it(`does without a file that is ${what}, and writes it anew`, async () => {
      using root = createTemporaryFolder(sources);
      using cache = createTemporaryFolder();
      const first = await visit(root, cache);
      damage(cacheFile(cache, root));
      const second = await visit(root, cache);
      assert.deepEqual(second, first);
      assert.ok((await visit(root, cache)).fromCache);
    });
  }

  it("is shared by windows that write at the same time", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder();
    const all = await Promise.all([1, 2, 3].map(() => visit(root, cache)));
    for (const one of all) assert.deepEqual(one.files, all[0]?.files);
    assert.ok((await visit(root, cache)).fromCache);
    assert.deepEqual(readdirSync(join(cacheFile(cache, root), "..")).length, 1);
  });

  it("keeps trees apart that have the same name", async () => {
    using root = createTemporaryFolder({ "x/linux/a.c": "int x;\n", "y/linux/a.c": "int y;\n" });
    assert.notEqual(
      createIndexCache("/cache", join(root.path, "x/linux")).path,
      createIndexCache("/cache", join(root.path, "y/linux")).path,
    );
  });

  it("reports that it can't be written, and goes on", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder({ file: "" });
    const workspace = openWorkspace(root.path, { threads: 1, cacheFolder: join(cache.path, "file") });
    await workspace.current;
    await workspace.save();
    assert.match(workspace.problems[0]?.reason ?? "", /^not saved: /);
    assert.equal(workspace.index.fileCount, 3);
    await workspace.dispose();
  });

  it("deletes what was left unfinished, and what no one has used for long", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder({
      "old-1234/aaaa.index": "",
      "old-1234/bbbb.index.1.tmp": "",
      "old-1234/cccc.index.2.tmp": "",
      "old-1234/dddd.index": "",
      "old-1234/notes.txt": "",
    });
    const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1000);
    utimesSync(join(cache.path, "old-1234/aaaa.index"), days(90), days(90));
    utimesSync(join(cache.path, "old-1234/bbbb.index.1.tmp"), days(1), days(1));
    utimesSync(join(cache.path, "old-1234/notes.txt"), days(90), days(90));
    await visit(root, cache);
    assert.deepEqual(readdirSync(join(cache.path, "old-1234")).sort(), ["cccc.index.2.tmp", "dddd.index", "notes.txt"]);
  });

  it("is for its owner's eyes only", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder();
    chmodSync(cache.path, 0o755);
    await visit(root, cache);
    const { statSync } = await import("node:fs");
    assert.equal(statSync(cacheFile(cache, root)).mode & 0o077, 0);
  });

  it("saves nothing twice, and no index that is not complete", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder();
    const workspace = openWorkspace(root.path, { threads: 1, cacheFolder: cache.path });
    await workspace.save();
    assert.deepEqual(readdirSync(cache.path), []);
    await workspace.current;
    await workspace.save();
    rmSync(cacheFile(cache, root));
    await workspace.save();
    assert.throws(() => readFileSync(cacheFile(cache, root)), { code: "ENOENT" });
    await workspace.dispose();
  });

  it("starts anew when most of what it holds is gone", async () => {
    using root = createTemporaryFolder(sources);
    using cache = createTemporaryFolder();
    const index = createIndex();
    const { signal } = new AbortController();
    const overgrown = createIndexCache(cache.path, root.path);
    await overgrown.save({ table: index.table, buildFiles: [] }, signal);
    assert.ok(await overgrown.load(signal));
    // A table that was never founded on a whole tree counts as overgrown.
    assert.equal((await visit(root, cache)).fromCache, false);
    assert.equal((await visit(root, cache)).fromCache, true);
  });

  it("is another one where other paths are left out", () => {
    const path = (exclude: string[]): string => createIndexCache("/cache", "/linux", exclude).path;
    assert.notEqual(path(["tools/**"]), path([]));
    assert.notEqual(path(["tools/**"]), path(["samples/**"]));
    assert.equal(path(["a", "b"]), path(["b", "a"]));
  });

  it("lies where the system says", () => {
    const before = process.env.XDG_CACHE_HOME;
    try {
      process.env.XDG_CACHE_HOME = "/somewhere/cache";
      assert.equal(defaultCacheFolder(), "/somewhere/cache/weakspot/index");
      process.env.XDG_CACHE_HOME = "not/absolute";
      assert.notEqual(defaultCacheFolder(), "not/absolute/weakspot/index");
    } finally {
      if (before === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = before;
    }
  });
});
