/**
 * Where a file of C or assembly speaks of symbols, as of that under a cursor: their declarations, definitions and uses there, for highlighting.
 * Locals, members and words of comments that are spelled the same are none of them.
 */

import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import type { Role } from "../linkage/facts/facts.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { symbolPlacesIn } from "../linkage/symbols/symbol-uses.ts";
import { findUses } from "../syntax/c/uses.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import type { LinkedName } from "./symbol-at.ts";

export interface SymbolHighlight extends Span {
  /** "write": a definition, or an assignment to it; "text": a declaration. */
  readonly kind: "text" | "read" | "write";
}

/** The places of the names in a file, in order. */
export function highlightNames(
  at: readonly Pick<LinkedName, "text">[],
  path: string,
  source: Source,
  program: Program,
): readonly SymbolHighlight[] {
  const names = new Set(at.map(({ text }) => text));
  const language = languageOf(path, source);
  if (names.size === 0 || (language !== "c" && language !== "asm")) return [];
  const places = new Map<number, SymbolHighlight>();
  const usesIn = language === "c" ? usesInC : usesInAssembly;
  for (const use of usesIn(path, source, names)) places.set(use.start, use);
  // What a macro is given may be a use, and the place of what the macro makes of it.
  for (const { name, role, start, end } of [
    ...readFacts(path, source, { includeLocal: true }).symbols,
    ...program.madeIn(path),
  ])
    if (names.has(name)) places.set(start, { start, end, kind: kindOf(role) });
  return [...places.values()].sort((a, b) => a.start - b.start);
}

function kindOf(role: Role): SymbolHighlight["kind"] {
  return role === "declaration" ? "text" : "write";
}

function usesInC(_path: string, source: Source, names: ReadonlySet<string>): SymbolHighlight[] {
  return findUses(source, names).map(({ start, end, kind }) => ({
    start,
    end,
    kind: kind === "write" ? "write" : "read",
  }));
}

function usesInAssembly(path: string, source: Source, names: ReadonlySet<string>): SymbolHighlight[] {
  const spans = [...names].flatMap((name) => symbolPlacesIn(path, source, name));
  return spans.map((span) => ({ ...span, kind: "read" }));
}
