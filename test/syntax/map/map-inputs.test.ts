import assert from "node:assert/strict";
import { parseMapInputs } from "../../../server/src/syntax/map/map-inputs.ts";

describe("what a linker was given, by its map", () => {
  it("is listed by GNU ld in the order of its command line, each file once, without what the linker made", () => {
    const map =
      "Memory Configuration\n\nLinker script and memory map\n\nLOAD b.o\nSTART GROUP\nLOAD libx.a\nEND GROUP\nLOAD libx.a\nLOAD linker stubs\n.text 0x0 0x4\n .text 0x0 0x4 b.o\n";
    assert.deepEqual(parseMapInputs(map), [
      { path: "b.o", kind: "object", members: [] },
      { path: "libx.a", kind: "archive", members: [] },
    ]);
  });

  it("is known of lld's maps where something was taken of a file, of archives with the members", () => {
    const map = [
      "             VMA              LMA     Size Align Out     In      Symbol",
      "               0                0        8     4 .text",
      "               0                0        4     4         a.o:(.text)",
      "               4                4        4     4         libx.a(y.o):(.text)",
      "               8                8        0     1         libx.a(y.o):(.data)",
      "               8                8        0     1         libx.a(z.o):(.data)",
      "               8                8       1a     1         <internal>:(.comment)",
      "",
    ].join("\n");
    assert.deepEqual(parseMapInputs(map), [
      { path: "a.o", kind: "object", members: [] },
      { path: "libx.a", kind: "members", members: ["y.o", "z.o"] },
    ]);
  });

  it("is not known of another text", () => {
    assert.equal(parseMapInputs("LOAD a.o\n"), undefined);
  });
});
