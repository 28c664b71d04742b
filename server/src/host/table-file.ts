/**
 * A fact table as a file: its arrays one after the other, each with its length and a hash. A file that was cut off, that a
 * bit of was flipped, or that another version wrote is as good as none; nothing of it reaches the index. It knows nothing of
 * when files are written or where they lie.
 *
 *     header   magic, format, key, number of sections, then for each section its length in bytes and its hash; its own hash
 *     sections in the order of `sectionsOf`, each padded to a multiple of 8 bytes
 */

import type { FileHandle } from "node:fs/promises";
import { createStretches } from "../linkage/index/columns.ts";
import { createFactTable, type FactTable, fileWordColumns } from "../linkage/index/fact-table.ts";
import { hashWords } from "./content-hash.ts";

/** What a file holds beside the table. */
export interface StoredTable {
  readonly table: FactTable;
  readonly buildFiles: readonly string[];
}

/** "WEAKSPOT" read as two numbers, the format of this file, and places in the header, all as 32-bit words. */
const MAGIC = [0x4b414557, 0x544f5053] as const;
const FORMAT = 2;
const KEY_AT = 3;
const COUNT_AT = 5;
const SECTIONS_AT = 6;
/** Words of a section in the header: its length in bytes, and two of its hash. */
const SECTION_WORDS = 3;

/** This much is hashed before others get their turn: a few milliseconds. */
const SLICE_BYTES = 4 * 1024 * 1024;

/** A table's arrays in their fixed order, cut to what is used of them. */
function sectionsOf({ table, buildFiles }: StoredTable): (Uint8Array | Uint32Array)[] {
  const { strings, rows, files } = table;
  const rowEnd = table.rowStretches.end;
  const fileCount = table.paths.length;
  return [
    joinPaths(table.paths),
    joinPaths(buildFiles),
    Uint32Array.of(strings.count, rowEnd, table.signatureStretches.end, table.liveRows, table.foundedOn),
    strings.bytes.subarray(0, strings.starts[strings.count]!),
    strings.starts.subarray(0, strings.count + 1),
    strings.hashes.subarray(0, strings.count),
    strings.slots,
    rows.name.subarray(0, rowEnd),
    rows.start.subarray(0, rowEnd),
    rows.shape.subarray(0, rowEnd),
    rows.condition.subarray(0, rowEnd),
    rows.detail.subarray(0, rowEnd),
    table.owner.subarray(0, rowEnd),
    table.next.subarray(0, rowEnd),
    table.previous.subarray(0, rowEnd),
    table.heads.subarray(0, strings.count),
    table.letters.subarray(0, strings.count),
    table.signatures.subarray(0, table.signatureStretches.end),
    files.language.subarray(0, fileCount),
    ...fileWordColumns.map((key) => files[key].subarray(0, fileCount)),
  ];
}

/** Puts sections back into a table; the opposite of {@link sectionsOf}. */
function tableOf(sections: readonly Uint8Array[]): StoredTable {
  const table = createFactTable();
  let at = 0;
  const bytes = (): Uint8Array => sections[at++]!;
  const exactWords = (): Uint32Array => {
    const section = bytes();
    return new Uint32Array(section.buffer, 0, section.length >>> 2);
  };
  // Columns take the room to grow that their buffers have.
  const words = (): Uint32Array => new Uint32Array(bytes().buffer);
  const growingBytes = (): Uint8Array => new Uint8Array(bytes().buffer);
  for (const path of splitPaths(bytes())) table.paths.push(path);
  const buildFiles = splitPaths(bytes());
  const [stringCount = 0, rowEnd = 0, signatureEnd = 0, liveRows = 0, foundedOn = 0] = exactWords();
  const { strings, rows, files } = table;
  strings.count = stringCount;
  strings.bytes = growingBytes();
  strings.starts = words();
  strings.hashes = words();
  strings.slots = exactWords();
  rows.count = rowEnd;
  rows.name = words();
  rows.start = words();
  rows.shape = words();
  rows.condition = words();
  rows.detail = words();
  table.owner = words();
  table.next = words();
  table.previous = words();
  table.heads = words();
  table.letters = words();
  table.signatures = words();
  files.language = growingBytes();
  for (const key of fileWordColumns) files[key] = words();
  Object.assign(table.rowStretches, createStretches(rowEnd));
  Object.assign(table.signatureStretches, createStretches(signatureEnd));
  table.liveRows = liveRows;
  table.foundedOn = foundedOn;
  for (const [file, path] of table.paths.entries()) {
    if (path === "") table.freeFiles.push(file);
    else table.fileNumbers.set(path, file);
  }
  return { table, buildFiles };
}

