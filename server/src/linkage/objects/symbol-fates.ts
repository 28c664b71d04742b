/** What became of each symbol of a link, short enough to be kept of a whole image: in it or dropped, and who is the reason. */

import { type Dropped, explainSymbols, type KeptSections } from "./kept-sections.ts";
import type { InputPlace, LinkGraph } from "./link-graph.ts";

export interface KeptFate {
  readonly kind: "kept";
  readonly place: InputPlace;
  readonly address: bigint;
  /** The section that refers to it and is kept; undefined of what is kept for itself. */
  readonly referrer: InputPlace | undefined;
  /** Where the chain of references begins, and why that is kept. */
  readonly root: InputPlace;
  readonly why: KeptSections["root"];
}

export interface DroppedFate {
  readonly kind: "dropped";
  readonly place: InputPlace;
  /** Of its section, in bytes. */
  readonly size: number;
  /** Some of those that refer to it, dropped too. */
  readonly referrers: readonly InputPlace[];
  /** How many there are. */
  readonly referrerCount: number;
}

export type SymbolFate = KeptFate | DroppedFate;

/** How many referrers are told. */
const TOLD = 3;

/** The fates of all symbols of the objects, by their names: of a name one for each section that defines it. */
export function fatesOfSymbols(graph: LinkGraph): Map<string, readonly SymbolFate[]> {
  return new Map([...explainSymbols(graph)].map(([name, found]) => [name, found.map(toFate)]));
}

function toFate(found: KeptSections | Dropped): SymbolFate {
  if (found.kind === "dropped") {
    const { kind, place, size, referrers } = found;
    return { kind, place, size, referrers: referrers.slice(0, TOLD), referrerCount: referrers.length };
  }
  const { kind, place, address, chain, root: why } = found;
  return { kind, place, address, referrer: chain.at(-2), root: chain[0] ?? place, why };
}
