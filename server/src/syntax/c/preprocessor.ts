/**
 * Reads directive lines: keeps the #if branches up to date, steps over branches that no C compilation takes, and collects
 * #include and #pragma weak; #define lines it hands on (defines.ts). It expands nothing.
 */

import type { Source } from "../../text/source.ts";
import {
  isDirectiveAt,
  quoteBit,
  skipBlanks,
  skipBlockComment,
  skipClosedLiteral,
  skipLineComment,
  skipToLineEnd,
  skipWord,
} from "./bytes.ts";
import { APOSTROPHE, HASH, isWordStart, LF, QUOTE, SLASH, STAR } from "./codes.ts";
import { conditionText, isDead, nextBranch, openConditions, popCondition, pushCondition } from "./conditions.ts";
import { type Defines, readDefine } from "./defines.ts";
import { isWordAt } from "./keywords.ts";
import { wordText } from "./lexer.ts";
import type { CInclude, CWeakPragma } from "./tree.ts";

/** What a directive does to the text around it. */
export const DIRECTIVE = { other: 0, open: 1, next: 2, close: 3, include: 4, define: 5 } as const;

export interface Preprocessor extends Defines {
  readonly includes: CInclude[];
  readonly weakPragmas: CWeakPragma[];
  /** #pragma redefine_extname and #undef, in order: with the #defines of one word they say what names become. */
  readonly renames: Rename[];
  /** Whether a first #ifndef may be the include guard of the whole file. */
  readonly allowsGuard: boolean;
  /** The name that the first #ifndef of the file asks for, until the next directive shows whether it is a guard; or "". */
  guardName: string;
  /** Nothing but comments stood before the next directive. */
  isAtStart: boolean;
  /** Where the include guard's #endif ended, or -1. Anything behind it proves that it was no guard of the whole file. */
  guardEnd: number;
  /** What {@link readDirective} read last; see {@link DIRECTIVE}. */
  directive: number;
}

/** From `at` on, the name is another one; or itself again, after an #undef. */
export interface Rename {
  readonly at: number;
  readonly name: string;
  readonly to: string | undefined;
  readonly condition: string;
  /** By a pragma: a function that is defined without a declaration before keeps its name (gcc). */
  readonly isPragma?: boolean;
}

export function openPreprocessor(source: Source, allowsGuard: boolean): Preprocessor {
  return {
    source,
    conditions: openConditions(source),
    includes: [],
    defines: [],
    makers: [],
    assembly: [],
    pastes: [],
    weakPragmas: [],
    renames: [],
    blanks: [],
    allowsGuard,
    guardName: "",
    isAtStart: true,
    guardEnd: -1,
    directive: DIRECTIVE.other,
  };
}

/** Reads the directive whose `#` stands at the offset and gives the offset behind it: of the line feed, or of the end. */
export function readDirective(preprocessor: Preprocessor, at: number): number {
  const { source } = preprocessor;
  const { codes, length } = source;
  const start = skipBlanks(codes, at + 1, length);
  const stop = skipWord(codes, start, length);
  const wasAtStart = preprocessor.isAtStart;
  preprocessor.isAtStart = false;
  preprocessor.directive = DIRECTIVE.other;
  if (preprocessor.guardName !== "") checkGuard(preprocessor, start, stop);
  switch (codes[start]) {
    case 100: // d
      if (isWordAt(codes, start, stop, "define")) {
        preprocessor.directive = DIRECTIVE.define;
        return readDefine(preprocessor, stop);
      }
      break;
    case 101: // e
      if (isWordAt(codes, start, stop, "endif")) return readEndif(preprocessor, stop);
      if (isWordAt(codes, start, stop, "else")) return readBranch(preprocessor, "else", stop);
      if (isWordAt(codes, start, stop, "elif")) return readBranch(preprocessor, "if", stop);
      if (isWordAt(codes, start, stop, "elifdef")) return readBranch(preprocessor, "ifdef", stop);
      if (isWordAt(codes, start, stop, "elifndef")) return readBranch(preprocessor, "ifndef", stop);
      break;
    case 105: // i
      if (isWordAt(codes, start, stop, "include") || isWordAt(codes, start, stop, "include_next")) {
        return readInclude(preprocessor, stop);
      }
      if (isWordAt(codes, start, stop, "if")) return readIf(preprocessor, "if", stop, wasAtStart);
      if (isWordAt(codes, start, stop, "ifdef")) return readIf(preprocessor, "ifdef", stop, false);
      if (isWordAt(codes, start, stop, "ifndef")) return readIf(preprocessor, "ifndef", stop, wasAtStart);
      break;
    case 112: // p
      if (isWordAt(codes, start, stop, "pragma")) {
        // `#pragma once` may stand before or beside a guard.
        preprocessor.isAtStart = wasAtStart;
        return readPragma(preprocessor, stop);
      }
      break;
    case 117: // u
      if (isWordAt(codes, start, stop, "undef")) return readUndef(preprocessor, stop);
      break;
  }
  return skipToLineEnd(codes, stop, length);
}

