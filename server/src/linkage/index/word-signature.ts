/**
 * Word signatures: which words occur in a file, in twenty bits a word. Asked for a word, a signature says "surely not" or
 * "perhaps" (wrongly in about one of three thousand files), never "surely not" of a word that is there. Comments and strings
 * count. It knows nothing of languages: a word is a run of letters, digits and underscores that starts with no digit.
 *
 * A signature is a Bloom filter in blocks of 512 bits (Putze, Sanders and Singler, "Cache-, hash- and space-efficient Bloom
 * filters", 2007), so that asking 57,000 files for a word costs one cache line each.
 */

import { sourceOfText } from "../../text/source.ts";

/** 32-bit words of one block. */
const BLOCK = 16;
const BITS_PER_WORD = 20;
const PROBES = 8;

/** What each code is to a word: 1 starts it, 2 continues it only. */
const LETTER = 1;
const DIGIT = 2;
const classes = new Uint8Array(256);
for (let code = 0x30; code <= 0x39; code++) classes[code] = DIGIT;
for (let code = 0x41; code <= 0x5a; code++) classes[code] = classes[code + 0x20] = LETTER;
classes[0x5f] = LETTER;
for (let code = 0x80; code <= 0xff; code++) classes[code] = LETTER;

const BACKSLASH = 0x5c;

/** The distinct words' hashes of the text at hand: an open-addressed set and its members in order. Both are reused. */
let table: Int32Array = new Int32Array(1 << 12);
let members: Int32Array = new Int32Array(1 << 11);
let memberCount = 0;

/**
 * The signature of a text's words. `codes` is one byte for each unit of the text, of which the first `length` count.
 * The result is a new array of whole blocks; a text without words gives an empty one.
 */
export function wordSignature(codes: Uint8Array, length: number): Uint32Array {
  collectWords(codes, length);
  const blocks = Math.ceil((memberCount * BITS_PER_WORD) / (BLOCK * 32));
  const signature = new Uint32Array(blocks * BLOCK);
  const words = new Int32Array(signature.buffer);
  for (let i = 0; i < memberCount; i++) {
    const hash = members[i]!;
    const block = blockOf(hash, blocks) * BLOCK;
    let bits = bitsOf(hash);
    let step = bits >>> 9;
    for (let probe = 0; probe < PROBES; probe++) {
      words[block + ((bits >>> 5) & 15)]! |= 1 << (bits & 31);
      bits = (bits + (step | 1)) | 0;
      step += probe;
    }
  }
  return signature;
}

/** The hashes by which to ask signatures for a text: one for each word in it, none where it has no word. */
export function wordHashes(text: string): Int32Array {
  const { codes, length } = sourceOfText(text);
  collectWords(codes, length);
  return members.slice(0, memberCount);
}

/** True unless the text of the signature, the `length` entries from `start`, surely has no word of that hash. */
export function mayHaveWord(signatures: Uint32Array, start: number, length: number, hash: number): boolean {
  if (length === 0) return false;
  const block = start + blockOf(hash, length / BLOCK) * BLOCK;
  let bits = bitsOf(hash);
  let step = bits >>> 9;
  for (let probe = 0; probe < PROBES; probe++) {
    if ((signatures[block + ((bits >>> 5) & 15)]! & (1 << (bits & 31))) === 0) return false;
    bits = (bits + (step | 1)) | 0;
    step += probe;
  }
  return true;
}

