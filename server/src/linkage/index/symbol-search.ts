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

/** A name that fits. */
export interface NameMatch {
  /** Its number in the string table. */
  readonly id: number;
  /** The smaller, the better it fits: better tiers first, then shorter names. */
  readonly rank: number;
}

const MAX_RANKED_LENGTH = 255;

function rankOf(tier: Tier, length: number): number {
  return (tier << 8) | Math.min(length, MAX_RANKED_LENGTH);
}

/**
 * At most `limit` names that hold the query's letters in order, both cases alike, the best fits first, and those that fit alike by
 * their bytes: the same names, in whichever order they came into the table. `isWanted` is asked of candidates that would make the
 * list. `letters` has the {@link letterMask} of each string, or 0 where it is no name.
 */
export function searchNames(
  strings: StringTable,
  letters: Uint32Array,
  query: string,
  limit: number,
  isWanted: (id: number) => boolean,
): NameMatch[] {
  const wanted = Buffer.from(query.toLowerCase(), "utf8");
  if (limit <= 0 || wanted.length === 0) return [];
  const mask = letterMask(wanted, 0, wanted.length);
  const { starts, bytes, count } = strings;
  const best: NameMatch[] = [];
  for (let id = 1; id < count; id++) {
    if ((letters[id]! & mask) !== mask) continue;
    const start = starts[id]!;
    const end = starts[id + 1]!;
    const length = end - start;
    const worst = best.length < limit ? undefined : best[limit - 1]!;
    // Most names are too long to make the list, however well they fit.
    if (length < wanted.length || (worst && length > wanted.length && rankOf(1, length) > worst.rank)) continue;
    const tier = tierOf(bytes, start, end, wanted);
    if (tier === undefined) continue;
    const match = { id, rank: rankOf(tier, length) };
    if ((worst && compareMatches(strings, worst, match) < 0) || !isWanted(id)) continue;
    best.splice(placeIn(best, match, strings), 0, match);
    if (best.length > limit) best.pop();
  }
  return best;
}

function compareMatches(strings: StringTable, a: NameMatch, b: NameMatch): number {
  return a.rank - b.rank || compareNames(strings, a.id, b.id);
}

function compareNames({ starts, bytes }: StringTable, a: number, b: number): number {
  const one = bytes.subarray(starts[a]!, starts[a + 1]!);
  return Buffer.compare(one, bytes.subarray(starts[b]!, starts[b + 1]!));
}

/** Where the match belongs among the others. */
function placeIn(best: readonly NameMatch[], match: NameMatch, strings: StringTable): number {
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareMatches(strings, best[middle]!, match) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
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
