/**
 * Follows a kernel's build from `make` at the top down to sources: which directories are entered and how, what they list,
 * which rules make what of what, and so which source file ends up in which link, under which guard. It carries nothing out
 * and compiles nothing; what it can't follow it leaves out.
 */

import { variableWords } from "../../syntax/kbuild/expand.ts";
import { anyGuard, bothGuard, type Guard, notGuard, UNGUARDED } from "../../syntax/kbuild/guard.ts";
import type { Make } from "../../syntax/kbuild/make.ts";
import { filterWords, mergeSame, type ValueWord } from "../../syntax/kbuild/value.ts";
import { inDirectory, type Kbuild, topGraph } from "./build-graph.ts";
import {
  type BuildWalk,
  demand,
  enter,
  type ImageUse,
  type Pending,
  pendingFor,
  recordObject,
  type Walk,
  type Want,
} from "./build-state.ts";
import { isObjectWord, visit } from "./build-trace.ts";
import type { LinkUnit } from "./link-unit.ts";
import { resolveWords } from "./open-words.ts";

const VMLINUX: LinkUnit = { kind: "vmlinux", name: "vmlinux", architecture: undefined };

/** Starts at the tree's top, and enters no directory but the top's own yet. */
export function openWalk(kbuild: Kbuild): BuildWalk {
  const walk = startWalk(kbuild);
  runQueue(walk as unknown as Walk);
  return walk;
}

/** The same, but {@link stepWalk} is still to do what it consists of; so does whoever asks the walk for a file. */
export function startWalk(kbuild: Kbuild): BuildWalk {
  const walk: Walk = {
    kbuild,
    memberships: new Map(),
    objects: new Map(),
    directories: new Map(),
    variants: new Map(),
    isWhole: false,
    wanted: new Set([""]),
    deferred: new Map(),
    pending: new Map(),
    queue: [],
    archives: new Map(),
    members: new Map(),
  };
  const top = topGraph(kbuild);
  if (top !== undefined) {
    const pending = pendingFor(walk, "Makefile", top, true);
    demand(pending, "all", UNGUARDED);
    walk.queue.push(pending);
  }
  return walk;
}

/** Whether a directory below the top is entered, or would be, for what is built into the tree's own link. */
export function hasBuiltinDirectory(walk: BuildWalk): boolean {
  const { directories, deferred } = walk as unknown as Walk;
  return [...directories, ...deferred].some(([path, { builtin }]) => path !== "" && builtin.kind !== "never");
}

/** Looks at one Makefile that waits. False where none does. */
export function stepWalk(walk: BuildWalk): boolean {
  const state = walk as unknown as Walk;
  const pending = state.queue.shift();
  if (pending !== undefined) processPending(state, pending);
  return pending !== undefined;
}

/** Enters the directories above a file, so that what they list of it is known. */
export function walkTo(walk: BuildWalk, path: string): void {
  const state = walk as unknown as Walk;
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
    const directory = path.slice(0, slash);
    if (!state.wanted.has(directory)) {
      state.wanted.add(directory);
      enterDeferred(state, directory);
    }
  }
  runQueue(state);
}

/** Enters every directory below one, so that the files elsewhere are known that a Makefile there lists. */
export function walkBelow(walk: BuildWalk, directory: string): void {
  const state = walk as unknown as Walk;
  walkTo(walk, `${directory}/`);
  for (let next = deferredBelow(state, directory); next !== undefined; next = deferredBelow(state, directory)) {
    state.wanted.add(next);
    enterDeferred(state, next);
    runQueue(state);
  }
}

function deferredBelow(walk: Walk, directory: string): string | undefined {
  for (const deferred of walk.deferred.keys()) if (deferred.startsWith(`${directory}/`)) return deferred;
  return undefined;
}

/** Enters every directory, so that a file is known too where a Makefile far from it lists it. */
export function walkAll(walk: BuildWalk): void {
  const state = walk as unknown as Walk;
  state.isWhole = true;
  for (const directory of [...state.deferred.keys()]) enterDeferred(state, directory);
  runQueue(state);
}

function enterDeferred(walk: Walk, directory: string): void {
  const deferred = walk.deferred.get(directory);
  if (deferred === undefined) return;
  walk.deferred.delete(directory);
  enter(walk, directory, deferred, deferred.targets);
}

function runQueue(walk: Walk): void {
  while (walk.queue.length > 0) processPending(walk, walk.queue.shift()!);
}

function processPending(walk: Walk, pending: Pending): void {
  pending.rounds++;
  const { graph, isHelper } = pending;
  for (const [target, guard] of pending.demands) {
    visit(walk, pending, target, { ...blank(pending), guard, directoryGuard: guard });
  }
  if (!isHelper) readLists(walk, pending);
  graph.make.depth = 0;
}

