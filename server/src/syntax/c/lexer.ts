/**
 * A pull lexer for raw, unpreprocessed C over one byte for each UTF-16 unit. A token is a kind and two offsets, left in the
 * lexer itself: no object and no string is made for it. It stops before a directive and leaves that line to its caller.
 */

import type { Source } from "../../text/source.ts";
import {
  isDirectiveAt,
  skipBlockComment,
  skipLineComment,
  skipLiteral,
  skipSplice,
  skipToLineEnd,
  skipWord,
} from "./bytes.ts";
import { APOSTROPHE, BACKSLASH, DOT, HASH, IS_BLANK, IS_WORD, isDigit, LF, QUOTE, SLASH, STAR } from "./codes.ts";
import { keywordAt } from "./keywords.ts";

/** Kinds of tokens. Punctuation has its own code (33 to 126) as kind, keywords those of {@link KEYWORD}. */
export const TOKEN = {
  end: 0,
  /** An identifier that is no keyword. */
  word: 1,
  number: 2,
  string: 3,
  character: 4,
  /** The `#` of a directive: the lexer stands before it. */
  directive: 5,
  /** `=` with the initializer behind it, in lists of tokens. */
  initializer: 6,
  /** #if, #else or #elif, and #endif within a declaration, in lists of tokens. */
  branchOpen: 7,
  branchNext: 8,
  branchClose: 9,
} as const;

export interface Lexer {
  readonly codes: Uint8Array;
  /** Where to stop, at most the number of codes. */
  readonly end: number;
  /** In a macro's replacement `#` is an operator, and `a ## b` is one word. */
  readonly isMacroBody: boolean;
  /** Directive lines are stepped over instead of being reported. */
  readonly skipsDirectives: boolean;
  /** Where the next token is looked for. */
  offset: number;
  /** The current token: its kind and its span. */
  kind: number;
  start: number;
  stop: number;
  /** A line feed stands between the current token and the one before. */
  startsLine: boolean;
  /** A directive was stepped over. */
  sawDirective: boolean;
}

/** A lexer over [start, end) of a source. */
export function openLexer(
  source: Pick<Source, "codes" | "length">,
  start: number,
  end: number,
  mode: "file" | "part" | "macro",
): Lexer {
  return {
    codes: source.codes,
    end: Math.min(end, source.length),
    isMacroBody: mode === "macro",
    skipsDirectives: mode === "part",
    offset: start,
    kind: TOKEN.end,
    start,
    stop: start,
    startsLine: true,
    sawDirective: false,
  };
}

/** Reads the next token into the lexer and gives its kind. */
export function nextToken(lexer: Lexer): number {
  const { codes, end } = lexer;
  let i = lexer.offset;
  let startsLine = i === 0;
  while (i < end) {
    const code = codes[i]!;
    if (IS_BLANK[code] === 1) {
      i++;
      continue;
    }
    if (code === LF) {
      startsLine = true;
      i++;
      continue;
    }
    if (IS_WORD[code] === 1) {
      lexer.startsLine = startsLine;
      return isDigit(code) ? readNumber(lexer, i) : readWord(lexer, i);
    }
    if (code === SLASH) {
      if (codes[i + 1] === STAR) {
        i = skipBlockComment(codes, i, end);
        continue;
      }
      if (codes[i + 1] === SLASH) {
        i = skipLineComment(codes, i, end);
        continue;
      }
    } else if (code === BACKSLASH) {
      const next = skipSplice(codes, i, end);
      if (next > i) {
        i = next;
        continue;
      }
    } else if (code === HASH && !lexer.isMacroBody && (startsLine || isDirectiveAt(codes, i))) {
      if (lexer.skipsDirectives) {
        lexer.sawDirective = true;
        i = skipToLineEnd(codes, i, end);
        continue;
      }
      lexer.startsLine = true;
      return put(lexer, TOKEN.directive, i, i);
    }
    lexer.startsLine = startsLine;
    if (code === QUOTE) return put(lexer, TOKEN.string, i, skipLiteral(codes, i, end));
    if (code === APOSTROPHE) return put(lexer, TOKEN.character, i, skipLiteral(codes, i, end));
    if (code === DOT && i + 1 < end && isDigit(codes[i + 1]!)) return readNumber(lexer, i);
    // Control codes and the like count as punctuation of their own code, so that no kind of another sort is forged.
    return put(lexer, code > SPACE_CODE && code < DELETE_CODE ? code : STRAY, i, i + 1);
  }
  lexer.startsLine = startsLine;
  return put(lexer, TOKEN.end, end, end);
}