/** A file's first #ifndef is its guard if the next directive defines the same name (C practice; cpp's own optimisation too). */
function checkGuard(preprocessor: Preprocessor, start: number, stop: number): void {
  const { source } = preprocessor;
  const { codes, length } = source;
  const name = preprocessor.guardName;
  preprocessor.guardName = "";
  if (!isWordAt(codes, start, stop, "define")) return;
  const from = skipBlanks(codes, stop, length);
  if (source.slice(from, skipWord(codes, from, length)) !== name) return;
  const innermost = preprocessor.conditions.open.at(-1);
  if (innermost === undefined || preprocessor.conditions.open.length !== 1) return;
  innermost.isGuard = true;
  preprocessor.conditions.isTextKnown = false;
}

function readIf(preprocessor: Preprocessor, test: "if" | "ifdef" | "ifndef", at: number, mayGuard: boolean): number {
  const { source, conditions } = preprocessor;
  const end = skipToLineEnd(source.codes, at, source.length);
  const opened = pushCondition(conditions, test, at, end);
  preprocessor.directive = DIRECTIVE.open;
  if (mayGuard && preprocessor.allowsGuard) preprocessor.guardName = guardNameOf(source, test, at, end);
  return isDead(opened) ? skipDeadBranch(preprocessor, end) : end;
}

