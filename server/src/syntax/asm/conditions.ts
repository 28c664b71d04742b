/**
 * The conditions under which a line of assembly is seen: #if and its kin, and the assembler's .if. Gives them as one text,
 * in C's syntax, and knows nothing of what the lines say.
 */

interface Frame {
  /** What must hold for this branch: the opposites of the branches before it, and its own. */
  terms: readonly string[];
  /** The opposites of this branch and those before it, for the next. */
  opposites: readonly string[];
}

export interface Conditions {
  readonly frames: Frame[];
  /** How many open conditions beyond the deepest that is kept. */
  excess: number;
  /** The conditions of all frames, joined by " && ". */
  text: string;
}

/** Deeper conditions, and longer chains of #elif, are no longer told apart: nobody writes them. */
const DEEPEST = 64;
const LONGEST_CHAIN = 64;

export function noConditions(): Conditions {
  return { frames: [], excess: 0, text: "" };
}

/** Opens a condition; "" is one that says nothing, such as an include guard. */
export function openCondition(conditions: Conditions, text: string): void {
  if (conditions.frames.length >= DEEPEST) {
    conditions.excess++;
    return;
  }
  conditions.frames.push(text === "" ? { terms: [], opposites: [] } : { terms: [text], opposites: [negate(text)] });
  refresh(conditions);
}

/** Goes to the next branch: #elif with its condition, #else with undefined. */
export function nextBranch(conditions: Conditions, text: string | undefined): void {
  const frame = conditions.frames[conditions.frames.length - 1];
  if (conditions.excess > 0 || frame === undefined) return;
  frame.terms = text === undefined ? frame.opposites : [...frame.opposites, text];
  if (text !== undefined && frame.opposites.length < LONGEST_CHAIN)
    frame.opposites = [...frame.opposites, negate(text)];
  refresh(conditions);
}

export function closeCondition(conditions: Conditions): void {
  if (conditions.excess > 0) conditions.excess--;
  else if (conditions.frames.pop() !== undefined) refresh(conditions);
}

function refresh(conditions: Conditions): void {
  const terms = conditions.frames.flatMap((frame) => frame.terms);
  conditions.text = joinTerms(terms);
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
