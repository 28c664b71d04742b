/**
 * Calls of macros in a script that the C preprocessor has yet to see: `RO_DATA(4096)`, `ALIGN_FUNCTION()`. The arguments
 * may be anything, so they are found by their parentheses and commas alone.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { endOfStringOverLines, isPathWithStar } from "./characters.ts";
import { type Cursor, nameOf, peek, take } from "./cursor.ts";
import type { Directives } from "./directives.ts";
import type { Token } from "./lexer.ts";
import type { LdFragment, LdMacroCall, LdName } from "./tree.ts";

const LF = 10;
const QUOTE = 34;
const OPEN = 40;
const CLOSE = 41;
const STAR = 42;
const COMMA = 44;
const SLASH = 47;

/** The offset behind a string; where no quote ends it on its line, behind the quote as ld reads it, or behind the line. */
function endOfQuoted(codes: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  while (i < end && codes[i] !== QUOTE && codes[i] !== LF) i++;
  if (codes[i] !== LF) return Math.min(i + 1, end);
  const close = endOfStringOverLines(codes, at, end);
  return close ?? Math.min(i + 1, end);
}

/** The offset behind the comment or string that begins at `at`; `at` where there is none. */
function skipQuoted(codes: Uint8Array, at: number, end: number): number {
  const code = codes[at];
  let i = at + 1;
  if (code === QUOTE) return endOfQuoted(codes, at, end);
  if (code === SLASH && codes[at + 1] === STAR && !isPathWithStar(codes, at, end)) {
    i++;
    while (i < end && !(codes[i] === STAR && codes[i + 1] === SLASH)) i++;
    return Math.min(i + 2, end);
  }
  return at;
}

/** Finds the `)` of each `(`, in one pass; each macro's body is matched by itself. */
export function matchParentheses(source: Source, directives: Directives): Int32Array {
  const matches = new Int32Array(source.length);
  const { list, byStart, definitions } = directives;
  matchWithin(source, 0, source.length, matches, (at) => {
    const index = byStart.get(at);
    return index === undefined ? at : Math.max(list[index]!.end, at + 1);
  });
  for (const { body } of definitions) matchWithin(source, body.start, body.end, matches, (at) => at);
  return matches;
}

function matchWithin(
  source: Source,
  start: number,
  end: number,
  matches: Int32Array,
  skipDirective: (at: number) => number,
): void {
  const { codes } = source;
  const open: number[] = [];
  let at = start;
  while (at < end) {
    const next = codes[at] === 35 ? skipDirective(at) : skipQuoted(codes, at, end);
    if (next > at) {
      at = next;
      continue;
    }
    if (codes[at] === OPEN) open.push(at);
    else if (codes[at] === CLOSE) {
      const opener = open.pop();
      if (opener !== undefined) matches[opener] = at;
    }
    at++;
  }
}

/** The spans between the parentheses at `open` and their commas, blanks left out. */
function argumentSpans(cursor: Cursor, open: number, close: number): Span[] {
  const { codes } = cursor.source;
  const spans: Span[] = [];
  let start = open + 1;
  let depth = 0;
  let at = start;
  while (at < close) {
    const next = skipQuoted(codes, at, close);
    if (next > at) {
      at = next;
      continue;
    }
    const code = codes[at];
    if (code === OPEN) depth++;
    else if (code === CLOSE) depth--;
    else if (code === COMMA && depth === 0) {
      spans.push(trim(codes, start, at));
      start = at + 1;
    }
    at++;
  }
  spans.push(trim(codes, start, close));
  return spans;
}

function trim(codes: Uint8Array, start: number, end: number): Span {
  let from = start;
  let to = end;
  while (from < to && codes[from]! <= 32) from++;
  while (to > from && codes[to - 1]! <= 32) to--;
  return { start: from, end: to };
}

/** Where the parenthesis that opens at `open` closes; undefined where it does not, within what the cursor reads. */
export function closingParenthesis(cursor: Cursor, open: number): number | undefined {
  const close = cursor.matches?.[open];
  return close === undefined || close === 0 || close >= cursor.end ? undefined : close;
}

/**
 * Takes the arguments of a macro, where the next token is their parenthesis. Gives undefined, and takes nothing, where
 * the parenthesis is not closed.
 */
export function takeArguments(cursor: Cursor): LdFragment[] | undefined {
  const open = peek(cursor);
  const close = closingParenthesis(cursor, open.start);
  if (open.type !== "(" || close === undefined) return undefined;
  const spans = argumentSpans(cursor, open.start, close);
  const fragments = spans.map((span) => cursor.readFragment(cursor, span.start, span.end));
  cursor.recorder?.tokens.push({ type: "arguments", start: open.start, end: close + 1 });
  cursor.token = undefined;
  cursor.offset = close + 1;
  cursor.lastEnd = close + 1;
  cursor.sawMacro = true;
  cursor.atBoundary = false;
  return fragments;
}

/** A macro's name was taken: its arguments, where it has any, and the call. */
export function finishMacroCall(cursor: Cursor, name: Token): LdMacroCall {
  cursor.sawMacro = true;
  const fragments = peek(cursor).type === "(" ? takeArguments(cursor) : undefined;
  return {
    kind: "macro-call",
    name: nameOf(name),
    arguments: fragments,
    trailer: undefined,
    start: name.start,
    end: cursor.lastEnd,
  };
}

/** Takes a name, which in an unpreprocessed script may be a macro call: `ENTRY(C_SYMBOL(start))`. */
export function takeName(cursor: Cursor): LdName {
  const token = take(cursor);
  const name = nameOf(token);
  if (!cursor.preprocessed || token.quoted || peek(cursor).type !== "(") return name;
  if (takeArguments(cursor) === undefined) return name;
  return { ...name, text: cursor.source.slice(token.start, cursor.lastEnd), pasted: true, end: cursor.lastEnd };
}
