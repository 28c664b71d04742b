/**
 * Where in a linker script a cursor stands, for completion and signature help. Scripts that are being typed are broken more
 * often than not, so this goes by the text before the cursor alone: brackets, the words before them, and what ends a
 * statement. It reads no tree, and what stands behind the cursor makes no difference to it.
 */

import { looksLikeMacro } from "../syntax/ld/characters.ts";
import { findDirectives, NO_DIRECTIVES } from "../syntax/ld/directives.ts";
import type { ScriptKind } from "../syntax/ld/tree.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import { type DirectiveExpectation, directiveContextAt } from "./script-directive.ts";

/**
 * What a pair of braces holds; "file" is outside of all, "macro" a macro's body, which may stand anywhere. "versions" holds
 * versions, as a whole version script does, and "version" the symbols of one.
 */
export type Block =
  | "file"
  | "sections"
  | "section"
  | "overlay"
  | "memory"
  | "segments"
  | "versions"
  | "version"
  | "macro";

/**
 * What may be typed at a place.
 * - none: comments, strings, numbers, names that nobody knows yet
 * - statement: the start of a statement of the block
 * - expression: an operand
 * - section, region, segment, symbol, constant: a name of that kind
 * - section-header: behind the colon of an output section, before its brace
 * - section-type: within the parentheses behind its name
 * - input, pattern: within KEEP(…), and within the parentheses that hold sections
 * - section-flags, region-attributes, region-bounds, segment-type, segment-qualifier, insert-place, input-files: as named
 * - script-file: behind INCLUDE; section-kind: behind `TYPE =`
 * - version-tag: behind a version's brace, the version that it builds upon
 * - format, machine: names of BFD's formats and machines, as OUTPUT_FORMAT and OUTPUT_ARCH take them
 * - directive and so on: on a line of the preprocessor
 */
export type Expectation =
  | "none"
  | "statement"
  | "expression"
  | "section"
  | "region"
  | "segment"
  | "symbol"
  | "constant"
  | "section-header"
  | "section-type"
  | "input"
  | "pattern"
  | "section-flags"
  | "region-attributes"
  | "region-bounds"
  | "segment-type"
  | "segment-qualifier"
  | "insert-place"
  | "input-files"
  | "script-file"
  | "section-kind"
  | "version-tag"
  | "format"
  | "machine"
  | DirectiveExpectation;

/** A parenthesis that is open before the cursor, and the word before it. */
export interface OpenCall {
  /** "" where no word stands before it. */
  readonly name: string;
  /** The word's start. */
  readonly start: number;
  /** How many commas stand before the cursor. */
  readonly argument: number;
}

export interface CursorContext {
  /** The part of a word that stands before the cursor; empty where there is none. */
  readonly prefix: Span;
  readonly expects: Expectation;
  readonly block: Block;
  /** Right behind an output section's brace, where a region or segment may still follow. */
  readonly isBehindSection: boolean;
  /** The header at hand may be a macro's call instead, whose `:segment` goes to the section it ends in. */
  readonly mayBeTrailer: boolean;
  /** The outermost first. */
  readonly calls: readonly OpenCall[];
}

interface Brace {
  readonly type: "brace";
  readonly block: Block;
  /** The statement's first word, "" for another first token, undefined between two statements. */
  head: string | undefined;
  colon: boolean;
  assigned: boolean;
  /** The statement may end here. */
  whole: boolean;
  /** An output section has ended, and `>`, `:` and `=` belong to it. */
  trailer: boolean;
}

interface Parenthesis {
  readonly type: "parenthesis";
  readonly name: string;
  readonly start: number;
  argument: number;
  assigned: boolean;
}

type Frame = Brace | Parenthesis;

interface Walk {
  frames: Frame[];
  /** The last token: a word, or one character; "" at the start. */
  last: string;
  lastStart: number;
  lastEnd: number;
}

/** Frames beyond this many are not told apart any more. */
const DEEPEST = 500;

