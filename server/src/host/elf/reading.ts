/**
 * What every reader of one object shares: the bytes, what has gone wrong so far, how much memory may still be used, and
 * whether anybody still wants the answer. It must not know any format.
 */

import type { ByteSource } from "./byte-source.ts";

export interface Reading {
  readonly source: ByteSource;
  /** Sentences about what could not be read, for people; the answer is a part of the truth when there are any. */
  readonly problems: string[];
  /** Throws when the answer is not wanted any more. Called at least every few milliseconds of work. */
  readonly checkCancelled: () => void;
  /** How many bytes of symbol and string tables may still be read into memory. */
  tableBytesLeft: number;
}

/**
 * The most bytes of symbol and string tables that are kept of one object: 20 times what a distribution's kernel has. With
 * the index of the names and the counts of relocations this stays below 500 MB, whatever a file claims.
 */
const MAX_TABLE_BYTES = 128 * 2 ** 20;

/** Broken files break in a thousand places; nobody reads more than these. */
const MAX_PROBLEMS = 20;

export function startReading(source: ByteSource, checkCancelled: () => void): Reading {
  return { source, problems: [], checkCancelled, tableBytesLeft: MAX_TABLE_BYTES };
}

/** Remembers a problem, once, and not more of them than anybody would read. */
export function noteProblem(reading: Pick<Reading, "problems">, problem: string): void {
  if (reading.problems.length < MAX_PROBLEMS && !reading.problems.includes(problem)) reading.problems.push(problem);
}

/**
 * Reads a table that is to be kept, as much of it as is in the file and as memory is left for, in whole entries of
 * `entrySize` bytes. What is missing becomes a problem that names the table by `what`.
 */
export function readElfTable(
  reading: Reading,
  what: string,
  offset: number,
  size: number,
  entrySize: number,
): Uint8Array<ArrayBuffer> {
  const available = Math.max(0, Math.min(size, reading.source.size - offset));
  if (available < size) noteProblem(reading, `${what} reaches beyond the end of the file`);
  const affordable = Math.min(available, reading.tableBytesLeft);
  if (affordable < available) noteProblem(reading, `${what} is larger than can be kept in memory`);
  const bytes = reading.source.read(offset, affordable - (affordable % entrySize));
  reading.tableBytesLeft -= bytes.length;
  return bytes.length % entrySize === 0 ? bytes : bytes.slice(0, bytes.length - (bytes.length % entrySize));
}
