/**
 * What a link whose inputs are known makes of one name: ld's rules (links/resolve) over what the facts of its sources say of it. What
 * sources do not tell, such as whether a member is taken from its archive, is tried both ways; an answer is one that holds in all.
 */

import { baseName } from "../../text/path.ts";
import type { Mention } from "../facts/link-index.ts";
import { scriptOf } from "../facts/parsed.ts";
import { includersOf } from "../index/includers.ts";
import {
  type ArchiveInput,
  type Link,
  type LinkInput,
  type ObjectInput,
  objectsOf,
  type SharedInput,
} from "../links/link.ts";
import type * as ld from "../links/resolve/inputs.ts";
import { type BoundTo, resolve } from "../links/resolve/resolve.ts";
import { isExported } from "../scripts/exported-symbols.ts";
import { areExclusive } from "./exclusive-definitions.ts";
import { isMadeWeak } from "./imposed-weakness.ts";
import { isScriptRole, type Program } from "./program.ts";
import { type MemberPresence, presenceIn } from "./pulled-members.ts";

export interface SourceLink {
  /**
   * What a reference to the name gets; "nothing" where no definition that is known is in the link, "depends" where it hangs on what
   * sources do not tell.
   */
  readonly outcome: "strong" | "several" | "weak" | "provided" | "nothing" | "depends";
  /** undefined where several may win, or what wins stands in no file. */
  readonly winner: Mention | undefined;
  /** All that was looked at: definitions of the link, of shared libraries that it takes, and of the name that --wrap puts in place. */
  readonly definitions: readonly Mention[];
  /** Of definitions that may not be a part of it, whether they are. */
  readonly presences: ReadonlyMap<Mention, MemberPresence>;
  /** What else decides, as clauses: "--wrap=f binds it to __wrap_f". */
  readonly notes: readonly string[];
}

/** More places than this that may be part of the link or not are not tried. */
const MOST_UNSURE = 6;

/** How deep shared libraries that are linked with shared libraries are followed. */
const MOST_LIBRARIES_DEEP = 4;

/** A reference from outside of all inputs: what is asked for is what such a one gets. */
const ASKING = "(a reference)";

interface Candidate {
  readonly mention: Mention;
  readonly symbol: ld.InputSymbol;
  /** The sources whose objects have it. */
  readonly sources: ReadonlySet<string>;
}

interface Judging {
  readonly link: Link;
  readonly program: Program;
  readonly candidates: readonly Candidate[];
  readonly definitions: Set<Mention>;
  readonly presences: Map<Mention, MemberPresence>;
  /** The definition that a symbol of the request is. */
  readonly mentions: Map<ld.InputSymbol, Mention>;
  /** Inputs that may be a part of it or not. */
  readonly unsure: Set<ld.ResolvableObject | ld.ResolvableShared>;
  /** Something else may define it before what stands behind. */
  isOpenBefore: boolean;
  readonly notes: string[];
  readonly depth: number;
}

/** Judges one name in a link. undefined where the link's inputs are not known one by one. */
export function judgeInLink(name: string, link: Link, program: Program, depth = 0): SourceLink | undefined {
  if (link.inputs === undefined) return undefined;
  const isWrapped = link.options.wrap.includes(name);
  const names = isWrapped ? [name, `__wrap_${name}`] : [name];
  const sources = new Set([...objectsOf(link.inputs)].flatMap(({ object }) => object.source ?? []));
  const found = names.flatMap((one) => program.definitionsOf(one).map((mention) => ({ name: one, mention })));
  const all = found.filter(({ mention }) => isLinkable(mention));
  const judging: Judging = {
    link,
    program,
    candidates: all.flatMap((one) => candidateOf(one, sources, program)),
    definitions: new Set(),
    presences: new Map(),
    mentions: new Map(),
    unsure: new Set(),
    isOpenBefore: false,
    notes: [],
    depth,
  };
  const inputs = inputsOf(link.inputs, names, judging);
  const scripts = all
    .map(({ mention }) => mention)
    .filter(({ path, fact }) => isScriptRole(fact) && isScriptOf(path, link, program));
  for (const script of scripts) judging.definitions.add(script);
  const request: ld.LinkRequest = {
    linker: link.options.linker === "lld" ? "lld" : "bfd",
    inputs,
    assignments: assignmentsOf(names, scripts, link),
    undefined: [],
    entry: undefined,
    wrap: link.options.wrap,
    allowsMultipleDefinitions: link.options.allowsMultipleDefinitions,
  };
  if (isWrapped) judging.notes.push(describeWrap(name, link));
  return answerOf(request, isWrapped ? `__wrap_${name}` : name, scripts, judging);
}

/** GNU ld and gold replace undefined references alone (ld manual, "--wrap"; binutils bug 26358); lld replaces those in the defining file too. */
function describeWrap(name: string, { options }: Link): string {
  const except = options.linker === "lld" ? "" : `, save those in the file that defines ${name}`;
  return `--wrap=${name} binds references to __wrap_${name}${except}`;
}

