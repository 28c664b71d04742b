/**
 * All that is known of one symbol, as plain data: what hover shows and `weakspot symbol` prints. It decides nothing that the
 * link model does not.
 */

import { architectureOf, areRelated } from "../linkage/facts/architecture.ts";
import type { Mention } from "../linkage/facts/link-index.ts";
import { linesOf } from "../linkage/facts/texts.ts";
import { describeReasons, type OpenReason } from "../linkage/links/link.ts";
import { findHiddenReferences } from "../linkage/symbols/hidden-references.ts";
import { isMadeWeak } from "../linkage/symbols/imposed-weakness.ts";
import { internalAnywhere, internalIn, internalSeenFrom } from "../linkage/symbols/internal-linkage.ts";
import { type LinkOutcome, linkOutcomes, type UnitOutcome } from "../linkage/symbols/link-outcomes.ts";
import { mangledBeside } from "../linkage/symbols/missing-overrides.ts";
import { isScriptRole, type Program } from "../linkage/symbols/program.ts";
import { definersInOtherLanguages, nameDefiners } from "../linkage/symbols/who-may-define.ts";
import { conditionOf, joinAll } from "../syntax/condition/condition.ts";
import { lineColumnAt } from "../text/lines.ts";
import { listArchitectures, restOf, summarizeArchitectures } from "./architecture-summary.ts";

/** One declaration or definition, lines and columns counted from 1; 0 where they were not looked up. */
export interface ReportedMention {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where the name begins, in UTF-16 units. */
  readonly offset: number;
  readonly kind: string;
  readonly role: string;
  readonly binding: string;
  readonly condition: string;
  /** The macro whose call makes the symbol; the place is then the argument that names it. */
  readonly macro?: string;
  /** The one architecture whose macro makes it so, where the file is for all of them. */
  readonly architecture?: string;
  /** What it hangs on that the definition is used, where that is not sure, or why it is not: "if boards/mine.c is linked". */
  readonly dependsOn?: string;
  /** Of an alias: the symbol that it is another name of. */
  readonly target?: string;
  readonly section?: string;
  readonly visibility?: string;
  /** The right side of an assignment. */
  readonly value?: string;
  readonly isInline?: boolean;
  readonly isArray?: boolean;
  /** The configuration symbols without which the build leaves the file out of the link. */
  readonly linkedIf?: string;
  /** The link has it from an archive: a member that is taken only where something refers to it. */
  readonly isArchived?: boolean;
}

/** What one link makes of the symbol. */
export interface LinkUnitReport {
  /** "vmlinux", "vmlinux (arm64)" where architectures differ, "module fs/ext4/ext4". */
  readonly unit: string;
  /** The unit without the architectures that are named in it. */
  readonly link: string;
  /** Of a kernel's vmlinux: the architectures of which this is true. */
  readonly architectures: readonly string[];
  /** "strong", "several", "weak", "provided", "null", "missing" or "depends" (see link-outcomes.ts). */
  readonly outcome: LinkOutcome;
  /** The definition that wins; undefined where none or several may. */
  readonly winner: ReportedMention | undefined;
  readonly definitions: readonly ReportedMention[];
  readonly declarations: readonly ReportedMention[];
  /** Why it is not known what is linked, as clauses; empty where it is. */
  readonly whyOpen: readonly string[];
  /** What else decides, as clauses: "--wrap=f binds references to __wrap_f". */
  readonly notes: readonly string[];
  /** Who else may define what no file does, as clauses: "ld makes it from the sections named set_devs, where there are any". */
  readonly madeBy: readonly string[];
  /** Where it may come from that no file tells, as clauses, where no file has a definition: "fw is linked with the C library". */
  readonly elsewhere: readonly string[];
  /** Of weak definitions: what is not read and may override them, as clauses: "board.cpp … has the word and may define it". */
  readonly mayOverride: readonly string[];
}

