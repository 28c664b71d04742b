/**
 * The state of a walk through a kernel's build: the directories that are entered and how, what is still to be looked at, and
 * what was found. It follows nothing by itself.
 */

import { bothGuard, eitherGuard, type Guard, sameGuard, UNREACHABLE } from "../../syntax/kbuild/guard.ts";
import type { ValueWord } from "../../syntax/kbuild/value.ts";
import { architectureOf } from "../facts/architecture.ts";
import { type BuildGraph, directoryGraph, type Kbuild } from "./build-graph.ts";
import type { LinkUnit } from "./link-unit.ts";

/** How an object gets into its link: as it is, or as a member of an archive, taken only when somebody refers to it. */
export type Reach = "object" | "archive" | "unknown";

/** One way in which a source file is built. */
export interface BuildPlacement {
  readonly source: string;
  /** The object made of it. */
  readonly object: string;
  /** undefined where the object is made but not linked into anything that is known here. */
  readonly unit: LinkUnit | undefined;
  readonly reach: Reach;
  readonly guard: Guard;
  /** The guard under which the build enters the directory that lists the object. */
  readonly directoryGuard: Guard;
  /** The word of a Makefile that lists the object, or the composite object it is a part of. */
  readonly listing: ValueWord | undefined;
  /** The directory of the Makefile that says where the object is linked; "" for the top's. */
  readonly linkedBy: string;
}

/** What was found so far. A walk only grows. */
export interface BuildWalk {
  readonly kbuild: Kbuild;
  /** By source. */
  readonly memberships: ReadonlyMap<string, readonly BuildPlacement[]>;
  /** Every object that is made, with its guard. */
  readonly objects: ReadonlyMap<string, Guard>;
  /** Every directory that the build enters. */
  readonly directories: ReadonlyMap<string, DirectoryReach>;
  /** Links, by their names, that a helper of scripts/ makes of objects that are compiled for them alone, and the helper. */
  readonly variants: ReadonlyMap<string, string>;
  /** No directory was left out. */
  readonly isWhole: boolean;
}

/** How the build enters a directory: for what is built in, for modules, or at all. */
export interface DirectoryReach {
  builtin: Guard;
  modules: Guard;
  visited: Guard;
  /** The links that take what it builds in, by their names, where a link names it by `DIR/built-in.o`; else the kernel's. */
  readonly images: Map<string, ImageUse>;
}

/** A link that takes what a directory builds in, and when. */
export interface ImageUse {
  readonly unit: LinkUnit;
  readonly guard: Guard;
}

export interface Pending extends DirectoryReach {
  readonly key: string;
  readonly graph: BuildGraph;
  /** A helper of scripts/ lists nothing. */
  readonly isHelper: boolean;
  readonly demands: Map<string, Guard>;
  /** The guards under which targets were followed, joined, and how many they were. */
  readonly seen: Map<string, { readonly guard: Guard; readonly ways: number }>;
  rounds: number;
}

export interface Walk {
  readonly kbuild: Kbuild;
  readonly memberships: Map<string, BuildPlacement[]>;
  readonly objects: Map<string, Guard>;
  readonly directories: Map<string, DirectoryReach>;
  readonly variants: Map<string, string>;
  isWhole: boolean;
  /** Directories that may be entered. */
  readonly wanted: Set<string>;
  /** How directories that were not wanted so far would be entered. */
  readonly deferred: Map<string, DirectoryReach & { readonly targets: Map<string, Guard> }>;
  readonly pending: Map<string, Pending>;
  readonly queue: Pending[];
  /** Who links which archive. */
  readonly archives: Map<string, ArchiveUser[]>;
  /** Members of archives, by the archive. */
  readonly members: Map<string, BuildPlacement[]>;
}

/** A link that takes an archive, as it is added to each of the archive's members. */
type ArchiveUser = Pick<BuildPlacement, "unit" | "reach" | "guard" | "linkedBy">;

/** What is wanted, on the way from a link to its sources. */
export interface Want {
  readonly guard: Guard;
  readonly directoryGuard: Guard;
  readonly unit: LinkUnit | undefined;
  readonly reach: Reach;
  readonly archive: string | undefined;
  readonly listing: ValueWord | undefined;
  readonly linkedBy: string;
  readonly object: string | undefined;
  readonly depth: number;
}

/** A directory whose reach keeps changing is looked at again so often. */
export const MOST_ROUNDS = 12;

export function pendingFor(walk: Walk, key: string, graph: BuildGraph, isHelper: boolean): Pending {
  let pending = walk.pending.get(key);
  if (pending === undefined) {
    const reach = {
      builtin: UNREACHABLE,
      modules: UNREACHABLE,
      visited: UNREACHABLE,
      images: new Map<string, ImageUse>(),
    };
    pending = { key, graph, isHelper, demands: new Map(), seen: new Map(), rounds: 0, ...reach };
    walk.pending.set(key, pending);
    if (!isHelper) walk.directories.set(graph.directory, pending);
  }
  return pending;
}

