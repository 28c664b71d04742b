/** The rules on linker scripts over texts that no person wrote: none throws, and none takes for ever. */

import assert from "node:assert/strict";
import { loadFixture } from "../support/fixture-program.ts";
import { createRandom } from "../support/random.ts";

const WORDS = (
  "MEMORY { } { } PHDRS SECTIONS ENTRY ( ) ( ) EXTERN INCLUDE ASSERT PROVIDE REGION_ALIAS ORIGIN LENGTH = = = ; ; : , ram rom > AT> " +
  '.text .data /DISCARD/ * *( ) KEEP( . += x y sym 0 1 0x8000 64K + - / ? "m" "a b" [ ] [9-0] , link.ld other.ld ' +
  "EXCLUDE_FILE( OVERLAY ONLY_IF_RO text PT_LOAD :text INSERT AFTER BYTE( QUAD( ALIGN( SIZEOF( DEFINED("
).split(" ");

/** Runs every rule on the script; an exception fails the test. How many findings there are. */
function check(text: string, path = "link.ld"): number {
  const files = [
    { path, text },
    { path: "other.ld", text: "INCLUDE link.ld\n" },
    { path: "a.c", text: "extern char *sym; char *f(void) { return sym; }\n" },
  ];
  return [...loadFixture(files).findings().values()].flat().length;
}

describe("rules on any script", () => {
  it("do not throw on random words", () => {
    const random = createRandom(7);
    for (let round = 0; round < 100; round++) {
      const words = Array.from({ length: 60 }, () => WORDS[random(WORDS.length)]!);
      const path = round % 3 === 0 ? "link.lds.S" : "link.ld";
      check(words.join(round % 2 === 0 ? " " : "\n"), path);
    }
  });

  it("follow constants through chains and cycles", () => {
    const chain = Array.from({ length: 1000 }, (_, i) => `s${i} = s${i + 1};`).join("\n");
    assert.equal(check(`${chain}\ns1000 = 0;\nASSERT(s0, "m")\na = b; b = a; ASSERT(a, "m")\n`), 0);
    const deep = `${"(".repeat(300)}s1${")".repeat(300)}`;
    const deepChain = Array.from({ length: 20 }, (_, i) => `s${i} = ${deep.replace("s1", `s${i + 1}`)};`).join("\n");
    assert.equal(check(`${deepChain}\nASSERT(s0, "m")\n`), 0);
  });

  it("read a script of many repetitions", () => {
    const many = (count: number, one: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => one(i)).join("\n");
    assert.ok(check(many(2000, (i) => `x = ${i};`)) > 1000);
    assert.ok(check(`SECTIONS {\n${many(2000, () => ".a : { *(.a) . += 1; }")}\n}`) > 1000);
    const filled = many(2000, (i) => `.s${i} : { *(.s${i}) } >r${i}`);
    assert.ok(
      check(`MEMORY {\n${many(2000, (i) => `r${i} : ORIGIN = 0, LENGTH = 1`)}\n}\nSECTIONS { ${filled} }`) > 100,
    );
    assert.ok(check(`${many(500, (i) => `PROVIDE(p${i} = q + 1);`)}\n${many(500, (i) => `p${i} = 2;`)}`) >= 1000);
    assert.ok(check(many(5000, (i) => `PROVIDE(p = q + ${i});`)) >= 5000);
    check(`SECTIONS { .a : {\n${many(2000, (i) => `*(.s${i}.*)`)}\n} }`);
    check(`${many(500, (i) => `#ifdef A${i}\nx = 1;\n#endif`)}`, "link.lds.S");
  });
});
