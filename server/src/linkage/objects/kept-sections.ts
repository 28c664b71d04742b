/**
 * Why an input section is in an image: the chain of references from a root to it, as the linker follows it when it collects
 * garbage (ld manual, "Options", --gc-sections). What was kept the map says; this finds the reason. It reads no files.
 */

import { chainTo, type KeptGraph, keyOf, openGraph } from "./kept-graph.ts";
import type { ChainStep, InputPlace, LinkGraph, ObjectSections } from "./link-graph.ts";

export interface KeptSections {
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

/** Why each place of a name is in the image or not: the name is a symbol's, or an input section's. Empty where no object has it. */
export function explainName(name: string, graph: LinkGraph): (KeptSections | Dropped)[] {
  return explainPlaces(placesOf(name, graph), openGraph(graph));
}

/** The same of every symbol of the objects, by its name, gone through once. */
export function explainSymbols(graph: LinkGraph): Map<string, (KeptSections | Dropped)[]> {
  const places = new Map<string, InputPlace[]>();
  for (const { file, sections, symbols } of graph.objects) {
    for (const symbol of symbols) {
      const section = sections[symbol.section];
      if (section === undefined) continue;
      const own = places.get(symbol.name);
      if (own === undefined) places.set(symbol.name, [{ file, section: section.name }]);
      else own.push({ file, section: section.name });
    }
  }
  const opened = openGraph(graph);
  return new Map([...places].map(([name, own]) => [name, explainPlaces(own, opened)]));
}

/** Of places that are one section, as symbols of one section have them, each is told once. */
function explainPlaces(places: Iterable<InputPlace>, graph: KeptGraph): (KeptSections | Dropped)[] {
  const found = new Map<string, KeptSections | Dropped | undefined>();
  for (const place of places) {
    const key = keyOf(place);
    if (!found.has(key)) found.set(key, explainPlace(place, graph));
  }
  return [...found.values()].filter((one) => one !== undefined);
}

function explainPlace(place: InputPlace, graph: KeptGraph): KeptSections | Dropped | undefined {
  const node = graph.nodes.get(keyOf(place));
  if (node === undefined) return findDropped(place, graph);
  const { address } = node;
  const marked = markedChain(place, graph);
  if (marked !== undefined) return { kind: "kept", place, address, ...marked };
  const chain = chainTo(place, graph);
  const isEntry = chain[0] !== undefined && keyOf(chain[0]) === graph.start;
  return { kind: "kept", place, address, chain, root: isEntry ? "entry" : "itself" };
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

/** The chain as the linker's mark phase went; undefined where that is not known, or did not keep the section. */
function markedChain(
  place: InputPlace,
  { marking, files }: KeptGraph,
): Pick<KeptSections, "chain" | "root"> | undefined {
  if (marking === undefined) return undefined;
  const chain: ChainStep[] = [];
  for (let at: InputPlace = place; ; ) {
    const reason = marking.marks.reasonOf(at.file, sectionIndex(files.get(at.file), at.section));
    if (reason === undefined || chain.length > MOST_STEPS) return undefined;
    chain.push({ ...at, symbol: reason.kind === "section" ? (reason.symbol ?? at.section) : undefined });
    if (reason.kind === "section") {
      at = reason;
      continue;
    }
    const isEntry = reason.kind === "symbol" && reason.symbol === marking.entry;
    return { chain: chain.reverse(), root: reason.kind === "symbol" ? (isEntry ? "entry" : "asked for") : reason.kind };
  }
}

/** Longer chains are none: sections are told apart by their names here, of which an object may have several alike. */
const MOST_STEPS = 10_000;

function sectionIndex(object: ObjectSections | undefined, section: string): number {
  return object?.sections.findIndex(({ name }) => name === section) ?? -1;
}

/** undefined for a section that is empty: there was nothing to drop. */
function findDropped(place: InputPlace, { files, referrersOf }: KeptGraph): Dropped | undefined {
  const object = files.get(place.file);
  const size = object?.sections[sectionIndex(object, place.section)]?.size ?? 0;
  return size === 0 ? undefined : { kind: "dropped", place, size, referrers: referrersOf(place) };
}