/** Fills `members` with the hashes of the distinct words. */
function collectWords(codes: Uint8Array, length: number): void {
  let size = 1 << 10;
  while (size < length >>> 2) size <<= 1;
  if (table.length < size) table = new Int32Array(size);
  else table.fill(0, 0, size);
  const view = new DataView(codes.buffer, codes.byteOffset, length);
  let slots = table;
  let mask = size - 1;
  let count = 0;
  let i = 0;
  while (i < length) {
    const code = codes[i]!;
    const kind = classes[code]!;
    if (kind === 0) {
      i++;
      if (code === BACKSLASH && i < length) i = skipEscape(codes, i, length);
      continue;
    }
    const start = i;
    i = wordEnd(codes, view, i + 1, length);
    // A number with its suffix is no word.
    if (kind === DIGIT) continue;
    const hash = hashWord(codes, view, start, i);
    // In a string of assembly, "\n\tstart:" holds the word start, and in a macro's body \start may be one whole.
    if (start > 0 && codes[start - 1] === BACKSLASH) i = start + 1;
    let slot = hash & mask;
    let entry = slots[slot]!;
    while (entry !== hash && entry !== 0) {
      slot = (slot + 1) & mask;
      entry = slots[slot]!;
    }
    if (entry === hash) continue;
    slots[slot] = hash;
    if (count === members.length) members = doubled(members);
    members[count++] = hash;
    if (count * 2 >= size) {
      size *= 2;
      mask = size - 1;
      slots = rehash(size, count);
    }
  }
  memberCount = count;
}

/** Where the text goes on behind a backslash: the digits of an octal escape are not part of the word behind them. */
function skipEscape(codes: Uint8Array, start: number, length: number): number {
  let i = start;
  while (i < length && classes[codes[i]!] === DIGIT) i++;
  return i;
}

/**
 * Where the word ends that goes on, or not, at `start`. Four units are looked at at once: a byte's upper bit in `letter`,
 * `digit`, `underscore` and in the units themselves says that it is one of these. No byte carries into the next.
 */
function wordEnd(codes: Uint8Array, view: DataView, start: number, length: number): number {
  let i = start;
  for (const last = length - 4; i <= last; i += 4) {
    const units = view.getInt32(i, true);
    const ascii = units & 0x7f7f7f7f;
    const lower = ascii | 0x20202020;
    const letter = (lower + 0x1f1f1f1f) & ~(lower + 0x05050505);
    const digit = (ascii + 0x50505050) & ~(ascii + 0x46464646);
    const underscore = ~((ascii ^ 0x5f5f5f5f) + 0x7f7f7f7f);
    const others = ~(letter | digit | underscore | units) & 0x80808080;
    if (others !== 0) return i + ((31 - Math.clz32(others & -others)) >>> 3);
  }
  while (i < length && classes[codes[i]!] !== 0) i++;
  return i;
}

/** A hash of all 32 bits, never 0, which marks an empty slot. Words of four units and more are read by fours. */
function hashWord(codes: Uint8Array, view: DataView, start: number, end: number): number {
  const length = end - start;
  let hash = length;
  if (length >= 4) {
    const last = end - 4;
    for (let i = start; i < last; i += 4) {
      hash = Math.imul(hash ^ view.getInt32(i, true), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    // The last four may overlap those before.
    hash ^= view.getInt32(last, true);
  } else {
    for (let i = start; i < end; i++) hash = (hash << 8) | codes[i]!;
  }
  return mix(hash);
}

/** A table of twice the size with the members found so far. */
function rehash(size: number, count: number): Int32Array {
  if (table.length < size) table = new Int32Array(size);
  else table.fill(0, 0, size);
  const mask = size - 1;
  for (let i = 0; i < count; i++) {
    let slot = members[i]! & mask;
    while (table[slot] !== 0) slot = (slot + 1) & mask;
    table[slot] = members[i]!;
  }
  return table;
}

function doubled(array: Int32Array): Int32Array {
  const longer = new Int32Array(array.length * 2);
  longer.set(array);
  return longer;
}

/** Spreads a word's hash over all 32 bits (MurmurHash3's finalizer); never 0, which marks an empty slot. */
function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  return h === 0 ? 1 : h;
}

/** The block of a hash, by the multiplication of its upper half (Lemire's reduction), so any number of blocks will do. */
function blockOf(hash: number, blocks: number): number {
  return Math.floor(((hash >>> 0) * blocks) / 0x100000000);
}

/** Other bits of the same hash, for the places within a block. */
function bitsOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 0;
}
