/**
 * Why the definition of a symbol in a C file may make no symbol that other files can be linked with: internal linkage by an earlier
 * declaration or by a macro, an inline function (C11 6.2.2, 6.7.4). It knows nothing of links.
 */

import type { Mention } from "../../linkage/facts/link-index.ts";
import { treeOf } from "../../linkage/facts/parsed.ts";
import { describePlace } from "../../linkage/facts/texts.ts";
import { internalSeenFrom } from "../../linkage/symbols/internal-linkage.ts";
import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import { isCFile, type Program } from "../../linkage/symbols/program.ts";
import { isAnnotation } from "../../syntax/c/words.ts";

/** Macros that stand for macros are followed this far. */
const MACRO_STEPS = 8;

const NONE: ReadonlySet<string> = new Set();

/** Said as a clause; undefined where the definition is external for sure, or no C file has it. */
export function whyNotExternal({ path, fact }: Mention, program: Program): string | undefined {
  if (!isCFile(path) || fact.kind === "unknown") return undefined;
  const { name } = fact;
  const where = describePlace(program.texts, path, fact.start);
  if (fact.isInline === true) return `'${name}' is inline at ${where}, which may define nothing that is linked`;
  const [internal] = internalSeenFrom(name, path, program);
  if (internal !== undefined) {
    return `${describePlace(program.texts, internal.path, internal.fact.start)} declares '${name}' static, and so may be ${where}`;
  }
  for (const word of fact.words) {
    const why = whyStatic(word, program, MACRO_STEPS) ?? whyUnknown(word, path, program);
    if (why !== undefined) return `'${name}' may be static at ${where}: ${why}`;
  }
  const type = typeOf(path, fact.start, program);
  const why = type === undefined ? undefined : whyStatic(type, program, MACRO_STEPS);
  return why === undefined ? undefined : `'${name}' may be static at ${where}: ${why}`;
}

/** A macro that is `static` in one of its definitions, or a word that the build gives a meaning. */
function whyStatic(word: string, program: Program, steps: number): string | undefined {
  const meaning = program.links.meaningOf(word);
  // That another macro stands for the word says nothing of it.
  if (meaning?.endsWith(` -D${word}`) === true) return meaning;
  for (const { path, fact } of program.index.macros(word)) {
    if (fact.isStatic === true)
      return `the macro '${word}' is static at ${describePlace(program.texts, path, fact.start)}`;
    if (steps === 0) return `the macro '${word}' is not followed`;
    for (const inner of fact.words) {
      const why = inner === word ? undefined : whyStatic(inner, program, steps - 1);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

/** A word that nothing in sight defines, and that is no annotation that everybody knows. */
function whyUnknown(word: string, path: string, program: Program): string | undefined {
  if (isAnnotation(word, NONE) || program.index.macros(word).length > 0) return undefined;
  const definitions = definitionsOf(word, path, program);
  return definitions !== "unknown" && definitions.length === 0 ? `what '${word}' means is not known` : undefined;
}

/** The definition's type as written, which is a macro's name where it is one word: `LOCAL_INT f(void) {}`. */
function typeOf(path: string, start: number, program: Program): string | undefined {
  const source = program.texts.source(path);
  if (source === undefined) return undefined;
  return treeOf(source).declarations.find(({ declarators }) =>
    declarators.some(({ nameSpan }) => nameSpan.start === start),
  )?.type;
}
