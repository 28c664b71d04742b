/**
 * Weakness that a header imposes: the weak attribute belongs to the symbol, so that a definition becomes weak in a C file that
 * sees a weak declaration, although the definition says nothing of the kind (GCC manual, "Common Function Attributes": weak).
 */

import type { Mention } from "../facts/link-index.ts";
import { includersOf } from "../index/includers.ts";
import type { Program } from "./program.ts";

/** The definitions, not weak by themselves, in C files that include a header which declares the symbol weak. */
export function definitionsMadeWeak(program: Program, header: string, name: string): Mention[] {
  if (!header.endsWith(".h")) return [];
  const candidates = program
    .definitionsOf(name)
    .filter((mention) => mention.path !== header && isPlain(program, mention));
  if (candidates.length === 0) return [];
  const includers = includersOf(program.index, header);
  return candidates.filter((mention) => includers.has(mention.path));
}

/** Whether a header makes this definition weak. Declarations under a condition are passed over: they may not be seen. */
export function isMadeWeak(program: Program, mention: Mention): boolean {
  if (!isPlain(program, mention)) return false;
  return program
    .declarationsOf(mention.fact.name)
    .some(
      ({ path, fact }) =>
        path.endsWith(".h") &&
        path !== mention.path &&
        fact.condition === "" &&
        fact.inMacro === undefined &&
        program.isWeak(fact) &&
        includersOf(program.index, path).has(mention.path),
    );
}

function isPlain(program: Program, { path, fact }: Mention): boolean {
  return (fact.role === "definition" || fact.role === "tentative") && path.endsWith(".c") && !program.isWeak(fact);
}