const SPACE_CODE = 32;
const DELETE_CODE = 127;
/** The kind of codes that C has no use for. */
const STRAY = 127;

function put(lexer: Lexer, kind: number, start: number, stop: number): number {
  lexer.kind = kind;
  lexer.start = start;
  lexer.stop = stop;
  lexer.offset = stop;
  return kind;
}

function readWord(lexer: Lexer, start: number): number {
  const { codes, end } = lexer;
  let stop = start + 1;
  while (stop < end && IS_WORD[codes[stop]!] === 1) stop++;
  const isSpliced = stop < end && codes[stop] === BACKSLASH;
  if (isSpliced) stop = skipWord(codes, stop, end);
  if (lexer.isMacroBody) {
    const pasted = skipPasted(codes, stop, end);
    if (pasted > stop) return put(lexer, TOKEN.word, start, pasted);
  }
  const next = stop < end ? codes[stop]! : 0;
  if ((next === QUOTE || next === APOSTROPHE) && stop - start <= 2 && isEncodingPrefix(codes, start, stop)) {
    stop = skipLiteral(codes, stop, end);
    return put(lexer, next === QUOTE ? TOKEN.string : TOKEN.character, start, stop);
  }
  const keyword = isSpliced ? keywordInSplices(codes, start, stop) : keywordAt(codes, start, stop);
  return put(lexer, keyword === 0 ? TOKEN.word : keyword, start, stop);
}

/** The kind of keyword that a word with splices in it makes, or 0. */
function keywordInSplices(codes: Uint8Array, start: number, stop: number): number {
  const plain = codes.subarray(start, stop).filter((code) => IS_WORD[code] === 1);
  return keywordAt(plain, 0, plain.length);
}

/** `L`, `u`, `U` and `u8` before a literal (C11 6.4.5). */
function isEncodingPrefix(codes: Uint8Array, start: number, stop: number): boolean {
  const first = codes[start];
  if (stop - start === 2) return first === 117 && codes[start + 1] === 56;
  return first === 76 || first === 117 || first === 85;
}

/** Over `## word` as often as it stands there, or the same offset. */
function skipPasted(codes: Uint8Array, at: number, end: number): number {
  let behind = at;
  for (;;) {
    let i = skipInner(codes, behind, end);
    if (codes[i] !== HASH || codes[i + 1] !== HASH || i + 1 >= end) return behind;
    i = skipInner(codes, i + 2, end);
    if (i >= end || IS_WORD[codes[i]!] !== 1) return behind;
    behind = skipWord(codes, i, end);
  }
}

/** Over blanks and splices. */
function skipInner(codes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end) {
    if (IS_BLANK[codes[i]!] === 1) i++;
    else if (codes[i] === BACKSLASH) {
      const next = skipSplice(codes, i, end);
      if (next === i) return i;
      i = next;
    } else return i;
  }
  return i;
}

/** A preprocessing number (C11 6.4.8), with C23's separators. */
function readNumber(lexer: Lexer, start: number): number {
  const { codes, end } = lexer;
  let i = start;
  while (i < end) {
    const code = codes[i]!;
    if (IS_WORD[code] === 1 || code === DOT) i++;
    else if (code === APOSTROPHE && i + 1 < end && IS_WORD[codes[i + 1]!] === 1) i++;
    else if ((code === 43 || code === 45) && isExponent(codes[i - 1]!)) i++;
    else break;
  }
  return put(lexer, TOKEN.number, start, i);
}

/** e, E, p, P: letters that a sign may follow in a number. */
function isExponent(code: number): boolean {
  return code === 101 || code === 69 || code === 112 || code === 80;
}

/** A word's text, splices taken out, and `a ## b` written without blanks. */
export function wordText(source: Source, start: number, stop: number): string {
  const { codes } = source;
  for (let i = start; i < stop; i++) {
    if (IS_WORD[codes[i]!] !== 1) return source.slice(start, stop).replace(/\\[ \t\r\f\v]*\n|\s+/g, "");
  }
  return source.slice(start, stop);
}
