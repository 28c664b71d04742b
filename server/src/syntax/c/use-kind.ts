/**
 * Says what an expression does with a name in it: reads it, writes it, calls it, takes its address, tests it for NULL. It
 * goes by the tokens around the name and by what the name is said to be; it follows no types.
 */

import type { Span } from "../../text/span.ts";
import {
  AMPERSAND,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
} from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { behindStatement, endsExpression, LONGEST } from "./statements.ts";
import { behindGroup, isNamed, isPair, isStatementWord, kindAt, type TokenRun, wordAt } from "./token-run.ts";
import type { Shape } from "./tree.ts";

export type UseKind =
  /** The value of a scalar, pointer or struct, or a member of it. */
  | "read"
  | "write"
  | "call"
  /** `&x`, or the name of a function or array as a value. */
  | "address"
  /** `x[i]` and, of an array, `*x` and `x->member`. */
  | "index"
  /** A comparison of its address with NULL. */
  | "null-test"
  | "sizeof"
  | "typeof"
  /** In the initializer of an object at file scope. */
  | "initializer"
  /** An argument of a macro that stands where a declaration would: `EXPORT_SYMBOL(x)`. */
  | "macro-argument";

/** How an address is tested. */
export interface NullTest extends Span {
  /** `!x`, `x == NULL`, `x != NULL`, or the bare name where a truth value is wanted. */
  readonly operator: "not" | "equal" | "unequal" | "truth";
  /** `&x` is tested, and not `x`. */
  readonly hasAmpersand: boolean;
  /** The test holds when the symbol is missing. */
  readonly negated: boolean;
}

/** What a test decides, where the test is the whole condition. */
export interface Guard {
  readonly form: "if" | "ternary" | "and";
  /** The whole `if` statement with its else; the whole `a ? b : c`; the whole `a && b`. */
  readonly statement: Span;
  readonly condition: Span;
  /** The statement, or the expression, for a condition that holds. */
  readonly then: Span;
  readonly else: Span | undefined;
  /** The condition holds when the symbol is missing. */
  readonly negated: boolean;
}

export interface Classified {
  readonly kind: UseKind;
  readonly test: NullTest | undefined;
  readonly guard: Guard | undefined;
}

/** An operand that grows outwards: the places of its first token and behind its last. */
interface Operand {
  from: number;
  to: number;
}

const EXCLAMATION = 33;
const PLUS = 43;
const QUESTION = 63;
const BAR = 124;

function plain(kind: UseKind): Classified {
  return { kind, test: undefined, guard: undefined };
}

/** Judges the name at the place. */
export function classify(run: TokenRun, at: number, shape: Shape | undefined): Classified {
  const operand: Operand = { from: at, to: at + 1 };
  const measured = measuredBy(run, operand);
  if (measured !== undefined) return plain(measured);
  stripParens(run, operand);

  const kindBehind = kindAt(run, operand.to);
  if (kindBehind === OPEN_PAREN) return plain("call");
  if (isDereferencedCall(run, operand)) return plain("call");
  const chain = behindChain(run, operand.to);
  if (chain > operand.to) return plain(ofPart(run, operand, chain, shape));

  const hasAmpersand = isUnaryAmpersand(run, operand.from - 1);
  if (hasAmpersand) {
    operand.from--;
    stripParens(run, operand);
  } else {
    const isWriting = isWritten(run, operand);
    if (isDereferenced(run, operand.from - 1) && !isCounted(run, operand.to)) {
      // `*x = …` writes an array's first element, but only reads a pointer.
      if (isWriting && shape !== "pointer") return plain("write");
      return plain(shape === "array" || shape === undefined ? "index" : "read");
    }
    if (isWriting) return plain("write");
  }
  // The truth of a scalar or of a pointer object is a matter of its value.
  const isValue = !hasAmpersand && (shape === "plain" || shape === "pointer");
  if (isValue) return plain("read");
  return classifyAddress(run, operand, hasAmpersand);
}

/** `sizeof x`, `sizeof(x)`, `typeof(x)`, also within an expression there: nothing of it is evaluated. */
function measuredBy(run: TokenRun, operand: Operand): UseKind | undefined {
  if (isNamed(run, operand.from - 1, "sizeof")) return "sizeof";
  let at = operand.from - 1;
  for (let steps = 0; at >= 0 && steps < FURTHEST; steps++) {
    const kind = run.kinds[at]!;
    if (kind === SEMICOLON || kind === OPEN_BRACE) return undefined;
    if (kind === OPEN_PAREN) {
      if (kindAt(run, at - 1) === KEYWORD.typeof) return "typeof";
      const word = wordAt(run, at - 1);
      if (word === "sizeof" || word === "__alignof__" || word === "_Alignof" || word === "alignof") return "sizeof";
      at--;
    } else {
      const partner = run.partners[at]!;
      at = partner >= 0 && partner < at ? partner - 1 : at - 1;
    }
  }
  return undefined;
}

