/** What features/ say of linker scripts, in the protocol's types. It decides nothing but which kind looks like what. */

import {
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  type SelectionRange,
  type SemanticTokens,
  SymbolKind,
} from "vscode-languageserver";
import type { ScriptFold } from "../features/script-folding.ts";
import type { ScriptOutlineKind, ScriptOutlineNode } from "../features/script-outline.ts";
import { type ScriptToken, TOKEN_TYPES } from "../features/script-tokens.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import { toPosition, toRange } from "./convert.ts";
import { lengthIn } from "./position-encoding.ts";

const symbolKinds: Readonly<Record<ScriptOutlineKind, SymbolKind>> = {
  memory: SymbolKind.Namespace,
  region: SymbolKind.Struct,
  segments: SymbolKind.Namespace,
  segment: SymbolKind.Interface,
  sections: SymbolKind.Namespace,
  section: SymbolKind.Class,
  overlay: SymbolKind.Class,
  group: SymbolKind.Class,
  symbol: SymbolKind.Variable,
  macro: SymbolKind.Function,
  "macro-call": SymbolKind.Event,
  version: SymbolKind.Namespace,
};

/** The outline; flat for a client that knows no hierarchy. */
export function toSymbols(
  nodes: readonly ScriptOutlineNode[],
  source: Source,
  isHierarchical: boolean,
): DocumentSymbol[] {
  return nodes.flatMap((node) => {
    const children = toSymbols(node.children, source, isHierarchical);
    const symbol: DocumentSymbol = {
      name: node.name,
      detail: node.detail,
      kind: symbolKinds[node.kind],
      range: toRange(source, node.span),
      selectionRange: toRange(source, node.selection),
    };
    if (!isHierarchical) return [symbol, ...children];
    return [children.length > 0 ? { ...symbol, children } : symbol];
  });
}

const foldKinds: Readonly<Record<ScriptFold["kind"], FoldingRangeKind | undefined>> = {
  block: undefined,
  comment: FoldingRangeKind.Comment,
  imports: FoldingRangeKind.Imports,
};

/** Whole lines; of folds that begin on the same line, the longest. */
export function toFoldingRanges(
  folds: readonly ScriptFold[],
  source: Source,
  limit: number | undefined,
): FoldingRange[] {
  const byLine = new Map<number, FoldingRange>();
  for (const fold of folds) {
    const startLine = toPosition(source, fold.start).line;
    const endLine = toPosition(source, fold.end).line;
    if (endLine <= startLine || (byLine.get(startLine)?.endLine ?? -1) >= endLine) continue;
    const kind = foldKinds[fold.kind];
    byLine.set(startLine, { startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  }
  return [...byLine.values()].sort((a, b) => a.startLine - b.startLine).slice(0, limit);
}

/** The chain of selections, the innermost first, each with the next as its parent. */
export function toSelectionRange(spans: readonly Span[], source: Source): SelectionRange {
  let around: SelectionRange | undefined;
  for (const span of [...spans].reverse()) {
    const range = toRange(source, span);
    around = around === undefined ? { range } : { range, parent: around };
  }
  return around ?? { range: toRange(source, { start: 0, end: 0 }) };
}

const typeNumbers: ReadonlyMap<string, number> = new Map(TOKEN_TYPES.map((type, index) => [type, index]));

/** The bit of the legend's first modifier, "definition". */
const DEFINITION = 1;

/** Five numbers a token: lines and columns since the one before, its length, type and modifiers. */
export function toSemanticTokens(tokens: readonly ScriptToken[], source: Source): SemanticTokens {
  const data: number[] = [];
  let line = 0;
  let column = 0;
  for (const token of tokens) {
    const at = toPosition(source, token.start);
    const isSameLine = at.line === line;
    const modifiers = token.isDefinition ? DEFINITION : 0;
    data.push(
      at.line - line,
      isSameLine ? at.character - column : at.character,
      lengthIn(source, token.start, token.end),
      typeNumbers.get(token.type) ?? 0,
      modifiers,
    );
    line = at.line;
    column = at.character;
  }
  return { data };
}
