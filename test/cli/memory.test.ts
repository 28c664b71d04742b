/** `weakspot memory` as people and CI run it, on a map alone; conformance:memory holds it to images that are really linked. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundledCommand } from "../support/bundled-command.ts";
import { type ProgramResult, runProgram } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const MAP = `Memory Configuration

Name             Origin             Length             Attributes
FLASH            0x08000000         0x00001000         xr
RAM              0x20000000         0x00000100         xrw
*default*        0x00000000         0xffffffff

Linker script and memory map

.text           0x08000000      0x100
 .text          0x08000000      0x100 main.o
.data           0x20000000       0x20 load address 0x08000100
 .data          0x20000000       0x20 main.o
.bss            0x20000020       0xa0
 .bss           0x20000020       0xa0 buffers.o
`;

describe("weakspot memory", function () {
  this.timeout(60_000);
  let command: string;
  let folder: TemporaryFolder;

  before(async () => {
    command = await bundledCommand();
    folder = createTemporaryFolder();
    writeFileSync(join(folder.path, "fw.map"), MAP);
    writeFileSync(join(folder.path, "old.map"), MAP.replaceAll("0xa0", "0x90"));
  });

  after(() => folder[Symbol.dispose]());

  function run(...words: string[]): Promise<ProgramResult> {
    return runProgram(process.execPath, [command, "memory", ...words], { folder: folder.path });
  }

  it("shows each region with a bar, what is in it, and the largest files", async () => {
    const { status, stdout, stderr } = await run("fw.map");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(
      stdout,
      `FLASH  [##......................]   7.03 %   288 B of 4 KB  3808 B free
RAM    [##################......]  75.00 %  192 B of 256 B    64 B free

FLASH, 0x08000000 to 0x08000fff
  .text  0x08000000  256 B
  .data  0x08000100   32 B  initial bytes, copied to 0x20000000

RAM, 0x20000000 to 0x200000ff
  .data  0x20000000   32 B
  .bss   0x20000020  160 B  not in the image

largest files
  main.o     288 B
  buffers.o  160 B
`,
    );
  });

  it("exits with 1 where a region holds more than --max allows, and says so", async () => {
    const { status, stderr } = await run("fw.map", "--max", "RAM=70%", "--max", "FLASH=1K");
    assert.deepEqual([status, stderr], [1, "weakspot: RAM: 192 B used (75.00 %), more than 70 %\n"]);
    assert.equal((await run("fw.map", "--max", "RAM=192")).status, 0);
  });

  it("exits with 2 for a region that is not there, a limit that is none, and a file that is no image", async () => {
    const region = await run("fw.map", "--max", "ROM=1K");
    assert.deepEqual([region.status, region.stderr.includes("there are FLASH, RAM")], [2, true]);
    assert.equal((await run("fw.map", "--max", "RAM=lots")).status, 2);
    writeFileSync(join(folder.path, "text"), "hello\n");
    const text = await run("text");
    assert.deepEqual([text.status, text.stderr], [2, "weakspot: text: it is neither an ELF file nor a linker's map\n"]);
  });

  it("prints CSV and JSON", async () => {
    const csv = await run("fw.map", "--format", "csv");
    assert.equal(csv.stdout.split("\r\n")[2], "RAM,0x20000000,256,192,64,75.00");
    const { regions } = JSON.parse((await run("fw.map", "--format", "json")).stdout);
    assert.deepEqual(regions[1].sections, [
      { name: ".data", kind: "run", size: 32, index: 1 },
      { name: ".bss", kind: "run", size: 160, index: 2 },
    ]);
  });

  it("says what grew since another build", async () => {
    const { stdout } = await run("fw.map", "--compare", "old.map");
    assert.equal(
      stdout,
      `regions
  RAM  +16  176 to 192 B

sections
  .bss  +16  144 to 160 B

files
  buffers.o  +16  144 to 160 B
`,
    );
  });
});
