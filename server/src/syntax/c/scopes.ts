/**
 * Which mentions of a name mean a local thing of that name: a parameter, a local variable, an enumeration constant. As far
 * as the text shows it, without types: a statement of the form `word word` or `word * word` declares.
 */

import type { Span } from "../../text/span.ts";
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COLON,
  COMMA,
  EQUALS,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
} from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { behindStatement } from "./statements.ts";
import { beforeGroup, behindGroup, isNamed, isStatementWordAt, kindAt, type TokenRun, tokenWord } from "./token-run.ts";

/**
 * The stretch in which the declaration at the place hides the symbol of that name; undefined where the place declares
 * nothing local. An `extern` declaration hides nothing.
 */
export function scopeOfLocal(run: TokenRun, at: number): Span | undefined {
  let inner = at;
  // `(*name)(…)`: a declarator in parentheses.
  while (kindAt(run, inner - 1) === STAR || isQualifier(run, inner - 1)) {
    let open = inner - 1;
    while (kindAt(run, open) === STAR || isQualifier(run, open)) open--;
    if (kindAt(run, open) !== OPEN_PAREN || run.partners[open]! < 0) break;
    if (!followsDeclarator(run, run.partners[open]! + 1)) break;
    inner = open;
  }
  const start = startOfStatement(run, inner);
  if (start < 0 || !declares(run, start, inner)) return undefined;
  const block = blockAround(run, start);
  const from = run.starts[at]!;
  if (block < 0) return { start: from, end: run.stops[run.count - 1]! };
  // The first clause of a `for` reaches over its body.
  if (kindAt(run, block) === OPEN_PAREN) {
    const behind = behindStatement(run, block - 1);
    return behind < 0 ? undefined : { start: from, end: run.stops[behind - 1]! };
  }
  const close = run.partners[block]!;
  return { start: from, end: close > 0 ? run.stops[close]! : run.stops[run.count - 1]! };
}

function isQualifier(run: TokenRun, at: number): boolean {
  const kind = kindAt(run, at);
  return kind === KEYWORD.const || kind === KEYWORD.qualifier;
}

/** What stands behind a parenthesised declarator: parameters, bounds, or its end. */
function followsDeclarator(run: TokenRun, at: number): boolean {
  const kind = kindAt(run, at);
  return kind === OPEN_PAREN || kind === OPEN_BRACKET;
}

/** How many tokens a declaration may span before the name: initializers of several declarators count as one each. */
const FURTHEST = 128;

/** The place of the first token of the statement around the place, or -1 where the place is within an expression's brackets. */
function startOfStatement(run: TokenRun, from: number): number {
  let at = from;
  // What one colon shows of the statement holds for those before it too.
  let isInConditional = false;
  for (let steps = 0; steps < FURTHEST; steps++) {
    const before = kindAt(run, at - 1);
    if (at === 0 || before === SEMICOLON || before === OPEN_BRACE) return at;
    if (before === CLOSE_BRACE && !isTagBody(run, run.partners[at - 1]!)) return at;
    if (before === OPEN_PAREN) return isNamed(run, at - 2, "for") ? at : -1;
    if (before === OPEN_BRACKET) return -1;
    if (before === COLON && !isInConditional) {
      if (!isConditional(run, at - 1)) return at;
      isInConditional = true;
    }
    // Behind `if (…)` and its kin no declaration stands; `for_each_x(…) {` opens a block anyway.
    at = beforeGroup(run, at);
  }
  return -1;
}

/** Whether the colon is that of `?:` or of a bit-field; the others end labels. */
function isConditional(run: TokenRun, colon: number): boolean {
  const isLabel = kindAt(run, colon - 1) === TOKEN.word && startsStatement(run, colon - 1);
  if (isLabel) return false;
  for (let at = colon, steps = 0; at > 0 && steps < FURTHEST; steps++) {
    const kind = kindAt(run, at - 1);
    if (kind === SEMICOLON || kind === OPEN_BRACE || kind === CLOSE_BRACE) return true;
    if (isNamed(run, at - 1, "case")) return false;
    at = beforeGroup(run, at);
  }
  return true;
}

function startsStatement(run: TokenRun, at: number): boolean {
  const before = kindAt(run, at - 1);
  return at === 0 || before === SEMICOLON || before === OPEN_BRACE || before === CLOSE_BRACE;
}

