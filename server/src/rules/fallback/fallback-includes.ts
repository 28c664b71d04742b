/**
 * What a fallback's file has to include so that its types mean what they mean where the symbol is declared. It decides neither the
 * place nor the form of the definition.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import { canMean } from "../../linkage/index/includers.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import type { Source } from "../../text/source.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { SCALAR_WORDS, withoutComments } from "./definition.ts";
import { includeLine, includeLines, textOf } from "./file-text.ts";
import type { FallbackHome } from "./home.ts";

/** What a fallback for the declared symbol includes in a file beside another, or why it can't be said. */
export function findInclude(
  declared: LocatedDeclaration,
  beside: string,
  source: Source,
  program: Program,
): Pick<FallbackHome, "header" | "includes"> | { readonly refusal: string } {
  const includes = treeOf(source).includes;
  if (declared.path.endsWith(".h")) {
    const isAlone = isSelfContained(declared.source);
    const line = includes.find((include) => canMean(program.index, include, beside, declared.path));
    if (line !== undefined) {
      if (line.condition !== "") return { refusal: `${beside} includes ${declared.path} only if ${line.condition}` };
      if (needsCompleteType(declared)) return withAllOf(declared, beside, source, includeLine(line));
      return { header: includeLine(line), includes: isAlone ? [] : includeLines(source, line.start) };
    }
    const inTree = /(?:^|\/)include\/(.+)$/.exec(declared.path)?.[1];
    if (inTree === undefined)
      return { refusal: `${beside} does not include ${declared.path} by itself, so how to include it is not known` };
    const own = `#include <${inTree}>\n`;
    return needsCompleteType(declared)
      ? withAllOf(declared, beside, source, own)
      : { header: own, includes: isAlone ? [] : includeLines(source) };
  }
  if (usesOnlyPlainTypes(declared)) return { header: undefined, includes: [] };
  return withAllOf(declared, beside, source, undefined);
}

/** The types come from what the file includes; with the same lines in the same order they mean the same in its neighbour. */
function withAllOf(
  declared: LocatedDeclaration,
  beside: string,
  source: Source,
  header: string | undefined,
): Pick<FallbackHome, "header" | "includes"> | { readonly refusal: string } {
  const words = wordsOf(declared);
  const local = words.find((word) => isDefinedIn(source, word));
  if (local !== undefined)
    return { refusal: `'${local}' is declared in ${beside} alone, and a fallback elsewhere can't use it` };
  return { header, includes: includeLines(source) };
}

/** Whether the file itself makes a type, a macro or an enumeration constant of the name. */
function isDefinedIn(source: Source, word: string): boolean {
  const isTypedef = treeOf(source).declarations.some(
    ({ storage, declarators }) => storage === "typedef" && declarators.some(({ name }) => name === word),
  );
  return (
    isTypedef ||
    new RegExp(
      `\\b(?:struct|union|enum)\\s+${word}\\s*\\{|#[ \\t]*define[ \\t]+${word}\\b|\\benum\\b[^;{}]*\\{[^}]*\\b${word}\\b`,
    ).test(textOf(source))
  );
}

/** Whether a definition of the object must know more of its type than the declaration: its size. */
function needsCompleteType({ source, declaration, declarator }: LocatedDeclaration): boolean {
  if (declarator.shape === "function" || declarator.hasPointer || declaration.type.includes("*")) return false;
  const words = declaration.type.match(/[A-Za-z_]\w*/g) ?? [];
  if (words.every((word) => SCALAR_WORDS.test(word))) return false;
  return !words.some((word) => new RegExp(`\\b(?:struct|union|enum)\\s+${word}\\s*\\{`).test(textOf(source)));
}

/**
 * Whether the header can stand first in a file. One that includes nothing may count on what its users include before it,
 * unless no word but C's own stands where types do.
 */
function isSelfContained(source: Source): boolean {
  const tree = treeOf(source);
  if (tree.includes.length > 0) return true;
  return tree.declarations.every(
    ({ type, declarators }) =>
      (type.replaceAll(/\b(?:struct|union|enum) \w+/g, "").match(/[A-Za-z_]\w*/g) ?? []).every((word) =>
        PLAIN_TYPE_WORDS.has(word),
      ) &&
      declarators.every(
        ({ parameters }) =>
          parameters === undefined || !TYPEDEF_BY_LOOKS.test(source.slice(parameters.start, parameters.end)),
      ),
  );
}

/** Words that name types by custom. */
const TYPEDEF_BY_LOOKS = /\b(?:[us]\d+|__[a-z]+\d+|\w+_t|bool|ulong|uint)\b/;

const PLAIN_TYPE_WORDS = new Set(
  "extern const volatile void char short int long signed unsigned float double _Bool __weak weak __weak__ __attribute__".split(
    " ",
  ),
);

function usesOnlyPlainTypes(declared: LocatedDeclaration): boolean {
  return wordsOf(declared).every((word) => PLAIN_TYPE_WORDS.has(word) || word === declared.declarator.name);
}

/** The words of a declaration, those of its comments left out. */
function wordsOf({ source, declaration, declarator }: LocatedDeclaration): readonly string[] {
  return withoutComments(source.slice(declaration.start, declarator.end)).match(/[A-Za-z_]\w*/g) ?? [];
}
