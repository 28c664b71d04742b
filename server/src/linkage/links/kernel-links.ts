/**
 * Which links a file can be part of, and whether two files can meet in one. For a kernel tree from its Makefiles and Kconfig
 * files; any other tree is taken to be one link.
 */

import {
  ANY_VALUE,
  type ConfigurationValue,
  type PossibleValues,
  symbolsThatMustBeY,
  UNGUARDED,
} from "../../syntax/kbuild/guard.ts";
import {
  areAlternatives,
  type KconfigSymbols,
  possibleValues,
  readKconfig,
  refineGuard,
} from "../../syntax/kbuild/kconfig.ts";
import type { MakeHost } from "../../syntax/kbuild/make.ts";
import type { Makefile } from "../../syntax/kbuild/makefile.ts";
import { parentOf } from "../../text/path.ts";
import { architectureOf, areRelated } from "../facts/architecture.ts";
import { isKernelTree, openKbuild } from "../kbuild/build-graph.ts";
import { type BuildGuard, buildGuardOf, buildGuardsFrom } from "../kbuild/build-guard.ts";
import type { BuildWalk } from "../kbuild/build-state.ts";
import { startWalk, stepWalk } from "../kbuild/build-walk.ts";
import { type FarListings, readFarListings } from "../kbuild/far-listings.ts";
import { possibleOnArchitecture } from "../kbuild/kconfig-possible.ts";
import { type LinkUnit, unitText, WORKSPACE_UNIT } from "../kbuild/link-unit.ts";
import { findModelProblems, type ModelProblem } from "../kbuild/model-problems.ts";
import type { Membership } from "./links.ts";

/** A tree's links. It remembers what it has read; make a new one when a build file changes. */
export interface LinkUnits {
  readonly kind: "kernel" | "workspace";
  /** How the build makes the file; empty for headers and for what is not known. */
  buildsOf(path: string): readonly BuildGuard[];
  /** The links that the file can be part of. Empty where it is not known, as for a header. */
  unitsOf(path: string): readonly LinkUnit[];
  /** False when the two files are known never to be part of the same link, nor of a kernel and its modules. */
  canLink(path: string, other: string): boolean;
  /**
   * The links that the file can be part of where the kernel is built for an architecture and configuration symbols can have
   * these values. Empty where it is not built at all; undefined where that is not known, as for a header.
   */
  unitsIn(path: string, architecture: string, possible: PossibleValues): readonly LinkUnit[] | undefined;
  /** The values, as a mask, that a configuration symbol can have on an architecture, by the tree's Kconfig files. */
  possibleOn(architecture: string): PossibleValues;
  areAlternatives(one: string, other: string): boolean;
  /**
   * Does some milliseconds of what the first question about a file of an architecture would have to wait for.
   * @returns false once nothing is left to do
   */
  prepare(architecture: string): boolean;
  /** The helper of scripts/ that makes a link of objects that are compiled for it alone; undefined for any other link. */
  variantOf(unit: string): string | undefined;
  /** What the Makefiles of such a tree say and these were not found to say; empty for a tree that is understood. */
  problems(): readonly ModelProblem[];
}

export interface LinkUnitsOptions {
  /** The directory below arch/ that common files are looked at for: "x86". Files below arch/ bring their own. */
  readonly architecture: string;
  /** The configuration of that architecture; without it, configuration symbols are left open. */
  readonly configuration?: ConfigurationValue | undefined;
  /** All Kconfig files of the tree, which are read to tell what can be a module; without them, anything can. */
  readonly kconfigFiles?: readonly string[] | undefined;
  /** All Makefiles of the tree, for those that list objects of other folders; without them, those above a file are asked alone. */
  readonly makefiles?: readonly string[] | undefined;
}

interface Tree {
  readonly host: MakeHost;
  readonly options: LinkUnitsOptions;
  readonly parsed: Map<string, Makefile>;
  readonly walks: Map<string, BuildWalk>;
  far: FarListings | undefined;
  /** Answers that no text was missing for. */
  readonly builds: Map<string, readonly BuildGuard[]>;
  /** Of the files that another architecture than the usual one builds, which one. */
  readonly foreign: Map<string, string>;
  /** How the Makefiles of one architecture make files of another, by both. */
  readonly across: Map<string, readonly BuildGuard[]>;
  readonly possible: Map<string, PossibleValues>;
  /** The links of files, by what is known of configuration symbols, then by architecture and path. */
  readonly units: WeakMap<PossibleValues, Map<string, readonly LinkUnit[] | undefined>>;
  /** The symbols of all architectures together: what none of them defines can't be set. */
  kconfig: KconfigSymbols | undefined;
  /** Reads them, while they are still being read, and how many texts were missing when that began. */
  kconfigReading: { readonly steps: Generator<undefined, KconfigSymbols>; readonly misses: number } | undefined;
  /** How many texts were asked for and not there, though their files are: they may be there the next time. */
  misses: number;
}

