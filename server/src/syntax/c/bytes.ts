/**
 * The byte loops under the C lexer: what to step over in one go (comments, literals, spliced and directive lines). Each
 * takes the codes, an offset and the end to stop at, and gives the offset behind. They know no tokens and keep no state.
 */

import { APOSTROPHE, BACKSLASH, HASH, IS_BLANK, IS_WORD, isDigit, LF, QUOTE, SLASH, STAR, tableOf } from "./codes.ts";

/**
 * From the offset to the first code whose class in the table is not 0, or to `end`. The innermost loop of all scans: kept
 * apart from what they do at such a code, so that it is compiled once and for all.
 */
export function skipPlain(codes: Uint8Array, at: number, end: number, table: Uint8Array): number {
  let i = at;
  const last = end - 3;
  while (i < last) {
    if (table[codes[i]!] !== 0) return i;
    if (table[codes[i + 1]!] !== 0) return i + 1;
    if (table[codes[i + 2]!] !== 0) return i + 2;
    if (table[codes[i + 3]!] !== 0) return i + 3;
    i += 4;
  }
  while (i < end && table[codes[i]!] === 0) i++;
  return i;
}

const STARS = tableOf("*", 1);

/** From the `/` of a block comment to behind its end, or to `end` where it is not closed. */
export function skipBlockComment(codes: Uint8Array, at: number, end: number): number {
  let i = at + 2;
  for (;;) {
    i = skipPlain(codes, i, end, STARS) + 1;
    if (i >= end) return end;
    if (codes[i] === SLASH) return i + 1;
  }
}

/** From the `//` of a line comment to the line feed that ends it; a splice continues it on the next line (C11 5.1.1.2). */
export function skipLineComment(codes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && codes[i] !== LF) {
    if (codes[i] === BACKSLASH) i = Math.max(i + 1, skipSplice(codes, i, end));
    else i++;
  }
  return i;
}

/** From an opening quote to behind the closing one, or to the end of the line: no literal of C crosses a line unspliced. */
export function skipLiteral(codes: Uint8Array, at: number, end: number): number {
  const quote = codes[at];
  let i = at + 1;
  while (i < end) {
    const code = codes[i];
    if (code === quote) return i + 1;
    if (code === LF) return i;
    if (code === BACKSLASH) {
      const next = skipSplice(codes, i, end);
      i = next > i ? next : i + 1 < end && codes[i + 1] !== LF ? i + 2 : i + 1;
    } else i++;
  }
  return end;
}

/**
 * From a backslash to behind the line feed that it splices away, or the same offset where it splices nothing. Blanks
 * between the two are allowed, as GCC does.
 */
export function skipSplice(codes: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  while (i < end && IS_BLANK[codes[i]!] === 1) i++;
  return i < end && codes[i] === LF ? i + 1 : at;
}

/** From anywhere in an identifier to behind it, over splices that stand in it. */
export function skipWord(codes: Uint8Array, at: number, end: number): number {
  let i = at;
  for (;;) {
    while (i < end && IS_WORD[codes[i]!] === 1) i++;
    if (i >= end || codes[i] !== BACKSLASH) return i;
    const next = skipSplice(codes, i, end);
    if (next === i || next >= end || IS_WORD[codes[next]!] !== 1) return i;
    i = next;
  }
}

/** Over blanks, splices and comments within a line, up to a line feed. A block comment may hold line feeds. */
export function skipBlanks(codes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end) {
    const code = codes[i]!;
    if (IS_BLANK[code] === 1) i++;
    else if (code === SLASH && codes[i + 1] === STAR) i = skipBlockComment(codes, i, end);
    else if (code === SLASH && codes[i + 1] === SLASH) i = skipLineComment(codes, i, end);
    else if (code === BACKSLASH) {
      const next = skipSplice(codes, i, end);
      if (next === i) return i;
      i = next;
    } else return i;
  }
  return end;
}

const LINE_CLASS = ((): Uint8Array => {
  const table = tableOf("\n", 1);
  table[BACKSLASH] = 2;
  table[SLASH] = 3;
  table[QUOTE] = table[APOSTROPHE] = 4;
  return table;
})();

