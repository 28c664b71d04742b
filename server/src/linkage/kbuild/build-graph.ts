/**
 * What one Makefile of a kernel tree says once it is evaluated: which files it makes of which, and what it lists to be built.
 * It reads through the host it is given, and does not know how its directory is reached.
 */

import { runMakefile } from "../../syntax/kbuild/evaluate.ts";
import { expandReferences, variableWords } from "../../syntax/kbuild/expand.ts";
import {
  bothGuard,
  type ConfigurationValue,
  type Guard,
  type PossibleValues,
  UNGUARDED,
} from "../../syntax/kbuild/guard.ts";
import { refineGuard } from "../../syntax/kbuild/kconfig.ts";
import {
  type EvaluatedRule,
  fixedVariable,
  type Make,
  type MakeHost,
  type MakeVariable,
  newMake,
  normalizePath,
  setVariable,
} from "../../syntax/kbuild/make.ts";
import type { Makefile } from "../../syntax/kbuild/makefile.ts";
import { isUnknownText, matchPattern, UNKNOWN_PIECES, type ValueWord, wordsOf } from "../../syntax/kbuild/value.ts";
import { resolveWords } from "./open-words.ts";

/** A kernel tree that is read for how it is built. Reading is remembered; make a new one when a Makefile changes. */
export interface Kbuild {
  readonly host: MakeHost;
  /** The directory below arch/, "x86"; undefined leaves all that hangs on it unknown. */
  readonly architecture: string | undefined;
  /** undefined leaves configuration symbols open. */
  readonly configuration: ConfigurationValue | undefined;
  readonly possible: PossibleValues | undefined;
  /** Leaves out of a guard what Kconfig makes impossible. */
  readonly refine: (guard: Guard) => Guard;
  readonly readsFlags: boolean;
  /**
   * Whether make is told for which directories to build in (`need-builtin=1`), as scripts/Makefile.build asks since Linux 4.17. Else
   * every directory makes its built-in.o, and a link takes those that it names.
   */
  readonly isToldBuiltin: () => boolean;
  readonly parsed: Map<string, Makefile>;
  readonly graphs: Map<string, BuildGraph | undefined>;
  environment: ReadonlyMap<string, MakeVariable> | undefined;
}

/** One rule, for one of its targets. */
export interface GraphRule {
  readonly target: string;
  readonly prerequisites: readonly ValueWord[];
  readonly guard: Guard;
  readonly rule: EvaluatedRule;
  /** What `%` stood for. */
  readonly stem: string | undefined;
}

export interface BuildGraph {
  readonly make: Make;
  /** "" for the tree's top. */
  readonly directory: string;
  /** The Makefile or Kbuild file. */
  readonly path: string;
  readonly explicit: ReadonlyMap<string, readonly GraphRule[]>;
  readonly patterns: readonly { readonly pattern: string; readonly guard: Guard; readonly rule: EvaluatedRule }[];
  readonly hostPrograms: ReadonlyMap<string, BuildProgram>;
  /** Targets that are no files. */
  readonly phony: ReadonlySet<string>;
}

/** A program that the build makes for itself, or for user space. */
export interface BuildProgram {
  readonly word: ValueWord;
  readonly kind: "host program" | "user program";
}

export interface KbuildOptions {
  /** The directory below arch/, "x86". Without it, nothing that the architecture's Makefile could say is known. */
  readonly architecture?: string | undefined;
  readonly configuration?: ConfigurationValue | undefined;
  /** The values that a configuration symbol can have, by Kconfig (see possibleValues in kconfig.ts). */
  readonly possible?: PossibleValues | undefined;
  /** Reads compilers' flags too, as if the tools had every option that they are asked for (see kernel-flags.ts). */
  readonly readsFlags?: boolean | undefined;
  /** Makefiles that are parsed already; those of this tree are added. */
  readonly parsed?: Map<string, Makefile> | undefined;
}

export function openKbuild(host: MakeHost, options: KbuildOptions = {}): Kbuild {
  const { possible } = options;
  return {
    host,
    architecture: options.architecture,
    configuration: options.configuration,
    possible,
    refine: possible === undefined ? (guard) => guard : (guard) => refineGuard(guard, possible),
    readsFlags: options.readsFlags === true,
    isToldBuiltin: () => host.readText("scripts/Makefile.build")?.includes("need-builtin") !== false,
    parsed: options.parsed ?? new Map(),
    graphs: new Map(),
    environment: undefined,
  };
}

