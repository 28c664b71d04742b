/** Kinds of symbols as the protocol counts them. */

import { SymbolKind as ProtocolKind } from "vscode-languageserver";
import type { SymbolKind } from "../linkage/facts/facts.ts";

export function symbolKindOf(kind: SymbolKind): ProtocolKind {
  return kind === "function" ? ProtocolKind.Function : ProtocolKind.Variable;
}
