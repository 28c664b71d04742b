/** Lenses on PROVIDE in linker scripts: whether it takes effect, and for how many references. */

import { architectureOf } from "../linkage/facts/architecture.ts";
import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { LensKind } from "./lens.ts";

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
    const definers = definersOf(symbol, path, program);
    if (definers.always.length > 0) return `defined by ${listPaths(definers.always)}, never takes effect`;
    const uses = program.usesOf(symbol).filter((use) => program.links.canLink(path, use.path)).length;
    const references = uses === 0 ? "no reference in C" : uses === 1 ? "1 reference in C" : `${uses} references in C`;
    if (definers.sometimes.length > 0) {
      return `takes effect where ${listPaths(definers.sometimes)} does not define it: ${references}`;
    }
    return uses === 0 ? references : `takes effect: ${references}`;
  },
};

interface Definers {
  /** Files that define the symbol in every configuration of the script's link. */
  readonly always: readonly string[];
  readonly sometimes: readonly string[];
}

/** What keeps a PROVIDE from taking effect: any definition in an object, a weak one too, and a plain assignment. */
function definersOf(symbol: string, path: string, program: Program): Definers {
  const always = new Set<string>();
  const sometimes = new Set<string>();
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
    (isAlways ? always : sometimes).add(mention.path);
  }
  return { always: [...always], sometimes: [...sometimes] };
}

function listPaths(paths: readonly string[]): string {
  return paths.length > NAMED ? `${paths.length} files` : paths.join(" and ");
}
