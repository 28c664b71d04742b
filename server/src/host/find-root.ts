/** Finds the top of the source tree that a path belongs to, and tells a kernel by what stands there. */

import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { leadsOutside } from "../text/path.ts";

/** What stands at the top of a tree and nowhere else: one of these sets is there whole. */
const marks: readonly (readonly string[])[] = [
  [".git"],
  ["Kbuild", "Kconfig", "MAINTAINERS"],
  ["compile_commands.json"],
  [".weakspot"],
  ["weakspot.json"],
];

/**
 * The nearest directory at or above the path that looks like the top of a tree. Where none does: the base, if the path is
 * below it, as a person who names paths from a directory takes that for the top; or else the directory itself (of a file,
 * the one it is in). Throws when the path is not there.
 */
export function findRoot(path: string, base?: string): string {
  const start = resolve(path);
  if (!existsSync(start)) throw new Error(`${path}: there is no such file or directory`);
  const folder = statSync(start).isDirectory() ? start : dirname(start);
  for (let at = folder; ; at = dirname(at)) {
    if (marks.some((set) => set.every((name) => existsSync(join(at, name))))) return at;
    if (dirname(at) === at) return base !== undefined && isBelow(folder, resolve(base)) ? resolve(base) : folder;
  }
}

/** The directory's place in the git repository that it lies in, with `/`; "" where it is the top, or in none. */
export function folderInRepository(root: string): string {
  for (let at = resolve(root); ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return relative(at, resolve(root)).replaceAll(sep, "/");
    if (dirname(at) === at) return "";
  }
}

/** Whether the directory is the top of a kernel's tree; isKernelTree of linkage/kbuild/build-graph.ts asks an index the same. */
export function isKernelRoot(root: string): boolean {
  return ["scripts/Makefile.build", "Kconfig", "Makefile"].every((path) => existsSync(join(root, path)));
}

function isBelow(folder: string, base: string): boolean {
  const between = relative(base, folder);
  return !leadsOutside(between);
}
