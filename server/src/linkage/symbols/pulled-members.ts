/**
 * Whether a link takes an archive's member, as far as sources tell: ld takes it for a symbol that is undefined where the archive
 * stands, and not for weak references (ld(1), "--start-group"; ELF gABI, "Symbol Table"). What it can't tell is "unknown". It has no IO.
 */

import type { Mention } from "../facts/link-index.ts";
import { includersOf } from "../index/includers.ts";
import { type ArchiveInput, type Link, type LinkInput, objectsOf } from "../links/link.ts";
import { type Demands, demandsOf } from "./outside-demands.ts";
import type { Program } from "./program.ts";

export type MemberPresence = "linked" | "not linked" | "unknown";

interface Place {
  readonly source: string;
  /** Where it stands in the command; a group's inputs stand in one place. */
  readonly position: number;
  readonly archive: ArchiveInput | undefined;
}

interface LinkView {
  readonly link: Link;
  readonly program: Program;
  readonly places: ReadonlyMap<string, readonly Place[]>;
  readonly demands: Demands;
  readonly known: Map<string, MemberPresence>;
  /** Members that are being asked about. */
  readonly active: Set<string>;
  /** Set while an answer lacks a text that is still to be read. */
  isProvisional: boolean;
}

/** A link of more members than this is not looked through. */
const MOST_MEMBERS = 2000;

const views = new WeakMap<Program, Map<Link, LinkView>>();

/** Whether the file's object is a part of the link. */
export function presenceIn(link: Link, source: string, program: Program): MemberPresence {
  let known = views.get(program);
  if (known === undefined) views.set(program, (known = new Map()));
  let view = known.get(link);
  if (view === undefined) {
    const demands = demandsOf(link, program);
    const { isProvisional } = demands;
    view = {
      link,
      program,
      places: placesOf(link),
      demands,
      known: new Map(),
      active: new Set(),
      isProvisional: false,
    };
    // What a script asks for is not known before it was read.
    if (!isProvisional) known.set(link, view);
  }
  return presenceOf(view, source);
}

function placesOf(link: Link): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  const add = (inputs: readonly LinkInput[], position: number) => {
    for (const { object, archive } of objectsOf(inputs)) {
      if (object.source === undefined) continue;
      const place = { source: object.source, position, archive: archive?.take === "all" ? undefined : archive };
      places.set(object.source, [...(places.get(object.source) ?? []), place]);
    }
  };
  for (const [position, input] of (link.inputs ?? []).entries()) add([input], position);
  return places;
}

function presenceOf(view: LinkView, source: string): MemberPresence {
  const places = view.places.get(source);
  if (places === undefined) return "unknown";
  if (places.some(({ archive }) => archive === undefined)) return "linked";
  const known = view.known.get(source);
  if (known !== undefined) return known;
  // A member that is taken for what only itself leads to is not taken.
  if (view.active.has(source)) return "not linked";
  if (view.places.size > MOST_MEMBERS) return "unknown";
  view.active.add(source);
  const presence = places.reduce<MemberPresence>(
    (before, place) => most(before, memberPresence(view, place)),
    "not linked",
  );
  view.active.delete(source);
  // What was found on the way round a circle is true of that way alone.
  if (view.active.size > 0) return presence;
  if (!view.isProvisional) view.known.set(source, presence);
  view.isProvisional = false;
  return presence;
}

function most(a: MemberPresence, b: MemberPresence): MemberPresence {
  if (a === "linked" || b === "linked") return "linked";
  return a === "unknown" || b === "unknown" ? "unknown" : "not linked";
}

function memberPresence(view: LinkView, place: Place): MemberPresence {
  const { index } = view.program;
  const facts = index.factsOf(place.source);
  if (facts === undefined || facts.language === "other") return "unknown";
  // What macros make is not among the facts.
  let presence: MemberPresence = facts.arguments.length > 0 ? "unknown" : "not linked";
  const names = facts.symbols.filter(
    ({ role, binding, inMacro }) => role !== "declaration" && binding !== "local" && inMacro === undefined,
  );
  for (const name of new Set(names.map((fact) => fact.name))) {
    presence = most(presence, pulledFor(view, place, name));
    if (presence === "linked") return presence;
  }
  return presence;
}

