import assert from "node:assert/strict";
import { sectionName } from "../../../server/src/host/elf/elf-headers.ts";
import { elfSymbolsNamed } from "../../../server/src/host/elf/object-symbols.ts";
import { buildElf } from "./build-elf.ts";
import { readBuilt, readBytes, removeTemporaryFolder } from "./temporary-files.ts";

const forms = [
  { bits: 64, isBigEndian: false },
  { bits: 64, isBigEndian: true },
  { bits: 32, isBigEndian: false },
  { bits: 32, isBigEndian: true },
] as const;

const someSections = [
  { name: ".text", type: 1, flags: 6, data: new Uint8Array(16) },
  { name: ".data", type: 1, flags: 3, data: new Uint8Array(8), address: 0x1000n },
];

describe("headers of ELF files", () => {
  after(removeTemporaryFolder);

  for (const form of forms) {
    it(`are read in ${form.bits} bits, ${form.isBigEndian ? "big" : "little"}-endian`, async () => {
      const { symbols } = await readBuilt({ ...form, machine: 8, fileType: 3, sections: someSections });
      assert.deepEqual(symbols.problems, ["there is no symbol table"]);
      assert.deepEqual(symbols.header, { ...form, machine: 8, fileType: 3, flags: 0 });
      const { sections } = symbols;
      assert.equal(sections?.count, 4);
      const names = [0, 1, 2, 3].map((index) => sectionName(sections!, index));
      assert.deepEqual(names, ["", ".text", ".data", ".shstrtab"]);
      assert.deepEqual([...sections!.types], [0, 1, 1, 3]);
      assert.deepEqual([...sections!.flags], [0, 6, 3, 0]);
      assert.deepEqual([...sections!.addresses], [0n, 0n, 0x1000n, 0n]);
      assert.deepEqual([...sections!.sizes].slice(1, 3), [16, 8]);
    });
  }

  it("have their number in section 0 when there are too many for e_shnum", async () => {
    const { symbols } = await readBuilt({ sections: someSections, symbols: [], extendedNumbering: true });
    assert.deepEqual(symbols.problems, []);
    assert.equal(symbols.sections?.count, 6);
    assert.equal(sectionName(symbols.sections!, 1), ".text");
  });

  it("are read of 66,000 sections, with the section indexes of their symbols", async () => {
    const sections = Array.from({ length: 66_000 }, (_, i) => ({ name: `.text.f${i}`, type: 1, flags: 6 }));
    const symbols = [65_000, 65_279, 65_300, 65_999].map((i) => ({ name: `f${i}`, section: `.text.f${i}`, type: 2 }));
    const read = await readBuilt({ sections, symbols, extendedNumbering: true });
    assert.deepEqual(read.symbols.problems, []);
    assert.equal(read.symbols.sections?.count, 66_005);
    for (const { name, section } of symbols) {
      assert.deepEqual(
        elfSymbolsNamed(read.symbols, name).map((found) => found.section),
        [section],
      );
    }
  });

  it("keep the flags that are known when a 64-bit file has others in the upper half", async () => {
    const bytes = buildElf({ sections: someSections });
    const view = new DataView(bytes.buffer);
    const headers = Number(view.getBigUint64(0x28, true));
    view.setBigUint64(headers + 64 + 8, 0x8000_0000_0000_0002n, true);
    const { symbols } = await readBytes(bytes);
    assert.equal(symbols.sections?.flags[1], 2);
  });

  const broken: readonly [what: string, change: (view: DataView) => void, problem: RegExp][] = [
    ["an unknown class", (view) => view.setUint8(4, 3), /ELF header is broken/],
    ["an unknown byte order", (view) => view.setUint8(5, 7), /ELF header is broken/],
    ["section headers beyond the end", (view) => view.setBigUint64(0x28, 1n << 40n, true), /beyond the end/],
    ["section headers at 2^63", (view) => view.setBigUint64(0x28, 1n << 63n, true), /beyond the end/],
    ["section headers of another size", (view) => view.setUint16(0x3a, 41, true), /41 bytes long/],
    ["more sections than there are", (view) => view.setUint16(0x3c, 60_000, true), /reach beyond the end/],
    ["names in a section that does not exist", (view) => view.setUint16(0x3e, 999, true), /names are missing/],
    ["no section headers at all", (view) => view.setBigUint64(0x28, 0n, true), /no section headers/],
  ];
  for (const [what, change, problem] of broken) {
    it(`with ${what} are a problem and no error`, async () => {
      const bytes = buildElf({ sections: someSections, symbols: [{ name: "f", section: ".text" }] });
      change(new DataView(bytes.buffer));
      const { symbols } = await readBytes(bytes);
      assert.match(symbols.problems.join("\n"), problem);
    });
  }

  it("cut off anywhere are a problem and no error", async () => {
    const bytes = buildElf({ sections: someSections, symbols: [{ name: "f", section: ".text" }] });
    for (let length = 0; length < bytes.length; length += 7) {
      const { symbols } = await readBytes(bytes.slice(0, length));
      assert.ok(symbols.problems.length > 0, `cut off after ${length} bytes`);
    }
  });

  const others: readonly [what: string, start: string, format: string, problem: RegExp][] = [
    ["LLVM's bitcode", "BC\xc0\xde and more", "llvm-bitcode", /bitcode/],
    ["LLVM's bitcode in a wrapper", "\xde\xc0\x17\x0b and more", "llvm-bitcode", /bitcode/],
    ["an archive", "!<arch>\n", "archive", /archive/],
    ["a thin archive", "!<thin>\n", "thin-archive", /thin archive/],
    ["text", "int main(void);\n", "unknown", /no ELF file/],
    ["nothing", "", "unknown", /no ELF file/],
  ];
  for (const [what, start, format, problem] of others) {
    it(`are not looked for in ${what}`, async () => {
      const { symbols } = await readBytes(Buffer.from(start, "latin1"));
      assert.equal(symbols.format, format);
      assert.match(symbols.problems.join(), problem);
      assert.deepEqual(symbols.tables, []);
    });
  }

  it("of an object that is only GCC's intermediate code say so", async () => {
    const lto = { name: ".gnu.lto_f.1", type: 1, data: new Uint8Array(4) };
    const empty = { name: ".text", type: 1, flags: 6 };
    const slim = await readBuilt({ sections: [empty, lto] });
    assert.match(slim.symbols.problems.join(), /intermediate code/);
    const fat = await readBuilt({ sections: [...someSections, lto], symbols: [] });
    assert.deepEqual(fat.symbols.problems, []);
  });
});
