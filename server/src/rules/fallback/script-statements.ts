/** Edits of a linker script's statements: taking some out, with their lines where nothing else stands there. */

import { commentsOf } from "../../syntax/ld/comments.ts";
import type { LdAssignment, LdScript } from "../../syntax/ld/tree.ts";
import { nodesOf } from "../../syntax/ld/walk.ts";
import type { TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const BACKSLASH = 0x5c;

/** The assignment whose symbol's name starts at the offset, wherever in the script it stands. */
export function assignmentAt(script: LdScript, offset: number): LdAssignment | undefined {
  return nodesOf(script).find(
    (node) => node.kind === "assignment" && node.target.start + (node.target.quoted ? 1 : 0) === offset,
  ) as LdAssignment | undefined;
}

/**
 * Takes statements out, in the order of the text. Lines on which nothing else stands go as a whole; of a macro's last lines the
 * backslash above goes as well, so that the macro ends where it ended.
 */
export function cutAssignments(script: LdScript, statements: readonly Span[]): TextEdit[] {
  const { source } = script;
  const spans: Span[] = [];
  for (const statement of statements) {
    const span = wholeLines(source, statement, commentsOf(script));
    const last = spans.at(-1);
    if (last !== undefined && last.end >= span.start) spans[spans.length - 1] = { start: last.start, end: span.end };
    else spans.push(span);
  }
  return spans.map((span) => ({ ...withoutContinuation(source, span), text: "" }));
}

/**
 * The span as whole lines with the last one's end, a comment behind it included; where something else stands there, with the blanks
 * before it alone.
 */
function wholeLines({ codes, length }: Source, { start, end }: Span, comments: readonly Span[]): Span {
  let from = start;
  while (from > 0 && isBlank(codes[from - 1])) from--;
  let to = skipBlanks(codes, end, length);
  const comment = comments.find((one) => one.start === to);
  if (comment !== undefined && !codes.subarray(to, comment.end).includes(LF))
    to = skipBlanks(codes, comment.end, length);
  if (codes[to] === BACKSLASH && lineEndAt(codes, to + 1) > 0) to++;
  const newline = to >= length ? 0 : lineEndAt(codes, to);
  const startsLine = from === 0 || codes[from - 1] === LF;
  if (startsLine && (newline > 0 || to >= length)) return { start: from, end: to + newline };
  return { start: from, end };
}

/** Where the lines that go end a macro whose line above goes on into them, that one ends it now. */
function withoutContinuation({ codes }: Source, span: Span): Span {
  const { start, end } = span;
  if (start === 0 || codes[start - 1] !== LF) return span;
  const isContinued = codes[end - 1] === LF && codes[codes[end - 2] === CR ? end - 3 : end - 2] === BACKSLASH;
  let at = start - 1;
  if (codes[at - 1] === CR) at--;
  if (isContinued || codes[at - 1] !== BACKSLASH) return span;
  at--;
  while (at > 0 && isBlank(codes[at - 1])) at--;
  const newline = codes[end - 1] !== LF ? 0 : codes[end - 2] === CR ? 2 : 1;
  return { start: at, end: end - newline };
}

function skipBlanks(codes: Uint8Array, start: number, length: number): number {
  let at = start;
  while (at < length && isBlank(codes[at])) at++;
  return at;
}

function isBlank(code: number | undefined): boolean {
  return code === SPACE || code === TAB;
}

/** How long the line's end at the offset is, 0 where there is none. */
function lineEndAt(codes: Uint8Array, at: number): number {
  if (codes[at] === LF) return 1;
  return codes[at] === CR && codes[at + 1] === LF ? 2 : 0;
}
