/** Finds the #define lines of one name in a file's text, whatever they say. */

import { createAttached } from "../../text/attached.ts";
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
  if (!mayDefine(source, name)) return [];
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

/** How often names were looked for in a text, and then the hashes of all names that it may define, sorted. */
interface Looked {
  count: number;
  hashes?: Uint32Array;
}

const lookedBySource = createAttached<Source, Looked>();

/** A text in which names are looked for more often than this is gone through once for all of them: a vendor's header has megabytes. */
const MOST_SEARCHES = 4;

/** False where the text surely has no #define of the name. */
function mayDefine(source: Source, name: string): boolean {
  let looked = lookedBySource.get(source);
  if (looked === undefined) lookedBySource.set(source, (looked = { count: 0 }));
  if (looked.hashes === undefined && ++looked.count <= MOST_SEARCHES) return true;
  looked.hashes ??= hashesOfDefined(source);
  const codes = Buffer.from(name, "latin1");
  return isAmong(looked.hashes, hashOf(codes, 0, codes.length));
}

const DEFINE = "define";

/** Of the words behind each "define", be it a directive or not. */
function hashesOfDefined({ codes, length }: Source): Uint32Array {
  const bytes = Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength);
  const hashes: number[] = [];
  for (let at = bytes.indexOf(DEFINE); at >= 0; at = bytes.indexOf(DEFINE, at + 1)) {
    const from = skipBlanks(codes, at + DEFINE.length, length);
    hashes.push(hashOf(codes, from, skipWord(codes, from, length)));
  }
  return Uint32Array.from(hashes).sort();
}

/** FNV-1a. */
function hashOf(codes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ codes[at]!, 0x01000193);
  return hash >>> 0;
}

function isAmong(sorted: Uint32Array, hash: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < hash) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === hash;
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
