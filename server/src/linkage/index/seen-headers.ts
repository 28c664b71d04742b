/** Which headers a file sees, from the file's side; by the #include lines alone, as includers.ts has it, so it errs towards more. */

import { baseName } from "../../text/path.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { canMean, pathsNamed } from "./includers.ts";

interface Search {
  readonly revision: number;
  readonly path: string;
  readonly seen: Set<string>;
  /** Files whose lines are still to be looked at; the nearest first. */
  readonly queue: string[];
}

/** The last file's search: who asks about one header of a file asks about the next. */
const searches = new WeakMap<LinkIndex, Search>();

/** Whether the file includes the header, directly or through others. It looks no farther than it must. */
export function seesHeader(index: LinkIndex, path: string, header: string): boolean {
  let search = searches.get(index);
  if (search === undefined || search.path !== path || search.revision !== index.inclusionRevision) {
    search = { revision: index.inclusionRevision, path, seen: new Set(), queue: [path] };
    searches.set(index, search);
  }
  const { seen, queue } = search;
  while (!seen.has(header)) {
    const next = queue.shift();
    if (next === undefined) return false;
    for (const include of index.includesOf(next)) {
      for (const meant of pathsNamed(index, baseName(include.path))) {
        if (seen.has(meant) || !canMean(index, include, next, meant)) continue;
        seen.add(meant);
        queue.push(meant);
      }
    }
  }
  return true;
}
