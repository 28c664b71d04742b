import assert from "node:assert/strict";
import { describeOverflow } from "../../../server/src/features/overflow-words.ts";
import { type Image, makeImage } from "../../../server/src/linkage/objects/image.ts";
import { sizesOf } from "../../../server/src/linkage/objects/image-sizes.ts";
import { memoryUseOf } from "../../../server/src/linkage/objects/memory-use.ts";
import { parseMapLayout } from "../../../server/src/syntax/map/map-layout.ts";

/** Three buffers in RAM, of which the second one has the size given. */
function imageOf(size: number): Image {
  const hex = (number: number) => `0x${number.toString(16)}`;
  const start = 0x2000_0000;
  return makeImage(
    undefined,
    parseMapLayout(`Memory Configuration

Name             Origin             Length             Attributes
RAM              0x20000000         0x00000100         xrw
CCM              0x10000000         0x00000400         rw
FLASH            0x08000000         0x00010000         xr

Linker script and memory map

.bss            ${hex(start)}      ${hex(0x60 + size)}
 .bss.small     ${hex(start)}       0x10 a.o
 .bss.buffer    ${hex(start + 0x10)}  ${hex(size)} a.o
 .bss.table     ${hex(start + 0x10 + size)} 0x50 b.o
`),
  );
}

function describeRam(image: Image, before?: Image): string[] {
  const ram = memoryUseOf(image).find(({ region }) => region.name === "RAM")!;
  return describeOverflow(ram, image, before && sizesOf(before), (name) => name);
}

describe("why a region overflows", () => {
  it("is told by what grew, what is large enough to make room, and where there is some", () => {
    assert.deepEqual(describeRam(imageOf(0xc8), imageOf(0x80)), [
      "grew: .bss of a.o by 72 bytes since the build before",
      "to make room for 40 bytes, move or shrink one of these: .bss.table of b.o, 80 bytes; .bss.buffer of a.o, 200 bytes",
      "free elsewhere: CCM 1024 bytes",
    ]);
  });

  it("is nothing where it does not", () => {
    assert.deepEqual(describeRam(imageOf(0x80)), []);
  });

  it("names the largest where none alone is enough", () => {
    const [room] = describeRam(imageOf(0x400));
    assert.match(room!, /^to make room for 864 bytes, move or shrink one of these: .bss.buffer of a.o, 1024 bytes$/);
    const two = describeRam(makeImage(undefined, parseMapLayout(TWO)));
    assert.deepEqual(two, [
      "to make room for 144 bytes, several must go, the largest are: .bss.b of b.o, 128 bytes; .bss.a of a.o, 128 bytes; .bss.c of c.o, 128 bytes",
      "no other region has room",
    ]);
  });
});

const TWO = `Memory Configuration

Name             Origin             Length             Attributes
RAM              0x20000000         0x000000f0         xrw

Linker script and memory map

.bss            0x20000000      0x180
 .bss.b         0x20000000       0x80 b.o
 .bss.a         0x20000080       0x80 a.o
 .bss.c         0x20000100       0x80 c.o
`;
