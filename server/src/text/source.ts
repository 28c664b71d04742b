/**
 * A source text as the scanners see it: one byte for each UTF-16 unit, so that an offset means the same to a scanner, to
 * the editor and to a string. It must not know where the text came from, nor in which language it is written.
 *
 * Nearly every kernel source is ASCII; there the bytes of the file are the codes and no string is ever made of the whole.
 */

import { isAscii } from "node:buffer";
import { createAttached } from "./attached.ts";
import { decodeText } from "./encoding.ts";
import type { Span } from "./span.ts";

/** The code that stands for any unit beyond ASCII. Scanners treat it as a letter, as compilers do in identifiers. */
export const NON_ASCII = 0xff;

/** A text to scan. Immutable by contract: nobody writes into `codes`. */
export interface Source {
  /** One byte for each UTF-16 unit: its ASCII code, or {@link NON_ASCII}. */
  readonly codes: Uint8Array;
  /** The length in UTF-16 units, which is the number of codes. */
  readonly length: number;
  /** The text of [start, end), in UTF-16 units. */
  slice(start: number, end: number): string;
}

/** Units beyond ASCII, which the codes don't tell: where they are, in order, and what they are. */
interface WideUnits {
  readonly offsets: readonly number[];
  readonly units: readonly number[];
}

const NONE: WideUnits = { offsets: [], units: [] };

/** A text with more units beyond ASCII than this is a string, and not taken apart. */
const MOST_WIDE = 4096;

/** What is known of the units beyond ASCII of a source that was made of a string; nothing where they are too many. */
const wideOfSource = createAttached<Source, WideUnits>();

/** Makes a source of a string, such as an editor's buffer. */
export function sourceOfText(text: string): Source {
  const bytes = Buffer.from(text, "utf8");
  // As many bytes as units: all of them are ASCII.
  if (bytes.length === text.length) {
    const source = { codes: bytes, length: text.length, slice: (start: number, end: number) => text.slice(start, end) };
    wideOfSource.set(source, NONE);
    return source;
  }
  const codes = Buffer.allocUnsafeSlow(text.length);
  const offsets: number[] = [];
  const units: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    codes[i] = unit < 0x80 ? unit : NON_ASCII;
    if (unit < 0x80 || offsets.length > MOST_WIDE) continue;
    offsets.push(i);
    units.push(unit);
  }
  const source = { codes, length: text.length, slice: (start: number, end: number) => text.slice(start, end) };
  if (offsets.length <= MOST_WIDE) wideOfSource.set(source, { offsets, units });
  return source;
}

/**
 * The source with [start, end), in UTF-16 units, replaced. It costs a copy of the codes, and nothing is looked at but the text
 * that is put in: an editor sends a change with every key, mostly of one letter in a large file.
 */
export function replaceInSource(source: Source, start: number, end: number, text: string): Source {
  const put = sourceOfText(text);
  const before = wideOfSource.get(source);
  const added = wideOfSource.get(put);
  const count = (before?.offsets.length ?? 0) + (added?.offsets.length ?? 0);
  if (before === undefined || added === undefined || count > MOST_WIDE) {
    return sourceOfText(source.slice(0, start) + text + source.slice(end, source.length));
  }
  const length = source.length - (end - start) + put.length;
  const codes = Buffer.allocUnsafeSlow(length);
  codes.set(source.codes.subarray(0, start), 0);
  codes.set(put.codes, start);
  codes.set(source.codes.subarray(end, source.length), start + put.length);
  const wide = replaceInWide(before, { start, end }, added, put.length);
  const changed = { codes, length, slice: (from: number, to: number) => sliceOf(codes, wide, from, to) };
  wideOfSource.set(changed, wide);
  return changed;
}

function replaceInWide(before: WideUnits, { start, end }: Span, added: WideUnits, put: number): WideUnits {
  const { offsets, units } = before;
  if (offsets.length === 0 && added.offsets.length === 0) return NONE;
  const from = firstFrom(offsets, start);
  const behind = firstFrom(offsets, end);
  const shift = put - (end - start);
  return {
    offsets: [
      ...offsets.slice(0, from),
      ...added.offsets.map((offset) => offset + start),
      ...offsets.slice(behind).map((offset) => offset + shift),
    ],
    units: [...units.slice(0, from), ...added.units, ...units.slice(behind)],
  };
}

/** The text of [start, end) of codes, with what they don't tell put in its places. */
function sliceOf(codes: Buffer, { offsets, units }: WideUnits, start: number, end: number): string {
  let text = "";
  let from = start;
  for (let i = firstFrom(offsets, start); i < offsets.length && offsets[i]! < end; i++) {
    text += codes.toString("latin1", from, offsets[i]) + String.fromCharCode(units[i]!);
    from = offsets[i]! + 1;
  }
  return text + codes.toString("latin1", from, end);
}

/** The index of the first offset that is not before this one. */
function firstFrom(offsets: readonly number[], offset: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first bytes that are looked at to tell binary files from text, as git does. */
const BINARY_PROBE = 8000;

/**
 * Makes a source of a file's bytes: UTF-8, with or without a byte order mark, or Latin-1 where it is not valid UTF-8.
 * A binary file (a NUL byte near its start) gives undefined. The bytes are not copied when they are all ASCII.
 */
export function sourceOfBytes(bytes: Uint8Array): Source | undefined {
  const probe = bytes.subarray(0, BINARY_PROBE);
  if (probe.includes(0)) return undefined;
  if (isAscii(bytes)) {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return { codes: bytes, length: bytes.length, slice: (start, end) => view.toString("latin1", start, end) };
  }
  return sourceOfText(decodeText(bytes));
}
