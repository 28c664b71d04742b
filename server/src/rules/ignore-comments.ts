/**
 * Comments that silence findings: `weakspot-ignore` for its line, `weakspot-ignore-next-line`, `weakspot-ignore-begin` … `-end` for the
 * lines between, and `weakspot-ignore-file`, each with the rules that are meant and a reason behind `--`:
 *
 *     extern int hook(void) __weak; /* weakspot-ignore weak-reference -- the loader defines it *\/
 *
 * Without rules all are meant. It goes by the text of lines and knows no language: such a word stands in comments alone.
 */

import { Buffer } from "node:buffer";
import { linesOf } from "../linkage/facts/texts.ts";
import { lineColumnAt } from "../text/lines.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";

export interface IgnoreComment {
  /** The word and what it says, without the comment's marks. */
  readonly span: Span;
  /** Ids of rules; empty where all are meant. */
  readonly rules: readonly string[];
  /** The lines that it silences, from 0; both are included. */
  readonly firstLine: number;
  readonly lastLine: number;
}

const WORD = "weakspot-ignore";

/** The comments of a file, in its order. A `-begin` without an end reaches to the end of the file. */
export function findIgnoreComments(source: Source): readonly IgnoreComment[] {
  const bytes = Buffer.from(source.codes.buffer, source.codes.byteOffset, source.length);
  let at = bytes.indexOf(WORD);
  if (at < 0) return [];
  const lines = linesOf(source);
  const found: IgnoreComment[] = [];
  const open: number[] = [];
  for (; at >= 0; at = bytes.indexOf(WORD, at + WORD.length)) {
    const { line } = lineColumnAt(lines, at);
    const text = source.slice(at, endOfLine(source, at));
    const parsed = parseComment(text);
    if (parsed === undefined) continue;
    const { kind, rules, length } = parsed;
    if (kind === "end") {
      const index = open.pop();
      if (index !== undefined) found[index] = { ...found[index]!, lastLine: line };
      continue;
    }
    if (kind === "begin") open.push(found.length);
    const [firstLine, lastLine] = reach[kind](line);
    found.push({ span: { start: at, end: at + length }, rules, firstLine, lastLine });
  }
  return found;
}

const reach = {
  "": (line: number) => [line, line],
  "next-line": (line: number) => [line + 1, line + 1],
  begin: (line: number) => [line, Number.MAX_SAFE_INTEGER],
  file: () => [0, Number.MAX_SAFE_INTEGER],
} as const satisfies Record<string, (line: number) => readonly [number, number]>;

interface ParsedComment {
  readonly kind: keyof typeof reach | "end";
  readonly rules: readonly string[];
  readonly length: number;
}

function parseComment(text: string): ParsedComment | undefined {
  const match = /^weakspot-ignore(?:-(next-line|begin|end|file))?(?![\w-])((?:[\s,:]*[a-z]+(?:-[a-z]+)+)*)/.exec(text);
  if (match === null) return undefined;
  const rules = (match[2] ?? "").split(/[\s,:]+/).filter((word) => word !== "");
  return { kind: (match[1] ?? "") as ParsedComment["kind"], rules, length: match[0].length };
}

/** A comment names few rules; of a long line with many comments each is read by itself. */
const LONGEST_COMMENT = 1000;

function endOfLine(source: Source, from: number): number {
  const { codes } = source;
  const most = Math.min(source.length, from + LONGEST_COMMENT);
  let end = from;
  while (end < most && codes[end] !== 0x0a && codes[end] !== 0x0d) end++;
  return end;
}

/** Whether the comment silences a finding of this rule on this line, counted from 0. */
export function silences({ rules, firstLine, lastLine }: IgnoreComment, rule: string, line: number): boolean {
  return firstLine <= line && line <= lastLine && (rules.length === 0 || rules.includes(rule));
}
