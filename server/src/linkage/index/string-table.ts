/**
 * Interned strings: every name, condition and word of the tree once, as bytes in one buffer, numbered from 0. A million of
 * JavaScript's own strings in a Map would cost ten times the memory and could neither be sent to another thread nor be
 * written to a file as they are. It knows nothing of what the strings mean.
 */

import { grownBytes, grownWords } from "./columns.ts";

/** Strings by number. Number 0 is always the empty string. */
export interface StringTable {
  /** How many strings there are; numbers are below it. */
  count: number;
  /** The strings in UTF-8, one after the other. */
  bytes: Uint8Array;
  /** Where each string starts in `bytes`; one more entry than strings, so that the next start is the end. */
  starts: Uint32Array;
  /** The hash of each string. */
  hashes: Uint32Array;
  /** An open-addressed table of string number + 1, by hash; its length is a power of two. */
  slots: Uint32Array;
}

const encoder = new TextEncoder();

/** Where strings beyond ASCII are encoded before they are looked up; grows to the longest seen. */
let scratch: Uint8Array = new Uint8Array(256);

export function createStringTable(): StringTable {
  const table: StringTable = {
    count: 0,
    bytes: new Uint8Array(1 << 12),
    starts: new Uint32Array(1 << 8),
    hashes: new Uint32Array(1 << 8),
    slots: new Uint32Array(1 << 9),
  };
  internString(table, "");
  return table;
}

/** The number of a string, which is added where it is new. */
export function internString(table: StringTable, text: string): number {
  const length = encodeToScratch(text);
  return internBytes(table, scratch, 0, length);
}

/** The number of the string whose UTF-8 bytes are [start, end) of `bytes`, which is added where it is new. */
export function internBytes(table: StringTable, bytes: Uint8Array, start: number, end: number): number {
  const hash = hashBytes(bytes, start, end);
  const slot = findSlot(table, hash, bytes, start, end);
  const found = table.slots[slot]!;
  if (found !== 0) return found - 1;
  return add(table, slot, hash, bytes, start, end);
}

/** The number of a string, or undefined where the table does not hold it. */
export function findString(table: StringTable, text: string): number | undefined {
  const length = encodeToScratch(text);
  const slot = findSlot(table, hashBytes(scratch, 0, length), scratch, 0, length);
  const found = table.slots[slot]!;
  return found === 0 ? undefined : found - 1;
}

/** The string of a number; "" for a number that the table does not hold. */
export function stringOf(table: StringTable, id: number): string {
  if (id <= 0 || id >= table.count) return "";
  const { bytes } = table;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.toString("utf8", table.starts[id]!, table.starts[id + 1]!);
}

function add(table: StringTable, slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
  const id = table.count;
  const at = id === 0 ? 0 : table.starts[id]!;
  const length = end - start;
  table.bytes = grownBytes(table.bytes, at + length);
  table.starts = grownWords(table.starts, id + 2);
  table.hashes = grownWords(table.hashes, id + 1);
  const target = table.bytes;
  for (let i = 0; i < length; i++) target[at + i] = bytes[start + i]!;
  table.starts[id] = at;
  table.starts[id + 1] = at + length;
  table.hashes[id] = hash;
  table.slots[slot] = id + 1;
  table.count = id + 1;
  // Kept at most half full, where a lookup of an absent string ends after one and a half steps on average.
  if (table.count * 2 > table.slots.length) rehash(table);
  return id;
}

function rehash(table: StringTable): void {
  const slots = new Uint32Array(table.slots.length * 2);
  const mask = slots.length - 1;
  for (let id = 0; id < table.count; id++) {
    let slot = table.hashes[id]! & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id + 1;
  }
  table.slots = slots;
}

/** The slot that holds the string, or the empty one where it belongs. */
function findSlot(table: StringTable, hash: number, bytes: Uint8Array, start: number, end: number): number {
  const { slots, hashes, starts } = table;
  const stored = table.bytes;
  const mask = slots.length - 1;
  const length = end - start;
  let slot = hash & mask;
  for (;;) {
    const entry = slots[slot]!;
    if (entry === 0) return slot;
    const id = entry - 1;
    if (hashes[id] === hash) {
      const at = starts[id]!;
      if (starts[id + 1]! - at === length) {
        let i = 0;
        while (i < length && stored[at + i] === bytes[start + i]) i++;
        if (i === length) return slot;
      }
    }
    slot = (slot + 1) & mask;
  }
}

/** FNV-1a, its upper bits folded down because slots are chosen by the lower ones; 31 bits, which V8 keeps unboxed. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
}

/** Writes the string's UTF-8 bytes to `scratch` and gives their number. */
function encodeToScratch(text: string): number {
  const { length } = text;
  // Every UTF-16 unit takes at most three bytes.
  if (scratch.length < length * 3) scratch = new Uint8Array(length * 3);
  const target = scratch;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return encoder.encodeInto(text, target).written;
    target[i] = unit;
  }
  return length;
}
