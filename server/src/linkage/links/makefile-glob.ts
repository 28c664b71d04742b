/** Patterns of file names, as `$(wildcard …)` takes them: `*`, `?` and `[…]`, none of which matches a slash (glob(7)). */

import { type Glob, readGlob } from "../../text/glob.ts";

export function matchesGlob(path: string, pattern: string): boolean {
  let glob = known.get(pattern);
  if (glob === undefined) {
    if (known.size > MOST_KEPT) known.clear();
    known.set(pattern, (glob = readGlob(pattern, "make")));
  }
  return typeof glob !== "string" && glob.matches(path);
}

const MOST_KEPT = 1000;
const known = new Map<string, Glob | string>();
