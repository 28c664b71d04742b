/** What the fixes of PROVIDE write, and when they refuse. */

import assert from "node:assert/strict";
import { fixesOf, fixSymbol } from "../support/apply-fix.ts";
import { type FixtureFile, parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";

function files(fixture: string): readonly FixtureFile[] {
  return parseFixture(fixture).files;
}

function refusalOf(fixture: string, symbol: string): string {
  const [fix] = fixesOf(loadFixture(files(fixture)), symbol);
  assert.deepEqual(fix?.edits, []);
  return fix?.refusal ?? "";
}

describe("the fix of a PROVIDE", () => {
  it("makes a plain assignment of one that marks a place", () => {
    const after = fixSymbol(
      files("//- /a.ld\nSECTIONS { .text : { *(.text) PROVIDE(end_of_text = .); } }\n"),
      "end_of_text",
    );
    assert.equal(after.get("a.ld"), "SECTIONS { .text : { *(.text) end_of_text = .; } }\n");
  });

  it("refuses that where other objects may be in the link", () => {
    const open = { compiled: undefined, named: [{ name: "all", holds: () => true, isClosed: false }] };
    const text = "SECTIONS { .text : { *(.text) PROVIDE(end_of_text = .); } }\n";
    const [fix] = fixesOf(loadFixture([{ path: "a.ld", text }], "c", open), "end_of_text");
    assert.deepEqual(fix?.edits, []);
    assert.match(fix?.refusal ?? "", /would silently win over a definition of 'end_of_text'/);
  });

  it("keeps the visibility of PROVIDE_HIDDEN", () => {
    const after = fixSymbol(
      files("//- /a.ld\nSECTIONS { .a : { PROVIDE_HIDDEN ( begin = . + 4 ); *(.a) } }\n"),
      "begin",
    );
    assert.equal(after.get("a.ld"), "SECTIONS { .a : { HIDDEN ( begin = . + 4 ); *(.a) } }\n");
  });

  it("makes a fallback in C of one that only fills the place", () => {
    const after = fixSymbol(
      files(`//- /a.ld
PROVIDE(count = 0);
ENTRY(start)
//- /count.h
extern const unsigned int count;
//- /user.c
#include "count.h"
unsigned int twice(void) { return 2 * count; }
`),
      "count",
    );
    assert.equal(after.get("a.ld"), "ENTRY(start)\n");
    assert.match(
      after.get("user_weak.c")!,
      /#include "count\.h"\n\nconst unsigned int count __attribute__\(\(weak\)\);/,
    );
  });

  it("takes the whole line away where lines end as on Windows", () => {
    const after = fixSymbol(
      [
        { path: "a.ld", text: "ENTRY(start)\r\nPROVIDE(count = 0);\r\n" },
        { path: "a.c", text: "extern unsigned int count;\r\nunsigned int twice(void) { return 2 * count; }\r\n" },
      ],
      "count",
    );
    assert.equal(after.get("a.ld"), "ENTRY(start)\r\n");
  });

  it("refuses where something else defines the symbol", () => {
    const reason = refusalOf("//- /a.ld\nSECTIONS { .a : { PROVIDE(end = .); } }\n//- /b.c\nint end = 1;\n", "end");
    assert.match(reason, /b\.c:1 defines 'end' as well/);
  });

  it("refuses an alias of another symbol", () => {
    assert.match(refusalOf("//- /a.ld\nPROVIDE(copy = memcpy);\n", "copy"), /neither a place/);
  });

  it("refuses an address that is meant as one", () => {
    assert.match(refusalOf("//- /a.ld\nPROVIDE(device = 0x3f000000);\n", "device"), /may be meant/);
  });

  it("refuses one that a macro makes", () => {
    const reason = refusalOf(
      "//- /a.lds.S\n#define PROVIDE32(x) PROVIDE(x)\nSECTIONS { .a : { PROVIDE32(etext = .); } }\n",
      "etext",
    );
    assert.match(reason, /macro/);
  });
});
