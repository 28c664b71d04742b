import assert from "node:assert/strict";
import {
  describeElfFile,
  type ElfSymbol,
  eachSymbol,
  elfSymbolsNamed,
  externalSymbols,
} from "../../../server/src/host/elf/object-symbols.ts";
import { type Build, buildElf, concat, stringTable } from "./build-elf.ts";
import { readBuilt, readBytes, removeTemporaryFolder } from "./temporary-files.ts";

const text = { name: ".text", type: 1, flags: 6, data: new Uint8Array(64) };

async function onlySymbol(build: Build): Promise<ElfSymbol> {
  const { symbols } = await readBuilt(build);
  assert.deepEqual(symbols.problems, []);
  const all = [...eachSymbol(symbols)];
  assert.equal(all.length, 1);
  return all[0]!;
}

describe("symbols of ELF files", () => {
  after(removeTemporaryFolder);

  for (const bits of [32, 64] as const) {
    for (const isBigEndian of [false, true]) {
      it(`are decoded in ${bits} bits, ${isBigEndian ? "big" : "little"}-endian`, async () => {
        const symbol = { name: "start", type: 2, section: ".text", value: 0x12345678n, size: 0x21n };
        const found = await onlySymbol({ bits, isBigEndian, sections: [text], symbols: [symbol] });
        assert.deepEqual(found, {
          index: 1,
          name: "start",
          binding: "global",
          type: "function",
          visibility: "default",
          sectionIndex: 1,
          section: ".text",
          isDefined: true,
          value: 0x12345678n,
          size: 0x21n,
          version: undefined,
        });
      });
    }
  }

  it("have values of 64 bits exactly", async () => {
    const found = await onlySymbol({ symbols: [{ name: "end", section: 0xfff1, value: 0xffffffff81000001n }] });
    assert.equal(found.value, 0xffffffff81000001n);
  });

  const bindings = [
    [0, "local"],
    [1, "global"],
    [2, "weak"],
    [10, "unique"],
    [13, "other"],
  ] as const;
  for (const [binding, name] of bindings) {
    it(`have the binding ${name}`, async () => {
      assert.equal((await onlySymbol({ symbols: [{ name: "s", binding }] })).binding, name);
    });
  }

  const types = [
    [0, "notype"],
    [1, "object"],
    [2, "function"],
    [4, "file"],
    [5, "common"],
    [6, "tls"],
    [10, "ifunc"],
    [14, "other"],
  ] as const;
  for (const [type, name] of types) {
    it(`have the type ${name}`, async () => {
      assert.equal((await onlySymbol({ symbols: [{ name: "s", type }] })).type, name);
    });
  }

  it("have a visibility, whatever else the machine keeps in st_other", async () => {
    const symbols = ["default", "internal", "hidden", "protected"].map((name, i) => ({ name, other: 0x60 | i }));
    const { symbols: read } = await readBuilt({ symbols });
    for (const symbol of eachSymbol(read)) assert.equal(symbol.visibility, symbol.name);
  });

  const places = [
    [0, "UND", false],
    [0xfff1, "ABS", true],
    [0xfff2, "COMMON", true],
    [0xff02, "LARGE_COM", true],
    [0xff05, "PRC[0xff05]", true],
    [0xff3f, "OS[0xff3f]", true],
    [0xffff, "RSV[0xffff]", true],
  ] as const;
  for (const [section, name, isDefined] of places) {
    it(`are in ${name} when the section index is ${section}`, async () => {
      const found = await onlySymbol({ symbols: [{ name: "s", section }] });
      assert.deepEqual([found.section, found.sectionIndex, found.isDefined], [name, undefined, isDefined]);
    });
  }

  it("in MIPS's small undefined section are undefined", async () => {
    const found = await onlySymbol({ bits: 32, machine: 8, symbols: [{ name: "s", section: 0xff04 }] });
    assert.deepEqual([found.section, found.isDefined], ["SUND", false]);
  });

  it("of sections are called like the section", async () => {
    const section = { name: "", type: 3, binding: 0, section: ".text" };
    assert.equal((await onlySymbol({ sections: [text], symbols: [section] })).name, ".text");
  });

  it("are found by name, all of one name, and no others", async () => {
    const symbols = ["a", "ab", "abc", "b", "ab"].map((name, i) => ({ name, value: BigInt(i), section: 0xfff1 }));
    const { symbols: read } = await readBuilt({ symbols });
    assert.deepEqual(
      elfSymbolsNamed(read, "ab").map(({ value }) => value),
      [1n, 4n],
    );
    assert.deepEqual(elfSymbolsNamed(read, "abcd"), []);
    assert.deepEqual(elfSymbolsNamed(read, ""), []);
  });

  it("are found by names beyond ASCII and beyond what is hashed", async () => {
    const names = ["größe", `${"x".repeat(500)}1`, `${"x".repeat(500)}2`];
    const { symbols: read } = await readBuilt({ symbols: names.map((name) => ({ name })) });
    for (const name of names)
      assert.deepEqual(
        elfSymbolsNamed(read, name).map((found) => found.name),
        [name],
      );
  });

  it("may share the ends of their names", async () => {
    const bytes = buildElf({ symbols: [{ name: "long_name" }, { name: "other" }] });
    const at = Buffer.from(bytes).indexOf("\0long_name\0");
    const view = new DataView(bytes.buffer);
    // The second symbol's entry is the third of the table, which starts after the file's header.
    view.setUint32(64 + 2 * 24, Buffer.from(bytes).indexOf("name\0", at) - at, true);
    const { symbols } = await readBytes(bytes);
    assert.deepEqual(
      [...eachSymbol(symbols)].map(({ name }) => name),
      ["long_name", "name"],
    );
    assert.equal(elfSymbolsNamed(symbols, "name").length, 1);
  });

  it("leave the local ones out when only external ones are wanted", async () => {
    const symbols = [{ name: "inside", binding: 0 }, { name: "outside" }, { name: "perhaps", binding: 2 }];
    const { symbols: read } = await readBuilt({ symbols });
    assert.deepEqual(
      [...externalSymbols(read)].map(({ name }) => name),
      ["outside", "perhaps"],
    );
  });

  it("have their version apart from the name in static tables", async () => {
    const symbols = [
      { name: "old@V1", section: 0xfff1 },
      { name: "old@@V2", section: 0xfff1 },
    ];
    const { symbols: read } = await readBuilt({ symbols });
    assert.deepEqual(
      elfSymbolsNamed(read, "old").map(({ version }) => version),
      [
        { name: "V1", isDefault: false },
        { name: "V2", isDefault: true },
      ],
    );
  });

  it("have the versions of .gnu.version in dynamic tables", async () => {
    const { symbols } = await readBuilt(versionedLibrary());
    assert.deepEqual(symbols.problems, []);
    const versions = [...eachSymbol(symbols)].map(({ name, version }) => [name, version]);
    assert.deepEqual(versions, [
      ["local", undefined],
      ["mine", { name: "V_1", isDefault: true }],
      ["older", { name: "V_1", isDefault: false }],
      ["theirs", { name: "LIB_3", isDefault: false }],
    ]);
  });

  it("are described by the file's type and machine", async () => {
    const { symbols } = await readBuilt({ machine: 258, fileType: 2 });
    assert.deepEqual(describeElfFile(symbols), { fileType: "executable", machine: "loongarch" });
  });

  it("whose table claims entries of another size are left out, with a problem", async () => {
    const bytes = buildElf({ symbols: [{ name: "f" }] });
    const view = new DataView(bytes.buffer);
    const headers = Number(view.getBigUint64(0x28, true));
    view.setBigUint64(headers + 64 + 56, 25n, true);
    const { symbols } = await readBytes(bytes);
    assert.deepEqual(symbols.tables, []);
    assert.match(symbols.problems.join(), /25 bytes long/);
  });

  it("beyond the end of the file are left out, with a problem", async () => {
    const bytes = buildElf({ symbols: [{ name: "f" }, { name: "g" }] });
    const view = new DataView(bytes.buffer);
    const headers = Number(view.getBigUint64(0x28, true));
    view.setBigUint64(headers + 64 + 32, 1n << 50n, true);
    const { symbols } = await readBytes(bytes);
    assert.match(symbols.problems.join(), /static symbol table reaches beyond the end/);
    assert.deepEqual(
      [...eachSymbol(symbols)].slice(0, 2).map(({ name }) => name),
      ["f", "g"],
    );
  });

  it("whose names all overlap are indexed in time, with long names cut", async () => {
    const strings = new Uint8Array(4_000_000).fill(0x78);
    const entries = new Uint8Array(150_000 * 24);
    const view = new DataView(entries.buffer);
    for (let i = 1; i < 150_000; i++) view.setUint32(i * 24, i, true);
    const sections = [
      { name: ".symtab", type: 2, data: entries, link: ".strtab", entrySize: 24 },
      { name: ".strtab", type: 3, data: strings },
    ];
    const { symbols } = await readBuilt({ sections });
    let characters = 0;
    for (const { name } of eachSymbol(symbols)) characters += name.length;
    assert.match(symbols.problems.join(), /names of the symbols overlap/);
    // Without a limit these would be 580 billion.
    assert.ok(characters < 2 ** 31, `${characters} characters`);
  });
});