/** Says what may be typed at an offset. `preprocessed`: the C preprocessor goes first, so that `#` begins its lines. */
export function contextAt(
  source: Source,
  cursor: number,
  preprocessed: boolean,
  kind: ScriptKind = "script",
): CursorContext {
  const offset = Math.max(0, Math.min(cursor, source.length));
  const prefix = prefixAt(source, offset);
  const directives = preprocessed ? findDirectives(source) : NO_DIRECTIVES;
  const nowhere: CursorContext = {
    prefix,
    expects: "none",
    block: "file",
    isBehindSection: false,
    mayBeTrailer: false,
    calls: [],
  };
  const around = directives.list.find((directive) => directive.start < offset && offset <= directive.end);
  const definition = around && directives.definitions.find((one) => one.directive === around);
  if (around !== undefined && (definition === undefined || offset < bodyStart(definition))) {
    return { ...nowhere, ...directiveContextAt(source, around.start, offset) };
  }
  const start = definition?.body.start ?? 0;
  const outermost = kind === "script" ? "file" : "versions";
  const frames = [openBrace(definition === undefined ? outermost : "macro")];
  const walk: Walk = { frames, last: "", lastStart: start, lastEnd: start };
  const isOutside = scan(source, walk, start, prefix.start, (at) => {
    const index = definition === undefined ? directives.byStart.get(at) : undefined;
    return index === undefined ? undefined : directives.list[index];
  });
  if (!isOutside) return nowhere;
  const context = judge(walk, source, prefix, offset);
  if (!WITH_SIGNS.has(context.expects)) return context;
  return { ...context, prefix: { start: startOfName(source, offset), end: offset } };
}

/** Places whose names have `-`, `:` and `/` in them. */
const WITH_SIGNS: ReadonlySet<Expectation> = new Set(["script-file", "format", "machine"]);

function startOfName({ codes }: Source, offset: number): number {
  let start = offset;
  while (start > 0 && (isWordCode(codes[start - 1]!) || SIGNS.has(codes[start - 1]!))) start--;
  return start;
}

/** `+`, `-`, `/`, `:`, `~` */
const SIGNS: ReadonlySet<number> = new Set([43, 45, 47, 58, 126]);

/** The first offset that belongs to a macro's body: behind the blank that ends its name, where it is empty. */
function bodyStart({ nameSpan, body }: { readonly nameSpan: Span; readonly body: Span }): number {
  return Math.max(body.start, nameSpan.end + 1);
}

function openBrace(block: Block): Brace {
  return { type: "brace", block, head: undefined, colon: false, assigned: false, whole: false, trailer: false };
}

/** Letters, digits, `_`, `.` and `$`, back from the cursor. */
function prefixAt({ codes }: Source, offset: number): Span {
  let start = offset;
  while (start > 0 && isWordCode(codes[start - 1]!)) start--;
  return { start, end: offset };
}

function isWordCode(code: number): boolean {
  return isLetterCode(code) || (code >= 48 && code <= 57) || code === 46 || code === 36;
}

function isLetterCode(code: number): boolean {
  return ((code | 0x20) - 97) >>> 0 < 26 || code === 95 || code >= 128;
}

interface DirectiveLine extends Span {
  readonly kind: string;
}

/** Goes through the tokens up to `end`; false where that stands within a comment or a string. */
function scan(
  source: Source,
  walk: Walk,
  start: number,
  end: number,
  directiveAt: (at: number) => DirectiveLine | undefined,
): boolean {
  const { codes } = source;
  const branches: (Walk | undefined)[] = [];
  let at = start;
  let isNewLine = true;
  while (at < end) {
    const code = codes[at]!;
    if (code === 35) {
      const directive = directiveAt(at);
      if (directive !== undefined) {
        takeDirective(walk, branches, directive);
        at = directive.end;
        continue;
      }
    }
    if (code === 47 && codes[at + 1] === 42) {
      at += 2;
      while (at < end && !(codes[at] === 42 && codes[at + 1] === 47)) at++;
      if (at >= end) return false;
      at += 2;
      if (at > end) return false;
    } else if (code === 34) {
      at++;
      while (at < end && codes[at] !== 34 && codes[at] !== 10) at++;
      if (at >= end) return false;
      takeWord(walk, '"', at, at + 1, isNewLine);
      at++;
      isNewLine = false;
    } else if (isWordCode(code)) {
      const from = at;
      while (at < end && isWordCode(codes[at]!)) at++;
      takeWord(walk, source.slice(from, at), from, at, isNewLine);
      isNewLine = false;
    } else {
      if (code === 10 || code === 13) isNewLine = true;
      else if (code > 32 && !(code === 92 && (codes[at + 1] === 10 || codes[at + 1] === 13))) {
        takeCharacter(walk, String.fromCharCode(code), at);
        isNewLine = false;
      }
      at++;
    }
  }
  return true;
}

