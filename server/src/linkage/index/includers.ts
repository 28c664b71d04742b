/** Which files see a header. It goes by the #include lines alone and knows no include paths, so it errs towards more. */

import { baseName, folderOf } from "../../text/path.ts";
import type { IncludeFact } from "../facts/facts.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import {
  createPathNumbers,
  createPathSet,
  type GrowingPathSet,
  type PathNumbers,
  type PathSet,
  pathNumber,
} from "./path-set.ts";

/** #include lines that can mean the same files: of one path, and where it is quoted, in files of one folder. */
interface AlikeLines {
  readonly include: Pick<IncludeFact, "path" | "angled">;
  /** One of the files that they stand in. */
  readonly example: string;
  /** The numbers of all of those files. */
  readonly includers: number[];
}

interface Known {
  readonly revision: number;
  /** The lines by the last component of their paths. */
  readonly lines: Map<string, readonly AlikeLines[]>;
  /** Those of them that can mean a header, by its number. */
  readonly meaning: Map<number, readonly AlikeLines[]>;
  readonly found: Map<string, GrowingPathSet>;
  readonly numbers: PathNumbers;
}

/** What was found, as long as the #include lines stay as they were. */
const includersByIndex = new WeakMap<LinkIndex, Known>();

/** What is included in files with these endings, others get through them. */
const LEADS_ON = /\.(?:h|inc|c|lds|S|s|asm)$/;

/**
 * All files that include the header, directly or through other headers. An #include line is taken to mean the header when
 * its path is the end of the header's path, as no include directory would make it mean it otherwise: `<linux/table.h>`
 * means include/linux/table.h.
 */
export function includersOf(index: LinkIndex, header: string): PathSet {
  const known = knownOf(index);
  const cached = known.found.get(header);
  if (cached !== undefined) return cached;
  const { numbers } = known;
  const found = createPathSet(numbers);
  const own = pathNumber(numbers, header);
  const queue = [own];
  for (let header = queue.pop(); header !== undefined; header = queue.pop()) {
    for (const { includers } of linesMeaning(index, header, known)) {
      for (const includer of includers) {
        if (includer === own || !found.add(includer)) continue;
        const path = numbers.paths[includer]!;
        if (!LEADS_ON.test(path)) continue;
        // All that is known to include an includer includes the header, too.
        const further = known.found.get(path);
        if (further === undefined) queue.push(includer);
        else found.addAll(further);
      }
    }
  }
  // A header that comes back to itself is none of its own includers.
  found.remove(own);
  known.found.set(header, found);
  return found;
}

function knownOf(index: LinkIndex): Known {
  let known = includersByIndex.get(index);
  if (known === undefined || known.revision !== index.inclusionRevision) {
    const numbers = known?.numbers ?? createPathNumbers();
    known = { revision: index.inclusionRevision, lines: new Map(), meaning: new Map(), found: new Map(), numbers };
    includersByIndex.set(index, known);
  }
  return known;
}

/** Headers whose lines are looked at in one step of {@link prepareIncluders}. */
const HEADERS_A_STEP = 200;

const preparing = new WeakMap<Known, Iterator<string>>();

/**
 * Reads some of the #include lines that the first question about a header that all include would have to read.
 * @returns false once nothing is left to do
 */
export function prepareIncluders(index: LinkIndex): boolean {
  const known = knownOf(index);
  let headers = preparing.get(known);
  if (headers === undefined) preparing.set(known, (headers = index.paths()[Symbol.iterator]()));
  for (let looked = 0; looked < HEADERS_A_STEP; ) {
    const { value: path, done } = headers.next();
    if (done === true) return false;
    if (!path.endsWith(".h")) continue;
    linesMeaning(index, pathNumber(known.numbers, path), known);
    looked++;
  }
  return true;
}

/** The lines that can mean a header. Many headers lead to the same ones, so they are found once. */
function linesMeaning(index: LinkIndex, header: number, known: Known): readonly AlikeLines[] {
  let meaning = known.meaning.get(header);
  if (meaning === undefined) {
    const path = known.numbers.paths[header]!;
    const lines = linesNamed(index, baseName(path), known);
    meaning = lines.filter(({ include, example }) => canMean(index, include, example, path));
    known.meaning.set(header, meaning);
  }
  return meaning;
}

/** The lines whose paths end in this component, put together once: a tree has hundreds of headers of one name. */
function linesNamed(index: LinkIndex, base: string, known: Known): readonly AlikeLines[] {
  let lines = known.lines.get(base);
  if (lines === undefined) {
    const groups = new Map<string, AlikeLines>();
    for (const { path, fact } of index.inclusionsOf(base)) {
      const key = fact.angled ? fact.path : `${folderOf(path)}\0${fact.path}`;
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = { include: fact, example: path, includers: [] }));
      group.includers.push(pathNumber(known.numbers, path));
    }
    lines = [...groups.values()];
    known.lines.set(base, lines);
  }
  return lines;
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
  if (known === undefined || known.revision !== index.inclusionRevision) {
    const byName = new Map<string, string[]>();
    for (const path of index.paths()) {
      const name = baseName(path);
      const paths = byName.get(name);
      if (paths === undefined) byName.set(name, [path]);
      else paths.push(path);
    }
    known = { revision: index.inclusionRevision, byName };
    pathsByIndex.set(index, known);
  }
  return known.byName.get(base) ?? [];
}
