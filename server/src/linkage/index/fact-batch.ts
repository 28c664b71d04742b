/**
 * The facts of some files on their way from one thread to another: arrays that are handed over, not copied. It knows
 * nothing of how files are read or of who asks.
 */

import type { FileFacts, Language } from "../facts/facts.ts";
import { createFactRows, type FactRows, packFacts } from "./packed-facts.ts";
import { createStringTable, internBytes, type StringTable } from "./string-table.ts";

/** What is remembered of one file beside its facts, to see whether it has changed. */
export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  /** 64 bits, in two halves, made of what the file system says of the file; 0, 0 when that can't be relied on. */
  readonly stat: readonly [number, number];
  /** 64 bits, in two halves, made of the file's bytes. */
  readonly content: readonly [number, number];
}

export interface BatchFile extends FileStamp {
  readonly path: string;
  readonly language: Language;
  /** How many of the batch's rows are this file's; files and rows are in the same order. */
  readonly rowCount: number;
  /** How many entries of the batch's signatures are this file's. */
  readonly signatureLength: number;
}

/** Facts of several files, with the strings that this packer has not sent before. */
export interface FactBatch {
  readonly files: readonly BatchFile[];
  /** New strings in UTF-8, numbered on from those sent before. */
  readonly stringBytes: Uint8Array;
  /** Where each new string ends in `stringBytes`. */
  readonly stringEnds: Uint32Array;
  readonly rows: FactRows;
  readonly signatures: Uint32Array;
}

/** Collects files into batches. Its strings stay, so that each crosses once. */
export interface Packer {
  readonly strings: StringTable;
  sentStrings: number;
  rows: FactRows;
  files: BatchFile[];
  signatures: Uint32Array[];
  signatureLength: number;
}

export function createPacker(): Packer {
  const strings = createStringTable();
  return {
    strings,
    // The empty string has number 0 on every side.
    sentStrings: 1,
    rows: createFactRows(1 << 12),
    files: [],
    signatures: [],
    signatureLength: 0,
  };
}

/** Adds one file to the batch at hand. */
export function packFile(
  packer: Packer,
  path: string,
  stamp: FileStamp,
  facts: FileFacts,
  signature: Uint32Array,
): void {
  const before = packer.rows.count;
  packFacts(facts, packer.rows, packer.strings);
  packer.signatures.push(signature);
  packer.signatureLength += signature.length;
  packer.files.push({
    path,
    language: facts.language,
    rowCount: packer.rows.count - before,
    signatureLength: signature.length,
    ...stamp,
  });
}

/** Ends the batch at hand and starts the next. */
export function takeBatch(packer: Packer): FactBatch {
  const { strings, rows, sentStrings } = packer;
  const { count } = rows;
  const firstByte = strings.starts[sentStrings]!;
  const stringEnds = strings.starts.slice(sentStrings + 1, strings.count + 1);
  for (let i = 0; i < stringEnds.length; i++) stringEnds[i]! -= firstByte;
  const signatures = new Uint32Array(packer.signatureLength);
  let at = 0;
  for (const signature of packer.signatures) {
    signatures.set(signature, at);
    at += signature.length;
  }
  const batch: FactBatch = {
    files: packer.files,
    stringBytes: strings.bytes.slice(firstByte, strings.starts[strings.count]!),
    stringEnds,
    rows: {
      count,
      name: rows.name.slice(0, count),
      start: rows.start.slice(0, count),
      shape: rows.shape.slice(0, count),
      condition: rows.condition.slice(0, count),
      detail: rows.detail.slice(0, count),
    },
    signatures,
  };
  rows.count = 0;
  packer.sentStrings = strings.count;
  packer.files = [];
  packer.signatures = [];
  packer.signatureLength = 0;
  return batch;
}

/** The buffers of a batch, to be handed over with it. */
export function batchBuffers(batch: FactBatch): ArrayBuffer[] {
  const { rows } = batch;
  const arrays = [rows.name, rows.start, rows.shape, rows.condition, rows.detail];
  return [...arrays, batch.stringBytes, batch.stringEnds, batch.signatures].map((array) => array.buffer as ArrayBuffer);
}

/** A packer's strings as another table numbers them. */
export interface StringMapping {
  readonly numbers: number[];
}

export function createStringMapping(): StringMapping {
  return { numbers: [0] };
}

/** Takes over a batch's new strings; the mapping then covers all strings of its rows. */
export function mapStrings(mapping: StringMapping, batch: FactBatch, strings: StringTable): void {
  let start = 0;
  for (const end of batch.stringEnds) {
    mapping.numbers.push(internBytes(strings, batch.stringBytes, start, end));
    start = end;
  }
}

/** Renumbers the strings of a batch's rows. To be called once for a batch, after {@link mapStrings}. */
export function mapRows(mapping: StringMapping, rows: FactRows): void {
  const { numbers } = mapping;
  for (let row = 0; row < rows.count; row++) {
    rows.name[row] = numbers[rows.name[row]!]!;
    rows.condition[row] = numbers[rows.condition[row]!]!;
    rows.detail[row] = numbers[rows.detail[row]!]!;
  }
}
