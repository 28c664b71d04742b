/**
 * Reads a raw, unpreprocessed C file: file-scope declarations, `extern` declarations in blocks and macros, and the
 * preprocessor lines that matter to linkage. It takes every text, expands no macro and reads no other file.
 */

import type { Source } from "../../text/source.ts";
import { conditionOf } from "../condition/condition.ts";
import { covers } from "../condition/relations.ts";
import { OPEN_BRACE, OPEN_PAREN, SEMICOLON, UNDERSCORE } from "./codes.ts";
import { type DeclarationPlace, parseDeclaration } from "./declaration.ts";
import { openGroups } from "./groups.ts";
import { type Items, readItem, waysThrough } from "./items.ts";
import { isWordAt, KEYWORD } from "./keywords.ts";
import { openLexer, TOKEN, wordText } from "./lexer.ts";
import { decodeStrings, joinStrings } from "./literals.ts";
import { declarationsInMacro, readReplacement } from "./macros.ts";
import { readMaker } from "./makers.ts";
import { readPastes } from "./pastes.ts";
import { openPreprocessor, type Rename, readWeakPragma } from "./preprocessor.ts";
import { addStaticPrototypes } from "./static-prototypes.ts";
import { clearTokens, collectTokens, copyTokens, findToken, makeTokens, type Tokens } from "./tokens.ts";
import type { CAsm, CDeclaration, CDefine, CError, CFile, CMacroCall, CMaker, CStaticPrototype } from "./tree.ts";

export interface ParseOptions {
  /**
   * Leave out what no fact is made of: typedefs, declarations with internal linkage that have no attributes, and the texts
   * of types. For reading many files.
   */
  readonly onlyLinkage?: boolean;
}

/** What the parts of one file's parser share. */
interface Parser {
  readonly source: Source;
  readonly items: Items;
  readonly onlyLinkage: boolean;
  readonly declarations: CDeclaration[];
  readonly calls: CMacroCall[];
  readonly asms: CAsm[];
  readonly staticPrototypes: Map<string, CStaticPrototype[]>;
  readonly defines: CDefine[];
  readonly errors: CError[];
  /** Words that the file's own #defines make attributes. */
  readonly own: Set<string>;
  /** What names stand for at this place of the file, by object-like macros of one word and by pragmas. */
  readonly renamed: Map<string, Rename>;
}

/** Lists of tokens that are filled again for each item of each file: making them anew costs more than reading the item. */
const itemTokens: Tokens = makeTokens();
const wayTokens: Tokens = makeTokens();
const blockTokens: Tokens = makeTokens(512);

/** Parses a C file. Never throws; what is not understood is left out or marked with `isSplit`. */
export function parseC(source: Source, options: ParseOptions = {}): CFile {
  const plain = withPlainCodes(source);
  const file = parseFile(plain, options, true) ?? parseFile(plain, options, false)!;
  return { ...file, source };
}

/** The same source with its codes seen as a bare Uint8Array: loops over arrays of one class are compiled but once. */
function withPlainCodes(source: Source): Source {
  const { codes, length } = source;
  if (codes.constructor === Uint8Array) return source;
  const plain = new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength);
  return { codes: plain, length, slice: (start, end) => source.slice(start, end) };
}

