/** MEMORY and PHDRS: the regions and segments of a script (ldgram.y: memory, phdrs). */

import {
  accept,
  at,
  type Cursor,
  expect,
  hasMore,
  isKnownMacro,
  missingName,
  nameOf,
  noteInfix,
  noteUse,
  peek,
  popState,
  pushState,
  reportUnexpected,
  rereadName,
  startStatement,
  take,
  wordOf,
} from "./cursor.ts";
import { parseExpression, parseExpressionIn } from "./expressions.ts";
import { EXPRESSION } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { finishMacroCall } from "./macro-calls.ts";
import { isClosedByCommand, recover, startsRegion } from "./recovery.ts";
import type {
  LdExpression,
  LdInclude,
  LdMacroCall,
  LdMemory,
  LdName,
  LdRegion,
  LdSegment,
  LdSegments,
} from "./tree.ts";

/** memory: MEMORY '{' memory_spec_list_opt '}' */
export function parseMemory(cursor: Cursor): LdMemory {
  const { start } = take(cursor);
  const open = expect(cursor, "{");
  const regions = open === undefined ? [] : parseRegions(cursor);
  expect(cursor, "}");
  const body = open === undefined ? undefined : { start: open.start, end: cursor.lastEnd };
  return { kind: "memory", body, regions, start, end: cursor.lastEnd };
}

/** memory_spec_list: memory_spec { opt_comma memory_spec } */
export function parseRegions(cursor: Cursor): (LdRegion | LdInclude | LdMacroCall)[] {
  const regions: (LdRegion | LdInclude | LdMacroCall)[] = [];
  while (hasMore(cursor)) {
    startStatement(cursor);
    const token = peek(cursor);
    if (isClosedByCommand(cursor)) break;
    if (regions.length > 0) accept(cursor, ",");
    regions.push(parseRegion(cursor));
    if (cursor.inPanic) recover(cursor, token.start, startsRegion);
  }
  return regions;
}

/** memory_spec: NAME attributes_opt ':' origin_spec opt_comma length_spec | INCLUDE filename */
function parseRegion(cursor: Cursor): LdRegion | LdInclude | LdMacroCall {
  const keyword = accept(cursor, "INCLUDE");
  if (keyword !== undefined) {
    const path = expect(cursor, "NAME", "a file's name");
    const name = path === undefined ? missingName(cursor) : nameOf(path);
    return { kind: "include", path: name, start: keyword.start, end: cursor.lastEnd };
  }
  const token = expect(cursor, "NAME", "the name of a region");
  if (token !== undefined && isMacro(cursor, token, ":(")) return finishMacroCall(cursor, token);
  const name = token === undefined ? missingName(cursor) : nameOf(token);
  if (token !== undefined) noteUse(cursor, name, "region", true);
  const attributes = cursor.inPanic ? [] : parseAttributes(cursor);
  expect(cursor, ":");
  const origin = parseRegionValue(cursor, "ORIGIN");
  if (!cursor.inPanic) accept(cursor, ",");
  const length = parseRegionValue(cursor, "LENGTH");
  if (length !== undefined) rereadName(cursor);
  return { kind: "region", name, attributes, origin, length, start: name.start, end: cursor.lastEnd };
}

/** Attributes in parentheses and a colon: the name before them is that of a region, even where it is a macro's. */
const ATTRIBUTES = /^[\s\\]*\([^()]*\)[\s\\]*:/;

/** True for the name of a macro that stands alone, in a script that cpp has yet to see. */
function isMacro(cursor: Cursor, token: Token, follows: string): boolean {
  if (!cursor.preprocessed) return false;
  if (ATTRIBUTES.test(cursor.source.slice(token.end, Math.min(token.end + 200, cursor.end)))) return false;
  const next = /^[\s\\]*(\(\s*\)|.)/.exec(cursor.source.slice(token.end, Math.min(token.end + 200, cursor.end)));
  if (isKnownMacro(cursor, token.text) && next?.[1] !== ":") return true;
  return next === null || !(follows.includes(next[1]!) || /^\w/.test(next[1]!));
}

