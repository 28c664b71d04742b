/**
 * Finds symbols' names by a few of their letters, for the editor's symbol search, among a million names within
 * milliseconds. It reads names as bytes and knows nothing of facts.
 */

import type { StringTable } from "./string-table.ts";

const DIGIT_BIT = 1 << 26;
const OTHER_BIT = 1 << 27;
/** Set in every mask, so that no name's mask is 0. */
const NAME_BIT = 1 << 28;

/** One bit for each letter of ASCII, both cases alike, one for all digits and one for all the rest. */
export function letterMask(bytes: Uint8Array, start: number, end: number): number {
  let mask = NAME_BIT;
  for (let i = start; i < end; i++) {
    const code = bytes[i]!;
    const letter = (code | 0x20) - 0x61;
    if (letter >= 0 && letter < 26 && code < 0x80) mask |= 1 << letter;
    else if (code >= 0x30 && code <= 0x39) mask |= DIGIT_BIT;
    else mask |= OTHER_BIT;
  }
  return mask;
}

/** How well a name fits: 0 is the name itself, 1 starts with the query, 2 holds it in one piece, 3 has its letters in order. */
type Tier = 0 | 1 | 2 | 3;

/**
 * The numbers of at most `limit` names that hold the query's letters in order, both cases alike: the best fits first,
 * shorter ones before longer ones. `isWanted` is asked of candidates that would make the list.
 */
export function searchNames(
  strings: StringTable,
  letters: Uint32Array,
  query: string,
  limit: number,
  isWanted: (id: number) => boolean,
): number[] {
  const wanted = Buffer.from(query.toLowerCase(), "utf8");
  if (limit <= 0 || wanted.length === 0) return [];
  const mask = letterMask(wanted, 0, wanted.length);
  const { starts, bytes } = strings;
  // A key orders first by tier, then by length; a list for each key up to the worst that still makes the list.
  const found: number[][] = [];
  let count = 0;
  let worst = Number.MAX_SAFE_INTEGER;
  for (let id = 1; id < strings.count; id++) {
    if ((letters[id]! & mask) !== mask) continue;
    const start = starts[id]!;
    const end = starts[id + 1]!;
    if (end - start < wanted.length) continue;
    const tier = tierOf(bytes, start, end, wanted);
    if (tier === undefined) continue;
    const key = (tier << 8) | Math.min(end - start, 255);
    if (key > worst || (key === worst && count >= limit) || !isWanted(id)) continue;
    while (found.length <= key) found.push([]);
    found[key]!.push(id);
    count++;
    // Drop the worst list as soon as the better ones fill the limit by themselves.
    worst = found.length - 1;
    while (count - found[worst]!.length >= limit) {
      count -= found[worst]!.length;
      found.pop();
      worst--;
    }
    if (count < limit) worst = Number.MAX_SAFE_INTEGER;
  }
  return found.flat().slice(0, limit);
}

function tierOf(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): Tier | undefined {
  const { length } = wanted;
  const first = wanted[0]!;
  let at = 0;
  let anyOrder = false;
  for (let i = start; i < end; i++) {
    const code = lower(bytes[i]!);
    if (!anyOrder && code === wanted[at] && ++at === length) anyOrder = true;
    if (code === first && i + length <= end && startsHere(bytes, i, wanted)) {
      if (i > start) return 2;
      return end - start === length ? 0 : 1;
    }
    if (!anyOrder && end - i - 1 < length - at) return undefined;
  }
  return anyOrder ? 3 : undefined;
}

function startsHere(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (lower(bytes[start + i]!) !== wanted[i]) return false;
  return true;
}

function lower(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
}
