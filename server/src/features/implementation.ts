/** From a weak definition to the strong ones that override it, and from a strong one back to the weak ones. */

import type { Mention } from "../linkage/facts/link-index.ts";
import { definitionsByBinding } from "../linkage/symbols/overrides.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { Place } from "./navigation.ts";
import type { SymbolPlace } from "./symbol-at.ts";

/**
 * What overrides the symbol that stands at a place, by path, so that an architecture's definitions stand together: of a
 * definition, those of the other binding; of a declaration or a use, the strong ones, or else the weak ones.
 */
export function findImplementations(place: SymbolPlace, path: string, program: Program): readonly Place[] {
  const { weak, strong } = definitionsByBinding(place.text, path, program);
  const isHere = (mention: Mention) => mention.path === path && mention.fact.start === place.start;
  const found = weak.some(isHere) ? strong : strong.some(isHere) ? weak : strong.length > 0 ? strong : weak;
  return found.map((mention) => ({ path: mention.path, span: { start: mention.fact.start, end: mention.fact.end } }));
}
