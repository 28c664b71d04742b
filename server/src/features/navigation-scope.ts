/**
 * For which symbols navigation answers. Other servers know C better than we do, so beside them we answer for what they can't
 * see: weak symbols, and those that linker scripts and assembly define or refer to.
 */

import { findLanguage, languageOf } from "../linkage/facts/extract.ts";
import type { Language } from "../linkage/facts/facts.ts";
import { isScriptRole, type Program } from "../linkage/symbols/program.ts";

/** "linkage" leaves to others what C alone says. */
export type NavigationScope = "all" | "linkage" | "off";

/** Whether navigation answers for the symbol in this file. Files of other languages than C always have an answer. */
export function answersFor(scope: NavigationScope, name: string, path: string, program: Program): boolean {
  if (scope === "all" || languageIn(path, program) !== "c") return true;
  if (scope === "off") return false;
  const isLinkage = program
    .mentionsOf(name)
    .some(({ path: other, fact }) => isScriptRole(fact) || isOutsideC(other) || program.isWeak(fact));
  // What a script or assembly only refers to, other servers can't see either.
  return isLinkage || program.index.filesWithWord(name).some(isOutsideC);
}

/** A header may hold linker script, which its text tells. */
function languageIn(path: string, { texts }: Program): Language | undefined {
  const source = texts.source(path);
  return source === undefined ? findLanguage(path) : languageOf(path, source);
}

/** Assembly and linker scripts, which servers for C do not know. */
function isOutsideC(path: string): boolean {
  const language = findLanguage(path);
  return language === "asm" || language === "ld";
}
