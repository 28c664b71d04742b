/** What becomes of a program that reads a script's number as a variable, before and after the fix: linked and run. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyEdits } from "../../server/src/text/edit.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow, runProgram } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const SCRIPT =
  "table_size = SIZEOF(.data.table);\nINSERT AFTER .data;\nSECTIONS { .data.table : { KEEP(*(some_table)) } }\nINSERT AFTER .data;\n";

const SOURCE = `#include <stdio.h>
extern unsigned long table_size;
static char entries[24] __attribute__((used, section("some_table"))) = { 1 };
int main(void) { printf("%lu\\n", table_size); return 0; }
`;

describe("a program that reads a script's number", function () {
  this.timeout(60_000);
  let folder: TemporaryFolder | undefined;

  before(async function () {
    await orSkip(this, () => needTools([{ command: "gcc", debianPackage: "gcc" }]));
    folder = createTemporaryFolder({ "size.ld": SCRIPT });
  });
  after(() => folder?.[Symbol.dispose]());

  async function run(source: string) {
    const { path } = folder!;
    writeFileSync(join(path, "main.c"), source);
    await runOrThrow("gcc", ["-no-pie", "-Wall", "-Werror", "main.c", "-T", "size.ld", "-o", "main"], { folder: path });
    return runProgram("./main", [], { folder: path });
  }

  it("takes what lies at that address for it", async () => {
    const { status, stdout } = await run(SOURCE);
    assert.notEqual(`${status} ${stdout}`, "0 24\n");
  });

  it("gets the number where the fix takes the address", async () => {
    const fixture = loadFixture([
      { path: "size.ld", text: SCRIPT },
      { path: "main.c", text: SOURCE },
    ]);
    const finding = fixture
      .findings()
      .get("main.c")
      ?.find(({ rule }) => rule === "value-of-script-symbol");
    assert.ok(finding !== undefined);
    const [fix] = fixture.ruleOf(finding.rule).fixes!(finding, fixture.context("main.c"));
    const [edit] = fix!.edits;
    assert.ok(edit !== undefined && "edits" in edit);
    const { status, stdout } = await run(applyEdits(SOURCE, edit.edits)!);
    assert.equal(`${status} ${stdout}`, "0 24\n");
  });
});