/** How many tokens to look back for a sizeof around an expression. */
const FURTHEST = 64;

/** Takes in parentheses that stand around the operand alone and are no call's. */
function stripParens(run: TokenRun, operand: Operand): void {
  while (kindAt(run, operand.from - 1) === OPEN_PAREN && kindAt(run, operand.to) === CLOSE_PAREN) {
    const before = kindAt(run, operand.from - 2);
    const isGrouping = !endsOperand(run, operand.from - 2) || isReturn(run, operand.from - 2);
    // An asm operand, `"i" (x)`, is no part of an expression.
    if (!isGrouping || before === TOKEN.string) return;
    operand.from--;
    operand.to++;
  }
}

/** `return (x)`, `case (x)`: words before a parenthesis that call nothing. Not those that control a statement. */
function isReturn(run: TokenRun, at: number): boolean {
  return isNamed(run, at, "return") || isNamed(run, at, "case");
}

/** Whether the token can end an operand, so that what follows is a binary operator or a call. */
function endsOperand(run: TokenRun, at: number): boolean {
  const kind = kindAt(run, at);
  return (
    kind === TOKEN.word ||
    kind === TOKEN.number ||
    kind === TOKEN.string ||
    kind === TOKEN.character ||
    kind === CLOSE_PAREN ||
    kind === CLOSE_BRACKET ||
    kind === KEYWORD.typeof ||
    kind === KEYWORD.asm
  );
}

/** `(*f)(…)` calls f, as `f(…)` does. */
function isDereferencedCall(run: TokenRun, operand: Operand): boolean {
  if (kindAt(run, operand.from - 1) !== STAR || kindAt(run, operand.to) !== CLOSE_PAREN) return false;
  return kindAt(run, operand.from - 2) === OPEN_PAREN && kindAt(run, operand.to + 1) === OPEN_PAREN;
}

/** Behind the `[…]`, `.member`, `->member`, `(…)` that follow an operand. */
function behindChain(run: TokenRun, from: number): number {
  let at = from;
  for (;;) {
    const kind = kindAt(run, at);
    if (kind === OPEN_BRACKET || (kind === OPEN_PAREN && at > from)) at = behindGroup(run, at);
    else if (kind === DOT && kindAt(run, at + 1) === TOKEN.word) at += 2;
    else if (isPair(run, at, MINUS, 62) && kindAt(run, at + 2) === TOKEN.word) at += 3;
    else return at;
  }
}

/** What is done with an element or member of the operand. */
function ofPart(run: TokenRun, operand: Operand, chain: number, shape: Shape | undefined): UseKind {
  const first = kindAt(run, operand.to);
  const isIndirect = first === OPEN_BRACKET || first === MINUS;
  // Through a pointer object, whatever is done is done elsewhere: the object itself is read.
  if (shape === "pointer" && isIndirect) return first === OPEN_BRACKET ? "index" : "read";
  if (isUnaryAmpersand(run, operand.from - 1)) return "address";
  if (isWritten(run, { from: operand.from, to: chain })) return "write";
  return isIndirect ? "index" : "read";
}

/** `x = …`, `x += …`, `x++`, `--x`; not `x == …`. */
function isWritten(run: TokenRun, operand: Operand): boolean {
  const at = operand.to;
  const kind = kindAt(run, at);
  if (kind === EQUALS) return !isPair(run, at, EQUALS, EQUALS);
  if (isCounted(run, at)) return true;
  const before = operand.from - 2;
  if (isPair(run, before, PLUS, PLUS) || isPair(run, before, MINUS, MINUS)) return !endsOperand(run, before - 1);
  // `+=`, `<<=`; but not `<=`, `>=`, `!=`.
  if (kind === 60 || kind === 62) {
    return isPair(run, at, kind, kind) && isPair(run, at + 1, kind, EQUALS);
  }
  const isOperator = kind === PLUS || kind === MINUS || kind === STAR || kind === 47 || kind === 37;
  return (isOperator || kind === AMPERSAND || kind === BAR || kind === 94) && isPair(run, at, kind, EQUALS);
}