/** One attempt; undefined where the include guard turned out not to span the file. */
function parseFile(source: Source, options: ParseOptions, allowsGuard: boolean): CFile | undefined {
  const preprocessor = openPreprocessor(source, allowsGuard);
  const lexer = openLexer(source, 0, source.length, "file");
  const items: Items = {
    lexer,
    groups: openGroups(preprocessor),
    tokens: itemTokens,
    condition: "",
    branchConditions: [],
  };
  const parser: Parser = {
    source,
    items,
    onlyLinkage: options.onlyLinkage ?? false,
    declarations: [],
    calls: [],
    asms: [],
    staticPrototypes: new Map(),
    defines: [],
    errors: [],
    own: new Set(),
    renamed: new Map(),
  };
  for (;;) {
    const end = readItem(items);
    if (end === "restart") return undefined;
    if (preprocessor.defines.length > parser.defines.length || preprocessor.renames.length > 0) readDefines(parser);
    if (preprocessor.blanks.length > 0) readBlanks(parser);
    if (itemTokens.count > 0) readTokens(parser);
    if (items.groups.externs.length > 0) readBlockExterns(parser);
    if (end === "end") break;
  }
  const { declarations, calls, asms, staticPrototypes, defines, errors } = parser;
  const { includes, weakPragmas } = preprocessor;
  const makers: CMaker[] = [];
  for (const define of preprocessor.makers) {
    const maker = readMaker(source, define, parser.own);
    if (maker !== undefined) makers.push(maker);
  }
  declarations.sort((a, b) => a.start - b.start);
  const pastes = preprocessor.pastes.flatMap((define) => readPastes(source, define) ?? []);
  const assembly = preprocessor.assembly.map((define) => ({ ...define, parameters: define.parameters ?? [] }));
  const made = { makers, pastes, assembly };
  return { source, declarations, includes, defines, ...made, weakPragmas, calls, asms, staticPrototypes, errors };
}

/** Reads the replacements of the #defines that came up with the last item. */
function readDefines(parser: Parser): void {
  const { source, items, defines, own, declarations, onlyLinkage } = parser;
  const { defines: raw, renames } = items.groups.preprocessor;
  const found = renames.splice(0);
  for (let i = defines.length; i < raw.length; i++) {
    const define = { ...raw[i]!, ...readReplacement(source, raw[i]!.body.start, raw[i]!.body.end, own) };
    defines.push(define);
    if (define.isAnnotation) own.add(define.name);
    declarations.push(...declarationsInMacro(source, define, own, !onlyLinkage));
    const { name, start: at, words, condition } = define;
    const [word] = words;
    if (define.parameters !== undefined || words.length !== 1 || define.attributes.length > 0) continue;
    if (word!.argument === undefined && word!.name !== name) found.push({ at, name, to: word!.name, condition });
  }
  for (const rename of found.sort((a, b) => a.at - b.at)) {
    if (rename.to === undefined) parser.renamed.delete(rename.name);
    else parser.renamed.set(rename.name, rename);
  }
}

/** How often a name may stand for another one. */
const MOST_RENAMES = 8;

function isDeclared(declarations: readonly CDeclaration[], name: string): boolean {
  return declarations.some(({ declarators }) => declarators.some((declarator) => declarator.name === name));
}

/** What a declared name becomes; undefined where it stays, or where another condition than the declaration's decides. */
function renamedTo({ renamed, declarations }: Parser, name: string, declaration: CDeclaration): string | undefined {
  const { condition, body } = declaration;
  let to: string | undefined;
  for (let i = 0; i < MOST_RENAMES; i++) {
    const rename = renamed.get(to ?? name);
    if (rename === undefined || !covers(conditionOf(rename.condition), conditionOf(condition))) break;
    if (rename.isPragma && body !== undefined && !isDeclared(declarations, name)) break;
    to = rename.to;
  }
  return to;
}

/** Takes over the macros that stand for nothing. */
function readBlanks(parser: Parser): void {
  const { blanks } = parser.items.groups.preprocessor;
  for (const name of blanks) parser.own.add(name);
  blanks.length = 0;
}

