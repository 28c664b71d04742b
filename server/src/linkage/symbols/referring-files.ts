/**
 * Which files refer to a symbol, as far as their texts show: C where a declaration of it can be seen, since the same word is somebody's
 * field or local variable elsewhere, and assembly by its operands. It has no IO.
 */

import { findLanguage } from "../facts/extract.ts";
import { includersOf } from "../index/includers.ts";
import { isCFile, isScriptRole, type Program } from "./program.ts";
import { scriptMeets } from "./script-meeting.ts";
import { findUsesOutsideC } from "./symbol-uses.ts";
import { findOccurrences } from "./word-occurrences.ts";

export interface ReferringFiles {
  /** In C first, then in assembly, each by path. */
  readonly paths: readonly string[];
  /** C declares the symbol, so that a macro may put its name together where no word shows it. */
  readonly isDeclared: boolean;
  /** Files of C++, Rust and their like that have the word, whatever they mean by it. */
  readonly elsewhere: readonly string[];
}

/** The files that refer to the symbol and can be in one link with the file at this path, which is left out. */
export function findReferringFiles(name: string, path: string, program: Program): ReferringFiles {
  const seeing = filesThatSeeDeclarations(name, program);
  // `DECLARE(end)` declares it; that its argument is a use, too, says nothing of who needs it.
  const stated = new Set(program.mentionsOf(name).map(({ path: one, fact }) => `${one}:${fact.start}`));
  const users = new Set<string>();
  for (const { path: user, use } of program.usesOf(name)) {
    if (user === path || !seeing.has(user) || stated.has(`${user}:${use.start}`)) continue;
    if (scriptMeets(path, user, program, program.links.canLink)) users.add(user);
  }
  const inAssembly = findUsesOutsideC(name, path, program, (file) => file !== path && findLanguage(file) === "asm");
  for (const { path: user } of inAssembly) users.add(user);
  const elsewhere = users.size > 0 ? [] : filesOfOtherLanguages(name, path, program);
  return { paths: [...users], isDeclared: seeing.size > 0, elsewhere };
}

/** C files that declare the symbol, and those that include one of them. */
function filesThatSeeDeclarations(name: string, program: Program): ReadonlySet<string> {
  const seeing = new Set<string>();
  for (const { path, fact } of program.mentionsOf(name)) {
    if (!isCFile(path) || isScriptRole(fact)) continue;
    seeing.add(path);
    for (const includer of includersOf(program.index, path)) seeing.add(includer);
  }
  return seeing;
}

function filesOfOtherLanguages(name: string, path: string, { index, texts, links }: Program): string[] {
  const files = index.filesWithWord(name).filter((file) => findLanguage(file) === "other" && links.canLink(path, file));
  // All are asked for before the first is looked at, so that they are read at once.
  return files
    .map((file) => ({ file, source: texts.source(file) }))
    .filter(({ source }) => source !== undefined && findOccurrences(source, name).some(({ where }) => where === "code"))
    .map(({ file }) => file);
}
