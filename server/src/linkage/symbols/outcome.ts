/** Which definition wins a link, as far as sources alone tell: ELF gABI's rules for weak symbols, and ld's for PROVIDE. */

import type { Mention } from "../facts/link-index.ts";
import type { Program } from "./program.ts";

/**
 * What a reference to a symbol gets.
 * - strong: at least one strong definition or assignment in a script; where it is conditional, in those configurations
 * - weak: weak definitions only
 * - provided: only a PROVIDE, which takes effect when somebody refers to the symbol
 * - nowhere: no source file defines it
 */
export type Outcome = "strong" | "weak" | "provided" | "nowhere";

/** The outcome of these definitions together. */
export function outcomeOf(program: Program, definitions: readonly Mention[]): Outcome {
  if (definitions.length === 0) return "nowhere";
  if (definitions.some(({ fact }) => fact.role !== "provide" && !program.isWeak(fact))) return "strong";
  if (definitions.some(({ fact }) => fact.role !== "provide")) return "weak";
  return "provided";
}

/** The symbol's definitions that can be in one link with the file. */
export function definitionsNear(program: Program, path: string, name: string): readonly Mention[] {
  return program.definitionsOf(name).filter((mention) => program.links.canLink(path, mention.path));
}