/** Adds a target to what is wanted of a Makefile; false where it was wanted under this guard already. */
export function demand(pending: Pending, target: string, guard: Guard): boolean {
  const before = pending.demands.get(target) ?? UNREACHABLE;
  const after = eitherGuard(before, guard);
  if (sameGuard(before, after)) return false;
  pending.demands.set(target, after);
  return true;
}

const REACHES = ["builtin", "modules", "visited"] as const;

export function enter(
  walk: Walk,
  directory: string,
  reach: Partial<DirectoryReach>,
  targets: ReadonlyMap<string, Guard>,
): void {
  if (REACHES.every((kind) => (reach[kind] ?? UNREACHABLE).kind === "never") && targets.size === 0) return;
  if (!walk.isWhole && !walk.wanted.has(directory)) {
    let deferred = walk.deferred.get(directory);
    if (deferred === undefined) {
      deferred = {
        builtin: UNREACHABLE,
        modules: UNREACHABLE,
        visited: UNREACHABLE,
        images: new Map(),
        targets: new Map(),
      };
      walk.deferred.set(directory, deferred);
    }
    for (const kind of REACHES) deferred[kind] = eitherGuard(deferred[kind], reach[kind] ?? UNREACHABLE);
    addImages(deferred.images, reach.images);
    for (const [target, guard] of targets) {
      deferred.targets.set(target, eitherGuard(deferred.targets.get(target) ?? UNREACHABLE, guard));
    }
    return;
  }
  const graph = directoryGraph(walk.kbuild, directory);
  if (graph === undefined) return;
  const pending = pendingFor(walk, `${directory}/`, graph, false);
  let hasChanged = addImages(pending.images, reach.images);
  for (const kind of REACHES) {
    const after = eitherGuard(pending[kind], reach[kind] ?? UNREACHABLE);
    if (!sameGuard(after, pending[kind])) {
      pending[kind] = after;
      hasChanged = true;
    }
  }
  for (const [target, guard] of targets) if (demand(pending, target, guard)) hasChanged = true;
  if (hasChanged && pending.rounds < MOST_ROUNDS && !walk.queue.includes(pending)) walk.queue.push(pending);
}

/** @returns whether any is new, or taken in other configurations too */
function addImages(known: Map<string, ImageUse>, added: ReadonlyMap<string, ImageUse> = new Map()): boolean {
  let hasChanged = false;
  for (const [name, { unit, guard }] of added) {
    const before = known.get(name)?.guard ?? UNREACHABLE;
    const after = eitherGuard(before, guard);
    if (sameGuard(before, after)) continue;
    known.set(name, { unit, guard: after });
    hasChanged = true;
  }
  return hasChanged;
}

export function recordObject(walk: Walk, path: string, guard: Guard): void {
  walk.objects.set(path, eitherGuard(walk.objects.get(path) ?? UNREACHABLE, guard));
}

export function recordArchive(walk: Walk, path: string, want: Want): void {
  if (want.unit === undefined) return;
  const { unit, reach, guard, linkedBy } = want;
  const user: ArchiveUser = { unit, reach, guard, linkedBy };
  const list = walk.archives.get(path);
  if (list === undefined) walk.archives.set(path, [user]);
  else list.push(user);
  for (const member of walk.members.get(path) ?? []) addPlacement(walk, memberOf(member, user));
}

function memberOf(member: BuildPlacement, user: ArchiveUser): BuildPlacement {
  return { ...member, ...user, guard: bothGuard(member.guard, user.guard) };
}

export function place(walk: Walk, source: string, want: Want, object = want.object): void {
  const membership: BuildPlacement = {
    source,
    object: object ?? source.replace(/\.\w+$/, ".o"),
    unit: want.unit,
    reach: want.reach,
    guard: want.guard,
    directoryGuard: want.directoryGuard,
    listing: want.listing,
    linkedBy: want.linkedBy,
  };
  const { archive } = want;
  if (archive === undefined) {
    addPlacement(walk, membership);
    return;
  }
  const members = walk.members.get(archive);
  if (members === undefined) walk.members.set(archive, [membership]);
  else members.push(membership);
  // For who does not know the archive's users: it is left out where there are any.
  addPlacement(walk, {
    ...membership,
    unit: { kind: "archive", name: archive, architecture: architectureOf(archive) },
  });
  for (const user of walk.archives.get(archive) ?? []) addPlacement(walk, memberOf(membership, user));
}

function addPlacement(walk: Walk, membership: BuildPlacement): void {
  const list = walk.memberships.get(membership.source);
  if (list === undefined) {
    walk.memberships.set(membership.source, [membership]);
    return;
  }
  const same = list.findIndex(
    (one) =>
      one.object === membership.object &&
      one.unit?.name === membership.unit?.name &&
      one.unit?.kind === membership.unit?.kind &&
      one.reach === membership.reach &&
      one.linkedBy === membership.linkedBy &&
      (one.listing?.offset === membership.listing?.offset || membership.unit === undefined),
  );
  if (same < 0) {
    list.push(membership);
    return;
  }
  const guard = eitherGuard(list[same]!.guard, membership.guard);
  const directoryGuard = eitherGuard(list[same]!.directoryGuard, membership.directoryGuard);
  list[same] = { ...list[same]!, guard, directoryGuard };
}
