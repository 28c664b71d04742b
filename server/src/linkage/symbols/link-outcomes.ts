/**
 * What each link makes of a symbol, and the kernel's on each architecture: which definitions can be in it, and which wins. It
 * goes by Makefiles, Kconfig files and conditions as far as they decide, and has no IO.
 */

import { conditionOf } from "../../syntax/condition/condition.ts";
import { decide } from "../../syntax/condition/evaluate.ts";
import { parentOf } from "../../text/path.ts";
import { architectureOf, areRelated } from "../facts/architecture.ts";
import type { Mention } from "../facts/link-index.ts";
import { isSourceFile } from "../index/included-sources.ts";
import { isStaticIn } from "../index/static-words.ts";
import { unitText, WORKSPACE_UNIT } from "../kbuild/link-unit.ts";
import { kernelScriptsWith } from "../links/kernel-file-links.ts";
import { type Link, type OpenReason, objectsOf } from "../links/link.ts";
import { areExclusive } from "./exclusive-definitions.ts";
import { isMadeWeak } from "./imposed-weakness.ts";
import { isScriptRole, type Program } from "./program.ts";
import type { MemberPresence } from "./pulled-members.ts";
import { judgeInLink, type SourceLink } from "./source-link.ts";

/**
 * What a reference gets in one link.
 * - strong: one strong definition, or an assignment in a script; where it is conditional, in those configurations
 * - several: more than one, of which the configuration chooses
 * - weak: weak definitions only
 * - provided: only a PROVIDE, which takes effect when something refers to the symbol
 * - null: no source file defines it, and every declaration is weak: NULL unless the link itself makes it
 * - missing: no source file defines it, and something declares it strongly
 * - depends: what is linked is not known, and it decides which definition is used, or whether there is one
 */
export type LinkOutcome = "strong" | "several" | "weak" | "provided" | "null" | "missing" | "depends";

export interface UnitOutcome {
  /** "vmlinux", "module fs/ext4/ext4" (link-unit.ts), "target app", "workspace". */
  readonly unit: string;
  /** The architectures of which this is true. Empty for links that are no architecture's own, and outside of kernels. */
  readonly architectures: readonly string[];
  readonly outcome: LinkOutcome;
  /** The definition that wins; undefined where none or several may, and where it is not known what is linked. */
  readonly winner: Mention | undefined;
  readonly definitions: readonly Mention[];
  readonly declarations: readonly Mention[];
  /** Why it is not known what is linked; empty where it is. */
  readonly whyOpen: readonly OpenReason[];
  /** Definitions that are in an archive: whether the link takes them from there. */
  readonly archived: ReadonlyMap<Mention, MemberPresence>;
  /** What else decides, as clauses: "--wrap=f binds references to __wrap_f". */
  readonly notes: readonly string[];
}

const VMLINUX = "vmlinux";

/** The link of a symbol that headers alone mention and nothing uses. */
const UNKNOWN_UNIT = "unknown link";

/**
 * The outcome in each link that the mentions can be part of, those with definitions first. vmlinux is there once where all
 * architectures agree, else once for each group that does.
 * @param mentions of one symbol; those that the program leaves out are left out before
 * @param usersOf paths of files that use the symbol, asked for where headers alone mention it
 */
export function linkOutcomes(
  mentions: readonly Mention[],
  program: Program,
  usersOf: () => readonly string[],
): readonly UnitOutcome[] {
  const byUnit = unitsOfMentions(mentions, program, usersOf);
  const outcomes = [...byUnit].flatMap(([unit, members]) =>
    isOfTree(unit) && program.links.architectures.length > 0
      ? kernelOutcomes(unit, members, program)
      : [outcomeIn(unit, [], members, program)],
  );
  return [...outcomes, ...outcomeElsewhere(mentions, outcomes, program)].sort(
    (a, b) =>
      Number(b.definitions.length > 0) - Number(a.definitions.length > 0) ||
      Number(b.unit === VMLINUX) - Number(a.unit === VMLINUX) ||
      compareText(a.unit, b.unit) ||
      compareText(a.architectures.join(), b.architectures.join()),
  );
}

/**
 * What sources of no known link define, where the known links are so whole that none of them has it: it is part of a link that is not
 * known. Of a kernel whatever no Makefile lists is counted to what it may be part of.
 */
