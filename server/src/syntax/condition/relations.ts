/**
 * How conditions relate: which holds wherever another does, which never meet, what one demands. Where a question is too long
 * to answer, the answer is the one that claims nothing.
 */

import { ALWAYS, type Condition, definedCondition, isCutOff, joinAll, namesIn, not, termsOf } from "./condition.ts";
import { isConfiguration } from "./expression.ts";
import { canHold, type Premises } from "./satisfiable.ts";

/** Whether `a` holds wherever `b` does. */
export function covers(a: Condition, b: Condition, world?: Premises): boolean {
  if (a === ALWAYS || (a.text === b.text && !isCutOff(a))) return true;
  return canHold(joinAll([b, not(a)]), world) === false;
}

/** Whether the two never hold together, of macros that are the same for both. */
export function excludes(a: Condition, b: Condition, world?: Premises): boolean {
  if (a === ALWAYS && b === ALWAYS) return false;
  return canHold(joinAll([a, b]), world) === false;
}

/** Whether it holds whatever is defined. */
export function isAlways(condition: Condition, world?: Premises): boolean {
  return condition === ALWAYS || canHold(not(condition), world) === false;
}

/** Whether it can never hold. */
export function isNever(condition: Condition, world?: Premises): boolean {
  return condition !== ALWAYS && canHold(condition, world) === false;
}

/** What must hold for the condition to: its terms, and of each macro that it asks about that it is defined, or that it is not. */
export function demands(condition: Condition, world?: Premises): readonly Condition[] {
  const demanded = new Map(termsOf(condition).map((term) => [term.text, term]));
  for (const name of namesIn(condition)) {
    const defined = definedCondition(name);
    for (const one of [defined, not(defined)]) if (covers(one, condition, world)) demanded.set(one.text, one);
  }
  return [...demanded.values()];
}

/** The CONFIG_ symbols that must be set, and not to m, for the condition to hold. */
export function symbolsDemanded(condition: Condition): readonly string[] {
  return [...namesIn(condition)].filter(
    (name) => isConfiguration(name) && covers(definedCondition(name), condition, KCONFIG),
  );
}

/** The CONFIG_ symbols of which the condition says that they are set, and not to m, and nothing else; undefined where it says more. */
export function symbolsSaid(condition: Condition): readonly string[] | undefined {
  const symbols = symbolsDemanded(condition);
  return covers(condition, joinAll(symbols.map(definedCondition)), KCONFIG) ? symbols : undefined;
}

/** Kconfig defines what is y as 1; numbers and strings are not asked for by themselves. */
export const KCONFIG: Premises = { isFlag: isConfiguration };

/**
 * What the condition says of these macros alone: the terms that ask about no other. It holds wherever the condition does, and
 * is what a condition says elsewhere, where other macros may be defined.
 */
export function partAbout(condition: Condition, isAbout: (name: string) => boolean): Condition {
  return joinAll(termsOf(condition).filter((term) => [...namesIn(term)].every(isAbout)));
}
