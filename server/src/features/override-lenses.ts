/** Lenses on weak definitions: "overridden on arm64, x86", "overridden nowhere". */

import { readFacts } from "../linkage/facts/extract.ts";
import { overridesOf } from "../linkage/symbols/overrides.ts";
import { listArchitectures } from "./architecture-summary.ts";
import type { LensKind } from "./lens.ts";

/** Files that are named before only their number is. */
const NAMED = 2;

export const overrideLenses: LensKind = {
  id: "weakDefinitions",
  find(path, source, program) {
    return readFacts(path, source, { includeLocal: true })
      .symbols.map(program.resolve)
      .filter(({ role }) => role === "definition" || role === "tentative" || role === "alias")
      .filter((fact) => fact.binding !== "local" && fact.inMacro === undefined && program.isWeak(fact))
      .map((fact) => ({ span: { start: fact.start, end: fact.end }, symbol: fact.name }));
  },
  describe({ symbol }, path, program) {
    if (!program.index.isComplete) return undefined;
    const { strong, architectures, isEverywhere, possible } = overridesOf(symbol, path, program);
    if (strong.length === 0 && possible.length > 0) {
      const files = [...new Set(possible.map((mention) => mention.path))];
      return `overridden if ${files.length > NAMED ? `one of ${files.length} files` : files.join(" or ")} is linked`;
    }
    if (strong.length === 0) return "overridden nowhere";
    if (architectures.length > 0 && !isEverywhere) return `overridden on ${listArchitectures(architectures)}`;
    const paths = [...new Set(strong.map((mention) => mention.path))];
    if (paths.length <= NAMED) return `overridden by ${paths.join(", ")}`;
    return architectures.length > 1 ? "overridden on every architecture" : `overridden by ${paths.length} files`;
  },
};
