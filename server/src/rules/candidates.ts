/** Tells, from facts alone, in which files a rule may find something, so that no other file is read to check a tree. */

import type { FileFacts } from "../linkage/facts.ts";
import type { Program } from "../linkage/program.ts";

/** True when some rule may find something in a file with these facts. */
export function mayHaveFindings(facts: FileFacts, program: Program): boolean {
  return facts.symbols.some((fact) => fact.role === "provide" || program.isWeak(fact));
}
