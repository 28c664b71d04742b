/**
 * Why an input section is in an image: the chain of references from a root to it, as the linker follows it when it collects
 * garbage (ld manual, "Options", --gc-sections). What was kept the map says; this finds the reason. It reads no files.
 */

import type { MapLayout } from "../../syntax/map/map-layout.ts";
import type { Marking } from "./mark-sections.ts";

/** A reference from a section: to a section of the same object, or to a symbol that any object may define. */
export interface SectionReference {
  readonly symbol: string;
  /** The index of the section of a local symbol; undefined where the name decides. */
  readonly section: number | undefined;
}

export interface ObjectSection {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly references: readonly SectionReference[];
  /** What a linker that collects garbage goes by; undefined of what is no section of a file, as common symbols. */
  readonly traits?: SectionTraits;
}

export interface SectionTraits {
  /** It occupies memory at run time; garbage is collected of nothing else here. */
  readonly isAllocated: boolean;
  /** Kept whatever refers to it: notes, SHF_GNU_RETAIN. */
  readonly isAlwaysKept: boolean;
  /** Addresses of constructors or destructors: lld keeps them too, GNU ld where the script does. */
  readonly isArray: boolean;
  readonly isExecutable: boolean;
  /** Which of the object's groups it is in: kept with all others there (gABI, "Section Groups"). */
  readonly group?: SectionGroup | undefined;
  /** The section that it describes (SHF_LINK_ORDER). */
  readonly linkedTo?: number | undefined;
  /** A table that unwinds the section that it describes, on ARM: kept with it. */
  readonly isUnwindTable: boolean;
}

export interface SectionGroup {
  readonly members: readonly number[];
  /** Of groups with one signature the link takes the first (GRP_COMDAT); undefined of others. */
  readonly signature: string | undefined;
}

/** What .eh_frame says of the functions of a section: their personality routine and the table of their exceptions. */
export interface SectionFrame {
  /** The section that it describes. */
  readonly section: number;
  readonly references: readonly SectionReference[];
}

/** A symbol that is defined in a section, with its offset there in bytes. */
export interface SectionSymbol {
  readonly name: string;
  readonly section: number;
  readonly offset: number;
  readonly isLocal: boolean;
  readonly isWeak: boolean;
}

/** One object of a link. */
export interface ObjectSections {
  /** As the map names it: "main.o", "lib.a(x.o)". */
  readonly file: string;
  /** By their indexes. */
  readonly sections: readonly ObjectSection[];
  readonly symbols: readonly SectionSymbol[];
  /** In no order; none where there is no .eh_frame. */
  readonly frames?: readonly SectionFrame[];
}

/** An input section, by what the map and the objects both know of it. */
export interface InputPlace {
  readonly file: string;
  readonly section: string;
}

/** One step of a chain: this section is kept, and refers by `symbol` to the next one. */
export interface ChainStep extends InputPlace {
  /** The symbol by which the step before refers to it; undefined at a root. */
  readonly symbol: string | undefined;
}

export interface Kept {
  readonly kind: "kept";
  readonly place: InputPlace;
  readonly address: bigint;
  /** From the root to the section itself. */
  readonly chain: readonly ChainStep[];
  /**
   * Why its first step is kept: the image starts there; the script has it in a KEEP; its symbol is asked for by name, or it is of a kind that is always
   * kept, as notes are; or, where the script is not known, nothing refers to it.
   */
  readonly root: "entry" | "keep" | "asked for" | "always" | "itself";
}

export interface Dropped {
  readonly kind: "dropped";
  readonly place: InputPlace;
  /** In bytes. */
  readonly size: number;
  /** Who refers to it, all dropped too; or what the script took for /DISCARD/. */
  readonly referrers: readonly InputPlace[];
}

export interface LinkGraph {
  readonly layout: MapLayout;
  readonly objects: readonly ObjectSections[];
  /** The address that the image starts at; undefined where it is not known. */
  readonly entry: bigint | undefined;
  /** What garbage collection keeps, by the script and the options of the link; left out where these are not known. */
  readonly marking?: { readonly marks: Marking; readonly entry: string | undefined };
}