/** The links of a tree: a kernel's by its Makefiles, another's as one. */
export function openLinkUnits(host: MakeHost, options: LinkUnitsOptions): LinkUnits {
  if (!isKernelTree(host)) return workspaceUnits();
  const tree: Tree = {
    options,
    parsed: new Map(),
    walks: new Map(),
    far: undefined,
    builds: new Map(),
    foreign: new Map(),
    across: new Map(),
    possible: new Map(),
    units: new WeakMap(),
    kconfig: undefined,
    kconfigReading: undefined,
    misses: 0,
    host: {
      hasFile: (path) => host.hasFile(path),
      treeFiles: (pattern) => host.treeFiles?.(pattern) ?? [],
      readText(path) {
        const text = host.readText(path);
        if (text === undefined && host.hasFile(path)) tree.misses++;
        return text;
      },
    },
  };
  const unitsOf = (path: string): readonly LinkUnit[] => kernelUnitsOf(tree, path);
  return {
    kind: "kernel",
    buildsOf: (path) => kernelBuildsOf(tree, path),
    unitsOf,
    canLink: (path, other) => path === other || mayMeet(path, other, unitsOf),
    unitsIn: (path, architecture, possible) => rememberedUnitsIn(tree, path, architecture, possible),
    possibleOn: (architecture) => possibleOn(tree, architecture),
    areAlternatives(one, other) {
      const symbols = kconfigOf(tree);
      return symbols !== undefined && areAlternatives(symbols, one, other);
    },
    prepare: (architecture) => prepare(tree, architecture),
    variantOf: (unit) => [...tree.walks.values()].flatMap((walk) => walk.variants.get(unit) ?? [])[0],
    problems: () => problemsOf(tree),
  };
}

function problemsOf(tree: Tree): readonly ModelProblem[] {
  const { host, options, parsed } = tree;
  const walk = startTreeWalk(tree, options.architecture);
  while (stepWalk(walk));
  const flags = openKbuild(host, {
    architecture: options.architecture,
    configuration: options.configuration ?? (() => undefined),
    readsFlags: true,
    parsed,
  });
  return findModelProblems(walk, flags);
}

/** Kconfig files that are read in one step of {@link prepare}. */
const KCONFIG_FILES_A_STEP = 16;

function prepare(tree: Tree, architecture: string): boolean {
  const before = tree.misses;
  if (readSomeKconfig(tree, KCONFIG_FILES_A_STEP) === "unfinished") return tree.misses === before;
  if (tree.far === undefined) {
    farListingsOf(tree);
    return tree.misses === before;
  }
  const walk = tree.walks.get(architecture);
  const isDone = walk !== undefined && !stepWalk(walk);
  if (walk === undefined) tree.walks.set(architecture, startTreeWalk(tree, architecture));
  if (tree.misses === before) return !isDone;
  // As in buildsFor: what lacked a text is walked anew, when somebody asks.
  tree.walks.delete(architecture);
  return false;
}

function rememberedUnitsIn(
  tree: Tree,
  path: string,
  architecture: string,
  possible: PossibleValues,
): readonly LinkUnit[] | undefined {
  let known = tree.units.get(possible);
  if (known === undefined) {
    known = new Map();
    tree.units.set(possible, known);
  }
  const key = `${architecture} ${path}`;
  if (known.has(key)) return known.get(key);
  const before = tree.misses;
  const units = kernelUnitsIn(tree, path, architecture, possible);
  if (tree.misses === before) known.set(key, units);
  return units;
}