/** `x++` and `x--`: with a star before it, the pointer moves all the same. */
function isCounted(run: TokenRun, at: number): boolean {
  return isPair(run, at, PLUS, PLUS) || isPair(run, at, MINUS, MINUS);
}

/** Whether the `&` at the place takes an address: it is no half of `&&`, and no operand stands before it. */
function isUnaryAmpersand(run: TokenRun, at: number): boolean {
  if (kindAt(run, at) !== AMPERSAND) return false;
  if (isPair(run, at - 1, AMPERSAND, AMPERSAND)) {
    // `a &&x`: of two ampersands in a row, both belong together, unless a third stands before.
    return isPair(run, at - 2, AMPERSAND, AMPERSAND);
  }
  return isUnary(run, at);
}

function isDereferenced(run: TokenRun, at: number): boolean {
  return kindAt(run, at) === STAR && isUnary(run, at);
}

/** Whether an operator that may be binary is unary here. Behind `)` it depends on whether that closes a cast. */
function isUnary(run: TokenRun, at: number): boolean {
  if (isStatementWord(run, at - 1)) return true;
  if (!endsOperand(run, at - 1)) return true;
  if (kindAt(run, at - 1) !== CLOSE_PAREN) return false;
  return isCast(run, at - 1) || isControl(run, at - 1);
}

/** Whether the `)` closes the parentheses of `if (…)` and its kin. */
function isControl(run: TokenRun, close: number): boolean {
  const open = run.partners[close]!;
  const word = open > 0 ? wordAt(run, open - 1) : "";
  return word === "if" || word === "while" || word === "for" || word === "switch";
}

/** Whether the `)` closes a cast: a type stands in it, or one word with the operator close to what follows and not before. */
function isCast(run: TokenRun, close: number): boolean {
  const open = run.partners[close]!;
  if (open < 0 || endsOperand(run, open - 1)) return isStatementWord(run, open - 1) && hasType(run, open, close);
  if (hasType(run, open, close)) return true;
  const isWords = close === open + 2 && kindAt(run, open + 1) === TOKEN.word;
  return isWords && run.stops[close + 1] === run.starts[close + 2];
}

/** A keyword of a type stands between the parentheses, or a star at their end. */
function hasType(run: TokenRun, open: number, close: number): boolean {
  if (open < 0) return false;
  const first = kindAt(run, open + 1);
  return (first >= KEYWORD.const && first <= KEYWORD.typeof) || (kindAt(run, close - 1) === STAR && close > open + 2);
}

/** The name stands for an address: is that compared with NULL, or used otherwise? */
function classifyAddress(run: TokenRun, operand: Operand, hasAmpersand: boolean): Classified {
  const test = readTest(run, operand);
  if (test === undefined) return plain("address");
  const { operator, negated } = test;
  const span = { start: run.starts[operand.from]!, end: run.stops[operand.to - 1]! };
  const guard = findGuard(run, operand, negated);
  return { kind: "null-test", test: { ...span, operator, hasAmpersand, negated }, guard };
}

/** Widens the operand over the operators that compare it with NULL; undefined where nothing tests it. */
function readTest(run: TokenRun, operand: Operand): { operator: NullTest["operator"]; negated: boolean } | undefined {
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
    const word = wordAt(run, operand.from - 2);
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
  const word = kind === TOKEN.word ? wordAt(run, at) : "";
  return word === "NULL" || word === "nullptr";
}

