/**
 * Spellings of preprocessing tokens, each kept once and named by a small number, so that tokens are compared by number and
 * a macro table is an array. It knows bytes and strings, and nothing of what a token means.
 *
 * ASCII spellings live in one byte arena; the string is made when somebody asks for it.
 */

import { NON_ASCII, type Source } from "../../text/source.ts";

/** A growing set of spellings. Numbers stay valid for as long as the set lives; number 0 is the empty spelling. */
export interface Spellings {
  arena: Uint8Array;
  arenaLength: number;
  starts: Int32Array;
  lengths: Int32Array;
  hashes: Int32Array;
  /** Open addressing over the hashes; 0 is free. */
  table: Int32Array;
  count: number;
  /** Strings that were asked for already, by number. */
  readonly texts: (string | undefined)[];
  /** Spellings with a unit beyond ASCII, which the arena cannot hold. */
  readonly beyondAscii: Map<string, number>;
}

/** Punctuators of C11 6.4.6 and GNU C, in the order of their numbers, which start at 1. */
const PUNCTUATORS = [
  "(",
  ")",
  ",",
  "#",
  "##",
  "%:",
  "%:%:",
  "[",
  "]",
  "{",
  "}",
  "<:",
  ":>",
  "<%",
  "%>",
  ".",
  "...",
  ";",
  "?",
  ":",
  "~",
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
  "<<=",
  ">>=",
  "=",
  "!",
  ">",
  "<",
  "+",
  "-",
  "*",
  "/",
  "%",
  "&",
  "|",
  "^",
  ">>",
  "<<",
] as const;

const WORDS = [
  "define",
  "undef",
  "include",
  "include_next",
  "import",
  "if",
  "ifdef",
  "ifndef",
  "elif",
  "elifdef",
  "elifndef",
  "else",
  "endif",
  "error",
  "warning",
  "line",
  "pragma",
  "ident",
  "sccs",
  "assert",
  "unassert",
  "defined",
  "__VA_ARGS__",
  "__VA_OPT__",
  "once",
  "push_macro",
  "pop_macro",
  "_Pragma",
  "__has_include",
  "__has_include_next",
  "__has_attribute",
  "__has_cpp_attribute",
  "__has_c_attribute",
  "__has_builtin",
  "__LINE__",
  "__FILE__",
  "__FILE_NAME__",
  "__BASE_FILE__",
  "__INCLUDE_LEVEL__",
  "__COUNTER__",
  "__DATE__",
  "__TIME__",
  "__TIMESTAMP__",
  "GCC",
  "system_header",
  "message",
  "redefine_extname",
  "scalar_storage_order",
] as const;

export type Punctuator = (typeof PUNCTUATORS)[number];
export type DirectiveWord = (typeof WORDS)[number];

const SEEDS: readonly string[] = ["", ...PUNCTUATORS, ...WORDS];

/** The number of a punctuator; the same in every set of spellings. */
export function punctuatorNumber(text: Punctuator): number {
  return SEEDS.indexOf(text);
}

/** The number of a word that means something to the preprocessor; the same in every set of spellings. */
export function wordNumber(text: DirectiveWord): number {
  return SEEDS.lastIndexOf(text);
}

/** Numbers from 1 to this one are punctuators. */
export const LAST_PUNCTUATOR: number = PUNCTUATORS.length;

/** A set that holds the punctuators and the preprocessor's own words, under the numbers above. */
export function createSpellings(): Spellings {
  const spellings: Spellings = {
    arena: new Uint8Array(1 << 16),
    arenaLength: 0,
    starts: new Int32Array(1 << 12),
    lengths: new Int32Array(1 << 12),
    hashes: new Int32Array(1 << 12),
    table: new Int32Array(1 << 13),
    count: 1,
    texts: [""],
    beyondAscii: new Map(),
  };
  for (const seed of SEEDS.slice(1)) internText(spellings, seed);
  return spellings;
}

