/**
 * Follows what makes a file, rule by rule, down to its sources: through links, partial links, archives, generated sources and
 * host programs. It lists no directories.
 */

import { variableWords } from "../../syntax/kbuild/expand.ts";
import { bothGuard, eitherGuard, type Guard, sameGuard, UNREACHABLE, widenGuard } from "../../syntax/kbuild/guard.ts";
import { normalizePath } from "../../syntax/kbuild/make.ts";
import { isUnknownText, knownParts, type ValueWord } from "../../syntax/kbuild/value.ts";
import {
  type BuildGraph,
  type GraphRule,
  helperGraph,
  inDirectory,
  rulesFor,
  type Spawned,
  spawnedBy,
  spawnedByScript,
} from "./build-graph.ts";
import {
  demand,
  enter,
  MOST_ROUNDS,
  type Pending,
  pendingFor,
  place,
  recordArchive,
  recordObject,
  type Walk,
  type Want,
} from "./build-state.ts";
import { imageUnit, isLinkedFile, type LinkUnit, unitText } from "./link-unit.ts";
import { resolveWords } from "./open-words.ts";

/** Rules deeper than these belong to no real build. */
const DEEPEST = 40;

/** What a directory builds in, as one file. */
const BUILTIN = /^(.+)\/built-in\.[oa]$/;

/** A word that so many folders or files of the tree stand for, such as all boards, is followed for one guard, and for the rest together. */
const MANY = 16;

/** Guards of a target beyond these are not told apart. */
const MOST_WAYS = 8;

/** True for a word that names an object. */
export function isObjectWord(word: ValueWord): boolean {
  return word.text.endsWith(".o");
}

function isSource(path: string): boolean {
  return /\.(?:c|S|s|rs|cc|cpp|asn1|l|y|dts|c_shipped|S_shipped)$/.test(path);
}

/** Follows what makes a file, down to sources. */
export function visit(walk: Walk, pending: Pending, path: string, wanted: Want): void {
  if (wanted.guard.kind === "never" || wanted.depth > DEEPEST || isUnknownText(path)) return;
  const { graph } = pending;
  const isObject = path.endsWith(".o");
  if (isObject && !BUILTIN.test(path) && !graph.explicit.has(path) && isPlainObject(graph, path)) {
    recordObject(walk, path, wanted.guard);
    const source = implicitSource(walk, path);
    if (source !== undefined) place(walk, source, wanted, path);
    return;
  }
  const { unit, archive, listing } = wanted;
  const key = `${path}\0${unit?.name ?? ""}\0${archive ?? ""}\0${listing?.offset ?? ""}`;
  const guard = addWay(pending, key, wanted.guard);
  if (guard === undefined) return;
  const want = { ...wanted, guard };
  if (isObject) recordObject(walk, path, want.guard);
  if (path.endsWith(".a") && want.unit !== undefined) recordArchive(walk, path, want);
  // A rule for it says that make descends into the directory, and no more.
  if (enterBuiltin(walk, path, want)) return;
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

/**
 * Notes one more guard under which a target is wanted. A target of so many ways that its guard keeps changing, as what all images of
 * all boards need, is taken to be made in some configurations that are not known.
 * @returns the guard under which the target is to be followed now; undefined where that is nothing new
 */
function addWay(pending: Pending, key: string, guard: Guard, most = MOST_WAYS): Guard | undefined {
  const before = pending.seen.get(key) ?? { guard: UNREACHABLE, ways: 0 };
  const ways = before.ways + 1;
  const isWide = ways > most && guard.kind !== "always";
  const all = isWide ? widenGuard(before.guard, guard) : eitherGuard(before.guard, guard);
  if (sameGuard(before.guard, all)) return undefined;
  pending.seen.set(key, { guard: all, ways });
  return isWide ? all : guard;
}

/**
 * What a link takes of a directory as a whole: `common/built-in.o`.
 * @returns whether the path is such a file
 */
function enterBuiltin(walk: Walk, path: string, { unit, guard }: Want): boolean {
  const directory = BUILTIN.exec(path)?.[1];
  if (directory === undefined || unit === undefined || walk.kbuild.isToldBuiltin()) return false;
  const images = new Map([[unitText(unit), { unit, guard }]]);
  enter(walk, directory, { visited: guard, modules: guard, builtin: guard, images }, new Map());
  return true;
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
    if (unit.kind === "image" && pending.isHelper && pending.graph.path !== "Makefile")
      walk.variants.set(unitText(unit), pending.graph.path);
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
  for (const { word, taken } of prerequisitesOf(walk, pending, path, rule, guard)) {
    const prerequisite = normalizePath(word.text);
    if (prerequisite === "FORCE" || prerequisite === path) continue;
    const isOrder = pending.graph.phony.has(prerequisite);
    const isPart = isObjectWord(word) || prerequisite.endsWith(".a") || (path.endsWith(".o") && !isOrder);
    visit(walk, pending, prerequisite, {
      guard: bothGuard(taken, word.guard),
      directoryGuard: want.directoryGuard,
      // What makes a header or a script out of objects links nothing.
      unit: isGenerated || !isPart ? keptUnit(path, unit) : unit,
      archive: isGenerated ? undefined : archive,
      reach: prerequisite.endsWith(".a") && !path.endsWith(".a") ? "archive" : reach,
      listing: isLink || isPartial ? word : isOrder ? undefined : listing,
      linkedBy: isLink || isPartial ? pending.graph.directory : want.linkedBy,
      object: path.endsWith(".o") ? path : undefined,
      depth: want.depth + 1,
    });
  }
  for (const spawned of spawnedBy(pending.graph, rule))
    follow(walk, { ...spawned, guard: bothGuard(guard, spawned.guard) }, want);
}

/**
 * What the rule needs, with the guard under which its target does. Of the folders that a symbol chooses from, the one that an object lies in makes it; that all of them are
 * descended into before is an order, and each of a thousand boards would be gone through for each object.
 */
function prerequisitesOf(
  walk: Walk,
  pending: Pending,
  path: string,
  { prerequisites }: GraphRule,
  guard: Guard,
): readonly { readonly word: ValueWord; readonly taken: Guard }[] {
  return prerequisites.flatMap((word) => {
    const isChosen = isUnknownText(word.text);
    const isObject = /\.[oa]$/.test(path);
    if (isChosen && isObject && !/\.\w+$/.test(word.text) && !path.startsWith(knownParts(word.text).parts[0]!))
      return [];
    const words = resolveWords(walk.kbuild.host, "", [word]);
    const taken = words.length < MANY ? guard : addWay(pending, `${path}\0${word.text}`, guard, 1);
    return taken === undefined ? [] : words.map((one) => ({ word: one, taken }));
  });
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
    linkedBy: directory,
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
