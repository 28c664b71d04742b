/**
 * The preprocessor lines of a script that the C preprocessor has yet to see: where each stands, what it says, and under
 * which condition each part of the text is. It reads no macro's body and evaluates nothing but the few conditions whose
 * outcome is the same for every linker script.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import {
  ALWAYS,
  type Condition,
  definedCondition,
  joinAll,
  not,
  readCondition,
  UNTOLD,
} from "../condition/condition.ts";
import { decide, type Knowledge } from "../condition/evaluate.ts";
import { ANY_VALUE } from "../kbuild/guard.ts";
import { BLANK, CLASSES, endOfRun, isPathWithStar, WORD, WORD_START } from "./characters.ts";
import type { LdCondition, LdHeader } from "./tree.ts";

export type ScriptDirectiveKind = "if" | "elif" | "else" | "endif" | "define" | "include" | "other";

/** One preprocessor line with its continuation lines, from the `#` to before the line's end. */
export interface ScriptDirective extends Span {
  readonly kind: ScriptDirectiveKind;
  /** Of if and elif: what it asks. */
  readonly condition: Condition;
  /** Of if, elif and else: the index of the next line of the same conditional; of the others -1. */
  next: number;
  /** Of elif, else and endif: the index of the if. */
  first: number;
  /** Of if, elif, else: the index of the endif that ends the conditional, or -1 where there is none. */
  last: number;
}

/** A `#define` with the places of its parts; the body may be empty. */
export interface DefineDirective {
  readonly directive: ScriptDirective;
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly string[] | undefined;
  readonly body: Span;
}

export interface Directives {
  readonly list: readonly ScriptDirective[];
  /** The index of the directive whose `#` stands at this offset. */
  readonly byStart: ReadonlyMap<number, number>;
  readonly definitions: readonly DefineDirective[];
  readonly headers: readonly LdHeader[];
  readonly conditions: readonly LdCondition[];
}

export const NO_DIRECTIVES: Directives = {
  list: [],
  byStart: new Map(),
  definitions: [],
  headers: [],
  conditions: [{ start: 0, condition: "" }],
};

const LF = 10;
const CR = 13;
const QUOTE = 34;
const HASH = 35;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;

/** Finds all preprocessor lines of a text in one pass; comments and strings hide a `#` as they do from cpp. */
export function findDirectives(source: Source): Directives {
  const found: Directives & { list: ScriptDirective[]; definitions: DefineDirective[]; headers: LdHeader[] } = {
    list: [],
    byStart: new Map(),
    definitions: [],
    headers: [],
    conditions: [],
  };
  const { codes, length } = source;
  let atLineStart = true;
  let at = 0;
  while (at < length) {
    const code = codes[at]!;
    if (code === LF || code === CR) {
      atLineStart = true;
      at++;
    } else if (CLASSES[code]! & BLANK) {
      at++;
    } else if (code === SLASH && (codes[at + 1] === STAR || codes[at + 1] === SLASH)) {
      at = isPathWithStar(codes, at, length) ? at + 2 : endOfComment(source, at);
    } else if (code === HASH && atLineStart) {
      at = readDirective(source, at, found);
      atLineStart = false;
    } else if (code === QUOTE) {
      at = endOfString(source, at);
      atLineStart = false;
    } else {
      atLineStart = false;
      at++;
    }
  }
  linkConditionals(found.list);
  return { ...found, conditions: findConditions(found.list, found.definitions, source) };
}

/** The end of the comment that begins at `at`; that of a line comment is before its line's end. */
function endOfComment(source: Source, at: number): number {
  const { codes, length } = source;
  if (codes[at + 1] === SLASH) return endOfLine(source, at);
  let i = at + 2;
  while (i < length && !(codes[i] === STAR && codes[i + 1] === SLASH)) i++;
  return Math.min(i + 2, length);
}

/** The end of the string that begins at `at`, or of its line where the string is not closed on it. */
function endOfString(source: Source, at: number): number {
  const { codes, length } = source;
  let i = at + 1;
  while (i < length && codes[i] !== QUOTE && codes[i] !== LF) i++;
  return i < length && codes[i] === QUOTE ? i + 1 : i;
}

/** The end of the logical line: a backslash before the line's end continues it. */
function endOfLine(source: Source, at: number): number {
  const { codes, length } = source;
  let i = at;
  while (i < length && codes[i] !== LF) {
    if (codes[i] === BACKSLASH && codes[i + 1] === LF) i += 2;
    else if (codes[i] === BACKSLASH && codes[i + 1] === CR && codes[i + 2] === LF) i += 3;
    else i++;
  }
  return i > at && i <= length && codes[i - 1] === CR ? i - 1 : Math.min(i, length);
}