function kernelUnitsIn(
  tree: Tree,
  path: string,
  architecture: string,
  possible: PossibleValues,
): readonly LinkUnit[] | undefined {
  const outside = unitOutsideKbuild(path);
  if (outside !== undefined) return [outside];
  const own = buildArchitecture(path);
  const isOther = own !== undefined && own !== architecture;
  if (isOther && !areRelated(own, architecture)) return [];
  if (!isTranslationUnit(path)) return undefined;
  let builds: readonly BuildGuard[];
  if (isOther) {
    builds = buildsAcross(tree, path, architecture);
    if (builds.length === 0) return [];
  } else {
    builds = kernelBuildsOf(tree, path);
    if (builds.length === 0) return isLeftOut(tree, path, architecture, possible) ? [] : undefined;
    const foreign = tree.foreign.get(path);
    if (foreign !== undefined && foreign !== architecture) return [];
  }
  const units: LinkUnit[] = [];
  for (const { unit, guard } of builds) {
    if (unit?.architecture !== undefined && !areRelated(unit.architecture, architecture)) continue;
    if (unit === undefined || units.some((one) => unitText(one) === unitText(unit))) continue;
    if (refineGuard(guard, possible).kind !== "never") units.push(unit);
  }
  return units;
}

/**
 * Whether a file that no list has lies in folders that are entered in other configurations alone: whatever their Makefiles make of
 * it, as for a link that is made another time with symbols of its own, they make nothing here.
 */
function isLeftOut(tree: Tree, path: string, architecture: string, possible: PossibleValues): boolean {
  const directories = tree.walks.get(architecture)?.directories;
  let folder = parentOf(path);
  // Of a folder that is never entered, the one above it may list what it has.
  while (folder !== "" && directories?.has(folder) !== true) folder = parentOf(folder);
  const reach = directories?.get(folder);
  if (reach === undefined || folder === "") return false;
  const guards = [reach.builtin, reach.modules, reach.visited, ...[...reach.images.values()].map(({ guard }) => guard)];
  return guards.every((guard) => refineGuard(guard, possible).kind === "never");
}

/** How one architecture's Makefiles make a file of another's. */
function buildsAcross(tree: Tree, path: string, architecture: string): readonly BuildGuard[] {
  const key = `${architecture} ${path}`;
  const known = tree.across.get(key);
  if (known !== undefined) return known;
  const before = tree.misses;
  const walk = tree.walks.get(architecture) ?? startTreeWalk(tree, architecture);
  const builds = buildGuardsFrom(walk, path, `arch/${architecture}`).filter(({ guard }) => guard.kind !== "never");
  if (tree.misses === before) {
    tree.walks.set(architecture, walk);
    tree.across.set(key, builds);
  } else tree.walks.delete(architecture);
  return builds;
}

function possibleOn(tree: Tree, architecture: string): PossibleValues {
  const known = tree.possible.get(architecture);
  if (known !== undefined) return known;
  const symbols = kconfigOf(tree);
  if (symbols === undefined) return () => ANY_VALUE;
  const possible = possibleOnArchitecture(symbols, architecture);
  tree.possible.set(architecture, possible);
  return possible;
}

function kernelBuildsOf(tree: Tree, path: string): readonly BuildGuard[] {
  if (!isTranslationUnit(path)) return [];
  const known = tree.builds.get(path);
  if (known !== undefined) return known;
  const before = tree.misses;
  const own = buildArchitecture(path);
  const far = farListingsOf(tree).foldersNaming(path);
  const farIn = (architecture: string) => {
    return far.filter((folder) => (buildArchitecture(`${folder}/`) ?? architecture) === architecture);
  };
  const usual = own ?? tree.options.architecture;
  let builds = buildsFor(tree, path, usual, farIn(usual));
  if (builds.length === 0 && own === undefined) {
    const other = architectureThatNames(tree, path);
    if (other !== undefined) {
      builds = buildsFor(tree, path, other, []);
      tree.foreign.set(path, other);
    }
  }
  if (own === undefined) builds = [...builds, ...buildsOfOthers(tree, path, far)];
  if (tree.misses === before) tree.builds.set(path, builds);
  return builds;
}

/** How folders of other architectures than the usual one make a file that is no architecture's. */
function buildsOfOthers(tree: Tree, path: string, folders: readonly string[]): readonly BuildGuard[] {
  return folders.flatMap((folder) => {
    const architecture = buildArchitecture(`${folder}/`);
    if (architecture === undefined || architecture === tree.options.architecture) return [];
    const near = new Set(buildsFor(tree, path, architecture, []).map(placeKey));
    return buildsFor(tree, path, architecture, [folder]).filter((build) => !near.has(placeKey(build)));
  });
}

function placeKey({ object, unit, reach, listing }: BuildGuard): string {
  return [object, unit && unitText(unit), reach, listing?.path, listing?.start].join("\0");
}

function farListingsOf(tree: Tree): FarListings {
  if (tree.far !== undefined) return tree.far;
  const { misses } = tree;
  const read = readFarListings(tree.options.makefiles ?? [], (path) => tree.host.readText(path));
  if (tree.misses === misses) tree.far = read;
  return read;
}

