import assert from "node:assert/strict";
import { linkedFiles, type MapFile } from "../../../server/src/syntax/map/map-inputs.ts";
import { parseMapLayout } from "../../../server/src/syntax/map/map-layout.ts";

function filesOf(map: string): MapFile[] {
  return linkedFiles(parseMapLayout(map)!);
}

describe("the objects that a link took, by its map", () => {
  it("are those that GNU ld has rows of, in the image or left out of it, whatever held them", () => {
    const map = [
      "Discarded input sections",
      "",
      " .text.dead     0x0        0xc main.o",
      " .text.dead     0x0        0xc lib/thin/c.o",
      "",
      "Memory Configuration",
      "",
      "Linker script and memory map",
      "",
      "LOAD lib/built-in.o",
      "LOAD libx.a",
      ".text           0x0       0x10",
      " .text          0x0        0x8 main.o",
      " *fill*         0x8        0x4 ",
      " .text          0xc        0x4 libx.a(y.o)",
      " .data          0x10        0x0 libx.a(z.o)",
      " .glue_7        0x10        0x0 linker stubs",
      "",
    ].join("\n");
    assert.deepEqual(filesOf(map), [
      { path: "main.o", members: undefined },
      { path: "libx.a", members: ["y.o", "z.o"] },
      { path: "lib/thin/c.o", members: undefined },
    ]);
  });

  it("are those of lld's rows, without what it makes itself", () => {
    const map = [
      "             VMA              LMA     Size Align Out     In      Symbol",
      "               0                0        8     4 .text",
      "               0                0        4     4         a.o:(.text)",
      "               4                4        4     4         libx.a(y.o):(.text)",
      "               8                8       1a     1         <internal>:(.comment)",
      "",
    ].join("\n");
    assert.deepEqual(filesOf(map), [
      { path: "a.o", members: undefined },
      { path: "libx.a", members: ["y.o"] },
    ]);
  });
});
