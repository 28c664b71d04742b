/** Changes of several files: all of them or none, and nothing outside of the tree. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isFree, writeChanges } from "../../server/src/host/write-changes.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const edit = (path: string, before: string, after: string) => ({ path, before: bytes(before), after: bytes(after) });
const creation = (path: string, text = "new") => ({ path, before: undefined, after: bytes(text) });

describe("writing changes", () => {
  let outer: TemporaryFolder;
  let root: string;

  beforeEach(() => {
    outer = createTemporaryFolder({ "outside.c": "outside", "tree/a.c": "a", "tree/b.c": "b", "tree/sub/c.c": "c" });
    root = join(outer.path, "tree");
  });

  afterEach(() => outer[Symbol.dispose]());

  const read = (path: string) => readFileSync(join(root, path), "utf8");

  /** The change is refused, and all of the tree is as it was. */
  async function assertRefused(changes: Parameters<typeof writeChanges>[1], reason: RegExp): Promise<void> {
    const files = readdirSync(outer.path, { recursive: true }).sort();
    await assert.rejects(writeChanges(root, changes), (error: Error) => {
      assert.match(error.message, reason);
      assert.match(error.message, /nothing was changed/);
      return true;
    });
    assert.deepEqual(readdirSync(outer.path, { recursive: true }).sort(), files);
    assert.deepEqual([read("a.c"), readFileSync(join(outer.path, "outside.c"), "utf8")], ["a", "outside"]);
  }

  it("replaces, creates, keeps modes, and leaves nothing else behind", async () => {
    chmodSync(join(root, "b.c"), 0o664);
    await writeChanges(root, [edit("a.c", "a", "A"), edit("b.c", "b", "B"), creation("sub/new.c")]);
    assert.deepEqual([read("a.c"), read("b.c"), read("sub/new.c")], ["A", "B", "new"]);
    assert.equal(statSync(join(root, "b.c")).mode & 0o777, 0o664);
    assert.deepEqual(readdirSync(root).sort(), ["a.c", "b.c", "sub"]);
    assert.deepEqual(readdirSync(join(root, "sub")).sort(), ["c.c", "new.c"]);
  });

  it("creates nothing through a link that leads out of the tree, to a file that is there or not", async () => {
    symlinkSync("../outside.c", join(root, "a_weak.c"));
    await assertRefused(
      [edit("a.c", "a", "A"), creation("a_weak.c")],
      /a_weak\.c can't be written: a link stands there/,
    );
    symlinkSync("../missing.c", join(root, "b_weak.c"));
    await assertRefused(
      [edit("a.c", "a", "A"), creation("b_weak.c")],
      /b_weak\.c can't be written: a link stands there/,
    );
  });

  it("creates nothing over a link within the tree, nor over a file or a folder", async () => {
    symlinkSync("b.c", join(root, "link.c"));
    await assertRefused([creation("link.c")], /a link stands there/);
    await assertRefused([creation("b.c")], /it is there already/);
    await assertRefused([creation("sub")], /it is there already/);
  });

  it("creates and edits nothing in a folder that is a link out of the tree", async () => {
    symlinkSync("..", join(root, "up"));
    await assertRefused([edit("a.c", "a", "A"), creation("up/new.c")], /a link leads out of the tree/);
    await assertRefused([edit("a.c", "a", "A"), edit("up/outside.c", "outside", "X")], /a link leads out of the tree/);
  });

  it("tells where a new file can be", async () => {
    symlinkSync("../missing.c", join(root, "link.c"));
    symlinkSync("..", join(root, "up"));
    const free = ["new.c", "a.c", "link.c", "sub", "sub/new.c", "up/new.c", "missing/new.c", "../new.c"];
    const answers = await Promise.all(free.map((path) => isFree(root, path)));
    assert.deepEqual(
      free.filter((_, index) => answers[index]),
      ["new.c", "sub/new.c"],
    );
  });

  it("edits nothing through a link that leads out of the tree", async () => {
    symlinkSync("../outside.c", join(root, "o.c"));
    await assertRefused([edit("a.c", "a", "A"), edit("o.c", "outside", "X")], /a link leads out of the tree/);
  });

  it("leaves what has another name outside of the tree as it is", async () => {
    linkSync(join(outer.path, "outside.c"), join(root, "hard.c"));
    await writeChanges(root, [edit("hard.c", "outside", "X")]);
    assert.deepEqual([read("hard.c"), readFileSync(join(outer.path, "outside.c"), "utf8")], ["X", "outside"]);
  });

  it("edits what a link within the tree leads to, and keeps the link", async () => {
    symlinkSync("b.c", join(root, "link.c"));
    await writeChanges(root, [edit("link.c", "b", "B")]);
    assert.ok(lstatSync(join(root, "link.c")).isSymbolicLink());
    assert.equal(read("b.c"), "B");
  });

  it("refuses two changes of one file under two names", async () => {
    symlinkSync("b.c", join(root, "link.c"));
    await assertRefused([edit("b.c", "b", "B"), edit("link.c", "b", "X")], /are one file/);
  });

  it("changes nothing where one of the files is read-only", async () => {
    chmodSync(join(root, "sub/c.c"), 0o444);
    await assertRefused(
      [edit("a.c", "a", "A"), edit("sub/c.c", "c", "C")],
      /sub\/c\.c can't be written: it is read-only/,
    );
  });

  it("changes nothing where a file holds other bytes than the change was made for, or is gone", async () => {
    await assertRefused([edit("a.c", "a", "A"), edit("b.c", "older", "B")], /b\.c can't be written: it has changed/);
    await assertRefused([edit("a.c", "a", "A"), edit("gone.c", "x", "X")], /gone\.c can't be written/);
    mkdirSync(join(root, "folder.c"));
    await assertRefused([edit("a.c", "a", "A"), edit("folder.c", "", "X")], /no regular file/);
  });

  it("takes back what it has put in place where a later file can't be", async () => {
    const inode = statSync(join(root, "a.c")).ino;
    let reads = 0;
    // It fits while all files are looked at, and has changed by the time that it is its turn.
    const changing = Object.defineProperty(edit("sub/c.c", "c", "C"), "before", {
      get: () => bytes(++reads < 3 ? "c" : "another text"),
    });
    const changes = [edit("a.c", "a", "A"), edit("b.c", "b", "B"), creation("new.c"), changing];
    await assertRefused(changes, /sub\/c\.c can't be written: it has changed/);
    assert.equal(statSync(join(root, "a.c")).ino, inode);
    assert.equal(read("b.c"), "b");
  });

  it("changes all files, and leaves nothing beside them, where somebody presses Ctrl+C meanwhile", () => {
    const paths = Array.from({ length: 60 }, (_, i) => `many${i}.c`);
    for (const path of paths) writeFileSync(join(root, path), "old");
    const module = join(import.meta.dirname, "../../server/src/host/write-changes.ts");
    const text = `
      import(${JSON.stringify(module)}).then(async ({ writeChanges }) => {
        const changes = ${JSON.stringify(paths)}.map((path) => ({ path, before: Buffer.from("old"), after: Buffer.from("new") }));
        // As soon as the first text stands beside its place.
        const watcher = require("node:fs").watch(${JSON.stringify(root)}, () => {
          watcher.close();
          process.kill(process.pid, "SIGINT");
        });
        await writeChanges(${JSON.stringify(root)}, changes);
        setInterval(() => {}, 1000);
      });`;
    const { signal, stderr } = spawnSync(process.execPath, ["--import=tsx", "-e", text], { encoding: "utf8" });
    assert.equal(signal, "SIGINT", stderr);
    assert.deepEqual([...new Set(paths.map(read))], ["new"]);
    assert.deepEqual(
      readdirSync(root).filter((name) => name.startsWith(".")),
      [],
    );
  });

  it("does not take a tree for another whose name begins alike", async () => {
    mkdirSync(join(outer.path, "tree-two"));
    writeFileSync(join(outer.path, "tree-two/x.c"), "x");
    symlinkSync("../tree-two", join(root, "two"));
    await assertRefused([edit("two/x.c", "x", "X")], /a link leads out of the tree/);
  });
});
