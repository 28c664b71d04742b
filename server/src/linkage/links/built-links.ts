/**
 * A build as questions are asked of it: its links with their archives searched, worked out when they are first asked for and again
 * when objects have changed. It must not know how builds are read.
 */

import type { LinkMap, MapAssignment } from "../../syntax/map/parse-map.ts";
import { baseName } from "../../text/path.ts";
import { unitText } from "../kbuild/link-unit.ts";
import type { BuildLayout, BuildLink, ObjectName } from "../objects/build-layout.ts";
import { type ObjectIndex, type ObjectSymbol, symbolsNamed } from "../objects/object-index.ts";
import { findLinked, type LinkedSymbol, resolveLink, type SearchedLink } from "./resolve-link.ts";

export interface BuiltLinks {
  readonly layout: BuildLayout;
  readonly index: ObjectIndex;
  /** The linkers' maps, by the name of the link's unit. */
  readonly maps: ReadonlyMap<string, LinkMap>;
  /** False while objects are still being read. */
  readonly isComplete: boolean;
  readonly resolved: Map<BuildLink, SearchedLink>;
  readonly revision: number;
}

/** Takes a view of a build as it is now; it must be made anew when the index's revision has changed. */
export function viewBuild(
  layout: BuildLayout,
  index: ObjectIndex,
  isComplete: boolean,
  maps: ReadonlyMap<string, LinkMap> = new Map(),
): BuiltLinks {
  return { layout, index, maps, isComplete, resolved: new Map(), revision: index.revision };
}

/** The link with its archives searched. */
export function resolvedLink(links: BuiltLinks, link: BuildLink): SearchedLink {
  let resolved = links.resolved.get(link);
  if (resolved === undefined) {
    resolved = resolveLink(links.index, link);
    links.resolved.set(link, resolved);
  }
  return resolved;
}

/** What one link made of a symbol. */
export interface SymbolInLink {
  readonly link: BuildLink;
  readonly linked: LinkedSymbol;
  /** The symbol in the file that was linked; undefined where it is not in it, or there is no file. */
  readonly image: ObjectSymbol | undefined;
  /** What the linker's map says that the script assigned; undefined without a map, or where no script assigns it. */
  readonly assigned: MapAssignment | undefined;
  /** For whom the archive member with the winner was taken, by the map, or by the order of the link. */
  readonly takenFor: { readonly file: string | undefined; readonly symbol: string } | undefined;
}

/** What every link made of the symbol that has anything to do with it, vmlinux first. */
export function linksOfSymbol(links: BuiltLinks, name: string): SymbolInLink[] {
  const found: SymbolInLink[] = [];
  const all = symbolsNamed(links.index, name);
  if (all.length === 0) return found;
  const objects = new Set(all.map(({ object }) => object));
  for (const link of links.layout.links) {
    const isHere =
      (link.image !== undefined && objects.has(link.image)) || link.objects.some(({ object }) => objects.has(object));
    if (!isHere) continue;
    const resolved = resolvedLink(links, link);
    const linked = findLinked(links.index, resolved, name);
    const map = links.maps.get(unitText(link.unit));
    const assigned = findAssignment(map, name);
    const image = all.find((symbol) => symbol.object === link.image && (symbol.isDefined || symbol.binding === "weak"));
    const { winner, lost, references, notTaken } = linked;
    if (!(winner ?? image ?? lost[0] ?? references[0] ?? notTaken[0])) continue;
    const takenFor = winner === undefined ? undefined : reasonOf(winner.object, map, resolved);
    found.push({ link, linked, image, assigned, takenFor });
  }
  return found;
}

/** A script may assign a symbol more than once: what took effect counts. */
function findAssignment(map: LinkMap | undefined, name: string): MapAssignment | undefined {
  const all = map?.assignments.filter(({ symbol }) => symbol === name) ?? [];
  return all.find(({ tookEffect }) => tookEffect) ?? all[0];
}

function reasonOf(object: ObjectName, map: LinkMap | undefined, resolved: SearchedLink): SymbolInLink["takenFor"] {
  // Thin archives name their members by path, maps by archive and name.
  const base = baseName(object);
  const archive = resolved.link.objects.find((one) => one.object === object)?.archive;
  const told = map?.members.find(
    ({ member }) => member === object || (archive !== undefined && member === `${archive}(${base})`),
  );
  if (told?.takenFor !== undefined) return told.takenFor;
  const symbol = resolved.takenFor.get(object);
  return symbol === undefined ? undefined : { file: undefined, symbol };
}

/** The letter that nm(1) prints for the symbol. */
export function letterOf(symbol: ObjectSymbol): string {
  const { binding, type, section, isDefined, sectionClass } = symbol;
  if (binding === "weak") {
    const letter = type === "object" ? "V" : "W";
    return isDefined ? letter : letter.toLowerCase();
  }
  if (!isDefined) return "U";
  if (type === "ifunc") return "i";
  if (binding === "unique") return "u";
  if (section === "COMMON") return "C";
  const letter = section === "ABS" ? "A" : classLetters[sectionClass];
  return binding === "local" ? letter.toLowerCase() : letter;
}

const classLetters = { "": "N", code: "T", data: "D", "read-only data": "R", "zeroed data": "B" } as const;
