/**
 * Finds where a C file uses given symbols: in bodies, initializers and macros, but not in comments, strings or the symbols'
 * own declarations. By the text alone: no types, and macros are not expanded.
 */

import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { isDirectiveAt, skipBlanks, skipToLineEnd, skipWord } from "./bytes.ts";
import { BACKSLASH, COMMA, CR, HASH, LF, OPEN_PAREN } from "./codes.ts";
import { isStatementWord, isWordAt } from "./keywords.ts";
import { type Lexer, nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";
import type { NullTest } from "./null-test.ts";
import { parseC } from "./parser.ts";
import { namesParameter, scopeOfLocal } from "./scopes.ts";
import { extendRun, kindAt, startRun, type TokenRun } from "./token-run.ts";
import type { CFile, Shape } from "./tree.ts";
import { type Classified, classify, isNoSymbol, type UseKind } from "./use-kind.ts";
import { conditionAround, type DefineLine, placesOfWord, readWordPlaces, type WordPlaces } from "./word-places.ts";

/** One use of a symbol; the span is that of its name. */
export interface CUse extends Span {
  readonly name: string;
  readonly kind: UseKind;
  /** The #if conditions around it, as in the facts. */
  readonly condition: string;
  /** The macro in whose #define it stands. */
  readonly inMacro: string | undefined;
  /** The function around it, or the macro that makes one, as `SYSCALL_DEFINE1`: its name's span, and all of it. */
  readonly function: { readonly name: string; readonly nameSpan: Span; readonly span: Span } | undefined;
  /** For a null-test: how it is tested. */
  readonly test: NullTest | undefined;
}

/**
 * Finds the uses of the names in a file, in order.
 * @param shapes what names are that the file itself does not declare. Where nothing is known of a name, it counts as one
 *   whose value is an address, as a function's or an array's is.
 */
export function findUses(
  source: Source,
  names: ReadonlySet<string>,
  shapes: ReadonlyMap<string, Shape> = new Map(),
): CUse[] {
  const known = searched.get(source);
  if (known === undefined && ![...names].some((name) => mentions(source, name))) return [];
  const text = known?.text ?? readSearchText(source);
  // Most texts are searched for one name alone; what was read of the others is kept for the next name.
  searched.set(source, { text: known === undefined ? undefined : text });
  return searchText(text, names, shapes);
}

/** What the searches of a file share, whatever they look for. */
interface SearchText {
  readonly words: WordPlaces;
  /** What is parsed only once a name stands outside of comments, strings and other words. */
  parsed: ParsedText | undefined;
}

interface ParsedText {
  readonly regions: readonly Region[];
  readonly declared: ReadonlyMap<string, readonly DeclaredName[]>;
}

/** One place at which a declarator or a pragma names something. */
interface DeclaredName {
  readonly start: number;
  /** What the declarator makes of the name: "unknown" for a plain one of void or an unknown type; undefined if it says nothing. */
  readonly shape: Shape | "unknown" | undefined;
}

/** The sources that were searched; their texts from the second search on. */
const searched = createAttached<Source, { readonly text: SearchText | undefined }>();

function readSearchText(source: Source): SearchText {
  return { words: readWordPlaces(source), parsed: undefined };
}

function parsedText(text: SearchText): ParsedText {
  if (text.parsed === undefined) {
    const file = parseC(text.words.source);
    text.parsed = { regions: findRegions(file), declared: declaredNames(file) };
  }
  return text.parsed;
}

function searchText(text: SearchText, names: ReadonlySet<string>, given: ReadonlyMap<string, Shape>): CUse[] {
  const { words } = text;
  const stands = (name: string): boolean => {
    const { tokens, defines } = placesOfWord(words, name);
    return tokens.length > 0 || defines.length > 0;
  };
  if (![...names].some(stands)) return [];
  const { regions, declared } = parsedText(text);
  const shapes = new Map(given);
  const places = new Set<number>();
  const occurrences: Occurrence[] = [];
  const defines = new Map<number, DefineLine>();
  for (const name of names) {
    for (const { start, shape } of declared.get(name) ?? []) {
      places.add(start);
      if (shape === "unknown") shapes.delete(name);
      else if (shape !== undefined) shapes.set(name, shape);
    }
    const found = placesOfWord(words, name);
    for (const at of found.tokens)
      occurrences.push({ at, name, condition: conditionAround(words, words.run.starts[at]!) });
    for (const define of found.defines) defines.set(define.name.start, define);
  }
  const { source } = words;
  const search: Search = { source, names, firsts: firstCodes(names), shapes, declared: places, regions, found: [] };
  judge(search, words.run, names.size === 1 ? occurrences : occurrences.sort((a, b) => a.at - b.at), undefined);
  for (const { name, end } of defines.values()) {
    const condition = () => conditionAround(words, name.start);
    searchMacro(search, wordText(source, name.start, name.end), name.end, end, condition);
  }
  return search.found.sort((a, b) => a.start - b.start);
}

/**
 * Whether the word at a place uses a symbol of the file's scope: not a local, a member, a label, a tag or a macro's parameter,
 * and not a part of a comment or a string. Reads the function or the macro around the place alone.
 */
export function isUseAt(file: CFile, word: Span): boolean {
  const { source } = file;
  const name = source.slice(word.start, word.end);
  if (isStatementWord(name)) return false;
  const names = new Set([name]);
  const search: Search = {
    source,
    names,
    firsts: firstCodes(names),
    shapes: new Map(),
    declared: declaredPlaces(file, names),
    regions: regionsOf(file),
    found: [],
  };
  const define = macroNameAround(source, word.start);
  if (define !== undefined) {
    const end = skipToLineEnd(source.codes, define.end, source.length);
    searchMacro(search, source.slice(define.start, define.end), define.end, end, () => "");
  } else {
    const region = regionAround(search, word.start);
    // Where no region is, the name may stand within typeof at file scope: the declaration around it is read.
    const around =
      region?.function?.span ??
      region ??
      file.declarations.find((one) => one.start <= word.start && word.end <= one.end);
    if (around === undefined) return false;
    searchRun(search, around);
  }
  return search.found.some((use) => use.start === word.start);
}

/** The name of the macro on whose #define, continued lines included, the offset stands. */
function macroNameAround(source: Source, offset: number): Span | undefined {
  const { codes, length } = source;
  let line = offset;
  for (;;) {
    while (line > 0 && codes[line - 1] !== LF) line--;
    const before = line - 1 - (codes[line - 2] === CR ? 1 : 0);
    if (line === 0 || codes[before - 1] !== BACKSLASH) break;
    line = before;
  }
  const hash = skipBlanks(codes, line, length);
  if (codes[hash] !== HASH || !isDirectiveAt(codes, hash)) return undefined;
  const from = skipBlanks(codes, hash + 1, length);
  const to = skipWord(codes, from, length);
  if (!isWordAt(codes, from, to, "define")) return undefined;
  const start = skipBlanks(codes, to, length);
  const end = skipWord(codes, start, length);
  return end <= offset ? { start, end } : undefined;
}

/** Reads the tokens of a stretch of the file, directives left out, and judges the occurrences. */
function searchRun(search: Search, { start, end }: Span): void {
  const lexer = openLexer(search.source, start, end, "file");
  const run = startRun(search.source);
  const occurrences: Occurrence[] = [];
  for (let kind = nextToken(lexer); kind !== TOKEN.end; kind = nextToken(lexer)) {
    if (kind === TOKEN.directive) {
      lexer.offset = skipToLineEnd(lexer.codes, lexer.start, end);
      continue;
    }
    extendRun(run, kind, lexer.start, lexer.stop);
    note(search, lexer, run, () => "", occurrences);
  }
  judge(search, run, occurrences, undefined);
}

/** What the parts of one search share. */
interface Search {
  readonly source: Source;
  readonly names: ReadonlySet<string>;
  /** 1 for the first codes of the names, to pass over most words without making a string. */
  readonly firsts: Uint8Array;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Offsets at which a declarator names one of the symbols. */
  readonly declared: ReadonlySet<number>;
  /** Bodies, initializers and macro arguments, in order. */
  readonly regions: readonly Region[];
  readonly found: CUse[];
}

/** A stretch of the file scope in which expressions stand. */
interface Region extends Span {
  readonly sort: "body" | "initializer" | "arguments" | "bounds";
  readonly function: CUse["function"];
  readonly parameters: Span | undefined;
}

/** An occurrence to judge once all tokens are known. */
interface Occurrence {
  readonly at: number;
  readonly name: string;
  readonly condition: string;
}

/** Whether the name's letters stand anywhere in the text. */
function mentions(source: Source, name: string): boolean {
  const { codes } = source;
  return Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength).includes(name, 0, "latin1");
}

