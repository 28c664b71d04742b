/**
 * What stands on top of a fallback's file so that its types mean what they mean where the symbol is declared: includes, the macros
 * that are in force there, tags. It decides neither the place nor the form of the definition.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import { canMean, includersOf } from "../../linkage/index/includers.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { TOKEN } from "../../syntax/c/lexer.ts";
import { type CDefineLine, listDefineLines, listTokens, listWords, splitAtCommas } from "../../syntax/c/token-list.ts";
import type { Source } from "../../text/source.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { includeLine, includeText } from "./file-text.ts";
import type { FallbackHome } from "./home.ts";
import { SCALAR_WORDS } from "./type-words.ts";
import { isCompletedBy, isTypeOf, tagsBornInParameters, tagsByValue } from "./types-in-sight.ts";

type Includes = Pick<FallbackHome, "header" | "includes">;

/** What a fallback for the declared symbol includes in a file beside another, or why it can't be said. */
export function includesForFallback(
  declared: LocatedDeclaration,
  beside: string,
  source: Source,
  program: Program,
): Includes | { readonly refusal: string } {
  if (!declared.path.endsWith(".h")) return includeForSource(declared, beside, source, program);
  const line = treeOf(source).includes.find((include) => canMean(program.index, include, beside, declared.path));
  if (line !== undefined && line.condition !== "") {
    return { refusal: `${beside} includes ${declared.path} only if ${line.condition}` };
  }
  const header = line === undefined ? ownLine(declared.path) : includeLine(line);
  if (header === undefined) {
    return { refusal: `${beside} does not include ${declared.path} by itself, so how to include it is not known` };
  }
  if (needsAll(declared, program)) return withAllOf(declared, beside, source, header, program);
  const before = line?.start ?? source.length;
  const isAlone = isSelfContained(declared.source);
  const lines = linesAbove({ path: beside, source, before, includesAll: !isAlone }, declared, program);
  return "refusal" in lines ? lines : { header, includes: lines };
}

/** All that a file includes, and the macros that these ask for, for a definition that moves out of it, or why it can't be said. */
export function findAllIncludes(
  declared: LocatedDeclaration,
  program: Program,
): Pick<Includes, "includes"> | { readonly refusal: string } {
  return withAllOf(declared, declared.path, declared.source, undefined, program);
}

/** `#include <linux/x.h>` for include/linux/x.h. */
function ownLine(path: string): string | undefined {
  const parts = path.split("/");
  const at = parts.indexOf("include");
  return at < 0 || at === parts.length - 1 ? undefined : `#include <${parts.slice(at + 1).join("/")}>\n`;
}

function includeForSource(
  declared: LocatedDeclaration,
  beside: string,
  source: Source,
  program: Program,
): Includes | { readonly refusal: string } {
  if (!usesOnlyPlainTypes(declared)) return withAllOf(declared, beside, source, undefined, program);
  const above = { path: beside, source, before: declared.declaration.start, includesAll: false };
  const lines = linesAbove(above, declared, program);
  return "refusal" in lines ? lines : { header: undefined, includes: lines };
}

/** The types come from what the file includes; with the same lines in the same order they mean the same in its neighbour. */
function withAllOf(
  declared: LocatedDeclaration,
  beside: string,
  source: Source,
  header: string | undefined,
  program: Program,
): Includes | { readonly refusal: string } {
  const whole = tagsByValue(declared).map(({ name }) => name);
  // Of what is only pointed to, the tag's name is enough.
  const words = completesType(declared) ? wordsOf(declared) : [...withoutTags(wordsOf(declared)), ...whole];
  const local = words.find((word) => isTypeOf(source, word));
  if (local !== undefined)
    return { refusal: `'${local}' is declared in ${beside} alone, and a fallback elsewhere can't use it` };
  const lines = linesAbove({ path: beside, source, before: source.length, includesAll: true }, declared, program);
  return "refusal" in lines ? lines : { header, includes: lines };
}

/** A place in a file, and whether all that it includes above is to be there. */
interface Above {
  readonly path: string;
  readonly source: Source;
  readonly before: number;
  readonly includesAll: boolean;
}

/** The includes and the macros above a place, in their order, and the tags that nothing there makes known. */
function linesAbove(
  above: Above,
  declared: LocatedDeclaration,
  program: Program,
): string[] | { readonly refusal: string } {
  const { path, source, before, includesAll } = above;
  const root = includesAll ? path : declared.path;
  const defines = macrosInForce(above, declared, root, program);
  const doubtful = defines.find(({ isConditional }) => isConditional);
  if (doubtful !== undefined) return { refusal: `${path} makes '${doubtful.name}' a macro only under a condition` };
  const includes = includesAll ? treeOf(source).includes.filter(({ start }) => start < before) : [];
  const lines = [
    ...defines.map(({ start, end }) => ({ start, text: `${source.slice(start, end).trimEnd()}\n` })),
    ...includes.map((include) => ({ start: include.start, text: includeText(include) })),
  ];
  lines.sort((a, b) => a.start - b.start);
  const tags = tagsBornInParameters(declared, root, program).map(({ keyword, name }) => `${keyword} ${name};\n`);
  return [...lines.map(({ text }) => text), ...tags];
}