interface Node extends InputPlace {
  readonly address: bigint;
  /** In bytes. */
  readonly size: number;
  /** By key, with the symbol of the first reference. */
  readonly targets: Map<string, string>;
}

/** What describes functions refers to them without keeping them. */
const DESCRIBING = /^\.(?:ARM\.exidx|eh_frame|debug|stab)/;

/** Why each place of a name is in the image or not: the name is a symbol's, or an input section's. Empty where no object has it. */
export function explainName(name: string, graph: LinkGraph): (Kept | Dropped)[] {
  const nodes = keptNodes(graph);
  const parents = findParents(nodes, graph);
  const found: (Kept | Dropped)[] = [];
  const seen = new Set<string>();
  for (const place of placesOf(name, graph)) {
    const key = keyOf(place);
    if (seen.has(key)) continue;
    seen.add(key);
    const node = nodes.get(key);
    if (node === undefined) {
      const dropped = findDropped(place, graph);
      if (dropped !== undefined) found.push(dropped);
      continue;
    }
    const marked = markedChain(place, graph);
    if (marked !== undefined) {
      found.push({ kind: "kept", place, address: node.address, ...marked });
      continue;
    }
    const chain = chainTo(key, parents, nodes);
    const isEntry = chain[0] !== undefined && keyOf(chain[0]) === entryKey(graph, nodes);
    found.push({ kind: "kept", place, address: node.address, chain, root: isEntry ? "entry" : "itself" });
  }
  return found;
}

function keyOf({ file, section }: InputPlace): string {
  return `${file}\0${section}`;
}

function* placesOf(name: string, { objects }: LinkGraph): Generator<InputPlace> {
  for (const { file, sections, symbols } of objects) {
    for (const symbol of symbols) {
      const section = symbol.name === name ? sections[symbol.section] : undefined;
      if (section !== undefined) yield { file, section: section.name };
    }
    for (const section of sections) if (section.name === name) yield { file, section: section.name };
  }
}

/** The sections that are in the image, each with what it refers to. */
function keptNodes({ layout, objects }: LinkGraph): Map<string, Node> {
  const nodes = new Map<string, Node>();
  for (const { inputs } of layout.sections) {
    for (const { file, section, address, size } of inputs) {
      const key = keyOf({ file, section });
      if (file !== "" && !nodes.has(key)) nodes.set(key, { file, section, address, size, targets: new Map() });
    }
  }
  const defined = definitionsIn(objects, nodes);
  for (const { file, sections } of objects) {
    for (const { name, references } of sections) {
      const node = nodes.get(keyOf({ file, section: name }));
      if (node === undefined || DESCRIBING.test(name)) continue;
      for (const { symbol, section } of references) {
        const own = section === undefined ? undefined : sections[section];
        const target = own === undefined ? defined.get(symbol) : keyOf({ file, section: own.name });
        if (target !== undefined && nodes.has(target) && !node.targets.has(target)) node.targets.set(target, symbol);
      }
    }
  }
  return nodes;
}

/** The section that each global symbol is defined in, of those that are in the image; a strong definition before a weak one. */
function definitionsIn(objects: readonly ObjectSections[], nodes: ReadonlyMap<string, Node>): Map<string, string> {
  const defined = new Map<string, { readonly key: string; readonly isWeak: boolean }>();
  for (const { file, sections, symbols } of objects) {
    for (const { name, section, isLocal, isWeak } of symbols) {
      const holder = isLocal ? undefined : sections[section];
      if (holder === undefined) continue;
      const key = keyOf({ file, section: holder.name });
      const before = defined.get(name);
      if (nodes.has(key) && (before === undefined || (before.isWeak && !isWeak))) defined.set(name, { key, isWeak });
    }
  }
  return new Map([...defined].map(([name, { key }]) => [name, key]));
}

/** The section that the image starts in. */
function entryKey({ entry }: LinkGraph, nodes: ReadonlyMap<string, Node>): string | undefined {
  if (entry === undefined) return undefined;
  return [...nodes].find(([, { address, size }]) => entry >= address && entry < address + BigInt(size))?.[0];
}