function firstCodes(names: ReadonlySet<string>): Uint8Array {
  const firsts = new Uint8Array(256);
  for (const name of names) firsts[name.charCodeAt(0) < 128 ? name.charCodeAt(0) : 255] = 1;
  return firsts;
}

function declaredNames(file: CFile): ReadonlyMap<string, readonly DeclaredName[]> {
  const names = new Map<string, DeclaredName[]>();
  const add = (name: string, declared: DeclaredName): void => {
    const same = names.get(name);
    if (same === undefined) names.set(name, [declared]);
    else same.push(declared);
  };
  for (const { declarators, storage, isObjectType } of file.declarations) {
    for (const { name, nameSpan, shape, initializer } of declarators) {
      // A plain declarator of an unknown type may be a function; void has no value.
      const isKnown = shape !== "plain" || isObjectType || initializer !== undefined;
      add(name, { start: nameSpan.start, shape: storage === "typedef" ? undefined : isKnown ? shape : "unknown" });
    }
  }
  for (const { name, nameSpan } of file.weakPragmas) add(name, { start: nameSpan.start, shape: undefined });
  return names;
}

function declaredPlaces(file: CFile, names: ReadonlySet<string>): ReadonlySet<number> {
  const places = new Set<number>();
  for (const { declarators } of file.declarations) {
    for (const { name, nameSpan } of declarators) if (names.has(name)) places.add(nameSpan.start);
  }
  for (const { name, nameSpan } of file.weakPragmas) if (names.has(name)) places.add(nameSpan.start);
  return places;
}

