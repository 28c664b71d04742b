import assert from "node:assert/strict";
import { findPasted } from "../../../server/src/linkage/symbols/pasted-names.ts";
import { loadFixture } from "../../support/fixture-program.ts";

const GLUE = "#define GLUE(a, b) a##b\n";

/** A program that glues so many words to others, none of which comes to be `hook`. */
function gluing(calls: number) {
  const lines = Array.from({ length: calls }, (_, i) => `int GLUE(x${i}, y);\n`).join("");
  const files = [
    { path: "glue.h", text: GLUE },
    { path: "user.c", text: `#include "glue.h"\n${lines}int *all = &GLUE(ho, le);\n` },
  ];
  return loadFixture(files).program;
}

describe("a name that macros put together", () => {
  it("is found at the call that makes it, and nowhere where none does", () => {
    assert.equal(findPasted("hole", "user.c", gluing(3)), "user.c:5");
    assert.equal(findPasted("hook", "user.c", gluing(3)), undefined);
  });

  it("may be made by any of a macro's calls where these are too many to look at", () => {
    assert.equal(findPasted("hook", "user.c", gluing(1400)), undefined);
    assert.equal(findPasted("hook", "user.c", gluing(1600)), "glue.h:1");
  });
});
