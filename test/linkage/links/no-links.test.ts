/** Trees whose links are not there to be known. */

import assert from "node:assert/strict";
import { files, fixesOf } from "../../support/apply-fix.ts";
import { type FixtureProgram, loadFixture } from "../../support/fixture-program.ts";

const USER = "//- /main.c\nextern void hook(void) __attribute__((weak));\nvoid init(void) { if (hook) hook(); }\n";

function load(fixture: string): FixtureProgram {
  return loadFixture(files(fixture), "c", { compiled: undefined, named: [] });
}

describe("a tree that is a part of what Kbuild links", () => {
  for (const kbuild of ["obj-y := main.o\n", "obj-m := driver.o\ndriver-y := main.o\n"]) {
    it(`is open, as the rest of the image may define and test its symbols: ${kbuild.trim().split("\n")[0]}`, () => {
      const { program } = load(`//- /Kbuild\n${kbuild}${USER}`);
      assert.deepEqual(
        program.links.whyOpenAt("main.c").map(({ kind }) => kind),
        ["users"],
      );
    });
  }

  it("has no fallback written into it, with that reason", () => {
    const [fix] = fixesOf(load(`//- /Kbuild\nobj-y := main.o\n${USER}`), "hook");
    assert.deepEqual(fix?.edits, []);
    assert.match(fix?.refusal ?? "", /the rest of which is not here/);
  });
});
