import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rememberBuild } from "../../server/src/host/image-history.ts";
import type { PastBuild } from "../../server/src/linkage/objects/image-sizes.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

function build(written: number, size: number): PastBuild {
  const sizes = {
    regions: new Map([["RAM", size]]),
    sections: new Map([[".bss", size]]),
    files: new Map([[".bss\0main.o", size]]),
    symbols: undefined,
  };
  return { written, sizes };
}

describe("the remembered builds of an image", () => {
  let folder: TemporaryFolder;
  const remember = (written: number, size: number, image = "/fw.elf") =>
    rememberBuild(folder.path, image, build(written, size));

  beforeEach(() => {
    folder = createTemporaryFolder();
  });
  afterEach(() => folder[Symbol.dispose]());

  it("are none at first, then the one before, for each image by itself", () => {
    assert.equal(remember(1, 10), undefined);
    assert.deepEqual(remember(2, 20), build(1, 10));
    assert.equal(remember(2, 30, "/other.elf"), undefined);
  });

  it("stay what they were while the image is the same, and where it was linked again with the same sizes", () => {
    remember(1, 10);
    remember(2, 20);
    assert.deepEqual(remember(2, 20), build(1, 10));
    assert.deepEqual(remember(3, 20), build(1, 10));
    assert.deepEqual(remember(4, 21), build(3, 20));
  });

  it("are forgotten where their file is spoilt", () => {
    remember(1, 10);
    for (const name of readdirSync(folder.path)) writeFileSync(join(folder.path, name), '{"version":1,"last":7}');
    assert.equal(remember(2, 20), undefined);
    assert.deepEqual(remember(3, 30), build(2, 20));
  });
});
