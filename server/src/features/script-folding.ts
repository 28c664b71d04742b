/** What an editor can fold in a linker script: blocks, comments, macros' bodies, branches of #if, runs of #include. */

import { commentsOf } from "../syntax/ld/comments.ts";
import { findDirectives, type ScriptDirective } from "../syntax/ld/directives.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { Span } from "../text/span.ts";

export interface ScriptFold extends Span {
  readonly kind: "block" | "comment" | "imports";
}

/**
 * The stretches that can be folded, by start. A block's ends before its closing brace's line, so that the brace stays in
 * sight; whoever shows them leaves out those that end on the line they begin on.
 */
export function foldScript(script: LdScript): ScriptFold[] {
  const folds: ScriptFold[] = [];
  for (const node of nodesOf(script)) {
    if ("body" in node && node.body !== undefined) folds.push(beforeLastLine(script, node.body));
    if (node.kind === "version") {
      for (const { body } of node.nodes) if (body !== undefined) folds.push(beforeLastLine(script, body));
      // `VERSION { … }`, as opposed to a file that is a version script.
      if (script.kind === "script") folds.push(beforeLastLine(script, node));
    }
    // A call whose arguments are statements over several lines.
    if (node.kind === "macro-call" && node.arguments !== undefined) folds.push({ ...spanOf(node), kind: "block" });
  }
  for (const { start, end } of commentsOf(script)) folds.push({ start, end, kind: "comment" });
  if (script.preprocessed) {
    for (const macro of script.macros) folds.push({ ...spanOf(macro), kind: "block" });
    folds.push(...foldConditionals(script, findDirectives(script.source).list));
    folds.push(...foldHeaders(script));
  }
  return folds.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start || b.end - a.end);
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

/** Up to the end of the line before the last one. */
function beforeLastLine(script: LdScript, { start, end }: Span): ScriptFold {
  return { start, end: endOfLineBefore(script, start, end), kind: "block" };
}

function endOfLineBefore({ source: { codes } }: LdScript, start: number, end: number): number {
  let at = end;
  while (at > start && codes[at - 1] !== 10) at--;
  return at > start ? at - 1 : end;
}

/** Each branch, from its line to before the line of the next one. */
function foldConditionals(script: LdScript, list: readonly ScriptDirective[]): ScriptFold[] {
  return list.flatMap((directive) => {
    const isBranch = directive.kind === "if" || directive.kind === "elif" || directive.kind === "else";
    const next = isBranch ? list[directive.next] : undefined;
    if (next === undefined) return [];
    return [
      { start: directive.start, end: endOfLineBefore(script, directive.start, next.start), kind: "block" as const },
    ];
  });
}

/** Runs of #include lines with nothing but blanks between them. */
function foldHeaders({ headers, source }: LdScript): ScriptFold[] {
  const folds: ScriptFold[] = [];
  let first = 0;
  for (let i = 1; i <= headers.length; i++) {
    const previous = headers[i - 1]!;
    const next = headers[i];
    const gap = next === undefined ? "end" : source.slice(previous.end, Math.min(next.start, previous.end + 200));
    if (gap.trim() === "") continue;
    if (i - first > 1) folds.push({ start: headers[first]!.start, end: previous.end, kind: "imports" });
    first = i;
  }
  return folds;
}
