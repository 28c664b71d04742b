/** Edits that take statements out of a text, or leave a branch in the place of its `if`, with the lines' indentation. */

import type { Statement } from "../../syntax/c/code-tree.ts";
import type { TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { commentAbove } from "./declaration.ts";
import type { Node } from "./symbol-code.ts";

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const HASH = 35;
const BACKSLASH = 92;

/** Takes a statement out of a list, or leaves an empty one where one has to be. */
export function cutStatement(
  source: Source,
  statement: Statement,
  isInList: boolean,
  parent: Node | undefined,
): TextEdit {
  if (isInList) return removeLines(source, statement);
  if (parent?.kind === "if" && parent.otherwise === statement) {
    return { start: parent.then.end, end: statement.end, text: "" };
  }
  return { start: statement.start, end: statement.end, text: "{ }" };
}

/** The span as whole lines with a comment right above, and one of the two blank lines that would meet. */
export function removeLines(source: Source, span: Span): TextEdit {
  const { codes, length } = source;
  let start = span.start;
  while (start > 0 && isBlank(codes[start - 1]!)) start--;
  let end = span.end;
  while (end < length && (isBlank(codes[end]!) || codes[end] === CR)) end++;
  const startsLine = start === 0 || codes[start - 1] === LF;
  const endsLine = end >= length || codes[end] === LF;
  if (!startsLine || !endsLine || isSplicedBefore(source, start)) {
    return { start: span.start, end: endsLine ? span.end : end, text: "" };
  }
  end = Math.min(end + 1, length);
  start = commentAbove(source, span.start)?.start ?? start;
  const isBelowBlank = start > 0 && isBlankOrOpen(source, start - 1);
  if (isBelowBlank) {
    if (codes[end] === LF) end++;
    else if (codes[end] === CR && codes[end + 1] === LF) end += 2;
  }
  return { start, end, text: "" };
}

/** Whether the line that ends at the line feed is empty, or ends in an opening brace. */
function isBlankOrOpen({ codes }: Source, feed: number): boolean {
  const before = codes[feed - 1] === CR ? codes[feed - 2] : codes[feed - 1];
  return before === undefined || before === LF || before === 123;
}

function isSplicedBefore({ codes }: Source, lineStart: number): boolean {
  const before = codes[lineStart - 2] === CR ? codes[lineStart - 3] : codes[lineStart - 2];
  return before === BACKSLASH;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/**
 * Leaves a branch in the place of its `if`: a block without its braces, where it stands in a list and declares nothing. undefined
 * where it cannot stand there.
 */
export function unwrapStatement(
  source: Source,
  statement: Span,
  branch: Statement,
  isInList: boolean,
): TextEdit[] | undefined {
  if (branch.kind === "block" && !branch.hasBraces) return undefined;
  // An else behind it would go with an if that has none.
  if (!isInList && endsOpen(branch)) return undefined;
  const isUnwrapped = branch.kind === "block" && isInList && !branch.items.some(({ kind }) => kind === "declaration");
  const kept = isUnwrapped ? withinBraces(source, branch) : branch;
  return [
    { start: statement.start, end: kept.start, text: "" },
    ...indentAs(source, statement.start, kept),
    { start: kept.end, end: statement.end, text: "" },
  ];
}

/** Whether the statement ends with an `if` that has no else. */
function endsOpen(statement: Statement): boolean {
  switch (statement.kind) {
    case "if":
      return statement.otherwise === undefined || endsOpen(statement.otherwise);
    case "while":
    case "for":
    case "switch":
    case "controlled":
      return endsOpen(statement.body);
    default:
      return false;
  }
}

/** What stands between the braces, blanks around it left out. */
function withinBraces({ codes }: Source, block: Span): Span {
  let start = block.start + 1;
  let end = block.end - 1;
  const isSpace = (code: number) => isBlank(code) || code === LF || code === CR || code === BACKSLASH;
  while (start < end && isSpace(codes[start]!)) start++;
  while (end > start && isSpace(codes[end - 1]!)) end--;
  return { start, end };
}

/** Gives the lines of a span the indentation of the line where another offset stands. */
function indentAs(source: Source, model: number, span: Span): TextEdit[] {
  const { codes } = source;
  const wanted = indentOf(source, model);
  const own = indentOf(source, span.start);
  if (wanted === undefined || own === undefined || own === wanted) return [];
  const edits: TextEdit[] = [];
  for (let at = span.start; at < span.end; at++) {
    if (codes[at] !== LF) continue;
    const line = at + 1;
    if (codes[line] === HASH || source.slice(line, line + own.length) !== own || line + own.length > span.end) continue;
    edits.push({ start: line, end: line + own.length, text: wanted });
  }
  return edits;
}

/** The blanks at the start of the line, where nothing else stands before the offset. */
function indentOf(source: Source, offset: number): string | undefined {
  let start = offset;
  while (start > 0 && isBlank(source.codes[start - 1]!)) start--;
  return start === 0 || source.codes[start - 1] === LF ? source.slice(start, offset) : undefined;
}

/** Whether a line of the preprocessor's stands in the span. */
export function holdsDirectiveLine({ codes }: Source, { start, end }: Span): boolean {
  for (let at = start; at < end; at++) {
    if (codes[at] !== LF && at !== 0) continue;
    let next = codes[at] === LF ? at + 1 : at;
    while (next < end && isBlank(codes[next]!)) next++;
    if (next < end && codes[next] === HASH) return true;
  }
  return false;
}
