/**
 * Does with a link's objects what the linker did: takes members out of archives for what is undefined, and decides for each
 * symbol which definition wins (ELF gABI, "Symbol Table": a strong definition overrides weak ones, and an archive member is
 * taken for undefined symbols but not for weak undefined ones; ld(1): the first weak definition wins among weak ones).
 */

import type { BuildLink, ObjectName } from "../objects/build-layout.ts";
import { type ObjectIndex, type ObjectSymbol, symbolNamesIn, symbolsNamed } from "../objects/object-index.ts";

/** A link with its archives searched. */
export interface SearchedLink {
  readonly link: BuildLink;
  /** The objects that are part of it, and their places in its order. */
  readonly order: ReadonlyMap<ObjectName, number>;
  /** All objects that the linker was given, taken or not. */
  readonly offered: ReadonlySet<ObjectName>;
  /** For each archive member that was taken, the first symbol that it was taken for. */
  readonly takenFor: ReadonlyMap<ObjectName, string>;
}

/** What a link makes of one symbol. */
export interface LinkedSymbol {
  /** The definition that all references are bound to; undefined where no object defines it. */
  readonly winner: ObjectSymbol | undefined;
  /** Weak definitions that it overrides, or that come behind the first weak one. */
  readonly lost: readonly ObjectSymbol[];
  /** Other strong definitions: with --allow-multiple-definition, or in objects that are newer than the link. */
  readonly rivals: readonly ObjectSymbol[];
  readonly references: readonly ObjectSymbol[];
  /** Definitions in archive members that the link did not take. */
  readonly notTaken: readonly ObjectSymbol[];
}

/** Searches the link's archives. All of them count as one group, which differs from ld for archives that refer back. */
export function resolveLink(index: ObjectIndex, link: BuildLink): SearchedLink {
  const order = new Map<ObjectName, number>();
  const takenFor = new Map<ObjectName, string>();
  const places = new Map<ObjectName, number>();
  for (const [place, { object, archive }] of link.objects.entries()) {
    if (!places.has(object)) places.set(object, place);
    if (archive === undefined) order.set(object, place);
  }
  const members = [...places.keys()].filter((object) => !order.has(object));
  if (members.length > 0) takeMembers(index, { members, places, order, takenFor, wrap: link.wrap ?? [] });
  return { link, order, offered: new Set(places.keys()), takenFor };
}

interface Taking {
  readonly members: readonly ObjectName[];
  readonly places: ReadonlyMap<ObjectName, number>;
  readonly order: Map<ObjectName, number>;
  readonly takenFor: Map<ObjectName, string>;
  readonly wrap: readonly string[];
}

/** The name that a reference is bound to: `f` of --wrap=f to `__wrap_f`, and `__real_f` to `f` (ld(1), "--wrap"). */
export function boundName(name: string, wrap: readonly string[]): string {
  if (wrap.includes(name)) return `__wrap_${name}`;
  return name.startsWith("__real_") && wrap.includes(name.slice(7)) ? name.slice(7) : name;
}

function takeMembers(index: ObjectIndex, { members, places, order, takenFor, wrap }: Taking): void {
  const definers = new Map<string, ObjectName>();
  for (const member of members) {
    for (const name of symbolNamesIn(index, member, (binding, isDefined) => isDefined && binding !== "local")) {
      if (!definers.has(name)) definers.set(name, member);
    }
  }
  const defined = new Set<string>();
  const undefinedNames: string[] = [];
  const enter = (object: ObjectName) => {
    for (const name of symbolNamesIn(index, object, (binding, isDefined) => isDefined && binding !== "local"))
      defined.add(name);
    undefinedNames.push(...symbolNamesIn(index, object, (binding, isDefined) => !isDefined && binding === "global"));
  };
  for (const object of order.keys()) enter(object);
  for (let said = undefinedNames.pop(); said !== undefined; said = undefinedNames.pop()) {
    const name = boundName(said, wrap);
    if (defined.has(name)) continue;
    const member = definers.get(name);
    if (member === undefined || order.has(member)) continue;
    order.set(member, places.get(member)!);
    takenFor.set(member, name);
    enter(member);
  }
}

/** What the link makes of the symbol of that name. */
export function findLinked(index: ObjectIndex, resolved: SearchedLink, name: string): LinkedSymbol {
  const { order, offered, link } = resolved;
  const placeOf = (symbol: ObjectSymbol) => order.get(symbol.object)!;
  const bound = boundName(name, link.wrap ?? []);
  const named = bound === name ? [name] : [name, bound];
  // Of a name that is wrapped, references count, and the definitions of the name that they are bound to.
  const all = named
    .flatMap((one) =>
      symbolsNamed(index, one).filter(({ isDefined }) => isDefined === (one === bound) || bound === name),
    )
    .filter(({ binding }) => binding !== "local");
  const inLink = all.filter(({ object }) => order.has(object)).sort((a, b) => placeOf(a) - placeOf(b));
  const definitions = inLink.filter(({ isDefined }) => isDefined);
  const strong = definitions.filter(({ binding, section }) => binding !== "weak" && section !== "COMMON");
  const common = definitions.filter(({ binding, section }) => binding !== "weak" && section === "COMMON");
  const weak = definitions.filter(({ binding }) => binding === "weak");
  const winner = strong[0] ?? common[0] ?? weak[0];
  return {
    winner,
    lost: weak.filter((symbol) => symbol !== winner),
    rivals: strong.slice(1),
    references: inLink.filter(({ isDefined }) => !isDefined),
    notTaken: all.filter(({ object, isDefined }) => isDefined && offered.has(object) && !order.has(object)),
  };
}
