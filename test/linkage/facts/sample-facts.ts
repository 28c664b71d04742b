/** Facts for tests of whatever stores them. */

import type { FileFacts, SymbolFact } from "../../../server/src/linkage/facts/facts.ts";

/** A plain declaration of the name, and what of it is to be different. */
export function symbolFact(name: string, different: Partial<SymbolFact> = {}): SymbolFact {
  const start = different.start ?? 10;
  return {
    name,
    kind: "object",
    role: "declaration",
    binding: "strong",
    scope: "file",
    start,
    end: start + name.length,
    condition: "",
    words: [],
    ...different,
  };
}

/** The facts of a file of which only some are of interest. */
export function fileFacts(different: Partial<FileFacts> = {}): FileFacts {
  return {
    language: "c",
    symbols: [],
    includes: [],
    macros: [],
    makers: [],
    handovers: [],
    arguments: [],
    exports: [],
    references: [],
    ...different,
  };
}