/** An inline function in a header defines nothing that is linked; a macro's body defines where it is used. */
function isLinkable({ path, fact }: Mention): boolean {
  return !(fact.isInline === true && path.endsWith(".h")) && (fact.inMacro === undefined || isScriptRole(fact));
}

function candidateOf(
  { name, mention }: { readonly name: string; readonly mention: Mention },
  sources: ReadonlySet<string>,
  program: Program,
): readonly Candidate[] {
  const { path, fact } = mention;
  if (isScriptRole(fact)) return [];
  const units = program.links.translationUnitsOf(path).map((unit) => unit.path);
  const own = units.filter((unit) => sources.has(unit));
  // Of a header, whoever includes it has the definition.
  const includers = own.length > 0 ? [] : [...includersOf(program.index, path)].filter((one) => sources.has(one));
  const holders = new Set([...own, ...includers]);
  if (holders.size === 0) return [];
  const isWeak = program.isWeak(fact) || isMadeWeak(program, mention);
  const symbol: ld.InputSymbol = { name, binding: isWeak ? "weak" : "global", place: "defined" };
  return [{ mention, symbol, sources: holders }];
}

/** Whether the link takes the script: it is given it, or one that INCLUDEs it. */
function isScriptOf(path: string, { inputs = [], options }: Link, { index }: Program): boolean {
  const given = [...options.scripts, ...inputs.flatMap((input) => (input.kind === "script" ? [input.path] : []))];
  if (given.length === 0) return false;
  const includers = includersOf(index, path);
  return given.some((script) => script === path || includers.has(script));
}

/** The inputs with what they say of these names. Members that the link takes stand where their archives do. */
function inputsOf(inputs: readonly LinkInput[], names: readonly string[], judging: Judging): ld.ResolvableInput[] {
  const asking = names.slice(0, 1).map((name): ld.InputSymbol => ({ name, binding: "global", place: "undefined" }));
  const made: ld.ResolvableInput[] = [{ kind: "object", name: ASKING, symbols: asking }];
  const taken = new Set<string>();
  const add = (all: readonly LinkInput[]) => {
    for (const input of all) {
      if (input.kind === "group") add(input.inputs);
      else if (input.kind === "object") made.push(...objectOf(input, undefined, taken, judging));
      else if (input.kind === "archive") {
        if (input.members === undefined) judging.isOpenBefore = true;
        for (const member of input.members ?? []) made.push(...objectOf(member, input, taken, judging));
      } else if (input.kind === "shared" && input.unit !== undefined) {
        made.push(...libraryOf(input, names, judging));
      } else if (input.kind !== "script") judging.isOpenBefore = true;
    }
  };
  add(inputs);
  return made;
}

function objectOf(
  object: ObjectInput,
  archive: ArchiveInput | undefined,
  taken: Set<string>,
  judging: Judging,
): ld.ResolvableObject[] {
  const { source } = object;
  if (source === undefined) return [];
  const here = judging.candidates.filter(({ sources }) => sources.has(source));
  if (here.length === 0) return [];
  const presence = archive?.take === "needed" ? presenceIn(judging.link, source, judging.program) : "linked";
  for (const { mention } of here) {
    judging.definitions.add(mention);
    if (archive?.take === "needed") judging.presences.set(mention, presence);
  }
  // What stands in two archives is taken from the first.
  if (presence === "not linked" || (archive !== undefined && taken.has(source))) return [];
  taken.add(source);
  const symbols = here.map(({ mention, symbol }) => {
    const own = { ...symbol };
    judging.mentions.set(own, mention);
    return own;
  });
  const made: ld.ResolvableObject = { kind: "object", name: source, symbols };
  if (presence === "unknown") judging.unsure.add(made);
  return [made];
}

/** What a shared library of the tree defines for those that are linked with it. */
function libraryOf(
  { path, unit = "", isAsNeeded }: SharedInput,
  names: readonly string[],
  judging: Judging,
): ld.ResolvableShared[] {
  const { program, depth } = judging;
  const library = program.links.linkOf(unit);
  if (library === undefined || depth >= MOST_LIBRARIES_DEEP) return [];
  const symbols: ld.InputSymbol[] = [];
  let isUnsure = judging.isOpenBefore;
  for (const name of names) {
    const inside = judgeInLink(name, library, program, depth + 1);
    if (inside === undefined || inside.outcome === "nothing" || inside.outcome === "provided") continue;
    const exported = exportOf(name, inside, library, program);
    if (exported === "no") continue;
    isUnsure ||= exported === "unknown" || inside.outcome === "depends" || inside.winner === undefined;
    const winner = inside.winner ?? inside.definitions[0];
    if (winner === undefined) continue;
    const symbol: ld.InputSymbol = { name, binding: inside.outcome === "weak" ? "weak" : "global", place: "defined" };
    judging.mentions.set(symbol, winner);
    judging.definitions.add(winner);
    symbols.push(symbol);
    judging.notes.push(`the shared library ${baseName(path)} has one`);
  }
  const made: ld.ResolvableShared = { kind: "shared", name: path, symbols, isAsNeeded };
  if (isUnsure) judging.unsure.add(made);
  return [made];
}

