/**
 * Where each word of a C file stands, in its code and in its macros, found in one reading of the file: who asks for one word after
 * the other then looks at that word's places alone. It judges nothing and expands nothing.
 */

import { NON_ASCII, type Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { isDirectiveAt, skipBlanks, skipToLineEnd, skipWord } from "./bytes.ts";
import { IS_WORD } from "./codes.ts";
import { conditionText } from "./conditions.ts";
import { isWordAt } from "./keywords.ts";
import { nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";
import { openPreprocessor, readDirective } from "./preprocessor.ts";
import { extendRun, startRun, type TokenRun, trimRun } from "./token-run.ts";

export interface WordPlaces {
  readonly source: Source;
  /** All tokens outside of directives. */
  readonly run: TokenRun;
  /** Where the names stand that #define lines define, in order. */
  readonly defines: Int32Array;
  /** Where the text of the conditions around changes, and what it is from there on; "" before the first. */
  readonly conditions: readonly { readonly from: number; readonly text: string }[];
  /** The last entry of each bucket of words, plus 1; 0 where it is empty. */
  readonly heads: Int32Array;
  /** For each entry the one before in its bucket, plus 1; 0 ends it. */
  readonly previous: Int32Array;
  /** For each entry a token's place in the run, or -1 less the number of the #define in whose line the word stands. */
  readonly places: Int32Array;
}

/** A #define line: its name, and where it ends. */
export interface DefineLine {
  readonly name: Span;
  readonly end: number;
}

/** Reads a file once, whatever will be asked of it. */
export function readWordPlaces(source: Source): WordPlaces {
  return readAll(source, "guard") ?? readAll(source, "no guard")!;
}

/** The reading under way. */
interface Reading {
  readonly source: Source;
  readonly run: TokenRun;
  readonly defines: number[];
  readonly conditions: { from: number; text: string }[];
  readonly hashes: number[];
  readonly places: number[];
}

/** @returns undefined where what looked like an include guard was none: all conditions so far lack it. */
function readAll(source: Source, mode: "guard" | "no guard"): WordPlaces | undefined {
  const preprocessor = openPreprocessor(source, mode === "guard");
  const lexer = openLexer(source, 0, source.length, "file");
  const reading: Reading = { source, run: startRun(source), defines: [], conditions: [], hashes: [], places: [] };
  for (let kind = nextToken(lexer); kind !== TOKEN.end; kind = nextToken(lexer)) {
    if (preprocessor.guardEnd >= 0) return undefined;
    preprocessor.isAtStart &&= kind === TOKEN.directive;
    if (kind === TOKEN.directive) {
      const at = lexer.start;
      const define = defineAt(source, at);
      lexer.offset = readDirective(preprocessor, at);
      if (define === undefined) continue;
      noteCondition(reading, at, conditionText(preprocessor.conditions));
      readDefineLine(reading, define);
      continue;
    }
    extendRun(reading.run, kind, lexer.start, lexer.stop);
    if (kind !== TOKEN.word) continue;
    noteCondition(reading, lexer.start, conditionText(preprocessor.conditions));
    noteWord(reading, lexer.start, lexer.stop, reading.run.count - 1);
  }
  return finish(reading);
}

/** The #define whose `#` stands at the offset. */
function defineAt(source: Source, at: number): DefineLine | undefined {
  const { codes, length } = source;
  const from = skipBlanks(codes, at + 1, length);
  const to = skipWord(codes, from, length);
  if (!isWordAt(codes, from, to, "define") || !isDirectiveAt(codes, at)) return undefined;
  return defineNamedAt(source, skipBlanks(codes, to, length));
}

function defineNamedAt({ codes, length }: Source, start: number): DefineLine {
  const stop = skipWord(codes, start, length);
  return { name: { start, end: stop }, end: skipToLineEnd(codes, stop, length) };
}

function noteCondition({ conditions }: Reading, from: number, text: string): void {
  if ((conditions.at(-1)?.text ?? "") !== text) conditions.push({ from, text });
}

function readDefineLine(reading: Reading, { name, end }: DefineLine): void {
  const place = -1 - reading.defines.length;
  reading.defines.push(name.start);
  const lexer = openLexer(reading.source, name.end, end, "macro");
  for (let kind = nextToken(lexer); kind !== TOKEN.end; kind = nextToken(lexer)) {
    if (kind === TOKEN.word) noteWord(reading, lexer.start, lexer.stop, place);
  }
}

function noteWord({ source, hashes, places }: Reading, start: number, stop: number, place: number): void {
  hashes.push(hashCodes(source.codes, start, stop));
  places.push(place);
}

/** Splices within the word, which are no part of it, count nothing. */
function hashCodes(codes: ArrayLike<number>, start: number, stop: number): number {
  let hash = 0;
  for (let i = start; i < stop; i++) if (IS_WORD[codes[i]!] === 1) hash = (Math.imul(hash, 31) + codes[i]!) | 0;
  return hash ^ (hash >>> 15);
}

function finish({ source, run, defines, conditions, hashes, places }: Reading): WordPlaces {
  trimRun(run);
  const size = 1 << (32 - Math.clz32(Math.max(1, hashes.length >> 1)));
  const heads = new Int32Array(size);
  const previous = new Int32Array(hashes.length);
  for (let entry = 0; entry < hashes.length; entry++) {
    const bucket = hashes[entry]! & (size - 1);
    previous[entry] = heads[bucket]!;
    heads[bucket] = entry + 1;
  }
  return {
    source,
    run,
    conditions,
    heads,
    previous,
    places: Int32Array.from(places),
    defines: Int32Array.from(defines),
  };
}

/** The tokens of the run that are the word, and the #define lines that may have it behind the name, both in order. */
export function placesOfWord(
  { source, run, defines, heads, previous, places }: WordPlaces,
  word: string,
): { readonly tokens: readonly number[]; readonly defines: readonly DefineLine[] } {
  const tokens: number[] = [];
  const lines: DefineLine[] = [];
  const codes = Array.from({ length: word.length }, (_, i) => codeOfUnit(word.charCodeAt(i)));
  const bucket = hashCodes(codes, 0, codes.length) & (heads.length - 1);
  let lastDefine = -1;
  for (let entry = heads[bucket]! - 1; entry >= 0; entry = previous[entry]! - 1) {
    const place = places[entry]!;
    if (place >= 0) {
      if (wordText(source, run.starts[place]!, run.stops[place]!) === word) tokens.push(place);
    } else if (-1 - place !== lastDefine) {
      lastDefine = -1 - place;
      lines.push(defineNamedAt(source, defines[lastDefine]!));
    }
  }
  return { tokens: tokens.reverse(), defines: lines.reverse() };
}

/** As sources have it. */
function codeOfUnit(unit: number): number {
  return unit < 0x80 ? unit : NON_ASCII;
}

/** The #if conditions around an offset, as one text. */
export function conditionAround({ conditions }: WordPlaces, offset: number): string {
  let low = 0;
  let high = conditions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (conditions[middle]!.from <= offset) low = middle + 1;
    else high = middle;
  }
  return conditions[low - 1]?.text ?? "";
}
