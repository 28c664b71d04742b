/**
 * Where a tree's index is kept between two starts, and how it gets there without ever being half there: it is written beside
 * its place, forced to the disk and renamed. Any number of windows may read and write the same tree's; the last to write
 * wins, and no one waits for another. It knows nothing of how the index came to be.
 */

import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { readTable, type StoredTable, writeTable } from "./table-file.ts";

export interface IndexCache {
  /** Where the tree's index is. */
  readonly path: string;
  /** The index as it was last saved; undefined where there is none that is whole and of this version. */
  load(signal: AbortSignal): Promise<StoredTable | undefined>;
  /** Saves the index, which must not change before the promise resolves. Throws what the system says. */
  save(stored: StoredTable, signal: AbortSignal): Promise<void>;
}

const DAY = 24 * 60 * 60 * 1000;

/** An index that no one has loaded for this long is deleted, and what a killed process left unfinished much sooner. */
const UNUSED_MILLISECONDS = 60 * DAY;
const UNFINISHED_MILLISECONDS = DAY / 24;

/** Where indexes are kept by default: in the folder that the system sets aside for what can be made again, if it has one. */
export function defaultCacheFolder(): string | undefined {
  const folder = userCacheFolder();
  return folder && join(folder, "index");
}

/** The folder that the system sets aside for what a program can make again; undefined where there is none. */
export function userCacheFolder(): string | undefined {
  const { env, platform } = process;
  // The XDG Base Directory Specification has relative paths ignored.
  if (env.XDG_CACHE_HOME?.startsWith("/")) return join(env.XDG_CACHE_HOME, "weakspot");
  if (platform === "win32" && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, "weakspot", "cache");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "weakspot");
  const home = homedir();
  return home === "" ? undefined : join(home, ".cache", "weakspot");
}

/**
 * The cache of one tree. Each version of the program, and each set of excluded globs, has a file of its own, so that an editor
 * and a command of different versions or settings do not undo each other's work.
 */
export function createIndexCache(folder: string, root: string, exclude: readonly string[] = []): IndexCache {
  const rootHash = hashOf(root).slice(0, 16);
  const key = programHash();
  const version = key.map((half) => half.toString(16).padStart(8, "0")).join("");
  const treeFolder = join(folder, `${basename(root).replace(/[^\w.-]/g, "_")}-${rootHash}`);
  const excluded = exclude.length === 0 ? "" : `-${hashOf(JSON.stringify([...exclude].sort())).slice(0, 8)}`;
  const path = join(treeFolder, `${version}${excluded}.index`);
  return {
    path,

    async load(signal) {
      try {
        const file = await open(path, "r");
        try {
          const stored = await readTable(file, key, signal);
          const now = new Date();
          // Says that it is still in use. Where the folder can't be written to, it can't be pruned either.
          if (stored !== undefined) await utimes(path, now, now).catch(() => {});
          return stored;
        } finally {
          await file.close();
        }
      } catch (error) {
        signal.throwIfAborted();
        // Whatever is wrong with it, it is only a cache.
        void error;
        return undefined;
      }
    },

    async save(stored, signal) {
      await mkdir(treeFolder, { recursive: true, mode: 0o700 });
      const temporary = `${path}.${randomUUID()}.tmp`;
      try {
        const file = await open(temporary, "wx", 0o600);
        try {
          await writeTable(file, stored, key, signal);
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        throw error;
      }
      await syncFolder(treeFolder);
      await prune(folder);
    },
  };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Makes the renaming last where the system can do that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows opens no folders. The file is whole in any case, be it the old one.
  }
}

/** Deletes what is no longer of use: indexes of trees and versions that are gone, and what was left unfinished. */
async function prune(folder: string): Promise<void> {
  const now = Date.now();
  for (const tree of await readdir(folder).catch(() => [])) {
    for (const name of await readdir(join(folder, tree)).catch(() => [])) {
      const isUnfinished = name.endsWith(".tmp");
      if (!isUnfinished && !name.endsWith(".index")) continue;
      const path = join(folder, tree, name);
      const stats = await stat(path).catch(() => undefined);
      const limit = isUnfinished ? UNFINISHED_MILLISECONDS : UNUSED_MILLISECONDS;
      if (stats !== undefined && now - stats.mtimeMs > limit) await rm(path, { force: true }).catch(() => {});
    }
  }
}

let knownProgramHash: [number, number] | undefined;

/**
 * A hash of the program that makes facts, the worker's bundle or the sources: an index that other code made may say what
 * this code would not.
 */
function programHash(): [number, number] {
  knownProgramHash ??= hashFiles(
    import.meta.filename.endsWith(".ts")
      ? ["text", "syntax", "linkage", "host"].flatMap((layer) =>
          sourcesBelow(join(dirname(import.meta.dirname), layer)),
        )
      : [join(import.meta.dirname, "scan-worker.cjs")],
  );
  return knownProgramHash;
}

function sourcesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesBelow(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

function hashFiles(paths: readonly string[]): [number, number] {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(readFileSync(path));
  const digest = hash.digest();
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}
