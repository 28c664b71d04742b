import assert from "node:assert/strict";
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { readTable, type StoredTable, writeTable } from "../../server/src/host/table-file.ts";
import { createIndex, type StoredIndex } from "../../server/src/linkage/index/stored-index.ts";
import { wordSignature } from "../../server/src/linkage/index/word-signature.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { fileFacts, symbolFact } from "../linkage/facts/sample-facts.ts";
import { createRandom } from "../support/random.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const key = [1, 2] as const;
const { signal } = new AbortController();

/** An index with some files, of which some were replaced and some removed. */
function sampleIndex(): StoredIndex {
  const index = createIndex();
  for (let i = 0; i < 40; i++) {
    const names = Array.from({ length: i % 7 }, (_, n) => `name${(i * n) % 11}`);
    const { codes, length } = sourceOfText(names.join(" "));
    const symbols = names.map((name, n) =>
      symbolFact(name, { start: n * 9, words: ["__init"], condition: `A${n % 3}` }),
    );
    const stamp = { size: i, stat: [i, 1], content: [2, i] } as const;
    index.replaceFile(`dir/ä${i % 30}.c`, fileFacts({ symbols }), wordSignature(codes, length), stamp);
  }
  index.removeFile("dir/ä7.c");
  return index;
}

/** Everything that an index answers. */
function answersOf(index: StoredIndex) {
  const names = Array.from({ length: 12 }, (_, n) => `name${n}`);
  return {
    files: [...index.paths()].map((path) => [path, index.factsOf(path)]),
    mentions: names.map((name) => index.mentions(name)),
    words: names.map((name) => index.filesWithWord(name)),
    found: [...index.symbolNames("name", 100)].sort(),
    sizes: [...index.paths()].map((path) => index.table.files.size[index.table.fileNumbers.get(path)!]),
  };
}

async function write(folder: TemporaryFolder, stored: StoredTable, name = "index"): Promise<string> {
  const path = join(folder.path, name);
  const file = await open(path, "w");
  await writeTable(file, stored, key, signal);
  await file.close();
  return path;
}

async function read(path: string, wanted: readonly [number, number] = key): Promise<StoredTable | undefined> {
  const file = await open(path, "r");
  try {
    return await readTable(file, wanted, signal);
  } finally {
    await file.close();
  }
}

function indexOf(stored: StoredTable): StoredIndex {
  const index = createIndex();
  index.adoptTable(stored.table);
  return index;
}

describe("table file", () => {
  it("gives back what was written, and can be changed again", async () => {
    using folder = createTemporaryFolder();
    const index = sampleIndex();
    const path = await write(folder, { table: index.table, buildFiles: ["Makefile", "a/Kbuild"] });
    const stored = await read(path);
    assert.ok(stored);
    assert.deepEqual(stored.buildFiles, ["Makefile", "a/Kbuild"]);
    const loaded = indexOf(stored);
    assert.deepEqual(answersOf(loaded), answersOf(index));
    for (const changed of [index, loaded]) {
      const { codes, length } = sourceOfText("name1 new_name");
      const symbols = [symbolFact("new_name"), symbolFact("name1")];
      changed.replaceFile("dir/ä3.c", fileFacts({ symbols }), wordSignature(codes, length));
      changed.replaceFile("new.c", fileFacts({ symbols }), wordSignature(codes, length));
      changed.removeFile("dir/ä9.c");
    }
    assert.deepEqual(answersOf(loaded), answersOf(index));
  });

  it("keeps an index without files", async () => {
    using folder = createTemporaryFolder();
    const stored = await read(await write(folder, { table: createIndex().table, buildFiles: [] }));
    assert.ok(stored);
    assert.deepEqual([...indexOf(stored).paths()], []);
  });

  it("reads nothing with another key", async () => {
    using folder = createTemporaryFolder();
    const path = await write(folder, { table: sampleIndex().table, buildFiles: [] });
    assert.equal(await read(path, [1, 3]), undefined);
    assert.equal(await read(path, [0, 2]), undefined);
  });

  it("reads nothing of a file that was cut off, wherever it was, or that goes on", async () => {
    using folder = createTemporaryFolder();
    const path = await write(folder, { table: sampleIndex().table, buildFiles: ["Makefile"] });
    const { size } = statSync(path);
    const copy = join(folder.path, "copy");
    for (let length = 0; length < size; length += 61) {
      copyFileSync(path, copy);
      truncateSync(copy, length);
      assert.equal(await read(copy), undefined, `${length} of ${size}`);
    }
    writeFileSync(copy, Buffer.concat([readFileSync(path), Buffer.alloc(8)]));
    assert.equal(await read(copy), undefined);
  });

  it("reads nothing of a file of which a bit was flipped", async () => {
    using folder = createTemporaryFolder();
    const index = sampleIndex();
    const expected = answersOf(index);
    const bytes = readFileSync(await write(folder, { table: index.table, buildFiles: ["Makefile"] }));
    const copy = join(folder.path, "copy");
    const random = createRandom(4);
    let accepted = 0;
    for (let round = 0; round < 400; round++) {
      const at = random(bytes.length * 8);
      bytes[at >>> 3]! ^= 1 << (at & 7);
      writeFileSync(copy, bytes);
      bytes[at >>> 3]! ^= 1 << (at & 7);
      const stored = await read(copy);
      // Only a bit of the padding between sections may go unnoticed, as it says nothing.
      if (stored === undefined) continue;
      accepted++;
      assert.deepEqual(answersOf(indexOf(stored)), expected);
    }
    assert.ok(accepted < 40, `${accepted} of 400`);
  });

  it("reads nothing of a file of zeros, of text, or of none", async () => {
    using folder = createTemporaryFolder({ zeros: new Uint8Array(5000), text: "int a;\n".repeat(1000), none: "" });
    for (const name of ["zeros", "text", "none"]) assert.equal(await read(join(folder.path, name)), undefined, name);
  });

  it("stops writing when it is told to", async () => {
    using folder = createTemporaryFolder();
    const file = await open(join(folder.path, "index"), "w");
    await assert.rejects(writeTable(file, { table: sampleIndex().table, buildFiles: [] }, key, AbortSignal.abort()));
    await file.close();
    assert.equal(await read(join(folder.path, "index")), undefined);
  });
});
