/**
 * Bytes of a regular file, or of the part of it that is an archive's member, read in pieces whose sizes are bounded here.
 * It must not know what the bytes mean.
 */

import { closeSync, fstatSync, readSync } from "node:fs";
import { openRegular } from "../open-regular.ts";

/** Something to read from, synchronously: the readers run in a worker thread. */
export interface ByteSource {
  /** The size in bytes. */
  readonly size: number;
  /**
   * Reads bytes into new memory, which the caller may give away to another thread. What lies outside of the source is
   * left out, so the answer may be shorter than asked. Offsets and lengths that are no natural numbers give nothing.
   */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
  /** Bytes for looking at, to be used up before the next call: they may share memory with what earlier calls gave. */
  peek(offset: number, length: number): Uint8Array;
}

export interface OpenFile extends ByteSource {
  /** Device, inode, size and time of modification, as one string. Two files or two states of one file differ in it. */
  readonly identity: string;
  /** Looks at the file again: false when it is not any more what `identity` says. */
  isUnchanged(): boolean;
  close(): void;
}

/** One read(2) at most; larger sizes do not fit into the return value of the system call. */
const MAX_READ = 0x4000_0000;

/** What is only looked at, such as headers of archive members, is read through a window of this size, in bytes. */
export const WINDOW_SIZE = 0x4000;

/**
 * Opens a regular file. Throws what open(2) or fstat(2) report (`code` says which: ENOENT, EACCES …), and an error for
 * anything that is not a regular file; opening never waits for the other end of a pipe.
 */
export function openFile(path: string): OpenFile {
  const { descriptor } = openRegular(path, { links: "follow" });
  try {
    const stat = fstatSync(descriptor, { bigint: true });
    return fileOfDescriptor(descriptor, identityOf(stat), Number(stat.size));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Files up to this size are read in one go: most objects, and a system call costs more than the bytes. */
const SMALL_FILE = 0x2_0000;

function fileOfDescriptor(descriptor: number, identity: string, size: number): OpenFile {
  const whole = size <= SMALL_FILE ? readWhole(descriptor, size) : undefined;
  const read = (offset: number, length: number) => {
    const available = clampLength(size, offset, length);
    if (whole !== undefined) return whole.slice(offset, offset + available);
    const bytes = new Uint8Array(available);
    const filled = fill(descriptor, bytes, offset);
    return filled === bytes.length ? bytes : bytes.slice(0, filled);
  };
  let window = new Uint8Array(0);
  let windowStart = 0;
  const peek = (offset: number, length: number) => {
    if (whole !== undefined) return whole.subarray(offset, offset + clampLength(size, offset, length));
    if (length > WINDOW_SIZE) return read(offset, length);
    if (offset < windowStart || offset + length > windowStart + window.length) {
      window = read(offset, WINDOW_SIZE);
      windowStart = offset;
    }
    return window.subarray(offset - windowStart, offset - windowStart + length);
  };
  return {
    size,
    identity,
    read,
    peek,
    isUnchanged: () => identityOf(fstatSync(descriptor, { bigint: true })) === identity,
    close: () => closeSync(descriptor),
  };
}

/** The part of a source from `start` on, at most `size` bytes of it; what an archive's member is in its archive. */
export function partOfSource(source: ByteSource, start: number, size: number): ByteSource {
  const length = clampLength(source.size, start, size);
  return {
    size: length,
    read: (offset, wanted) => source.read(start + offset, clampLength(length, offset, wanted)),
    peek: (offset, wanted) => source.peek(start + offset, clampLength(length, offset, wanted)),
  };
}

/** How many of `length` bytes at `offset` are inside of `size` bytes; 0 for what is no range at all. */
function clampLength(size: number, offset: number, length: number): number {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset > size) return 0;
  if (!(length > 0)) return 0;
  return Math.floor(Math.min(length, size - offset));
}

function readWhole(descriptor: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  return bytes.subarray(0, fill(descriptor, bytes, 0));
}

function fill(descriptor: number, bytes: Uint8Array, offset: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const got = readSync(descriptor, bytes, filled, Math.min(bytes.length - filled, MAX_READ), offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}

function identityOf(stat: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}`;
}
