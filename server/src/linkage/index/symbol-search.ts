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
 * At most `limit` names that hold the query's letters in order, both cases alike, the best fits first. `isWanted` is asked
 * of candidates that would make the list. `letters` has the {@link letterMask} of each string, or 0 where it is no name.
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
  // The matches of each rank, up to the worst that still makes the list.
  const ranks: number[][] = [];
  let found = 0;
  let worst = Number.MAX_SAFE_INTEGER;
  for (let id = 1; id < count; id++) {
    if ((letters[id]! & mask) !== mask) continue;
    const start = starts[id]!;
    const end = starts[id + 1]!;
    const length = end - start;
    // Most names are too long to make the list, however well they fit.
    if (length < wanted.length || (length > wanted.length && rankOf(1, length) > worst)) continue;
    const tier = tierOf(bytes, start, end, wanted);
    if (tier === undefined) continue;
    const rank = rankOf(tier, length);
    if (rank > worst || !isWanted(id)) continue;
    while (ranks.length <= rank) ranks.push([]);
    ranks[rank]!.push(id);
    found++;
    if (found < limit) continue;
    // The ranks better than the worst may fill the list by themselves; then the worst is of no use.
    while (found - ranks[ranks.length - 1]!.length >= limit) found -= ranks.pop()!.length;
    // Only better ones than the worst can still push something out.
    worst = ranks.length - 2;
  }
  return ranks.flatMap((ids, rank) => ids.map((id) => ({ id, rank }))).slice(0, limit);
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
