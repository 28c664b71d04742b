/** Conditions beside a truth table: what is concluded of random ones holds in every row, and what can be concluded is. */

import assert from "node:assert/strict";
import { eitherOf } from "../../../server/src/syntax/condition/alternatives.ts";
import {
  type Condition,
  conditionOf,
  joinAll,
  not,
  readCondition,
} from "../../../server/src/syntax/condition/condition.ts";
import { decide, type Knowledge } from "../../../server/src/syntax/condition/evaluate.ts";
import { covers, demands, excludes, isAlways } from "../../../server/src/syntax/condition/relations.ts";
import { ANY_VALUE } from "../../../server/src/syntax/kbuild/guard.ts";
import { createRandom } from "../../support/random.ts";
import {
  type Assignment,
  assignments,
  compile,
  type RandomCondition,
  randomCondition,
} from "../../support/random-conditions.ts";

const MACROS = ["A", "B", "C"];
/** Numbers on either side of those that conditions compare with, too. */
const TABLE = assignments(MACROS, [undefined, -1, 0, 1, 2, 3, 4]);

function knowledgeOf(assignment: Assignment): Knowledge {
  return {
    possible: () => ANY_VALUE,
    isDefined: (name) => assignment[name] !== undefined,
    number: (name) => String(assignment[name]),
  };
}

const KNOWLEDGE = TABLE.map(knowledgeOf);

/** The condition's value in each row. */
function column(condition: Condition): readonly boolean[] {
  return KNOWLEDGE.map((knowledge) => {
    const answer = decide(condition, knowledge);
    assert.notEqual(answer, "unknown", condition.text);
    return answer === "yes";
  });
}

function expected(random: RandomCondition): readonly boolean[] {
  const holds = compile(random);
  return TABLE.map(holds);
}

/** So many random conditions or pairs of them, and what they come to. */
function each(count: number, depth: number, isSimple: boolean, check: (...all: RandomCondition[]) => void): void {
  const random = createRandom(count * 31 + depth);
  for (let i = 0; i < count; i++) {
    check(...[0, 1, 2].map(() => randomCondition(random, MACROS, depth, isSimple)));
  }
}

describe("random conditions", () => {
  it("come to what a truth table says, read, spelled and read again", () => {
    each(100, 4, false, (one) => {
      const condition = readCondition(one.text);
      assert.deepEqual(column(condition), expected(one), one.text);
      if (condition.text !== "") assert.equal(readCondition(condition.text).text, condition.text);
      assert.equal(conditionOf(condition.text).text, condition.text);
    });
  });

  it("are turned around and joined as their values are", () => {
    each(25, 3, false, (...all) => {
      const [a, b, c] = all.map(({ text }) => readCondition(text)) as [Condition, Condition, Condition];
      const [x, y, z] = all.map(expected) as [readonly boolean[], readonly boolean[], readonly boolean[]];
      assert.deepEqual(
        column(not(a)),
        x.map((value) => !value),
      );
      assert.deepEqual(
        column(joinAll([a, b, c])),
        x.map((value, i) => value && y[i]! && z[i]!),
      );
      const either = eitherOf([joinAll([a, b]), joinAll([not(a), c]), joinAll([b, c])]);
      assert.deepEqual(
        column(either),
        x.map((value, i) => (value && y[i]!) || (!value && z[i]!) || (y[i]! && z[i]!)),
      );
    });
  });

  for (const isSimple of [true, false]) {
    const what = isSimple ? "exactly where the table says so" : "nowhere that the table denies it";
    it(`cover, exclude and hold always ${what}`, () => {
      each(150, 3, isSimple, (...all) => {
        const [a, b] = all.map(({ text }) => readCondition(text)) as [Condition, Condition];
        const [x, y] = all.map(expected) as [readonly boolean[], readonly boolean[]];
        const claims: readonly [string, boolean, boolean][] = [
          ["covers", covers(a, b), y.every((value, i) => !value || x[i]!)],
          ["excludes", excludes(a, b), !y.some((value, i) => value && x[i]!)],
          ["always", isAlways(a), x.every((value) => value)],
        ];
        for (const [name, claimed, isSo] of claims) {
          const text = `${name}: ${a.text} and ${b.text}`;
          if (isSimple) assert.equal(claimed, isSo, text);
          else assert.ok(isSo || !claimed, text);
        }
      });
    });
  }

  it("hold nowhere that one of their demands does not", () => {
    each(80, 3, false, (one) => {
      const condition = readCondition(one.text);
      const holds = expected(one);
      for (const demand of demands(condition)) {
        const demanded = column(demand);
        assert.ok(
          holds.every((value, i) => !value || demanded[i]!),
          `${condition.text}: ${demand.text}`,
        );
      }
    });
  });

  it("claim nothing where they are too long to be searched", () => {
    const parts = Array.from({ length: 40 }, (_, i) => `(X${i} ^ Y${i}) && (P${i} || Q${i}) || (R${i} && !S${i})`);
    const condition = joinAll(parts.map((part) => conditionOf(part)));
    const same = joinAll(parts.toReversed().map((part) => conditionOf(part)));
    assert.equal(covers(conditionOf("T"), condition), false);
    assert.equal(isAlways(condition), false);
    assert.equal(excludes(condition, same), false);
  });
});