/** The end of a directive's logical line; a block comment in it may span lines of its own. */
function endOfDirective(source: Source, at: number): number {
  const { codes, length } = source;
  let i = at;
  while (i < length) {
    const code = codes[i]!;
    if (code === LF) break;
    if (code === CR && codes[i + 1] === LF) break;
    if (code === BACKSLASH && codes[i + 1] === LF) i += 2;
    else if (code === BACKSLASH && codes[i + 1] === CR && codes[i + 2] === LF) i += 3;
    else if (code === SLASH && codes[i + 1] === STAR) i = endOfComment(source, i);
    else if (code === SLASH && codes[i + 1] === SLASH) return endOfLine(source, i);
    else if (code === QUOTE) i = endOfString(source, i);
    else i++;
  }
  return i;
}

/** Blanks, comments and continued lines from `at` on. */
function skipBlanks(source: Source, at: number, end: number): number {
  const { codes } = source;
  let i = at;
  for (;;) {
    const code = codes[i];
    if (i >= end || code === undefined) return end;
    if (CLASSES[code]! & BLANK) i++;
    else if (code === BACKSLASH && (codes[i + 1] === LF || codes[i + 1] === CR)) i += codes[i + 1] === CR ? 3 : 2;
    else if (code === SLASH && codes[i + 1] === STAR) i = Math.min(endOfComment(source, i), end);
    else return i;
  }
}

function readDirective(
  source: Source,
  start: number,
  found: {
    list: ScriptDirective[];
    byStart: ReadonlyMap<number, number>;
    definitions: DefineDirective[];
    headers: LdHeader[];
  },
): number {
  const end = endOfDirective(source, start);
  const wordStart = skipBlanks(source, start + 1, end);
  const wordEnd = endOfRun(source.codes, wordStart, end, WORD);
  const word = source.slice(wordStart, wordEnd);
  const rest = skipBlanks(source, wordEnd, end);
  let kind: ScriptDirectiveKind = "other";
  let condition = ALWAYS;
  if (word === "if" || word === "elif") {
    kind = word;
    condition = readCondition(source.slice(rest, end));
  } else if (word === "ifdef" || word === "ifndef" || word === "elifdef" || word === "elifndef") {
    kind = word.startsWith("el") ? "elif" : "if";
    const name = source.slice(rest, endOfRun(source.codes, rest, end, WORD));
    const defined = definedCondition(name);
    condition = word.includes("n") ? not(defined) : defined;
  } else if (word === "else" || word === "endif" || word === "define" || word === "include") {
    kind = word;
  }
  const directive: ScriptDirective = { start, end, kind, condition, next: -1, first: -1, last: -1 };
  (found.byStart as Map<number, number>).set(start, found.list.length);
  found.list.push(directive);
  if (kind === "define") readDefinition(source, directive, rest, found.definitions);
  else if (kind === "include") readHeader(source, directive, rest, found.headers);
  return end;
}

/** #define name body, #define name(parameters) body */
function readDefinition(
  source: Source,
  directive: ScriptDirective,
  start: number,
  definitions: DefineDirective[],
): void {
  const { codes } = source;
  const { end } = directive;
  if (start >= end || !(CLASSES[codes[start]!]! & WORD_START)) return;
  const nameEnd = endOfRun(codes, start, end, WORD);
  let parameters: string[] | undefined;
  let bodyStart = nameEnd;
  if (codes[nameEnd] === 40 && nameEnd < end) {
    let close = nameEnd + 1;
    while (close < end && codes[close] !== 41) close++;
    parameters = cleanText(source, nameEnd + 1, close)
      .split(",")
      .map((parameter) => parameter.trim())
      .filter((parameter) => parameter !== "");
    bodyStart = Math.min(close + 1, end);
  }
  definitions.push({
    directive,
    name: source.slice(start, nameEnd),
    nameSpan: { start, end: nameEnd },
    parameters,
    body: { start: skipBlanks(source, bodyStart, end), end },
  });
}

/** #include "path", #include <path>, #include MACRO */
function readHeader(source: Source, directive: ScriptDirective, start: number, headers: LdHeader[]): void {
  const { codes } = source;
  const { end } = directive;
  const open = codes[start];
  if (start >= end) return;
  const close = open === 60 ? 62 : open === QUOTE ? QUOTE : undefined;
  const pathStart = close === undefined ? start : start + 1;
  let pathEnd = pathStart;
  if (close === undefined) pathEnd = endOfRun(codes, pathStart, end, WORD);
  else while (pathEnd < end && codes[pathEnd] !== close) pathEnd++;
  if (pathEnd === pathStart) return;
  headers.push({
    start: directive.start,
    end,
    path: source.slice(pathStart, pathEnd),
    angled: open === 60,
    pathSpan: { start: pathStart, end: pathEnd },
  });
}