function outcomeElsewhere(
  mentions: readonly Mention[],
  outcomes: readonly UnitOutcome[],
  program: Program,
): readonly UnitOutcome[] {
  const { links } = program;
  if (outcomes.length === 0 || links.architectures.length > 0) return [];
  const shown = new Set(outcomes.flatMap(({ definitions }) => definitions));
  const isUnlisted = ({ path }: Mention) => links.unitsOf(path).length === 0 && links.whyOpenAt(path).length > 0;
  const left = mentions.filter(
    (mention) =>
      mention.fact.role !== "declaration" && isSourceFile(mention.path) && !shown.has(mention) && isUnlisted(mention),
  );
  if (left.length === 0) return [];
  const declarations = mentions.filter((mention) => mention.fact.role === "declaration" && isUnlisted(mention));
  return [outcomeIn(UNKNOWN_UNIT, [], [...left, ...declarations], program)];
}

/** Whether every architecture links it of the tree's common files: the kernel, or a dialect's image at the tree's top. */
function isOfTree(unit: string): boolean {
  return unit === VMLINUX || /^image [^/]+$/.test(unit);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The mentions of each link. A header is part of all of them. */
function unitsOfMentions(
  mentions: readonly Mention[],
  program: Program,
  usersOf: () => readonly string[],
): ReadonlyMap<string, readonly Mention[]> {
  const { links } = program;
  const byUnit = new Map<string, Mention[]>();
  const shared: Mention[] = [];
  const scripts: Mention[] = [];
  const open: Mention[] = [];
  for (const mention of mentions) {
    const linked = isScriptRole(mention.fact) ? links.unitsOfScript(mention.path) : undefined;
    const units = linked ?? unitsOfMention(mention, program);
    if (linked?.length === 0) scripts.push(mention);
    else if (units.length === 0) shared.push(mention);
    else if (units.every((unit) => isPartOfOthers(unit, program))) {
      open.push(mention);
      continue;
    }
    for (const unit of new Set(units)) addTo(byUnit, unit, mention);
  }
  for (const script of scripts) {
    const units = [...byUnit.keys()].filter((unit) => parentOf(unit).endsWith(` ${parentOf(script.path)}`));
    for (const unit of units.length > 0 ? units : [`image ${script.path}`]) addTo(byUnit, unit, script);
  }
  // Libraries may be part of every link that there is; where there is none, they are taken to be linked together.
  if (byUnit.size > 0) shared.push(...open);
  else if (open.length > 0) byUnit.set(unitOfLibraries(open, program), open);
  // A header is part of no link by itself: where nothing else mentions the symbol, its users tell the link.
  if (byUnit.size === 0 && shared.length > 0) {
    const users = usersOf().flatMap((path) => links.unitsOf(path));
    // What a source that no known link has defines is part of another one.
    const isElsewhere = shared.some(
      ({ path, fact }) => fact.role !== "declaration" && links.whyOpenAt(path).length > 0,
    );
    for (const unit of isElsewhere ? [UNKNOWN_UNIT, ...users] : users) byUnit.set(unit, []);
    if (byUnit.size === 0) byUnit.set(UNKNOWN_UNIT, []);
  }
  for (const unit of linksWithLibraries(byUnit, program)) byUnit.set(unit, []);
  joinModules(byUnit);
  for (const [unit, members] of byUnit) members.push(...shared.filter(({ path }) => mayBeIn(unit, path)));
  return byUnit;
}

/** Links of which a shared library that they are linked with defines the symbol, and a source that has the word uses it. */
function linksWithLibraries(byUnit: ReadonlyMap<string, readonly Mention[]>, program: Program): readonly string[] {
  const { links, index } = program;
  const [name] = [...byUnit.values()].flatMap((mentions) => mentions.slice(0, 1).map(({ fact }) => fact.name));
  if (name === undefined) return [];
  const isDefining = (unit: string) => byUnit.get(unit)?.some(({ fact }) => fact.role !== "declaration") === true;
  return links
    .all()
    .filter(({ unit, inputs = [] }) => {
      if (byUnit.has(unit)) return false;
      const isFed = inputs.some(
        (input) => input.kind === "shared" && input.unit !== undefined && isDefining(input.unit),
      );
      return isFed && [...objectsOf(inputs)].some(({ object: { source = "" } }) => index.mayMention(source, name));
    })
    .map(({ unit }) => unit);
}

/** Whether what the link combines is a part of other links that are not known, as a library is. */
function isPartOfOthers(unit: string, { links }: Program): boolean {
  return links.whyOpen(unit).some(({ kind }) => kind === "users");
}

/** Whether a file of no known link can be part of this one; a link below arch/ takes no file of another architecture. */
function mayBeIn(unit: string, path: string): boolean {
  const architecture = architectureOf(unit.slice(unit.lastIndexOf(" ") + 1));
  const own = architectureOf(path);
  return architecture === undefined || own === undefined || areRelated(architecture, own);
}

/** The links of its file's translation units, save of those that make it static. */
function unitsOfMention({ path, fact }: Mention, { links, index }: Program): readonly string[] {
  if (fact.words.length === 0) return links.unitsOf(path);
  return links.unitsOf(path, (unit) => !isStaticIn(fact, unit.path, index));
}

/** One library by its name, several as the workspace. */
function unitOfLibraries(open: readonly Mention[], { links }: Program): string {
  const [unit, ...others] = new Set(open.flatMap(({ path }) => links.unitsOf(path)));
  return unit !== undefined && others.length === 0 ? unit : unitText(WORKSPACE_UNIT);
}

function addTo(byUnit: Map<string, Mention[]>, unit: string, mention: Mention): void {
  const known = byUnit.get(unit);
  if (known === undefined) byUnit.set(unit, [mention]);
  else known.push(mention);
}

/**
 * A module that declares a symbol gets it from the kernel, or from another module, when it is loaded: what it says belongs to
 * the link that defines the symbol, or to the kernel.
 */
function joinModules(byUnit: Map<string, Mention[]>): void {
  const isWorld = (unit: string) => unit === VMLINUX || unit.startsWith("module ");
  const isDefining = (members: readonly Mention[]) => members.some(({ fact }) => fact.role !== "declaration");
  const worlds = [...byUnit].filter(([unit]) => isWorld(unit));
  const definers = worlds.filter(([, members]) => isDefining(members));
  const homes = definers.length > 0 ? definers : worlds.filter(([unit]) => unit === VMLINUX);
  if (homes.length === 0) return;
  for (const [unit, members] of worlds) {
    if (homes.some(([home]) => home === unit)) continue;
    byUnit.delete(unit);
    for (const [, home] of homes) for (const member of members) if (!home.includes(member)) home.push(member);
  }
}

/** The outcomes of vmlinux or its like, those of architectures that agree as one. */
function kernelOutcomes(unit: string, members: readonly Mention[], program: Program): UnitOutcome[] {
  const groups = new Map<string, { architectures: string[]; members: readonly Mention[] }>();
  for (const architecture of program.links.architectures) {
    const there = membersOn(unit, architecture, members, program);
    // An architecture whose own files alone mention the symbol says nothing of the others.
    if (there.length === 0) continue;
    const { outcome, definitions } = outcomeIn(unit, [], there, program);
    const key = `${outcome} ${definitions.map(({ path, fact }) => `${path}:${fact.start}`).join()}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { architectures: [architecture], members: there });
    else group.architectures.push(architecture);
  }
  return [...groups.values()].map((group) => outcomeIn(unit, group.architectures, group.members, program));
}

/** The mentions that can be part of vmlinux, or such an image, on one architecture. */
function membersOn(
  name: string,
  architecture: string,
  members: readonly Mention[],
  program: Program,
): readonly Mention[] {
  const { links } = program;
  const possible = links.possibleOn(architecture);
  return members.filter(({ path, fact, architecture: only }) => {
    if (only !== undefined && only !== architecture) return false;
    const own = architectureOf(path);
    // The greater part of what is asked: headers and sources of other architectures.
    if (own === undefined && fact.role === "declaration" && fact.condition === "") return true;
    if (decide(conditionOf(fact.condition), { possible }) === "no") return false;
    if (isScriptRole(fact)) {
      const scripts = kernelScriptsWith(path, program.index);
      return scripts.length === 0 || scripts.some((script) => architectureOf(script) === architecture);
    }
    const units = links.unitsIn(path, architecture, possible, (unit) => !isStaticIn(fact, unit.path, program.index));
    if (units === undefined) return true;
    // What a module says was counted in where it belongs.
    return units.some((unit) => unitText(unit) === name || (name === VMLINUX && unit.kind === "module"));
  });
}

function outcomeIn(
  unit: string,
  architectures: readonly string[],
  members: readonly Mention[],
  program: Program,
): UnitOutcome {
  const link = program.links.linkOf(unit);
  const [name] = members.map(({ fact }) => fact.name);
  const judged = link === undefined || name === undefined ? undefined : judgeInLink(name, link, program);
  const declarations = members.filter(({ fact }) => fact.role === "declaration");
  const isNull = declarations.every(({ fact }) => program.isWeak(fact));
  const found = judged ?? judgeByBinding(members, program);
  const { definitions, presences, notes } = found;
  const whyOpen = [...program.links.whyOpen(unit).filter(({ kind }) => kind !== "outside"), ...whyChosen(link, found)];
  let outcome: LinkOutcome = found.outcome === "nothing" ? (isNull ? "null" : "missing") : found.outcome;
  // Linux' other links are followed by their Makefiles, and their definitions are known even where the whole link is not.
  const isFollowed = architectures.length > 0 || program.links.architectures.length > 0;
  const isOpen = whyOpen.length > 0 && (!isFollowed || whyOpen.some(({ kind }) => kind === "variant"));
  const isChosen = outcome === "null" || !isOnePlace(definitions);
  if (isOpen && isChosen && outcome !== "missing") outcome = "depends";
  const winner = outcome !== "depends" && !isOpen ? found.winner : undefined;
  return {
    unit,
    architectures,
    outcome,
    winner,
    definitions,
    declarations,
    whyOpen: isOpen ? whyOpen : [],
    archived: presences,
    notes,
  };
}

/** Why it hangs on the configuration what the definitions come to, though all that can be linked is known. */
function whyChosen(link: Link | undefined, { definitions, presences }: SourceLink): readonly OpenReason[] {
  const { chosen = [], place } = link ?? {};
  // What is taken out of an archive may hang on any object that is chosen.
  const deciding = presences.size > 0 ? chosen : chosen.filter((path) => definitions.some((one) => one.path === path));
  return [...new Set(deciding)].map((path) => {
    const text = `${place?.path ?? "the build"} links ${path} into ${link?.unit ?? ""} in some configurations alone`;
    return { kind: "configuration", text, place };
  });
}

/** Who wins by binding alone, where it is not known in which order what is linked: as in a kernel, whose objects are in one link. */
function judgeByBinding(members: readonly Mention[], program: Program): SourceLink {
  const definitions = members.filter(({ path, fact }) => isDefinition(path, fact));
  const real = definitions.filter(({ fact }) => fact.role !== "provide");
  const strong = real.filter((mention) => !program.isWeak(mention.fact) && !isMadeWeak(program, mention));
  const winners = strong.length > 0 ? strong : real.length > 0 ? real : definitions;
  let outcome: SourceLink["outcome"] = "nothing";
  if (strong.length > 0) outcome = isOneSymbol(strong) || areExclusive(strong, program) ? "strong" : "several";
  else if (real.length > 0) outcome = "weak";
  else if (definitions.length > 0) outcome = "provided";
  // What no build file lists may be a part of it or not: where it would win over what is, it decides.
  const isListed = ({ path }: Mention) => !isSourceFile(path) || program.links.unitsOf(path).length > 0;
  const listed = winners.filter(isListed);
  if (listed.length < winners.length && listed.length === 0 && real.some(isListed)) outcome = "depends";
  const winner = isOnePlace(winners) && outcome !== "depends" ? winners[0] : undefined;
  return { outcome, winner, definitions, presences: new Map(), notes: [] };
}

/** An inline function in a header is a body to be inlined, and defines nothing that is linked. */
function isDefinition(path: string, fact: Mention["fact"]): boolean {
  return fact.role !== "declaration" && !(fact.isInline === true && path.endsWith(".h"));
}

/** What one call makes by macros that differ is one symbol. */
function isOnePlace(mentions: readonly Mention[]): boolean {
  const [first] = mentions;
  return (
    first !== undefined && mentions.every(({ path, fact }) => path === first.path && fact.start === first.fact.start)
  );
}

/** Tentative definitions of one file, and the one that follows them, are one; so are a script's assignments. */
function isOneSymbol(strong: readonly Mention[]): boolean {
  if (isOnePlace(strong)) return true;
  const paths = new Set(strong.map(({ path }) => path));
  if (strong.every(({ fact }) => isScriptRole(fact))) return true;
  return paths.size === 1 && strong.filter(({ fact }) => fact.role !== "tentative").length <= 1;
}
