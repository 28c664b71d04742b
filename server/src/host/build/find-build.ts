/**
 * Finds the folder that a tree was built in, and the tree that a folder was built of. It looks below the tree, and where a
 * setting points; it must not know what is in objects.
 */

import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { mapFormatOf } from "../../syntax/map/map-lines.ts";
import { readRegular, readRegularStart } from "../open-regular.ts";

/** Folders directly below a tree that are looked at; a kernel's tree has 25. */
const MAX_FOLDERS = 400;

/** The folder that a setting names, relative to the tree where it is not absolute; undefined where there is none. */
export function namedBuild(root: string, name: string): string | undefined {
  const path = isAbsolute(name) ? name : resolve(root, name);
  try {
    return statSync(path).isDirectory() ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The folder in which the tree was built: the tree itself, or a folder directly below it that was made by O=. Where there are
 * several, the one that was built last. undefined where the tree was not built.
 */
export function findBuild(root: string): string | undefined {
  const candidates = [root];
  try {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders.slice(0, MAX_FOLDERS)) {
      const folder = join(root, name);
      if (sourceOfBuild(folder) === realpathSync(root)) candidates.push(folder);
    }
  } catch {
    return undefined;
  }
  const built = candidates.map((folder) => ({ folder, time: buildTime(folder) })).filter(({ time }) => time > 0);
  built.sort((a, b) => b.time - a.time);
  return built[0]?.folder ?? findMappedBuild(root);
}

/** How deep below a tree's top maps are looked for: build/app/fw.map. */
const DEEPEST_MAP = 3;

/** Folders that are looked at for maps, at most. */
const MOST_MAP_FOLDERS = 2000;

/** How much of a map tells that it is one. */
const MAP_START = 4096;

/**
 * The folder in which a linker wrote a map, of a tree that Kbuild does not build: the tree itself, or the folder directly below it that
 * has the map somewhere. Where there are several, that of the newest map.
 */
function findMappedBuild(root: string): string | undefined {
  let newest: { readonly folder: string; readonly time: number } | undefined;
  let left = MOST_MAP_FOLDERS;
  const look = (folder: string, build: string, depth: number): void => {
    if (left-- <= 0) return;
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (depth < DEEPEST_MAP && !entry.name.startsWith(".") && entry.name !== "node_modules")
          look(path, depth === 0 ? path : build, depth + 1);
      } else if (entry.isFile() && entry.name.endsWith(".map")) {
        const time = timeOf(path);
        if (time > (newest?.time ?? 0) && isLinkerMap(path, root)) newest = { folder: build, time };
      }
    }
  };
  look(root, root, 0);
  return newest?.folder;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isLinkerMap(path: string, root: string): boolean {
  try {
    return mapFormatOf(readRegularStart(path, { most: MAP_START, below: [root] }).toString("latin1")) !== undefined;
  } catch {
    return false;
  }
}

/** What a build writes last, or at least once, at its top. */
const PRODUCTS = ["vmlinux", "vmlinux.o", "vmlinux.a", "built-in.a", "compile_commands.json"];

function buildTime(folder: string): number {
  return Math.max(...PRODUCTS.map((name) => timeOf(join(folder, name))));
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * The real path of the tree that a folder made by O= was built of, by its link `source` or the Makefile that Kbuild writes there
 * (scripts/mkmakefile, or the top Makefile's outputmakefile). undefined for any other folder.
 */
export function sourceOfBuild(folder: string): string | undefined {
  for (const named of [() => join(folder, "source"), () => makefileSource(folder)]) {
    try {
      const path = named();
      // A tree may have a folder of sources that is called so; a build folder has a link, and a tree's top behind it.
      if (path !== undefined && existsSync(join(path, "Kbuild"))) return realpathSync(path);
    } catch {
      // A link that leads nowhere, or no right to follow it.
    }
  }
  return undefined;
}

/** The generated Makefile is one or two lines; a tree's own is longer than this. */
const MAX_MAKEFILE = 4096;

function makefileSource(folder: string): string | undefined {
  const path = join(folder, "Makefile");
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 || size > MAX_MAKEFILE) return undefined;
  const included = /^(?:include|export KBUILD_OUTPUT|KBUILD_SRC :?=) *(\S+?)(?:\/Makefile)?$/m.exec(
    readRegular(path, { most: MAX_MAKEFILE, below: [folder] }).toString("utf8"),
  )?.[1];
  return included === undefined ? undefined : resolve(folder, included);
}
