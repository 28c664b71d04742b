/** Patterns of names that macros put together, as facts: so that who knows a name finds the macros that may make it. */

import { findPastes } from "../../syntax/asm/pastes.ts";
import { plainParameter } from "../../syntax/c/makers.ts";
import type { Source } from "../../text/source.ts";
import { type HandoverFact, PASTING } from "./facts.ts";

/** The facts of the patterns that a macro's replacement holds. */
export function pasteFacts(
  macro: Omit<HandoverFact, "name" | "arguments">,
  patterns: readonly string[],
): HandoverFact[] {
  const holes = holesOf(macro);
  return patterns.map((pattern) => {
    let longest = "";
    for (const part of pattern.split("##")) if (!holes.has(part) && part.length > longest.length) longest = part;
    return { ...macro, name: `${PASTING}${longest}`, arguments: [pattern] };
  });
}

/** The same of a text whose macros are known by their look alone: assembly, C++. */
export function pasteFactsOfText(source: Source): HandoverFact[] {
  return findPastes(source).flatMap(({ pattern, ...macro }) => pasteFacts({ ...macro, condition: "" }, [pattern]));
}

/** The words for which the macro's arguments stand. */
export function holesOf({ parameters }: Pick<HandoverFact, "parameters">): ReadonlySet<string> {
  return new Set(["__VA_ARGS__", ...parameters.map(plainParameter)]);
}
