import assert from "node:assert/strict";
import { parseLinkMap } from "../../../server/src/syntax/map/parse-map.ts";

const gnu = `Archive member included to satisfy reference by file (symbol)

libx.a(a_member_with_a_very_long_name.o)
                              a.o (helper)
libx.a(deep.o)                libx.a(a_member_with_a_very_long_name.o) (deep)

Memory Configuration

Name             Origin             Length             Attributes
*default*        0x0000000000000000 0xffffffffffffffff

Linker script and memory map

LOAD a.o
                0x0000000000001000                . = 0x1000
                0x0000000000001000                start_of_it = .
.text           0x0000000000001000       0x57
 *(.text*)
 .text          0x0000000000001000       0x34 a.o
                0x0000000000001000                main
                0x0000000000001057                PROVIDE (etext = .)
                [!provide]                        PROVIDE (nobody = .)
                0x0000000000001057                PROVIDE_HIDDEN (secret = (. + 0x1))
`;

const lld = `             VMA              LMA     Size Align Out     In      Symbol
               0                0     1000     1 . = 0x1000
            1000                0        0     1 start_of_it = .
            1000             1000       78     8 .text
            1000             1000       38     1         a.o:(.text)
            1000             1000       38     1                 main
            1038             1038       20     1         libx.a(deep.o):(.text)
            1058             1058        0     1         libx.a(deep.o):(.data)
            10d3             10d3        0     1         PROVIDE ( etext = . )
`;

describe("link maps", () => {
  it("of GNU ld tell for whom a member was taken", () => {
    assert.deepEqual(parseLinkMap(gnu)?.members, [
      { member: "libx.a(a_member_with_a_very_long_name.o)", takenFor: { file: "a.o", symbol: "helper" } },
      { member: "libx.a(deep.o)", takenFor: { file: "libx.a(a_member_with_a_very_long_name.o)", symbol: "deep" } },
    ]);
  });

  it("of GNU ld name no file for what the command or the script asks for", () => {
    const asked = gnu.replace(/^(libx\.a\(deep\.o\)) .*$/m, "$1          (deep)");
    assert.notEqual(asked, gnu);
    assert.deepEqual(parseLinkMap(asked)?.members[1], {
      member: "libx.a(deep.o)",
      takenFor: { file: undefined, symbol: "deep" },
    });
  });

  it("of GNU ld tell which PROVIDE took effect", () => {
    assert.deepEqual(parseLinkMap(gnu)?.assignments, [
      { symbol: "start_of_it", isProvide: false, tookEffect: true, value: 0x1000n },
      { symbol: "etext", isProvide: true, tookEffect: true, value: 0x1057n },
      { symbol: "nobody", isProvide: true, tookEffect: false, value: undefined },
      { symbol: "secret", isProvide: true, tookEffect: true, value: 0x1057n },
    ]);
  });

  it("of lld name the members that were linked and what the script assigned", () => {
    assert.deepEqual(parseLinkMap(lld), {
      format: "lld",
      members: [{ member: "libx.a(deep.o)", takenFor: undefined }],
      assignments: [
        { symbol: "start_of_it", isProvide: false, tookEffect: true, value: 0x1000n },
        { symbol: "etext", isProvide: true, tookEffect: true, value: 0x10d3n },
      ],
    });
  });

  it("may have the line ends of other systems", () => {
    assert.deepEqual(parseLinkMap(gnu.replaceAll("\n", "\r\n")), parseLinkMap(gnu));
    assert.deepEqual(parseLinkMap(lld.replaceAll("\n", "\r\n")), parseLinkMap(lld));
  });

  it("are told from other texts, and read as far as they go", () => {
    assert.equal(parseLinkMap(""), undefined);
    assert.equal(parseLinkMap("ffffffff81000000 T _text\n"), undefined);
    for (let end = 0; end < gnu.length; end++) parseLinkMap(gnu.slice(0, end));
    assert.deepEqual(parseLinkMap(`Memory Configuration\n${" ".repeat(100_000)}=\n`)?.assignments, []);
  });
});
