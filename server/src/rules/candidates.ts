/** Tells, from facts alone, in which files a rule may find something, so that no other file is read to check a tree. */

import type { FileFacts, SymbolFact } from "../linkage/facts/facts.ts";
import { isSourceFile } from "../linkage/index/included-sources.ts";
import { isScriptRole, type Program } from "../linkage/symbols/program.ts";
import { isPlainDefinition, isPlainOrAlias } from "../linkage/symbols/sure-links.ts";
import { isPointerDeclaration } from "./pointer-to-script-symbol.ts";
import { isVariableDeclaration } from "./value-of-script-symbol.ts";

/** True when some rule may find something in a file with these facts. */
export function mayHaveFindings(facts: FileFacts, program: Program): boolean {
  if (facts.language === "ld") return true;
  const isSaid = facts.symbols.some((fact) => program.isWeak(fact) || mayReadScriptSymbol(fact, program));
  return isSaid || (!hasManyLinks(program) && facts.symbols.some((fact) => isDefinedElsewhere(fact, program)));
}

/**
 * Whether the tree is a kernel's, of which a link is known for each architecture: rules that ask whether two definitions meet say nothing
 * of it, and its hundred thousands of definitions are not gone through.
 */
export function hasManyLinks({ links }: Program): boolean {
  return links.architectures.length > 0;
}

function isDefinedElsewhere(fact: SymbolFact, { index }: Program): boolean {
  if (!isPlainDefinition({ path: "", fact })) return false;
  const paths = index.mentions(fact.name).flatMap((mention) => (isPlainOrAlias(mention) ? [mention.path] : []));
  // A header's stands in every file that includes it.
  return new Set(paths).size > 1 || paths.some((path) => !isSourceFile(path));
}

function mayReadScriptSymbol(fact: SymbolFact, { index }: Program): boolean {
  if (!isPointerDeclaration(fact) && !isVariableDeclaration(fact)) return false;
  return index.mentions(fact.name).some((mention) => isScriptRole(mention.fact));
}
