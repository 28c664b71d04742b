/**
 * Follows a kernel's build from `make` at the top down to sources: which directories are entered and how, what they list,
 * which rules make what of what, and so which source file ends up in which link, under which guard. It carries nothing out
 * and compiles nothing; what it can't follow it leaves out.
 */

import { type Make, normalizePath, variableWords } from "../syntax/kbuild/evaluate.ts";
import {
  ALWAYS,
  anyGuard,
  bothGuard,
  eitherGuard,
  type Guard,
  NEVER,
  notGuard,
  sameGuard,
} from "../syntax/kbuild/guard.ts";
import { filterWords, isUnknownText, mergeSame, type Word } from "../syntax/kbuild/value.ts";
import {
  type BuildGraph,
  directoryGraph,
  type GraphRule,
  helperGraph,
  inDirectory,
  type Kbuild,
  rulesFor,
  type Spawned,
  spawnedBy,
  spawnedByScript,
  topGraph,
} from "./build-graph.ts";
import { architectureOf, imageUnit, isLinkedFile, type LinkUnit } from "./link-unit.ts";

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
  readonly listing: Word | undefined;
}

/** What was found so far. A walk only grows. */
export interface BuildWalk {
  readonly kbuild: Kbuild;
  /** By source. */
  readonly placements: ReadonlyMap<string, readonly BuildPlacement[]>;
  /** Every object that is made, with its guard. */
  readonly objects: ReadonlyMap<string, Guard>;
  /** Every directory that the build enters. */
  readonly directories: ReadonlyMap<string, DirectoryReach>;
  /** No directory was left out. */
  readonly isWhole: boolean;
}

/** How the build enters a directory: for what is built in, for modules, or at all. */
export interface DirectoryReach {
  builtin: Guard;
  modules: Guard;
  visited: Guard;
}

interface Pending extends DirectoryReach {
  readonly key: string;
  readonly graph: BuildGraph;
  /** A helper of scripts/ lists nothing. */
  readonly isHelper: boolean;
  readonly demands: Map<string, Guard>;
  readonly seen: Map<string, Guard>;
  rounds: number;
}

interface Walk {
  readonly kbuild: Kbuild;
  readonly placements: Map<string, BuildPlacement[]>;
  readonly objects: Map<string, Guard>;
  readonly directories: Map<string, DirectoryReach>;
  isWhole: boolean;
  /** Directories that may be entered. */
  readonly wanted: Set<string>;
  /** How directories that were not wanted so far would be entered. */
  readonly deferred: Map<string, DirectoryReach & { readonly targets: Map<string, Guard> }>;
  readonly pending: Map<string, Pending>;
  readonly queue: Pending[];
  /** Who links which archive. */
  readonly archives: Map<string, { readonly unit: LinkUnit; readonly reach: Reach; readonly guard: Guard }[]>;
  /** Members of archives, by the archive. */
  readonly members: Map<string, BuildPlacement[]>;
}

/** What is wanted, on the way from a link to its sources. */
interface Want {
  readonly guard: Guard;
  readonly directoryGuard: Guard;
  readonly unit: LinkUnit | undefined;
  readonly reach: Reach;
  readonly archive: string | undefined;
  readonly listing: Word | undefined;
  readonly object: string | undefined;
  readonly depth: number;
}

const VMLINUX: LinkUnit = { kind: "vmlinux", name: "vmlinux", architecture: undefined };

/** Rules deeper than these belong to no real build. */
const DEEPEST = 40;

/** A directory whose reach keeps changing is looked at again so often. */
const MOST_ROUNDS = 12;

