/**
 * The formatter of linker scripts. It changes white space and nothing else: the indentation of lines, blanks around
 * operators and braces, blanks at the ends of lines, empty lines in a row. Lines are never joined or split, columns that
 * somebody has aligned within a line stay, and preprocessor lines with their macros' bodies are left as they are.
 *
 * To ld a blank can be the end of a name, so a change counts only if the tokens behind it are the same as before.
 */

import { applyEdits, type TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import { sourceOfText } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import type { RecordedToken, Recorder } from "./cursor.ts";
import { findDirectives } from "./directives.ts";
import { parseLinkerScript, type ScriptParseOptions } from "./parser.ts";
import type { LdScript, LdStatement } from "./tree.ts";

export interface FormatOptions {
  /** Indents by blanks rather than tabs. */
  readonly insertSpaces: boolean;
  /** How many columns a level of indentation is, and a tab reaches. */
  readonly tabSize: number;
}

const DEFAULT_OPTIONS: FormatOptions = { insertSpaces: false, tabSize: 8 };

/**
 * The edits that format a script, or those of them that touch the lines of `range`. A script with syntax errors gets none.
 */
export function formatLinkerScript(
  script: LdScript,
  options: FormatOptions = DEFAULT_OPTIONS,
  range?: Span,
): TextEdit[] {
  if (script.errors.some((error) => error.kind !== "character")) return [];
  const { source, preprocessed } = script;
  const reading: ScriptParseOptions = { preprocessed, context: script.context, template: script.template };
  const before = record(source, reading);
  const edits = [...layOutLines(script, before, options), ...spaceTokens(source, before)];
  edits.sort((a, b) => a.start - b.start);
  const text = source.slice(0, source.length);
  const formatted = applyEdits(text, edits);
  if (formatted === undefined || !hasSameTokens(text, before, formatted, reading)) return [];
  return range === undefined ? edits : edits.filter((edit) => touchesLines(text, edit, range));
}

function record(source: Source, options: ScriptParseOptions): Recorder {
  const recorder: Recorder = { tokens: [], starts: new Set(), infix: new Set(), skipped: [] };
  parseLinkerScript(source, { ...options, recorder });
  return recorder;
}

function hasSameTokens(text: string, before: Recorder, formatted: string, reading: ScriptParseOptions): boolean {
  const after = record(sourceOfText(formatted), reading);
  const bare = (from: string, token: RecordedToken): string => from.slice(token.start, token.end).replace(/\s+/g, " ");
  return (
    before.tokens.length === after.tokens.length &&
    before.tokens.every((token, index) => {
      const other = after.tokens[index]!;
      return token.type === other.type && bare(text, token) === bare(formatted, other);
    })
  );
}

function touchesLines(text: string, edit: TextEdit, range: Span): boolean {
  const lineStart = text.lastIndexOf("\n", Math.max(0, range.start - 1)) + 1;
  const found = text.indexOf("\n", range.end);
  const lineEnd = found < 0 ? text.length : found;
  return edit.start >= lineStart && edit.end <= lineEnd;
}

// Blanks within lines

const BLANKS = /^[ \t]*$/;

/** Blanks between tokens of one line: added where they are wanted, taken away where they never are. */
function spaceTokens(source: Source, { tokens, infix }: Recorder): TextEdit[] {
  const edits: TextEdit[] = [];
  for (let i = 1; i < tokens.length; i++) {
    const left = tokens[i - 1]!;
    const right = tokens[i]!;
    const gap = source.slice(left.end, right.start);
    if (!BLANKS.test(gap)) continue;
    const wanted = wantedGap(left, right, infix);
    if (wanted === "none" && gap !== "") edits.push({ start: left.end, end: right.start, text: "" });
    else if (wanted === "some" && gap === "") edits.push({ start: left.end, end: left.end, text: " " });
  }
  return edits;
}

function wantedGap(left: RecordedToken, right: RecordedToken, infix: ReadonlySet<number>): "none" | "some" | "any" {
  if (right.type === ";" || right.type === ")" || left.type === "(") return "none";
  if (infix.has(left.start) || infix.has(right.start)) return "some";
  if (left.type === "{" && right.type === "}") return "any";
  if (left.type === "{" || right.type === "}" || right.type === "{") return "some";
  if (left.type === "}") return right.type === "," ? "any" : "some";
  return left.type === "," ? "some" : "any";
}

// Lines

/** What a line begins with, and so how it is indented. */
type LineStart = "statement" | "brace" | "closing" | "continuation" | "fixed";

interface Walk {
  readonly source: Source;
  readonly options: FormatOptions;
  readonly edits: TextEdit[];
  /** How far the statement or comment at hand was moved, in columns. */
  shift: number;
}

function layOutLines(script: LdScript, recorder: Recorder, options: FormatOptions): TextEdit[] {
  const { source } = script;
  const walk: Walk = { source, options, edits: [], shift: 0 };
  const { tokens, starts } = recorder;
  const fixed = fixedSpans(script, recorder.skipped);
  const comments = findComments(source, tokens, fixed);
  const versions = spansOf(script.statements, "version");
  const textEnd = endOfText(source);
  let token = 0;
  let depth = 0;
  let emptyLines = 0;
  let at = 0;
  while (at < source.length) {
    const lineEnd = endOfLine(source, at);
    const first = skipBlanks(source, at, lineEnd);
    // Tokens that end before this line: they tell how deep it is.
    for (; token < tokens.length && tokens[token]!.start < first; token++) depth = depthBehind(tokens[token]!, depth);
    const next = tokens[token];
    const previous = tokens[token - 1];
    const within = previous !== undefined && previous.end > at ? previous : undefined;
    const isEmpty = first >= lineEnd;
    const isInComment = isInside(comments, first);
    if (isWithin(fixed, at) || isWithin(fixed, first) || (within !== undefined && within.type !== "arguments")) {
      emptyLines = 0;
    } else if (isEmpty && within === undefined && !isInComment) {
      emptyLines++;
      const isSuperfluous = emptyLines > 1 || at >= textEnd;
      if (isSuperfluous)
        walk.edits.push({ start: at, end: Math.min(afterLine(source, lineEnd), source.length), text: "" });
      else if (lineEnd > at) walk.edits.push({ start: at, end: lineEnd, text: "" });
    } else {
      emptyLines = 0;
      const isContinued = within !== undefined || isInComment;
      const start = isContinued ? "continuation" : startOf(source, { next, first, starts, versions });
      if (start !== "fixed") indent(walk, at, first, start, start === "closing" ? depth - 1 : depth);
      trimEnd(walk, Math.max(first, at), lineEnd);
    }
    at = afterLine(source, lineEnd);
  }
  finishLast(walk);
  return walk.edits;
}

interface Place {
  readonly next: RecordedToken | undefined;
  readonly first: number;
  readonly starts: ReadonlySet<number>;
  readonly versions: readonly Span[];
}

function startOf(source: Source, { next, first, starts, versions }: Place): LineStart {
  const isClosing = next?.start === first && next.type === "}";
  if (isWithin(versions, first) && !starts.has(first) && !isClosing) return "continuation";
  if (source.codes[first] === 47 && source.codes[first + 1] === 42) {
    const endsStatement = next === undefined || starts.has(next.start) || next.type === "}";
    return endsStatement ? "statement" : "continuation";
  }
  if (next?.start !== first) return "fixed";
  if (starts.has(first)) return "statement";
  if (next.type === "{") return "brace";
  return next.type === "}" ? "closing" : "continuation";
}

function indent(walk: Walk, lineStart: number, first: number, start: LineStart, depth: number): void {
  const { source, options } = walk;
  const column = columnOf(source, lineStart, first, options.tabSize);
  let wanted = Math.max(0, depth) * options.tabSize;
  if (start === "continuation") wanted = Math.max(0, column + walk.shift);
  else walk.shift = wanted - column;
  const blanks = options.insertSpaces
    ? " ".repeat(wanted)
    : "\t".repeat(Math.floor(wanted / options.tabSize)) + " ".repeat(wanted % options.tabSize);
  if (source.slice(lineStart, first) !== blanks) walk.edits.push({ start: lineStart, end: first, text: blanks });
}

function trimEnd(walk: Walk, from: number, lineEnd: number): void {
  const { codes } = walk.source;
  let end = lineEnd;
  while (end > from && (codes[end - 1] === 32 || codes[end - 1] === 9)) end--;
  if (end < lineEnd) walk.edits.push({ start: end, end: lineEnd, text: "" });
}

/** The last line ends too. */
function finishLast({ source, edits }: Walk): void {
  const { length, codes } = source;
  if (length > 0 && codes[length - 1] !== 10) edits.push({ start: length, end: length, text: "\n" });
}

/** The offset behind the last character that is no white space. */
function endOfText({ codes, length }: Source): number {
  let end = length;
  while (end > 0 && codes[end - 1]! <= 32) end--;
  return end;
}

function depthBehind(token: RecordedToken, depth: number): number {
  if (token.type === "{") return depth + 1;
  return token.type === "}" ? Math.max(0, depth - 1) : depth;
}

function columnOf(source: Source, lineStart: number, first: number, tabSize: number): number {
  let column = 0;
  for (let i = lineStart; i < first; i++)
    column = source.codes[i] === 9 ? column + tabSize - (column % tabSize) : column + 1;
  return column;
}

/** Where a line's text ends, before its \n or \r\n. */
function endOfLine(source: Source, at: number): number {
  const { codes, length } = source;
  let end = at;
  while (end < length && codes[end] !== 10) end++;
  return end > at && codes[end - 1] === 13 ? end - 1 : end;
}

function afterLine(source: Source, lineEnd: number): number {
  return lineEnd + (source.codes[lineEnd] === 13 ? 2 : 1);
}

function skipBlanks(source: Source, at: number, end: number): number {
  let i = at;
  while (i < end && (source.codes[i] === 32 || source.codes[i] === 9)) i++;
  return i;
}

/** The comments of a script in order, found between its tokens and beside its fixed spans. */
function findComments(source: Source, tokens: readonly RecordedToken[], fixed: readonly Span[]): readonly Span[] {
  const { codes, length } = source;
  const comments: Span[] = [];
  const passed = [...tokens, ...fixed].sort((a, b) => a.start - b.start);
  let next = 0;
  let at = 0;
  while (at < length) {
    while (next < passed.length && passed[next]!.end <= at) next++;
    const span = passed[next];
    if (span !== undefined && span.start <= at) {
      at = Math.max(span.end, at + 1);
    } else if (codes[at] === 47 && codes[at + 1] === 42) {
      const start = at;
      at += 2;
      while (at < length && !(codes[at] === 42 && codes[at + 1] === 47)) at++;
      at = Math.min(at + 2, length);
      comments.push({ start, end: at });
    } else if (codes[at] === 35 || (codes[at] === 47 && codes[at + 1] === 47)) {
      at = endOfLine(source, at);
      if (codes[at] === 13) at++;
    } else {
      at++;
    }
  }
  return comments;
}

/** Preprocessor lines, and the branches that were not read as part of the script; merged where they overlap. */
function fixedSpans(script: LdScript, skipped: readonly Span[]): readonly Span[] {
  if (!script.preprocessed) return [];
  const spans = [...findDirectives(script.source).list, ...script.branches, ...skipped];
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

function spansOf(statements: readonly LdStatement[], kind: LdStatement["kind"]): readonly Span[] {
  return statements.filter((statement) => statement.kind === kind);
}

/** The span that covers the offset or ends there; the spans are sorted and apart. */
function spanAt(spans: readonly Span[], offset: number): Span | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle]!.end < offset) low = middle + 1;
    else high = middle;
  }
  const span = spans[low];
  return span !== undefined && span.start <= offset ? span : undefined;
}

function isWithin(spans: readonly Span[], offset: number): boolean {
  return spanAt(spans, offset) !== undefined;
}

/** True where a span began before the offset and still goes on. */
function isInside(spans: readonly Span[], offset: number): boolean {
  const span = spanAt(spans, offset);
  return span !== undefined && span.start < offset && offset < span.end;
}
