/** Patterns of file names, as `$(wildcard …)` takes them: `*`, `?` and `[…]`, none of which matches a slash (glob(7)). */

import { type Glob, readGlob } from "../../text/glob.ts";

/**
 * The paths that match, in their order. Makefiles ask for hundreds of patterns, nearly all of one folder: of sorted paths, only those
 * that begin as the pattern does are looked at.
 * @param paths sorted by their UTF-16 units
 */
export function pathsMatching(paths: readonly string[], pattern: string): string[] {
  const plain = pattern.replace(/^(?:\.\/)+/, "");
  const prefix = /^[^*?[\\]*/.exec(plain)![0];
  const depth = depthOf(plain);
  const found: string[] = [];
  for (let at = firstFrom(paths, prefix); at < paths.length && paths[at]!.startsWith(prefix); at++) {
    const path = paths[at]!;
    // Nothing in a pattern matches a slash but a slash.
    if (depthOf(path) === depth && matchesGlob(path, plain)) found.push(path);
  }
  return found;
}

function depthOf(path: string): number {
  let depth = 0;
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) depth++;
  return depth;
}

/** The index of the first path that is not before the text. */
function firstFrom(paths: readonly string[], text: string): number {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (paths[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

function matchesGlob(path: string, pattern: string): boolean {
  let glob = known.get(pattern);
  if (glob === undefined) {
    if (known.size > MOST_KEPT) known.clear();
    known.set(pattern, (glob = readGlob(pattern, "make")));
  }
  return typeof glob !== "string" && glob.matches(path);
}

const MOST_KEPT = 1000;
const known = new Map<string, Glob | string>();