const knownRegions = createAttached<CFile, readonly Region[]>();

function regionsOf(file: CFile): readonly Region[] {
  let regions = knownRegions.get(file);
  if (regions === undefined) knownRegions.set(file, (regions = findRegions(file)));
  return regions;
}

function findRegions(file: CFile): Region[] {
  const regions: Region[] = [];
  for (const declaration of file.declarations) {
    if (declaration.scope === "block") continue;
    const [first] = declaration.declarators;
    if (declaration.body !== undefined && first !== undefined) {
      const around = {
        name: first.name,
        nameSpan: first.nameSpan,
        span: { start: declaration.start, end: declaration.end },
      };
      regions.push({ ...declaration.body, sort: "body", function: around, parameters: first.parameters });
    }
    for (const { initializer, bounds } of declaration.declarators) {
      if (initializer !== undefined)
        regions.push({ ...initializer, sort: "initializer", function: undefined, parameters: undefined });
      for (const bound of bounds)
        regions.push({ ...bound, sort: "bounds", function: undefined, parameters: undefined });
    }
  }
  for (const call of file.calls) {
    if (call.body === undefined) {
      regions.push({ ...call.arguments, sort: "arguments", function: undefined, parameters: undefined });
      continue;
    }
    // With a body behind them, arguments name parameters: SYSCALL_DEFINE1(name, type, parameter).
    const around = { name: call.name, nameSpan: call.nameSpan, span: { start: call.start, end: call.end } };
    regions.push({ ...call.body, sort: "body", function: around, parameters: call.arguments });
  }
  return regions.sort((a, b) => a.start - b.start);
}

/** Remembers the current token where it is one of the names. */
function note(search: Search, lexer: Lexer, run: TokenRun, condition: () => string, into: Occurrence[]): void {
  if (lexer.kind !== TOKEN.word || search.firsts[lexer.codes[lexer.start]!] !== 1) return;
  const name = wordText(search.source, lexer.start, lexer.stop);
  if (search.names.has(name)) into.push({ at: run.count - 1, name, condition: condition() });
}

function searchMacro(search: Search, name: string, start: number, end: number, condition: () => string): void {
  const { source } = search;
  const lexer = openLexer(source, start, end, "macro");
  const run = startRun(source);
  const occurrences: Occurrence[] = [];
  let parameters: Set<string> | undefined;
  // A parenthesis right behind the name opens the parameters; `#x` and `a ## b` make no use of a symbol x, a or b.
  const isFunctionLike = source.codes[start] === OPEN_PAREN;
  if (isFunctionLike) parameters = readMacroParameters(source, lexer);
  for (let kind = nextToken(lexer); kind !== TOKEN.end; kind = nextToken(lexer)) {
    extendRun(run, kind, lexer.start, lexer.stop);
    note(search, lexer, run, condition, occurrences);
  }
  const free = parameters === undefined ? occurrences : occurrences.filter((one) => !parameters.has(one.name));
  judge(search, run, free, name);
}

function readMacroParameters(source: Source, lexer: Lexer): Set<string> {
  const parameters = new Set<string>();
  nextToken(lexer);
  for (let kind = nextToken(lexer); kind === TOKEN.word || kind === COMMA || kind === 46; kind = nextToken(lexer)) {
    if (kind === TOKEN.word) parameters.add(wordText(source, lexer.start, lexer.stop));
  }
  return parameters;
}

