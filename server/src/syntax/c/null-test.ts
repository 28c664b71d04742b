/**
 * Reads how an operand is tested for NULL or as a truth value. Whether the operand stands for an address is its caller's matter.
 */

import type { Span } from "../../text/span.ts";
import {
  AMPERSAND,
  BAR,
  CLOSE_BRACE,
  CLOSE_PAREN,
  COLON,
  COMMA,
  EQUALS,
  EXCLAMATION,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUESTION,
  SEMICOLON,
} from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { FURTHEST, type Operand, stripParens } from "./operand.ts";
import { endsExpression } from "./statements.ts";
import { isNamed, isPair, kindAt, type TokenRun, tokenWord } from "./token-run.ts";

/** How an address is tested. */
export interface NullTest extends Span {
  /** `!x`, `x == NULL`, `x != NULL`, or the bare name where a truth value is wanted. */
  readonly operator: "not" | "equal" | "unequal" | "truth";
  /** `&x` is tested, and not `x`. */
  readonly hasAmpersand: boolean;
  /** The test holds when the symbol is missing. */
  readonly negated: boolean;
}

/** Widens the operand over the operators that compare it with NULL; undefined where nothing tests it. */
export function readTest(
  run: TokenRun,
  operand: Operand,
): { operator: NullTest["operator"]; negated: boolean } | undefined {
  let operator: NullTest["operator"] | undefined;
  let negated = false;
  for (;;) {
    stripParens(run, operand);
    stripHint(run, operand);
    if (kindAt(run, operand.from - 1) === EXCLAMATION) {
      operand.from--;
      operator ??= "not";
      negated = !negated;
      continue;
    }
    const comparison = operator === undefined ? readComparison(run, operand) : undefined;
    if (comparison === undefined) break;
    operator = comparison;
    negated = comparison === "equal";
  }
  if (operator !== undefined) return { operator, negated };
  return isTruth(run, operand) ? { operator: "truth", negated: false } : undefined;
}

/** `likely(x)` and `unlikely(x)` say how often, not what. */
function stripHint(run: TokenRun, operand: Operand): void {
  while (kindAt(run, operand.from - 1) === OPEN_PAREN && kindAt(run, operand.to) === CLOSE_PAREN) {
    const word = tokenWord(run, operand.from - 2);
    if (word !== "likely" && word !== "unlikely") return;
    operand.from -= 2;
    operand.to++;
    stripParens(run, operand);
  }
}

/** `x == NULL`, `NULL != x`, `x == 0`. */
function readComparison(run: TokenRun, operand: Operand): "equal" | "unequal" | undefined {
  const behind = comparisonAt(run, operand.to);
  if (behind !== undefined) {
    const end = behindNull(run, operand.to + 2);
    if (end < 0) return undefined;
    operand.to = end;
    return behind;
  }
  const before = comparisonAt(run, operand.from - 2);
  if (before === undefined) return undefined;
  const start = beforeNull(run, operand.from - 2);
  if (start < 0) return undefined;
  operand.from = start;
  return before;
}

function comparisonAt(run: TokenRun, at: number): "equal" | "unequal" | undefined {
  if (isPair(run, at, EQUALS, EQUALS)) return "equal";
  return isPair(run, at, EXCLAMATION, EQUALS) ? "unequal" : undefined;
}

/** Behind a null pointer constant (C11 6.3.2.3) that is all of an operand; -1 where there is none. */
function behindNull(run: TokenRun, at: number): number {
  if (isNullAt(run, at)) return at + 1;
  // `(void *)0`, `((void *)0)`
  if (kindAt(run, at) !== OPEN_PAREN) return -1;
  const close = run.partners[at]!;
  if (close < 0) return -1;
  if (kindAt(run, at + 1) === KEYWORD.void && close === at + 3) return isNullAt(run, close + 1) ? close + 2 : -1;
  return behindNull(run, at + 1) === close ? close + 1 : -1;
}

function beforeNull(run: TokenRun, at: number): number {
  if (isNullAt(run, at - 1)) {
    const isCastNull = kindAt(run, at - 2) === CLOSE_PAREN && kindAt(run, run.partners[at - 2]! + 1) === KEYWORD.void;
    return isCastNull ? run.partners[at - 2]! : at - 1;
  }
  return -1;
}

/** `NULL`, `nullptr`, `0`, `0L`. */
function isNullAt(run: TokenRun, at: number): boolean {
  const kind = kindAt(run, at);
  if (kind === TOKEN.number) {
    const { codes } = run.source;
    const start = run.starts[at]!;
    return (
      codes[start] === 48 && (run.stops[at] === start + 1 || /^0[uUlL]*$/.test(run.source.slice(start, run.stops[at]!)))
    );
  }
  const word = kind === TOKEN.word ? tokenWord(run, at) : "";
  return word === "NULL" || word === "nullptr";
}

/** Whether a truth value is wanted where the operand stands: it is a condition, or an operand of `&&`, `||` or `?`. */
function isTruth(run: TokenRun, operand: Operand): boolean {
  const { from, to } = operand;
  if (isPair(run, to, AMPERSAND, AMPERSAND) || isPair(run, to, BAR, BAR)) return true;
  if (isPair(run, from - 2, AMPERSAND, AMPERSAND) || isPair(run, from - 2, BAR, BAR)) return endsTest(run, to);
  if (kindAt(run, to) === QUESTION) return startsTest(run, from - 1);
  if (kindAt(run, from - 1) === OPEN_PAREN && kindAt(run, to) === CLOSE_PAREN) {
    const word = tokenWord(run, from - 2);
    return word === "if" || word === "while";
  }
  // for (…; x; …)
  return kindAt(run, from - 1) === SEMICOLON && kindAt(run, to) === SEMICOLON && isInFor(run, from - 1);
}

function endsTest(run: TokenRun, to: number): boolean {
  const kind = kindAt(run, to);
  return endsExpression(kind) || kind === QUESTION || kind === COLON;
}

/** Whether nothing before the operand belongs to the same condition. */
function startsTest(run: TokenRun, before: number): boolean {
  const kind = kindAt(run, before);
  if (isPair(run, before - 1, EQUALS, EQUALS) || isPair(run, before - 1, EXCLAMATION, EQUALS)) return false;
  return (
    kind === TOKEN.end ||
    kind === OPEN_PAREN ||
    kind === OPEN_BRACKET ||
    kind === OPEN_BRACE ||
    kind === CLOSE_BRACE ||
    kind === COMMA ||
    kind === SEMICOLON ||
    kind === EQUALS ||
    kind === QUESTION ||
    kind === COLON ||
    isNamed(run, before, "return")
  );
}

function isInFor(run: TokenRun, at: number): boolean {
  let i = at;
  for (let steps = 0; i > 0 && steps < FURTHEST; steps++) {
    if (kindAt(run, i) === OPEN_PAREN) return isNamed(run, i - 1, "for");
    const partner = run.partners[i]!;
    i = partner >= 0 && partner < i ? partner - 1 : i - 1;
  }
  return false;
}