export interface SymbolReport {
  readonly name: string;
  /** False while the tree is still being indexed: more may come. */
  readonly isComplete: boolean;
  readonly linkUnits: readonly LinkUnitReport[];
  /** Declarations and definitions of that name with internal linkage: what the file sees, or all of the tree's. */
  readonly internal: readonly ReportedMention[];
  /** Where the name has internal linkage: what other files mean by it, which is something else. */
  readonly namesakes: readonly ReportedMention[];
  /** "overridden on arm64, x86; weak definition in kernel/x.c elsewhere", where architectures differ. */
  readonly summary: string | undefined;
  /** The configuration and architecture that the answer is narrowed to: ".config (x86)". */
  readonly narrowedTo: string | undefined;
  /** Places in C where the symbol's address is compared with NULL. */
  readonly nullTests: readonly { readonly file: string; readonly line: number }[];
  /** Places that refer weakly to the symbol as the argument of a macro. */
  /** C++ functions of that name without extern "C": other symbols, which override nothing. */
  readonly mangled: readonly { readonly file: string; readonly line: number; readonly column: number }[];
  readonly hiddenReferences: readonly { readonly file: string; readonly line: number; readonly macro: string }[];
}

export interface ReportOptions {
  /** Only mentions that can be in one link with this file, unless there is none. */
  readonly near?: string;
  /** How many mentions of each list get their lines looked up, for which their files must be read. Default: all. */
  readonly limit?: number;
  /** Uses are looked for only where no more files than this have the word, as all of them must be read. Default: always. */
  readonly mostUsers?: number;
  /** The name has internal linkage in the file: what others mean by it is another symbol. */
  readonly isInternal?: boolean;
}

/** Names with internal linkage are looked for where no more files than this have the word. */
const MOST_SEARCHED = 400;

/** The same while somebody waits for a hover. */
const MOST_NAMESAKES = 40;

/** Reports on a symbol, grouped by the links that its mentions can be part of. */
export function reportSymbol(name: string, program: Program, options: ReportOptions = {}): SymbolReport {
  const { near, limit = Number.POSITIVE_INFINITY, mostUsers = Number.POSITIVE_INFINITY } = options;
  const all = options.isInternal === true ? [] : program.mentionsOf(name);
  const linked = near === undefined ? all : all.filter((mention) => program.links.canLink(near, mention.path));
  const mentions = linked.length > 0 ? linked : all;
  const users = () => (usesAreFew() ? program.usesOf(name).map(({ path }) => path) : []);
  const outcomes = linkOutcomes(mentions, program, users).filter(
    (one) => near === undefined || mayHold(one, near, program),
  );
  // Only a weak reference can be NULL; the uses of other symbols may stand in half of the tree's files.
  const isReference = mentions.some(({ fact }) => fact.role === "declaration" && program.isWeak(fact));
  const nullTests = (isReference && usesAreFew() ? program.usesOf(name) : [])
    .filter(({ use }) => use.kind === "null-test")
    .map(({ path, use }) => ({ file: path, line: placeOf(program, path, use.start).line }));
  const hiddenReferences = findHiddenReferences(name, program)
    .filter(({ path }) => near === undefined || program.links.canLink(near, path))
    .map(({ path, span, macro }) => ({ file: path, line: placeOf(program, path, span.start).line, macro }));
  return {
    name,
    isComplete: program.index.isComplete,
    linkUnits: outcomes.map((outcome) => reportUnit(outcome, outcomes, program, limit)),
    internal: findInternal(name, mentions, program, near).map((mention) => reportMention(mention, program)),
    namesakes: findNamesakes(name, program, options).map((mention) => reportMention(mention, program)),
    summary: summarizeArchitectures(
      outcomes.filter(({ unit }) => unit === "vmlinux"),
      program,
    ),
    narrowedTo: describeNarrowing(program),
    nullTests,
    hiddenReferences,
    mangled: mangledOf(name, mentions, program),
  };

  function usesAreFew(): boolean {
    return mostUsers === Number.POSITIVE_INFINITY || program.index.filesWithWord(name).length <= mostUsers;
  }
}

/** C++ functions that look as if they overrode a weak definition. */
function mangledOf(name: string, mentions: readonly Mention[], program: Program): SymbolReport["mangled"] {
  const weak = mentions.find(({ fact }) => fact.role !== "declaration" && program.isWeak(fact));
  if (weak === undefined || !program.index.isComplete) return [];
  return mangledBeside(name, weak.path, program).map(({ path, start }) => ({
    file: path,
    ...placeOf(program, path, start),
  }));
}

