/**
 * Says whether a macro that makes declarations weak says anything besides, which would be lost with it: a visibility, a
 * section, a storage class. It reads the macro's definitions and expands nothing.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { tokenTexts } from "../../syntax/c/code-reader.ts";

/** Macros that stand for macros are followed this far. */
const MACRO_STEPS = 8;

/** The attribute alone, in the ways in which GCC and C23 let it be written, its tokens joined by blanks. */
const WEAK_ALONE: ReadonlySet<string> = new Set(
  ["weak", "__weak", "weak__", "__weak__"].flatMap((weak) => [
    `__attribute__ ( ( ${weak} ) )`,
    `__attribute ( ( ${weak} ) )`,
    `[ [ gnu : : ${weak} ] ]`,
  ]),
);

/** A file in which the word stands for more than the weak attribute; undefined where it never does. */
export function findMoreThanWeak(word: string, program: Program, steps = MACRO_STEPS): string | undefined {
  for (const { path, fact } of program.index.macros(word)) {
    const source = program.texts.source(path);
    const define =
      source === undefined ? undefined : treeOf(source).defines.find(({ nameSpan }) => nameSpan.start === fact.start);
    if (source === undefined || define === undefined) return path;
    const texts = tokenTexts(source, define.body);
    const [first] = texts;
    if (first === undefined || WEAK_ALONE.has(texts.join(" "))) continue;
    if (steps === 0 || texts.length > 1) return path;
    const more = findMoreThanWeak(first, program, steps - 1);
    if (more !== undefined) return more;
  }
  return undefined;
}
