/**
 * What the linker calls a symbol that C calls otherwise: `int f(void) __asm__("g");` makes g of f (GCC manual, "Asm Labels"). Facts
 * have the linker's name, at the place where C's stands.
 */

import type { Mention } from "../facts/link-index.ts";
import type { Program } from "./program.ts";

/** A word that more files have is a word like any other. */
const MOST_FILES = 60;

/** Declarations that give what C calls `word` another name, by path. Files that were not read yet are asked for and left out. */
export function renamingsOf(word: string, program: Program): readonly Mention[] {
  const { index, texts } = program;
  const paths = index.filesWithWord(word);
  if (paths.length > MOST_FILES) return [];
  return paths.flatMap((path) => {
    if (index.languageOf(path) !== "c") return [];
    const source = texts.source(path);
    if (source === undefined) return [];
    const symbols = index.factsOf(path)?.symbols ?? [];
    return symbols
      .filter(({ name, start, end, inMacro }) => {
        if (name === word || inMacro !== undefined) return false;
        return end - start === word.length && source.slice(start, end) === word;
      })
      .map((fact) => ({ path, fact: program.resolve(fact) }));
  });
}
