/**
 * Semantic tokens of linker scripts: what each word is, told from the tree where it knows and from the keywords where a
 * word stands between the tree's names. The types are those that every theme has a colour for.
 */

import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { commentsOf, directiveSpans } from "../syntax/ld/comments.ts";
import { KEYWORDS } from "../syntax/ld/keywords.ts";
import type { LdName, LdScript } from "../syntax/ld/tree.ts";
import { type LdNode, nodesOf } from "../syntax/ld/walk.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";

/** The types in the order of the legend; all are among the protocol's standard ones. */
export const TOKEN_TYPES = [
  "keyword",
  "function",
  "variable",
  "class",
  "namespace",
  "struct",
  "property",
  "macro",
  "parameter",
  "number",
  "string",
  "comment",
  "enumMember",
] as const;

export const TOKEN_MODIFIERS = ["definition"] as const;

export type TokenType = (typeof TOKEN_TYPES)[number];

/** A token on one line. */
export interface ScriptToken extends Span {
  /**
   * - keyword: a command, and words that are part of one
   * - function: a function of expressions
   * - variable: a symbol
   * - class: an output section; property: an input section or its pattern
   * - namespace: a memory region; struct: a segment; enumMember: a constant, a segment's type, a region's attributes
   * - macro, parameter: what the C preprocessor replaces
   * - string: messages, and names of files
   */
  readonly type: TokenType;
  readonly isDefinition: boolean;
}

/** Functions of expressions, which are no commands. */
const FUNCTIONS = new Set(
  (
    "ABSOLUTE ADDR ALIGN ALIGNOF BLOCK CONSTANT DATA_SEGMENT_ALIGN DATA_SEGMENT_END DATA_SEGMENT_RELRO_END DEFINED " +
    "LENGTH LOADADDR LOG2CEIL MAX MIN NEXT ORIGIN SEGMENT_START SIZEOF SIZEOF_HEADERS"
  ).split(" "),
);

/** The tokens of a script in order, none of them over more than one line; those that touch `range` where one is given. */
export function tokenizeScript(script: LdScript, range?: Span): ScriptToken[] {
  const found: ScriptToken[] = [];
  const { source } = script;
  const within = range ?? { start: 0, end: source.length };
  const add = (span: Span | undefined, type: TokenType, isDefinition = false): void => {
    if (span === undefined || span.end <= span.start || span.end < within.start || span.start > within.end) return;
    found.push({ start: span.start, end: span.end, type, isDefinition });
  };
  const comments = commentsOf(script);
  for (const comment of comments) add(comment, "comment");
  for (const macro of script.macros) add(macro.nameSpan, "macro", true);
  for (const header of script.headers) add(header.pathSpan, "string");
  const macros = new Set(script.macros.map((macro) => macro.name));
  for (const { mayBeMacro, text } of scriptModelOf(script).names) if (mayBeMacro) macros.add(text);
  const context: Context = { add, source, macros };
  for (const node of nodesOf(script)) addNode(node, context);
  addParameters(script, add);
  const named = apart(found);
  const words = findWords(script, named, within);
  return splitLines(source, [...named, ...words].sort(byStart), within);
}

type Add = (span: Span | undefined, type: TokenType, isDefinition?: boolean) => void;

interface Context {
  readonly add: Add;
  readonly source: Source;
  /** Those of the file, and what is spelled like one and assigned nowhere in it: a macro of a header. */
  readonly macros: ReadonlySet<string>;
}

