/**
 * The one way to open what a tree, its build or a setting names: regular files alone, of bounded size, and where folders are
 * given only what really lies below one of them. It knows nothing of what files hold.
 */

import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { sep } from "node:path";

export interface Bounds {
  /** The most bytes that a file of this kind may have. */
  readonly most: number;
  /** Folders below which the file's real path must lie; undefined: a setting that is trusted named the file. */
  readonly below?: readonly string[] | undefined;
}

/** Whether the path, all links followed, lies below one of the folders. False where nothing is there. */
export function isReallyBelow(path: string, folders: readonly string[]): boolean {
  const real = realPath(path);
  if (real === undefined) return false;
  return folders.some((folder) => {
    const top = realPath(folder);
    return top !== undefined && real.startsWith(top.endsWith(sep) ? top : top + sep);
  });
}

/** The file's bytes. Throws what the system says, or a sentence where it is no file that may be read. */
export function readRegular(path: string, bounds: Bounds): Buffer {
  return withRegular(path, bounds.below, (descriptor, size) => {
    if (size > bounds.most) throw new Error("it is too large");
    return readUpTo(descriptor, size);
  });
}

/** The first bytes of a file, at most so many; of a larger file, no more. Throws as {@link readRegular} does. */
export function readRegularStart(path: string, bounds: Bounds): Buffer {
  return withRegular(path, bounds.below, (descriptor, size) => readUpTo(descriptor, Math.min(size, bounds.most)));
}

function withRegular<T>(path: string, below: readonly string[] | undefined, use: (fd: number, size: number) => T): T {
  const real = realpathSync(path);
  if (below !== undefined && !isReallyBelow(real, below)) throw new Error("a link leads out of the tree there");
  // Opening a FIFO must not wait for somebody to write into it, nor may a link be put there in between.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
  const descriptor = openSync(real, flags);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error("it is no regular file");
    return use(descriptor, stats.size);
  } finally {
    closeSync(descriptor);
  }
}

/** Not more than was promised, should the file grow meanwhile or never end. */
function readUpTo(descriptor: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const count = readSync(descriptor, bytes, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
