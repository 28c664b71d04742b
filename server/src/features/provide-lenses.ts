/** Lenses on PROVIDE in linker scripts: whether it takes effect, and for how many references. */

import { architectureOf } from "../linkage/facts/architecture.ts";
import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import type { Mention } from "../linkage/facts/link-index.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { LensKind } from "./lens.ts";
import { placesOf } from "./navigation.ts";

/** Files that are named before only their number is. */
const NAMED = 2;

export const provideLenses: LensKind = {
  id: "provide",
  find(path, source) {
    if (languageOf(path, source) !== "ld") return [];
    return readFacts(path, source)
      .symbols.filter(({ role }) => role === "provide")
      .map((fact) => ({ span: { start: fact.start, end: fact.end }, symbol: fact.name }));
  },
  describe({ symbol }, path, program) {
    if (!program.index.isComplete) return undefined;
    const { always, sometimes } = definersOf(symbol, path, program);
    if (always.length > 0)
      return { title: `defined by ${listPaths(pathsOf(always))}, never takes effect`, places: placesOf(always) };
    const uses = program.usesOf(symbol).filter((use) => program.links.canLink(path, use.path));
    const count = uses.length;
    const references =
      count === 0 ? "no reference in C" : count === 1 ? "1 reference in C" : `${count} references in C`;
    const places = uses.map(({ path: file, use: { start, end } }) => ({ path: file, span: { start, end } }));
    if (sometimes.length > 0) {
      const title = `takes effect where ${listPaths(pathsOf(sometimes))} does not define it: ${references}`;
      return { title, places: [...placesOf(sometimes), ...places] };
    }
    return { title: count === 0 ? references : `takes effect: ${references}`, places };
  },
};

interface Definers {
  /** Definitions in every configuration of the script's link. */
  readonly always: readonly Mention[];
  readonly sometimes: readonly Mention[];
}

/** What keeps a PROVIDE from taking effect: any definition in an object, a weak one too, and a plain assignment. */
function definersOf(symbol: string, path: string, program: Program): Definers {
  const always: Mention[] = [];
  const sometimes: Mention[] = [];
  const own = architectureOf(path);
  for (const mention of program.definitionsOf(symbol)) {
    const { fact } = mention;
    const isHeader = mention.path.endsWith(".h") && (fact.isInline === true || fact.inMacro !== undefined);
    if (fact.role === "provide" || isHeader || !program.links.canLink(path, mention.path)) continue;
    const other = architectureOf(mention.path);
    if (own !== undefined && other !== undefined && own !== other) continue;
    const memberships = program.links.membershipsOf(mention.path);
    const isAlways =
      fact.condition === "" &&
      (own !== undefined || other === undefined) &&
      memberships.length > 0 &&
      memberships.every(({ guard, reach }) => reach === "object" && guard !== undefined && guard.length === 0);
    (isAlways ? always : sometimes).push(mention);
  }
  return { always, sometimes };
}

function pathsOf(mentions: readonly Mention[]): readonly string[] {
  return [...new Set(mentions.map((mention) => mention.path))];
}

function listPaths(paths: readonly string[]): string {
  return paths.length > NAMED ? `${paths.length} files` : paths.join(" and ");
}