/** The macros of the file that the declaration or a header that it comes with may ask for, and those that these are made of. */
function macrosInForce(
  { source, before, path }: Above,
  declared: LocatedDeclaration,
  root: string,
  program: Program,
): CDefineLine[] {
  const lines = listDefineLines(source, 0, before);
  const wanted = new Set(declared.path === path ? wordsOf(declared) : []);
  const isAsked = new Map<string, boolean>();
  for (const { name, isFunctionLike } of lines) {
    if (!isAsked.has(name)) isAsked.set(name, !isFunctionLike && isAskedByHeaders(name, root, program));
    if (isAsked.get(name)) wanted.add(name);
  }
  for (const { name, words } of lines.toReversed()) if (wanted.has(name)) for (const word of words) wanted.add(word);
  return lines.filter(({ name }) => wanted.has(name));
}

/** A macro that more headers speak of than this is taken to be asked for. */
const MOST_HEADERS = 100;

function isAskedByHeaders(name: string, root: string, { index, texts }: Program): boolean {
  const headers = index.filesWithWord(name).filter((header) => header.endsWith(".h"));
  if (headers.length > MOST_HEADERS) return true;
  return headers.some((header) => {
    if (header !== root && !includersOf(index, header).has(root)) return false;
    // Files are found by signatures, which may err towards too many.
    const source = texts.source(header);
    return source === undefined || source.slice(0, source.length).includes(name);
  });
}

/** Whether the definition needs what the header leaves to those that include it: a type by value that it does not complete. */
function needsAll(declared: LocatedDeclaration, program: Program): boolean {
  return tagsByValue(declared).some((tag) => !isCompletedBy(tag, declared.path, program)) || needsTypedef(declared);
}

/** An object of a type that only a typedef names may need more than the header's own text says. */
function needsTypedef({ source, declaration, declarator }: LocatedDeclaration): boolean {
  if (declarator.shape === "function" || declarator.hasPointer || declaration.type.includes("*")) return false;
  const words = declaration.type.split(" ");
  const isTagged = words.some((word) => word === "struct" || word === "union" || word === "enum");
  return !isTagged && words.some((word) => !SCALAR_WORDS.has(word) && !isTypeOf(source, word));
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
      withoutTags(type.split(" ")).every(isPlainWord) &&
      declarators.every(({ parameters }) => parameters === undefined || hasPlainParameters(source, parameters)),
  );
}

function hasPlainParameters(source: Source, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return splitAtCommas(listTokens(source, start + 1, end - 1)).every((tokens) => {
    const words = tokens.flatMap(({ kind, text }) => (kind === TOKEN.word ? [text] : []));
    const keywords = tokens.filter(({ kind }) => kind >= FIRST_KEYWORD);
    const isTagged = keywords.some(({ text }) => text === "struct" || text === "union" || text === "enum");
    // The words left are a name and, where no keyword says the type, a typedef.
    const left = words.filter((word) => !PLAIN_TYPE_WORDS.has(word));
    return left.length <= (isTagged ? 2 : keywords.length > 0 ? 1 : 0);
  });
}

const FIRST_KEYWORD = 128;

/** The words but for the names of tags. */
function withoutTags(words: readonly string[]): string[] {
  const isTag = (word: string | undefined) => word === "struct" || word === "union" || word === "enum";
  return words.filter((word, at) => !isTag(word) && !isTag(words[at - 1]));
}

function isPlainWord(word: string): boolean {
  return PLAIN_TYPE_WORDS.has(word) || word === "*" || word === "";
}

const PLAIN_TYPE_WORDS = new Set(
  "extern const volatile void char short int long signed unsigned float double _Bool __weak weak __weak__ __attribute__".split(
    " ",
  ),
);

/** Tags are named by a definition as they are by the declaration, as long as neither needs what they hold. */
function usesOnlyPlainTypes(declared: LocatedDeclaration): boolean {
  if (tagsByValue(declared).length > 0) return false;
  if (completesType(declared)) return false;
  const { declarator } = declared;
  return withoutTags(wordsOf(declared)).every((word) => PLAIN_TYPE_WORDS.has(word) || word === declarator.name);
}

/** `extern struct named { int v; } x;` */
function completesType({ source, declaration: { specifiers } }: LocatedDeclaration): boolean {
  return listTokens(source, specifiers.start, specifiers.end).some(({ text }) => text === "{");
}

/** The words of a declaration. */
function wordsOf({ source, declaration, declarator }: LocatedDeclaration): readonly string[] {
  return listWords(source, declaration.start, declarator.end);
}
