/**
 * The fixes of PROVIDE beside real linkers: each small tree is linked before and after by GNU ld and lld, and nm shows the same
 * symbols at the same addresses. Where the fix is a fallback, programs read the same with the strong definition and without.
 */

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { applyFix, files, fixesOf } from "../support/apply-fix.ts";
import type { FixtureFile } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { isInstalled, needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const LINKERS = ["ld.bfd", ...["14", "15", "19"].map((version) => `/usr/bin/ld.lld-${version}`)];

const REST = "/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame) }";
const START = `//- /start.c
extern int run(void);
void _start(void) { int result = run(); __asm__ volatile("syscall" :: "a"(60L), "D"((long)result)); for (;;); }
`;
const PLAIN = "//- /run.c\nint run(void) { return 3; }\n";

/** What is left as it was. */
const SAME: readonly (readonly [what: string, symbol: string, fixture: string])[] = [
  [
    "a place that nobody refers to",
    "text_finis",
    `//- /a.ld\nSECTIONS { . = 0x400000; .text : { *(.text) PROVIDE(text_finis = .); } ${REST} }\n${PLAIN}`,
  ],
  [
    "a section that has nothing but the place",
    "pad_finis",
    `//- /a.ld\nSECTIONS { . = 0x400000; .text : { *(.text) } .pad 0x500000 : { PROVIDE(pad_finis = .); } .data : { *(.data) } ${REST} }\n${PLAIN}`,
  ],
  [
    "start, end and size that nobody refers to",
    "tab_size",
    `//- /a.ld
SECTIONS {
  . = 0x400000;
  .text : { *(.text) }
  .tab : { PROVIDE(tab_start = .); *(.tab) PROVIDE(tab_end = .); }
  PROVIDE(tab_size = tab_end - tab_start);
  ${REST}
}
${PLAIN}`,
  ],
  [
    "a place that a use always refers to",
    "text_finis",
    `//- /a.ld
SECTIONS { . = 0x400000; .text : { *(.text) PROVIDE(text_finis = .); } ${REST} }
//- /run.c
extern const char text_finis[];
extern int length(const char *end);
int run(void) { return length(text_finis); }
//- /length.c
int length(const char *end) { return end != 0 ? 3 : 4; }
`,
  ],
  [
    "a pair that uses always refer to",
    "tab_start",
    `//- /a.ld
SECTIONS { . = 0x400000; .text : { *(.text) } .tab : { PROVIDE_HIDDEN(tab_start = .); *(.tab) PROVIDE_HIDDEN(tab_end = .); } ${REST} }
//- /run.c
extern const int tab_start[], tab_end[];
const int one __attribute__((section(".tab"))) = 1;
int run(void) { return (int)(tab_end - tab_start) + 2; }
`,
  ],
  [
    "what another file always defines",
    "table",
    `//- /a.ld
PROVIDE(table = 0);
SECTIONS { . = 0x400000; .text : { *(.text) } . = ALIGN(0x1000); .rodata : { *(.rodata*) } ${REST} }
//- /table.h
extern const int table[];
//- /board.c
#include "table.h"
const int table[] = { 3, 2 };
//- /run.c
#include "table.h"
int run(void) { return table[0]; }
`,
  ],
];

const STAND_IN = files(`//- /a.ld
PROVIDE(table = 0);
SECTIONS { . = 0x400000; .text : { *(.text) } . = ALIGN(0x1000); .rodata : { *(.rodata*) } ${REST} }
//- /table.h
extern const int table[];
//- /board.c
#include "table.h"
#ifdef BOARD
const int table[] = { 3, 2 };
#endif
//- /run.c
#include "table.h"
int run(void) { return table[0]; }
${START}`);

describe("PROVIDE's fixes beside real linkers", function () {
  this.timeout(120_000);
  let folder: TemporaryFolder;
  let count = 0;

  before(async function () {
    folder = createTemporaryFolder();
    await orSkip(this, () =>
      needTools([
        { command: "gcc", debianPackage: "gcc" },
        { command: "ld.bfd", debianPackage: "binutils" },
        { command: "nm", debianPackage: "binutils" },
      ]),
    );
  });
  after(() => folder?.[Symbol.dispose]());

  /** Builds a tree with each linker that is there; gives the path of each program. */
  async function build(tree: readonly FixtureFile[], defines: readonly string[] = []): Promise<string[]> {
    const root = join(folder.path, String(count++));
    for (const { path, text } of tree) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const objects: string[] = [];
    // In one order before and after: a file that is new comes last.
    const sources = tree.filter(({ path }) => path.endsWith(".c")).map(({ path }) => path);
    for (const source of sources) {
      const object = join(root, `${source}.o`);
      const flags = ["-O2", "-ffreestanding", "-fno-pic", "-mno-red-zone", "-fno-asynchronous-unwind-tables"];
      await runOrThrow("gcc", ["-c", ...flags, ...defines, join(root, source), "-o", object]);
      objects.push(object);
    }
    const programs: string[] = [];
    for (const linker of LINKERS.filter(isInstalled)) {
      const program = join(root, `program${programs.length}`);
      await runOrThrow(linker, ["-e", "_start", "-T", join(root, "a.ld"), ...objects, "-o", program]);
      programs.push(program);
    }
    return programs;
  }

  async function symbolsOf(programs: readonly string[]): Promise<string[]> {
    return Promise.all(programs.map((program) => runOrThrow("nm", [program])));
  }

  for (const [what, symbol, fixture] of SAME) {
    it(`change nothing in the image: ${what}`, async () => {
      const tree = files(fixture + START);
      const [fix] = fixesOf(loadFixture(tree), symbol);
      assert.ok(fix !== undefined);
      const [before, after] = [await build(tree), await build(applyFix(tree, fix))];
      assert.ok(before.length > 0);
      // lld up to 15 makes what an idle PROVIDE's own value refers to: those go with it.
      const known = await symbolsOf(before);
      const expected = what.includes("size") ? known.map((list) => list.replace(/.* tab_\w+\n/g, "")) : known;
      assert.deepEqual(await symbolsOf(after), expected);
    });
  }

  it("tell an image from another", async () => {
    const [what, , fixture] = SAME[0]!;
    const tree = files(fixture + START);
    const naive = tree.map((file) => ({
      ...file,
      text: file.text.replace("PROVIDE(text_finis = .)", "text_finis = ."),
    }));
    const [before, after] = [await build(tree), await build(naive)];
    assert.notDeepEqual(await symbolsOf(after), await symbolsOf(before), what);
  });

  it("let a strong definition win over the fallback, and link without one", async () => {
    const [fix] = fixesOf(loadFixture(STAND_IN), "table");
    assert.ok(fix !== undefined);
    const fixed = applyFix(STAND_IN, fix);
    for (const program of await build(fixed, ["-DBOARD"])) assert.equal(await exitCode(program), 3, program);
    for (const program of await build(fixed)) assert.equal(await exitCode(program), 0, program);
  });

  async function exitCode(program: string): Promise<number> {
    return Number(await runOrThrow("sh", ["-c", `${program}; echo $?`]));
  }
});
