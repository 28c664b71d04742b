/**
 * Reads attribute lists of a translation unit (GCC, "Attribute Syntax"; C2x 6.7.12.1) and keeps the attributes that have to do
 * with linkage or with what is emitted. It does not say what they mean.
 */

import { plainName } from "../c/attributes.ts";
import { decodeString } from "../c/literals.ts";
import type { UnitAttribute } from "./tree.ts";
import { CLASS, textAt, type UnitTokens } from "./unit-tokens.ts";

const KEPT: ReadonlySet<string> = new Set([
  "alias",
  "constructor",
  "destructor",
  "gnu_inline",
  "ifunc",
  "retain",
  "section",
  "used",
  "visibility",
  "weak",
  "weakref",
]);

/** Whether the bracket at `at` opens a `[[…]]` list. */
export function isAttributeBracket(tokens: UnitTokens, at: number): boolean {
  return tokens.classes[at] === CLASS.openBracket && tokens.classes[at + 1] === CLASS.openBracket;
}

/**
 * attribute-list: `__attribute__ (( attribute , … ))` | `[[ attribute , … ]]`
 * attribute: empty | word | word `(` anything `)` | word `::` attribute
 *
 * @param at the keyword or the first bracket
 * @returns the place behind the list
 */
export function readAttributeList(tokens: UnitTokens, at: number, into: UnitAttribute[]): number {
  const open = tokens.classes[at] === CLASS.attribute ? at + 1 : at;
  const kind = tokens.classes[open];
  if (kind !== CLASS.openParen && kind !== CLASS.openBracket) return at + 1;
  const end = Math.min(tokens.count, tokens.partners[open]!);
  let i = open + 1;
  if (i < end && tokens.classes[i] === kind) i++;
  while (i < end) {
    if (tokens.classes[i] === CLASS.openParen) {
      i = Math.min(tokens.partners[i]!, end) + 1;
      continue;
    }
    if (tokens.classes[i] === CLASS.name) {
      const name = plainName(textAt(tokens, i));
      if (KEPT.has(name)) into.push({ name, argument: argumentBehind(tokens, i + 1, end) });
    }
    i++;
  }
  return Math.min(tokens.count, end + 1);
}

function argumentBehind(tokens: UnitTokens, open: number, end: number): string | undefined {
  if (open >= end || tokens.classes[open] !== CLASS.openParen) return undefined;
  return joinedStrings(tokens, open + 1, Math.min(tokens.partners[open]!, end));
}

/** The string literals of [start, end) up to a colon, decoded and joined; undefined where there is none. */
export function joinedStrings(tokens: UnitTokens, start: number, end: number): string | undefined {
  let text: string | undefined;
  for (let i = start; i < end; i++) {
    if (tokens.classes[i] === CLASS.colon) break;
    if (tokens.classes[i] === CLASS.string) text = (text ?? "") + decodeString(textAt(tokens, i));
  }
  return text;
}
