/**
 * The declaration that a call of a macro makes at file scope, `DECLARE_HOOK(probe);`, as it would stand there without the macro: so that
 * it can be made strong by itself, whatever else the macro declares elsewhere.
 */

import type { Mention } from "../../linkage/facts/link-index.ts";
import { treeOf } from "../../linkage/facts/parsed.ts";
import { definitionsOf, expandText } from "../../linkage/symbols/macro-definitions.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import type { CDeclaration } from "../../syntax/c/tree.ts";
import { type Source, sourceOfText } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { textOf } from "./file-text.ts";

/** A call, and what stands in its place. */
export interface ExpandedCall {
  /** In the file itself. */
  readonly call: Span;
  /** In the source below. */
  readonly span: Span;
  /** The file's text with the call expanded. */
  readonly source: Source;
  readonly declaration: CDeclaration;
}

/** The call behind the fact, expanded; undefined where it makes more or is not understood. */
export function expandDeclaration(
  { path, fact, macro }: Mention,
  source: Source,
  program: Program,
): ExpandedCall | undefined {
  const call = treeOf(source).calls.find(
    ({ name, arguments: given }) => name === macro && given.start <= fact.start && fact.end <= given.end,
  );
  if (call === undefined || call.body !== undefined || macro === undefined) return undefined;
  const before = textOf(source);
  const expanded = expandCalls(before.slice(call.start, call.end), macro, path, program);
  if (expanded === undefined) return undefined;
  const text = expanded.endsWith(";") ? expanded : `${expanded};`;
  const span = { start: call.start, end: call.start + text.length };
  const after = sourceOfText(`${before.slice(0, call.start)}${text}${before.slice(call.end)}`);
  const made = treeOf(after).declarations.filter(({ start, end }) => start < span.end && end > span.start);
  const [declaration] = made;
  const isAll = declaration?.start === span.start && made.length === 1 && declaration.body === undefined;
  if (!isAll || declaration.declarators.length !== 1 || declaration.declarators[0]?.name !== fact.name)
    return undefined;
  if (treeOf(after).calls.some(({ start, end }) => start < span.end && end > span.start)) return undefined;
  return { call: { start: call.start, end: call.end }, span, source: after, declaration };
}

/** Macros that call macros are followed this far. */
const MOST_STEPS = 5;

/** What a call becomes, and what that calls, by macros of one definition; words that are no calls are left as they are. */
function expandCalls(text: string, macro: string, path: string, program: Program): string | undefined {
  let lines = "";
  let name: string | undefined = macro;
  let expanded = text;
  for (let step = 0; name !== undefined && step < MOST_STEPS; step++) {
    const definitions = definitionsOf(name, path, program);
    if (definitions === "unknown" || definitions.length !== 1) return undefined;
    lines += `${definitions[0]}\n`;
    expanded = expandText(lines, text).trim();
    const inner = sourceOfText(expanded.endsWith(";") ? expanded : `${expanded};`);
    name = treeOf(inner).calls[0]?.name;
  }
  return expanded;
}
