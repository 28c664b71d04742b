import assert from "node:assert/strict";
import { eitherOf } from "../../../server/src/syntax/condition/alternatives.ts";
import {
  ALWAYS,
  anyOf,
  conditionOf,
  joinAll,
  not,
  readCondition,
} from "../../../server/src/syntax/condition/condition.ts";
import {
  covers,
  demands,
  excludes,
  isAlways,
  isNever,
  KCONFIG,
  partAbout,
  symbolsDemanded,
  symbolsSaid,
} from "../../../server/src/syntax/condition/relations.ts";

function textOfAll(...texts: string[]): string {
  return joinAll(texts.map(conditionOf)).text;
}

function textOfEither(...texts: string[]): string {
  return eitherOf(texts.map(conditionOf)).text;
}

describe("conditions", () => {
  it("have one text for what says the same", () => {
    const one = (text: string) => readCondition(text).text;
    assert.equal(one("defined X&&(defined ( Y ))/* why */ || !  ! Z // and more"), "(defined(X) && defined(Y)) || Z");
    assert.equal(one("((A))"), "A");
    assert.equal(one("(A>2)==!B"), "(A > 2) == !B");
    assert.equal(one("f( a,b ) ? 1 : X \\\n+ 2"), "f(a, b) ? 1 : X + 2");
    assert.equal(one("__has_include( <linux/x.h> )"), "__has_include(<linux/x.h>)");
    assert.equal(one("1"), "");
    for (const text of ["A && ( ] )", "A B", "(A", "", "&&", "x".repeat(3000)]) {
      assert.equal(conditionOf(one(text)).text, one(text));
    }
  });

  it("are turned around as #else has it", () => {
    for (const [text, opposite] of [
      ["defined(X)", "!defined(X)"],
      ["!X", "X"],
      ["A && B", "!(A && B)"],
      ["!(A || B)", "A || B"],
      ["A == 2", "!(A == 2)"],
      ["", "0"],
      ["0", ""],
    ] as const) {
      assert.equal(not(conditionOf(text)).text, opposite);
    }
  });

  it("are joined, what they share once", () => {
    assert.equal(textOfAll("A && B", "B && (C && D)"), "A && B && C && D");
    assert.equal(textOfAll("", "A", ""), "A");
    assert.equal(textOfAll("A || B", "C"), "(A || B) && C");
    assert.equal(textOfAll(), "");
  });

  it("are not known beyond what is kept of them", () => {
    const many = joinAll(Array.from({ length: 100 }, (_, i) => conditionOf(`A${i}`)));
    const more = joinAll([...Array.from({ length: 64 }, (_, i) => conditionOf(`A${i}`)), conditionOf("B")]);
    assert.match(many.text, / && …$/);
    assert.equal(many.text, more.text);
    assert.equal(covers(many, more), false);
    assert.equal(isAlways(eitherOf([many, not(many)])), false);
    const long = readCondition(`A == ${"1 + ".repeat(600)}1`);
    assert.equal(isAlways(eitherOf([long, not(long)])), false);
  });

  it("are nothing where every branch is among them", () => {
    assert.equal(textOfEither("A", "!A"), "");
    assert.equal(textOfEither("X && A", "X && !A && B", "X && !A && !B"), "X");
    assert.equal(textOfEither("!A && !B", "A", "!A && B"), "");
    assert.equal(textOfEither("A || B", "!(A || B)"), "");
    assert.equal(textOfEither("(!X)", "X"), "");
    assert.equal(textOfEither("A && B", "!A", "!B"), "");
    assert.equal(textOfEither("X < 2", "X >= 2"), "");
  });

  it("hold always where branches that are nested meet", () => {
    const always = (...texts: string[]) => isAlways(anyOf(texts.map(conditionOf)));
    assert.equal(always("A && B", "A && !(B)", "!(A)"), true);
    assert.equal(always("A && B", "!(A)"), false);
    assert.equal(always("defined(A) && !defined(B)", "!(defined(A) && !defined(B))"), true);
    assert.equal(always("defined(A)", "!(defined(A) && !defined(B)) && defined(B)"), false);
    assert.equal(always("A && !A", "B && A && !(A)"), false);
    assert.equal(always("!(A) || (B)", "A) || (B"), false);
    assert.equal(always(), false);
  });

  it("are the weaker one where one holds within the other", () => {
    assert.equal(textOfEither("A && B", "A"), "A");
    assert.equal(textOfEither("A", ""), "");
    assert.equal(textOfEither("A", "!A && B"), "A || B");
  });

  it("are alternatives where they have nothing to do with each other", () => {
    assert.equal(textOfEither("X && A", "X && B", "X && C"), "X && (A || B || C)");
  });
});

