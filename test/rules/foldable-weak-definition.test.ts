/** Of which arrays foldable-weak-definition speaks: a bound that a compiler believes matters where there is another one. */

import assert from "node:assert/strict";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";

const LOCKS =
  "//- /locks.c\nchar locks[4] __attribute__((weak));\nint held(void) { int n = 0; while (locks[n]) n++; return n; }\n";

function messagesOf(fixture: string): string[] {
  const findings = loadFixture(parseFixture(fixture).files).findings().get("locks.c") ?? [];
  return findings.filter(({ rule }) => rule === "foldable-weak-definition").map(({ message }) => message);
}

describe("the bound of a weak array", () => {
  it("is of no matter where nothing else defines the array", () => {
    assert.deepEqual(messagesOf(LOCKS), []);
  });

  it("is all that is believed of an array that is not const", () => {
    const [message] = messagesOf(`${LOCKS}//- /board.c\nchar locks[8];\n`);
    assert.match(message ?? "", /may use the array bound of this weak definition/);
  });
});
