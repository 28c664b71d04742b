/**
 * The conditions under which a line of assembly is seen: #if and its kin, and the assembler's .if. Gives them as one, and knows
 * nothing of what the lines say.
 */

import { ALWAYS, type Condition, joinAll, NEVER, not, UNTOLD } from "../condition/condition.ts";

/** A condition, read when somebody asks for it: most conditions in a file stand around nothing that is noted. */
export type Term = Condition | (() => Condition) | typeof NOTHING;

/** The term of what says nothing in any of its branches, such as an include guard. */
export const NOTHING = "nothing";

interface Frame {
  /** The conditions of the branches before this one. */
  readonly before: Term[];
  /** The condition of this branch by itself; undefined in #else. */
  own: Term | undefined;
}

export interface AsmConditions {
  readonly frames: Frame[];
  /** How many open conditions beyond the deepest that is kept. */
  excess: number;
  /** All frames together, until one changes. */
  all: Condition | undefined;
}

/** Deeper conditions, and longer chains of #elif, are no longer told apart: nobody writes them. */
const DEEPEST = 64;
const LONGEST_CHAIN = 64;

export function noConditions(): AsmConditions {
  return { frames: [], excess: 0, all: ALWAYS };
}

/** Opens a condition. */
export function openCondition(conditions: AsmConditions, term: Term): void {
  if (conditions.frames.length >= DEEPEST) {
    conditions.excess++;
    conditions.all = undefined;
    return;
  }
  conditions.frames.push({ before: [], own: term });
  if (term !== NOTHING) conditions.all = undefined;
}

/** Goes to the next branch: #elif with its condition, #else with undefined. */
export function nextAsmBranch(conditions: AsmConditions, term: Term | undefined): void {
  const frame = conditions.frames[conditions.frames.length - 1];
  if (conditions.excess > 0 || frame === undefined) return;
  if (frame.own !== undefined && frame.own !== NOTHING) {
    if (frame.before.length < LONGEST_CHAIN) frame.before.push(frame.own);
    else frame.before[LONGEST_CHAIN] = UNTOLD;
  }
  frame.own = term;
  conditions.all = undefined;
}

export function closeCondition(conditions: AsmConditions): void {
  if (conditions.excess > 0) conditions.excess--;
  else conditions.frames.pop();
  conditions.all = undefined;
}

/** The conditions of all frames as one. */
export function allConditions(conditions: AsmConditions): Condition {
  if (conditions.all === undefined) {
    const terms: Condition[] = [];
    for (const frame of conditions.frames) {
      for (let i = 0; i < frame.before.length; i++) terms.push(not((frame.before[i] = resolve(frame.before[i]!))));
      if (frame.own !== undefined && frame.own !== NOTHING) terms.push((frame.own = resolve(frame.own)));
    }
    if (conditions.excess > 0) terms.push(UNTOLD);
    conditions.all = terms.some(({ text }) => text === NEVER.text) ? NEVER : joinAll(terms);
  }
  return conditions.all;
}

function resolve(term: Term): Condition {
  if (term === NOTHING) return ALWAYS;
  return typeof term === "function" ? term() : term;
}
