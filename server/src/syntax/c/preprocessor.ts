/**
 * Reads directive lines: keeps the #if branches up to date, steps over branches that no C compilation takes, and collects
 * #include, #pragma weak and those #define lines whose replacement may speak of linkage. It expands nothing.
 */

import type { Source } from "../../text/source.ts";
import {
  isDirectiveAt,
  quoteBit,
  skipBlanks,
  skipBlockComment,
  skipClosedLiteral,
  skipLineComment,
  skipSplice,
  skipToLineEnd,
  skipWord,
} from "./bytes.ts";
import {
  APOSTROPHE,
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COMMA,
  EQUALS,
  HASH,
  IS_BLANK,
  IS_WORD,
  isDigit,
  isWordStart,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUOTE,
  SEMICOLON,
  SLASH,
  STAR,
  tableOf,
} from "./codes.ts";
import {
  type Conditions,
  conditionText,
  isDead,
  nextBranch,
  openConditions,
  popCondition,
  pushCondition,
} from "./conditions.ts";
import { isStatementWord, isWordAt } from "./keywords.ts";
import { wordText } from "./lexer.ts";
import type { CDefine, CInclude, CWeakPragma } from "./tree.ts";

/** What a directive does to the text around it. */
export const DIRECTIVE = { other: 0, open: 1, next: 2, close: 3, include: 4, define: 5 } as const;

/** A #define before its replacement was read. */
export type RawDefine = Omit<CDefine, "attributes" | "words" | "isAnnotation">;

export interface Preprocessor {
  readonly source: Source;
  readonly conditions: Conditions;
  readonly includes: CInclude[];
  readonly defines: RawDefine[];
  /** #defines with parameters whose replacement reads like declarations or calls: what may make symbols. */
  readonly makers: RawDefine[];
  readonly weakPragmas: CWeakPragma[];
  /** Macros that stand for nothing, or for an initializer with its `=`: where a declaration has them, they name nothing. */
  readonly blanks: string[];
  /** Whether a first #ifndef may be the include guard of the whole file. */
  readonly allowsGuard: boolean;
  /** The name that the first #ifndef of the file asks for, until the next directive shows whether it is a guard; or "". */
  guardName: string;
  /** Nothing but comments stood before the next directive. */
  isAtStart: boolean;
  /** Where the include guard's #endif ended, or -1. Anything behind it proves that it was no guard of the whole file. */
  guardEnd: number;
  /** What {@link readDirective} read last; see {@link DIRECTIVE}. */
  directive: number;
}

export function openPreprocessor(source: Source, allowsGuard: boolean): Preprocessor {
  return {
    source,
    conditions: openConditions(source),
    includes: [],
    defines: [],
    makers: [],
    weakPragmas: [],
    blanks: [],
    allowsGuard,
    guardName: "",
    isAtStart: true,
    guardEnd: -1,
    directive: DIRECTIVE.other,
  };
}

/** Reads the directive whose `#` stands at the offset and gives the offset behind it: of the line feed, or of the end. */
export function readDirective(preprocessor: Preprocessor, at: number): number {
  const { source } = preprocessor;
  const { codes, length } = source;
  const start = skipBlanks(codes, at + 1, length);
  const stop = skipWord(codes, start, length);
  const wasAtStart = preprocessor.isAtStart;
  preprocessor.isAtStart = false;
  preprocessor.directive = DIRECTIVE.other;
  if (preprocessor.guardName !== "") checkGuard(preprocessor, start, stop);
  switch (codes[start]) {
    case 100: // d
      if (isWordAt(codes, start, stop, "define")) return readDefine(preprocessor, stop);
      break;
    case 101: // e
      if (isWordAt(codes, start, stop, "endif")) return readEndif(preprocessor, stop);
      if (isWordAt(codes, start, stop, "else")) return readBranch(preprocessor, "else", stop);
      if (isWordAt(codes, start, stop, "elif")) return readBranch(preprocessor, "if", stop);
      if (isWordAt(codes, start, stop, "elifdef")) return readBranch(preprocessor, "ifdef", stop);
      if (isWordAt(codes, start, stop, "elifndef")) return readBranch(preprocessor, "ifndef", stop);
      break;
    case 105: // i
      if (isWordAt(codes, start, stop, "include") || isWordAt(codes, start, stop, "include_next")) {
        return readInclude(preprocessor, stop);
      }
      if (isWordAt(codes, start, stop, "if")) return readIf(preprocessor, "if", stop, wasAtStart);
      if (isWordAt(codes, start, stop, "ifdef")) return readIf(preprocessor, "ifdef", stop, false);
      if (isWordAt(codes, start, stop, "ifndef")) return readIf(preprocessor, "ifndef", stop, wasAtStart);
      break;
    case 112: // p
      if (isWordAt(codes, start, stop, "pragma")) {
        // `#pragma once` may stand before or beside a guard.
        preprocessor.isAtStart = wasAtStart;
        return readPragma(preprocessor, stop);
      }
      break;
  }
  return skipToLineEnd(codes, stop, length);
}

