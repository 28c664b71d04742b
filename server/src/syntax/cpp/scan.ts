/**
 * The scanner: one preprocessing token (C11 6.4, with GNU C's extensions) at a place of a source. It knows no lines, no
 * directives and no comments; lex.ts steps over white space and comments before it asks.
 *
 * A backslash before a newline, white space between them allowed as GNU cpp allows it, joins two lines (C11 5.1.1.2 phase 2).
 * Such splices inside a token are rare, so the scanner runs over the codes as they are and starts again on a copy
 * without splices when a token touches one.
 */

import { NON_ASCII, type Source } from "../../text/source.ts";
import { CR, LF } from "../c/codes.ts";
import { foldHash, internHashed, internSpan, type Punctuator, punctuatorNumber, type Spellings } from "./spellings.ts";
import { CHARACTER, HEADER_NAME, IDENTIFIER, NUMBER, OTHER, PUNCTUATOR, STRING } from "./tokens.ts";

/** C, or assembly and linker scripts (`-x assembler-with-cpp`), where `$` is no letter, and raw strings and digraphs are not known. */
export type Mode = "c" | "assembler";

/** A source under the scanner, and what {@link scanToken} found there last. */
export interface Scanner {
  readonly source: Source;
  readonly codes: Uint8Array;
  readonly length: number;
  readonly mode: Mode;
  readonly spellings: Spellings;
  /** The number of the last token's spelling. */
  spelling: number;
  /** The end of the last token, in UTF-16 units. */
  end: number;
}

const BACKSLASH = 92;
const SLASH = 47;
const DOT = 46;

const LETTER = 1;
const DIGIT = 2;
const QUOTE = 3;
const OPERATOR = 4;

/** What each code can begin. `$` is decided by the mode. */
const CLASSES = new Uint8Array(256);
/** 1 for each code that may stand in an identifier or number, `$` left out. */
const WORD = new Uint8Array(256);
for (let code = 0; code < 256; code++) {
  const text = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(text) || code === NON_ASCII) CLASSES[code] = LETTER;
  else if (/[0-9]/.test(text)) CLASSES[code] = DIGIT;
  else if (text === '"' || text === "'") CLASSES[code] = QUOTE;
  else if ("()[]{},;?~.#:-+=!<>*/%&|^".includes(text)) CLASSES[code] = OPERATOR;
  WORD[code] = CLASSES[code] === LETTER || CLASSES[code] === DIGIT ? 1 : 0;
}
const DOLLAR = 36;

/** The punctuator numbers by text, and by first code the longer spellings, longest first. */
const LONGER: (readonly [text: string, number: number][])[] = [];
const SINGLE = new Int32Array(128);
/** Digraphs, which assembly does not have. */
const DIGRAPHS = new Set((["<:", ":>", "<%", "%>", "%:", "%:%:"] satisfies Punctuator[]).map(punctuatorNumber));
/** 1 for a code that may continue a punctuator, so that a splice behind the first code matters. */
const CONTINUES = new Uint8Array(256);
for (const text of [
  "<<=",
  ">>=",
  "...",
  "%:%:",
  "##",
  "%:",
  "<:",
  ":>",
  "<%",
  "%>",
  "->",
  "++",
  "--",
  "==",
  "!=",
  "<=",
  ">=",
  "&&",
  "||",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "&=",
  "|=",
  "^=",
  ">>",
  "<<",
] satisfies Punctuator[]) {
  const first = text.charCodeAt(0);
  const list = (LONGER[first] ?? []) as [string, number][];
  list.push([text, punctuatorNumber(text)]);
  list.sort((a, b) => b[0].length - a[0].length);
  LONGER[first] = list;
  CONTINUES[first] = 1;
}
for (const text of "()[]{},;?~.#:-+=!<>*/%&|^") SINGLE[text.charCodeAt(0)] = punctuatorNumber(text as Punctuator);

export function createScanner(source: Source, mode: Mode, spellings: Spellings): Scanner {
  return { source, codes: source.codes, length: source.length, mode, spellings, spelling: 0, end: 0 };
}

/** The offset behind a splice (backslash, white space, newline) at `offset`, or -1 where none stands. */
export function offsetBehindSplice(codes: Uint8Array, length: number, offset: number): number {
  if (codes[offset] !== BACKSLASH) return -1;
  let i = offset + 1;
  while (i < length && isBlank(codes[i]!)) i++;
  if (i < length && codes[i] === LF) return i + 1;
  if (i + 1 < length && codes[i] === CR && codes[i + 1] === LF) return i + 2;
  return -1;
}

/** White space within a line, NUL included as GNU cpp has it. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 11 || code === 12 || code === 0;
}

/** The offset of the first unit at or behind `offset` that is no splice. */
export function skipSplices(codes: Uint8Array, length: number, offset: number): number {
  let at = offset;
  for (;;) {
    const behind = offsetBehindSplice(codes, length, at);
    if (behind < 0) return at;
    at = behind;
  }
}

/**
 * Scans the token that starts at `start`, where neither white space nor a comment nor a newline stands, and gives its
 * kind; the spelling and the end are left in the scanner.
 */
