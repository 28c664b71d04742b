/** How the tree tells that a script goes through the C preprocessor, where its own text does not. */

import assert from "node:assert/strict";
import { parseFixture } from "../../support/fixture.ts";
import { loadFixture } from "../../support/fixture-program.ts";

const SCRIPT = "//- /link.ld\nSECTIONS { RO_DATA(4096) .text : { *(.text) } }\n";

function errorsWith(more: string): number {
  const findings = loadFixture(parseFixture(SCRIPT + more).files)
    .findings()
    .get("link.ld");
  return (findings ?? []).filter(({ rule }) => rule === "script-syntax").length;
}

describe("a script that goes through the preprocessor", () => {
  it("is a plain one where nothing shows otherwise", () => {
    assert.ok(errorsWith("") > 0);
    assert.ok(errorsWith("//- /top.ld\nINCLUDE link.ld\n") > 0);
    assert.ok(errorsWith("//- /Makefile\nfw: main.o link.ld\n\tld -T link.ld -o $@ main.o\n") > 0);
    assert.ok(errorsWith("//- /Makefile\nmain.i: main.c\n\t$(CPP) $< > $@\n") > 0);
  });

  it("is given to it by a rule", () => {
    assert.equal(errorsWith("//- /Makefile\nout.ld: link.ld\n\t$(CPP) -P $< > $@\n"), 0);
    assert.equal(errorsWith("//- /Makefile\n%.lds: $(SRC)/%.ld\n\tgcc -E -P -x c $< -o $@\n"), 0);
  });

  it("is included as text", () => {
    assert.equal(errorsWith('//- /all.lds.S\n#include "link.ld"\n'), 0);
  });
});
