/**
 * Files that others include as source: `#include "rt.c"`. Such a file has no object of its own, or not only one: what it defines
 * and uses is part of the translation units that include it. It goes by the #include lines, as includers.ts does.
 */

import { conditionOf, joinAll } from "../../syntax/condition/condition.ts";
import { isNever } from "../../syntax/condition/relations.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { canMean } from "./includers.ts";

/** A file that is compiled with another one in it. */
export interface IncludingUnit {
  readonly path: string;
  /** The condition under which it includes the other, all lines on the way joined; "" is always, as for itself. */
  readonly condition: string;
}

/** A file that more units include, as through a header, is as a header: part of whatever includes it. */
const MOST_UNITS = 64;

interface Known {
  readonly revision: number;
  readonly found: Map<string, readonly IncludingUnit[] | undefined>;
}

/** What was found, as long as the #include lines stay as they were. */
const unitsByIndex = new WeakMap<LinkIndex, Known>();

const NONE: readonly IncludingUnit[] = Object.freeze([]);

/**
 * The translation units that include this source file, directly or through others, one for each condition under which they do;
 * undefined where there are too many. None for a header.
 */
export function unitsIncluding(index: LinkIndex, path: string): readonly IncludingUnit[] | undefined {
  if (!isSourceFile(path)) return NONE;
  let known = unitsByIndex.get(index);
  if (known === undefined || known.revision !== index.inclusionRevision) {
    known = { revision: index.inclusionRevision, found: new Map() };
    unitsByIndex.set(index, known);
  }
  if (known.found.has(path)) return known.found.get(path);
  const found = findUnits(index, path);
  known.found.set(path, found);
  return found;
}

function findUnits(index: LinkIndex, source: string): readonly IncludingUnit[] | undefined {
  const found = new Map<string, IncludingUnit>();
  const queue: IncludingUnit[] = [{ path: source, condition: "" }];
  const seen = new Set<string>();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { path, condition } = next;
    for (const { path: includer, fact } of index.inclusionsOf(path.slice(path.lastIndexOf("/") + 1))) {
      // A file that includes itself, as a template, is no other file's part for that.
      if (includer === source || includer === path || !canMean(index, fact, includer, path)) continue;
      const joined = joinAll([conditionOf(fact.condition), conditionOf(condition)]);
      if (isNever(joined)) continue;
      const unit = { path: includer, condition: joined.text };
      const key = `${includer}\0${unit.condition}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (isSourceFile(includer)) found.set(key, unit);
      if (seen.size > MOST_UNITS) return undefined;
      queue.push(unit);
    }
  }
  return found.size === 0 ? NONE : [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** C and assembly as a compiler is given them, by their names' endings. */
export function isSourceFile(path: string): boolean {
  return /\.(?:c|S|s|rs|cc|cpp)$/.test(path) && !path.endsWith(".lds.S");
}
