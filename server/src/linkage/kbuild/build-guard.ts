/**
 * Which Makefile builds a source file, in which list and under which guard: the answers that fixes, hover and configuration
 * need, on top of the walk. It reads only the Makefiles above the file unless the whole tree is asked for.
 */

import type { Guard } from "../../syntax/kbuild/guard.ts";
import type { Makefile } from "../../syntax/kbuild/makefile.ts";
import type { ValueWord } from "../../syntax/kbuild/value.ts";
import type { BuildPlacement, BuildWalk, Reach } from "./build-state.ts";
import { walkAll, walkBelow, walkTo } from "./build-walk.ts";
import type { LinkUnit } from "./link-unit.ts";

/** The place in a Makefile that lists an object. Offsets are UTF-16 units, half-open. */
export interface BuildListing {
  readonly path: string;
  /** The object's word, "kallsyms.o"; an empty span at the assignment where the word is put together. */
  readonly start: number;
  readonly end: number;
  /** The left side as written: "obj-$(CONFIG_KALLSYMS)". */
  readonly variable: string;
  /** The start of the line behind the assignment, continued lines included. */
  readonly insertAt: number;
  /** It stands within ifdef, ifeq or their else. */
  readonly isConditional: boolean;
}

/** One way in which a file is built. */
export interface BuildGuard {
  readonly source: string;
  readonly object: string;
  readonly unit: LinkUnit | undefined;
  readonly reach: Reach;
  /** When the file is built, the directories above it included. */
  readonly guard: Guard;
  /** When the build enters the directory that lists it. */
  readonly directoryGuard: Guard;
  readonly listing: BuildListing | undefined;
}

/**
 * How the build makes a source file; empty for headers, and for files that no Makefile that is asked lists.
 * @param path relative to the tree's root
 * @param elsewhere folders whose Makefiles are asked besides those above the file; "all" reads the whole tree's
 */
export function buildGuardOf(
  walk: BuildWalk,
  path: string,
  elsewhere: readonly string[] | "all" = [],
): readonly BuildGuard[] {
  if (elsewhere === "all") walkAll(walk);
  else for (const file of [path, ...elsewhere.map((folder) => `${folder}/`)]) walkTo(walk, file);
  const memberships = walk.memberships.get(path) ?? [];
  // Until the whole tree is read, the answer is that of these Makefiles, whatever else has been read so far.
  const isAsked = ({ linkedBy }: BuildPlacement) =>
    walk.isWhole || elsewhere === "all" || isAbove(linkedBy, path) || elsewhere.includes(linkedBy);
  const near = memberships.filter(isAsked);
  const hasUser = near.some(({ unit, reach }) => reach !== "unknown" && unit !== undefined && unit.kind !== "archive");
  return near.filter(({ unit }) => unit?.kind !== "archive" || !hasUser).map((membership) => guardOf(walk, membership));
}

/** How the Makefiles below a directory make a source file that lies elsewhere: `../../arm/xen/enlighten.o`. */
export function buildGuardsFrom(walk: BuildWalk, path: string, directory: string): readonly BuildGuard[] {
  walkTo(walk, path);
  walkBelow(walk, directory);
  return (walk.memberships.get(path) ?? []).map((membership) => guardOf(walk, membership));
}

function isAbove(directory: string, path: string): boolean {
  return directory === "" || path.startsWith(`${directory}/`);
}

function guardOf(walk: BuildWalk, membership: BuildPlacement): BuildGuard {
  const { source, object, unit, reach, guard, directoryGuard, listing } = membership;
  const isPossible = walk.kbuild.refine;
  return {
    source,
    object,
    unit,
    reach,
    guard: isPossible(guard),
    directoryGuard: isPossible(directoryGuard),
    listing: listing === undefined ? undefined : listingOf(walk.kbuild.parsed, listing),
  };
}

function listingOf(parsed: ReadonlyMap<string, Makefile>, word: ValueWord): BuildListing | undefined {
  const { origin } = word;
  if (origin === undefined) return undefined;
  const text = parsed.get(origin.path)?.text;
  if (text === undefined) return undefined;
  const { name, line, value } = origin.assignment;
  const isWritten = word.offset >= 0 && text.startsWith(word.text, word.offset);
  return {
    path: origin.path,
    start: isWritten ? word.offset : value.start,
    end: isWritten ? word.offset + word.text.length : value.start,
    variable: text.slice(name.start, name.end),
    insertAt: line.end,
    isConditional: origin.isConditional,
  };
}
