/**
 * Reads #define lines and keeps those whose replacement may speak of linkage, make declarations, or stand for nothing. It
 * expands nothing and knows no other directive.
 */

import type { Source } from "../../text/source.ts";
import {
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
  DOT,
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
  UNDERSCORE,
} from "./codes.ts";
import { type Conditions, conditionText } from "./conditions.ts";
import { isStatementWord, isWordAt } from "./keywords.ts";
import { wordText } from "./lexer.ts";
import type { CDefine, CReplacement } from "./tree.ts";

/** A #define before its replacement was read. */
export type RawDefine = Omit<CDefine, keyof CReplacement>;

/** What reading #define lines needs and adds to. */
export interface Defines {
  readonly source: Source;
  readonly conditions: Conditions;
  readonly defines: RawDefine[];
  /** #defines with parameters whose replacement reads like declarations or calls: what may make symbols. */
  readonly makers: RawDefine[];
  /** #defines with parameters whose replacement is assembly that binds symbols, for headers that assembly includes. */
  readonly assembly: RawDefine[];
  /** #defines whose replacement pastes words, or makes strings of parameters beside other strings: what may put names together. */
  readonly pastes: RawDefine[];
  /** Macros that stand for nothing, or for an initializer with its `=`: where a declaration has them, they name nothing. */
  readonly blanks: string[];
}

/** What a byte of a replacement begins. */
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
export function readDefine(into: Defines, at: number): number {
  const { codes, length } = into.source;
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
  if (number !== undefined && isDigit(number) && !isFunctionLike) return skipToLineEnd(codes, first, length);
  if (number === undefined || number === LF || number === EQUALS) {
    if (nameStop > nameStart) into.blanks.push(wordText(into.source, nameStart, nameStop));
    return skipToLineEnd(codes, first, length);
  }
  return readReplacementLine(into, nameStart, nameStop, bodyStart);
}

/** Scans a replacement for what may speak of linkage, from behind the parameters to the line feed. */
function readReplacementLine(into: Defines, nameStart: number, nameStop: number, bodyStart: number): number {
  const { codes, length } = into.source;
  let i = bodyStart;
  let speaks = false;
  // An object-like macro made of words alone, `#define __init __section(".init.text") __cold`, may be an attribute.
  let isWords = true;
  let words = 0;
  let parens = 0;
  let open = 0;
  let braces = 0;
  let isValue = false;
  let isAssembly = false;
  let pastes = false;
  let quotes = 0;
  let makesStrings = false;
  let mayMake = bodyStart > nameStop && mayBeginDeclaration(into.source, bodyStart);
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
          if (!speaks && (code === UNDERSCORE || code === 101)) speaks = isLinkageWord(codes, start, i);
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
        quotes++;
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
        if (code === HASH) {
          if (codes[i + 1] === HASH) pastes = true;
          makesStrings = bodyStart > nameStop;
        }
        if (code === DOT && !isAssembly && bodyStart > nameStop) isAssembly = isBinding(codes, i + 1);
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
    keepDefine(into, into.makers, nameStart, nameStop, bodyStart, i);
  }
  if (isAssembly) keepDefine(into, into.assembly, nameStart, nameStop, bodyStart, i);
  if (pastes || (makesStrings && quotes > 0)) keepDefine(into, into.pastes, nameStart, nameStop, bodyStart, i);
  if (
    words > 0 &&
    (speaks || (isWords && (!isCall(codes, bodyStart, i) || isPassedOn(codes, nameStop, bodyStart, i))))
  ) {
    keepDefine(into, into.defines, nameStart, nameStop, bodyStart, i);
  }
  return i;
}

/** `globl`, `global`, `weak` or another directive of gas that binds or defines a symbol. */
function isBinding(codes: Uint8Array, start: number): boolean {
  const first = codes[start];
  // g, w, s, t: most dots stand before members.
  if (first !== 103 && first !== 119 && first !== 115 && first !== 116) return false;
  const stop = skipWord(codes, start, codes.length);
  if (IS_BLANK[codes[stop]!] !== 1) return false;
  return BINDINGS.some((word) => isWordAt(codes, start, stop, word));
}

const BINDINGS = ["globl", "global", "weak", "set", "thumb_set"];

/** A declaration or a call begins with a word that is no statement's: `#define min(a, b) (…)` and `do {…}` make no symbol. */
function mayBeginDeclaration(source: Source, bodyStart: number): boolean {
  const { codes, length } = source;
  const start = skipBlanks(codes, bodyStart, length);
  // `#define STRING(x) #x`, of which assembly in macros makes names.
  if (codes[start] === HASH && start < length) return true;
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
  if (codes[first] === UNDERSCORE && codes[first + 1] === UNDERSCORE) return false;
  const behind = skipBlanks(codes, skipWord(codes, first, end), end);
  return behind < end && codes[behind] === OPEN_PAREN;
}

/** `#define ALIAS(x) weak_alias_of(x)`: a call with the parameters as they are, which may be an attribute all the same. */
function isPassedOn(codes: Uint8Array, nameStop: number, bodyStart: number, end: number): boolean {
  let i = skipWord(codes, skipBlanks(codes, bodyStart, end), end);
  for (let at = nameStop; at < bodyStart; at++) {
    if (IS_BLANK[codes[at]!] === 1) continue;
    while (i < end && IS_BLANK[codes[i]!] === 1) i++;
    if (codes[i] !== codes[at] || i >= end) return false;
    i++;
  }
  return skipBlanks(codes, i, end) >= end;
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
  { source, conditions }: Defines,
  into: RawDefine[],
  nameStart: number,
  nameStop: number,
  bodyStart: number,
  end: number,
): void {
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