/** A library that defines V_1, needs LIB_3, and has a dynamic symbol table. */
function versionedLibrary(): Build {
  const strings = stringTable(["local", "mine", "older", "theirs", "lib.so", "V_1", "LIB_3"]);
  const at = (name: string) => strings.at.get(name)!;
  const record = (...fields: readonly (readonly [size: number, value: number])[]) =>
    concat(
      fields.map(([size, value]) => {
        const bytes = new Uint8Array(size);
        for (let i = 0; i < size; i++) bytes[i] = value >>> (8 * i);
        return bytes;
      }),
    );
  const symbol = (name: string, section: number) =>
    record([4, at(name)], [1, 0x12], [1, 0], [2, section], [8, 0], [8, 0]);
  const symbols = [symbol("local", 1), symbol("mine", 1), symbol("older", 1), symbol("theirs", 0)];
  const definition = (flags: number, index: number, name: string, next: number) =>
    record([2, 1], [2, flags], [2, index], [2, 1], [4, 0], [4, 20], [4, next], [4, at(name)], [4, 0]);
  const need = record(
    [2, 1],
    [2, 1],
    [4, at("lib.so")],
    [4, 16],
    [4, 0],
    [4, 0],
    [2, 0],
    [2, 3],
    [4, at("LIB_3")],
    [4, 0],
  );
  const indexes = record([2, 0], [2, 1], [2, 2], [2, 0x8002], [2, 3]);
  return {
    fileType: 3,
    sections: [
      text,
      { name: ".dynsym", type: 11, data: concat([new Uint8Array(24), ...symbols]), link: ".dynstr", entrySize: 24 },
      { name: ".dynstr", type: 3, data: strings.data },
      { name: ".gnu.version", type: 0x6fffffff, data: indexes, link: ".dynsym", entrySize: 2 },
      {
        name: ".gnu.version_d",
        type: 0x6ffffffd,
        data: concat([definition(1, 1, "lib.so", 28), definition(0, 2, "V_1", 0)]),
        link: ".dynstr",
      },
      { name: ".gnu.version_r", type: 0x6ffffffe, data: need, link: ".dynstr" },
    ],
  };
}