/** Reads an item's tokens, once for each way through its #if branches. */
function readTokens(parser: Parser): void {
  const { items } = parser;
  const tokens = items.tokens;
  if (items.branchConditions.length === 0) {
    addStaticPrototypes(parser.staticPrototypes, parser.source, tokens, items.condition);
  }
  if (parser.onlyLinkage && isWithoutLinkage(tokens)) return;
  if (items.branchConditions.length === 0) {
    readDeclarations(parser, tokens, items.condition);
    return;
  }
  const from = parser.declarations.length;
  const callsFrom = parser.calls.length;
  for (const way of waysThrough(tokens)) {
    copyTokens(tokens, way, wayTokens);
    if (wayTokens.count > 0) readDeclarations(parser, wayTokens, items.condition);
  }
  dropRepeated(parser.calls, callsFrom, (call) => call.start);
  for (let i = callsFrom; i < parser.calls.length; i++) {
    const call = parser.calls[i]!;
    parser.calls[i] = { ...call, condition: conditionAt(items, call.start) };
  }
  dropRepeated(parser.declarations, from, (declaration) => declaration.declarators[0]!.nameSpan.start);
  for (let i = from; i < parser.declarations.length; i++) {
    const declaration = parser.declarations[i]!;
    const condition = conditionAt(items, declaration.declarators[0]!.nameSpan.start);
    parser.declarations[i] = { ...declaration, condition };
  }
}

/** Several ways lead through the tokens that all branches share, and find the same things there. */
function dropRepeated<T>(list: T[], from: number, key: (item: T) => number): void {
  const seen = new Set<number>();
  let kept = from;
  for (let i = from; i < list.length; i++) {
    const item = list[i]!;
    if (seen.has(key(item))) continue;
    seen.add(key(item));
    list[kept++] = item;
  }
  list.length = kept;
}

/** The condition at an offset within the item: that behind the last #if, #else or #endif before it. */
function conditionAt(items: Items, offset: number): string {
  const { tokens } = items;
  let condition = items.condition;
  let branch = 0;
  for (let at = 0; at < tokens.count && tokens.starts[at]! < offset; at++) {
    const kind = tokens.kinds[at]!;
    const isBranch = kind === TOKEN.branchOpen || kind === TOKEN.branchNext || kind === TOKEN.branchClose;
    if (isBranch) condition = items.branchConditions[branch++] ?? condition;
  }
  return condition;
}

/** `static` and `typedef` without attributes, and types alone: nothing that another file could see. */
function isWithoutLinkage(tokens: Tokens): boolean {
  const { kinds, count } = tokens;
  if (kinds[0] === KEYWORD.typedef) return true;
  if (kinds[0] === KEYWORD.static) {
    return findToken(tokens, KEYWORD.attribute, 1, count) < 0 && !tokens.isSplit;
  }
  return kinds[0] === KEYWORD.tag && kinds[count - 1] === SEMICOLON && kinds[count - 2] === OPEN_BRACE && count <= 4;
}

/** item: (macro-call | declaration | asm | static-assertion)… */
function readDeclarations(parser: Parser, tokens: Tokens, condition: string): void {
  const { source } = parser;
  const place: DeclarationPlace = {
    source,
    own: parser.own,
    scope: "file",
    condition,
    inMacro: undefined,
    wantsType: !parser.onlyLinkage,
  };
  let at = 0;
  while (at < tokens.count) {
    const kind = tokens.kinds[at]!;
    if (kind === KEYWORD.asm && tokens.kinds[at + 1] !== TOKEN.end) {
      readAsm(parser, tokens, at, condition);
      return;
    }
    if (kind === KEYWORD.staticAssert || kind === SEMICOLON) return;
    if (kind === TOKEN.word && tokens.kinds[at + 1] === OPEN_PAREN && isOwnLine(parser, tokens, at)) {
      addCall(parser, tokens, at, condition);
      at += 2;
      continue;
    }
    const parsed = parseDeclaration(place, tokens, at, tokens.count);
    if (parsed.declaration !== undefined) addDeclaration(parser, parsed.declaration);
    else if (parsed.call >= 0 && findToken(tokens, KEYWORD.static, at, parsed.call) < 0) {
      addCall(parser, tokens, parsed.call, condition);
    }
    at = Math.max(at + 1, parsed.next);
  }
}

function addDeclaration(parser: Parser, declaration: CDeclaration): void {
  if (parser.onlyLinkage && declaration.storage === "typedef") return;
  if (parser.renamed.size === 0) {
    parser.declarations.push(declaration);
    return;
  }
  const declarators = declaration.declarators.map((declarator) => ({
    ...declarator,
    renamedTo: renamedTo(parser, declarator.name, declaration),
  }));
  parser.declarations.push({ ...declaration, declarators });
}