/** Starts at the tree's top, and enters no directory but the top's own yet. */
export function openWalk(kbuild: Kbuild): BuildWalk {
  const walk: Walk = {
    kbuild,
    placements: new Map(),
    objects: new Map(),
    directories: new Map(),
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
    demand(pending, "all", ALWAYS);
    walk.queue.push(pending);
  }
  runQueue(walk);
  return walk;
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

function pendingFor(walk: Walk, key: string, graph: BuildGraph, isHelper: boolean): Pending {
  let pending = walk.pending.get(key);
  if (pending === undefined) {
    const reach = { builtin: NEVER, modules: NEVER, visited: NEVER };
    pending = { key, graph, isHelper, demands: new Map(), seen: new Map(), rounds: 0, ...reach };
    walk.pending.set(key, pending);
    if (!isHelper) walk.directories.set(graph.directory, pending);
  }
  return pending;
}

/** Adds a target to what is wanted of a Makefile; false where it was wanted under this guard already. */
function demand(pending: Pending, target: string, guard: Guard): boolean {
  const before = pending.demands.get(target) ?? NEVER;
  const after = eitherGuard(before, guard);
  if (sameGuard(before, after)) return false;
  pending.demands.set(target, after);
  return true;
}

const REACHES = ["builtin", "modules", "visited"] as const;

function enter(
  walk: Walk,
  directory: string,
  reach: Partial<DirectoryReach>,
  targets: ReadonlyMap<string, Guard>,
): void {
  if (REACHES.every((kind) => (reach[kind] ?? NEVER).kind === "never") && targets.size === 0) return;
  if (!walk.isWhole && !walk.wanted.has(directory)) {
    let deferred = walk.deferred.get(directory);
    if (deferred === undefined) {
      deferred = { builtin: NEVER, modules: NEVER, visited: NEVER, targets: new Map() };
      walk.deferred.set(directory, deferred);
    }
    for (const kind of REACHES) deferred[kind] = eitherGuard(deferred[kind], reach[kind] ?? NEVER);
    for (const [target, guard] of targets) {
      deferred.targets.set(target, eitherGuard(deferred.targets.get(target) ?? NEVER, guard));
    }
    return;
  }
  const graph = directoryGraph(walk.kbuild, directory);
  if (graph === undefined) return;
  const pending = pendingFor(walk, `${directory}/`, graph, false);
  let hasChanged = false;
  for (const kind of REACHES) {
    const after = eitherGuard(pending[kind], reach[kind] ?? NEVER);
    if (!sameGuard(after, pending[kind])) {
      pending[kind] = after;
      hasChanged = true;
    }
  }
  for (const [target, guard] of targets) if (demand(pending, target, guard)) hasChanged = true;
  if (hasChanged && pending.rounds < MOST_ROUNDS && !walk.queue.includes(pending)) walk.queue.push(pending);
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
    guard: ALWAYS,
    directoryGuard: pending.visited,
    unit: undefined,
    reach: "unknown",
    archive: undefined,
    listing: undefined,
    object: undefined,
    depth: 0,
  };
}

function isDirectoryWord(word: Word): boolean {
  return word.text.endsWith("/");
}