/** Whether a declaration starts at the place and has a declarator's name at the other. */
function declares(run: TokenRun, start: number, name: number): boolean {
  if (start >= name || isStatementWordAt(run, start)) return false;
  // Between the last comma, or the specifiers, and the name nothing but stars, qualifiers and annotations may stand.
  let at = name;
  for (;;) {
    const before = kindAt(run, at - 1);
    if (before === STAR || isQualifier(run, at - 1)) at--;
    else break;
    if (at <= start) return false;
  }
  const before = kindAt(run, at - 1);
  const hasStar = at < name;
  if (before === COMMA) return isDeclaration(run, start);
  if (before === TOKEN.word) {
    if (isStatementWordAt(run, at - 1)) return false;
    if (!isDeclaration(run, start)) return false;
    return hasStar ? endsDeclarator(run, name + 1) : true;
  }
  // `unsigned int x`, `struct {…} x`, `typeof(y) x`, `__attribute__((…)) x`.
  if (before === KEYWORD.type || before === KEYWORD.void || before === KEYWORD.tag) return isDeclaration(run, start);
  if (before === CLOSE_BRACE || before === CLOSE_PAREN) {
    const open = run.partners[at - 1]!;
    if (open <= start) return false;
    const ahead = kindAt(run, open - 1);
    const isGroup =
      before === CLOSE_BRACE
        ? isTagBody(run, open)
        : ahead === KEYWORD.typeof || ahead === KEYWORD.attribute || isAnnotation(run, open - 1);
    return isGroup && isDeclaration(run, start);
  }
  return before >= KEYWORD.static && before <= KEYWORD.attribute && isDeclaration(run, start);
}

function isTagBody(run: TokenRun, open: number): boolean {
  return kindAt(run, open - 1) === KEYWORD.tag || kindAt(run, open - 2) === KEYWORD.tag;
}

/** `int __aligned(8) x`: a word with arguments among specifiers. */
function isAnnotation(run: TokenRun, at: number): boolean {
  const before = kindAt(run, at - 1);
  return kindAt(run, at) === TOKEN.word && (before === TOKEN.word || before >= 128);
}

function endsDeclarator(run: TokenRun, at: number): boolean {
  const kind = kindAt(run, at);
  return (
    kind === SEMICOLON ||
    kind === COMMA ||
    kind === EQUALS ||
    kind === OPEN_BRACKET ||
    kind === CLOSE_PAREN ||
    kind === TOKEN.word
  );
}

/** Whether the statement is a declaration: a keyword of one, or a type's name with a declarator behind it. */
function isDeclaration(run: TokenRun, start: number): boolean {
  const kind = kindAt(run, start);
  if (kind === KEYWORD.extern) return false;
  if (kind >= 128) return kind !== KEYWORD.asm && kind !== KEYWORD.staticAssert;
  if (kind !== TOKEN.word || isStatementWordAt(run, start)) return false;
  let at = start + 1;
  if (kindAt(run, at) === OPEN_PAREN) at = behindGroup(run, at);
  const isStarred = kindAt(run, at) === STAR;
  while (kindAt(run, at) === STAR || isQualifier(run, at)) at++;
  if (kindAt(run, at) >= 128) return true;
  return (
    kindAt(run, at) === TOKEN.word && (at > start + 1 || !isStarred) && (!isStarred || endsDeclarator(run, at + 1))
  );
}

/** The bracket that opens the innermost block around the place, or the `(` of a `for`; -1 outside of all. */
function blockAround(run: TokenRun, from: number): number {
  let at = from;
  while (at > 0) {
    const kind = kindAt(run, at - 1);
    if (kind === OPEN_BRACE || kind === OPEN_PAREN) return at - 1;
    at = beforeGroup(run, at);
  }
  return -1;
}

/**
 * Whether a parameter list, the places of its parentheses given, names a parameter so. Types alone do not count, but a
 * macro such as SYSCALL_DEFINE1(name, type, parameter) has each name as an argument of its own.
 */
export function namesParameter(
  run: TokenRun,
  open: number,
  close: number,
  name: string,
  isMacroCall: boolean,
): boolean {
  const mayBeAlone = isMacroCall || isOldStyle(run, open, close);
  for (let at = open + 1; at < close; at++) {
    if (kindAt(run, at) !== TOKEN.word || tokenWord(run, at) !== name) continue;
    // `(*name)(int)`
    if (kindAt(run, at - 1) === STAR && kindAt(run, at + 1) === CLOSE_PAREN && at + 1 < close) return true;
    const behind = kindAt(run, at + 1);
    const isLast =
      behind === COMMA ||
      at + 1 === close ||
      behind === OPEN_BRACKET ||
      behind === KEYWORD.attribute ||
      behind === TOKEN.word;
    const isAlone = kindAt(run, at - 1) === OPEN_PAREN || kindAt(run, at - 1) === COMMA;
    // A single word is a type, or the name in a list of the old style.
    if (isLast && (!isAlone || mayBeAlone)) return true;
  }
  return false;
}

function isOldStyle(run: TokenRun, open: number, close: number): boolean {
  for (let at = open + 1; at < close; at++) {
    const kind = kindAt(run, at);
    if (kind !== (((at - open) & 1) === 1 ? TOKEN.word : COMMA)) return false;
  }
  return true;
}
