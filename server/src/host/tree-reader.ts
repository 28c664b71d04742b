/**
 * Reads files of one tree for the preprocessor: synchronously, each once until it is said to have changed. For workers and
 * the command; it blocks. It knows nothing of what the files hold.
 */

import { statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { type Source, sourceOfBytes } from "../text/source.ts";
import { readRegular } from "./open-regular.ts";
import { MAX_FILE_SIZE } from "./read-file.ts";

/** Files by path, relative to the root with forward slashes; absolute where a folder outside was named by the user. */
export interface TreeReader {
  /** The text, the same object until {@link forget}; undefined where there is no file that may be read. */
  source(path: string): Source | undefined;
  hasFile(path: string): boolean;
  /** Reads the file anew the next time; without a path, all of them. */
  forget(path?: string): void;
}

/**
 * @param root the tree's top; a link that leads out of it is not followed
 * @param outside folders outside of the root that may be read too, because the user named them
 */
export function createTreeReader(root: string, outside: readonly string[] = []): TreeReader {
  const allowed = [root, ...outside];
  const sources = new Map<string, Source | undefined>();
  const present = new Map<string, boolean>();
  const absolute = (path: string): string => (isAbsolute(path) ? path : join(root, path));

  function hasFile(path: string): boolean {
    const known = present.get(path) ?? (sources.get(path) === undefined ? undefined : true);
    if (known !== undefined) return known;
    const stats = statSync(absolute(path), { throwIfNoEntry: false });
    const found = stats?.isFile() === true;
    present.set(path, found);
    return found;
  }

  function read(path: string): Source | undefined {
    try {
      if (!hasFile(path)) return undefined;
      return sourceOfBytes(readRegular(absolute(path), { most: MAX_FILE_SIZE, below: allowed }));
    } catch {
      // A file that can't be read is to the preprocessor as one that is not there, and it says so itself.
      return undefined;
    }
  }

  return {
    hasFile(path) {
      try {
        return hasFile(path);
      } catch {
        return false;
      }
    },
    source(path) {
      if (sources.has(path)) return sources.get(path);
      const source = read(path);
      sources.set(path, source);
      return source;
    },
    forget(path) {
      if (path === undefined) {
        sources.clear();
        present.clear();
        return;
      }
      sources.delete(path);
      present.delete(path);
    },
  };
}