/** True where the tree's top looks like a Linux kernel's. */
export function isKernelTree(host: MakeHost): boolean {
  return host.hasFile("scripts/Makefile.build") && host.hasFile("Kconfig") && host.hasFile("Makefile");
}

/** What every Makefile of the tree sees: names that scripts/Kbuild.include defines, and where the tree is. */
const FIXED: ReadonlySet<string> = new Set([
  "srctree",
  "objtree",
  "abs_srctree",
  "abs_objtree",
  "build",
  "MAKE",
  "Q",
  "ARCH",
]);

function baseVariables(architecture: string | undefined): Map<string, MakeVariable> {
  const variables = new Map<string, MakeVariable>();
  const set = (name: string, text: string) => variables.set(name, fixedVariable(text));
  for (const name of ["srctree", "objtree", "abs_srctree", "abs_objtree"]) set(name, ".");
  set("build", "-f scripts/Makefile.build obj");
  set("MAKE", "make");
  set("Q", "");
  set("comma", ",");
  set("empty", "");
  set("space", " ");
  set("sub_make_done", "1");
  // User-mode Linux takes the rest from the machine that it runs on, nearly always this one.
  set("SUBARCH", architecture === "um" ? "x86" : (architecture ?? ""));
  if (architecture !== undefined) set("ARCH", architecture);
  else {
    const unknown: MakeVariable = {
      isRecursive: false,
      parts: [{ pieces: UNKNOWN_PIECES, raw: undefined, guard: UNGUARDED }],
    };
    variables.set("ARCH", unknown);
    variables.set("SRCARCH", unknown);
  }
  return variables;
}

/**
 * What the functions of scripts/Makefile.compiler and scripts/Kbuild.include give when the tools have whatever they are
 * asked for, which is true of recent ones but for a few flags of other compilers. What runs a compiler to see what comes
 * out stays unknown.
 */
const ANSWERS: Readonly<Record<string, string>> = {
  "cc-option": "$(1)",
  "cc-option-yn": "y",
  "cc-disable-warning": "-Wno-$(strip $(1))",
  "as-option": "$(1)",
  "as-instr": "$(2)",
  "ld-option": "$(1)",
};

function addAnswers(variables: Map<string, MakeVariable>): void {
  for (const [name, text] of Object.entries(ANSWERS)) {
    const raw = { text, span: { start: 0, end: text.length }, origin: undefined };
    variables.set(name, { isRecursive: true, parts: [{ pieces: undefined, raw, guard: UNGUARDED }] });
  }
}

function makeOf(kbuild: Kbuild, inherited: ReadonlyMap<string, MakeVariable>): Make {
  return newMake({
    host: kbuild.host,
    configuration: kbuild.configuration,
    possible: kbuild.possible,
    inherited,
    undefinedIsEmpty: kbuild.architecture !== undefined,
    readsFlags: kbuild.readsFlags,
    parsed: kbuild.parsed,
    fixed: FIXED,
  });
}

/** The graph of the top Makefile, with the architecture's, which it includes. */
export function topGraph(kbuild: Kbuild): BuildGraph | undefined {
  const key = "Makefile";
  if (!kbuild.graphs.has(key)) {
    const inherited = baseVariables(kbuild.architecture);
    if (kbuild.readsFlags) addAnswers(inherited);
    const make = makeOf(kbuild, inherited);
    setVariable(make, "obj", ".");
    setVariable(make, "src", ".");
    const found = runMakefile(make, "Makefile");
    kbuild.graphs.set(key, found ? graphOf(make, "", "Makefile") : undefined);
    const environment = new Map(inherited);
    for (const name of make.exported) {
      const variable = make.variables.get(name);
      if (variable !== undefined) environment.set(name, variable);
    }
    kbuild.environment = environment;
  }
  return kbuild.graphs.get(key);
}

