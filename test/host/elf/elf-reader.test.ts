import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ElfReader, openElfReader } from "../../../server/src/host/elf/elf-reader.ts";
import { eachSymbol, elfSymbolsNamed } from "../../../server/src/host/elf/object-symbols.ts";
import { readObject } from "../../../server/src/host/elf/read-objects.ts";
import { relocationsOfName } from "../../../server/src/host/elf/relocation-counts.ts";
import { buildArchive } from "./build-archive.ts";
import { buildElf } from "./build-elf.ts";
import { fileOf, removeTemporaryFolder, temporaryFolder } from "./temporary-files.ts";

function objectWith(name: string): Uint8Array {
  return buildElf({
    sections: [{ name: ".text", type: 1, flags: 6, data: new Uint8Array(16) }],
    symbols: [
      { name, section: ".text", value: 8n },
      { name: "away", binding: 2 },
    ],
    relocations: {
      ".text": [
        { symbol: 2, type: 42 },
        { symbol: 2, type: 2 },
      ],
    },
  });
}

describe("the reader of objects", () => {
  let reader: ElfReader;

  beforeEach(() => {
    reader = openElfReader();
  });

  afterEach(() => reader.close());
  after(removeTemporaryFolder);

  it("reads symbols in a worker", async () => {
    const symbols = await reader.readSymbols(fileOf(objectWith("start")));
    assert.deepEqual(symbols.problems, []);
    assert.equal(elfSymbolsNamed(symbols, "start")[0]?.value, 8n);
    assert.equal(elfSymbolsNamed(symbols, "away")[0]?.binding, "weak");
  });

  it("counts relocations in a worker", async () => {
    const relocations = await reader.countRelocations(fileOf(objectWith("start")));
    const { total, got } = relocationsOfName(relocations, "away");
    assert.deepEqual({ total, got }, { total: 2, got: 1 });
  });

  it("reads archives and their members", async () => {
    const path = fileOf(
      buildArchive([
        { name: "a.o/", data: objectWith("one") },
        { name: "b.o/", data: objectWith("two") },
      ]),
    );
    const archive = await reader.readArchive(path);
    assert.deepEqual(
      archive?.members.map(({ name }) => name),
      ["a.o", "b.o"],
    );
    const { places } = await reader.listObjects(path);
    const second = await reader.readSymbols(path, { member: places[1]!.member });
    assert.deepEqual(
      [...eachSymbol(second)].map(({ name }) => name),
      ["two", "away"],
    );
    assert.equal(await reader.readArchive(fileOf(objectWith("no archive"))), undefined);
  });

  it("reads all objects of an archive in order, whatever is in them", async () => {
    const members = Array.from({ length: 40 }, (_, i) => ({ name: `m${i}.o/`, data: objectWith(`s${i}`) }));
    const path = fileOf(buildArchive([...members, { name: "text/", data: "no object" }]));
    const found: string[] = [];
    for await (const symbols of reader.readObjects(path)) {
      found.push(`${symbols.member} ${[...eachSymbol(symbols)][0]?.name ?? symbols.problems.join()}`);
    }
    assert.deepEqual(found, [...members.map((_, i) => `m${i}.o s${i}`), "text this is no ELF file"]);
  });

  it("has a problem in place of an object that a thin archive names and that is not there", async () => {
    const path = fileOf(buildArchive([{ name: "//", data: "gone.o/\n" }, { name: "/0" }], "!<thin>\n"), "gone/thin.a");
    const found = [];
    for await (const symbols of reader.readObjects(path)) found.push(symbols);
    assert.equal(found.length, 1);
    assert.equal(found[0]?.path, join(temporaryFolder(), "gone/gone.o"));
    assert.match(found[0].problems.join(), /ENOENT/);
  });

  it("gives what it has read for as long as the file stays the same", async () => {
    const path = fileOf(objectWith("before"));
    const first = await reader.readSymbols(path);
    assert.equal(await reader.readSymbols(path), first);
    const counted = await reader.countRelocations(path);
    assert.equal(counted.symbols, first);
    assert.equal(await reader.countRelocations(path), counted);
    assert.notEqual(await reader.countRelocations(path, { scope: "all" }), counted);
    assert.equal(await reader.readSymbols(path), first);
  });

  it("reads a file again when it was replaced by another of the same size and time", async () => {
    const path = fileOf(objectWith("before"));
    const time = new Date(1_700_000_000_000);
    utimesSync(path, time, time);
    assert.equal(elfSymbolsNamed(await reader.readSymbols(path), "before").length, 1);
    const other = fileOf(objectWith("behind"));
    utimesSync(other, time, time);
    renameSync(other, path);
    assert.equal(elfSymbolsNamed(await reader.readSymbols(path), "behind").length, 1);
  });

  it("reads a file again when it was written again", async () => {
    const path = fileOf(objectWith("before"));
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    await reader.countRelocations(path);
    writeFileSync(path, objectWith("behind"));
    const { symbols } = await reader.countRelocations(path);
    assert.equal(elfSymbolsNamed(symbols, "behind").length, 1);
    assert.equal(await reader.readSymbols(path), symbols);
  });

  it("forgets what was not asked for longest", async () => {
    const small = openElfReader({ cacheBytes: 10_000 });
    try {
      const paths = Array.from({ length: 8 }, (_, i) => fileOf(objectWith(`s${i}`)));
      const first = await small.readSymbols(paths[0]!);
      for (const path of paths) await small.readSymbols(path);
      assert.notEqual(await small.readSymbols(paths[0]!), first);
      const last = await small.readSymbols(paths[7]!);
      assert.equal(await small.readSymbols(paths[7]!), last);
    } finally {
      await small.close();
    }
  });

  it("rejects with the system's error when a file cannot be opened", async () => {
    await assert.rejects(reader.readSymbols(join(temporaryFolder(), "nowhere.o")), { code: "ENOENT" });
    await assert.rejects(reader.readArchive(join(temporaryFolder(), "nowhere.a")), { code: "ENOENT" });
  });

  it("rejects what is no regular file, without waiting for it", async () => {
    const pipe = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    await assert.rejects(reader.readSymbols(pipe), /no regular file/);
    await assert.rejects(reader.readSymbols(temporaryFolder()), /no regular file/);
    await assert.rejects(reader.readSymbols("/dev/zero"), /no regular file/);
  });

  it("does not start what is aborted before", async () => {
    const reason = new Error("not wanted");
    await assert.rejects(reader.readSymbols(fileOf(objectWith("s")), { signal: AbortSignal.abort(reason) }), reason);
  });

  it("rejects at once when it is aborted, and goes on with other work", async () => {
    const path = fileOf(objectWith("s"));
    const abort = new AbortController();
    const questions = Array.from({ length: 20 }, () => reader.readSymbols(path, { signal: abort.signal }));
    const other = reader.readSymbols(path);
    abort.abort(new Error("not wanted"));
    for (const question of questions) await assert.rejects(question, /not wanted/);
    assert.equal(elfSymbolsNamed(await other, "s").length, 1);
  });

  it("looks often whether long work is still wanted", async () => {
    const entries = new Uint8Array(24 * 500_000);
    const view = new DataView(entries.buffer);
    for (let at = 24; at < entries.length; at += 24) view.setUint32(at, 1, true);
    const sections = [
      { name: ".symtab", type: 2, data: entries, link: ".strtab", entrySize: 24 },
      { name: ".strtab", type: 3, data: Buffer.from("\0name\0") },
      {
        name: ".rela.text",
        type: 4,
        data: new Uint8Array(24 * 500_000),
        link: ".symtab",
        info: ".strtab",
        entrySize: 24,
      },
    ];
    const place = { path: fileOf(buildElf({ sections })), member: undefined };
    let looks = 0;
    await readObject(place, { relocations: "all", checkCancelled: () => void looks++ });
    assert.ok(looks > 15, `${looks} times`);
    const checkCancelled = () => {
      if (--looks === 0) throw new Error("not wanted");
    };
    await assert.rejects(readObject(place, { relocations: "all", checkCancelled }), /not wanted/);
  });

  it("rejects what is not answered when it is closed, and starts anew when it is asked again", async () => {
    const path = fileOf(objectWith("s"));
    const question = reader.readSymbols(path);
    const closing = reader.close();
    await assert.rejects(question, /closed/);
    await closing;
    assert.equal(elfSymbolsNamed(await reader.readSymbols(path), "s").length, 1);
  });
});