/** A file's first #ifndef is its guard if the next directive defines the same name (C practice; cpp's own optimisation too). */
function checkGuard(preprocessor: Preprocessor, start: number, stop: number): void {
  const { source } = preprocessor;
  const { codes, length } = source;
  const name = preprocessor.guardName;
  preprocessor.guardName = "";
  if (!isWordAt(codes, start, stop, "define")) return;
  const from = skipBlanks(codes, stop, length);
  if (source.slice(from, skipWord(codes, from, length)) !== name) return;
  const innermost = preprocessor.conditions.open.at(-1);
  if (innermost === undefined || preprocessor.conditions.open.length !== 1) return;
  innermost.isGuard = true;
  preprocessor.conditions.isTextKnown = false;
}

function readIf(preprocessor: Preprocessor, test: "if" | "ifdef" | "ifndef", at: number, mayGuard: boolean): number {
  const { source, conditions } = preprocessor;
  const end = skipToLineEnd(source.codes, at, source.length);
  const opened = pushCondition(conditions, test, at, end);
  preprocessor.directive = DIRECTIVE.open;
  if (mayGuard && preprocessor.allowsGuard) preprocessor.guardName = guardNameOf(source, test, at, end);
  return isDead(opened) ? skipDeadBranch(preprocessor, end) : end;
}

