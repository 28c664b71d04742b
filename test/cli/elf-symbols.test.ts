import assert from "node:assert/strict";
import { join } from "node:path";
import { formatOfFile, readElfSymbols } from "../../server/src/cli/elf-symbols.ts";
import { type ElfReader, openElfReader } from "../../server/src/host/elf/elf-reader.ts";
import { buildArchive } from "../host/elf/build-archive.ts";
import { buildElf } from "../host/elf/build-elf.ts";
import { fileOf, removeTemporaryFolder, temporaryFolder } from "../host/elf/temporary-files.ts";

const object = buildElf({
  sections: [{ name: ".rodata", type: 1, flags: 2, data: new Uint8Array(16) }],
  symbols: [
    { name: "hidden_away", binding: 0, type: 1, section: ".rodata", size: 4n },
    { name: "names", binding: 1, type: 1, section: ".rodata", value: 8n, size: 8n },
    { name: "fallback", binding: 2, type: 2, other: 2, section: ".rodata", size: 4n },
    { name: "maybe", binding: 2 },
    { name: "room", binding: 1, type: 1, section: 0xfff2, value: 16n, size: 32n },
  ],
});

describe("symbols of objects, as they are printed", () => {
  let reader: ElfReader;
  before(() => {
    reader = openElfReader();
  });
  after(async () => {
    await reader.close();
    removeTemporaryFolder();
  });

  it("tell definitions, references and common symbols apart, and leave local ones out", async () => {
    const [printed] = await readElfSymbols(reader, fileOf(object));
    const told = printed!.symbols.map(({ name, kind, role, binding }) => [name, kind, role, binding].join(" "));
    assert.deepEqual(told, [
      "names object definition strong",
      "fallback function definition weak",
      "maybe unknown declaration weak",
      "room object tentative strong",
    ]);
  });

  it("have section, visibility, value and size", async () => {
    const [printed] = await readElfSymbols(reader, fileOf(object));
    const [names, fallback] = printed!.symbols;
    assert.deepEqual([names!.section, names!.visibility, names!.value, names!.size], [".rodata", "default", "0x8", 8]);
    assert.equal(fallback!.visibility, "hidden");
  });

  it("are listed for each member of an archive", async () => {
    const path = fileOf(
      buildArchive([
        { name: "a.o", data: object },
        { name: "b.o", data: object },
      ]),
      "lib.a",
    );
    const files = (await readElfSymbols(reader, path)).map(({ file, symbols }) => [file, symbols.length]);
    assert.deepEqual(files, [
      [`${path}(a.o)`, 4],
      [`${path}(b.o)`, 4],
    ]);
  });

  it("are not looked for in files of other formats, empty ones included", () => {
    assert.equal(formatOfFile(fileOf("int x;\n")), "unknown");
    assert.equal(formatOfFile(fileOf("")), "unknown");
    assert.equal(formatOfFile(fileOf(object)), "elf");
    assert.throws(() => formatOfFile(join(temporaryFolder(), "nowhere.o")), { code: "ENOENT" });
  });
});
