import assert from "node:assert/strict";
import { compareSizes, totalsOf } from "../../../server/src/linkage/objects/compare-images.ts";
import { type ElfSection, type ImageRegion, makeImage } from "../../../server/src/linkage/objects/image.ts";
import { sizesOf } from "../../../server/src/linkage/objects/image-sizes.ts";
import { filesIn, foldersIn, memoryUseOf, percentOf } from "../../../server/src/linkage/objects/memory-use.ts";
import { parseMapLayout } from "../../../server/src/syntax/map/map-layout.ts";

const FLASH: ImageRegion = { name: "FLASH", origin: 0x0800_0000n, length: 1024n };
const RAM: ImageRegion = { name: "RAM", origin: 0x2000_0000n, length: 256n };

function section(name: string, address: bigint, size: number, more: Partial<ElfSection> = {}): ElfSection {
  return { name, address, loadAddress: address, size, isAllocated: true, isLoaded: true, symbols: [], ...more };
}

function usedOf(sections: readonly ElfSection[], regions = [FLASH, RAM]): Record<string, number> {
  const uses = memoryUseOf(makeImage(sections, undefined, regions));
  return Object.fromEntries(uses.map(({ region, used }) => [region.name, Number(used)]));
}

describe("the use of memory regions", () => {
  it("counts to the end of the last section, gaps included", () => {
    const sections = [section(".a", 0x0800_0000n, 10), section(".b", 0x0800_0020n, 4)];
    assert.deepEqual(usedOf(sections), { FLASH: 0x24, RAM: 0 });
  });

  it("counts initial bytes where they are loaded from too", () => {
    const data = section(".data", 0x2000_0000n, 8, { loadAddress: 0x0800_0010n });
    assert.deepEqual(usedOf([data]), { FLASH: 0x18, RAM: 8 });
  });

  it("leaves out what occupies no memory, though it is linked to address 0", () => {
    const zero: ImageRegion = { name: "ROM", origin: 0n, length: 64n };
    const sections = [section(".text", 0n, 4), section(".debug_info", 0n, 60, { isAllocated: false, isLoaded: false })];
    assert.deepEqual(usedOf(sections, [zero]), { ROM: 4 });
  });

  it("counts what lies behind the end of a full region to that region", () => {
    const sections = [section(".data", 0x2000_0000n, 250), section(".bss", 0x2000_0100n, 100, { isLoaded: false })];
    const [, ram] = memoryUseOf(makeImage(sections, undefined, [FLASH, RAM]));
    assert.deepEqual([ram!.used, ram!.free, percentOf(ram!)], [356n, -100n, 139.0625]);
  });

  it("puts a section into the smallest region around it", () => {
    const boot: ImageRegion = { name: "BOOT", origin: FLASH.origin, length: 64n };
    assert.deepEqual(usedOf([section(".boot", FLASH.origin, 8)], [FLASH, boot]), { FLASH: 0, BOOT: 8 });
  });
});

describe("an image from its map", () => {
  const input = (file: string, address: bigint, size: number) => ({
    section: ".x",
    file,
    address,
    size,
    pattern: undefined,
  });
  const mapped = {
    regions: [{ ...FLASH, attributes: "xr" }],
    discarded: [],
    loaded: [],
    sections: [
      {
        name: ".text",
        address: FLASH.origin,
        loadAddress: FLASH.origin,
        size: 16,
        patterns: [],
        inputs: [
          input("a.o", FLASH.origin, 12),
          input("b.o", FLASH.origin + 12n, 90),
          input("c.o", FLASH.origin + 16n, 3),
        ],
      },
      { name: ".debug_line", address: 0n, loadAddress: 0n, size: 99, patterns: [], inputs: [] },
    ],
  };

  it("cuts inputs to their section: merged strings keep their former sizes in maps", () => {
    assert.deepEqual(filesIn(makeImage(undefined, mapped).sections), [
      { file: "a.o", size: 12 },
      { file: "b.o", size: 4 },
    ]);
  });

  it("knows debugging information by its name", () => {
    assert.deepEqual(
      makeImage(undefined, mapped).sections.map(({ name }) => name),
      [".text"],
    );
  });

  it("prefers the ELF file's sections, and adds what the map says is in them", () => {
    const image = makeImage([section(".text", FLASH.origin, 14)], mapped);
    assert.deepEqual([image.sections[0]!.size, image.sections[0]!.inputs.length], [14, 2]);
  });
});

describe("two builds", () => {
  it("have folders, each with what is in those below it", () => {
    const rows = ["drivers/net/a.o", "drivers/b.o", "lib/lib.a(c.o)", "/usr/lib/libc.a(d.o)", "main.o"];
    const inputs = rows.map((file, at) => ({
      section: ".text",
      file,
      address: BigInt(at * 8),
      size: 8,
      pattern: undefined,
    }));
    assert.deepEqual(foldersIn([{ ...section(".text", 0n, 40), patterns: [], inputs }]), [
      { folder: "drivers", size: 16 },
      { folder: "drivers/net", size: 8 },
      { folder: "lib", size: 8 },
      { folder: "lib/lib.a", size: 8 },
    ]);
  });

  it("have inputs that end where the next one begins, though a map has the sizes from before strings were merged", () => {
    const map = parseMapLayout(`Linker script and memory map

.rodata         0x08000000       0x10
 .rodata.a.str  0x08000000       0x18 a.o
 .rodata.b.str  0x08000000        0xc b.o
 .rodata.c.str  0x0800000c       0x20 c.o
`);
    const [rodata] = makeImage(undefined, map, [FLASH]).sections;
    assert.deepEqual(
      rodata!.inputs.map(({ file, size }) => [file, size]),
      [
        ["b.o", 12],
        ["c.o", 4],
      ],
    );
  });

  it("are compared by what changed, the most first", () => {
    const before = makeImage([section(".a", 0x0800_0000n, 10), section(".b", 0x0800_0010n, 4)], undefined, [FLASH]);
    const after = makeImage([section(".a", 0x0800_0000n, 12), section(".c", 0x0800_0010n, 9)], undefined, [FLASH]);
    assert.deepEqual(compareSizes(sizesOf(before), sizesOf(after)), {
      regions: [{ name: "FLASH", before: 20, after: 25 }],
      sections: [
        { name: ".c", before: 0, after: 9 },
        { name: ".b", before: 4, after: 0 },
        { name: ".a", before: 10, after: 12 },
      ],
      files: [],
      symbols: [],
    });
  });

  it("are compared by symbols too, without the numbers that compilers append", () => {
    const withSymbols = (...sizes: (readonly [string, number])[]) => {
      const symbols = sizes.map(([name, size]) => ({ name, size, address: 0x0800_0000n, isLocal: true }));
      return sizesOf(makeImage([section(".text", 0x0800_0000n, 100, { symbols })], undefined, [FLASH]));
    };
    const before = withSymbols(["state.3", 4], ["state.7", 8], ["gone", 6], ["same.constprop.0", 2]);
    const after = withSymbols(["state.1", 20], ["same.constprop.1", 2], ["new", 10]);
    const { symbols } = compareSizes(before, after);
    assert.deepEqual(symbols, [
      { name: "new", before: 0, after: 10 },
      { name: "state", before: 12, after: 20 },
      { name: "gone", before: 6, after: 0 },
    ]);
    assert.deepEqual(totalsOf(symbols), { added: 1, removed: 1, grown: 1, shrunk: 0, up: 18, down: 6 });
  });
});
