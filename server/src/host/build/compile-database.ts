/**
 * Finds and reads the compile database of a tree that is no kernel: which of its sources are built, and into which objects. What
 * that says of links, it does not know.
 */

import { realpathSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { CompiledFile } from "../../linkage/links/target-links.ts";
import { leadsOutside } from "../../text/path.ts";
import { readRegular } from "../open-regular.ts";
import { MOST_DATABASE_BYTES, parseCompileCommands } from "./compile-commands.ts";

/** Where build systems leave it, or people link it to; the first that is there counts. */
const PLACES = ["compile_commands.json", "build/compile_commands.json"];

/** The paths at which the database may be. */
export function databasePaths(root: string): readonly string[] {
  return PLACES.map((path) => join(root, path));
}

/** What tells one state of the databases from another without reading them; "" where there is none. */
export async function databaseStamp(root: string): Promise<string> {
  for (const path of databasePaths(root)) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) return `${path} ${found.size} ${found.mtimeMs} ${found.ino}`;
  }
  return "";
}

/**
 * The sources below the root that the database lists; undefined where there is none, or it lists none of them. Rejects when it
 * can't be read.
 * @param root the tree's real path
 */
export async function readDatabase(root: string): Promise<readonly CompiledFile[] | undefined> {
  for (const path of databasePaths(root)) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) continue;
    const folders = new Map<string, string | undefined>();
    const text = readRegular(path, { most: MOST_DATABASE_BYTES, below: [root] }).toString("utf8");
    const compiled = parseCompileCommands(text).flatMap(({ source, object }) => {
      const below = relativePath(root, source, folders);
      return below === undefined ? [] : [{ source: below, object }];
    });
    return compiled.length > 0 ? compiled : undefined;
  }
  return undefined;
}

/**
 * The path below the root, with forward slashes; undefined for one outside of it, or in a folder that is not there. A build that
 * was started through a symbolic link names its files through it.
 */
function relativePath(root: string, path: string, folders: Map<string, string | undefined>): string | undefined {
  const folder = dirname(path);
  if (!folders.has(folder)) folders.set(folder, realFolder(folder));
  const real = folders.get(folder);
  if (real === undefined) return undefined;
  const below = relative(root, join(real, basename(path)));
  if (leadsOutside(below)) return undefined;
  return sep === "/" ? below : below.replaceAll(sep, "/");
}

function realFolder(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}
