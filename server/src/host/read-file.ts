/**
 * Reads files of a tree one after the other into one buffer, with what is needed to see later whether a file has changed.
 * For worker threads: it blocks. It knows nothing of what the files hold.
 */

import { closeSync, readSync, type Stats } from "node:fs";
import type { FileStamp } from "../linkage/index/fact-batch.ts";
import { hashBytes, hashWords } from "./content-hash.ts";
import { NotRegular, openRegular } from "./open-regular.ts";

/** Files above this many bytes are not read: no one writes them by hand, and an editor would not open them. */
export const MAX_FILE_SIZE = 100 * 1024 * 1024;

/** A buffer above this many bytes is given back after the file that needed it. */
const KEPT_SIZE = 4 * 1024 * 1024;

/** A file changed this short a time ago may change once more within the same tick of the file system's clock. */
const RACY_MILLISECONDS = 3000;

/** What became of a file that was to be read. */
export type FileContent =
  | { readonly kind: "read"; readonly bytes: Uint8Array; readonly stamp: FileStamp }
  | { readonly kind: "too large"; readonly size: number }
  | { readonly kind: "no file" };

let buffer = new Uint8Array(1024 * 1024);

/**
 * Reads a file. The bytes are valid until the next call. Throws what the system says when it can't be opened or read.
 */
export function readFileReused(path: string): FileContent {
  const opened = openListed(path);
  if (opened === undefined) return { kind: "no file" };
  const { descriptor: handle, stats } = opened;
  try {
    if (stats.size > MAX_FILE_SIZE) return { kind: "too large", size: stats.size };
    if (buffer.length > KEPT_SIZE && stats.size < KEPT_SIZE) buffer = new Uint8Array(1024 * 1024);
    let length = 0;
    for (;;) {
      // One byte more than the file has, so that its end is seen without asking twice.
      if (length + 1 >= buffer.length || stats.size >= buffer.length) growBuffer(Math.max(stats.size, length) + 1);
      const count = readSync(handle, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0 || length === stats.size) break;
      if (length > MAX_FILE_SIZE) return { kind: "too large", size: length };
    }
    const stat = Date.now() - stats.mtimeMs < RACY_MILLISECONDS ? NO_STAT : statPrint(stats);
    return {
      kind: "read",
      bytes: buffer.subarray(0, length),
      stamp: { size: length, stat, content: hashBytes(buffer, length) },
    };
  } finally {
    closeSync(handle);
  }
}

/** A path of a listing; undefined where something else than a regular file stands there by now. */
function openListed(path: string): ReturnType<typeof openRegular> | undefined {
  try {
    return openRegular(path, { links: "refuse" });
  } catch (error) {
    if (error instanceof NotRegular) return undefined;
    throw error;
  }
}

const NO_STAT: readonly [number, number] = [0, 0];

function growBuffer(size: number): void {
  const longer = new Uint8Array(Math.ceil((size * 5) / 4 / 4096) * 4096);
  longer.set(buffer);
  buffer = longer;
}

/** 64 bits of what the file system says of a file: its size, its times of change, which file it is. Never 0, 0. */
export function statPrint(stats: Stats): [number, number] {
  const values = new Uint32Array(Float64Array.of(stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino).buffer);
  const [high, low] = hashWords(values, values.length, 0x2545f491);
  return [high, low === 0 ? 1 : low];
}