/** The text without comments and continued lines, each run of blanks made one. */
function cleanText(source: Source, start: number, end: number): string {
  return source
    .slice(start, end)
    .replace(/\/\*[\s\S]*?(\*\/|$)|\/\/.*|\\\r?\n/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Links each #if to its #elif, #else and #endif. */
function linkConditionals(list: ScriptDirective[]): void {
  const open: number[][] = [];
  for (let i = 0; i < list.length; i++) {
    const directive = list[i]!;
    if (directive.kind === "if") {
      open.push([i]);
    } else if (directive.kind === "elif" || directive.kind === "else") {
      const branches = open.at(-1);
      if (branches === undefined) continue;
      list[branches.at(-1)!]!.next = i;
      directive.first = branches[0]!;
      branches.push(i);
    } else if (directive.kind === "endif") {
      const branches = open.pop();
      if (branches === undefined) continue;
      list[branches.at(-1)!]!.next = i;
      directive.first = branches[0]!;
      for (const branch of branches) list[branch]!.last = i;
    }
  }
}

/** What every linker script is preprocessed with, and what none is (Kbuild's cmd_cpp_lds_S; gcc for assembly). */
const ALWAYS_DEFINED: readonly string[] = ["__ASSEMBLY__", "__ASSEMBLER__", "LINKER_SCRIPT", "__LINKER__"];
const NEVER_DEFINED: readonly string[] = ["__cplusplus", "__GENKSYMS__", "__CHECKER__"];

const IN_SCRIPTS: Knowledge = {
  possible: () => ANY_VALUE,
  isDefined: (name) => (ALWAYS_DEFINED.includes(name) ? true : NEVER_DEFINED.includes(name) ? false : undefined),
};

/** True where the condition is false whenever a linker script is preprocessed, so that what it guards may be C. */
export function isNeverTrue(condition: Condition): boolean {
  return decide(condition, IN_SCRIPTS) === "no";
}

/** True where the condition holds whenever a linker script is preprocessed. */
export function isAlwaysTrue(condition: Condition): boolean {
  return decide(condition, IN_SCRIPTS) === "yes";
}

/** The index of the `#ifndef` that guards the whole file against being included twice, or -1. */
function includeGuard(
  list: readonly ScriptDirective[],
  definitions: readonly DefineDirective[],
  source: Source,
): number {
  const first = list[0];
  const second = list[1];
  if (first?.kind !== "if" || second?.kind !== "define" || first.last < 0 || first.last !== first.next) return -1;
  const definition = definitions.find((each) => each.directive === second);
  if (definition === undefined || first.condition.text !== not(definedCondition(definition.name)).text) return -1;
  const rest = source.slice(list[first.last]!.end, source.length);
  return first.last === list.length - 1 && cleanText(source, source.length - rest.length, source.length) === ""
    ? 0
    : -1;
}

/** A conditional that is open: what is around it, its branches before, and the present one. */
interface OpenConditional {
  readonly outer: Condition;
  readonly before: Condition[];
  now: Condition;
}

/** Longer chains of #elif are no longer told apart: nobody writes them. */
const MOST_BRANCHES = 64;

function allOf({ outer, before, now }: OpenConditional): Condition {
  return joinAll([outer, ...before, now]);
}

function findConditions(
  list: readonly ScriptDirective[],
  definitions: readonly DefineDirective[],
  source: Source,
): readonly LdCondition[] {
  const guard = includeGuard(list, definitions, source);
  const conditions: LdCondition[] = [{ start: 0, condition: "" }];
  const open: OpenConditional[] = [];
  list.forEach((directive, index) => {
    const top = open.at(-1);
    if (directive.kind === "if") {
      const now = index === guard ? ALWAYS : directive.condition;
      open.push({ outer: top === undefined ? ALWAYS : allOf(top), before: [], now });
    } else if (directive.kind === "elif" || directive.kind === "else") {
      if (top === undefined) return;
      if (top.before.length < MOST_BRANCHES) top.before.push(not(top.now));
      else top.before[MOST_BRANCHES] = UNTOLD;
      top.now = directive.kind === "elif" ? directive.condition : ALWAYS;
    } else if (directive.kind === "endif") {
      if (open.pop() === undefined) return;
    } else {
      return;
    }
    const inner = open.at(-1);
    conditions.push({ start: directive.end, condition: inner === undefined ? "" : allOf(inner).text });
  });
  return conditions;
}

/** The condition that the text at this offset is under; "" is none. */
export function conditionAt(conditions: readonly LdCondition[], offset: number): string {
  let low = 0;
  let high = conditions.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (conditions[middle]!.start <= offset) low = middle;
    else high = middle;
  }
  return conditions[low]?.condition ?? "";
}