/** The graph of a directory's Kbuild file, or of its Makefile where it has none; undefined where it has neither. */
export function directoryGraph(kbuild: Kbuild, directory: string): BuildGraph | undefined {
  const key = `${directory}/`;
  if (!kbuild.graphs.has(key)) {
    topGraph(kbuild);
    const make = makeOf(kbuild, kbuild.environment ?? new Map());
    const prefix = directory === "" ? "" : `${directory}/`;
    setVariable(make, "obj", directory === "" ? "." : directory);
    setVariable(make, "src", directory === "" ? "." : directory);
    const path = [`${prefix}Kbuild`, `${prefix}Makefile`].find((candidate) => runMakefile(make, candidate));
    kbuild.graphs.set(key, path === undefined ? undefined : graphOf(make, directory, path));
  }
  return kbuild.graphs.get(key);
}

/** The graph of a helper Makefile below scripts/ that a recipe runs for the tree's top. */
export function helperGraph(kbuild: Kbuild, path: string): BuildGraph | undefined {
  if (!kbuild.graphs.has(path)) {
    topGraph(kbuild);
    const make = makeOf(kbuild, kbuild.environment ?? new Map());
    setVariable(make, "obj", ".");
    setVariable(make, "src", ".");
    kbuild.graphs.set(path, runMakefile(make, path) ? graphOf(make, "", path) : undefined);
  }
  return kbuild.graphs.get(path);
}

function graphOf(make: Make, directory: string, path: string): BuildGraph {
  const explicit = new Map<string, GraphRule[]>();
  const patterns: { pattern: string; guard: Guard; rule: EvaluatedRule }[] = [];
  for (const rule of make.rules) {
    for (const word of resolveWords(make.host, "", rule.targets)) {
      // A folder's slash tells its pattern, `%/`, from one of all files.
      const target = normalizePath(word.text) + (word.text.endsWith("%/") ? "/" : "");
      const guard = bothGuard(rule.guard, word.guard);
      if (rule.pattern === undefined && target.includes("%")) {
        patterns.push({ pattern: target, guard, rule });
        continue;
      }
      const stem = rule.pattern === undefined ? undefined : staticStem(rule.pattern, target);
      if (rule.pattern !== undefined && stem === undefined) continue;
      const list = explicit.get(target);
      const graphRule = { target, prerequisites: withStem(rule.prerequisites, stem), guard, rule, stem };
      if (list === undefined) explicit.set(target, [graphRule]);
      else list.push(graphRule);
    }
  }
  const hostPrograms = new Map<string, BuildProgram>();
  const addPrograms = (names: readonly string[], kind: BuildProgram["kind"]) => {
    for (const name of names) {
      for (const word of variableWords(make, name)) {
        if (!isUnknownText(word.text)) hostPrograms.set(inDirectory(directory, word.text), { word, kind });
      }
    }
  };
  addPrograms(["hostprogs", "hostprogs-y", "hostprogs-m", "hostprogs-always-y", "hostprogs-always-m"], "host program");
  addPrograms(["userprogs", "userprogs-always-y", "userprogs-always-m"], "user program");
  const phony = new Set([
    "all",
    ...resolveWords(make.host, "", variableWords(make, "PHONY")).map((word) => normalizePath(word.text)),
  ]);
  return { make, directory, path, explicit, patterns, hostPrograms, phony };
}

function staticStem(patterns: readonly ValueWord[], target: string): string | undefined {
  for (const pattern of patterns) {
    const stem = matchPattern(normalizePath(pattern.text), target);
    if (stem !== undefined) return stem;
  }
  return undefined;
}

function withStem(words: readonly ValueWord[], stem: string | undefined): readonly ValueWord[] {
  if (stem === undefined) return words;
  return words.map((word) =>
    word.text.includes("%") ? { ...word, text: word.text.replace("%", () => stem), offset: -1 } : word,
  );
}

/** A path that a Makefile writes relative to its directory. */
export function inDirectory(directory: string, path: string): string {
  return normalizePath(directory === "" ? path : `${directory}/${path}`);
}