function addNode(node: LdNode, context: Context): void {
  const { add, source } = context;
  const name = (one: LdName | undefined, type: TokenType, isDefinition = false): void => {
    if (one === undefined) return;
    // A name in quotes is coloured as what it names, as long as it is one name and no macro's doing.
    const isMacro = !one.quoted && (context.macros.has(one.text) || (one.pasted && one.text.includes("(")));
    add(isMacro ? firstWord(one, source) : one, isMacro ? "macro" : type, isDefinition);
  };
  switch (node.kind) {
    case "number":
      add(node, "number");
      break;
    case "symbol":
      if (node.name.text !== ".") name(node.name, "variable");
      break;
    case "call":
      add(node.function, node.function.text === "ASSERT" ? "keyword" : "function");
      break;
    case "name":
      name(node.name, ROLES[node.role]);
      break;
    case "macro-call":
      add(node.name, "macro");
      addTrailer(node.trailer, name);
      break;
    case "assignment":
      add(node.keyword, "keyword");
      if (node.target.text !== ".") name(node.target, "variable", true);
      break;
    case "assert":
      add(node.keyword, "keyword");
      add(node.message, "string");
      break;
    case "command":
      add(node.keyword, "keyword");
      for (const argument of node.arguments) name(argument, COMMANDS.get(node.keyword.text) ?? "string");
      break;
    case "input":
      add(node.keyword, "keyword");
      for (const file of node.files) add(file.name, "string");
      break;
    case "include":
      add(node.path, "string");
      break;
    case "insert":
      name(node.section, "class");
      break;
    case "sections":
    case "overlay":
    case "data":
    case "fill":
      add(node.keyword, "keyword");
      if (node.kind === "overlay") addTrailer(node.trailer, name);
      break;
    case "text":
      add(node.keyword, "keyword");
      add(node.text, "string");
      break;
    case "section-group":
      add(node.keyword, "keyword");
      name(node.name, "class", true);
      break;
    case "region":
      name(node.name, "namespace", true);
      for (const attribute of node.attributes) add(attribute, "enumMember");
      break;
    case "segment":
      name(node.name, "struct", true);
      if (node.type.kind === "symbol") add(node.type, "enumMember");
      for (const qualifier of node.qualifiers) add(qualifier.name, "keyword");
      break;
    case "output-section":
      name(node.name, "class", true);
      for (const keyword of node.type?.keywords ?? []) add(keyword, "keyword");
      add(node.constraint, "keyword");
      addTrailer(node.trailer, name);
      break;
    case "input-section":
      add(node.keep, "keyword");
      for (const flag of node.flags) add(flag, "enumMember");
      addPattern(node.file, "string", add);
      for (const pattern of node.sections ?? []) addPattern(pattern, "property", add);
      break;
    case "version":
      for (const { tag, keywords, global, local, parents } of node.nodes) {
        add(tag, "namespace", true);
        for (const keyword of keywords) add(keyword, "keyword");
        for (const pattern of [...global, ...local]) add(pattern.name, "variable");
        for (const parent of parents) add(parent, "namespace");
      }
      break;
    default:
      break;
  }
}

const ROLES = {
  symbol: "variable",
  section: "class",
  region: "namespace",
  segment: "struct",
  constant: "enumMember",
  message: "string",
} as const satisfies Record<string, TokenType>;

/** What the names are that commands take. */
const COMMANDS: ReadonlyMap<string, TokenType> = new Map([
  ["ENTRY", "variable"],
  ["EXTERN", "variable"],
  ["REGION_ALIAS", "namespace"],
  ["NOCROSSREFS", "class"],
  ["NOCROSSREFS_TO", "class"],
]);

type AddName = (one: LdName | undefined, type: TokenType) => void;

interface Trailer {
  readonly region: LdName | undefined;
  readonly loadRegion: LdName | undefined;
  readonly segments: readonly LdName[];
}

function addTrailer(trailer: Trailer | undefined, name: AddName): void {
  name(trailer?.region, "namespace");
  name(trailer?.loadRegion, "namespace");
  for (const segment of trailer?.segments ?? []) name(segment, "struct");
}

interface Pattern {
  readonly sorts: readonly LdName[];
  readonly excluded: readonly LdName[];
  readonly name: LdName;
}

function addPattern(pattern: Pattern | undefined, type: TokenType, add: Add): void {
  if (pattern === undefined) return;
  for (const sort of pattern.sorts) add(sort, "keyword");
  for (const file of pattern.excluded) add(file, "string");
  add(pattern.name, type);
}

/** The first word of a name that a macro makes: `SYMBOL` of `SYMBOL(start)`. */
function firstWord({ start, end }: Span, source: Source): Span {
  const word = /^\w+/.exec(source.slice(start, Math.min(end, start + 200)));
  return word === null ? { start, end } : { start, end: start + word[0].length };
}

