/**
 * How positions count (LSP 3.17, "PositionEncodingKind"): in UTF-16 units, as our offsets do, or in bytes of UTF-8 or in code points, where
 * the client would rather have that. It is agreed on once, with `initialize`; a process serves one client. Nobody but convert.ts asks.
 */

import { type ClientCapabilities, PositionEncodingKind } from "vscode-languageserver";
import { createAttached } from "../text/attached.ts";
import { NON_ASCII, type Source } from "../text/source.ts";

let agreed: PositionEncodingKind = PositionEncodingKind.UTF16;

/** Agrees with a client: on the first of what it names that is known here, or on UTF-16, which every client knows. */
export function agreeOnEncoding({ general }: ClientCapabilities): PositionEncodingKind {
  const known: readonly PositionEncodingKind[] = Object.values(PositionEncodingKind);
  agreed = general?.positionEncodings?.find((one) => known.includes(one)) ?? PositionEncodingKind.UTF16;
  return agreed;
}

/**
 * Where a source's units count for more or less than one: the offset of each such unit, and behind it how much all up to it count beyond
 * their number.
 */
interface Surplus {
  readonly encoding: PositionEncodingKind;
  readonly offsets: readonly number[];
  readonly sums: readonly number[];
}

const surpluses = createAttached<Source, Surplus>();

/** The length of [start, end) as the client counts. */
export function lengthIn(source: Source, start: number, end: number): number {
  if (agreed === PositionEncodingKind.UTF16) return end - start;
  const surplus = surplusOf(source);
  return end - start + sumBefore(surplus, end) - sumBefore(surplus, start);
}

/**
 * The offset, in UTF-16 units, that is `length` behind `start` as the client counts; `end` where that is beyond it. A length that ends
 * within a character ends before it.
 */
export function offsetBehind(source: Source, start: number, end: number, length: number): number {
  if (agreed === PositionEncodingKind.UTF16) return Math.min(start + length, end);
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (lengthIn(source, start, middle) <= length) low = middle;
    else high = middle - 1;
  }
  return splitsPair(source, low) ? low - 1 : low;
}

function surplusOf(source: Source): Surplus {
  const before = surpluses.get(source);
  if (before?.encoding === agreed) return before;
  const offsets: number[] = [];
  const sums: number[] = [];
  let sum = 0;
  for (let at = nextWide(source, 0); at < source.length; at = nextWide(source, at)) {
    let end = at;
    while (end < source.length && source.codes[end] === NON_ASCII) end++;
    const text = source.slice(at, end);
    for (let i = 0; i < text.length; i++) {
      const more = surplusOfUnit(text, i);
      if (more === 0) continue;
      sum += more;
      offsets.push(at + i);
      sums.push(sum);
    }
    at = end;
  }
  const surplus = { encoding: agreed, offsets, sums };
  surpluses.set(source, surplus);
  return surplus;
}

/** The first unit beyond ASCII from here on. The codes may go on behind the source. */
function nextWide({ codes, length }: Source, from: number): number {
  const at = codes.indexOf(NON_ASCII, from);
  return at < 0 ? length : at;
}

/** How much a unit counts beyond one. Of a pair of surrogates the second counts for both; one by itself is sent as U+FFFD. */
function surplusOfUnit(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  const isUtf8 = agreed === PositionEncodingKind.UTF8;
  if (isHigh(unit) && isLow(text.charCodeAt(index + 1))) return isUtf8 ? 2 : 0;
  if (isLow(unit) && isHigh(text.charCodeAt(index - 1))) return isUtf8 ? 0 : -1;
  if (!isUtf8) return 0;
  return unit < 0x800 ? 1 : 2;
}

function sumBefore({ offsets, sums }: Surplus, offset: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : sums[low - 1]!;
}

function splitsPair(source: Source, offset: number): boolean {
  if (offset === 0 || source.codes[offset] !== NON_ASCII || source.codes[offset - 1] !== NON_ASCII) return false;
  const around = source.slice(offset - 1, offset + 1);
  return isHigh(around.charCodeAt(0)) && isLow(around.charCodeAt(1));
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
