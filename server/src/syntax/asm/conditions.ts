/**
 * The conditions under which a line of assembly is seen: #if and its kin, and the assembler's .if. Gives them as one text,
 * in C's syntax, and knows nothing of what the lines say.
 */

/** A condition, made into text when somebody asks for it: most conditions in a file stand around nothing that is noted. */
export type Term = string | (() => string);

interface Frame {
  /** The conditions of the branches before this one. */
  readonly before: Term[];
  /** The condition of this branch by itself; undefined in #else. */
  own: Term | undefined;
}

export interface Conditions {
  readonly frames: Frame[];
  /** How many open conditions beyond the deepest that is kept. */
  excess: number;
  /** The text of all frames, until one changes. */
  text: string | undefined;
}

/** Deeper conditions, and longer chains of #elif, are no longer told apart: nobody writes them. */
const DEEPEST = 64;
const LONGEST_CHAIN = 64;

export function noConditions(): Conditions {
  return { frames: [], excess: 0, text: "" };
}

/** Opens a condition; "" is one that says nothing, such as an include guard. */
export function openCondition(conditions: Conditions, term: Term): void {
  if (conditions.frames.length >= DEEPEST) {
    conditions.excess++;
    return;
  }
  conditions.frames.push({ before: [], own: term });
  if (term !== "") conditions.text = undefined;
}

/** Goes to the next branch: #elif with its condition, #else with undefined. */
export function nextBranch(conditions: Conditions, term: Term | undefined): void {
  const frame = conditions.frames[conditions.frames.length - 1];
  if (conditions.excess > 0 || frame === undefined) return;
  if (frame.own !== undefined && frame.own !== "" && frame.before.length < LONGEST_CHAIN) frame.before.push(frame.own);
  frame.own = term;
  conditions.text = undefined;
}

export function closeCondition(conditions: Conditions): void {
  if (conditions.excess > 0) conditions.excess--;
  else if (conditions.frames.pop() !== undefined) conditions.text = undefined;
}

/** The conditions of all frames, joined by " && ". */
export function textOfConditions(conditions: Conditions): string {
  if (conditions.text === undefined) {
    const terms: string[] = [];
    for (const frame of conditions.frames) {
      for (let i = 0; i < frame.before.length; i++) terms.push(negate(resolve(frame.before, i)));
      if (typeof frame.own === "function") frame.own = frame.own();
      if (frame.own !== undefined) terms.push(frame.own);
    }
    conditions.text = joinTerms(terms);
  }
  return conditions.text;
}

function resolve(terms: Term[], index: number): string {
  const term = terms[index]!;
  const text = typeof term === "function" ? term() : term;
  terms[index] = text;
  return text;
}

/** Joins conditions by " && ". */
export function joinTerms(terms: readonly string[]): string {
  const present = terms.filter((term) => term !== "");
  return present.length < 2 ? (present[0] ?? "") : present.map(parenthesize).join(" && ");
}

/** The text, in parentheses where an operator weaker than && stands outside of any. */
function parenthesize(text: string): string {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (letter === "(") depth++;
    else if (letter === ")") depth--;
    else if (depth === 0 && (letter === "?" || letter === "," || (letter === "|" && text[i + 1] === "|"))) {
      return `(${text})`;
    }
  }
  return text;
}

/** The opposite: `!defined(X)` of `defined(X)`, `!(…)` of anything longer. */
export function negate(text: string): string {
  if (/^!\w*(?:\(\w*\))?$/.test(text)) return text.slice(1);
  if (/^\w+(?:\(\w*\))?$/.test(text)) return `!${text}`;
  return `!(${text})`;
}
