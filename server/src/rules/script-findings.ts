/** What the rules on linker scripts share: findings on names, and whether a script shows all there is. */

import type { ScriptName } from "../linkage/scripts/script-model.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { baseName } from "../text/path.ts";
import type { Span } from "../text/span.ts";
import type { Finding, RelatedPlace, RuleContext } from "./rule.ts";

/** A finding on one name of the file. */
export function findingAt(
  rule: string,
  place: Span & { readonly text: string },
  message: string,
  related: readonly RelatedPlace[] = [],
): Finding {
  return { rule, span: { start: place.start, end: place.end }, symbol: place.text, message, related };
}

/** Another place of the same file. */
export function placeHere(context: RuleContext, span: Span, message: string): RelatedPlace {
  return { path: context.path, span: { start: span.start, end: span.end }, message };
}

/** The span of a name without its quotes. */
export function unquoted(name: Span & { readonly text: string; readonly quoted: boolean }): Span & { text: string } {
  const inner = name.quoted ? 1 : 0;
  return { text: name.text, start: name.start + inner, end: name.end - inner };
}

/**
 * True when the two names are there together whenever the second one is: the first stands under no condition, or under the
 * same one. Text in macros' bodies may be used several times or never, so it proves nothing.
 */
function areTogether(first: ScriptName, second: ScriptName): boolean {
  if (first.inMacro !== undefined || second.inMacro !== undefined) return false;
  return first.condition === "" || first.condition === second.condition;
}

/** True when one of the places, which are in the order of the text, begins within [start, end). */
export function hasWithin(places: readonly Span[], start: number, end: number): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low < places.length && places[low]!.start < end;
}

/** Keeps, of the places of each name, those that stand under different conditions: as many as matter, and few. */
export function firstTogether(seen: Map<string, ScriptName[]>, key: string, name: ScriptName): ScriptName | undefined {
  const before = seen.get(key);
  const first = before?.find((other) => areTogether(other, name));
  if (before === undefined) seen.set(key, [name]);
  else if (first === undefined && before.length < MOST_CONDITIONS) before.push(name);
  return first;
}

const MOST_CONDITIONS = 32;

/**
 * True when the script includes others, or others include it, so that what is missing here may stand there. A script that
 * the C preprocessor has yet to see may get anything from its headers.
 */
export function isPartOfMore(context: RuleContext, script: LdScript): boolean {
  if (script.headers.length > 0) return true;
  if (context.facts.includes.length > 0) return true;
  return context.program.index.inclusionsOf(baseName(context.path)).length > 0;
}

/** True when a block of this kind in the script's own text lists all that it declares: no INCLUDE and no macro in it. */
export function listsAll(script: LdScript, kind: "memory" | "segments"): boolean {
  let hasBlock = false;
  for (const { statement } of statementsOf(script)) {
    if (statement.kind !== kind) continue;
    hasBlock = true;
    const entries =
      statement.kind === "memory" ? statement.regions : statement.kind === "segments" ? statement.segments : [];
    if (entries.some((entry) => entry.kind === "include" || entry.kind === "macro-call")) return false;
  }
  return hasBlock && script.errors.length === 0 && script.branches.length === 0;
}
