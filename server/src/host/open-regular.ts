/**
 * The one way to open what a tree, its build or a setting names: regular files alone, of bounded size, and where folders are
 * given only what really lies below one of them. It knows nothing of what files hold.
 */

import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, type Stats } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { sep } from "node:path";

export interface Bounds {
  /** The most bytes that a file of this kind may have. */
  readonly most: number;
  /** Folders below which the file's real path must lie; undefined: a setting that is trusted named the file. */
  readonly below?: readonly string[] | undefined;
}

/** What stands at a path is not opened, or not read, though the system would. */
export class Refused extends Error {}

/** Whether the path, all links followed, lies below one of the folders. False where nothing is there. */
export function isReallyBelow(path: string, folders: readonly string[]): boolean {
  const real = realPath(path);
  return real !== undefined && isRealPathBelow(real, folders);
}

function isRealPathBelow(real: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const top = realFolder(folder);
    return top !== undefined && real.startsWith(top.endsWith(sep) ? top : top + sep);
  });
}

const MOST_FOLDERS = 100;
const realFolders = new Map<string, string>();

/** Remembered: of a folder that is replaced by a link to elsewhere, nothing lies below what it was. */
function realFolder(folder: string): string | undefined {
  const known = realFolders.get(folder) ?? realPath(folder);
  if (known === undefined) return undefined;
  if (realFolders.size >= MOST_FOLDERS) realFolders.clear();
  realFolders.set(folder, known);
  return known;
}

/** The file's bytes. Throws what the system says, or a sentence where it is no file that may be read. */
export function readRegular(path: string, bounds: Bounds): Buffer {
  return withRegular(path, bounds.below, (descriptor, size) => {
    if (size > bounds.most) throw new Refused("it is too large");
    return readUpTo(descriptor, size);
  });
}

/** The first bytes of a file, at most so many; of a larger file, no more. Throws as {@link readRegular} does. */
export function readRegularStart(path: string, bounds: Bounds): Buffer {
  return withRegular(path, bounds.below, (descriptor, size) => readUpTo(descriptor, Math.min(size, bounds.most)));
}

/** There is something, and it is no regular file. */
export class NotRegular extends Refused {
  constructor() {
    super("it is no regular file");
  }
}

export interface OpenOptions {
  /** As {@link Bounds} has it. */
  readonly below?: readonly string[] | undefined;
  /** A path of a listing, which followed no links, is one to the end; what others name may lead there by links. */
  readonly links: "follow" | "refuse";
}

/** Opening a FIFO must not wait for somebody to write into it, nor may a link be put there in between. Windows has neither flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Opens a regular file for who reads it in pieces, and closes it.
 * @returns a descriptor, and what the system says of the file
 */
export function openRegular(
  path: string,
  options: OpenOptions,
): { readonly descriptor: number; readonly stats: Stats } {
  const descriptor = openSync(targetOf(path, options), FLAGS);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new NotRegular();
    return { descriptor, stats };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** The same without blocking; all bytes of a file. */
export async function readRegularLater(path: string, { most, below }: Bounds): Promise<Buffer> {
  const real = await realpath(path);
  if (below !== undefined && !isRealPathBelow(real, below)) throw new Refused(OUTSIDE);
  const handle = await open(real, FLAGS);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new NotRegular();
    if (stats.size > most) throw new Refused("it is too large");
    const bytes = Buffer.alloc(stats.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}

const OUTSIDE = "a link leads out of the tree there";

/** The path to open: what the links lead to, where they are followed. */
function targetOf(path: string, { links, below }: OpenOptions): string {
  if (links === "refuse") return path;
  const real = realpathSync.native(path);
  if (below !== undefined && !isRealPathBelow(real, below)) throw new Refused(OUTSIDE);
  return real;
}

function withRegular<T>(path: string, below: readonly string[] | undefined, use: (fd: number, size: number) => T): T {
  const { descriptor, stats } = openRegular(path, { below, links: "follow" });
  try {
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
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