/** The parameters of macros, wherever their bodies name them. */
function addParameters(script: LdScript, add: Add): void {
  for (const macro of script.macros) {
    if (macro.parameters === undefined || macro.parameters.length === 0) continue;
    const names = new Set(macro.parameters.map((parameter) => parameter.replace(/\.\.\.$/, "")));
    if (macro.parameters.some((parameter) => parameter.endsWith("..."))) names.add("__VA_ARGS__");
    const from = macro.nameSpan.end;
    for (const match of script.source.slice(from, macro.end).matchAll(WORD)) {
      const start = from + match.index;
      if (names.has(match[0])) add({ start, end: start + match[0].length }, "parameter");
    }
  }
}

const WORD = /[A-Za-z_]\w*/g;

function byStart(a: Span, b: Span): number {
  return a.start - b.start;
}

/** Tokens that do not overlap: comments go first, then parameters, then the shorter ones, as they say more. */
function apart(tokens: readonly ScriptToken[]): ScriptToken[] {
  const rank = ({ type }: ScriptToken): number => (type === "comment" ? 0 : type === "parameter" ? 1 : 2);
  const sorted = [...tokens].sort((a, b) => a.start - b.start || rank(a) - rank(b) || a.end - b.end);
  const kept: ScriptToken[] = [];
  for (const token of sorted) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= token.start) kept.push(token);
    else if (rank(token) < rank(last) && last.start < token.start)
      kept[kept.length - 1] = { ...last, end: token.start };
    if (last !== undefined && last.end > token.start && rank(token) < rank(last)) kept.push(token);
  }
  return kept;
}

/** Keywords between the names of the tree, strings and, among the preprocessor's lines, only what macros' bodies hold. */
function findWords(script: LdScript, named: readonly ScriptToken[], within: Span): ScriptToken[] {
  const { source } = script;
  const bodies = script.macros.map((macro) => macro.body).sort(byStart);
  let next = 0;
  const hidden = [...directiveSpans(script)].sort(byStart).map((directive) => {
    while (next < bodies.length && bodies[next]!.start < directive.start) next++;
    const body = bodies[next];
    const isItsOwn = body !== undefined && body.end <= directive.end;
    return { start: directive.start, end: isItsOwn ? body.start : directive.end };
  });
  const taken = [...named, ...hidden].sort(byStart);
  const words: ScriptToken[] = [];
  let at = within.start;
  const scan = (end: number): void => {
    if (end <= at) return;
    for (const match of source.slice(at, end).matchAll(WORD_OR_STRING)) {
      const text = match[0];
      const start = at + match.index;
      const type = text.startsWith('"') ? "string" : keywordType(text);
      if (type !== undefined) words.push({ start, end: start + text.length, type, isDefinition: false });
    }
  };
  for (const span of taken) {
    if (span.end <= at) continue;
    if (span.start >= within.end) break;
    scan(span.start);
    at = span.end;
  }
  scan(within.end);
  return words;
}

const WORD_OR_STRING = /"[^"\n]*"|[A-Za-z_.$][\w.$]*/g;

function keywordType(word: string): TokenType | undefined {
  if (FUNCTIONS.has(word)) return "function";
  // `global`, `local`, `o`, `l` and their like are too common as names to be keywords wherever they stand.
  return word.length > 1 && KEYWORDS.has(word) && word === word.toUpperCase() ? "keyword" : undefined;
}

/** Tokens over several lines as one for each line. */
function splitLines(source: Source, tokens: readonly ScriptToken[], within: Span): ScriptToken[] {
  const { codes } = source;
  const split: ScriptToken[] = [];
  for (const token of tokens) {
    let start = token.start;
    for (let at = token.start; at <= token.end; at++) {
      const isEnd = at === token.end;
      if (!isEnd && codes[at] !== 10 && codes[at] !== 13) continue;
      if (at > start && at > within.start && start < within.end) split.push({ ...token, start, end: at });
      start = at + 1;
    }
  }
  return split;
}
