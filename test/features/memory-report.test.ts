import assert from "node:assert/strict";
import { reportMemory } from "../../server/src/features/memory-report.ts";
import { type Image, makeImage } from "../../server/src/linkage/objects/image.ts";
import { sizesOf } from "../../server/src/linkage/objects/image-sizes.ts";
import { parseMapLayout } from "../../server/src/syntax/map/map-layout.ts";

const MAP = `Memory Configuration

Name             Origin             Length             Attributes
RAM              0x20000000         0x00000100         xrw

Linker script and memory map

.data           0x20000000       0x20
 .data          0x20000000       0x10 main.o
 *fill*         0x20000010        0x8
 .data.b        0x20000018        0x8 b.o
`;

/** The image with a symbol in each file, and one that lies in none. */
function imageOf(mainSize: number): Image {
  const symbols = [
    { name: "state.1", address: 0x2000_0000n, size: mainSize, isLocal: true },
    { name: "hidden", address: 0x2000_0010n, size: 4, isLocal: false },
    { name: "table", address: 0x2000_0018n, size: 8, isLocal: false },
  ];
  const common = { address: 0x2000_0000n, loadAddress: 0x2000_0000n, isAllocated: true, isLoaded: true };
  return makeImage([{ name: ".data", size: 32, symbols, ...common }], parseMapLayout(MAP));
}

describe("what is told of an image's memory", () => {
  it("puts each symbol into the file that the map has at its address", () => {
    const [data] = reportMemory(imageOf(16)).sections;
    assert.deepEqual(
      data!.files.map(({ file, size, symbols }) => [file, size, symbols.map(({ name }) => name)]),
      [
        ["main.o", 16, ["state.1"]],
        ["", 8, ["hidden"]],
        ["b.o", 8, ["table"]],
      ],
    );
  });

  it("tells the sizes in another build, of symbols whatever number they had", () => {
    const before = sizesOf(imageOf(12));
    const { regions, sections } = reportMemory(imageOf(16), before);
    assert.deepEqual([regions[0]!.used, regions[0]!.before], [32, 32]);
    assert.deepEqual(sections[0]!.files[0]!.symbols, [
      { name: "state.1", address: "0x20000000", size: 16, before: 12 },
    ]);
  });

  it("says nothing of a build before where there is none", () => {
    assert.equal("before" in reportMemory(imageOf(16)).regions[0]!, false);
  });
});
