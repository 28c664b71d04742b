import assert from "node:assert/strict";
import { describeInImage, hintRegions, type ShownImage } from "../../server/src/features/image-words.ts";
import type { ImageInput, ImageSection } from "../../server/src/linkage/objects/image.ts";
import { readScript } from "./script-fixture.ts";

function input(section: string, file: string, size: number, pattern?: string): ImageInput {
  return { section, file, address: 0n, size, pattern };
}

function section(name: string, address: bigint, size: number, more: Partial<ImageSection> = {}): ImageSection {
  const plain = { isAllocated: true, isLoaded: true, patterns: [], inputs: [], symbols: [] };
  return { name, address, loadAddress: address, size, ...plain, ...more };
}

const shown: ShownImage = {
  path: "build/fw.elf",
  olderThan: undefined,
  before: undefined,
  assignments: [],
  image: {
    regions: [
      { name: "FLASH", origin: 0x0800_0000n, length: 0x1000n },
      { name: "RAM", origin: 0x2000_0000n, length: 64n },
    ],
    sections: [
      section(".text", 0x0800_0000n, 100, {
        patterns: ["*(.text .text.*)", "*(.vectors)", "*(.rodata)"],
        inputs: [
          input(".text.main", "a.o", 60, "*(.text .text.*)"),
          input("*fill*", "", 8, "*(.text .text.*)"),
          input(".vectors", "b.o", 32, "*(.vectors)"),
        ],
      }),
      section(".data", 0x2000_0000n, 16, { loadAddress: 0x0800_0064n }),
      section(".bss", 0x2000_0010n, 56, { isLoaded: false }),
    ],
  },
};

function describeAt(text: string, image = shown): string | undefined {
  const { script, offset } = readScript(text);
  return describeInImage(script, offset, image)?.text;
}

describe("what the image says in a script", () => {
  it("tells how full a region is, and what is in it", () => {
    assert.equal(
      describeAt("MEMORY { FL<|>ASH : ORIGIN = 0x8000000, LENGTH = 4K }\n"),
      "In `build/fw.elf`:\n- used 116 of 4096 bytes, **2.83 %**; 3980 bytes free\n- `.text` 100 bytes\n- `.data` 16 bytes, its initial bytes",
    );
  });

  it("tells by how much a region overflows, and that the script is newer than the image", () => {
    const text = describeAt("SECTIONS { .a : { } >R<|>AM }\n", { ...shown, olderThan: "link.ld" });
    assert.match(
      text!,
      /^In `build\/fw.elf`, which is older than `link.ld`:\n- used 72 of 64 bytes, \*\*112.50 %\*\*; \*\*8 bytes too many\*\*/,
    );
  });

  it("tells of a region and a section how much larger they are than in the build before", () => {
    const sizes = {
      regions: new Map([["RAM", 64]]),
      sections: new Map([[".bss", 80]]),
      files: undefined,
      symbols: undefined,
    };
    const grown = { ...shown, before: { written: 0, sizes } };
    assert.match(
      describeAt("SECTIONS { .a : { } >R<|>AM }\n", grown)!,
      /too many\*\*, 8 more than in the build before/,
    );
    assert.match(
      describeAt("SECTIONS { .b<|>ss : { } }\n", grown)!,
      /56 bytes at .*, 24 fewer than in the build before/,
    );
  });

  it("tells where a section landed and what fills it, or that it takes no memory", () => {
    assert.equal(
      describeAt("SECTIONS { .te<|>xt : { *(.text) } }\n"),
      "In `build/fw.elf`:\n- 100 bytes at `0x08000000`\n  - `a.o` 60 bytes\n  - `b.o` 32 bytes\n  - padding 8 bytes",
    );
    assert.match(describeAt("SECTIONS { .da<|>ta : { } }\n")!, /16 bytes at `0x20000000`, loaded from `0x08000064`/);
    assert.match(describeAt("SECTIONS { .no<|>ne : { } }\n")!, /it takes no memory/);
  });

  it("tells what a pattern took, with KEEP or without, and when it took nothing", () => {
    assert.equal(
      describeAt("SECTIONS { .text : { *(.text<|>   .text.*) } }\n"),
      "In `build/fw.elf`:\n- it took 1 input sections, 60 bytes\n  - `.text.main` of `a.o` 60 bytes",
    );
    assert.match(describeAt("SECTIONS { .text : { KEEP(*(.vec<|>tors)) } }\n")!, /`.vectors` of `b.o` 32 bytes/);
    assert.match(describeAt("SECTIONS { .text : { *(.ro<|>data) } }\n")!, /it took nothing/);
  });

  it("says nothing of a pattern that the map does not list, or of a region that the image lacks", () => {
    assert.equal(describeAt("SECTIONS { .text : { *(.oth<|>er) } }\n"), undefined);
    assert.equal(describeAt("SECTIONS { .a : { } >RO<|>M }\n"), undefined);
  });

  it("hints behind each region how full it is", () => {
    const text =
      "MEMORY {\n  FLASH : ORIGIN = 0x8000000, LENGTH = 4K\n  RAM : ORIGIN = 0, LENGTH = 64\n  X : ORIGIN = 1, LENGTH = 2\n}\n";
    const { script } = readScript(`${text}<|>`);
    const hints = hintRegions(script, { start: 0, end: text.length }, shown);
    assert.deepEqual(
      hints.map(({ offset, label }) => [text.slice(0, offset).split("\n").at(-1), label]),
      [
        ["  FLASH : ORIGIN = 0x8000000, LENGTH = 4K", "3 % used"],
        ["  RAM : ORIGIN = 0, LENGTH = 64", "8 bytes too many"],
      ],
    );
  });
});