interface Parent {
  readonly key: string;
  readonly symbol: string;
}

/** For each section that is reached from a root, the one before it on a shortest way; undefined for roots. */
function findParents(nodes: ReadonlyMap<string, Node>, graph: LinkGraph): Map<string, Parent | undefined> {
  const parents = new Map<string, Parent | undefined>();
  const entry = entryKey(graph, nodes);
  const referred = new Set(
    [...nodes].flatMap(([key, { targets }]) => [...targets.keys()].filter((one) => one !== key)),
  );
  const alone = [...nodes.keys()].filter((key) => !referred.has(key) && !DESCRIBING.test(nodes.get(key)!.section));
  // From the entry first: that is the chain that people look for.
  spread(entry === undefined ? [] : [entry], nodes, parents);
  spread(alone, nodes, parents);
  // What is left refers to itself in circles, so one of each was kept for itself.
  for (const key of nodes.keys()) spread([key], nodes, parents);
  return parents;
}

function spread(
  roots: readonly string[],
  nodes: ReadonlyMap<string, Node>,
  parents: Map<string, Parent | undefined>,
): void {
  const queue = roots.filter((root) => !parents.has(root));
  for (const root of queue) parents.set(root, undefined);
  for (let next = 0; next < queue.length; next++) {
    const key = queue[next]!;
    for (const [target, symbol] of nodes.get(key)!.targets) {
      if (parents.has(target)) continue;
      parents.set(target, { key, symbol });
      queue.push(target);
    }
  }
}

function chainTo(
  key: string,
  parents: ReadonlyMap<string, Parent | undefined>,
  nodes: ReadonlyMap<string, Node>,
): ChainStep[] {
  const chain: ChainStep[] = [];
  for (let at: string | undefined = key; at !== undefined; ) {
    const parent: Parent | undefined = parents.get(at);
    const { file, section } = nodes.get(at)!;
    chain.unshift({ file, section, symbol: parent?.symbol });
    at = parent?.key;
  }
  return chain;
}

/** The chain as the linker's mark phase went; undefined where that is not known, or did not keep the section. */
function markedChain(place: InputPlace, { marking, objects }: LinkGraph): Pick<Kept, "chain" | "root"> | undefined {
  if (marking === undefined) return undefined;
  const chain: ChainStep[] = [];
  for (let at: InputPlace = place; ; ) {
    const reason = marking.marks.reasonOf(at.file, sectionIndex(at, objects));
    if (reason === undefined || chain.length > MOST_STEPS) return undefined;
    chain.unshift({ ...at, symbol: reason.kind === "section" ? (reason.symbol ?? at.section) : undefined });
    if (reason.kind === "section") at = reason;
    else if (reason.kind === "symbol") return { chain, root: reason.symbol === marking.entry ? "entry" : "asked for" };
    else return { chain, root: reason.kind };
  }
}

/** Longer chains are none: sections are told apart by their names here, of which an object may have several alike. */
const MOST_STEPS = 10_000;

function sectionIndex({ file, section }: InputPlace, objects: readonly ObjectSections[]): number {
  return objects.find((one) => one.file === file)?.sections.findIndex(({ name }) => name === section) ?? -1;
}

/** undefined for a section that is empty: there was nothing to drop. */
function findDropped(place: InputPlace, { objects }: LinkGraph): Dropped | undefined {
  const own = objects.find(({ file }) => file === place.file)!;
  const size = own.sections.find(({ name }) => name === place.section)?.size ?? 0;
  if (size === 0) return undefined;
  const names = new Set(
    own.symbols
      .filter((one) => own.sections[one.section]?.name === place.section && !one.isLocal)
      .map(({ name }) => name),
  );
  const referrers = objects.flatMap(({ file, sections }) =>
    sections.flatMap(({ name, references }) => {
      const isOwn = file === place.file;
      const refers = references.some(({ symbol, section }) =>
        section === undefined ? names.has(symbol) : isOwn && sections[section]?.name === place.section,
      );
      return refers && !DESCRIBING.test(name) && !(isOwn && name === place.section) ? [{ file, section: name }] : [];
    }),
  );
  return { kind: "dropped", place, size, referrers };
}