/** What is static by that name for the file; without one, or where nothing else is known of the name, in all of the tree. */
function findInternal(
  name: string,
  external: readonly Mention[],
  program: Program,
  near: string | undefined,
): readonly Mention[] {
  if (near === undefined) return internalAnywhere(name, MOST_SEARCHED, program);
  if (external.length === 0) return internalSeenFrom(name, near, program);
  // A header may have a prototype under a condition and a static inline function without it.
  const headers = new Set(external.map(({ path }) => path).filter((path) => path.endsWith(".h")));
  return [...headers].flatMap((header) => internalIn(header, name, program));
}

/** Other symbols by the name of one with internal linkage: names of call traces and of live patches are not unique then. */
function findNamesakes(name: string, program: Program, { near, limit, isInternal }: ReportOptions): readonly Mention[] {
  if (isInternal !== true) return [];
  const statics = internalAnywhere(name, MOST_NAMESAKES, program).filter(
    ({ path, fact }) => path !== near && fact.role !== "declaration",
  );
  return [...program.definitionsOf(name), ...statics].slice(0, limit);
}

/** ".config (x86)", "arm64"; undefined where the program speaks of all configurations. */
function describeNarrowing({ narrowing }: Program): string | undefined {
  if (narrowing === undefined) return undefined;
  const { source, architecture } = narrowing;
  if (source === undefined) return architecture;
  return architecture === undefined ? source : `${source} (${architecture})`;
}

/** False for what architectures make of a symbol that do not build the file that it is asked for. */
function mayHold({ architectures }: UnitOutcome, near: string, { links }: Program): boolean {
  const own = architectureOf(near);
  if (own === undefined || architectures.length === 0) return true;
  return architectures.some((architecture) => {
    if (architecture === own) return true;
    // What is not known, as of a header, goes by the name.
    const units = links.unitsIn(near, architecture, links.possibleOn(architecture));
    return units === undefined ? areRelated(architecture, own) : units.length > 0;
  });
}

function reportUnit(one: UnitOutcome, all: readonly UnitOutcome[], program: Program, limit: number): LinkUnitReport {
  const { unit, architectures, outcome, winner, definitions, declarations } = one;
  return {
    unit: nameUnit(one, all),
    link: unit,
    architectures,
    outcome,
    winner: winner === undefined ? undefined : reportDefinition(winner, one, program),
    definitions: definitions.map((mention, i) =>
      i < limit ? reportDefinition(mention, one, program) : reportUnplaced(mention, program),
    ),
    declarations: declarations.map((mention, i) =>
      i < limit ? reportMention(mention, program) : reportUnplaced(mention, program),
    ),
    whyOpen: one.whyOpen.filter((reason) => !isOfConfigurations(reason)).map(({ text }) => text),
    notes: [...one.notes, ...one.whyOpen.filter(isOfConfigurations).map(({ text }) => text)],
    madeBy: definitions.length > 0 ? [] : othersOf(declarations, program),
    elsewhere: definitions.length > 0 ? [] : outsideOf(unit, declarations, program),
    mayOverride: outcome === "weak" ? overridersOf(definitions, program) : [],
  };
}

/** Whether what can be linked is known all the same. */
function isOfConfigurations({ kind }: OpenReason): boolean {
  return kind === "configuration";
}

/** Why what is no part of the tree, or not read, may define symbols of the link. */
function outsideOf(unit: string, declarations: readonly Mention[], { links }: Program): readonly string[] {
  const isHidden = declarations.some(({ fact }) => fact.visibility === "hidden" || fact.visibility === "internal");
  const reasons = links.whyOpen(unit).filter(({ kind, isDynamic }) => kind === "outside" && !(isHidden && isDynamic));
  return reasons.length === 0 ? [] : [describeReasons(reasons)];
}

/**
 * What may override weak definitions of objects. C++ does not mangle the names of variables of the global namespace, and is read for what it
 * defines with C linkage alone; functions of it are found, or mangled.
 */
function overridersOf(definitions: readonly Mention[], program: Program): readonly string[] {
  const object = definitions.find(({ fact }) => fact.kind === "object");
  if (object === undefined) return [];
  return definersInOtherLanguages(object.fact.name, object.path, program).map(({ text }) => text);
}

/** Who defines a symbol of which files have declarations alone. */
function othersOf(declarations: readonly Mention[], program: Program): readonly string[] {
  const [first] = declarations;
  if (first === undefined) return [];
  return nameDefiners(first.fact.name, first.path, program).map(({ text }) => text);
}