export function scanToken(scanner: Scanner, start: number): number {
  const { codes, length } = scanner;
  const kind = scanWithoutSplices(scanner, start);
  const { end } = scanner;
  if (end < length && codes[end] === BACKSLASH && needsSpliceCheck(codes, end, kind)) {
    if (offsetBehindSplice(codes, length, end) >= 0) return scanSpliced(scanner, start, false);
  }
  return kind;
}

/** Scans a `<…>` or `"…"` behind #include, where backslashes escape nothing; 0 where the line ends before it does. */
export function scanHeaderName(scanner: Scanner, start: number): number {
  const { codes, length } = scanner;
  const close = codes[start] === 60 ? 62 : codes[start]!;
  let i = start + 1;
  while (i < length && codes[i] !== close) {
    if (codes[i] === LF || (codes[i] === CR && codes[i + 1] === LF)) return 0;
    if (codes[i] === BACKSLASH && offsetBehindSplice(codes, length, i) >= 0) return scanSpliced(scanner, start, true);
    i++;
  }
  if (i >= length) return 0;
  scanner.end = i + 1;
  scanner.spelling = internSpan(scanner.spellings, scanner.source, start, i + 1);
  return close === 62 ? HEADER_NAME : STRING;
}

/** Whether the token could go on behind a splice: literals have their closing quote, and most punctuators are whole. */
function needsSpliceCheck(codes: Uint8Array, end: number, kind: number): boolean {
  return kind === IDENTIFIER || kind === NUMBER || (kind === PUNCTUATOR && CONTINUES[codes[end - 1]!] === 1);
}

/** Scans a token that a splice cuts: its line is copied without splices, in growing pieces, and scanned there. */
function scanSpliced(scanner: Scanner, start: number, headerName: boolean): number {
  const { codes, length, source } = scanner;
  for (let limit = 64; ; limit *= 8) {
    const places: number[] = [];
    let text = "";
    let at = start;
    while (at < length && places.length < limit) {
      const behind = offsetBehindSplice(codes, length, at);
      if (behind >= 0) {
        at = behind;
        continue;
      }
      if (codes[at] === LF || (codes[at] === CR && codes[at + 1] === LF)) break;
      text += source.slice(at, at + 1);
      places.push(at);
      at++;
    }
    const isWhole = places.length < limit;
    const cleaned = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) cleaned[i] = codes[places[i]!]!;
    const copy: Source = { codes: cleaned, length: text.length, slice: (from, to) => text.slice(from, to) };
    const inner = createScanner(copy, scanner.mode, scanner.spellings);
    const kind = headerName ? scanHeaderName(inner, 0) : scanWithoutSplices(inner, 0);
    if (!isWhole && (kind === 0 || inner.end >= text.length)) continue;
    if (kind === 0) return 0;
    scanner.spelling = inner.spelling;
    scanner.end = inner.end === 0 ? start + 1 : places[inner.end - 1]! + 1;
    return kind;
  }
}

function scanWithoutSplices(scanner: Scanner, start: number): number {
  const { codes } = scanner;
  const first = codes[start]!;
  switch (CLASSES[first]) {
    case LETTER:
      return scanIdentifier(scanner, start);
    case DIGIT:
      return scanNumber(scanner, start);
    case QUOTE:
      return scanLiteral(scanner, start, start);
    case OPERATOR: {
      const next = codes[start + 1];
      if (first === DOT && next !== undefined && next >= 48 && next <= 57) return scanNumber(scanner, start);
      return scanPunctuator(scanner, start, first);
    }
    default:
      if (first === DOLLAR && scanner.mode === "c") return scanIdentifier(scanner, start);
      if (first === BACKSLASH && universalNameEnd(codes, start) > 0) return scanIdentifier(scanner, start);
      scanner.end = start + 1;
      scanner.spelling = internSpan(scanner.spellings, scanner.source, start, start + 1);
      return OTHER;
  }
}

/** identifier: letter or universal character name, then letters and digits. A prefix of a literal begins the literal. */
function scanIdentifier(scanner: Scanner, start: number): number {
  const { codes, length } = scanner;
  let hash = 0;
  let i = start;
  let hasBeyondAscii = false;
  for (;;) {
    const code = i < length ? codes[i]! : 0;
    if (WORD[code] === 1) {
      if (code === NON_ASCII) hasBeyondAscii = true;
      hash = foldHash(hash, code);
      i++;
      continue;
    }
    if (code === DOLLAR && scanner.mode === "c") {
      hash = foldHash(hash, code);
      i++;
      continue;
    }
    if (code === BACKSLASH) {
      const end = universalNameEnd(codes, i);
      if (end > 0) {
        for (; i < end; i++) hash = foldHash(hash, codes[i]!);
        continue;
      }
    }
    break;
  }
  if ((codes[i] === 34 || codes[i] === 39) && i - start <= 3 && i < length) {
    const prefix = scanner.source.slice(start, i);
    if (scanner.mode === "c") {
      if (/^(?:L|u8?|U)$/.test(prefix)) return scanLiteral(scanner, start, i);
      if (codes[i] === 34 && /^(?:L|u8?|U)?R$/.test(prefix)) {
        const kind = scanRawString(scanner, start, i);
        if (kind !== 0) return kind;
      }
    } else if (prefix === "L") return scanLiteral(scanner, start, i);
  }
  scanner.end = i;
  scanner.spelling = hasBeyondAscii
    ? internSpan(scanner.spellings, scanner.source, start, i)
    : internHashed(scanner.spellings, codes, start, i, hash);
  return IDENTIFIER;
}

