import assert from "node:assert/strict";
import { parseMapLayout } from "../../../server/src/syntax/map/map-layout.ts";

const gnu = `Discarded input sections

 .text.dead     0x00000000        0xc a.o
 .a_section_with_a_long_name
                0x00000000        0x4 b.o

Memory Configuration

Name             Origin             Length             Attributes
FLASH            0x08000000         0x00010000         xr
data             0x20000000         0x00002000         rw !x
plain            0x30000000         0x00000010
*default*        0x00000000         0xffffffff

Linker script and memory map

LOAD a.o
                0x20002000                        _estack = (ORIGIN (data) + LENGTH (data))

.text           0x08000000       0x60
 *(.text .text.*)
 .text.startup.main
                0x08000000       0x3c a.o
                0x08000000                main
 *fill*         0x0800003c        0x4 
 .text          0x08000040       0x1c libc.a(memcpy.o)
                0x08000040                memcpy
                0x0800005c        0x4 LONG 0x2a
 KEEP (*(.vectors))

.a_section_with_a_long_name
                0x20000000        0x8 load address 0x08000060
 *(.data)
 .data          0x20000000        0x8 a.o
OUTPUT(fw.elf elf32-littlearm)

Cross Reference Table

Symbol                                            File
main                                              a.o
`;

const lld = `             VMA              LMA     Size Align Out     In      Symbol
               0                0     1000     1 . = 0x1000
        20000108         20000108      12e     8 .data0
        20000108         20000108      116     8         libx.a(a.o):(.data0)
        20000108         20000108        0     1                 table
        2000021e         2000021e       18     1         . = . + 24
        10000000         20000238       a3     4 .data1
        10000000         20000238       a3     4         b.o:(.data1)
`;

describe("what a map says of the layout", () => {
  it("tells regions, and not ld's own *default*", () => {
    assert.deepEqual(parseMapLayout(gnu)!.regions, [
      { name: "FLASH", origin: 0x0800_0000n, length: 0x1_0000n, attributes: "xr" },
      { name: "data", origin: 0x2000_0000n, length: 0x2000n, attributes: "rw !x" },
      { name: "plain", origin: 0x3000_0000n, length: 16n, attributes: "" },
    ]);
  });

  it("tells output sections with their load addresses, also where the name has a line of its own", () => {
    const sections = parseMapLayout(gnu)!.sections.map(({ inputs: _, ...section }) => section);
    assert.deepEqual(sections, [
      {
        name: ".text",
        address: 0x0800_0000n,
        loadAddress: 0x0800_0000n,
        size: 0x60,
        patterns: ["*(.text .text.*)", "KEEP (*(.vectors))"],
      },
      {
        name: ".a_section_with_a_long_name",
        address: 0x2000_0000n,
        loadAddress: 0x0800_0060n,
        size: 8,
        patterns: ["*(.data)"],
      },
    ]);
  });

  it("tells what each section holds, by which pattern, and padding; no symbols, no data statements", () => {
    const pattern = "*(.text .text.*)";
    assert.deepEqual(parseMapLayout(gnu)!.sections[0]!.inputs, [
      { section: ".text.startup.main", file: "a.o", address: 0x0800_0000n, size: 0x3c, pattern },
      { section: "*fill*", file: "", address: 0x0800_003cn, size: 4, pattern },
      { section: ".text", file: "libc.a(memcpy.o)", address: 0x0800_0040n, size: 0x1c, pattern },
    ]);
  });

  it("reads gold's maps, which have neither regions nor patterns", () => {
    const layout = parseMapLayout(`
Discarded input sections

 .eh_frame      0x0000000000000000       0x30 main.o

Memory map

 ** file header
                0x0000000007fff000       0x40

.data           0x0000000020000000        0xc load address 0x8000093         
 .data.mode     0x0000000020000000        0x4 main.o
                0x0000000020000000                mode
 ** fill        0x0000000020000004        0x4
 .data          0x0000000020000008        0x4 log.o
`)!;
    assert.deepEqual(layout.discarded, [{ section: ".eh_frame", file: "main.o", size: 0x30 }]);
    assert.deepEqual(
      layout.sections.map(({ name, loadAddress, inputs }) => [
        name,
        loadAddress,
        inputs.map(({ file, size }) => [file, size]),
      ]),
      [
        [
          ".data",
          0x800_0093n,
          [
            ["main.o", 4],
            ["", 4],
            ["log.o", 4],
          ],
        ],
      ],
    );
  });

  it("tells in which order files were loaded", () => {
    const map = "Linker script and memory map\n\nLOAD /usr/lib/crt1.o\nLOAD a.o\nSTART GROUP\nLOAD libc.a\nEND GROUP\n";
    assert.deepEqual(parseMapLayout(map)!.loaded, ["/usr/lib/crt1.o", "a.o", "libc.a"]);
  });

  it("tells what was left out", () => {
    assert.deepEqual(parseMapLayout(gnu)!.discarded, [
      { section: ".text.dead", file: "a.o", size: 12 },
      { section: ".a_section_with_a_long_name", file: "b.o", size: 4 },
    ]);
  });

  it("reads lld's maps, whose assignments are no sections", () => {
    assert.deepEqual(parseMapLayout(lld), {
      regions: [],
      discarded: [],
      loaded: [],
      sections: [
        {
          name: ".data0",
          address: 0x2000_0108n,
          loadAddress: 0x2000_0108n,
          size: 0x12e,
          patterns: [],
          inputs: [{ section: ".data0", file: "libx.a(a.o)", address: 0x2000_0108n, size: 0x116, pattern: undefined }],
        },
        {
          name: ".data1",
          address: 0x1000_0000n,
          loadAddress: 0x2000_0238n,
          size: 0xa3,
          patterns: [],
          inputs: [{ section: ".data1", file: "b.o", address: 0x1000_0000n, size: 0xa3, pattern: undefined }],
        },
      ],
    });
  });

  it("takes no other text for a map", () => {
    assert.equal(parseMapLayout("int main(void) { return 0; }\n"), undefined);
  });
});