/** Judges the occurrences of one run of tokens: those that local names hide are left out. */
function judge(search: Search, run: TokenRun, occurrences: readonly Occurrence[], inMacro: string | undefined): void {
  const hidden = new Map<string, Hiding>();
  for (const occurrence of occurrences) {
    const { at, name } = occurrence;
    const start = run.starts[at]!;
    if (search.declared.has(start) || isNoSymbol(run, at)) continue;
    const region = inMacro === undefined ? regionAround(search, start) : undefined;
    if (inMacro === undefined && region === undefined) {
      addSpecifierUse(search, run, occurrence);
      continue;
    }
    const isExpression = region?.sort !== "arguments" && region?.sort !== "bounds";
    if (isExpression && isHidden(run, occurrence, region, hidden)) continue;
    const classified = classify(run, at, search.shapes.get(name));
    add(search, run, occurrence, region, inMacro, classified);
  }
}

/** At file scope outside of all expressions a name is used only within typeof, sizeof and the like. */
function addSpecifierUse(search: Search, run: TokenRun, occurrence: Occurrence): void {
  const classified = classify(run, occurrence.at, search.shapes.get(occurrence.name));
  if (classified.kind === "typeof" || classified.kind === "sizeof") {
    add(search, run, occurrence, undefined, undefined, classified);
  }
}

function add(
  search: Search,
  run: TokenRun,
  occurrence: Occurrence,
  region: Region | undefined,
  inMacro: string | undefined,
  classified: Classified,
): void {
  const { at, name, condition } = occurrence;
  const isMeasured = classified.kind === "sizeof" || classified.kind === "typeof";
  const start = run.starts[at]!;
  const end = run.stops[at]!;
  const place = { name, start, end, condition, inMacro, function: region?.function };
  if (region?.sort === "initializer" && !isMeasured) {
    search.found.push({ ...place, kind: "initializer", test: undefined });
  } else if (region?.sort === "arguments" && !isMeasured) {
    search.found.push({ ...place, kind: "macro-argument", test: undefined });
  } else search.found.push({ ...place, ...classified });
}

/** The innermost region around an offset: a body may hold no other, so it is the last that starts before. */
function regionAround(search: Search, offset: number): Region | undefined {
  const { regions } = search;
  let low = 0;
  let high = regions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (regions[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  const region = regions[low - 1];
  return region !== undefined && offset < region.end ? region : undefined;
}

/** What hides one name at the place that the search has come to. */
interface Hiding {
  /** Stretches that hide it, the innermost last; those that have ended are taken away. */
  readonly spans: Span[];
  /** The region whose parameters were looked through last. */
  region: Region | undefined;
}

/** Whether a parameter or a local declaration of the same name stands between the symbol and its mention. */
function isHidden(
  run: TokenRun,
  occurrence: Occurrence,
  region: Region | undefined,
  hidden: Map<string, Hiding>,
): boolean {
  const { at, name } = occurrence;
  const start = run.starts[at]!;
  let hiding = hidden.get(name);
  if (hiding === undefined) hidden.set(name, (hiding = { spans: [], region: undefined }));
  const { spans } = hiding;
  while (spans.length > 0 && spans.at(-1)!.end <= start) spans.pop();
  if (spans.length > 0) return true;
  if (region !== undefined && hiding.region !== region) {
    hiding.region = region;
    if (isParameter(run, at, region, name)) {
      spans.push(region);
      return true;
    }
  }
  const scope = scopeOfLocal(run, at);
  if (scope === undefined) return false;
  spans.push({ start: scope.start, end: Math.min(scope.end, region?.end ?? scope.end) });
  return true;
}

/** Looks the parameters up in the run: the parenthesis that starts where they do. */
function isParameter(run: TokenRun, from: number, region: Region, name: string): boolean {
  const { parameters } = region;
  if (parameters === undefined || region.sort !== "body") return false;
  let low = 0;
  let high = from;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (run.starts[middle]! < parameters.start) low = middle + 1;
    else high = middle;
  }
  // A declarator's parameters have their parentheses in the span, a macro's arguments have not.
  const isMacroCall = kindAt(run, low) !== OPEN_PAREN || run.starts[low] !== parameters.start;
  const open = isMacroCall ? low - 1 : low;
  const close = run.partners[open];
  return close !== undefined && close > open && namesParameter(run, open, close, name, isMacroCall);
}
