/** Lines above weak references that tell what the built objects pay for them: "16 GOT loads in 3 objects". Plain data. */

import { readFacts } from "../linkage/facts/extract.ts";
import { unitText } from "../linkage/kbuild/link-unit.ts";
import { type BuiltLinks, linksOfSymbol } from "../linkage/links/built-links.ts";
import type { ObjectSymbol } from "../linkage/objects/object-index.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import { count } from "./describe-objects.ts";

/** A line above a place in a file. */
export interface Lens {
  /** What it stands above: a symbol's name. */
  readonly span: Span;
  readonly title: string;
  readonly symbol: string;
}

/** The lenses of a file's weak references, as far as the build has objects that refer to them. */
export function weakReferenceLenses(path: string, source: Source, program: Program, links: BuiltLinks): Lens[] {
  const lenses: Lens[] = [];
  // The build may know its links by other names than the sources do.
  const built = new Set(links.layout.links.map(({ unit }) => unitText(unit)));
  const units = new Set(program.links.unitsOf(path).filter((unit) => built.has(unit)));
  for (const fact of readFacts(path, source).symbols) {
    if (fact.role !== "declaration" || fact.inMacro !== undefined || !program.isWeak(fact)) continue;
    const title = describeCost(fact.name, links, units);
    if (title !== undefined) lenses.push({ span: { start: fact.start, end: fact.end }, title, symbol: fact.name });
  }
  return lenses;
}

/** Counts in the links that the file is part of; a header is part of any. */
function describeCost(name: string, links: BuiltLinks, units: ReadonlySet<string>): string | undefined {
  const references = new Map<string, ObjectSymbol>();
  for (const { link, linked } of linksOfSymbol(links, name)) {
    if (units.size > 0 && !units.has(unitText(link.unit))) continue;
    for (const symbol of linked.references) references.set(symbol.object, symbol);
  }
  if (references.size === 0) return undefined;
  let total = 0;
  let got = 0;
  for (const { relocations } of references.values()) {
    total += relocations.total;
    got += relocations.got;
  }
  const where = `in ${count(references.size, "object")}`;
  if (got > 0) return `${count(got, "GOT load")} ${where}${got < total ? ` (${count(total, "reference")})` : ""}`;
  return `${count(total, "reference")} ${where}, none through the GOT`;
}
