import assert from "node:assert/strict";
import { askedSymbols, keptPatterns } from "../../../server/src/linkage/scripts/kept-patterns.ts";
import { readScript } from "../../../server/src/syntax/ld/read-script.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

function keeps(statement: string, file: string, section: string, linker: "bfd" | "lld" = "bfd"): boolean {
  const script = readScript("a.ld", sourceOfText(`SECTIONS { .x : { ${statement} } }\n`));
  return keptPatterns(script, linker)(file, section);
}

describe("what KEEP holds back", () => {
  it("are sections by their names, of files by theirs", () => {
    assert.equal(keeps("KEEP(*(.init .fini.*))", "a.o", ".fini.1"), true);
    assert.equal(keeps("KEEP(*(.init)) *(.fini)", "a.o", ".fini"), false);
    assert.equal(keeps("KEEP(*crt?.o(.ctors))", "/usr/lib/crti.o", ".ctors"), true);
    assert.equal(keeps("KEEP(*crt?.o(.ctors))", "main.o", ".ctors"), false);
  });

  it("are members of archives by their own names, or by the archive's", () => {
    assert.equal(keeps("KEEP(x.o(.t))", "lib.a(x.o)", ".t"), true);
    assert.equal(keeps("KEEP(*lib.a:x.o(.t))", "dir/lib.a(x.o)", ".t"), true);
    assert.equal(keeps("KEEP(*lib.a:(.t))", "dir/lib.a(y.o)", ".t"), true);
    assert.equal(keeps("KEEP(*lib.a:(.t))", "y.o", ".t"), false);
  });

  it("are not what EXCLUDE_FILE names, but for lld", () => {
    const statement = "KEEP(*(EXCLUDE_FILE(*end.o) .ctors))";
    assert.deepEqual(
      [
        keeps(statement, "a.o", ".ctors"),
        keeps(statement, "crtend.o", ".ctors"),
        keeps(statement, "crtend.o", ".ctors", "lld"),
      ],
      [true, false, true],
    );
  });

  it("stands beside what ENTRY and EXTERN ask for", () => {
    const script = readScript("a.ld", sourceOfText('ENTRY("go") EXTERN(a b) SECTIONS { }\n'));
    assert.deepEqual(askedSymbols(script), { entry: "go", asked: ["a", "b"] });
  });
});
