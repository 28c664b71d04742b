/** Changes that are written into a source, each behind its switch. */

import assert from "node:assert/strict";
import { mutantsOf } from "./mutants.ts";
import { switchedSource } from "./switched-source.ts";

/** What a source with all its changes gives, with one of them made or none. */
function run(source: string, active: number, names: Record<string, unknown>): unknown {
  const mutants = mutantsOf(source).map((mutant, id) => ({ ...mutant, id }));
  const scope = globalThis as { weakspotIsChanged?: (id: number) => boolean };
  scope.weakspotIsChanged = (id) => id === active;
  try {
    return new Function(...Object.keys(names), `let x; ${switchedSource(source, mutants)}; return x;`)(
      ...Object.values(names),
    );
  } finally {
    delete scope.weakspotIsChanged;
  }
}

describe("a switched source", () => {
  it("does as before where no change is made", () => {
    assert.equal(run("if (a && !b) x = 1; else x = 2;", -1, { a: true, b: false }), 1);
  });

  it("does as one change says, within others", () => {
    // In the order of the text: the test decided as true, as false, its operator, the negation.
    const results = [0, 1, 2, 3].map((id) => run("if (a && !b) x = 1; else x = 2;", id, { a: true, b: true }));
    assert.deepEqual(results, [1, 2, 1, 1]);
  });

  it("leaves a call out, in a branch without a block too", () => {
    const calls: number[] = [];
    const call = (value: number) => calls.push(value);
    run("if (a) call(1); else call(2);", 2, { a: true, call });
    assert.deepEqual(calls, []);
  });
});
