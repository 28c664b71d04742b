/**
 * Compares, for every symbol of vmlinux that has a weak definition, whose definition wins: by the symbols that are predicted of
 * the link's sources, and by the objects. Which objects the link takes, and in which order, comes from the build;
 * conformance:kbuild compares that.
 */

import { openBuild } from "../../../server/src/host/build/open-build.ts";
import { resolvedLink, viewBuild } from "../../../server/src/linkage/links/built-links.ts";
import { findLinked } from "../../../server/src/linkage/links/resolve-link.ts";
import { allNames, symbolsNamed } from "../../../server/src/linkage/objects/object-index.ts";
import type { BuiltObject } from "./built-objects.ts";
import type { Predicted } from "./compare.ts";

export interface WinnerComparison {
  readonly compared: number;
  /** One line for each symbol whose winner is not as predicted. */
  readonly differences: readonly string[];
}

interface Definer {
  readonly object: string;
  readonly place: number;
  readonly isWeak: boolean;
}

/** Compares the winners of a build. `symbolsOf` gives what is predicted of a source's object. */
export async function compareWinners(
  folder: string,
  tree: string,
  objects: readonly BuiltObject[],
  symbolsOf: (source: string) => readonly Predicted[] | undefined,
): Promise<WinnerComparison> {
  const build = openBuild(folder, tree);
  try {
    await build.load();
    const links = viewBuild(build.layout!, build.index, true);
    const link = links.layout.links.find(({ unit }) => unit.kind === "vmlinux");
    if (link === undefined) throw new Error(`${folder} has no link of vmlinux`);
    const resolved = resolvedLink(links, link);
    const sources = new Map(objects.map(({ object, source }) => [object, source]));
    const definers = new Map<string, Definer[]>();
    for (const [object, place] of resolved.order) {
      const source = sources.get(object);
      for (const { name, role, binding } of (source === undefined ? undefined : symbolsOf(source)) ?? []) {
        if (role === "declaration") continue;
        const known = definers.get(name) ?? [];
        known.push({ object, place, isWeak: binding === "weak" });
        definers.set(name, known);
      }
    }
    const differences: string[] = [];
    let compared = 0;
    for (const name of [...allNames(build.index)].sort()) {
      const isWeak = symbolsNamed(build.index, name).some(
        (symbol) => symbol.isDefined && symbol.binding === "weak" && resolved.order.has(symbol.object),
      );
      const winner = isWeak ? findLinked(build.index, resolved, name).winner : undefined;
      if (winner === undefined) continue;
      compared++;
      const predicted = winnerOf(definers.get(name) ?? []);
      if (predicted !== winner.object) {
        differences.push(`${name}: ${predicted ?? "nothing"} predicted, ${winner.object} has it`);
      }
    }
    return { compared, differences };
  } finally {
    await build.close();
  }
}

/** A strong definition before weak ones, of weak ones the first (ELF gABI, "Symbol Table"). */
function winnerOf(definers: readonly Definer[]): string | undefined {
  const sorted = definers.toSorted((a, b) => Number(a.isWeak) - Number(b.isWeak) || a.place - b.place);
  return sorted[0]?.object;
}
