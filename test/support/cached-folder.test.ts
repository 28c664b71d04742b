/** Cached folders: made once, whole or not at all, whatever a killed run left behind. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder } from "./cached-folder.ts";
import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

describe("a cached folder", () => {
  let before: string | undefined;
  let folder: TemporaryFolder;
  let root: string;

  beforeEach(() => {
    before = process.env.WEAKSPOT_CACHE;
    folder = createTemporaryFolder();
    root = folder.path;
    process.env.WEAKSPOT_CACHE = root;
  });

  afterEach(() => {
    folder[Symbol.dispose]();
    if (before === undefined) delete process.env.WEAKSPOT_CACHE;
    else process.env.WEAKSPOT_CACHE = before;
  });

  it("is made once, though several ask for it at the same time", async () => {
    let made = 0;
    const make = async (folder: string): Promise<void> => {
      made++;
      await writeFile(join(folder, "file"), "");
    };
    const folders = await Promise.all([cachedFolder("a", make), cachedFolder("a", make), cachedFolder("a", make)]);
    assert.equal(made, 1);
    assert.deepEqual(new Set(folders), new Set([join(root, "a")]));
    assert.deepEqual(await readdir(root), ["a"]);
    assert.ok(existsSync(join(root, "a/file")));
  });

  it("that could not be made leaves nothing, and can be made later", async () => {
    const failing = cachedFolder("a", () => Promise.reject(new Error("no space left")));
    await assert.rejects(failing, /no space left/);
    assert.deepEqual(await readdir(root), []);
    await cachedFolder("a", () => Promise.resolve());
    assert.deepEqual(await readdir(root), ["a"]);
  });

  it("takes the place of what a killed run left half made", async () => {
    await mkdir(join(root, "a.partial-xyz/deep"), { recursive: true });
    await cachedFolder("a", () => Promise.resolve());
    assert.deepEqual(await readdir(root), ["a"]);
  });
});