/** What a Kbuild file lists (scripts/Makefile.build and scripts/Makefile.lib, Documentation/kbuild/makefiles.rst). */
function readLists(walk: Walk, pending: Pending): void {
  const { graph, builtin, modules, visited } = pending;
  const { make, directory } = graph;
  const list = (name: string) => variableWords(make, name).filter((word) => !isUnknownText(word.text));
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
        ...(isBuiltin ? { builtin: bothGuard(builtin, word.guard) } : {}),
      },
      new Map(),
    );
  }
  for (const word of [...list("subdir-y"), ...list("subdir-m")]) {
    enter(walk, inDirectory(directory, word.text), { visited: bothGuard(visited, word.guard) }, new Map());
  }

  const base = blank(pending);
  for (const word of objY.filter(isObjectWord)) {
    readObject(walk, pending, word, ["-objs", "-y"], {
      ...base,
      unit: VMLINUX,
      reach: "object",
      guard: bothGuard(builtin, word.guard),
      directoryGuard: builtin,
      listing: word,
    });
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

function isObjectWord(word: Word): boolean {
  return word.text.endsWith(".o");
}

/** An object of a list: one file, or the parts that `name-y` and `name-objs` give it. */
function readObject(walk: Walk, pending: Pending, word: Word, suffixes: readonly string[], want: Want): void {
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
    for (const part of parts) {
      if (!isObjectWord(part) || isUnknownText(part.text)) continue;
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

function recordObject(walk: Walk, path: string, guard: Guard): void {
  walk.objects.set(path, eitherGuard(walk.objects.get(path) ?? NEVER, guard));
}

function isSource(path: string): boolean {
  return /\.(?:c|S|s|rs|cc|cpp|asn1|l|y|dts|c_shipped|S_shipped)$/.test(path);
}

/** Follows what makes a file, down to sources. */
function visit(walk: Walk, pending: Pending, path: string, want: Want): void {
  if (want.guard.kind === "never" || want.depth > DEEPEST || isUnknownText(path)) return;
  const { graph } = pending;
  const isObject = path.endsWith(".o");
  if (isObject && !graph.explicit.has(path) && isPlainObject(graph, path)) {
    recordObject(walk, path, want.guard);
    const source = implicitSource(walk, path);
    if (source !== undefined) place(walk, source, want, path);
    return;
  }
  const key = `${path}\0${want.unit?.name ?? ""}\0${want.archive ?? ""}\0${want.listing?.offset ?? ""}`;
  const before = pending.seen.get(key) ?? NEVER;
  const guard = eitherGuard(before, want.guard);
  if (sameGuard(before, guard)) return;
  pending.seen.set(key, guard);
  if (isObject) recordObject(walk, path, want.guard);
  if (path.endsWith(".a") && want.unit !== undefined) recordArchive(walk, path, want);
  const program = graph.hostPrograms.get(path);
  if (program !== undefined) {
    readProgram(walk, pending, path, program.kind, want);
    return;
  }
  const rules = rulesFor(graph, path, (first) => canMake(walk, graph, first, 0));
  if (isSource(path) && rules.length === 0) {
    place(walk, path, want);
    return;
  }
  let makesObject = false;
  for (const rule of rules) {
    if (isObject && rule.rule.recipe.length > 0 && rule.prerequisites.some((word) => isCode(word.text)))
      makesObject = true;
    followRule(walk, pending, path, rule, want);
  }
  if (isObject && !makesObject) followImplicit(walk, pending, path, want);
  if (path.endsWith(".sh")) {
    const text = walk.kbuild.host.readText(path);
    if (text !== undefined) for (const spawned of spawnedByScript(text)) follow(walk, spawned, want);
  }
}

/** True for an object that no rule of its Makefile speaks of, nor of its source: Kbuild's own rules make it. */
function isPlainObject(graph: BuildGraph, path: string): boolean {
  if (graph.patterns.length > 0) return false;
  if (graph.explicit.size === 0) return true;
  const stem = path.slice(0, -2);
  return !graph.explicit.has(`${stem}.c`) && !graph.explicit.has(`${stem}.S`) && !graph.explicit.has(`${stem}.rs`);
}

function isCode(text: string): boolean {
  return text.endsWith(".o") || isSource(text);
}

function followRule(walk: Walk, pending: Pending, path: string, rule: GraphRule, want: Want): void {
  const guard = bothGuard(want.guard, rule.guard);
  if (guard.kind === "never") return;
  const objects = rule.prerequisites.filter(isObjectWord);
  const isLink = objects.length > 0 && isLinkedFile(path) && (path === "vmlinux" || !pending.graph.phony.has(path));
  const isPartial = path.endsWith(".o") && path !== "vmlinux.o" && objects.length > 1 && rule.rule.recipe.length > 0;
  const isGenerated = !isLink && !path.endsWith(".o") && !path.endsWith(".a") && isMadeFile(path);
  let unit = want.unit;
  let { archive, reach, listing } = want;
  if (isLink) {
    unit = imageUnit(path);
    archive = undefined;
    reach = "object";
  } else if (isPartial) {
    unit = { kind: "partial link", name: path, architecture: imageUnit(path).architecture };
    archive = undefined;
    reach = "object";
  } else if (path.endsWith(".a") && unit !== undefined) {
    // An archive made of archives is linked whole; so is vmlinux.a.
    reach = "object";
  }
  if (isLink || isPartial) listing = undefined;
  for (const word of rule.prerequisites) {
    const prerequisite = normalizePath(word.text);
    if (prerequisite === "FORCE" || prerequisite === path) continue;
    const isPart = isObjectWord(word) || prerequisite.endsWith(".a") || path.endsWith(".o");
    visit(walk, pending, prerequisite, {
      guard: bothGuard(guard, word.guard),
      directoryGuard: want.directoryGuard,
      // What makes a header or a script out of objects links nothing.
      unit: isGenerated || !isPart ? keptUnit(path, unit) : unit,
      archive: isGenerated ? undefined : archive,
      reach: prerequisite.endsWith(".a") && !path.endsWith(".a") ? "archive" : reach,
      listing: isLink || isPartial ? word : listing,
      object: path.endsWith(".o") ? path : undefined,
      depth: want.depth + 1,
    });
  }
  for (const spawned of spawnedBy(pending.graph, rule))
    follow(walk, { ...spawned, guard: bothGuard(guard, spawned.guard) }, want);
}

/** Only what leads to the tree's own link keeps its unit over files that are no objects: `vmlinux_o`, `vmlinux.a`. */
function keptUnit(path: string, unit: LinkUnit | undefined): LinkUnit | undefined {
  return unit?.kind === "vmlinux" && !path.includes("/") ? unit : undefined;
}

function isMadeFile(path: string): boolean {
  return /\.(?:h|c|S|s|lds|i)$/.test(path);
}

function follow(walk: Walk, spawned: Spawned, want: Want): void {
  const guard = bothGuard(spawned.guard, want.guard);
  if (guard.kind === "never") return;
  if (spawned.helper !== undefined) {
    const graph = helperGraph(walk.kbuild, spawned.helper);
    if (graph === undefined) return;
    const pending = pendingFor(walk, spawned.helper, graph, true);
    const first = graph.make.rules[0]?.targets.map((word) => normalizePath(word.text)) ?? [];
    let hasChanged = false;
    for (const target of spawned.targets.length > 0 ? spawned.targets : first) {
      if (demand(pending, target, guard)) hasChanged = true;
    }
    if (hasChanged && pending.rounds < MOST_ROUNDS && !walk.queue.includes(pending)) walk.queue.push(pending);
    return;
  }
  const { directory } = spawned;
  if (directory === undefined) return;
  if (spawned.targets.length > 0) {
    enter(walk, directory, {}, new Map(spawned.targets.map((target) => [target, guard])));
    return;
  }
  const isTop = directory === "" || spawned.isBuiltin;
  enter(walk, directory, { visited: guard, ...(isTop ? { builtin: guard, modules: guard } : {}) }, new Map());
}

function canMake(walk: Walk, graph: BuildGraph, path: string, depth: number): boolean {
  if (walk.kbuild.host.hasFile(path) || graph.explicit.has(path) || graph.hostPrograms.has(path)) return true;
  if (depth > 4) return false;
  if (path.endsWith(".o") && implicitSource(walk, path) !== undefined) return true;
  return rulesFor(graph, path, (first) => canMake(walk, graph, first, depth + 1)).length > 0;
}

/** The source that Kbuild's own pattern rules make an object of, in the order in which make tries them. */
function implicitSource(walk: Walk, object: string): string | undefined {
  const { host } = walk.kbuild;
  const stem = object.slice(0, -2);
  if (host.hasFile(`${stem}.c`)) return `${stem}.c`;
  const candidates = [`${stem}.S`, `${stem}.rs`, `${stem}.s`, `${stem}.c_shipped`, `${stem}.S_shipped`];
  if (stem.endsWith(".asn1")) candidates.push(stem);
  if (stem.endsWith(".lex")) candidates.push(`${stem.slice(0, -4)}.l`);
  if (stem.endsWith(".tab")) candidates.push(`${stem.slice(0, -4)}.y`);
  if (stem.endsWith(".dtb")) candidates.push(`${stem.slice(0, -4)}.dts`);
  return candidates.find((candidate) => host.hasFile(candidate));
}

function followImplicit(walk: Walk, pending: Pending, object: string, want: Want): void {
  const { graph } = pending;
  const stem = object.slice(0, -2);
  for (const generated of [`${stem}.c`, `${stem}.S`, `${stem}.rs`]) {
    const rules = rulesFor(graph, generated, (first) => canMake(walk, graph, first, 0));
    if (rules.length === 0) continue;
    // What makes the source is part of no link of its object's.
    const inner = { ...want, object, unit: undefined, archive: undefined, depth: want.depth + 1 };
    for (const rule of rules) followRule(walk, pending, generated, rule, inner);
    if (!walk.kbuild.host.hasFile(generated)) return;
  }
  const source = implicitSource(walk, object);
  if (source !== undefined) place(walk, source, want, object);
}

/** A program that the build makes for itself: `name-objs`, `name-cxxobjs`, or the one source of its name. */
function readProgram(
  walk: Walk,
  pending: Pending,
  path: string,
  kind: "host program" | "user program",
  want: Want,
): void {
  const { graph } = pending;
  const { make, directory } = graph;
  const unit: LinkUnit = { kind, name: path, architecture: imageUnit(path).architecture };
  const name = directory === "" ? path : path.slice(directory.length + 1);
  const inner: Want = {
    ...want,
    unit,
    reach: "object",
    archive: undefined,
    listing: graph.hostPrograms.get(path)?.word,
    object: undefined,
    depth: want.depth + 1,
  };
  for (const rule of rulesFor(graph, path, () => false)) {
    for (const word of rule.prerequisites) {
      const guard = bothGuard(want.guard, bothGuard(rule.guard, word.guard));
      const isPart = isObjectWord(word);
      visit(
        walk,
        pending,
        normalizePath(word.text),
        isPart ? { ...inner, guard } : { ...inner, guard, unit: undefined },
      );
    }
  }
  const parts = ["-objs", "-cxxobjs", "-rust"].flatMap((suffix) => variableWords(make, name + suffix));
  for (const part of parts) {
    if (isUnknownText(part.text)) continue;
    const guard = bothGuard(inner.guard, part.guard);
    visit(walk, pending, inDirectory(directory, part.text), { ...inner, guard, listing: part });
  }
  if (parts.length > 0) return;
  const generated = [`${path}.c`, `${path}.cc`].find((one) => graph.explicit.has(one) || walk.kbuild.host.hasFile(one));
  if (generated !== undefined) visit(walk, pending, generated, { ...inner, object: path });
}

function recordArchive(walk: Walk, path: string, want: Want): void {
  if (want.unit === undefined) return;
  const list = walk.archives.get(path) ?? [];
  const user = { unit: want.unit, reach: want.reach, guard: want.guard };
  list.push(user);
  walk.archives.set(path, list);
  for (const member of walk.members.get(path) ?? []) addPlacement(walk, memberOf(member, user));
}

function memberOf(member: BuildPlacement, user: Pick<BuildPlacement, "unit" | "reach" | "guard">): BuildPlacement {
  return { ...member, unit: user.unit, reach: user.reach, guard: bothGuard(member.guard, user.guard) };
}

function place(walk: Walk, source: string, want: Want, object = want.object): void {
  const placement: BuildPlacement = {
    source,
    object: object ?? source.replace(/\.\w+$/, ".o"),
    unit: want.unit,
    reach: want.reach,
    guard: want.guard,
    directoryGuard: want.directoryGuard,
    listing: want.listing,
  };
  const { archive } = want;
  if (archive === undefined) {
    addPlacement(walk, placement);
    return;
  }
  const members = walk.members.get(archive);
  if (members === undefined) walk.members.set(archive, [placement]);
  else members.push(placement);
  const users = walk.archives.get(archive) ?? [];
  for (const user of users) addPlacement(walk, memberOf(placement, user));
  if (users.length === 0) {
    const unit: LinkUnit = { kind: "archive", name: archive, architecture: architectureOf(archive) };
    addPlacement(walk, { ...placement, unit });
  }
}

function addPlacement(walk: Walk, placement: BuildPlacement): void {
  const list = walk.placements.get(placement.source);
  if (list === undefined) {
    walk.placements.set(placement.source, [placement]);
    return;
  }
  const same = list.findIndex(
    (one) =>
      one.object === placement.object &&
      one.unit?.name === placement.unit?.name &&
      one.unit?.kind === placement.unit?.kind &&
      one.reach === placement.reach &&
      (one.listing?.offset === placement.listing?.offset || placement.unit === undefined),
  );
  if (same < 0) {
    list.push(placement);
    return;
  }
  const guard = eitherGuard(list[same]!.guard, placement.guard);
  const directoryGuard = eitherGuard(list[same]!.directoryGuard, placement.directoryGuard);
  list[same] = { ...list[same]!, guard, directoryGuard };
}