/** Each branch of an #if goes on from what stood before it. Those that nest too deeply go on from each other. */
function takeDirective(walk: Walk, branches: (Walk | undefined)[], { kind }: DirectiveLine): void {
  if (kind === "if") branches.push(branches.length < DEEPEST_BRANCH ? copyOf(walk) : undefined);
  else if (kind === "else" || kind === "elif") Object.assign(walk, copyOf(branches.at(-1) ?? walk));
  else if (kind === "endif") branches.pop();
}

/** No script nests as many #ifs; for each, what is open around it is kept. */
const DEEPEST_BRANCH = 100;

function copyOf(walk: Walk): Walk {
  return { ...walk, frames: walk.frames.map((frame) => ({ ...frame })) };
}

function endStatement(brace: Brace, isBehindSection = false): void {
  brace.head = undefined;
  brace.colon = false;
  brace.assigned = false;
  brace.whole = false;
  brace.trailer = isBehindSection;
}

/** True where the next word, coming first on a line or behind something whole, begins another statement. */
function beginsStatement(walk: Walk, brace: Brace, isNewLine: boolean): boolean {
  if (brace.head === undefined) return !brace.trailer || !TRAILER_SIGNS.has(walk.last);
  if (brace.whole && !brace.colon) return true;
  const mayEnd = brace.block === "memory" ? brace.colon && brace.assigned : !brace.colon && brace.block !== "segments";
  return isNewLine && mayEnd && endsOperand(walk.last);
}

const TRAILER_SIGNS = new Set([">", ":", "="]);

function endsOperand(last: string): boolean {
  return last === ")" || last === '"' || (last !== "" && isWordCode(last.charCodeAt(last.length - 1)));
}

function takeWord(walk: Walk, word: string, start: number, end: number, isNewLine: boolean): void {
  const frame = walk.frames.at(-1)!;
  if (frame.type === "brace") {
    const belongsToSection =
      frame.trailer && frame.head === undefined && (TRAILER_SIGNS.has(walk.last) || word === "AT");
    if (!belongsToSection && beginsStatement(walk, frame, isNewLine)) {
      endStatement(frame);
      frame.head = word;
    }
    frame.whole = false;
  }
  walk.last = word;
  walk.lastStart = start;
  walk.lastEnd = end;
}

function takeCharacter(walk: Walk, character: string, at: number): void {
  const frame = walk.frames.at(-1)!;
  switch (character) {
    case "(":
      takeOpen(walk, frame, at);
      break;
    case ")":
      if (frame.type === "parenthesis") {
        walk.frames.pop();
        const outer = walk.frames.at(-1)!;
        if (outer.type === "brace") outer.whole = !outer.assigned;
      }
      break;
    case "{":
      closeParentheses(walk);
      takeBrace(walk);
      break;
    case "}": {
      closeParentheses(walk);
      const closed = walk.frames.length > 1 ? (walk.frames.pop() as Brace) : undefined;
      const outer = walk.frames.at(-1) as Brace;
      endStatement(outer, closed?.block === "section" || closed?.block === "overlay");
      break;
    }
    case ";":
      // Only a macro's argument can hold one.
      if (frame.type === "parenthesis" && isStatementHolder(frame.name)) {
        frame.assigned = false;
        break;
      }
      closeParentheses(walk);
      endStatement(walk.frames.at(-1) as Brace);
      break;
    case ",":
      if (frame.type === "parenthesis") frame.argument++;
      else if (frame.block === "memory") frame.assigned = false;
      else if (frame.block !== "file") endStatement(frame);
      break;
    case ":":
      if (frame.type === "brace" && !frame.assigned) {
        // A label: what follows is a statement of its own.
        if (frame.block === "version") endStatement(frame);
        else frame.colon ||= frame.head !== undefined;
        frame.whole = false;
      }
      break;
    case "=":
      if (frame.type === "parenthesis") frame.assigned = true;
      else if (frame.head !== undefined && !isComparison(walk, at)) {
        frame.assigned = true;
        frame.whole = false;
      }
      break;
    default:
      if (frame.type === "brace" && frame.head === undefined && !frame.trailer) frame.head = "";
      else if (frame.type === "brace" && frame.whole && frame.block === "section") {
        // `*(.text)` is whole, and the next pattern begins.
        endStatement(frame);
        frame.head = "";
      }
  }
  walk.last = character;
  walk.lastStart = at;
  walk.lastEnd = at + 1;
}