/** A definition with what it hangs on. */
function reportDefinition(mention: Mention, one: UnitOutcome, program: Program): ReportedMention {
  const dependsOn = describeDependence(mention, one);
  const reach = reachOf(mention, one.unit, program);
  const isArchived = one.archived.has(mention) || reach.isArchived;
  return {
    ...reportMention(mention, program),
    ...(dependsOn === undefined ? {} : { dependsOn }),
    ...(reach.linkedIf === undefined ? {} : { linkedIf: reach.linkedIf }),
    ...(isArchived ? { isArchived } : {}),
  };
}

/** Whether the build has the file in this link by configuration symbols alone, and in an archive. */
function reachOf(
  { path, fact }: Mention,
  unit: string,
  program: Program,
): { readonly linkedIf: string | undefined; readonly isArchived: boolean } {
  if (isScriptRole(fact)) return { linkedIf: undefined, isArchived: false };
  const ways = program.links.membershipsOf(path).filter((membership) => membership.unit === unit);
  const guards = ways.map((way) => joinAll((way.guard ?? []).map(conditionOf)).text);
  const [guard = "", ...others] = new Set(guards);
  const isDecided = others.length > 0 || guard === "" || program.narrowing?.source !== undefined;
  return {
    linkedIf: isDecided ? undefined : guard,
    isArchived: ways.length > 0 && ways.every(({ reach }) => reach === "archive"),
  };
}

/** What a definition hangs on, where it is not sure that it is used. */
function describeDependence(mention: Mention, { outcome, whyOpen, archived }: UnitOutcome): string | undefined {
  const presence = archived.get(mention);
  if (presence === "not linked") return "in an archive, which nothing takes it from";
  if (presence === "unknown") return "if it is taken from its archive";
  if (presence === "linked" && whyOpen.every(isOfConfigurations)) return undefined;
  if (outcome === "depends" || whyOpen.length > 0) return `if ${mention.path} is linked`;
  return undefined;
}

/** The unit, with its architectures where others of the same link differ. */
function nameUnit(one: UnitOutcome, all: readonly UnitOutcome[]): string {
  const same = all.filter(({ unit }) => unit === one.unit);
  if (same.length < 2) return one.unit;
  return `${one.unit} (${one === restOf(same) ? "other architectures" : listArchitectures(one.architectures)})`;
}

/** What one file says of the symbol at one place. */
export function reportMention(mention: Mention, program: Program): ReportedMention {
  return { ...reportUnplaced(mention, program), ...placeOf(program, mention.path, mention.fact.start) };
}

/** The same without its line, for which the file would have to be read. */
function reportUnplaced(mention: Mention, program: Program): ReportedMention {
  const { path, fact } = mention;
  const { target, section, visibility, valueText } = fact;
  return {
    file: path,
    line: 0,
    column: 0,
    offset: fact.start,
    kind: fact.kind,
    role: fact.role,
    binding: program.isWeak(fact) || isMadeWeak(program, mention) ? "weak" : fact.binding,
    condition: joinAll([conditionOf(conditionOfUnits(path, program)), conditionOf(fact.condition)]).text,
    ...(mention.macro === undefined ? {} : { macro: mention.macro }),
    ...(mention.architecture === undefined ? {} : { architecture: mention.architecture }),
    ...(target === undefined ? {} : { target }),
    ...(section === undefined ? {} : { section }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(valueText === undefined ? {} : { value: valueText }),
    ...(fact.isInline === true ? { isInline: true } : {}),
    ...(fact.isArray === true ? { isArray: true } : {}),
  };
}

/** The condition under which the file is part of the units that include it as source, where it is one for all of them. */
function conditionOfUnits(path: string, { links }: Program): string {
  const [condition = "", ...others] = new Set(links.translationUnitsOf(path).map((unit) => unit.condition));
  return others.length === 0 ? condition : "";
}

function placeOf(program: Program, path: string, offset: number): { line: number; column: number } {
  const source = program.texts.source(path);
  if (source === undefined) return { line: 0, column: 0 };
  const { line, column } = lineColumnAt(linesOf(source), offset);
  return { line: line + 1, column: column + 1 };
}