/** Whether the member is taken for this symbol. */
function pulledFor(view: LinkView, place: Place, name: string): MemberPresence {
  const { program, link, places, demands } = view;
  const { defined } = link.options;
  // What --defsym says may define it before the archive is searched.
  if (defined.some((one) => one.name === name)) return "unknown";
  const all = program.definitionsOf(name).filter(({ path }) => path !== place.source && places.has(path));
  const isBehind = ({ path }: Mention) => places.get(path)!.every(({ position }) => position > place.position);
  const isBefore = ({ path }: Mention) => places.get(path)!.some(({ position }) => position < place.position);
  const isAlways = ({ path, fact }: Mention) =>
    fact.condition === "" &&
    places.get(path)!.some((one) => one.archive === undefined && one.position < place.position);
  // It is defined by what is linked before, so nothing of the name is undefined then; common symbols apart.
  if (all.some(isAlways)) return "not linked";
  // What an archive before has is taken from there, and what stands behind is not asked for.
  const definers = all.filter((mention) => !isBehind(mention));
  if (definers.some((one) => one.fact.condition === "" && isBefore(one) && presenceOf(view, one.path) === "linked")) {
    return "not linked";
  }
  if (demands.asked.has(name)) return definers.length === 0 ? whenAsked(name, view) : "unknown";
  let presence: MemberPresence = demands.isWhole && !demands.maybe.has(name) ? "not linked" : "unknown";
  for (const [source, users] of places) {
    if (source === place.source || all.some(({ path }) => path === source)) continue;
    for (const referred of referredNames(name, link)) {
      if (!program.index.mayMention(source, referred) || !refersTo(view, source, referred)) continue;
      const strength = strengthOf(view, source, referred);
      const refers = strength === "weak" ? "not linked" : presenceOf(view, source);
      if (refers === "not linked") continue;
      // An archive's members, and a group's, are looked at again and again.
      const stands = users.some(({ position }) => position <= place.position);
      const isSure = strength === "strong" && stands && definers.length === 0;
      presence = most(presence, isSure ? refers : "unknown");
      if (presence === "linked") return presence;
    }
  }
  return presence;
}

/** GNU ld carries out a script's assignments, PROVIDE of what is asked for too, before it searches archives; lld prefers a member to PROVIDE. */
function whenAsked(name: string, { demands, link }: LinkView): MemberPresence {
  if (!demands.assigned.has(name)) return "linked";
  return link.options.linker === undefined || link.options.linker === "bfd" ? "not linked" : "unknown";
}

/** The names by which the link's objects refer to it: under --wrap=f, f means __wrap_f and __real_f means f (ld manual, "--wrap"). */
function referredNames(name: string, { options: { wrap } }: Link): readonly string[] {
  if (wrap.includes(name)) return [`__real_${name}`];
  const wrapped = name.startsWith("__wrap_") ? name.slice("__wrap_".length) : "";
  return wrap.includes(wrapped) ? [name, wrapped] : [name];
}

/** Whether the file uses the symbol, so that its object refers to it. Assembly that has the word does. */
function refersTo(view: LinkView, source: string, name: string): boolean {
  const { program } = view;
  if (program.index.languageOf(source) !== "c") return true;
  // Asked for here, as other files may come first in the search for uses.
  if (program.texts.source(source) === undefined && program.texts.isPending(source)) view.isProvisional = true;
  return program.usesOf(name).some(({ path }) => path === source) || isUsedInHeader(program, source, name);
}

/** A header's inline function or macro may use it for whoever includes it. */
function isUsedInHeader(program: Program, source: string, name: string): boolean {
  return (
    program.usesOf(name).some(({ path, use }) => path.endsWith(".h") || use.inMacro !== undefined) &&
    program.index.mayMention(source, name)
  );
}

/** How the source's object refers to the name: weakly where all declarations are weak and it sees one of them. */
function strengthOf({ program }: LinkView, source: string, name: string): "strong" | "weak" | "unclear" {
  if (program.index.languageOf(source) !== "c") return "unclear";
  const declarations = program.declarationsOf(name);
  const weak = declarations.filter(({ fact }) => program.isWeak(fact));
  if (weak.length === 0) return "strong";
  const isSeen = weak.some(
    ({ path, fact }) => fact.condition === "" && (path === source || includersOf(program.index, path).has(source)),
  );
  return weak.length === declarations.length && isSeen ? "weak" : "unclear";
}
