/** `weakspot why` on a program that is really linked with garbage collection. */

import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundledCommand } from "../support/bundled-command.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { type ProgramResult, runOrThrow, runProgram } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const FILES = {
  "start.c": `int helper(int);
static int local(int x) { return helper(x); }
void dead(void) { helper(2); }
void _start(void) { local(1); for (;;); }
__attribute__((section(".keep"))) int kept = 3;
`,
  "helper.c": "int unused(void) { return 4; }\nint helper(int x) { return x + 1; }\n",
  "image.ld": `ENTRY(_start)
SECTIONS { . = 0x10000; .text : { *(.text*) } .data : { KEEP(*(.keep)) *(.data*) } /DISCARD/ : { *(.comment) *(.eh_frame*) } }
`,
};

describe("weakspot why", function () {
  this.timeout(60_000);
  let command: string;
  let folder: TemporaryFolder;

  before(async function () {
    await orSkip(this, () =>
      needTools([
        { command: "gcc", debianPackage: "gcc" },
        { command: "ar", debianPackage: "binutils" },
      ]),
    );
    command = await bundledCommand();
    folder = createTemporaryFolder();
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder.path, name), text);
    const options = { folder: folder.path };
    await runOrThrow("gcc", ["-O0", "-ffunction-sections", "-fno-pic", "-c", "start.c", "helper.c"], options);
    await runOrThrow("ar", ["rcs", "libx.a", "helper.o"], options);
    const link = ["-T", "image.ld", "--gc-sections", "-Map=image.map", "-o", "image.elf", "start.o", "libx.a"];
    await runOrThrow("ld.bfd", link, options);
  });

  after(() => folder?.[Symbol.dispose]());

  function why(name: string, ...more: string[]): Promise<ProgramResult> {
    return runProgram(process.execPath, [command, "why", name, "image.elf", ...more], { folder: folder.path });
  }

  it("tells with the script what it keeps", async () => {
    const script = ["--script", "image.ld"];
    assert.match((await why("kept", ...script)).stdout, /\.keep of start\.o: the script has it in a KEEP/);
    assert.match((await why("helper", ...script)).stdout, /start\.o: the image starts there\n {4}refers to/);
  });

  it("knows what the command line asked for, where it is told", async () => {
    const roots = ["--script", "image.ld", "--entry", "helper", "--undefined", "_start"];
    assert.match((await why("_start", ...roots)).stdout, /start\.o: its symbol is asked for by name/);
    assert.match((await why("helper", ...roots)).stdout, /helper\.o\): the image starts there/);
  });

  it("shows the chain from the entry, through a static function, and what pulled the archive's member", async () => {
    const { status, stdout, stderr } = await why("helper");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^helper: in the image, in \.text\.helper of libx\.a\(helper\.o\) at 0x/);
    assert.equal(
      stdout.slice(stdout.indexOf("\n") + 1),
      `  .text._start of start.o: the image starts there
    refers to .text.local of start.o
      refers to helper, in .text.helper of libx.a(helper.o)
  libx.a(helper.o) was linked because start.o refers to helper
`,
    );
  });

  it("says of a section that KEEP keeps that it is kept for itself", async () => {
    assert.match((await why("kept")).stdout, /\.keep of start\.o: kept for itself/);
  });

  it("says what was dropped, and of what is nowhere that it is nowhere", async () => {
    assert.match(
      (await why("dead")).stdout,
      /^dead: not in the image; \.text\.dead of start\.o, \d+ bytes, was dropped/,
    );
    const { status, stdout } = await why("nobody");
    assert.deepEqual([status, stdout], [1, "no object of this link that could be read has nobody\n"]);
  });

  it("exits with 2 where an object of the map is gone: what it refers to is not known", async () => {
    rmSync(join(folder.path, "start.o"));
    const { status, stderr } = await why("helper");
    assert.equal(status, 2);
    assert.match(stderr, /not all objects of the map could be read/);
  });
});
