/**
 * The stretches of a file that the configuration leaves out, for editors to fade. It reads conditional directives alone, which
 * are alike in C, assembly and linker scripts, and decides nothing that syntax/condition/condition.ts does not.
 */

import type { Program } from "../linkage/symbols/program.ts";
import {
  conditionText,
  isDead,
  nextBranch,
  openConditions,
  popCondition,
  pushCondition,
  type Test,
} from "../syntax/c/conditions.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";

export interface InactiveCode {
  /** Whole lines between two directives, without the last line break. */
  readonly span: Span;
  /** The condition that does not hold; "" for `#if 0`. */
  readonly condition: string;
}

/**
 * What is left out, in order. Nothing where the program is not narrowed to a configuration, and nothing in a file that is not
 * built in it, all of which would be faded.
 */
export function findInactiveCode(path: string, source: Source, program: Program): readonly InactiveCode[] {
  if (program.narrowing?.configuration === undefined || !program.isActive(path, { condition: "" })) return [];
  const conditions = openConditions(source);
  const found: InactiveCode[] = [];
  let from = 0;

  function close(end: number): void {
    if (conditions.open.length === 0 || end <= from) return;
    const span = { start: from, end: end - 1 };
    if (!/\S/.test(source.slice(span.start, span.end))) return;
    const condition = conditionText(conditions);
    if (conditions.open.some(isDead) || !program.isActive(path, { condition })) found.push({ span, condition });
  }

  for (const directive of conditionalDirectives(source)) {
    close(directive.line);
    if (directive.kind === "endif") popCondition(conditions);
    else if (directive.kind === "if") pushCondition(conditions, directive.test, directive.start, directive.end);
    else nextBranch(conditions, directive.test, directive.start, directive.end);
    from = Math.min(directive.end + 1, source.length);
  }
  return found;
}

interface Directive {
  readonly kind: "if" | "else" | "endif";
  readonly test: Test;
  /** Where its line starts. */
  readonly line: number;
  /** What it asks, up to the line break. */
  readonly start: number;
  readonly end: number;
}

const LF = 10;
const HASH = 35;
const SLASH = 47;
const STAR = 42;
const QUOTE = 34;
const BACKSLASH = 92;

/** The conditional directives of a text. Comments and strings are passed over. */
function* conditionalDirectives(source: Source): Generator<Directive> {
  const { codes, length } = source;
  let at = 0;
  while (at < length) {
    const line = at;
    while (at < length && isBlank(codes[at]!)) at++;
    if (codes[at] === HASH) {
      const end = lineEnd(codes, at, length);
      const directive = readDirective(source, line, at + 1, end);
      if (directive !== undefined) yield directive;
    }
    at = skipLine(codes, at, length);
  }
}

function readDirective(source: Source, line: number, from: number, end: number): Directive | undefined {
  const match = /^[ \t]*(if|ifdef|ifndef|elif|else|endif)\b/.exec(source.slice(from, Math.min(end, from + 64)));
  if (match === null) return undefined;
  const word = match[1]!;
  const start = from + match[0].length;
  const kind = word === "endif" ? "endif" : word.startsWith("el") ? "else" : "if";
  const test: Test = word === "ifdef" || word === "ifndef" || word === "else" ? word : "if";
  return { kind, test, line, start, end };
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 12;
}

/** The end of the line with those that a backslash continues. */
function lineEnd(codes: Uint8Array, from: number, length: number): number {
  let at = from;
  while (at < length && (codes[at] !== LF || isContinued(codes, at))) at++;
  return at;
}

function isContinued(codes: Uint8Array, newline: number): boolean {
  return codes[newline - 1] === BACKSLASH || (codes[newline - 1] === 13 && codes[newline - 2] === BACKSLASH);
}

/** The start of the next line that lies in no comment. */
function skipLine(codes: Uint8Array, from: number, length: number): number {
  let at = from;
  while (at < length) {
    const code = codes[at]!;
    if (code === LF && !isContinued(codes, at)) return at + 1;
    if (code === SLASH && codes[at + 1] === STAR) {
      at += 2;
      while (at < length && (codes[at] !== STAR || codes[at + 1] !== SLASH)) at++;
      at += 2;
    } else if (code === SLASH && codes[at + 1] === SLASH) {
      return Math.min(length, lineEnd(codes, at, length) + 1);
    } else if (code === QUOTE) at = skipString(codes, at + 1, length);
    else at++;
  }
  return length;
}

/** Behind the closing quote; the line's end where there is none. */
function skipString(codes: Uint8Array, from: number, length: number): number {
  let at = from;
  while (at < length && codes[at] !== LF) {
    if (codes[at] === QUOTE) return at + 1;
    at += codes[at] === BACKSLASH ? 2 : 1;
  }
  return Math.min(at, length);
}
