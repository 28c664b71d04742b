/** Guards that ask for a number or a string: one value a symbol, and what that leaves of other questions. */

import assert from "node:assert/strict";
import { describeGuard } from "../../../server/src/syntax/kbuild/describe-guard.ts";
import {
  bothGuard,
  eitherGuard,
  type Guard,
  holds,
  notGuard,
  sameGuard,
  symbolGuard,
  UNKNOWN,
  VALUE_N,
  VALUE_OTHER,
  VALUE_Y,
  valueGuard,
} from "../../../server/src/syntax/kbuild/guard.ts";

describe("a guard of a symbol's value", () => {
  const a = valueGuard("X", "a");
  const b = valueGuard("X", "b");
  const set = symbolGuard("X", VALUE_OTHER);
  const other = symbolGuard("Y", VALUE_Y);
  const text = (guard: Guard) => describeGuard(guard);

  it("excludes another value, and what is no value", () => {
    assert.equal(text(bothGuard(a, b)), "never");
    assert.equal(text(bothGuard(a, notGuard(a))), "never");
    assert.equal(text(bothGuard(symbolGuard("X", VALUE_N), a)), "never");
    assert.equal(text(eitherGuard(a, notGuard(a))), "");
    assert.equal(text(eitherGuard(notGuard(a), notGuard(b))), "");
  });

  it("says what weaker questions ask", () => {
    assert.equal(text(bothGuard(set, a)), 'X="a"');
    assert.equal(text(bothGuard(a, notGuard(b))), 'X="a"');
    assert.equal(text(eitherGuard(a, bothGuard(a, other))), 'X="a"');
  });

  it("is of its class where it is one of y, m and nothing", () => {
    assert.ok(sameGuard(valueGuard("X", "y"), symbolGuard("X", VALUE_Y)));
    assert.ok(sameGuard(valueGuard("X", ""), symbolGuard("X", VALUE_N)));
  });

  it("holds where the configuration has it", () => {
    const guard = bothGuard(other, bothGuard(a, notGuard(valueGuard("Z", "1"))));
    const of = (values: Readonly<Record<string, string>>) => holds(guard, (symbol) => values[symbol]);
    assert.equal(of({ X: "a", Y: "y" }), true);
    assert.equal(of({ X: "b", Y: "y" }), false);
    assert.equal(of({ X: "a", Y: "y", Z: "1" }), false);
  });

  it("is kept where alternatives are too many, as far as all of them demand it", () => {
    const boards = Array.from({ length: 9 }, (_, i) => bothGuard(a, valueGuard("BOARD", String(i))));
    assert.equal(text(boards.reduce(eitherGuard)), 'X="a" && unknown');
    assert.equal(text(eitherGuard(boards.reduce(eitherGuard), bothGuard(a, UNKNOWN))), 'X="a" && unknown');
  });
});
