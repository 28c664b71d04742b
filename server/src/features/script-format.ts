/** Formatting of linker scripts: what the editor asks for, made into options that the formatter can stand. */

import { type FormatOptions, formatLinkerScript } from "../syntax/ld/format.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import type { TextEdit } from "../text/edit.ts";
import type { Span } from "../text/span.ts";

/** Editors let people type any number; what is beyond these is a slip. */
const WIDEST_TAB = 32;

/**
 * The edits that format the script, or the lines that `range` touches. Each replaces white space by white space. None where
 * the script has a syntax error: its blocks would be indented by guess.
 */
export function formatScript(script: LdScript, wanted: FormatOptions, range?: Span): TextEdit[] {
  const tabSize = Number.isFinite(wanted.tabSize) ? Math.min(WIDEST_TAB, Math.max(1, Math.trunc(wanted.tabSize))) : 8;
  const options: FormatOptions = { insertSpaces: wanted.insertSpaces, tabSize };
  // A selection of whole lines ends before the first character of the line behind it.
  const isWholeLines = range !== undefined && range.end > range.start && script.source.codes[range.end - 1] === 10;
  const lines = range !== undefined && isWholeLines ? { start: range.start, end: range.end - 1 } : range;
  return formatLinkerScript(script, options, lines).map((edit) => shrink(edit, script));
}

/** Leaves out of an edit what stays as it is at its ends. */
function shrink({ start, end, text }: TextEdit, script: LdScript): TextEdit {
  const old = script.source.slice(start, end);
  const least = Math.min(old.length, text.length);
  let head = 0;
  while (head < least && old[head] === text[head]) head++;
  let tail = 0;
  while (tail < least - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  return { start: start + head, end: end - tail, text: text.slice(head, text.length - tail) };
}