/** The rules that make a target: the explicit ones, and where none of them has a recipe, the first pattern that applies. */
export function rulesFor(graph: BuildGraph, target: string, exists: (path: string) => boolean): readonly GraphRule[] {
  const explicit = graph.explicit.get(target) ?? [];
  if (explicit.some((rule) => rule.rule.recipe.length > 0)) return explicit;
  for (const { pattern, guard, rule } of graph.patterns) {
    const stem = matchPattern(pattern, target);
    if (stem === undefined || stem === "") continue;
    const prerequisites = withStem(rule.prerequisites, stem);
    const first = prerequisites[0];
    if (first !== undefined && !exists(normalizePath(first.text))) continue;
    return [...explicit, { target, prerequisites, guard, rule, stem }];
  }
  return explicit;
}

/** What a recipe runs make for: a directory, or a helper Makefile, with targets. */
export interface Spawned {
  readonly directory: string | undefined;
  readonly helper: string | undefined;
  readonly targets: readonly string[];
  readonly isBuiltin: boolean;
  readonly guard: Guard;
}

/** What the rule's recipe makes elsewhere: `$(MAKE) $(build)=DIR TARGETS`. */
export function spawnedBy(graph: BuildGraph, rule: GraphRule): Spawned[] {
  const spawned: Spawned[] = [];
  for (const line of rule.rule.recipe) {
    const raw = line.text.slice(line.span.start, line.span.end);
    if (!raw.includes("build)=") && !raw.includes("/scripts/Makefile.")) continue;
    setVariable(graph.make, "@", rule.target);
    if (rule.stem !== undefined) setVariable(graph.make, "*", rule.stem);
    graph.make.depth = 0;
    const words = wordsOf(expandReferences(graph.make, line.text, line.span, undefined), isNoAssignment);
    for (const command of spawnedByWords(words))
      spawned.push({ ...command, guard: bothGuard(line.guard, command.guard) });
  }
  return spawned;
}

/** False for `NAME=…` on make's command line, whose value may be one of many: a load address that the board chooses. */
function isNoAssignment(beginning: string): boolean {
  return !/^(?!obj=|need-builtin=)[\w-]+=/.test(beginning);
}

function spawnedByWords(words: readonly ValueWord[]): Spawned[] {
  const spawned: Spawned[] = [];
  for (let i = 0; i + 1 < words.length; i++) {
    if (words[i]!.text !== "-f") continue;
    const makefile = normalizePath(words[i + 1]!.text.replace(/["']/g, ""));
    if (!makefile.startsWith("scripts/Makefile.")) continue;
    const isBuild = makefile === "scripts/Makefile.build";
    let directory: string | undefined;
    let isBuiltin = false;
    let guard: Guard = bothGuard(words[i]!.guard, words[i + 1]!.guard);
    const targets: string[] = [];
    for (const word of words.slice(i + 2)) {
      const text = word.text.replace(/["')]+$|^["']/g, "");
      if (/^(?:[;&|]|>|\d>)/.test(text) || text === "\\") break;
      if (text.startsWith("obj=")) {
        directory = normalizePath(text.slice(4).replace(/;+$/, ""));
        guard = bothGuard(guard, word.guard);
      } else if (text === "need-builtin=1") isBuiltin = true;
      else if (!text.includes("=") && !text.startsWith("-") && !isUnknownText(text)) targets.push(normalizePath(text));
      if (text.endsWith(";")) break;
    }
    if (directory !== undefined && isUnknownText(directory)) continue;
    if (isBuild && directory === undefined) continue;
    spawned.push({
      directory: isBuild ? directory : undefined,
      helper: isBuild ? undefined : makefile,
      targets,
      isBuiltin,
      guard,
    });
  }
  return spawned;
}

/** What a shell script of the build makes: `${MAKE} -f "${srctree}/scripts/Makefile.build" obj=DIR TARGET`. */
export function spawnedByScript(text: string): Spawned[] {
  const spawned: Spawned[] = [];
  for (const match of text.matchAll(
    /-f\s+"?\$\{?srctree\}?\/scripts\/Makefile\.build"?\s+obj=([\w./-]+)((?:\s+[\w./-]+)*)/g,
  )) {
    const targets = match[2]!
      .split(/\s+/)
      .filter((target) => target !== "")
      .map(normalizePath);
    spawned.push({
      directory: normalizePath(match[1]!),
      helper: undefined,
      targets,
      isBuiltin: false,
      guard: UNGUARDED,
    });
  }
  return spawned;
}
