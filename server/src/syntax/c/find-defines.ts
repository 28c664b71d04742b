/** Finds the #define lines of one name in a file's text, whatever they say. */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { isDirectiveAt, skipBlanks, skipToLineEnd, skipWord } from "./bytes.ts";
import { BACKSLASH, CLOSE_PAREN, HASH, IS_WORD, LF, OPEN_PAREN } from "./codes.ts";
import { isWordAt } from "./keywords.ts";

/** A #define line with the lines that continue it. */
export interface FoundDefine extends Span {
  readonly nameSpan: Span;
  /** A parenthesis stands right behind the name. */
  readonly isFunctionLike: boolean;
  /** The replacement, comments included. */
  readonly body: Span;
}

/** The #define lines of the name, in order. */
export function findDefines(source: Source, name: string): FoundDefine[] {
  const { codes, length } = source;
  const bytes = Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength);
  const found: FoundDefine[] = [];
  for (let at = bytes.indexOf(name, 0, "latin1"); at >= 0; at = bytes.indexOf(name, at + 1, "latin1")) {
    const stop = at + name.length;
    if (IS_WORD[codes[at - 1] ?? 0] === 1 || (stop < length && IS_WORD[codes[stop]!] === 1)) continue;
    const hash = lineStart(codes, at);
    const start = skipBlanks(codes, hash, length);
    if (codes[start] !== HASH || !isDirectiveAt(codes, start)) continue;
    const word = skipBlanks(codes, start + 1, length);
    const wordEnd = skipWord(codes, word, length);
    if (!isWordAt(codes, word, wordEnd, "define") || skipBlanks(codes, wordEnd, length) !== at) continue;
    const end = skipToLineEnd(codes, stop, length);
    const isFunctionLike = codes[stop] === OPEN_PAREN;
    let from = stop;
    if (isFunctionLike) while (from < end && codes[from++] !== CLOSE_PAREN);
    found.push({ start, end, nameSpan: { start: at, end: stop }, isFunctionLike, body: { start: from, end } });
  }
  return found;
}

/** Where the line starts, those that it continues included. */
function lineStart(codes: Uint8Array, offset: number): number {
  let at = offset;
  for (;;) {
    while (at > 0 && codes[at - 1] !== LF) at--;
    if (at < 2) return at;
    const before = codes[at - 2] === 13 ? at - 3 : at - 2;
    if (codes[before] !== BACKSLASH) return at;
    at = before;
  }
}