/** How many sections a file has. */
const SECTION_COUNT = 19 + fileWordColumns.length;

const HEADER_WORDS = SECTIONS_AT + SECTION_COUNT * SECTION_WORDS + 2;

/**
 * Writes a table. Nobody may change it before the promise resolves.
 * @param key two words that must be the same when the file is read
 */
export async function writeTable(
  file: FileHandle,
  stored: StoredTable,
  key: readonly [number, number],
  signal: AbortSignal,
): Promise<void> {
  const sections = sectionsOf(stored);
  const header = new Uint32Array(HEADER_WORDS);
  header.set([...MAGIC, FORMAT, ...key, sections.length]);
  let position = paddedLength(header.byteLength);
  for (const [i, section] of sections.entries()) {
    const bytes = new Uint8Array(section.buffer, section.byteOffset, section.byteLength);
    const at = SECTIONS_AT + i * SECTION_WORDS;
    header[at] = bytes.length;
    header.set(await hashSection(bytes, signal), at + 1);
    await writeAll(file, bytes, position);
    position += paddedLength(bytes.length);
  }
  // The padding of the last section, so that the length alone tells a file that was cut off.
  await file.truncate(position);
  const end = header.length - 2;
  header.set(hashWords(header, end, FORMAT), end);
  await writeAll(file, new Uint8Array(header.buffer), 0);
  await file.sync();
}

/** Reads a table; undefined when the file is not one that was written whole, by this format and with this key. */
export async function readTable(
  file: FileHandle,
  key: readonly [number, number],
  signal: AbortSignal,
): Promise<StoredTable | undefined> {
  const { size } = await file.stat();
  const header = new Uint32Array(HEADER_WORDS);
  if (!(await readAll(file, new Uint8Array(header.buffer), 0)) || !isSound(header, key, size)) return undefined;
  const sections: Uint8Array[] = [];
  let position = paddedLength(header.byteLength);
  for (let i = 0; i < SECTION_COUNT; i++) {
    const at = SECTIONS_AT + i * SECTION_WORDS;
    const length = header[at]!;
    // A buffer of its own for each section, so that a column that grows frees the one it grew out of, with some room, so
    // that the first change does not copy all columns. Room that is not used takes no memory.
    const bytes = new Uint8Array(new ArrayBuffer(paddedLength(length * 1.125)), 0, length);
    if (!(await readAll(file, bytes, position))) return undefined;
    const hash = await hashSection(bytes, signal);
    if (hash[0] !== header[at + 1] || hash[1] !== header[at + 2]) return undefined;
    sections.push(bytes);
    position += paddedLength(length);
  }
  return tableOf(sections);
}

function isSound(header: Uint32Array, key: readonly [number, number], size: number): boolean {
  if (header[0] !== MAGIC[0] || header[1] !== MAGIC[1] || header[2] !== FORMAT) return false;
  if (header[KEY_AT] !== key[0] || header[KEY_AT + 1] !== key[1] || header[COUNT_AT] !== SECTION_COUNT) return false;
  const end = header.length - 2;
  const hash = hashWords(header, end, FORMAT);
  if (header[end] !== hash[0] || header[end + 1] !== hash[1]) return false;
  let expected = paddedLength(header.byteLength);
  for (let i = 0; i < SECTION_COUNT; i++) expected += paddedLength(header[SECTIONS_AT + i * SECTION_WORDS]!);
  return expected === size;
}

function paddedLength(length: number): number {
  return Math.ceil(length / 8) * 8;
}

async function hashSection(bytes: Uint8Array, signal: AbortSignal): Promise<[number, number]> {
  let hash: [number, number] = [bytes.length, 0];
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    const slice = bytes.subarray(start, start + SLICE_BYTES);
    const words = new Uint32Array(slice.buffer, slice.byteOffset, slice.length >>> 2);
    const [high, low] = hashWords(words, words.length, hash[0] ^ hash[1]);
    let tail = 0;
    for (let i = slice.length & ~3; i < slice.length; i++) tail = (tail << 8) | slice[i]!;
    hash = [(high ^ tail) >>> 0, low];
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
  return hash;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** False when the file ends before. */
async function readAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<boolean> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}

/** Paths with a NUL after each, the one character that no path has. */
function joinPaths(paths: readonly string[]): Uint8Array {
  return new TextEncoder().encode(paths.map((path) => `${path}\0`).join(""));
}

function splitPaths(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split("\0").slice(0, -1);
}
