/**
 * The facts of a whole tree, in columns: rows of each file side by side, chained by name, and each file's word signature.
 * Replacing a file's facts touches that file's rows only. It knows nothing of open buffers, of languages or of IO, and
 * every array of it can be written to disk and read back as it is.
 */

import type { Language } from "../facts/facts.ts";
import { createStretches, freeStretch, grownBytes, grownWords, type Stretches, takeStretch } from "./columns.ts";
import type { FileStamp } from "./fact-batch.ts";
import { createFactRows, type FactRows, growFactRows, languageNumber, RowKind, rowKind } from "./packed-facts.ts";
import { createStringTable, type StringTable } from "./string-table.ts";
import { letterMask } from "./symbol-search.ts";

/** One entry for each file number. */
export interface FileColumns {
  language: Uint8Array;
  rowStart: Uint32Array;
  rowCount: Uint32Array;
  /** Rows that the file may use without moving. */
  rowCapacity: Uint32Array;
  signatureStart: Uint32Array;
  signatureLength: Uint32Array;
  signatureCapacity: Uint32Array;
  size: Uint32Array;
  statHigh: Uint32Array;
  statLow: Uint32Array;
  contentHigh: Uint32Array;
  contentLow: Uint32Array;
}

export interface FactTable {
  readonly strings: StringTable;
  readonly rows: FactRows;
  /** The file number of each row. */
  owner: Uint32Array;
  /** The next and the previous row of the same name, plus 1; 0 ends a chain. */
  next: Uint32Array;
  previous: Uint32Array;
  /** The first row of each string, plus 1. */
  heads: Uint32Array;
  /** Which letters each string has, if it was ever a symbol's name or may be one that a macro makes, else 0. */
  letters: Uint32Array;
  signatures: Uint32Array;
  readonly rowStretches: Stretches;
  readonly signatureStretches: Stretches;
  /** File numbers by path, and paths by file number; "" is a number that is free. */
  readonly fileNumbers: Map<string, number>;
  readonly paths: string[];
  readonly files: FileColumns;
  readonly freeFiles: number[];
  /** How many rows belong to files. */
  liveRows: number;
  /** Counts the changes to what macros make: to the rows of makers and handovers, save where they stand. */
  makerChanges: number;
  /** How many files the table is about to have, as far as that is known: its columns are made long enough for them. */
  expectedFiles: number;
  /** How many strings the table had when the whole tree had been read; what was added since may be garbage. */
  foundedOn: number;
}

export function createFactTable(): FactTable {
  return {
    strings: createStringTable(),
    rows: createFactRows(0),
    owner: new Uint32Array(0),
    next: new Uint32Array(0),
    previous: new Uint32Array(0),
    heads: new Uint32Array(0),
    letters: new Uint32Array(0),
    signatures: new Uint32Array(0),
    rowStretches: createStretches(),
    signatureStretches: createStretches(),
    fileNumbers: new Map(),
    paths: [],
    files: createFileColumns(),
    freeFiles: [],
    liveRows: 0,
    makerChanges: 0,
    expectedFiles: 0,
    foundedOn: 0,
  };
}

function createFileColumns(): FileColumns {
  return {
    language: new Uint8Array(0),
    rowStart: new Uint32Array(0),
    rowCount: new Uint32Array(0),
    rowCapacity: new Uint32Array(0),
    signatureStart: new Uint32Array(0),
    signatureLength: new Uint32Array(0),
    signatureCapacity: new Uint32Array(0),
    size: new Uint32Array(0),
    statHigh: new Uint32Array(0),
    statLow: new Uint32Array(0),
    contentHigh: new Uint32Array(0),
    contentLow: new Uint32Array(0),
  };
}

/** One file's facts, as rows [from, to) whose strings are the table's own, and its signature. */
export interface PackedFile {
  readonly language: Language;
  readonly stamp: FileStamp;
  readonly rows: FactRows;
  readonly from: number;
  readonly to: number;
  /** The whole blocks of the signature. */
  readonly signature: Uint32Array;
}

/** Puts a file's facts in the place of those that the table had of it. */
export function putFile(table: FactTable, path: string, packed: PackedFile): void {
  const file = table.fileNumbers.get(path) ?? addFile(table, path);
  const { files } = table;
  const before = hashMakers(table, file);
  unlinkRows(table, file);
  placeRows(table, file, packed.to - packed.from);
  copyRows(table, file, packed);
  if (hashMakers(table, file) !== before) table.makerChanges++;
  placeSignature(table, file, packed.signature.length);
  table.signatures.set(packed.signature, files.signatureStart[file]!);
  files.language[file] = languageNumber(packed.language);
  setStamp(table, file, packed.stamp);
}

/** Notes that a file's stamp is another while its facts are the same. */
export function setStamp(table: FactTable, file: number, stamp: FileStamp): void {
  const { files } = table;
  files.size[file] = stamp.size;
  files.statHigh[file] = stamp.stat[0];
  files.statLow[file] = stamp.stat[1];
  files.contentHigh[file] = stamp.content[0];
  files.contentLow[file] = stamp.content[1];
}

/** Takes a file out. False where the table does not have it. */
export function dropFile(table: FactTable, path: string): boolean {
  const file = table.fileNumbers.get(path);
  if (file === undefined) return false;
  if (hashMakers(table, file) !== 0) table.makerChanges++;
  unlinkRows(table, file);
  placeRows(table, file, 0);
  placeSignature(table, file, 0);
  table.fileNumbers.delete(path);
  table.paths[file] = "";
  table.freeFiles.push(file);
  return true;
}

