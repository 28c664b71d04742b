import assert from "node:assert/strict";
import { barText, filterRows, type MemoryRow, rowsOf, sizeText } from "../../client/src/memory-tree.ts";
import type { MemoryViewImage } from "../../server/src/protocol/messages.ts";

const image: MemoryViewImage = {
  uri: "file:///build/fw.elf",
  path: "build/fw.elf",
  written: 0,
  hasMap: true,
  symbolsLeftOut: 0,
  regions: [
    {
      name: "FLASH",
      origin: "0x8000000",
      length: 4096,
      used: 1040,
      free: 3056,
      percent: 25.4,
      sections: [
        { name: ".text", kind: "run", size: 1024, index: 0 },
        { name: ".data", kind: "load", size: 16, index: 1 },
      ],
    },
    {
      name: "RAM",
      origin: "0x20000000",
      length: 64,
      used: 72,
      free: -8,
      percent: 112.5,
      before: 40,
      sections: [{ name: ".data", kind: "run", size: 16, index: 1 }],
    },
  ],
  sections: [
    {
      name: ".text",
      address: "0x8000000",
      loadAddress: "0x8000000",
      size: 1024,
      isLoaded: true,
      files: [
        {
          file: "main.o",
          size: 300,
          address: "0x8000000",
          symbols: [
            { name: "main", size: 200, address: "0x8000000" },
            { name: "start", size: 100, address: "0x80000c8", before: 60 },
          ],
        },
        { file: "/usr/lib/libc.a(printf.o)", size: 724, address: "0x800012c", symbols: [] },
      ],
    },
    { name: ".data", address: "0x20000000", loadAddress: "0x8000400", size: 16, isLoaded: true, files: [] },
    { name: ".loose", address: "0x90000000", loadAddress: "0x90000000", size: 5, isLoaded: false, files: [] },
  ],
  places: { regions: { RAM: { uri: "file:///fw.ld", path: "fw.ld", start: 4, end: 7 } }, sections: {} },
};

/** Label and description, children indented. */
function shown(rows: readonly MemoryRow[], indent = ""): string[] {
  return rows.flatMap((row) => [`${indent}${row.label}: ${row.description}`, ...shown(row.children, `${indent}  `)]);
}

describe("the rows of the view Memory", () => {
  it("are regions with bars, in the script's order, then sections that are in none", () => {
    assert.deepEqual(shown(rowsOf([image], "size")), [
      "FLASH: ███░░░░░░░ 25 %, 1 KB of 4 KB",
      "  .text: 1 KB",
      "    libc.a(printf.o): 724 B",
      "    main.o: 300 B",
      "      main: 200 B",
      "      start: 100 B, +40 B",
      "  .data: 16 B, initial bytes",
      "RAM: ██████████ 113 %, 72 B of 64 B, 8 B too many, +32 B",
      "  .data: 16 B",
      ".loose: 5 B, not in the image",
    ]);
  });

  it("are sorted by size, address or name", () => {
    const files = (order: "size" | "address" | "name") =>
      rowsOf([image], order)[0]!
        .children.find(({ label }) => label === ".text")!
        .children.map(({ label }) => label);
    assert.deepEqual(files("size"), ["libc.a(printf.o)", "main.o"]);
    assert.deepEqual(files("address"), ["main.o", "libc.a(printf.o)"]);
    assert.deepEqual(
      rowsOf([image], "name")[0]!.children.map(({ label }) => label),
      [".data", ".text"],
    );
  });

  it("are filtered by their names, with what they are in and all that is in them", () => {
    assert.deepEqual(shown(filterRows(rowsOf([image], "size"), "START")), [
      "FLASH: ███░░░░░░░ 25 %, 1 KB of 4 KB",
      "  .text: 1 KB",
      "    main.o: 300 B",
      "      start: 100 B, +40 B",
    ]);
    assert.equal(filterRows(rowsOf([image], "size"), "flash")[0]!.children.length, 2);
    assert.deepEqual(filterRows(rowsOf([image], "size"), "nothing"), []);
  });

  it("are said in words to screen readers, without bars", () => {
    const [, ram] = rowsOf([image], "size");
    assert.equal(ram!.spoken, "RAM, region, 113 %, 72 B of 64 B, 8 B too many, 32 B more than before");
    assert.deepEqual([ram!.isOverfull, ram!.place?.path], [true, "fw.ld"]);
  });

  it("tell what the figures lack, and what changed", () => {
    const rows = rowsOf(
      [
        {
          ...image,
          olderThan: "main.c",
          symbolsLeftOut: 1200,
          comparedWith: { kind: "image", path: "old.elf" },
          changes: {
            regions: [],
            sections: [{ name: ".text", before: 1000, after: 1024 }],
            files: [],
            symbols: [{ name: "start", before: 60, after: 100 }],
          },
        },
      ],
      "size",
    );
    assert.deepEqual(shown(rows).slice(0, 5), [
      "Older than its sources: main.c was changed since",
      "The largest symbols: smaller ones left out: 1,200",
      "Against old.elf: +24 B",
      "  .text: +24 B, section, 1000 B to 1 KB",
      "  start: +40 B, symbol, 60 B to 100 B",
    ]);
  });

  it("stand below their image where there are several", () => {
    const other = { ...image, uri: "file:///build/boot.elf", path: "build/boot.elf" };
    const rows = rowsOf([image, other], "size");
    assert.deepEqual(
      rows.map(({ label, description, kind }) => [label, description, kind]),
      [
        ["build/fw.elf", "1 KB, RAM overflows", "image"],
        ["build/boot.elf", "1 KB, RAM overflows", "image"],
      ],
    );
    const ids = (all: readonly MemoryRow[]): string[] => all.flatMap(({ id, children }) => [id, ...ids(children)]);
    assert.equal(new Set(ids(rows)).size, ids(rows).length);
  });
});

describe("sizes and bars of the view Memory", () => {
  it("have one digit behind the point, and never hide what is used", () => {
    assert.deepEqual([0, 1023, 1536, 42_189, 3 * 2 ** 20].map(sizeText), [
      "0 B",
      "1023 B",
      "1.5 KB",
      "41.2 KB",
      "3 MB",
    ]);
    assert.deepEqual([0, 0.2, 64, 130].map(barText), ["░░░░░░░░░░", "█░░░░░░░░░", "██████░░░░", "██████████"]);
  });
});