function isComparison(walk: Walk, at: number): boolean {
  return walk.lastEnd === at && (walk.last === "=" || walk.last === "!" || walk.last === "<" || walk.last === ">");
}

function takeOpen(walk: Walk, frame: Frame, at: number): void {
  if (frame.type === "brace" && frame.head === undefined) frame.head = "";
  if (walk.frames.length >= DEEPEST) return;
  const isNamed = walk.last !== "" && isWordCode(walk.last.charCodeAt(0)) && walk.last !== '"';
  walk.frames.push({
    type: "parenthesis",
    name: isNamed ? walk.last : walk.last === "*" && walk.lastEnd === at ? "*" : "",
    start: walk.lastStart,
    argument: 0,
    assigned: false,
  });
}

/** Parentheses that were never closed end with the statement. */
function closeParentheses(walk: Walk): void {
  while (walk.frames.at(-1)!.type === "parenthesis") walk.frames.pop();
}

const BLOCKS: Readonly<Record<string, Block>> = {
  SECTIONS: "sections",
  OVERWRITE_SECTIONS: "sections",
  MEMORY: "memory",
  PHDRS: "segments",
  VERSION: "versions",
  OVERLAY: "overlay",
  GROUP: "sections",
  CLASS: "section",
};

function takeBrace(walk: Walk): void {
  const outer = walk.frames.at(-1) as Brace;
  if (walk.frames.length >= DEEPEST) return;
  const { head, block } = outer;
  const named = head !== undefined && Object.hasOwn(BLOCKS, head) ? BLOCKS[head] : undefined;
  const isVersion =
    block === "versions" ||
    block === "version" ||
    (block === "file" && !outer.colon && (head === undefined || head === ""));
  walk.frames.push(openBrace(isVersion ? "version" : block === "overlay" ? "section" : (named ?? "section")));
}

// What is expected