/** The first row of a name, or -1; then {@link nextRow}. */
export function firstRow(table: FactTable, name: number): number {
  return (table.heads[name] ?? 0) - 1;
}

/** The next row of the same name, or -1. */
export function nextRow(table: FactTable, row: number): number {
  return table.next[row]! - 1;
}

/** From this many files on, what they hold tells what the others will. */
const TELLING_FILES = 500;

/** What the final length of a column is to the one that it needs now, by the files that are still to come. */
function growthOf({ fileNumbers, expectedFiles }: FactTable): number | undefined {
  if (fileNumbers.size < TELLING_FILES || expectedFiles <= fileNumbers.size) return undefined;
  return (expectedFiles / fileNumbers.size) * 1.1;
}

function addFile(table: FactTable, path: string): number {
  const file = table.freeFiles.pop() ?? table.paths.length;
  table.paths[file] = path;
  table.fileNumbers.set(path, file);
  const { files } = table;
  const growth = growthOf(table);
  files.language = grownBytes(files.language, file + 1, growth);
  for (const key of fileWordColumns) files[key] = grownWords(files[key], file + 1, growth);
  for (const key of fileWordColumns) files[key][file] = 0;
  return file;
}

/** The columns of {@link FileColumns} that are 32 bits wide. */
export const fileWordColumns = [
  "rowStart",
  "rowCount",
  "rowCapacity",
  "signatureStart",
  "signatureLength",
  "signatureCapacity",
  "size",
  "statHigh",
  "statLow",
  "contentHigh",
  "contentLow",
] as const satisfies readonly (keyof FileColumns)[];

/** A number made of what the file's macros make, wherever in it they stand; 0 where they make nothing. */
function hashMakers({ rows, files }: FactTable, file: number): number {
  const from = files.rowStart[file]!;
  const to = from + files.rowCount[file]!;
  let hash = 0;
  for (let row = from; row < to; row++) {
    const kind = rowKind(rows.shape[row]!);
    if (kind !== RowKind.maker && kind !== RowKind.handover) continue;
    for (const value of [kind, rows.name[row]!, rows.condition[row]!, rows.detail[row]!]) {
      hash = (Math.imul(hash ^ value, 0x01000193) + 1) | 0;
    }
  }
  return hash;
}

/** Takes the file's rows out of their chains. They stay the file's to use. */
function unlinkRows(table: FactTable, file: number): void {
  const { next, previous, heads, rows } = table;
  const start = table.files.rowStart[file]!;
  const count = table.files.rowCount[file]!;
  for (let row = start; row < start + count; row++) {
    const after = next[row]!;
    const before = previous[row]!;
    if (before === 0) heads[rows.name[row]!] = after;
    else next[before - 1] = after;
    if (after !== 0) previous[after - 1] = before;
  }
  table.files.rowCount[file] = 0;
  table.liveRows -= count;
}

/** Makes sure that the file has a stretch of `count` rows, which are not linked yet. */
function placeRows(table: FactTable, file: number, count: number): void {
  const { files } = table;
  const capacity = files.rowCapacity[file]!;
  if (count > capacity || count === 0) {
    freeStretch(table.rowStretches, { start: files.rowStart[file]!, capacity });
    const stretch = takeStretch(table.rowStretches, count);
    files.rowStart[file] = stretch.start;
    files.rowCapacity[file] = stretch.capacity;
    const end = table.rowStretches.end;
    const growth = growthOf(table);
    growFactRows(table.rows, end, growth);
    table.rows.count = end;
    table.owner = grownWords(table.owner, end, growth);
    table.next = grownWords(table.next, end, growth);
    table.previous = grownWords(table.previous, end, growth);
  }
  files.rowCount[file] = count;
  table.liveRows += count;
}

function copyRows(table: FactTable, file: number, packed: PackedFile): void {
  const { rows, strings } = table;
  const from = packed.rows;
  table.heads = grownWords(table.heads, strings.count);
  table.letters = grownWords(table.letters, strings.count);
  const { heads, letters, next, previous, owner } = table;
  let row = table.files.rowStart[file]!;
  for (let i = packed.from; i < packed.to; i++, row++) {
    const name = from.name[i]!;
    const shape = from.shape[i]!;
    rows.name[row] = name;
    rows.start[row] = from.start[i]!;
    rows.shape[row] = shape;
    rows.condition[row] = from.condition[i]!;
    rows.detail[row] = from.detail[i]!;
    owner[row] = file;
    const head = heads[name]!;
    next[row] = head;
    previous[row] = 0;
    if (head !== 0) previous[head - 1] = row + 1;
    heads[name] = row + 1;
    const kind = rowKind(shape);
    if (letters[name] === 0 && (kind === RowKind.symbol || kind === RowKind.argument)) {
      letters[name] = letterMask(strings.bytes, strings.starts[name]!, strings.starts[name + 1]!);
    }
  }
}

function placeSignature(table: FactTable, file: number, length: number): void {
  const { files } = table;
  const capacity = files.signatureCapacity[file]!;
  if (length > capacity || length === 0) {
    freeStretch(table.signatureStretches, { start: files.signatureStart[file]!, capacity });
    const stretch = takeStretch(table.signatureStretches, length);
    files.signatureStart[file] = stretch.start;
    files.signatureCapacity[file] = stretch.capacity;
    table.signatures = grownWords(table.signatures, table.signatureStretches.end, growthOf(table));
  }
  files.signatureLength[file] = length;
}
