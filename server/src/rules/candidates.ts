/** Tells, from facts alone, in which files a rule may find something, so that no other file is read to check a tree. */

import type { FileFacts, SymbolFact } from "../linkage/facts/facts.ts";
import { isScriptRole, type Program } from "../linkage/symbols/program.ts";
import { isPointerDeclaration } from "./pointer-to-script-symbol.ts";
import { isVariableDeclaration } from "./value-of-script-symbol.ts";

/** True when some rule may find something in a file with these facts. */
export function mayHaveFindings(facts: FileFacts, program: Program): boolean {
  if (facts.language === "ld") return true;
  return facts.symbols.some((fact) => program.isWeak(fact) || mayReadScriptSymbol(fact, program));
}

function mayReadScriptSymbol(fact: SymbolFact, { index }: Program): boolean {
  if (!isPointerDeclaration(fact) && !isVariableDeclaration(fact)) return false;
  return index.mentions(fact.name).some((mention) => isScriptRole(mention.fact));
}