/** The hash that {@link internHashed} expects: fold each code in order, from 0. */
export function foldHash(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/** The number of the spelling that stands in [start, end) of a source. */
export function internSpan(spellings: Spellings, source: Source, start: number, end: number): number {
  const { codes } = source;
  let hash = 0;
  for (let i = start; i < end; i++) {
    const code = codes[i]!;
    if (code === NON_ASCII) return internText(spellings, source.slice(start, end));
    hash = (Math.imul(hash, 31) + code) | 0;
  }
  return internHashed(spellings, codes, start, end, hash);
}

/** As {@link internSpan} for ASCII codes whose hash the caller has folded on its way. */
export function internHashed(
  spellings: Spellings,
  codes: Uint8Array,
  start: number,
  end: number,
  hash: number,
): number {
  const length = end - start;
  if (length === 0) return 0;
  const { hashes, lengths, starts, arena, table } = spellings;
  const mask = table.length - 1;
  let slot = (hash ^ (hash >>> 15)) & mask;
  for (;;) {
    const found = table[slot]!;
    if (found === 0) return insert(spellings, codes, start, end, hash, slot);
    if (hashes[found] === hash && lengths[found] === length) {
      const at = starts[found]!;
      let i = 0;
      while (i < length && arena[at + i] === codes[start + i]) i++;
      if (i === length) return found;
    }
    slot = (slot + 1) & mask;
  }
}

/** The number of a spelling given as a string. */
export function internText(spellings: Spellings, text: string): number {
  const { length } = text;
  const codes = new Uint8Array(length);
  let hash = 0;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return internBeyondAscii(spellings, text);
    codes[i] = unit;
    hash = (Math.imul(hash, 31) + unit) | 0;
  }
  return internHashed(spellings, codes, 0, length, hash);
}

/** The spelling itself. */
export function spellingText(spellings: Spellings, number: number): string {
  const known = spellings.texts[number];
  if (known !== undefined) return known;
  const start = spellings.starts[number]!;
  const bytes = spellings.arena.subarray(start, start + spellings.lengths[number]!);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  spellings.texts[number] = text;
  return text;
}

/** The length of a spelling in UTF-16 units. */
export function spellingLength(spellings: Spellings, number: number): number {
  return spellings.lengths[number]!;
}

function internBeyondAscii(spellings: Spellings, text: string): number {
  const known = spellings.beyondAscii.get(text);
  if (known !== undefined) return known;
  const number = addNumber(spellings, 0, text.length, 0);
  spellings.texts[number] = text;
  spellings.beyondAscii.set(text, number);
  return number;
}

function insert(
  spellings: Spellings,
  codes: Uint8Array,
  start: number,
  end: number,
  hash: number,
  slot: number,
): number {
  const length = end - start;
  const at = spellings.arenaLength;
  if (at + length > spellings.arena.length) {
    const larger = new Uint8Array(Math.max(spellings.arena.length * 2, at + length));
    larger.set(spellings.arena);
    spellings.arena = larger;
  }
  spellings.arena.set(codes.subarray(start, end), at);
  spellings.arenaLength = at + length;
  const number = addNumber(spellings, at, length, hash);
  spellings.table[slot] = number;
  if (spellings.count * 2 > spellings.table.length) rehash(spellings);
  return number;
}

function addNumber(spellings: Spellings, start: number, length: number, hash: number): number {
  const number = spellings.count++;
  if (number === spellings.starts.length) {
    spellings.starts = grown(spellings.starts);
    spellings.lengths = grown(spellings.lengths);
    spellings.hashes = grown(spellings.hashes);
  }
  spellings.starts[number] = start;
  spellings.lengths[number] = length;
  spellings.hashes[number] = hash;
  spellings.texts.push(undefined);
  return number;
}

function grown(old: Int32Array): Int32Array {
  const larger = new Int32Array(old.length * 2);
  larger.set(old);
  return larger;
}

function rehash(spellings: Spellings): void {
  const table = new Int32Array(spellings.table.length * 2);
  const mask = table.length - 1;
  for (const number of spellings.table) {
    if (number === 0) continue;
    const hash = spellings.hashes[number]!;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (table[slot] !== 0) slot = (slot + 1) & mask;
    table[slot] = number;
  }
  spellings.table = table;
}