function blank(pending: Pending): Want {
  return {
    guard: UNGUARDED,
    directoryGuard: pending.visited,
    unit: undefined,
    reach: "unknown",
    archive: undefined,
    listing: undefined,
    linkedBy: pending.graph.directory,
    object: undefined,
    depth: 0,
  };
}

function isDirectoryWord(word: ValueWord): boolean {
  return word.text.endsWith("/");
}

/** What a Kbuild file lists (scripts/Makefile.build and scripts/Makefile.lib, Documentation/kbuild/makefiles.rst). */
function readLists(walk: Walk, pending: Pending): void {
  const { graph, builtin, modules, visited, images } = pending;
  const { make, directory } = graph;
  const list = (name: string) => resolveWords(make.host, directory, variableWords(make, name));
  const objY = mergeSame(list("obj-y"));
  const objM = filterWords(objY, mergeSame(list("obj-m")), false);

  for (const word of [...objY, ...objM].filter(isDirectoryWord)) {
    const isBuiltin = objY.includes(word);
    enter(
      walk,
      inDirectory(directory, word.text),
      {
        visited: bothGuard(visited, word.guard),
        modules: bothGuard(modules, word.guard),
        ...(isBuiltin ? { builtin: bothGuard(builtin, word.guard), images: guardImages(images, word.guard) } : {}),
      },
      new Map(),
    );
  }
  for (const word of [...list("subdir-y"), ...list("subdir-m")]) {
    enter(walk, inDirectory(directory, word.text), { visited: bothGuard(visited, word.guard) }, new Map());
  }

  const base = blank(pending);
  const uses = images.size > 0 ? [...images.values()] : [{ unit: VMLINUX, guard: builtin }];
  for (const { unit, guard: taken } of uses) {
    for (const word of objY.filter(isObjectWord)) {
      readObject(walk, pending, word, ["-objs", "-y"], {
        ...base,
        unit,
        reach: "object",
        guard: bothGuard(taken, word.guard),
        directoryGuard: taken,
        listing: word,
      });
    }
  }
  for (const word of objM.filter(isObjectWord)) {
    const name = inDirectory(directory, word.text).replace(/\.o$/, "");
    readObject(walk, pending, word, ["-objs", "-y", "-m"], {
      ...base,
      unit: { kind: "module", name, architecture: undefined },
      reach: "object",
      guard: bothGuard(modules, word.guard),
      directoryGuard: modules,
      listing: word,
    });
  }
  const archive = inDirectory(directory, "lib.a");
  for (const word of filterWords(objY, [...list("lib-y"), ...list("lib-m")], false).filter(isObjectWord)) {
    const guard = bothGuard(visited, word.guard);
    visit(walk, pending, inDirectory(directory, word.text), {
      ...base,
      guard,
      archive,
      reach: "archive",
      listing: word,
    });
  }
  for (const name of [
    "extra-y",
    "always-y",
    "always-m",
    "hostprogs-always-y",
    "hostprogs-always-m",
    "userprogs-always-y",
  ]) {
    for (const word of list(name)) {
      const guard = bothGuard(visited, word.guard);
      visit(walk, pending, inDirectory(directory, word.text), { ...base, guard, listing: word });
    }
  }
}

function guardImages(images: ReadonlyMap<string, ImageUse>, guard: Guard): Map<string, ImageUse> {
  return new Map([...images].map(([name, use]) => [name, { ...use, guard: bothGuard(use.guard, guard) }]));
}

/** An object of a list: one file, or the parts that `name-y` and `name-objs` give it. */
function readObject(walk: Walk, pending: Pending, word: ValueWord, suffixes: readonly string[], want: Want): void {
  const { make, directory } = pending.graph;
  const stem = word.text.slice(0, -2);
  if (!isComposite(make, stem)) {
    visit(walk, pending, inDirectory(directory, word.text), want);
    return;
  }
  const parts = suffixes.flatMap((suffix) => variableWords(make, stem + suffix));
  const present = anyGuard([...parts, ...variableWords(make, `${stem}-`)].map((part) => part.guard));
  if (present.kind !== "never") {
    // Only a module's parts are linked into an object of their own (scripts/Makefile.lib, real-obj-y and multi-obj-m).
    if (want.unit?.kind === "module") {
      recordObject(walk, inDirectory(directory, word.text), bothGuard(want.guard, present));
    }
    for (const part of resolveWords(make.host, directory, parts)) {
      if (!isObjectWord(part)) continue;
      const guard = bothGuard(want.guard, part.guard);
      visit(walk, pending, inDirectory(directory, part.text), { ...want, guard, listing: part });
    }
  }
  const single = bothGuard(want.guard, notGuard(present));
  if (single.kind !== "never") visit(walk, pending, inDirectory(directory, word.text), { ...want, guard: single });
}

function isComposite(make: Make, stem: string): boolean {
  const { variables } = make;
  return (
    variables.has(`${stem}-objs`) ||
    variables.has(`${stem}-y`) ||
    variables.has(`${stem}-m`) ||
    variables.has(`${stem}-`)
  );
}
