/**
 * The conditions under which a line of assembly is seen: #if and its kin, and the assembler's .if. Gives them as one text,
 * in C's syntax, and knows nothing of what the lines say.
 */

interface Frame {
  /** The conditions of the branches before this one. */
  readonly before: string[];
  /** The condition of this branch by itself; undefined in #else. */
  own: string | undefined;
  /** The same with those of the branches before it. */
  current: string;
}

export interface Conditions {
  readonly frames: Frame[];
  /** How many open conditions beyond the deepest that is kept. */
  excess: number;
  /** The conditions of all frames, joined by " && ". */
  text: string;
}

/** Deeper conditions, and longer chains of #elif, are no longer told apart: only hostile input has them. */
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
  conditions.frames.push({ before: [], own: text, current: text });
  refresh(conditions);
}

/** Goes to the next branch: #elif with its condition, #else with undefined. */
export function nextBranch(conditions: Conditions, text: string | undefined): void {
  const frame = conditions.frames[conditions.frames.length - 1];
  if (conditions.excess > 0 || frame === undefined) return;
  if (frame.own !== undefined && frame.own !== "" && frame.before.length < LONGEST_CHAIN) frame.before.push(frame.own);
  const terms = frame.before.map(negate);
  if (text !== undefined) terms.push(parenthesize(text));
  frame.own = text;
  frame.current = terms.join(" && ");
  refresh(conditions);
}

export function closeCondition(conditions: Conditions): void {
  if (conditions.excess > 0) conditions.excess--;
  else if (conditions.frames.pop() !== undefined) refresh(conditions);
}

function refresh(conditions: Conditions): void {
  const { frames } = conditions;
  conditions.text = frames
    .filter((frame) => frame.current !== "")
    .map((frame) => (frames.length > 1 ? parenthesize(frame.current) : frame.current))
    .join(" && ");
}

/** The text, in parentheses where an operator weaker than && stands in it. */
function parenthesize(text: string): string {
  return /\|\||[?,]/.test(text) && !isWrapped(text) ? `(${text})` : text;
}

/** The opposite: `!defined(X)` of `defined(X)`, `!(…)` of anything longer. */
export function negate(text: string): string {
  if (/^!\w*(?:\(\w*\))?$/.test(text)) return text.slice(1);
  if (/^\w+(?:\(\w*\))?$/.test(text)) return `!${text}`;
  return isWrapped(text) ? `!${text}` : `!(${text})`;
}

function isWrapped(text: string): boolean {
  if (!text.startsWith("(")) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i === text.length - 1;
  }
  return false;
}