/** The X of `#ifndef X`, `#if !defined(X)` and `#if !defined(X) || defined(Y)`, as trace headers have it. */
function guardNameOf(source: Source, test: "if" | "ifdef" | "ifndef", start: number, end: number): string {
  if (end - start > 200) return "";
  const text = source.slice(start, end).trim();
  const match = test === "ifndef" ? /^(\w+)/.exec(text) : /^!\s*defined\s*\(?\s*(\w+)/.exec(text);
  return match?.[1] ?? "";
}

function readBranch(preprocessor: Preprocessor, test: "if" | "ifdef" | "ifndef" | "else", at: number): number {
  const { source, conditions } = preprocessor;
  const end = skipToLineEnd(source.codes, at, source.length);
  const opened = nextBranch(conditions, test, at, end);
  if (opened === undefined) return end;
  if (opened.isGuard) preprocessor.guardEnd = at;
  preprocessor.directive = DIRECTIVE.next;
  return isDead(opened) ? skipDeadBranch(preprocessor, end) : end;
}

function readEndif(preprocessor: Preprocessor, at: number): number {
  const { source, conditions } = preprocessor;
  const closed = popCondition(conditions);
  const end = skipToLineEnd(source.codes, at, source.length);
  if (closed === undefined) return end;
  if (closed.isGuard) preprocessor.guardEnd = end;
  preprocessor.directive = DIRECTIVE.close;
  return end;
}

/**
 * From the end of the line that opens a dead branch to the `#` of the directive that ends it. The line feed before that
 * `#` is what the caller goes on with, so it reads the directive as any other.
 */
function skipDeadBranch(preprocessor: Preprocessor, at: number): number {
  const { codes, length } = preprocessor.source;
  let nested = 0;
  let open = 0;
  let i = at;
  while (i < length) {
    const code = codes[i];
    if (code === HASH && isDirectiveAt(codes, i)) {
      const start = skipBlanks(codes, i + 1, length);
      const stop = skipWord(codes, start, length);
      if (codes[start] === 105 && codes[start + 1] === 102)
        nested++; // if, ifdef, ifndef
      else if (codes[start] === 101) {
        if (isWordAt(codes, start, stop, "endif")) {
          if (nested === 0) return i;
          nested--;
        } else if (nested === 0 && codes[start + 1] === 108) return i; // else, elif
      }
      i = skipToLineEnd(codes, stop, length);
    } else if (code === SLASH && codes[i + 1] === STAR) i = skipBlockComment(codes, i, length);
    else if (code === SLASH && codes[i + 1] === SLASH) i = skipLineComment(codes, i, length);
    else if (code === QUOTE || code === APOSTROPHE) {
      const behind = skipClosedLiteral(codes, i, length, open);
      if (behind === i + 1) open |= quoteBit(codes, i);
      i = behind;
    } else {
      if (code === LF) open = 0;
      i++;
    }
  }
  return length;
}

/** `#include "path"` and `#include <path>`; one that a macro makes names no file here. */
function readInclude(preprocessor: Preprocessor, at: number): number {
  const { source, conditions, includes } = preprocessor;
  const { codes, length } = source;
  preprocessor.directive = DIRECTIVE.include;
  const start = skipBlanks(codes, at, length);
  const end = skipToLineEnd(codes, at, length);
  const closing = codes[start] === QUOTE ? QUOTE : codes[start] === 60 ? 62 : 0;
  if (closing === 0) return end;
  let stop = start + 1;
  while (stop < end && codes[stop] !== closing) stop++;
  if (stop < end && stop > start + 1) {
    const path = source.slice(start + 1, stop);
    const condition = conditionText(conditions);
    includes.push({ start, end: stop + 1, path, angled: closing === 62, condition });
  }
  // A path such as <asm/*.h> opens no comment, so the line ends where its own line feed is.
  return stop < end ? skipToLineEnd(codes, stop + 1, length) : end;
}

/** `#pragma weak name` and `#pragma weak name = target` (GCC, Weak Pragmas). */
function readPragma(preprocessor: Preprocessor, at: number): number {
  const { source } = preprocessor;
  const { codes, length } = source;
  const end = skipToLineEnd(codes, at, length);
  const start = skipBlanks(codes, at, length);
  const stop = skipWord(codes, start, length);
  if (isWordAt(codes, start, stop, "weak")) readWeakPragma(preprocessor, stop, end);
  return end;
}

/** What follows the word `weak` of a pragma, in a directive or in the string of `_Pragma("weak …")`. */
export function readWeakPragma(preprocessor: Preprocessor, at: number, end: number): void {
  const { source, conditions, weakPragmas } = preprocessor;
  const { codes } = source;
  const start = skipBlanks(codes, at, end);
  const stop = skipWord(codes, start, end);
  if (stop === start || !isWordStart(codes[start]!)) return;
  const equals = skipBlanks(codes, stop, end);
  let target: string | undefined;
  let last = stop;
  if (codes[equals] === 61 && equals < end) {
    const from = skipBlanks(codes, equals + 1, end);
    const to = skipWord(codes, from, end);
    if (to > from) {
      target = wordText(source, from, to);
      last = to;
    }
  }
  const name = wordText(source, start, stop);
  const condition = conditionText(conditions);
  weakPragmas.push({ start, end: last, name, nameSpan: { start, end: stop }, target, condition });
}

const BODY = {
  plain: 0,
  blank: 1,
  lineFeed: 2,
  word: 3,
  backslash: 4,
  slash: 5,
  quote: 6,
  bracket: 7,
  open: 8,
} as const;

const BODY_CLASS = ((): Uint8Array => {
  const table = tableOf(" \t\f\v\r", BODY.blank);
  for (let code = 0; code < 256; code++) if (IS_WORD[code] === 1) table[code] = BODY.word;
  table[LF] = BODY.lineFeed;
  table[BACKSLASH] = BODY.backslash;
  table[SLASH] = BODY.slash;
  table[QUOTE] = table[APOSTROPHE] = BODY.quote;
  table[OPEN_BRACKET] = BODY.bracket;
  table[OPEN_PAREN] = BODY.open;
  return table;
})();

/**
 * Reads a #define up to its line feed. Most are register numbers of drivers and nothing but their end is looked for; what
 * is kept holds an attribute, an extern declaration or a _Pragma, or consists of words alone, which may be attributes.
 */
function readDefine(preprocessor: Preprocessor, at: number): number {
  const { codes, length } = preprocessor.source;
  preprocessor.directive = DIRECTIVE.define;
  let nameStart = at;
  while (nameStart < length && IS_BLANK[codes[nameStart]!] === 1) nameStart++;
  if (nameStart < length && IS_WORD[codes[nameStart]!] !== 1) nameStart = skipBlanks(codes, nameStart, length);
  const nameStop = skipWord(codes, nameStart, length);
  let bodyStart = nameStop;
  const isFunctionLike = codes[nameStop] === OPEN_PAREN;
  if (isFunctionLike) {
    while (bodyStart < length && codes[bodyStart] !== 41 && codes[bodyStart] !== LF) bodyStart++;
    // A parameter list over several lines: find its end by the slow way.
    if (codes[bodyStart] === LF) bodyStart = splicedParametersEnd(codes, nameStop, length);
    if (codes[bodyStart] === 41) bodyStart++;
  }
  const first = skipBlanks(codes, bodyStart, length);
  // A number, or an expression that starts with one, speaks of nothing; register headers hold millions of them.
  const number = codes[first] === OPEN_PAREN ? codes[first + 1] : codes[first];
  if (number !== undefined && isDigit(number)) return skipToLineEnd(codes, first, length);
  if (number === undefined || number === LF || number === EQUALS) {
    if (nameStop > nameStart) preprocessor.blanks.push(wordText(preprocessor.source, nameStart, nameStop));
    return skipToLineEnd(codes, first, length);
  }
  return readReplacementLine(preprocessor, nameStart, nameStop, bodyStart);
}

/** Scans a replacement for what may speak of linkage, from behind the parameters to the line feed. */
function readReplacementLine(
  preprocessor: Preprocessor,
  nameStart: number,
  nameStop: number,
  bodyStart: number,
): number {
  const { codes, length } = preprocessor.source;
  let i = bodyStart;
  let speaks = false;
  // An object-like macro made of words alone, `#define __init __section(".init.text") __cold`, may be an attribute.
  let isWords = true;
  let words = 0;
  let parens = 0;
  let open = 0;
  let braces = 0;
  let isValue = false;
  let mayMake = bodyStart > nameStop && mayBeginDeclaration(preprocessor.source, bodyStart);
  scan: while (i < length) {
    const code = codes[i]!;
    switch (BODY_CLASS[code]) {
      case BODY.blank:
        i++;
        break;
      case BODY.lineFeed:
        break scan;
      case BODY.word: {
        const start = i;
        i++;
        while (i < length && IS_WORD[codes[i]!] === 1) i++;
        if (code < 58 && code > 47) {
          if (parens === 0) isWords = false;
        } else {
          words++;
          if (!speaks && (code === UNDERSCORE_CODE || code === 101)) speaks = isLinkageWord(codes, start, i);
        }
        break;
      }
      case BODY.backslash: {
        const next = skipSplice(codes, i, length);
        i = next > i ? next : i + 1;
        break;
      }
      case BODY.slash:
        if (codes[i + 1] === STAR) i = skipBlockComment(codes, i, length);
        else if (codes[i + 1] === SLASH) i = skipLineComment(codes, i, length);
        else {
          if (parens === 0) isWords = false;
          i++;
        }
        break;
      case BODY.quote:
        if (parens === 0) isWords = false;
        {
          const behind = skipClosedLiteral(codes, i, length, open);
          if (behind === i + 1) open |= quoteBit(codes, i);
          i = behind;
        }
        break;
      case BODY.bracket:
        // `[[gnu::weak]]`
        if (codes[i + 1] === OPEN_BRACKET) speaks = true;
        if (parens === 0) isWords = false;
        i++;
        break;
      case BODY.open:
        if (words === 0) isWords = false;
        parens++;
        i++;
        break;
      default:
        if (code === 41) {
          if (parens > 0) parens--;
          else isWords = false;
        } else if (parens === 0) isWords = false;
        if (mayMake && parens === 0 && code !== CLOSE_PAREN) {
          if (code === OPEN_BRACE) braces++;
          else if (code === CLOSE_BRACE) braces--;
          else if (braces === 0) {
            if (code === SEMICOLON) isValue = false;
            else if (code === EQUALS) isValue = true;
            else if (!isValue) mayMake = code === COMMA || code === STAR || code === HASH || code === CLOSE_BRACKET;
          }
        }
        i++;
    }
  }
  if (mayMake && braces === 0 && parens === 0) {
    keepDefine(preprocessor, preprocessor.makers, nameStart, nameStop, bodyStart, i);
  }
  if (words > 0 && (speaks || (isWords && !isCall(codes, bodyStart, i)))) {
    keepDefine(preprocessor, preprocessor.defines, nameStart, nameStop, bodyStart, i);
  }
  return i;
}

const UNDERSCORE_CODE = 95;

/** A declaration or a call begins with a word that is no statement's: `#define min(a, b) (…)` and `do {…}` make no symbol. */
function mayBeginDeclaration(source: Source, bodyStart: number): boolean {
  const { codes, length } = source;
  const start = skipBlanks(codes, bodyStart, length);
  if (start >= length || !isWordStart(codes[start]!)) return false;
  const stop = skipWord(codes, start, length);
  return stop - start > 8 || !isStatementWord(source.slice(start, stop));
}

/**
 * A replacement of one word and its arguments is a call nearly always, `#define to_foo(x) container_of(x, …)`, unless the
 * word has the look of the implementation's own names: `#define __printf(a, b) __format(printf, a, b)`.
 */
function isCall(codes: Uint8Array, start: number, end: number): boolean {
  const first = skipBlanks(codes, start, end);
  if (codes[first] === UNDERSCORE_CODE && codes[first + 1] === UNDERSCORE_CODE) return false;
  const behind = skipBlanks(codes, skipWord(codes, first, end), end);
  return behind < end && codes[behind] === OPEN_PAREN;
}

/** The `)` of a parameter list that splices carry over several lines; where there is none, the end of the name. */
function splicedParametersEnd(codes: Uint8Array, at: number, length: number): number {
  let i = at;
  while (i < length) {
    const code = codes[i];
    if (code === 41) return i;
    if (code === LF) return at;
    if (code === BACKSLASH) i = Math.max(i + 1, skipSplice(codes, i, length));
    else i++;
  }
  return at;
}

/** `__attribute__`, `__attribute`, `extern` and `_Pragma`: words with which a replacement speaks of linkage. */
function isLinkageWord(codes: Uint8Array, start: number, stop: number): boolean {
  switch (stop - start) {
    case 6:
      return isWordAt(codes, start, stop, "extern");
    case 7:
      return isWordAt(codes, start, stop, "_Pragma");
    case 11:
      return isWordAt(codes, start, stop, "__attribute");
    case 13:
      return isWordAt(codes, start, stop, "__attribute__");
    default:
      return false;
  }
}

function keepDefine(
  preprocessor: Preprocessor,
  into: RawDefine[],
  nameStart: number,
  nameStop: number,
  bodyStart: number,
  end: number,
): void {
  const { source, conditions } = preprocessor;
  if (nameStop === nameStart) return;
  const start = skipBlanks(source.codes, bodyStart, end);
  let parameters: string[] | undefined;
  if (bodyStart > nameStop) {
    const list = source.slice(nameStop + 1, Math.max(nameStop + 1, bodyStart - 1)).replace(/[\s\\]+/g, "");
    parameters = list === "" ? [] : list.split(",");
  }
  into.push({
    start: nameStart,
    end,
    name: wordText(source, nameStart, nameStop),
    nameSpan: { start: nameStart, end: nameStop },
    parameters,
    body: { start, end },
    condition: conditionText(conditions),
  });
}
