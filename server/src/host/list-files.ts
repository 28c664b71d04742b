/**
 * Lists the files of a tree that matter for linkage, and the build files beside them. It reads directories, never files,
 * and follows no symbolic links: what they point to within the tree is listed where it lies, and cycles can't arise.
 */

import { type Dirent, existsSync, lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { findLanguage } from "../linkage/facts/extract.ts";
import { isBuildFile } from "../linkage/facts/file-kinds.ts";
import { type Glob, readGlob } from "../text/glob.ts";
import { baseName, parentOf } from "../text/path.ts";
import { describeFailure, type FileProblem } from "./problems.ts";

/** What is listed of a tree. */
export interface Listing {
  /** Sources, headers, assembly and linker scripts: paths relative to the root, with forward slashes. */
  readonly files: string[];
  /** Makefiles, Kbuild and Kconfig files, and those of CMake and Meson. */
  readonly buildFiles: string[];
  readonly problems: FileProblem[];
}

/** Directories that hold no sources of the tree's own, and what leads out of the tree. */
const neverListed = new Set(["..", ".git", ".hg", ".svn", ".repo", "node_modules"]);

/** What the kernel's build leaves beside its sources: module descriptions, and steps of the link. */
const generatedName = /\.mod\.c$|^\.tmp_/;

/**
 * Tells which paths the settings leave out, from globs that are matched against paths relative to the root. What is no glob matches
 * nothing; who takes the settings has said so.
 */
export function createExclusion(globs: readonly string[]): (path: string) => boolean {
  const known = globs.map((glob) => readGlob(glob)).filter((glob): glob is Glob => typeof glob !== "string");
  return (path) => known.some((glob) => glob.matches(path));
}

/**
 * Tells directories that are listed from those that are not, by their names, the settings and what lies in them. Paths are
 * relative to the root; "" is the root itself, which is always listed. Answers are remembered.
 */
function createDirectoryFilter(root: string, isExcluded: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>([["", true]]);
  return function isListed(path: string): boolean {
    let listed = known.get(path);
    if (listed === undefined) {
      const slash = path.lastIndexOf("/");
      listed =
        isListed(path.slice(0, Math.max(slash, 0))) &&
        !neverListed.has(path.slice(slash + 1)) &&
        !isExcluded(path) &&
        isPlainDirectory(join(root, path)) &&
        !isBuildOutput(join(root, path));
      known.set(path, listed);
    }
    return listed;
  };
}

/**
 * Lists the part of a tree at and below each of the paths; the root is "". What a listing of the whole tree would not name
 * is not named here either.
 */
export function* listFiles(root: string, under: readonly string[], globs: readonly string[]): Generator<Listing> {
  const isExcluded = createExclusion(globs);
  const isListed = createDirectoryFilter(root, isExcluded);
  const waiting: string[] = [];
  const single: Listing = { files: [], buildFiles: [], problems: [] };
  for (const path of under) {
    if (isListed(path)) waiting.push(path);
    else addSingleFile(path, single);
  }
  yield single;

  function addSingleFile(path: string, listing: Listing): void {
    const directory = parentOf(path);
    if (isExcluded(path) || !isListed(directory) || !isPlainFile(join(root, path))) return;
    const name = baseName(path);
    if (findLanguage(path) === undefined) {
      if (isBuildFile(name)) listing.buildFiles.push(path);
    } else if (!isGenerated(name, (other) => existsSync(join(root, directory, other)))) {
      listing.files.push(path);
    }
  }

  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    const listing: Listing = { files: [], buildFiles: [], problems: [] };
    let entries: Dirent[];
    try {
      entries = readdirSync(join(root, directory), { withFileTypes: true });
    } catch (error) {
      listing.problems.push({ path: directory, reason: describeFailure(error) });
      yield listing;
      continue;
    }
    if (directory !== "" && holdsBuildOutput(entries)) continue;
    const prefix = directory === "" ? "" : `${directory}/`;
    const names = new Set<string>();
    for (const entry of entries) names.add(entry.name);
    for (const entry of entries) {
      const { name } = entry;
      const path = prefix + name;
      if (name.includes(REPLACED) && !existsSync(join(root, path))) {
        listing.problems.push({ path, reason: "its name is not UTF-8, so it is not read" });
        continue;
      }
      if (entry.isDirectory()) {
        if (!neverListed.has(name) && !isExcluded(path)) waiting.push(path);
      } else if (entry.isFile()) {
        if (isExcluded(path)) continue;
        if (findLanguage(path) !== undefined) {
          if (!isGenerated(name, (other) => names.has(other))) listing.files.push(path);
        } else if (isBuildFile(name)) {
          listing.buildFiles.push(path);
        }
      }
    }
    yield listing;
  }
}

/**
 * Tells whether a file that changed is one that a listing would name, for paths that did not come from a listing.
 * Whether the file is there is another question.
 */
export function createFileFilter(root: string, globs: readonly string[]): (path: string) => boolean {
  const isExcluded = createExclusion(globs);
  const isListed = createDirectoryFilter(root, isExcluded);
  return (path) => {
    const slash = path.lastIndexOf("/");
    if (isExcluded(path) || findLanguage(path) === undefined) return false;
    const directory = path.slice(0, Math.max(slash, 0));
    return (
      isListed(directory) && !isGenerated(path.slice(slash + 1), (other) => existsSync(join(root, directory, other)))
    );
  };
}

/** `vmlinux.lds` beside `vmlinux.lds.S` is the latter after preprocessing. */
function isGenerated(name: string, hasSibling: (name: string) => boolean): boolean {
  return generatedName.test(name) || (name.endsWith(".lds") && hasSibling(`${name}.S`));
}

/**
 * A build out of the source (`make O=…`) leaves a `.config` and a `Makefile`, but no `Kconfig`, which stays with the source.
 * What is generated there says nothing that the source does not, for one configuration.
 */
function isBuildOutput(directory: string): boolean {
  const has = (name: string): boolean => existsSync(join(directory, name));
  return has(".config") && has("Makefile") && !has("Kconfig");
}

function holdsBuildOutput(entries: readonly Dirent[]): boolean {
  const has = (name: string): boolean => entries.some((entry) => entry.name === name);
  return has(".config") && has("Makefile") && !has("Kconfig");
}

/** Stands in a name for bytes that are no UTF-8: by that name the system has no file. */
const REPLACED = "\ufffd";

function isPlainDirectory(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

function isPlainFile(path: string): boolean {
  return statOf(path)?.isFile() ?? false;
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // Without permission to look at it, there is nothing to list.
    return undefined;
  }
}
