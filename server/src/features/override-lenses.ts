/** Lenses on weak definitions: "overridden on arm64, x86", "overridden nowhere". */

import { readFacts } from "../linkage/facts/extract.ts";
import { overridesOf } from "../linkage/symbols/overrides.ts";
import { listArchitectures } from "./architecture-summary.ts";
import type { LensKind } from "./lens.ts";
import { placesOf } from "./navigation.ts";

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
    const say = (title: string) => ({ title, places: placesOf(strong.length > 0 ? strong : possible) });
    if (strong.length === 0 && possible.length > 0) {
      const files = [...new Set(possible.map((mention) => mention.path))];
      return say(
        `overridden if ${files.length > NAMED ? `one of ${files.length} files` : files.join(" or ")} is linked`,
      );
    }
    // A finding says that nothing overrides it; there is nowhere to go.
    if (strong.length === 0) return undefined;
    if (architectures.length > 0 && !isEverywhere) return say(`overridden on ${listArchitectures(architectures)}`);
    const paths = [...new Set(strong.map((mention) => mention.path))];
    if (paths.length <= NAMED) return say(`overridden by ${paths.join(", ")}`);
    return say(architectures.length > 1 ? "overridden on every architecture" : `overridden by ${paths.length} files`);
  },
};
