/** Which files see a header. It goes by the #include lines alone and knows no include paths, so it errs towards more. */

import { baseName, folderOf } from "../../text/path.ts";
import type { IncludeFact } from "../facts/facts.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { createPathNumbers, createPathSet, type GrowingPathSet, type PathNumbers, type PathSet } from "./path-set.ts";

interface Known {
  readonly revision: number;
  /** The files that include a header by a line of their own. */
  readonly direct: Map<string, readonly string[]>;
  readonly found: Map<string, GrowingPathSet>;
  readonly numbers: PathNumbers;
}

/** What was found, as long as the index stays as it was. */
const includersByIndex = new WeakMap<LinkIndex, Known>();

/**
 * All files that include the header, directly or through other headers. An #include line is taken to mean the header when
 * its path is the end of the header's path, as no include directory would make it mean it otherwise: `<linux/table.h>`
 * means include/linux/table.h.
 */
export function includersOf(index: LinkIndex, header: string): PathSet {
  let known = includersByIndex.get(index);
  if (known === undefined || known.revision !== index.revision) {
    const numbers = known?.numbers ?? createPathNumbers();
    known = { revision: index.revision, direct: new Map(), found: new Map(), numbers };
    includersByIndex.set(index, known);
  }
  const cached = known.found.get(header);
  if (cached !== undefined) return cached;
  const found = createPathSet(known.numbers);
  const queue = [header];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    for (const includer of directIncluders(index, path, known)) {
      if (includer === header || !found.add(includer)) continue;
      if (!/\.(?:h|inc|c|lds|S|s|asm)$/.test(includer)) continue;
      // All that is known to include an includer includes the header, too.
      const further = known.found.get(includer);
      if (further === undefined) queue.push(includer);
      else found.addAll(further);
    }
  }
  const includers = found.has(header) ? without(found, header, known.numbers) : found;
  known.found.set(header, includers);
  return includers;
}

/** A header that comes back to itself is none of its own includers. */
function without(found: PathSet, header: string, numbers: PathNumbers): GrowingPathSet {
  const others = createPathSet(numbers);
  for (const path of found) if (path !== header) others.add(path);
  return others;
}

/** The files with a line that includes the header. Many headers lead to the same ones, so they are found once. */
function directIncluders(index: LinkIndex, header: string, known: Known): readonly string[] {
  let direct = known.direct.get(header);
  if (direct === undefined) {
    const lines = index.inclusionsOf(baseName(header));
    direct = lines.filter(({ path, fact }) => canMean(index, fact, path, header)).map(({ path }) => path);
    known.direct.set(header, direct);
  }
  return direct;
}

/** True when this #include line, written in this file, can name the header. */
export function canMean(
  index: LinkIndex,
  include: Pick<IncludeFact, "path" | "angled">,
  includer: string,
  header: string,
): boolean {
  // A quoted path is looked for beside the including file first (GCC manual, "Search Path").
  if (!include.angled) {
    const beside = joinPath(folderOf(includer), include.path);
    if (beside === header) return true;
    if (index.hasFile(beside)) return false;
  }
  const tail = include.path.replace(/^(\.{1,2}\/)+/, "");
  return header === tail || header.endsWith(`/${tail}`);
}

/** Joins a folder ("" or ending in "/") and a relative path, with "." and ".." resolved. */
export function joinPath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${path}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

const pathsByIndex = new WeakMap<
  LinkIndex,
  { readonly revision: number; readonly byName: ReadonlyMap<string, readonly string[]> }
>();

/** The files whose last path component this is, sorted. */
export function pathsNamed(index: LinkIndex, base: string): readonly string[] {
  let known = pathsByIndex.get(index);
  if (known === undefined || known.revision !== index.revision) {
    const byName = new Map<string, string[]>();
    for (const path of index.paths()) {
      const name = baseName(path);
      const paths = byName.get(name);
      if (paths === undefined) byName.set(name, [path]);
      else paths.push(path);
    }
    known = { revision: index.revision, byName };
    pathsByIndex.set(index, known);
  }
  return known.byName.get(base) ?? [];
}
