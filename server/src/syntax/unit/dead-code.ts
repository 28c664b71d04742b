/**
 * Finds the statements of a function's body that an `if` with a constant condition leaves out, which compilers drop at every
 * level of optimization. It decides conditions of integers alone, as IS_ENABLED() of Linux expands to.
 */

import { punctuatorNumber } from "../cpp/spellings.ts";
import type { TokenRange } from "./tree.ts";
import { behind, CLASS, textAt, type UnitTokens } from "./unit-tokens.ts";

/** The parts of the range that are compiled, in order. */
export function liveRanges(tokens: UnitTokens, { start, end }: TokenRange): TokenRange[] {
  const { classes } = tokens;
  const live: TokenRange[] = [];
  let from = start;
  /** The place of an `else` that belongs to a condition that always holds. */
  let deadElse = -1;
  for (let at = start; at < end; at++) {
    let dead: TokenRange | undefined;
    if (classes[at] === CLASS.if && classes[at + 1] === CLASS.openParen) {
      const close = Math.min(end, tokens.partners[at + 1]!);
      const value = constantCondition(tokens, at + 2, close);
      if (value === false) dead = statementAt(tokens, close + 1, end);
      else if (value === true) deadElse = statementAt(tokens, close + 1, end)?.end ?? -1;
    } else if (at === deadElse && classes[at] === CLASS.else) dead = statementAt(tokens, at + 1, end);
    if (dead === undefined || !mayBeDropped(tokens, dead)) continue;
    live.push({ start: from, end: dead.start });
    from = dead.end;
    at = dead.end - 1;
  }
  live.push({ start: from, end });
  return live;
}

/** A block, or a statement up to its semicolon; undefined for one that ends behind it, as most loops do. */
function statementAt(tokens: UnitTokens, start: number, end: number): TokenRange | undefined {
  if (start >= end) return undefined;
  const kind = tokens.classes[start]!;
  if (kind === CLASS.openBrace) return { start, end: Math.min(end, behind(tokens, start)) };
  const isLoop = kind === CLASS.name && tokens.classes[start + 1] !== CLASS.openBrace;
  if (kind === CLASS.if || (isLoop && OPENING.has(textAt(tokens, start)))) return undefined;
  for (let at = start; at < end; at = behind(tokens, at)) {
    if (tokens.classes[at] === CLASS.semicolon) return { start, end: at + 1 };
  }
  return undefined;
}

/** Keywords behind which a statement goes on beyond its first semicolon; `do {` does not. */
const OPENING: ReadonlySet<string> = new Set(["for", "while", "do", "switch", "case", "default"]);

/** A label in it may be jumped to, and a colon may be a label's; one in parentheses is none that can be jumped to. */
function mayBeDropped(tokens: UnitTokens, { start, end }: TokenRange): boolean {
  for (let at = start; at < end; at++) {
    if (tokens.classes[at] === CLASS.colon) return false;
    if (tokens.classes[at] === CLASS.openParen) at = behind(tokens, at) - 1;
  }
  return true;
}

const NOT = punctuatorNumber("!");
const AND = punctuatorNumber("&&");
const OR = punctuatorNumber("||");

/** Operators that may nest in one condition. */
const DEEPEST = 100;

interface Condition {
  readonly tokens: UnitTokens;
  readonly end: number;
  at: number;
  depth: number;
}

/** The condition's value where it is one of integers, `!`, `&&`, `||` and parentheses, or hangs on such a part alone. */
function constantCondition(tokens: UnitTokens, start: number, end: number): boolean | undefined {
  const condition: Condition = { tokens, end, at: start, depth: 0 };
  const value = readOr(condition);
  return condition.at === end ? value : undefined;
}

function isOperator({ tokens, at, end }: Condition, operator: number): boolean {
  return at < end && tokens.classes[at] === CLASS.other && tokens.spellings[at] === operator;
}

/** logical-or: logical-and (`||` logical-and)… */
function readOr(condition: Condition): boolean | undefined {
  let value = readAnd(condition);
  while (isOperator(condition, OR)) {
    condition.at++;
    const right = readAnd(condition);
    value = value === true || right === true ? true : value === undefined || right === undefined ? undefined : false;
  }
  return value;
}

/** logical-and: operand (`&&` operand)… */
function readAnd(condition: Condition): boolean | undefined {
  let value = readOperand(condition);
  while (isOperator(condition, AND)) {
    condition.at++;
    const right = readOperand(condition);
    value = value === false || right === false ? false : value === undefined || right === undefined ? undefined : true;
  }
  return value;
}

/** operand: `!` operand | `(` logical-or `)` | integer | anything else up to the next `&&` or `||`, whose value is not known */
function readOperand(condition: Condition): boolean | undefined {
  const { tokens, end } = condition;
  const from = condition.at;
  let value: boolean | undefined;
  if (condition.depth < DEEPEST) {
    condition.depth++;
    if (isOperator(condition, NOT)) {
      condition.at++;
      const operand = readOperand(condition);
      value = operand === undefined ? undefined : !operand;
    } else if (from < end && tokens.classes[from] === CLASS.openParen) {
      const close = Math.min(end, tokens.partners[from]!);
      const inner: Condition = { tokens, end: close, at: from + 1, depth: condition.depth };
      const found = readOr(inner);
      value = inner.at === close ? found : undefined;
      condition.at = Math.min(end, close + 1);
    } else if (from < end && tokens.classes[from] === CLASS.number) {
      const match = /^(0[xX][\da-fA-F]+|\d+)[uUlL]*$/.exec(textAt(tokens, from));
      value = match === null ? undefined : Number(match[1]) !== 0;
      condition.at++;
    }
    condition.depth--;
  }
  if (condition.at < end && !isOperator(condition, AND) && !isOperator(condition, OR)) {
    value = undefined;
    while (condition.at < end && !isOperator(condition, AND) && !isOperator(condition, OR)) {
      condition.at = behind(tokens, condition.at);
    }
    condition.at = Math.min(condition.at, end);
  }
  return value;
}
