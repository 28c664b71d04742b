/** What a call of a macro comes to hold, by the definitions that the tree has. */

import assert from "node:assert/strict";
import { createTexts } from "../../../server/src/linkage/facts/texts.ts";
import { heldBy } from "../../../server/src/linkage/symbols/call-expansions.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { loadFixture } from "../../support/fixture-program.ts";

const GLUE = "#define GLUE(a, b) a##b\n";
const USER = '#include "glue.h"\nint x = GLUE(ho, ok) + GLUE(ho, ok);\n';

function load(glue: string) {
  const files = [
    { path: "glue.h", text: glue },
    { path: "user.c", text: USER },
  ];
  return loadFixture(files).program;
}

describe("what a call comes to hold", () => {
  it("is what its macro puts together", () => {
    const held = heldBy("GLUE(ho, ok)", "user.c", load(GLUE));
    assert.deepEqual([...held], [["hook", 1]]);
  });

  it("is what that definition makes that makes it most often", () => {
    const glue = `#ifdef TWICE\n#define GLUE(a, b) a##b a##b\n#else\n${GLUE}#endif\n`;
    const held = heldBy("GLUE(ho, ok)", "user.c", load(glue));
    assert.ok(held !== "unknown");
    assert.equal(held.get("hook"), 2);
  });

  it("is found once for all names that are looked for in it", () => {
    const program = load(GLUE);
    assert.equal(heldBy("GLUE(ho, ok)", "user.c", program), heldBy("GLUE(ho, ok)", "user.c", program));
  });

  it("is not concluded while a text is missing that may define its macro", () => {
    const texts = createTexts();
    const program = { ...load(GLUE), texts };
    assert.deepEqual([...heldBy("GLUE(ho, ok)", "user.c", program)], []);
    assert.deepEqual([...texts.takeMissing()].sort(), ["glue.h", "user.c"]);
    texts.supply("glue.h", sourceOfText(GLUE));
    texts.supply("user.c", sourceOfText(USER));
    assert.deepEqual([...heldBy("GLUE(ho, ok)", "user.c", program)], [["hook", 1]]);
  });
});
