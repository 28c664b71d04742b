/** The symbols that a file itself declares or defines, for the outline. */

import { readFacts } from "../linkage/facts/extract.ts";
import type { SymbolKind } from "../linkage/facts/facts.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";

export interface OutlineSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** "weak definition", "provide". */
  readonly detail: string;
  readonly span: Span;
}

/** The file's external symbols in their order. */
export function listSymbols(path: string, source: Source): OutlineSymbol[] {
  return readFacts(path, source).symbols.map((fact) => ({
    name: fact.name,
    kind: fact.kind,
    detail: fact.binding === "weak" ? `weak ${fact.role}` : fact.role,
    span: { start: fact.start, end: fact.end },
  }));
}