function buildsFor(
  tree: Tree,
  path: string,
  architecture: string,
  elsewhere: readonly string[],
): readonly BuildGuard[] {
  const before = tree.misses;
  askAhead(tree, path, architecture);
  const walk = tree.walks.get(architecture) ?? startTreeWalk(tree, architecture);
  // What the top includes is not there yet: nothing is walked without it.
  if (tree.misses !== before) return [];
  const builds = buildGuardOf(walk, path, elsewhere);
  // What was walked without a text that comes later would stay wrong: it is walked anew.
  if (tree.misses === before) tree.walks.set(architecture, walk);
  else tree.walks.delete(architecture);
  return builds.filter(({ guard }) => guard.kind !== "never");
}

function startTreeWalk(tree: Tree, architecture: string): BuildWalk {
  const { host, options, parsed } = tree;
  const symbols = kconfigOf(tree);
  return startWalk(
    openKbuild(host, {
      architecture,
      parsed,
      // A configuration is one architecture's; of another it says nothing.
      configuration: architecture === options.architecture ? options.configuration : undefined,
      possible: symbols === undefined ? undefined : rememberPossible(symbols),
    }),
  );
}

function rememberPossible(symbols: KconfigSymbols): PossibleValues {
  const known = new Map<string, number>();
  return (symbol) => {
    let values = known.get(symbol);
    if (values === undefined) {
      values = possibleValues(symbols, symbol);
      known.set(symbol, values);
    }
    return values;
  };
}

function kconfigOf(tree: Tree): KconfigSymbols | undefined {
  const symbols = readSomeKconfig(tree, Number.POSITIVE_INFINITY);
  return symbols === "unfinished" ? undefined : symbols;
}

/** Reads some of the Kconfig files. What is read is kept where no text was missing. undefined where none are to be read. */
function readSomeKconfig(tree: Tree, files: number): KconfigSymbols | undefined | "unfinished" {
  const { kconfigFiles, configuration } = tree.options;
  if (kconfigFiles === undefined || configuration !== undefined || tree.kconfig !== undefined) return tree.kconfig;
  if (tree.kconfigReading === undefined) {
    const { misses } = tree;
    // All are asked for first, so that who reads them for us reads them at once.
    for (const path of kconfigFiles) tree.host.readText(path);
    const architectures = kconfigFiles.flatMap((path) => /^arch\/([^/]+)\/Kconfig$/.exec(path)?.[1] ?? []);
    const steps = readKconfig({ readText: (path) => tree.host.readText(path), architectures });
    tree.kconfigReading = { steps, misses };
  }
  const { steps, misses } = tree.kconfigReading;
  for (let file = 0; file < files; file++) {
    const step = steps.next();
    if (!step.done) continue;
    tree.kconfigReading = undefined;
    if (tree.misses === misses) tree.kconfig = step.value;
    return step.value;
  }
  return "unfinished";
}

/** Asks for the Makefiles above a file before the walk does, so that they are all read at once. */
function askAhead(tree: Tree, path: string, architecture: string): void {
  const { host } = tree;
  const ask = (file: string) => {
    if (!tree.parsed.has(file) && host.hasFile(file)) host.readText(file);
  };
  for (const file of ["Makefile", "Kbuild", `arch/${architecture}/Makefile`]) ask(file);
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
    for (const name of ["Kbuild", "Makefile"]) ask(path.slice(0, slash + 1) + name);
  }
}

/**
 * An architecture other than the usual one whose Makefile names a directory above the file: drivers/s390 is entered by
 * arch/s390/Makefile and by nothing else.
 */
function architectureThatNames(tree: Tree, path: string): string | undefined {
  const above: string[] = [];
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1))
    above.push(path.slice(0, slash + 1));
  for (const architecture of ARCHITECTURES) {
    const makefile = `arch/${architecture}/Makefile`;
    const text = tree.host.hasFile(makefile) ? tree.host.readText(makefile) : undefined;
    if (text !== undefined && above.slice(1).some((directory) => text.includes(` ${directory}`))) return architecture;
  }
  return undefined;
}

/** The directories below arch/ that Linux has or had. */
const ARCHITECTURES =
  "alpha arc arm arm64 c6x csky h8300 hexagon ia64 loongarch m68k microblaze mips nds32 nios2 openrisc parisc powerpc riscv s390 sh sparc um unicore32 x86 xtensa".split(
    " ",
  );

