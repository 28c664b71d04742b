/**
 * Says whether a macro that makes declarations weak says anything besides, which would be lost with it: a visibility, a
 * section, a storage class. It reads the macro's definitions and expands nothing.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import type { Program } from "../../linkage/symbols/program.ts";

/** Macros that stand for macros are followed this far. */
const MACRO_STEPS = 8;

/** The attribute alone, in the ways in which GCC and C23 let it be written. */
const WEAK_ALONE =
  /^(?:__attribute(?:__)?\s*\(\s*\(\s*(?:__)?weak(?:__)?\s*\)\s*\)|\[\[\s*gnu\s*::\s*(?:__)?weak(?:__)?\s*\]\])$/;

/** A file in which the word stands for more than the weak attribute; undefined where it never does. */
export function findMoreThanWeak(word: string, program: Program, steps = MACRO_STEPS): string | undefined {
  for (const { path, fact } of program.index.macros(word)) {
    const source = program.texts.source(path);
    const define =
      source === undefined ? undefined : treeOf(source).defines.find(({ nameSpan }) => nameSpan.start === fact.start);
    if (source === undefined || define === undefined) return path;
    const text = source
      .slice(define.body.start, define.body.end)
      .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|\\\r?\n/g, " ")
      .trim();
    if (text === "" || WEAK_ALONE.test(text)) continue;
    if (steps === 0 || !/^\w+$/.test(text)) return path;
    const more = findMoreThanWeak(text, program, steps - 1);
    if (more !== undefined) return more;
  }
  return undefined;
}