/** Whether those that are linked with the library see its symbol. */
function exportOf(name: string, inside: SourceLink, library: Link, program: Program): "yes" | "no" | "unknown" {
  const visibilities = [...inside.definitions, ...program.declarationsOf(name)].map(({ fact }) => fact.visibility);
  if (inside.winner?.fact.visibility === "hidden" || inside.winner?.fact.visibility === "internal") return "no";
  for (const path of library.options.versionScripts) {
    const source = program.texts.source(path);
    if (source === undefined) return "unknown";
    if (!isExported(name, scriptOf(path, source))) return "no";
  }
  return visibilities.includes("hidden") || visibilities.includes("internal") ? "unknown" : "yes";
}

/** What scripts and --defsym say. A script's value that asks whether the name is defined gives way, as PROVIDE does. */
function assignmentsOf(names: readonly string[], scripts: readonly Mention[], { options }: Link): ld.Assignment[] {
  const assignments = scripts.map(({ fact }, i): ld.Assignment => {
    const isGivingWay =
      fact.role === "provide" || fact.valueText?.replaceAll(" ", "").includes(`DEFINED(${fact.name})`);
    return { name: fact.name, how: isGivingWay === true ? "provide" : "assign", refersTo: [], source: String(i) };
  });
  for (const { name } of options.defined) {
    if (names.includes(name)) assignments.push({ name, how: "assign", refersTo: [], source: "--defsym" });
  }
  return assignments;
}

type Turn = Pick<SourceLink, "outcome" | "winner">;

/** The answer that holds whichever of the unsure inputs are there. */
function answerOf(request: ld.LinkRequest, name: string, scripts: readonly Mention[], judging: Judging): SourceLink {
  const { unsure, definitions, presences, notes, link } = judging;
  const given = { definitions: [...definitions], presences, notes };
  const open: Turn = { outcome: "depends", winner: undefined };
  if (unsure.size > MOST_UNSURE) return { ...open, ...given };
  const turns = new Map<string, Turn>();
  const choices = [...unsure];
  for (let mask = 0; mask < 1 << choices.length; mask++) {
    const isThere = (input: ld.ResolvableInput) => {
      const at = choices.indexOf(input as ld.ResolvableObject);
      return at < 0 || (mask & (1 << at)) !== 0;
    };
    const resolved = resolve({ ...request, inputs: request.inputs.filter(isThere) }).symbols.get(name);
    const turn = turnOf(resolved?.binding, resolved?.rivals ?? [], scripts, judging);
    turns.set(`${turn.outcome} ${turn.winner?.path}:${turn.winner?.fact.start}`, turn);
  }
  const [turn = open, ...others] = turns.values();
  if (link.options.defined.some((one) => one.name === name)) notes.push(`--defsym defines ${name}`);
  return { ...(others.length === 0 ? turn : open), ...given };
}

function turnOf(
  binding: BoundTo | undefined,
  rivals: readonly { readonly symbol: ld.InputSymbol }[],
  scripts: readonly Mention[],
  { mentions, program, link, definitions, presences }: Judging,
): Turn {
  if (binding?.kind === "script") {
    const { how, source } = binding.assignment;
    return { outcome: how === "provide" ? "provided" : "strong", winner: scripts[Number(source)] };
  }
  if (binding === undefined || !("definition" in binding)) return { outcome: "nothing", winner: undefined };
  const { symbol } = binding.definition;
  const winner = mentions.get(symbol);
  if (symbol.binding === "weak") {
    // Linkers that take members at the first reference put them in another order than archives stand in.
    const isFirstKnown = isBfd(link) || definitions.size < 2 || presences.size === 0;
    return isFirstKnown ? { outcome: "weak", winner } : { outcome: "depends", winner: undefined };
  }
  const places = new Map(
    [symbol, ...rivals.map((rival) => rival.symbol)].flatMap((one) => {
      const mention = mentions.get(one);
      return mention === undefined ? [] : [[`${mention.path}:${mention.fact.start}`, mention] as const];
    }),
  );
  const all = [...places.values()];
  if (all.length < 2 || link.options.allowsMultipleDefinitions) return { outcome: "strong", winner };
  if (areTentative(all))
    return { outcome: "strong", winner: all.find(({ fact }) => fact.role !== "tentative") ?? winner };
  return { outcome: areExclusive(all, program) ? "strong" : "several", winner: undefined };
}

function isBfd({ options }: Link): boolean {
  return options.linker === undefined || options.linker === "bfd";
}

/** Tentative definitions of one file, and the one that follows them, are one (C11 6.9.2). */
function areTentative(all: readonly Mention[]): boolean {
  const isOneFile = all.every(({ path }) => path === all[0]!.path);
  return isOneFile && all.filter(({ fact }) => fact.role !== "tentative").length <= 1;
}