/** A macro call on a line of its own with the next declaration behind it, its semicolon left out: `EXPORT_SYMBOL(x)`. */
function isOwnLine(parser: Parser, tokens: Tokens, at: number): boolean {
  const { kinds, lines, starts } = tokens;
  const { codes } = parser.source;
  if (isPragmaOperator(parser, tokens, at)) return true;
  const next = kinds[at + 2]!;
  if (at + 2 >= tokens.count || lines[at + 2] !== 1 || (next !== TOKEN.word && next < 128)) return false;
  if (next === KEYWORD.attribute || next === KEYWORD.asm) return false;
  const start = starts[at]!;
  return codes[start] !== UNDERSCORE || codes[start + 1] !== UNDERSCORE;
}

/** `_Pragma("…")`, which needs no semicolon (C11 6.10.9). */
function isPragmaOperator(parser: Parser, tokens: Tokens, at: number): boolean {
  return isWordAt(parser.source.codes, tokens.starts[at]!, tokens.stops[at]!, "_Pragma");
}

function addCall(parser: Parser, tokens: Tokens, at: number, condition: string): void {
  const { source } = parser;
  const start = tokens.starts[at]!;
  const nameEnd = tokens.stops[at]!;
  const group = at + 1;
  const inside = {
    start: tokens.starts[group]! + 1,
    end: Math.max(tokens.starts[group]! + 1, tokens.stops[group]! - 1),
  };
  if (isPragmaOperator(parser, tokens, at)) {
    readPragmaOperator(parser, inside.start, inside.end);
    return;
  }
  const hasBody = tokens.kinds[group + 1] === OPEN_BRACE;
  const body = hasBody ? { start: tokens.starts[group + 1]!, end: tokens.stops[group + 1]! } : undefined;
  const isTerminated = tokens.kinds[group + 1] === SEMICOLON || hasBody;
  parser.calls.push({
    start,
    end: tokens.stops[isTerminated ? group + 1 : group]!,
    name: wordText(source, start, nameEnd),
    nameSpan: { start, end: nameEnd },
    arguments: inside,
    body,
    condition,
  });
}

/** `_Pragma("weak x")` is `#pragma weak x`. */
function readPragmaOperator(parser: Parser, start: number, end: number): void {
  const { source, items } = parser;
  const text = decodeStrings(source, start, end);
  if (text === undefined || !/^\s*weak\s/.test(text)) return;
  const at = source.slice(start, end).indexOf("weak");
  if (at >= 0) readWeakPragma(items.groups.preprocessor, start + at + 4, end);
}

/** asm: `asm` qualifier… `(` string… `)` */
function readAsm(parser: Parser, tokens: Tokens, at: number, condition: string): void {
  const group = findToken(tokens, OPEN_PAREN, at, tokens.count);
  if (group < 0) return;
  const { source } = parser;
  const text = joinStrings(source, tokens.starts[group]! + 1, tokens.stops[group]! - 1);
  parser.asms.push({ start: tokens.starts[at]!, end: tokens.stops[tokens.count - 1]!, text, condition });
}

/** How much text an extern declaration in a block may take. */
const LONGEST_EXTERN = 2048;

/** The extern declarations that were met in bodies, parameters and initializers since the last item. */
function readBlockExterns(parser: Parser): void {
  const { source, items, own, onlyLinkage } = parser;
  const { externs } = items.groups;
  for (const { at, condition } of externs) {
    const lexer = openLexer(source, at, Math.min(source.length, at + LONGEST_EXTERN), "part");
    collectTokens(lexer, blockTokens);
    const place = { source, own, scope: "block" as const, condition, inMacro: undefined, wantsType: !onlyLinkage };
    const { declaration } = parseDeclaration(place, blockTokens, 0, blockTokens.count);
    if (declaration !== undefined) parser.declarations.push(declaration);
  }
  externs.length = 0;
  clearTokens(blockTokens);
}