/** Whether a truth value is wanted where the operand stands: it is a condition, or an operand of `&&`, `||` or `?`. */
function isTruth(run: TokenRun, operand: Operand): boolean {
  const { from, to } = operand;
  if (isPair(run, to, AMPERSAND, AMPERSAND) || isPair(run, to, BAR, BAR)) return true;
  if (isPair(run, from - 2, AMPERSAND, AMPERSAND) || isPair(run, from - 2, BAR, BAR)) return endsTest(run, to);
  if (kindAt(run, to) === QUESTION) return startsTest(run, from - 1);
  if (kindAt(run, from - 1) === OPEN_PAREN && kindAt(run, to) === CLOSE_PAREN) {
    const word = wordAt(run, from - 2);
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

/** What the test decides, where it is a whole condition. */
function findGuard(run: TokenRun, operand: Operand, negated: boolean): Guard | undefined {
  const { from, to } = operand;
  const condition = spanOf(run, from, to);
  if (kindAt(run, from - 1) === OPEN_PAREN && kindAt(run, to) === CLOSE_PAREN && isNamed(run, from - 2, "if")) {
    return guardOfIf(run, from - 2, to + 1, condition, negated);
  }
  if (kindAt(run, to) === QUESTION && startsTest(run, from - 1))
    return guardOfTernary(run, operand, condition, negated);
  if (isPair(run, to, AMPERSAND, AMPERSAND)) {
    const end = behindOperand(run, to + 2);
    if (end <= to + 2) return undefined;
    const then = spanOf(run, to + 2, end);
    return { form: "and", statement: spanOf(run, from, end), condition, then, else: undefined, negated };
  }
  return undefined;
}

function guardOfIf(run: TokenRun, at: number, body: number, condition: Span, negated: boolean): Guard | undefined {
  const behindThen = behindStatement(run, body);
  if (behindThen < 0) return undefined;
  const then = spanOf(run, body, behindThen);
  if (!isNamed(run, behindThen, "else")) {
    return { form: "if", statement: spanOf(run, at, behindThen), condition, then, else: undefined, negated };
  }
  const behindElse = behindStatement(run, behindThen + 1);
  if (behindElse < 0) return undefined;
  const otherwise = spanOf(run, behindThen + 1, behindElse);
  return { form: "if", statement: spanOf(run, at, behindElse), condition, then, else: otherwise, negated };
}

/** conditional: condition `?` expression? `:` expression (C11 6.5.15; GCC lets the middle be left out) */
function guardOfTernary(run: TokenRun, operand: Operand, condition: Span, negated: boolean): Guard | undefined {
  let at = operand.to + 1;
  let nested = 0;
  const thenStart = at;
  let steps = 0;
  for (; at < run.count; at = behindGroup(run, at)) {
    if (++steps > LONGEST) return undefined;
    const kind = kindAt(run, at);
    if (kind === QUESTION) nested++;
    else if (kind === COLON && nested-- === 0) break;
    else if (kind === SEMICOLON || kind === CLOSE_PAREN || kind === CLOSE_BRACKET || kind === CLOSE_BRACE)
      return undefined;
  }
  const colon = at;
  let end = colon + 1;
  for (; end < run.count && !endsExpression(kindAt(run, end)); end = behindGroup(run, end)) {
    if (++steps > LONGEST) return undefined;
  }
  if (end <= colon + 1) return undefined;
  const then = colon > thenStart ? spanOf(run, thenStart, colon) : condition;
  const statement = spanOf(run, operand.from, end);
  return { form: "ternary", statement, condition, then, else: spanOf(run, colon + 1, end), negated };
}

/** Behind the right operand of an `&&`. */
function behindOperand(run: TokenRun, from: number): number {
  let at = from;
  for (let steps = 0; at < run.count && steps < LONGEST; steps++) {
    const kind = kindAt(run, at);
    if (endsExpression(kind) || kind === QUESTION || kind === COLON) return at;
    if (isPair(run, at, BAR, BAR) || isPair(run, at, AMPERSAND, AMPERSAND)) return at;
    at = behindGroup(run, at);
  }
  return at;
}

function spanOf(run: TokenRun, from: number, to: number): Span {
  return { start: run.starts[from]!, end: run.stops[Math.max(from, to - 1)]! };
}

/** True where the name at the place is a member, a designator, a tag or a label, and so no symbol. */
export function isNoSymbol(run: TokenRun, at: number): boolean {
  const before = kindAt(run, at - 1);
  if (before === DOT) return !isPair(run, at - 2, DOT, DOT);
  if (isPair(run, at - 2, MINUS, 62) || before === KEYWORD.tag) return true;
  if (isNamed(run, at - 1, "goto")) return true;
  // `&&label` is the address of a label where no operand stands before it.
  if (isPair(run, at - 2, AMPERSAND, AMPERSAND) && !endsOperand(run, at - 3)) return true;
  if (kindAt(run, at + 1) !== COLON) return false;
  // `label:` and GCC's old designator, `{ member: value }`.
  return before === SEMICOLON || before === OPEN_BRACE || before === CLOSE_BRACE || isOldDesignator(run, at);
}

function isOldDesignator(run: TokenRun, at: number): boolean {
  if (kindAt(run, at - 1) !== COMMA) return false;
  for (let i = at - 2, steps = 0; i >= 0 && steps < FURTHEST; steps++) {
    const kind = kindAt(run, i);
    if (kind === QUESTION || kind === SEMICOLON || kind === OPEN_PAREN) return false;
    if (kind === OPEN_BRACE) return true;
    const partner = run.partners[i]!;
    i = partner >= 0 && partner < i ? partner - 1 : i - 1;
  }
  return false;
}
