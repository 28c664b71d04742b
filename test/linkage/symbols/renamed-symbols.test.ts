/** Definitions under the names that macros of other files give them. */

import assert from "node:assert/strict";
import { parseFixture } from "../../support/fixture.ts";
import { loadFixture } from "../../support/fixture-program.ts";

function definitionsOf(name: string, files: string): string[] {
  const { program } = loadFixture(parseFixture(files).files);
  return program.definitionsOf(name).map(({ path, fact }) => `${path} ${fact.condition}`.trim());
}

describe("a symbol that a macro renames", () => {
  const header = "//- /alloc.h\n#ifdef PREFIX\n#define take dl_take\n#else\n#define take plain_take\n#endif\n";
  const source = '//- /alloc.c\n#include "alloc.h"\nint take(void) { return 1; }\n';

  it("is defined by each name under the condition of its macro", () => {
    assert.deepEqual(definitionsOf("dl_take", header + source), ["alloc.c defined(PREFIX)"]);
    assert.deepEqual(definitionsOf("plain_take", header + source), ["alloc.c !defined(PREFIX)"]);
  });

  it("is defined by the file that a source includes under the macro", () => {
    const files = '//- /a.c\n#define run_it a_run\n#include "run.c"\n//- /run.c\nint run_it(void) { return 1; }\n';
    assert.deepEqual(definitionsOf("a_run", files), ["run.c"]);
  });

  it("is not that of a file which never meets the macro", () => {
    assert.deepEqual(definitionsOf("dl_take", `${header}//- /b.c\nint take(void) { return 2; }\n`), []);
  });
});