/** From anywhere in a directive's line to the line feed that ends it, over splices, literals and comments. */
export function skipToLineEnd(codes: Uint8Array, at: number, end: number): number {
  let i = at;
  let open = 0;
  for (;;) {
    i = skipPlain(codes, i, end, LINE_CLASS);
    if (i >= end) return end;
    switch (LINE_CLASS[codes[i]!]) {
      case 1:
        return i;
      case 2:
        i = Math.max(i + 1, skipSplice(codes, i, end));
        break;
      case 3:
        if (codes[i + 1] === STAR) i = skipBlockComment(codes, i, end);
        else if (codes[i + 1] === SLASH) i = skipLineComment(codes, i, end);
        else i++;
        break;
      default: {
        const behind = skipClosedLiteral(codes, i, end, open);
        if (behind === i + 1) open |= quoteBit(codes, i);
        i = behind;
      }
    }
  }
}

/**
 * Over a literal that ends on its line; over the quote alone where it does not, as in `#error don't`.
 * @param open the kinds of quotes that are known not to be closed on this line: 1 for `"`, 2 for `'`; looking for their
 *   end once is enough
 */
export function skipClosedLiteral(codes: Uint8Array, at: number, end: number, open: number): number {
  if ((open & quoteBit(codes, at)) !== 0 || isSeparator(codes, at)) return at + 1;
  const behind = skipLiteral(codes, at, end);
  return behind - at >= 2 && codes[behind - 1] === codes[at] ? behind : at + 1;
}

/** The bit of the kind of quote at the offset, for {@link skipClosedLiteral}; 0 for one that separates digits. */
export function quoteBit(codes: Uint8Array, at: number): number {
  if (isSeparator(codes, at)) return 0;
  return codes[at] === QUOTE ? 1 : 2;
}

/** True for the apostrophe of C23's `1'000'000`, which opens no literal. */
export function isSeparator(codes: Uint8Array, at: number): boolean {
  return (
    codes[at] === APOSTROPHE &&
    at > 0 &&
    isDigit(codes[at - 1]!) &&
    IS_WORD[codes[at + 1]!] === 1 &&
    inNumber(codes, at)
  );
}

/** Whether the word that ends before the offset starts with a digit. Looks back over few codes: numbers are short. */
function inNumber(codes: Uint8Array, at: number): boolean {
  let i = at - 1;
  const furthest = Math.max(0, at - 64);
  while (i > furthest && (IS_WORD[codes[i - 1]!] === 1 || codes[i - 1] === APOSTROPHE)) i--;
  return isDigit(codes[i]!);
}

/** How far to look back for the start of a comment that stands before a `#`, so that a hostile line takes linear time. */
const LONGEST_COMMENT = 256;

/** Whether only blanks and comments stand between the start of its line and the offset, so that a `#` there is a directive's. */
export function startsLine(codes: Uint8Array, at: number): boolean {
  let i = at - 1;
  for (;;) {
    while (i >= 0 && IS_BLANK[codes[i]!] === 1) i--;
    if (i < 0) return true;
    if (codes[i] === LF) {
      i--;
      while (i >= 0 && IS_BLANK[codes[i]!] === 1) i--;
      return i < 0 || codes[i] !== BACKSLASH;
    }
    // A comment before the `#` on the same line: step back to its start. One that spans lines is not followed.
    if (codes[i] !== SLASH || i < 3 || codes[i - 1] !== STAR) return false;
    i -= 2;
    const furthest = Math.max(0, i - LONGEST_COMMENT);
    while (i > furthest && codes[i] !== LF && !(codes[i] === STAR && codes[i - 1] === SLASH)) i--;
    if (i <= furthest || codes[i] === LF) return false;
    i -= 2;
  }
}

/** True for a `#` that starts a directive. */
export function isDirectiveAt(codes: Uint8Array, at: number): boolean {
  return codes[at] === HASH && startsLine(codes, at);
}
