/**
 * Where the types come from that a declaration speaks of: which tags and typedefs a file makes itself, and which it has from its
 * headers. It writes nothing.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import { includersOf } from "../../linkage/index/includers.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { CLOSE_BRACE, OPEN_BRACE, OPEN_PAREN, SEMICOLON, STAR } from "../../syntax/c/codes.ts";
import { KEYWORD } from "../../syntax/c/keywords.ts";
import { TOKEN } from "../../syntax/c/lexer.ts";
import { type CToken, depthStep, listTokens, splitAtCommas } from "../../syntax/c/token-list.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { SCALAR_WORDS } from "./type-words.ts";

/** A word that more headers hold is not looked for in all of them. */
const MOST_HEADERS = 100;

/** `struct pkt`, `enum color`. */
export interface Tag {
  readonly keyword: string;
  readonly name: string;
}

/** What a file says of tags at its own level: those it completes, and those that it names at file scope at all. */
interface TagsOfFile {
  readonly completed: ReadonlySet<string>;
  /** The names with the offset at which each is first named. */
  readonly named: ReadonlyMap<string, number>;
  /** The constants of its enumerations. */
  readonly constants: ReadonlySet<string>;
}

const tagsBySource = createAttached<Source, TagsOfFile>();

function tagsOf(source: Source): TagsOfFile {
  let tags = tagsBySource.get(source);
  if (tags === undefined) tagsBySource.set(source, (tags = findTags(listTokens(source, 0, source.length))));
  return tags;
}

function findTags(tokens: readonly CToken[]): TagsOfFile {
  const completed = new Set<string>();
  const named = new Map<string, number>();
  const constants = new Set<string>();
  let depth = 0;
  /** The depth of an enumeration's braces. */
  let enumeration = -1;
  for (const [at, token] of tokens.entries()) {
    depth += depthStep(token);
    if (token.kind === CLOSE_BRACE && depth < enumeration) enumeration = -1;
    if (token.kind === TOKEN.word && depth === enumeration) constants.add(token.text);
    if (token.kind !== KEYWORD.tag) continue;
    const name = tokens[at + 1];
    const brace = name?.kind === TOKEN.word ? tokens[at + 2] : name;
    if (brace?.kind === OPEN_BRACE && token.text === "enum") enumeration = depth + 1;
    if (name?.kind !== TOKEN.word) continue;
    if (brace?.kind === OPEN_BRACE) completed.add(name.text);
    // A tag that is first named among parameters is known there alone (C11 6.2.1).
    if (depth === 0 && !named.has(name.text)) named.set(name.text, token.start);
  }
  return { completed, named, constants };
}

/** Whether the file itself makes a type or an enumeration constant of the name. */
export function isTypeOf(source: Source, word: string): boolean {
  const tags = tagsOf(source);
  return tags.completed.has(word) || tags.constants.has(word) || typedefOf(source, word) !== undefined;
}

function typedefOf(source: Source, word: string) {
  for (const { storage, declarators } of treeOf(source).declarations) {
    const found = storage === "typedef" ? declarators.find(({ name }) => name === word) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The headers that a file has, through other headers too, and that hold the word; undefined where they are too many to look at. */
export function headersWith(word: string, root: string, { index }: Program): readonly string[] | undefined {
  const headers = index.filesWithWord(word).filter((path) => path.endsWith(".h"));
  if (headers.length > MOST_HEADERS) return undefined;
  return headers.filter((path) => path === root || includersOf(index, path).has(root));
}

/**
 * The tags of structures and unions that stand among the parameters and that nothing before makes known at file scope: what each
 * declaration means by them is a type of its own, unless they are declared first.
 * @param root the file that the types come from: a header, or a C file with all that it includes
 */
export function tagsBornInParameters(declared: LocatedDeclaration, root: string, program: Program): Tag[] {
  const { source, declarator, declaration } = declared;
  if (declarator.parameters === undefined) return [];
  const { start, end } = declarator.parameters;
  const tokens = listTokens(source, start, end);
  const found = new Map<string, Tag>();
  for (const [at, { kind, text }] of tokens.entries()) {
    const name = tokens[at + 1];
    if (kind !== KEYWORD.tag || text === "enum" || name?.kind !== TOKEN.word) continue;
    if (isTagKnown(name.text, declared.path, source, declaration.start, root, program)) continue;
    found.set(name.text, { keyword: text, name: name.text });
  }
  return [...found.values()];
}

function isTagKnown(
  name: string,
  path: string,
  source: Source,
  before: number,
  root: string,
  program: Program,
): boolean {
  const own = tagsOf(source).named.get(name);
  if (own !== undefined && own < before) return path.endsWith(".h");
  // Said once more, it does no harm.
  return (headersWith(name, root, program) ?? []).some((header) => {
    const other = header === path ? undefined : program.texts.source(header);
    return other !== undefined && tagsOf(other).named.has(name);
  });
}

/** The types that a definition needs whole and not only by name: what is returned, passed or defined by value. */
export function tagsByValue({ source, declaration, declarator }: LocatedDeclaration): Tag[] {
  const groups: CToken[][] = [];
  const { specifiers, declarators } = declaration;
  const head = listTokens(source, specifiers.start, specifiers.end);
  const stars = listTokens(source, declarator.start, declarator.nameSpan.start);
  if (declarators.length > 0) groups.push([...head, ...stars]);
  if (declarator.shape === "function" && declarator.parameters !== undefined) {
    const { start, end } = declarator.parameters;
    groups.push(...splitAtCommas(listTokens(source, start + 1, end - 1)));
  }
  return groups.flatMap((tokens) => {
    const at = tokens.findIndex(({ kind }) => kind === KEYWORD.tag);
    const name = tokens[at + 1];
    if (at < 0 || name?.kind !== TOKEN.word || tokens[at + 2]?.kind === OPEN_BRACE) return [];
    if (tokens.slice(at).some(({ kind }) => kind === STAR || kind === OPEN_PAREN || kind === SEMICOLON)) return [];
    return [{ keyword: tokens[at]!.text, name: name.text }];
  });
}

/** Whether a header completes the type: the header itself or one that it includes. */
export function isCompletedBy(tag: Tag, header: string, program: Program): boolean {
  return (headersWith(tag.name, header, program) ?? []).some((path) => {
    const source = program.texts.source(path);
    return source !== undefined && tagsOf(source).completed.has(tag.name);
  });
}

/** Whether the object's type is a typedef of an array without a bound: `typedef int table_t[];`. */
export function isUnboundArray(
  { path, source, declaration, declarator }: LocatedDeclaration,
  program: Program,
): boolean {
  if (declarator.shape !== "plain" || declarator.hasPointer) return false;
  return declaration.type.split(" ").some((word) => {
    if (SCALAR_WORDS.has(word)) return false;
    const headers = headersWith(word, path, program) ?? [];
    const sources = [source, ...headers.flatMap((header) => program.texts.source(header) ?? [])];
    return sources.some((one) => {
      const typedef = typedefOf(one, word);
      const bound = typedef?.shape === "array" ? typedef.bounds[0] : undefined;
      return bound !== undefined && one.slice(bound.start, bound.end).trim() === "";
    });
  });
}
