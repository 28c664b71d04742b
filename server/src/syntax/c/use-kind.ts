/**
 * Says what an expression does with a name in it: reads it, writes it, calls it, takes its address, tests it for NULL. It
 * goes by the tokens around the name and by what the name is said to be; it follows no types.
 */

import {
  AMPERSAND,
  BAR,
  CLOSE_BRACE,
  CLOSE_PAREN,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  PLUS,
  QUESTION,
  SEMICOLON,
  STAR,
} from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { type NullTest, readTest } from "./null-test.ts";
import { endsOperand, FURTHEST, type Operand, stripParens } from "./operand.ts";
import { behindGroup, isNamed, isPair, isStatementWordAt, kindAt, type TokenRun, tokenWord } from "./token-run.ts";
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

export interface Classified {
  readonly kind: UseKind;
  readonly test: NullTest | undefined;
}

function plain(kind: UseKind): Classified {
  return { kind, test: undefined };
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
      const word = tokenWord(run, at - 1);
      if (word === "sizeof" || word === "__alignof__" || word === "_Alignof" || word === "alignof") return "sizeof";
      at--;
    } else {
      const partner = run.partners[at]!;
      at = partner >= 0 && partner < at ? partner - 1 : at - 1;
    }
  }
  return undefined;
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
  if (isStatementWordAt(run, at - 1)) return true;
  if (!endsOperand(run, at - 1)) return true;
  if (kindAt(run, at - 1) !== CLOSE_PAREN) return false;
  return isCast(run, at - 1) || isControl(run, at - 1);
}

/** Whether the `)` closes the parentheses of `if (…)` and its kin. */
function isControl(run: TokenRun, close: number): boolean {
  const open = run.partners[close]!;
  const word = open > 0 ? tokenWord(run, open - 1) : "";
  return word === "if" || word === "while" || word === "for" || word === "switch";
}

/** Whether the `)` closes a cast: a type stands in it, or one word with the operator close to what follows and not before. */
function isCast(run: TokenRun, close: number): boolean {
  const open = run.partners[close]!;
  if (open < 0 || endsOperand(run, open - 1)) return isStatementWordAt(run, open - 1) && hasType(run, open, close);
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
  return { kind: "null-test", test: { ...span, operator, hasAmpersand, negated } };
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