/** The architecture whose build makes a file; user-mode Linux is built of parts of x86. */
function buildArchitecture(path: string): string | undefined {
  return path.startsWith("arch/x86/um/") ? "um" : architectureOf(path);
}

function kernelUnitsOf(tree: Tree, path: string): readonly LinkUnit[] {
  const outside = unitOutsideKbuild(path);
  if (outside !== undefined) return [outside];
  const units: LinkUnit[] = [];
  for (const { unit } of kernelBuildsOf(tree, path)) {
    if (unit !== undefined && !units.some((one) => unitText(one) === unitText(unit))) units.push(unit);
  }
  return units;
}

function workspaceUnits(): LinkUnits {
  return {
    kind: "workspace",
    buildsOf: (path) => (isTranslationUnit(path) ? [workspaceBuild(path)] : []),
    unitsOf: () => [WORKSPACE_UNIT],
    canLink: () => true,
    unitsIn: () => [WORKSPACE_UNIT],
    possibleOn: () => () => ANY_VALUE,
    areAlternatives: () => false,
    prepare: () => false,
    variantOf: () => undefined,
    problems: () => [],
  };
}

function workspaceBuild(path: string): BuildGuard {
  return {
    source: path,
    object: path.replace(/\.\w+$/, ".o"),
    unit: WORKSPACE_UNIT,
    reach: "object",
    guard: UNGUARDED,
    directoryGuard: UNGUARDED,
    listing: undefined,
  };
}

/** The ways in which a file reaches a link, as rules ask for them. */
export function membershipsFor(path: string, units: LinkUnits): readonly Membership[] {
  return units.buildsOf(path).flatMap((build) => placementOf(build) ?? []);
}

function placementOf({ unit, reach, guard, directoryGuard, listing }: BuildGuard): Membership | undefined {
  if (unit === undefined) return undefined;
  const folderGuard = symbolsThatMustBeY(directoryGuard);
  const membership: Membership = { unit: unitText(unit), reach, guard: symbolsThatMustBeY(guard) };
  if (listing === undefined || folderGuard === undefined) return membership;
  const { path, insertAt, variable, isConditional } = listing;
  return { ...membership, listing: { path, insertAt, variable, folderGuard, isConditional } };
}

function isTranslationUnit(path: string): boolean {
  return /\.(?:c|S|s|rs|cc|cpp)$/.test(path);
}

/** Trees within the kernel's that have build systems of their own. */
function unitOutsideKbuild(path: string): LinkUnit | undefined {
  const named = (kind: LinkUnit["kind"], name: string): LinkUnit => ({ kind, name, architecture: undefined });
  const tools = /^tools\/(?:testing\/(?:selftests\/)?[^/]+|[^/]+)/.exec(path)?.[0];
  if (tools !== undefined) return named("tools", tools);
  if (path.startsWith("scripts/kconfig/")) return named("host program", "scripts/kconfig");
  return path.startsWith("Documentation/") ? named("tools", "Documentation") : undefined;
}

function isOfTools(path: string): boolean {
  return unitOutsideKbuild(path)?.kind === "tools";
}

/** Whether no Makefile makes an object of the file, as of a header. */
function isOfNoUnit(path: string): boolean {
  return !isTranslationUnit(path) && unitOutsideKbuild(path) === undefined;
}

/**
 * The world that a unit's symbols live in: the kernel and its modules are one, for a module's references are bound to the
 * kernel's symbols when it is loaded; any other link is by itself.
 */
function worldOf(unit: LinkUnit): string {
  return unit.kind === "vmlinux" || unit.kind === "module" ? "kernel" : unitText(unit);
}

function mayMeet(path: string, other: string, unitsOf: (path: string) => readonly LinkUnit[]): boolean {
  const left = architectureOf(path);
  const right = architectureOf(other);
  if (left !== undefined && right !== undefined && !areRelated(left, right)) return false;
  // What tools/ has is the tools'. Who includes a header, and who links a library, may not be known.
  if (isOfTools(path) !== isOfTools(other)) return false;
  if (isOfNoUnit(path) || isOfNoUnit(other)) return true;
  const units = unitsOf(path);
  const others = unitsOf(other);
  const isOpen = (list: readonly LinkUnit[]) => list.length === 0 || list.some((unit) => unit.kind === "archive");
  if (isOpen(units) || isOpen(others)) return true;
  const worlds = new Set(units.map(worldOf));
  return others.some((unit) => worlds.has(worldOf(unit)));
}
