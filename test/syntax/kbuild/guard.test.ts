import assert from "node:assert/strict";
import { describeGuard } from "../../../server/src/syntax/kbuild/describe-guard.ts";
import {
  allGuard,
  anyGuard,
  type Guard,
  holds,
  notGuard,
  symbolGuard,
  symbolsThatMustBeY,
  UNGUARDED,
  UNKNOWN,
  UNREACHABLE,
  VALUE_M,
  VALUE_N,
  VALUE_OTHER,
  VALUE_Y,
} from "../../../server/src/syntax/kbuild/guard.ts";

const y = (name: string) => symbolGuard(name, VALUE_Y);
const m = (name: string) => symbolGuard(name, VALUE_M);

describe("guards", () => {
  it("joins what is said of one symbol", () => {
    assert.equal(describeGuard(allGuard([y("A"), m("A")])), "never");
    assert.equal(describeGuard(anyGuard([y("A"), m("A")])), "A=y|m");
    assert.equal(describeGuard(anyGuard([y("A"), notGuard(y("A"))])), "");
    assert.equal(describeGuard(allGuard([y("A"), notGuard(m("A"))])), "A=y");
  });

  it("drops what another part says already", () => {
    assert.equal(describeGuard(anyGuard([y("A"), allGuard([y("A"), y("B")])])), "A=y");
    assert.equal(describeGuard(allGuard([y("A"), anyGuard([y("A"), y("B")])])), "A=y");
    assert.equal(describeGuard(allGuard([y("A"), anyGuard([m("A"), y("B")])])), "A=y && B=y");
    const ab = allGuard([y("A"), y("B")]);
    assert.equal(describeGuard(anyGuard([ab, allGuard([y("A"), y("B"), y("C")])])), "A=y && B=y");
  });

  it("joins parts that differ in one symbol's values", () => {
    assert.equal(describeGuard(anyGuard([allGuard([y("A"), y("B")]), allGuard([y("A"), notGuard(y("B"))])])), "A=y");
  });

  it("is unknown only where it hangs on what is unknown", () => {
    const values = new Map([["A", "y"]]);
    const lookUp = (name: string) => values.get(name);
    assert.equal(holds(anyGuard([y("A"), UNKNOWN]), lookUp), true);
    assert.equal(holds(allGuard([y("B"), UNKNOWN]), lookUp), false);
    assert.equal(holds(allGuard([y("A"), UNKNOWN]), lookUp), undefined);
    assert.equal(holds(notGuard(UNKNOWN), lookUp), undefined);
  });

  it("tells y, m, unset and other values apart", () => {
    const of = (value: string | undefined) => (mask: number) => holds(symbolGuard("A", mask), () => value);
    assert.deepEqual([VALUE_N, VALUE_Y, VALUE_M, VALUE_OTHER].map(of("m")), [false, false, true, false]);
    assert.deepEqual([VALUE_N, VALUE_Y, VALUE_M, VALUE_OTHER].map(of(undefined)), [true, false, false, false]);
    assert.deepEqual([VALUE_N, VALUE_Y, VALUE_M, VALUE_OTHER].map(of("100")), [false, false, false, true]);
  });

  it("lists the symbols that must be y, where that is all", () => {
    assert.deepEqual(symbolsThatMustBeY(UNGUARDED), []);
    assert.deepEqual(symbolsThatMustBeY(allGuard([y("A"), y("B")])), ["A", "B"]);
    assert.equal(symbolsThatMustBeY(anyGuard([y("A"), y("B")])), undefined);
    assert.equal(symbolsThatMustBeY(notGuard(y("A"))), undefined);
    assert.equal(symbolsThatMustBeY(m("A")), undefined);
  });

  it("keeps its truth through every simplification", () => {
    const symbols = ["A", "B", "C"];
    const values = [undefined, "y", "m", "7"];
    let seed = 11;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return (seed >> 8) % below;
    };
    /** A guard, and the same built without any simplification. */
    const build = (
      depth: number,
    ): { readonly made: Guard; readonly plain: (lookUp: (name: string) => string | undefined) => boolean } => {
      const kind = depth === 0 ? 0 : random(4);
      if (kind === 0) {
        const symbol = symbols[random(3)]!;
        const mask = 1 + random(14);
        const guard = symbolGuard(symbol, mask);
        return { made: guard, plain: (lookUp) => holds(guard, lookUp)! };
      }
      if (kind === 1) {
        const inner = build(depth - 1);
        return { made: notGuard(inner.made), plain: (lookUp) => !inner.plain(lookUp) };
      }
      const parts = Array.from({ length: 2 + random(3) }, () => build(depth - 1));
      if (kind === 2) {
        return {
          made: allGuard(parts.map((one) => one.made)),
          plain: (lookUp) => parts.every((one) => one.plain(lookUp)),
        };
      }
      return {
        made: anyGuard(parts.map((one) => one.made)),
        plain: (lookUp) => parts.some((one) => one.plain(lookUp)),
      };
    };
    for (let round = 0; round < 400; round++) {
      const { made, plain } = build(3);
      for (const a of values) {
        for (const b of values) {
          for (const c of values) {
            const configuration = new Map([
              ["A", a],
              ["B", b],
              ["C", c],
            ]);
            const lookUp = (name: string) => configuration.get(name);
            const value = holds(made, lookUp);
            if (value !== undefined) assert.equal(value, plain(lookUp), `${describeGuard(made)} at ${a} ${b} ${c}`);
          }
        }
      }
    }
  });

  it("gives up on formulas that grow too long, instead of growing with them", () => {
    const parts = Array.from({ length: 200 }, (_, i) => allGuard([y(`A${i}`), m(`B${i}`)]));
    assert.equal(anyGuard(parts), UNKNOWN);
    assert.equal(notGuard(UNREACHABLE), UNGUARDED);
  });
});