/** The end of `\uXXXX` or `\UXXXXXXXX`, or 0. */
function universalNameEnd(codes: Uint8Array, start: number): number {
  const letter = codes[start + 1];
  const digits = letter === 117 ? 4 : letter === 85 ? 8 : 0;
  if (digits === 0) return 0;
  for (let i = start + 2; i < start + 2 + digits; i++) {
    const code = codes[i];
    if (code === undefined || !/[0-9A-Fa-f]/.test(String.fromCharCode(code))) return 0;
  }
  return start + 2 + digits;
}

/** pp-number (C11 6.4.8): digits, letters, dots, and a sign behind e, E, p or P. */
function scanNumber(scanner: Scanner, start: number): number {
  const { codes, length } = scanner;
  let i = start + 1;
  while (i < length) {
    const code = codes[i]!;
    if (WORD[code] === 1 || code === DOT) i++;
    else if (code === DOLLAR && scanner.mode === "c") i++;
    else if (code === 43 || code === 45) {
      const before = codes[i - 1]! | 32;
      if (before !== 101 && before !== 112) break;
      i++;
    } else break;
  }
  scanner.end = i;
  scanner.spelling = internSpan(scanner.spellings, scanner.source, start, i);
  return NUMBER;
}

/** A character constant or string literal whose quote stands at `quote`; unterminated, it is "other" up to its line's end. */
function scanLiteral(scanner: Scanner, start: number, quote: number): number {
  const { codes, length } = scanner;
  const close = codes[quote]!;
  let kind = close === 34 ? STRING : CHARACTER;
  let i = quote + 1;
  for (; ; i++) {
    if (i >= length || codes[i] === LF || (codes[i] === CR && codes[i + 1] === LF)) {
      kind = OTHER;
      break;
    }
    const code = codes[i]!;
    if (code === close) {
      i++;
      break;
    }
    if (code !== BACKSLASH) continue;
    if (offsetBehindSplice(codes, length, i) >= 0) return scanSpliced(scanner, start, false);
    const next = codes[i + 1];
    if (next === undefined || next === LF || (next === CR && codes[i + 2] === LF)) continue;
    // The escaped unit is passed over, and where a splice parts it from its backslash the copy without splices is read.
    if (next === BACKSLASH && offsetBehindSplice(codes, length, i + 1) >= 0) return scanSpliced(scanner, start, false);
    i++;
  }
  scanner.end = i;
  scanner.spelling = internSpan(scanner.spellings, scanner.source, start, i);
  return kind;
}

/** R"delimiter(…)delimiter": nothing inside is special, newlines and backslashes included. 0 where it is not one. */
function scanRawString(scanner: Scanner, start: number, quote: number): number {
  const { codes, length, source } = scanner;
  let open = quote + 1;
  while (open < length && open - quote <= 17 && codes[open] !== 40) {
    const code = codes[open]!;
    if (code === 41 || code === BACKSLASH || code === 34 || code === LF || isBlank(code)) return 0;
    open++;
  }
  if (codes[open] !== 40 || open >= length) return 0;
  const close = `)${source.slice(quote + 1, open)}"`;
  for (let i = open + 1; i + close.length <= length; i++) {
    if (codes[i] !== 41 || source.slice(i, i + close.length) !== close) continue;
    scanner.end = i + close.length;
    scanner.spelling = internSpan(scanner.spellings, source, start, scanner.end);
    return STRING;
  }
  return 0;
}

function scanPunctuator(scanner: Scanner, start: number, first: number): number {
  const { codes, length } = scanner;
  const longer = LONGER[first];
  if (longer !== undefined) {
    for (const [text, number] of longer) {
      const end = start + text.length;
      if (end > length || (scanner.mode === "assembler" && DIGRAPHS.has(number))) continue;
      let i = 1;
      while (i < text.length && codes[start + i] === text.charCodeAt(i)) i++;
      if (i < text.length) continue;
      scanner.end = end;
      scanner.spelling = number;
      return PUNCTUATOR;
    }
  }
  scanner.end = start + 1;
  scanner.spelling = SINGLE[first]!;
  return PUNCTUATOR;
}

/** True where `//` or `/*` begins, splices between the two units included. */
export function commentKind(codes: Uint8Array, length: number, offset: number): "line" | "block" | undefined {
  if (codes[offset] !== SLASH) return undefined;
  let next = offset + 1;
  if (codes[next] === BACKSLASH) next = skipSplices(codes, length, next);
  if (next >= length) return undefined;
  return codes[next] === SLASH ? "line" : codes[next] === 42 ? "block" : undefined;
}
