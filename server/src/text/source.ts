/**
 * A source text as the scanners see it: one byte for each UTF-16 unit, so that an offset means the same to a scanner, to
 * the editor and to a string. It must not know where the text came from, nor in which language it is written.
 *
 * Nearly every kernel source is ASCII; there the bytes of the file are the codes and no string is ever made of the whole.
 */

import { isAscii } from "node:buffer";
import { decodeText } from "./encoding.ts";

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

/** Makes a source of a string, such as an editor's buffer. */
export function sourceOfText(text: string): Source {
  const bytes = Buffer.from(text, "utf8");
  // As many bytes as units: all of them are ASCII.
  if (bytes.length === text.length) {
    return { codes: bytes, length: text.length, slice: (start, end) => text.slice(start, end) };
  }
  const codes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    codes[i] = unit < 0x80 ? unit : NON_ASCII;
  }
  return { codes, length: text.length, slice: (start, end) => text.slice(start, end) };
}

/**
 * The source with [start, end), in UTF-16 units, replaced. It costs a copy of the codes, and nothing is looked at but the text
 * that is put in: an editor sends a change with every key, mostly of one letter in a large file.
 */
export function replaceInSource(source: Source, start: number, end: number, text: string): Source {
  const put = sourceOfText(text);
  const length = source.length - (end - start) + put.length;
  const codes = Buffer.allocUnsafeSlow(length);
  codes.set(source.codes.subarray(0, start), 0);
  codes.set(put.codes, start);
  codes.set(source.codes.subarray(end, source.length), start + put.length);
  if (isAscii(codes)) return { codes, length, slice: (from, to) => codes.toString("latin1", from, to) };
  const whole = source.slice(0, start) + text + source.slice(end, source.length);
  return { codes, length, slice: (from, to) => whole.slice(from, to) };
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