/** The X of `#ifndef X`, `#if !defined(X)` and `#if !defined(X) || defined(Y)`, as trace headers have it. */
function guardNameOf(source: Source, test: "if" | "ifdef" | "ifndef", start: number, end: number): string {
  if (end - start > 200) return "";
  const text = source.slice(start, end).trim();
  const match = test === "ifndef" ? /^(\w+)/.exec(text) : /^!\s*defined\s*\(?\s*(\w+)/.exec(text);
  return match?.[1] ?? "";
}

function readBranch(preprocessor: Preprocessor, test: "if" | "ifdef" | "ifndef" | "else", at: number): number {
  const { source, conditions } = preprocessor;
  const end = skipToLineEnd(source.codes, at, source.length);
  const opened = nextBranch(conditions, test, at, end);
  if (opened === undefined) return end;
  if (opened.isGuard) preprocessor.guardEnd = at;
  preprocessor.directive = DIRECTIVE.next;
  return isDead(opened) ? skipDeadBranch(preprocessor, end) : end;
}

function readEndif(preprocessor: Preprocessor, at: number): number {
  const { source, conditions } = preprocessor;
  const closed = popCondition(conditions);
  const end = skipToLineEnd(source.codes, at, source.length);
  if (closed === undefined) return end;
  if (closed.isGuard) preprocessor.guardEnd = end;
  preprocessor.directive = DIRECTIVE.close;
  return end;
}

/**
 * From the end of the line that opens a dead branch to the `#` of the directive that ends it. The line feed before that
 * `#` is what the caller goes on with, so it reads the directive as any other.
 */
function skipDeadBranch(preprocessor: Preprocessor, at: number): number {
  const { codes, length } = preprocessor.source;
  let nested = 0;
  let open = 0;
  let i = at;
  while (i < length) {
    const code = codes[i];
    if (code === HASH && isDirectiveAt(codes, i)) {
      const start = skipBlanks(codes, i + 1, length);
      const stop = skipWord(codes, start, length);
      if (codes[start] === 105 && codes[start + 1] === 102)
        nested++; // if, ifdef, ifndef
      else if (codes[start] === 101) {
        if (isWordAt(codes, start, stop, "endif")) {
          if (nested === 0) return i;
          nested--;
        } else if (nested === 0 && codes[start + 1] === 108) return i; // else, elif
      }
      i = skipToLineEnd(codes, stop, length);
    } else if (code === SLASH && codes[i + 1] === STAR) i = skipBlockComment(codes, i, length);
    else if (code === SLASH && codes[i + 1] === SLASH) i = skipLineComment(codes, i, length);
    else if (code === QUOTE || code === APOSTROPHE) {
      const behind = skipClosedLiteral(codes, i, length, open);
      if (behind === i + 1) open |= quoteBit(codes, i);
      i = behind;
    } else {
      if (code === LF) open = 0;
      i++;
    }
  }
  return length;
}

/** `#include "path"` and `#include <path>`; one that a macro makes names no file here. */
function readInclude(preprocessor: Preprocessor, at: number): number {
  const { source, conditions, includes } = preprocessor;
  const { codes, length } = source;
  preprocessor.directive = DIRECTIVE.include;
  const start = skipBlanks(codes, at, length);
  const end = skipToLineEnd(codes, at, length);
  const closing = codes[start] === QUOTE ? QUOTE : codes[start] === 60 ? 62 : 0;
  if (closing === 0) return end;
  let stop = start + 1;
  while (stop < end && codes[stop] !== closing) stop++;
  if (stop < end && stop > start + 1) {
    const path = source.slice(start + 1, stop);
    const condition = conditionText(conditions);
    includes.push({ start, end: stop + 1, path, angled: closing === 62, condition });
  }
  // A path such as <asm/*.h> opens no comment, so the line ends where its own line feed is.
  return stop < end ? skipToLineEnd(codes, stop + 1, length) : end;
}

function readUndef({ source, renames }: Preprocessor, at: number): number {
  const { codes, length } = source;
  const start = skipBlanks(codes, at, length);
  const stop = skipWord(codes, start, length);
  if (stop > start) renames.push({ at: start, name: wordText(source, start, stop), to: undefined, condition: "" });
  return skipToLineEnd(codes, stop, length);
}

/** `#pragma weak name` and `#pragma weak name = target` (GCC, Weak Pragmas). */
function readPragma(preprocessor: Preprocessor, at: number): number {
  const { source } = preprocessor;
  const { codes, length } = source;
  const end = skipToLineEnd(codes, at, length);
  const start = skipBlanks(codes, at, length);
  const stop = skipWord(codes, start, length);
  if (isWordAt(codes, start, stop, "weak")) readWeakPragma(preprocessor, stop, end);
  else if (isWordAt(codes, start, stop, "redefine_extname")) readRedefinition(preprocessor, stop, end);
  return end;
}

/** `redefine_extname old new` (GCC, Symbol-Renaming Pragmas). */
function readRedefinition({ source, conditions, renames }: Preprocessor, at: number, end: number): void {
  const { codes } = source;
  const start = skipBlanks(codes, at, end);
  const stop = skipWord(codes, start, end);
  const from = skipBlanks(codes, stop, end);
  const to = skipWord(codes, from, end);
  if (stop === start || to === from) return;
  const name = wordText(source, start, stop);
  renames.push({
    at: start,
    name,
    to: wordText(source, from, to),
    condition: conditionText(conditions),
    isPragma: true,
  });
}

/** What follows the word `weak` of a pragma, in a directive or in the string of `_Pragma("weak …")`. */
export function readWeakPragma(preprocessor: Preprocessor, at: number, end: number): void {
  const { source, conditions, weakPragmas } = preprocessor;
  const { codes } = source;
  const start = skipBlanks(codes, at, end);
  const stop = skipWord(codes, start, end);
  if (stop === start || !isWordStart(codes[start]!)) return;
  const equals = skipBlanks(codes, stop, end);
  let target: string | undefined;
  let last = stop;
  if (codes[equals] === 61 && equals < end) {
    const from = skipBlanks(codes, equals + 1, end);
    const to = skipWord(codes, from, end);
    if (to > from) {
      target = wordText(source, from, to);
      last = to;
    }
  }
  const name = wordText(source, start, stop);
  const condition = conditionText(conditions);
  weakPragmas.push({ start, end: last, name, nameSpan: { start, end: stop }, target, condition });
}
