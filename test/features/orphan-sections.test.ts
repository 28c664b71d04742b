/** Orphan sections of images that are really linked; where the edit places them, ld has the last word. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ShownImage } from "../../server/src/features/image-words.ts";
import { findOrphans, hintOrphans } from "../../server/src/features/orphan-sections.ts";
import { readElfImage, readMapLayout } from "../../server/src/host/read-image.ts";
import { makeImage } from "../../server/src/linkage/objects/image.ts";
import { readScript } from "../../server/src/syntax/ld/read-script.ts";
import type { LdScript } from "../../server/src/syntax/ld/tree.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow, runProgram } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const ASSEMBLY = `
.section .text,"ax"
.globl _start
_start: .quad 1, 2, 3
.section .fast,"ax"
.balign 16
.quad 4
.section .table,"a"
.long 5
.section .table.more,"a"
.long 6
.section .data,"aw"
.quad 7
.section .settings,"aw"
.balign 32
.quad 8
.section .bss,"aw",@nobits
.skip 24
.section .noinit,"aw",@nobits
.skip 40
`;

const MEMORY = "MEMORY { ROM (rx) : ORIGIN = 0x1000, LENGTH = 4K  RAM (rwx) : ORIGIN = 0x8000, LENGTH = 4K }\n";

const SCRIPTS = {
  "without regions":
    "SECTIONS\n{\n  . = 0x10000;\n  .text : { *(.text) }\n  . = ALIGN(64);\n  .data : { *(.data) }\n  .bss : { *(.bss) }\n}\n",
  "with regions": `${MEMORY}SECTIONS\n{\n  .text : { *(.text) } >ROM\n  .data : { *(.data) } >RAM\n  .bss : { *(.bss) } >RAM\n}\n`,
  "with load addresses and symbols": `${MEMORY}SECTIONS
{
  .text : { *(.text) _etext = .; } >ROM
  .data : { _sdata = .; *(.data) _edata = .; } >RAM AT>ROM
  _sidata = LOADADDR(.data);
  .bss : { _sbss = .; *(.bss) _ebss = .; } >RAM
  _end = .;
}
`,
} as const;

describe("orphan sections", function () {
  this.timeout(60_000);
  let folder: TemporaryFolder;

  before(async function () {
    await orSkip(this, () => needTools([{ command: "ld.bfd", debianPackage: "binutils" }]));
    folder = createTemporaryFolder({ "a.s": ASSEMBLY });
    await runOrThrow("as", ["a.s", "-o", "a.o"], { folder: folder.path });
  });
  after(() => folder?.[Symbol.dispose]());

  /** Links with a script. @returns what the editor shows, and each section and symbol with its address */
  async function link(
    text: string,
  ): Promise<{ script: LdScript; shown: ShownImage; laidOut: string; warned: string[] }> {
    writeFileSync(join(folder.path, "a.ld"), text);
    const words = [
      "-T",
      "a.ld",
      "-Map=a.map",
      "--no-warn-rwx-segments",
      "--orphan-handling=warn",
      "-o",
      "a.elf",
      "a.o",
    ];
    const { stderr, status } = await runProgram("ld.bfd", words, { folder: folder.path });
    assert.equal(status, 0, stderr);
    // The linker's own sections, which are empty, are orphans too.
    const warned = [...stderr.matchAll(/orphan section `([^']*)'/g)].map(([, section]) => section!);
    const elf = await readElfImage(join(folder.path, "a.elf"));
    const image = makeImage(elf!.sections, readMapLayout(join(folder.path, "a.map")));
    const shown = { path: "a.elf", image, olderThan: undefined, before: undefined, assignments: [] };
    const rows = image.sections.map(
      ({ name, address, loadAddress, size }) => `${name} ${address} ${loadAddress} ${size}`,
    );
    const symbols = await runOrThrow("nm", ["-n", "a.elf"], { folder: folder.path });
    return { script: readScript("a.ld", sourceOfText(text)), shown, laidOut: `${rows.join("\n")}\n${symbols}`, warned };
  }

  for (const [name, text] of Object.entries(SCRIPTS)) {
    it(`are placed where ld put them: ${name}`, async () => {
      const { script, shown, laidOut } = await link(text);
      const orphans = findOrphans(script, shown, "a.ld");
      assert.deepEqual(orphans.map(({ section }) => section.name).sort(), [
        ".fast",
        ".noinit",
        ".settings",
        ".table",
        ".table.more",
      ]);
      // The last edit behind each section places all that follow it.
      const edits = new Map(orphans.map(({ edit }) => [edit.offset, edit.text]));
      let placed = text;
      for (const [offset, added] of [...edits].sort(([a], [b]) => b - a)) {
        placed = placed.slice(0, offset) + added + placed.slice(offset);
      }
      const again = await link(placed);
      assert.equal(again.laidOut, laidOut);
      assert.deepEqual(
        orphans.filter(({ section }) => again.warned.includes(section.name)),
        [],
      );
      assert.deepEqual(findOrphans(again.script, again.shown, "a.ld"), []);
    });
  }

  it("are told in a hint behind the section that they follow", async () => {
    const text = SCRIPTS["without regions"];
    const { script, shown } = await link(text);
    const hints = hintOrphans(findOrphans(script, shown, "a.ld"), { start: 0, end: text.length });
    const behindData = hints.find(({ offset }) => text.slice(0, offset).endsWith("*(.data) }"));
    assert.equal(behindData?.label, "+ .settings, 8 bytes");
  });

  it("are not told of where the script has changed since, or another text describes sections too", async () => {
    const { script, shown } = await link(SCRIPTS["without regions"]);
    assert.deepEqual(findOrphans(script, { ...shown, olderThan: "a.ld" }, "a.ld"), []);
    const other = readScript("a.ld", sourceOfText(`${SCRIPTS["without regions"]}INCLUDE more.ld\n`));
    assert.deepEqual(findOrphans(other, shown, "a.ld"), []);
  });
});