/** attributes_opt: '(' { NAME | '!' NAME } ')' */
function parseAttributes(cursor: Cursor): LdName[] {
  const attributes: LdName[] = [];
  if (accept(cursor, "(") === undefined) return attributes;
  do {
    const invert = accept(cursor, "!");
    const token = expect(cursor, "NAME", "attributes of a region (of r, w, x, a, i, l)");
    if (token === undefined) break;
    const name = nameOf(token);
    attributes.push(invert === undefined ? name : { ...name, text: `!${name.text}`, start: invert.start });
  } while (!at(cursor, ")"));
  expect(cursor, ")");
  return attributes;
}

/** origin_spec: ORIGIN '=' mustbe_exp; length_spec: LENGTH '=' mustbe_exp */
function parseRegionValue(cursor: Cursor, keyword: "ORIGIN" | "LENGTH"): LdExpression | undefined {
  expect(cursor, keyword, keyword);
  if (!cursor.inPanic && at(cursor, "=")) noteInfix(cursor);
  expect(cursor, "=");
  return cursor.inPanic ? undefined : parseExpressionIn(cursor);
}

/** phdrs: PHDRS '{' { phdr } '}' */
export function parseSegments(cursor: Cursor): LdSegments {
  const { start } = take(cursor);
  const open = expect(cursor, "{");
  const segments: (LdSegment | LdMacroCall)[] = [];
  while (open !== undefined && hasMore(cursor)) {
    startStatement(cursor);
    const token = peek(cursor);
    if (isClosedByCommand(cursor)) break;
    segments.push(parseSegment(cursor));
    if (cursor.inPanic) recover(cursor, token.start);
  }
  expect(cursor, "}");
  const body = open === undefined ? undefined : { start: open.start, end: cursor.lastEnd };
  return { kind: "segments", body, segments, start, end: cursor.lastEnd };
}

/** phdr: NAME { the state for expressions } phdr_type phdr_qualifiers { the state before } ';' */
function parseSegment(cursor: Cursor): LdSegment | LdMacroCall {
  const token = expect(cursor, "NAME", "the name of a segment");
  if (token !== undefined && isMacro(cursor, token, "0")) return finishMacroCall(cursor, token);
  const name = token === undefined ? missingName(cursor) : nameOf(token);
  if (token !== undefined) noteUse(cursor, name, "segment", true);
  pushState(cursor, EXPRESSION);
  const before = cursor.uses.length;
  const type: LdExpression = cursor.inPanic
    ? { kind: "missing", start: cursor.lastEnd, end: cursor.lastEnd }
    : parseExpression(cursor);
  // PT_LOAD and its like are no symbols.
  if (type.kind === "symbol") cursor.uses.length = before;
  const qualifiers: { name: LdName; value: LdExpression | undefined }[] = [];
  while (!cursor.inPanic && (at(cursor, "NAME") || at(cursor, "AT"))) qualifiers.push(parseQualifier(cursor));
  popState(cursor);
  if (!cursor.inPanic && !at(cursor, ";")) reportUnexpected(cursor, "';'");
  else accept(cursor, ";");
  return { kind: "segment", name, type, qualifiers, start: name.start, end: cursor.lastEnd };
}

/** phdr_qualifiers: NAME [ '(' exp ')' ] | AT '(' exp ')' */
function parseQualifier(cursor: Cursor): { name: LdName; value: LdExpression | undefined } {
  const token = take(cursor);
  const name = wordOf(cursor, token);
  if (token.type !== "AT" && !at(cursor, "(")) return { name, value: undefined };
  expect(cursor, "(");
  const value = cursor.inPanic ? undefined : parseExpression(cursor);
  expect(cursor, ")");
  return { name, value };
}
