/**
 * Deletes expression statements such as `BUG_ON(!table);`, with the `if` around them where nothing else is left of it. It
 * works on text around the statement and understands no more than it says: anything else makes it give up.
 */

import type { TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { commentAbove } from "./declaration.ts";

/**
 * The edits that delete these calls as statements, or undefined where one of them is no statement of its own. All calls of
 * one file go in together, as an `if` can go only when all its branches do.
 */
export function removeStatements(source: Source, calls: readonly Span[]): TextEdit[] | undefined {
  const statements: Span[] = [];
  for (const call of calls) {
    const end = skipBlanks(source, call.end);
    if (source.codes[end] !== SEMICOLON) return undefined;
    statements.push({ start: call.start, end: end + 1 });
  }
  const edits: TextEdit[] = [];
  const done = new Set<number>();
  for (const statement of statements) {
    if (done.has(statement.start)) continue;
    const edit = removeOne(source, statement, statements, done);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return edits;
}

const SEMICOLON = 0x3b;
const CR = 0x0d;

function removeOne(
  source: Source,
  statement: Span,
  statements: readonly Span[],
  done: Set<number>,
): TextEdit | undefined {
  const before = lastCode(source, statement.start);
  if (before.char === ";" || before.char === "{" || before.char === "}") return removeLines(source, statement);
  if (before.char === ")") {
    const head = findIf(source, before.at);
    if (head === undefined) return undefined;
    const otherwise = findElse(source, statement.end);
    if (otherwise === undefined) {
      return isPure(source.slice(head.condition.start, head.condition.end))
        ? removeLines(source, { start: head.start, end: statement.end })
        : undefined;
    }
    const other = statements.find((one) => one.start === otherwise);
    if (other !== undefined && isPure(source.slice(head.condition.start, head.condition.end))) {
      done.add(other.start);
      return removeLines(source, { start: head.start, end: other.end });
    }
    return { ...statement, text: "{ }" };
  }
  if (before.word === "else") {
    // Another `else` behind it would be taken for this one's.
    if (findElse(source, statement.end) !== undefined) return undefined;
    // The branch before it stays; only the `else` goes. Were that branch to go as well, it would have taken this one along.
    const elseStart = before.at - 3;
    const end = lastCode(source, elseStart).at + 1;
    return { start: end, end: statement.end, text: "" };
  }
  return undefined;
}

/** The span as whole lines with a comment right above, and one of the two blank lines that would meet. */
function removeLines(source: Source, span: Span): TextEdit {
  let start = span.start;
  while (start > 0 && isBlank(source.codes[start - 1]!)) start--;
  let end = span.end;
  while (end < source.length && (isBlank(source.codes[end]!) || source.codes[end] === CR)) end++;
  const startsLine = start === 0 || source.codes[start - 1] === 10;
  const endsLine = end >= source.length || source.codes[end] === 10;
  if (!startsLine || !endsLine) return { ...span, text: "" };
  end = Math.min(end + 1, source.length);
  start = commentAbove(source, span.start)?.start ?? start;
  const lineAbove = /([^\n]?)\r?\n$/.exec(source.slice(Math.max(0, start - 3), start))?.[1];
  if (lineAbove === "" || lineAbove === "\r" || lineAbove === "{") {
    end += /^\r?\n/.exec(source.slice(end, end + 2))?.[0].length ?? 0;
  }
  return { start, end, text: "" };
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function skipBlanks(source: Source, offset: number): number {
  while (
    offset < source.length &&
    (isBlank(source.codes[offset]!) || source.codes[offset] === 10 || source.codes[offset] === CR)
  )
    offset++;
  return offset;
}

/** The last character before the offset that is neither blank nor comment, and the word that it ends. */
export function lastCode(
  source: Source,
  offset: number,
): { readonly at: number; readonly char: string; readonly word: string } {
  const from = Math.max(0, offset - 4000);
  const text = source
    .slice(from, offset)
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => " ".repeat(comment.length));
  const trimmed = text.trimEnd();
  const word = /[A-Za-z_]\w*$/.exec(trimmed)?.[0] ?? "";
  return { at: from + trimmed.length - 1, char: trimmed.at(-1) ?? "", word };
}

/** The `if (…)` whose closing parenthesis stands at the offset. */
function findIf(source: Source, close: number): { readonly start: number; readonly condition: Span } | undefined {
  let depth = 0;
  for (let i = close; i >= 0 && close - i < 4000; i--) {
    const char = source.codes[i];
    if (char === 0x22 || char === 0x27) return undefined;
    if (char === 0x29) depth++;
    else if (char === 0x28 && --depth === 0) {
      const before = lastCode(source, i);
      if (before.word !== "if") return undefined;
      const start = before.at - 1;
      const ahead = lastCode(source, start);
      const isStatement = ahead.char === ";" || ahead.char === "{" || ahead.char === "}";
      return isStatement ? { start, condition: { start: i + 1, end: close } } : undefined;
    }
  }
  return undefined;
}

/** Where the statement behind an `else` starts that follows at the offset. */
function findElse(source: Source, offset: number): number | undefined {
  const at = skipBlanks(source, offset);
  if (!/^else\b/.test(source.slice(at, at + 5))) return undefined;
  return skipBlanks(source, at + 4);
}

/** True for conditions that do nothing but look: names, numbers, comparisons, and questions to the configuration. */
function isPure(condition: string): boolean {
  return /^(?:\s|!|&&|\|\||[()]|[<>=!]=|[<>]|\b(?:IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE|defined)\s*\(\s*\w+\s*\)|\b[A-Za-z_]\w*\b(?!\s*\()|\b\d+\b)*$/.test(
    condition,
  );
}
