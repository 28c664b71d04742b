/** The quick fix that silences one finding with a comment above its line. It is offered beside what mends it, and never preferred. */

import { linesOf } from "../linkage/facts/texts.ts";
import { lineColumnAt } from "../text/lines.ts";
import type { Finding, Fix, RuleContext } from "./rule.ts";

const BACKSLASH = 0x5c;

/**
 * The comment for a finding. Undefined where a line above would not be a comment of its own: amid lines that backslashes join, or within
 * a comment.
 */
export function ignoreFix(finding: Finding, { path, source }: RuleContext): Fix | undefined {
  const lines = linesOf(source);
  const { line } = lineColumnAt(lines, finding.span.start);
  const start = lines.starts[line]!;
  if (line > 0 && endsInBackslash(source.codes, start)) return undefined;
  const indent = /^[ \t]*/.exec(source.slice(start, finding.span.start))![0];
  const newline = source.slice(Math.max(0, start - 2), start) === "\r\n" ? "\r\n" : "\n";
  const text = `${indent}/* weakspot-ignore-next-line ${finding.rule} */${newline}`;
  return {
    title: `Ignore ${finding.rule} here`,
    isPreferred: false,
    edits: [{ path, edits: [{ start, end: start, text }] }],
  };
}

/** Whether the line before this line's start is joined to it. */
function endsInBackslash(codes: Uint8Array, start: number): boolean {
  let end = start - 1;
  if (codes[end] === 0x0a) end--;
  if (codes[end] === 0x0d) end--;
  return codes[end] === BACKSLASH;
}
