import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Archive, archiveSymbols, memberFile } from "../../../server/src/host/elf/archive.ts";
import { listObjectsOf, readArchiveFile } from "../../../server/src/host/elf/list-objects.ts";
import { elfSymbolsNamed } from "../../../server/src/host/elf/object-symbols.ts";
import { readObject } from "../../../server/src/host/elf/read-objects.ts";
import { type BuiltMember, buildArchive, symbolTable, thinMagic } from "./build-archive.ts";
import { buildElf } from "./build-elf.ts";
import { fileOf, removeTemporaryFolder, temporaryFolder } from "./temporary-files.ts";

function archiveOf(members: readonly BuiltMember[], magic?: string): Archive {
  const archive = readArchiveFile(fileOf(buildArchive(members, magic)), () => {});
  assert.ok(archive);
  return archive;
}

function names(archive: Archive): string[] {
  return archive.members.map(({ name }) => name);
}

const list = (path: string) => listObjectsOf(path, () => {});

/** The paths below the temporary folder, with the members' names. */
function listed(path: string): string[] {
  const { places } = list(path);
  return places.map(
    ({ path, member }) => path.slice(temporaryFolder().length + 1) + (member ? `(${member.name})` : ""),
  );
}

describe("archives", () => {
  after(removeTemporaryFolder);

  it("of GNU have members with short and with long names", () => {
    const archive = archiveOf([
      { name: "//", data: "a_name_that_is_long.o/\nanother_long_name.o/\n" },
      { name: "short.o/", data: "odd" },
      { name: "/0", data: "data" },
      { name: "/23" },
    ]);
    assert.deepEqual(archive.problems, []);
    assert.equal(archive.isThin, false);
    assert.deepEqual(names(archive), ["short.o", "a_name_that_is_long.o", "another_long_name.o"]);
    assert.deepEqual(
      archive.members.map(({ size }) => size),
      [3, 4, 0],
    );
  });

  it("of GNU have long names of 15 letters with a rest of the short form", () => {
    const archive = archiveOf([
      { name: "//", data: "kernel/ptrace.o/\n" },
      { name: "/0             /", data: "data" },
    ]);
    assert.deepEqual(names(archive), ["kernel/ptrace.o"]);
  });

  it("of BSD have their long names before the data", () => {
    const archive = archiveOf([
      { name: "#1/12", data: "__.SYMDEF\0\0\0whatever" },
      { name: "#1/20", data: "a_long_name.o\0\0\0\0\0\0\0data" },
      { name: "short.o", data: "data" },
    ]);
    assert.deepEqual(names(archive), ["a_long_name.o", "short.o"]);
    assert.deepEqual(
      archive.members.map(({ size }) => size),
      [4, 4],
    );
    assert.equal(archive.members[0]!.dataOffset - archive.members[0]!.headerOffset, 80);
  });

  for (const width of [4, 8] as const) {
    it(`have a symbol table with offsets of ${width} bytes`, () => {
      const symbols = [
        ["first", 80],
        ["second", 142],
        ["third", 142],
      ] as const;
      const archive = archiveOf([
        { name: width === 4 ? "/" : "/SYM64/", data: symbolTable(symbols, width) },
        { name: "a.o/" },
      ]);
      assert.deepEqual(
        [...archiveSymbols(archive)].map(({ name, headerOffset }) => [name, headerOffset]),
        symbols,
      );
      assert.deepEqual(names(archive), ["a.o"]);
    });
  }

  it("that are thin name files relative to their folder", () => {
    const path = fileOf(
      buildArchive(
        [
          { name: "/", data: symbolTable([["first", 8]]) },
          { name: "//", data: "sub/a.o/\n/absolute/b.o/\n../c.o/\n" },
          { name: "/0", size: 1000 },
          { name: "/9", size: 1001 },
          { name: "/24", size: 1002 },
        ],
        thinMagic,
      ),
      "thin/built-in.a",
    );
    const archive = readArchiveFile(path, () => {});
    assert.equal(archive?.isThin, true);
    assert.deepEqual(archive.problems, []);
    const files = archive.members.map((member) => memberFile(archive, member));
    assert.deepEqual(files, [join(temporaryFolder(), "thin/sub/a.o"), "/absolute/b.o", join(temporaryFolder(), "c.o")]);
  });

  it("that are no archives are undefined", () => {
    assert.equal(
      readArchiveFile(fileOf("text"), () => {}),
      undefined,
    );
  });

  it("that are cut off give the members before", () => {
    const bytes = buildArchive([
      { name: "a.o/", data: "data" },
      { name: "b.o/", data: "more data" },
    ]);
    const cutInData = readArchiveFile(fileOf(bytes.slice(0, bytes.length - 4)), () => {});
    assert.deepEqual(names(cutInData!), ["a.o", "b.o"]);
    assert.match(cutInData!.problems.join(), /cut off in its member b.o/);
    const cutInHeader = readArchiveFile(fileOf(bytes.slice(0, 8 + 64 + 30)), () => {});
    assert.deepEqual(names(cutInHeader!), ["a.o"]);
    assert.match(cutInHeader!.problems.join(), /broken at offset 72/);
  });

  it("whose symbol table claims more than it has give what it has", () => {
    const data = symbolTable([["first", 80]]);
    new DataView(data.buffer).setUint32(0, 0xffffffff);
    const archive = archiveOf([{ name: "/", data }]);
    assert.ok([...archiveSymbols(archive)].length <= data.length);
  });

  it("stand for their members", async () => {
    const object = buildElf({ symbols: [{ name: "found", section: 0xfff1, value: 7n }] });
    const path = fileOf(
      buildArchive([
        { name: "a.o/", data: "text" },
        { name: "b.o/", data: object },
      ]),
      "lib.a",
    );
    assert.deepEqual(listed(path), ["lib.a(a.o)", "lib.a(b.o)"]);
    const read = await readObject(list(path).places[1]!);
    assert.equal(read?.symbols.member, "b.o");
    assert.equal(elfSymbolsNamed(read!.symbols, "found")[0]?.value, 7n);
  });

  it("stand for everything in the archives that they name, in order", () => {
    fileOf("object", "tree/sub/a.o");
    fileOf("object", "tree/b.o");
    const inner = buildArchive([
      { name: "/", data: symbolTable([]) },
      { name: "c.o/", data: "object" },
    ]);
    fileOf(inner, "tree/lib.a");
    fileOf(
      buildArchive(
        [
          { name: "//", data: "a.o/\n" },
          { name: "/0", size: 6 },
        ],
        thinMagic,
      ),
      "tree/sub/built-in.a",
    );
    const longNames = "sub/built-in.a/\nb.o/\nlib.a/\n";
    const path = fileOf(
      buildArchive(
        [
          { name: "//", data: longNames },
          { name: "/0", size: 8 },
          { name: "/16", size: 6 },
          { name: "/21", size: 70 },
        ],
        thinMagic,
      ),
      "tree/built-in.a",
    );
    assert.deepEqual(list(path).problems, []);
    assert.deepEqual(listed(path), ["tree/sub/a.o", "tree/b.o", "tree/lib.a(c.o)"]);
  });

  it("may name a member of another archive by the offset of its header", () => {
    const inner = [
      { name: "a.o/", data: "object" },
      { name: "b.o/", data: "object" },
    ];
    fileOf(buildArchive(inner), "nested/lib.a");
    const path = fileOf(
      buildArchive(
        [{ name: "//", data: "lib.a/\n" }, { name: `/0:${8 + 66}`, size: 6 }, { name: "/0:999" }],
        thinMagic,
      ),
      "nested/built-in.a",
    );
    assert.deepEqual(listed(path), ["nested/lib.a(b.o)"]);
    assert.match(list(path).problems.join(), /no member at offset 999/);
  });

  it("that name themselves, or each other, end", () => {
    const thin = (...files: string[]) =>
      buildArchive(
        [
          { name: "//", data: files.map((file) => `${file}/\n`).join("") },
          ...files.map((_, i) => ({ name: `/${files.slice(0, i).join("/\n").length + (i > 0 ? 2 : 0)}` })),
        ],
        thinMagic,
      );
    fileOf("object", "loop/x.o");
    const first = fileOf(thin("second.a", "x.o"), "loop/first.a");
    fileOf(thin("first.a", "x.o"), "loop/second.a");
    assert.deepEqual(listed(first), ["loop/x.o", "loop/x.o"]);
    assert.match(list(first).problems.join(), /contains itself/);
  });

  it("that nest without end through a link end", () => {
    mkdirSync(join(temporaryFolder(), "deep"), { recursive: true });
    symlinkSync(".", join(temporaryFolder(), "deep/again"));
    const path = fileOf(
      buildArchive([{ name: "//", data: "again/deep.a/\n" }, { name: "/0" }], thinMagic),
      "deep/deep.a",
    );
    assert.deepEqual(listed(path), []);
    assert.match(list(path).problems.join(), /nested too deep/);
  });

  it("list files that are not there, and say so", () => {
    const path = fileOf(buildArchive([{ name: "//", data: "gone.o/\n" }, { name: "/0" }], thinMagic), "without.a");
    assert.deepEqual(listed(path), ["gone.o"]);
    assert.match(list(path).problems.join(), /ENOENT/);
  });
});