function judge(walk: Walk, source: Source, prefix: Span, offset: number): CursorContext {
  const frame = walk.frames.at(-1)!;
  const brace = walk.frames.findLast((one) => one.type === "brace") as Brace;
  const calls = walk.frames.flatMap((one) =>
    one.type === "parenthesis" ? [{ name: one.name, start: one.start, argument: one.argument }] : [],
  );
  const isNumber = prefix.end > prefix.start && isDigit(source.codes[prefix.start]!);
  const isNewLine = /\n[ \t]*$/.test(source.slice(Math.max(0, prefix.start - 200), prefix.start));
  const expects = isNumber
    ? "none"
    : frame.type === "brace"
      ? inBrace(walk, frame, prefix, isNewLine)
      : inParenthesis(walk, frame, brace);
  return {
    prefix,
    expects,
    block: brace.block,
    isBehindSection: frame.type === "brace" && brace.trailer && brace.head === undefined,
    mayBeTrailer: expects === "section-header" && looksLikeMacro(brace.head ?? ""),
    calls: calls.filter((call) => call.start <= offset),
  };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function inBrace(walk: Walk, brace: Brace, prefix: Span, isNewLine: boolean): Expectation {
  const { last } = walk;
  if (brace.trailer && brace.head === undefined) {
    if (last === ">") return "region";
    if (last === ":") return "segment";
    if (last === "=") return "expression";
  }
  if (brace.block === "versions") return last === "}" ? "version-tag" : "none";
  if (beginsStatement(walk, brace, isNewLine)) return "statement";
  if (brace.head === "INCLUDE" && !brace.assigned) {
    return last === "INCLUDE" || walk.lastEnd === prefix.start ? "script-file" : "none";
  }
  switch (brace.block) {
    case "memory":
      if (brace.assigned) return "expression";
      return brace.colon ? "region-bounds" : "none";
    case "segments":
      return last === brace.head ? "segment-type" : "segment-qualifier";
    case "version":
      return "none";
    case "section":
      return brace.assigned ? "expression" : "none";
    default:
      return inSections(walk, brace);
  }
}

function inSections({ last }: Walk, brace: Brace): Expectation {
  if (brace.head === "INSERT") return last === "INSERT" ? "insert-place" : "section";
  if (brace.assigned) return "expression";
  if (brace.colon) return "section-header";
  return brace.head === "" || last === "}" ? "none" : "expression";
}

/** What the parentheses behind a word hold. */
const ARGUMENTS: Readonly<Record<string, Expectation>> = {
  SIZEOF: "section",
  ADDR: "section",
  LOADADDR: "section",
  ALIGNOF: "section",
  ORIGIN: "region",
  LENGTH: "region",
  DEFINED: "symbol",
  CONSTANT: "constant",
  ENTRY: "symbol",
  EXTERN: "symbol",
  NOCROSSREFS: "section",
  NOCROSSREFS_TO: "section",
  INPUT: "input-files",
  GROUP: "input-files",
  AS_NEEDED: "none",
  EXCLUDE_FILE: "none",
  INPUT_SECTION_FLAGS: "section-flags",
  KEEP: "input",
  "*": "pattern",
  OUTPUT_FORMAT: "format",
  OUTPUT_ARCH: "machine",
  OUTPUT: "none",
  TARGET: "format",
  STARTUP: "none",
  SEARCH_DIR: "none",
  LD_FEATURE: "none",
  CREATE_OBJECT_SYMBOLS: "none",
};

const SORTS = new Set(["SORT", "SORT_BY_NAME", "SORT_BY_ALIGNMENT", "SORT_BY_INIT_PRIORITY", "SORT_NONE", "REVERSE"]);
const PROVIDERS = new Set(["PROVIDE", "PROVIDE_HIDDEN", "HIDDEN"]);
/** Words whose parentheses hold expressions alone. */
const EXPRESSIONS = new Set(
  (
    "ABSOLUTE ALIGN BLOCK DATA_SEGMENT_ALIGN DATA_SEGMENT_END DATA_SEGMENT_RELRO_END LOG2CEIL MAX MIN NEXT AT SUBALIGN " +
    "FLAGS BYTE SHORT LONG QUAD SQUAD FILL BIND"
  ).split(" "),
);

function isStatementHolder(name: string): boolean {
  return name !== "" && !EXPRESSIONS.has(name) && !Object.hasOwn(ARGUMENTS, name) && !PROVIDERS.has(name);
}

function inParenthesis(walk: Walk, frame: Parenthesis, brace: Brace): Expectation {
  const { name } = frame;
  if (Object.hasOwn(ARGUMENTS, name)) return ARGUMENTS[name]!;
  if (PROVIDERS.has(name)) return frame.assigned ? "expression" : "symbol";
  if (name === "REGION_ALIAS") return frame.argument === 0 ? "none" : "region";
  if (name === "SEGMENT_START") return frame.argument === 0 ? "none" : "expression";
  if (name === "ASSERT") return frame.argument === 0 ? "expression" : "none";
  if (EXPRESSIONS.has(name)) return "expression";
  const isHeader = brace.head !== undefined && brace.head !== "" && !brace.colon && !looksLikeMacro(name);
  const isType = isHeader && !brace.assigned && (brace.block === "sections" || brace.block === "macro");
  if (frame.assigned && isType && name !== "") return "section-kind";
  if (frame.assigned || brace.assigned) return "expression";
  const outer = walk.frames.at(-2);
  const isInner = outer?.type === "parenthesis";
  if (SORTS.has(name)) return "pattern";
  // `crt0.o(` within KEEP, or in an output section.
  if (isInner && (outer.name === "KEEP" || SORTS.has(outer.name))) return "pattern";
  if (isInner) return "expression";
  if (brace.block === "section") return looksLikeMacro(name) ? "expression" : "pattern";
  if (brace.block === "memory") return "region-attributes";
  return isType ? "section-type" : "expression";
}