describe("relations of conditions", () => {
  const is = (relation: typeof covers, a: string, b: string) => relation(conditionOf(a), conditionOf(b));

  it("cover what holds within them", () => {
    assert.equal(is(covers, "", "A"), true);
    assert.equal(is(covers, "A", ""), false);
    assert.equal(is(covers, "A || B", "B && C"), true);
    assert.equal(is(covers, "defined(X)", "X"), true);
    assert.equal(is(covers, "X", "defined(X)"), false);
    assert.equal(is(covers, "X > 1", "X == 3"), true);
    assert.equal(is(covers, "X > 1", "X >= 1"), false);
    assert.equal(is(covers, "3 > X", "X == 2"), true);
    assert.equal(is(covers, "f(a)", "f(a) && B"), true);
    assert.equal(is(covers, "f(a)", "f(b)"), false);
    assert.equal(is(covers, "X & 4", "X & 4"), true);
  });

  it("know what IS_ENABLED and its kin have to do with each other", () => {
    assert.equal(is(covers, "IS_ENABLED(CONFIG_X)", "IS_MODULE(CONFIG_X)"), true);
    assert.equal(is(covers, "defined(CONFIG_X) || defined(CONFIG_X_MODULE)", "IS_ENABLED(CONFIG_X)"), true);
    assert.equal(is(covers, "IS_ENABLED(CONFIG_X)", "IS_REACHABLE(CONFIG_X)"), true);
    assert.equal(is(covers, "IS_REACHABLE(CONFIG_X)", "IS_ENABLED(CONFIG_X)"), false);
    assert.equal(is(covers, "IS_REACHABLE(CONFIG_X)", "IS_ENABLED(CONFIG_X) && MODULE == 1"), false);
    assert.equal(is(excludes, "IS_ENABLED(CONFIG_X)", "!IS_ENABLED(CONFIG_X)"), true);
    assert.equal(is(excludes, "IS_BUILTIN(CONFIG_X)", "!defined(CONFIG_X)"), true);
    // A number is defined and no y.
    assert.equal(is(covers, "IS_ENABLED(CONFIG_X)", "defined(CONFIG_X)"), false);
    assert.equal(covers(conditionOf("IS_ENABLED(CONFIG_X)"), conditionOf("defined(CONFIG_X)"), KCONFIG), true);
    assert.equal(
      covers(conditionOf("IS_ENABLED(CONFIG_X)"), conditionOf("defined(CONFIG_X) && CONFIG_X != 4"), KCONFIG),
      false,
    );
  });

  it("exclude what never holds beside them", () => {
    assert.equal(is(excludes, "defined(X)", "!defined(X)"), true);
    assert.equal(is(excludes, "X", "!defined(X)"), true);
    assert.equal(is(excludes, "!X", "defined(X)"), false);
    assert.equal(is(excludes, "X == 1", "X == 2"), true);
    assert.equal(is(excludes, "X & 1", "X & 2"), false);
    assert.equal(is(excludes, "A ? B : C", "!A && !C"), true);
    assert.equal(is(excludes, "", ""), false);
    assert.equal(isNever(conditionOf("defined(A) && B && !defined(A)")), true);
    assert.equal(isNever(conditionOf("!(A || B) && (A || B)")), true);
    assert.equal(isNever(conditionOf("A && !B")), false);
    assert.equal(isNever(conditionOf("0")), true);
  });

  it("demand what they cannot hold without", () => {
    const demanded = (text: string) => demands(conditionOf(text)).map((one) => one.text);
    assert.deepEqual(demanded("defined(A) && !B"), ["defined(A)", "!B"]);
    assert.deepEqual(demanded("A > 2"), ["A > 2", "defined(A)"]);
    assert.deepEqual(demanded("(A && B) || (A && C)"), ["(A && B) || (A && C)", "defined(A)"]);
    assert.deepEqual(demanded("!(A || defined(B))"), ["!(A || defined(B))", "!defined(B)"]);
  });

  it("demand no symbol of what is negated or is one of two", () => {
    assert.deepEqual(symbolsDemanded(conditionOf("!(defined(CONFIG_A) && CONFIG_B)")), []);
    assert.deepEqual(symbolsDemanded(conditionOf("FOO || CONFIG_A && CONFIG_B")), []);
    assert.deepEqual(symbolsDemanded(conditionOf("X && (FOO || CONFIG_A && CONFIG_B)")), []);
    assert.deepEqual(symbolsDemanded(conditionOf("FOO ? CONFIG_A : CONFIG_A && CONFIG_B")), ["CONFIG_A"]);
    assert.deepEqual(symbolsDemanded(conditionOf("IS_ENABLED(CONFIG_A) && defined(CONFIG_B)")), ["CONFIG_B"]);
    assert.deepEqual(symbolsDemanded(conditionOf("!(!CONFIG_A || B)")), ["CONFIG_A"]);
  });

  it("say configuration symbols, or more than that", () => {
    const said = (text: string) => symbolsSaid(conditionOf(text));
    assert.deepEqual(said("defined(CONFIG_A) && CONFIG_B && IS_BUILTIN(CONFIG_C)")?.toSorted(), [
      "CONFIG_A",
      "CONFIG_B",
      "CONFIG_C",
    ]);
    assert.deepEqual(said(""), []);
    assert.equal(said("IS_ENABLED(CONFIG_A)"), undefined);
    assert.equal(said("defined(CONFIG_A) && !defined(CONFIG_B)"), undefined);
    assert.equal(said("defined(CONFIG_A) || defined(CONFIG_B)"), undefined);
  });

  it("say of some macros what their terms say of these alone", () => {
    const part = partAbout(conditionOf("defined(CONFIG_A) && X && (CONFIG_B || Y)"), (name) => name.startsWith("C"));
    assert.equal(part.text, "defined(CONFIG_A)");
    assert.equal(
      partAbout(conditionOf("X"), () => false),
      ALWAYS,
    );
  });
});
