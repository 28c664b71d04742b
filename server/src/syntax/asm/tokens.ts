/**
 * The tokens of assembly statements and of macro bodies. It knows no statements and no macros.
 *
 *     token  := word | string | punctuation | newline
 *     word   := [A-Za-z0-9_.$?@%]+ and letters beyond ASCII; `@`, `%` and `$` only within or where a letter follows
 *     string := `"` … `"`
 *     parameter := `\` word | `\@` | `\()`
 */

import type { Source } from "../../text/source.ts";
import type { AsmDialect } from "./dialect.ts";
import type { AsmToken } from "./tree.ts";

const LF = 10;
const CR = 13;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const AT = 64;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;

/** 1: may begin and continue a word; 2: a blank. */
const CLASS = new Uint8Array(256);
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$?")
  CLASS[letter.charCodeAt(0)] = 1;
for (let code = 128; code < 256; code++) CLASS[code] = 1;
for (const blank of " \t\v\f\r") CLASS[blank.charCodeAt(0)] = 2;

export function isWordCode(code: number | undefined): boolean {
  return code !== undefined && CLASS[code] === 1;
}

export function isBlankCode(code: number | undefined): boolean {
  return code !== undefined && CLASS[code] === 2;
}

/** Where the word ends that begins at the offset. */
export function endOfWord(codes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && CLASS[codes[i]!] === 1) i++;
  return i;
}

/** Where the string ends that begins at the quote: behind the closing quote, or at the line's end. */
export function endOfString(codes: Uint8Array, start: number, end: number): number {
  let i = start + 1;
  while (i < end) {
    const code = codes[i]!;
    if (code === BACKSLASH) i += 2;
    else if (code === QUOTE) return i + 1;
    else if (code === LF) return i;
    else i++;
  }
  return end;
}

/** Where the character constant ends (`'a`, `'a'`, `'\\n`) that begins at the offset. */
export function endOfCharacter(codes: Uint8Array, start: number): number {
  let i = start + 1;
  if (codes[i] === undefined || codes[i] === LF) return i;
  if (codes[i] === BACKSLASH && codes[i + 1] !== LF) i++;
  i++;
  return codes[i] === APOSTROPHE ? i + 1 : i;
}

/** Where the slash-star comment ends that begins at the offset; an open one ends with the text. */
export function endOfComment(codes: Uint8Array, start: number, end: number): number {
  for (let i = codes.indexOf(SLASH, start + 3); i >= 0 && i < end; i = codes.indexOf(SLASH, i + 1)) {
    if (codes[i - 1] === STAR) return i + 1;
  }
  return end;
}

/** Where the line ends (at its newline), comments of the slash-star kind and continued lines not looked at. */
export function endOfLine(codes: Uint8Array, start: number, end: number): number {
  const found = codes.indexOf(LF, start);
  return found < 0 || found > end ? end : found;
}

/** The length of a `\` newline at the offset, or 0. */
export function continuationLength(codes: Uint8Array, at: number): number {
  if (codes[at] !== BACKSLASH) return 0;
  if (codes[at + 1] === LF) return 2;
  return codes[at + 1] === CR && codes[at + 2] === LF ? 3 : 0;
}

/** True where a comment to the line's end begins: by the dialect, or `//`, or a `#` between blanks; an `@` where all is unknown. */
export function beginsLineComment(codes: Uint8Array, at: number, dialect: AsmDialect): boolean {
  const code = codes[at]!;
  if (code === SLASH) return codes[at + 1] === SLASH;
  if (
    (code === HASH || (code === AT && dialect.lineComments === "")) &&
    isBlankCode(codes[at - 1]) &&
    (isBlankCode(codes[at + 1]) || codes[at + 1] === LF)
  )
    return true;
  return dialect.lineComments.length > 0 && dialect.lineComments.charCodeAt(0) === code;
}

/**
 * The tokens of [start, end). A newline is a token, "\n". With `dialect` undefined the text is a #define's body, in which
 * `#` and `##` are operators and no character but `//` begins a comment.
 */
export function tokenize(source: Source, start: number, end: number, dialect: AsmDialect | undefined): AsmToken[] {
  const { codes } = source;
  const tokens: AsmToken[] = [];
  let spaced = true;
  let i = start;
  while (i < end) {
    const code = codes[i]!;
    const skipped = continuationLength(codes, i);
    if (skipped > 0) {
      i += skipped;
      spaced = true;
    } else if (CLASS[code] === 2) {
      i++;
      spaced = true;
    } else if (code === SLASH && codes[i + 1] === STAR) {
      i = endOfComment(codes, i, end);
      spaced = true;
    } else if (
      dialect === undefined ? code === SLASH && codes[i + 1] === SLASH : beginsLineComment(codes, i, dialect)
    ) {
      i = endOfLine(codes, i, end);
    } else {
      const from = i;
      if (CLASS[code] === 1) i = endOfWord(codes, i, end);
      else if (code === QUOTE) i = Math.min(end, endOfString(codes, i, end));
      else if (code === BACKSLASH) i = endOfParameter(codes, i, end);
      else if (code === APOSTROPHE) i = Math.min(end, endOfCharacter(codes, i));
      else if (code === HASH && codes[i + 1] === HASH) i += 2;
      else i++;
      tokens.push({ text: source.slice(from, i), start: from, end: i, spaced });
      spaced = code === LF;
    }
  }
  return tokens;
}

/** `\name`, `\@`, `\()`, or a lone backslash. */
function endOfParameter(codes: Uint8Array, start: number, end: number): number {
  const next = codes[start + 1];
  if (next === 0x40) return start + 2;
  if (next === 0x28 && codes[start + 2] === 0x29) return start + 3;
  let i = start + 1;
  // A parameter's name holds no dot: `\name.x` is the parameter `name` and `.x`.
  while (i < end && CLASS[codes[i]!] === 1 && codes[i] !== 0x2e) i++;
  return i;
}

/** True for a token that can be a symbol's name or a part of it. */
export function isName(token: AsmToken | undefined): token is AsmToken {
  if (token === undefined) return false;
  const code = token.text.charCodeAt(0);
  return (code >= 0x80 || CLASS[code] === 1) && !(code >= 0x30 && code <= 0x39);
}
