/**
 * Version scripts and dynamic lists (ldgram.y: version, vers_nodes, dynamic_list_nodes). The lexer changes its states at
 * the braces by itself.
 */

import {
  accept,
  at,
  type Cursor,
  endFrom,
  expect,
  nameOf,
  peek,
  popState,
  pushState,
  reportUnexpected,
  startStatement,
  take,
} from "./cursor.ts";
import { VERSION_START_STATE } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { recover } from "./recovery.ts";
import type { LdName, LdVersion, LdVersionNode, LdVersionPattern } from "./tree.ts";

/** version: { the state for versions } VERSION '{' vers_nodes '}' { the state before } */
export function parseVersion(cursor: Cursor): LdVersion {
  const { start } = peek(cursor);
  pushState(cursor, VERSION_START_STATE);
  take(cursor);
  expect(cursor, "{");
  const nodes = cursor.inPanic ? [] : parseVersionNodes(cursor);
  expect(cursor, "}");
  popState(cursor);
  return { kind: "version", nodes, start, end: endFrom(cursor, start) };
}

/** vers_nodes: vers_node { vers_node } */
export function parseVersionNodes(cursor: Cursor): LdVersionNode[] {
  const nodes: LdVersionNode[] = [];
  do {
    const { start } = peek(cursor);
    nodes.push(parseVersionNode(cursor));
    if (cursor.inPanic) {
      recover(cursor, start);
      if (at(cursor, "}") || at(cursor, "END")) break;
      startStatement(cursor);
    }
  } while (!at(cursor, "}") && !at(cursor, "END"));
  return nodes;
}

/** dynamic_list_nodes: { '{' vers_defns ';' '}' ';' } */
export function parseDynamicList(cursor: Cursor): LdVersionNode[] {
  const nodes: LdVersionNode[] = [];
  do {
    startStatement(cursor);
    const { start } = peek(cursor);
    const global: LdVersionPattern[] = [];
    expect(cursor, "{");
    parsePatterns(cursor, global, undefined, undefined, undefined);
    expect(cursor, "}");
    expect(cursor, ";");
    nodes.push({ tag: undefined, global, local: [], parents: [], start, end: endFrom(cursor, start) });
    if (cursor.inPanic) recover(cursor, start);
  } while (at(cursor, "{"));
  return nodes;
}

/** vers_node: [ VERS_TAG ] '{' vers_tag '}' [ verdep ] ';'    verdep: VERS_TAG { VERS_TAG } */
function parseVersionNode(cursor: Cursor): LdVersionNode {
  const { start } = peek(cursor);
  const tag = accept(cursor, "VERS_TAG");
  const global: LdVersionPattern[] = [];
  const local: LdVersionPattern[] = [];
  const parents: LdName[] = [];
  expect(cursor, "{", tag === undefined ? "'{' or a version's name" : "'{'");
  if (!cursor.inPanic) parseBindings(cursor, global, local);
  expect(cursor, "}");
  while (tag !== undefined && !cursor.inPanic && at(cursor, "VERS_TAG")) parents.push(nameOf(take(cursor)));
  expect(cursor, ";");
  return { tag: tag && nameOf(tag), global, local, parents, start, end: endFrom(cursor, start) };
}

/**
 * vers_tag: empty | vers_defns ';' | GLOBAL ':' vers_defns ';' [ LOCAL ':' vers_defns ';' ] | LOCAL ':' vers_defns ';'
 */
function parseBindings(cursor: Cursor, global: LdVersionPattern[], local: LdVersionPattern[]): void {
  if (at(cursor, "}")) return;
  let patterns = global;
  let word = acceptWord(cursor);
  // `global` and `local` are patterns too, where no colon follows.
  if (word !== undefined && accept(cursor, ":") !== undefined) {
    patterns = word.type === "local" ? local : global;
    const canHaveLocal = word.type === "global";
    word = undefined;
    parsePatterns(cursor, patterns, undefined, word, canHaveLocal ? local : undefined);
  } else {
    parsePatterns(cursor, patterns, undefined, word, undefined);
  }
}

function acceptWord(cursor: Cursor): Token | undefined {
  return at(cursor, "global") || at(cursor, "local") ? take(cursor) : undefined;
}

/**
 * vers_defns ';': patterns, each behind the other's ';', the last one's included. Within a language's braces the last ';'
 * may be missing. `first` was taken before. Where `local` may follow, its patterns go there.
 */
function parsePatterns(
  cursor: Cursor,
  into: LdVersionPattern[],
  language: LdName | undefined,
  first: Token | undefined,
  local: LdVersionPattern[] | undefined,
): void {
  let patterns = into;
  let taken = first;
  let localTo = local;
  while (!cursor.inPanic) {
    if (taken !== undefined) {
      patterns.push({ name: nameOf(taken), language, start: taken.start, end: taken.end });
      taken = undefined;
    } else {
      parsePattern(cursor, patterns, language);
    }
    if (cursor.inPanic) return;
    if (language !== undefined && at(cursor, "}")) return;
    expect(cursor, ";");
    if (cursor.inPanic || at(cursor, "}")) return;
    if (localTo !== undefined && at(cursor, "local")) {
      taken = take(cursor);
      if (accept(cursor, ":") !== undefined) {
        taken = undefined;
        patterns = localTo;
        localTo = undefined;
      }
    }
  }
}

const PATTERN_TYPES = new Set(["VERS_IDENTIFIER", "NAME", "global", "local", "extern"]);

/** One of vers_defns: VERS_IDENTIFIER | NAME | EXTERN NAME '{' vers_defns opt_semicolon '}' | a keyword as name */
function parsePattern(cursor: Cursor, patterns: LdVersionPattern[], language: LdName | undefined): void {
  const token = peek(cursor);
  if (!PATTERN_TYPES.has(token.type)) {
    reportUnexpected(cursor, "a symbol or pattern");
    return;
  }
  take(cursor);
  if (token.type !== "extern" || !at(cursor, "NAME")) {
    patterns.push({ name: nameOf(token), language, start: token.start, end: token.end });
    return;
  }
  const inner = nameOf(take(cursor));
  expect(cursor, "{");
  if (cursor.inPanic || !enterLanguage(cursor)) return;
  parsePatterns(cursor, patterns, inner, undefined, undefined);
  cursor.nesting--;
  expect(cursor, "}");
}

function enterLanguage(cursor: Cursor): boolean {
  if (cursor.nesting < 100) {
    cursor.nesting++;
    return true;
  }
  reportUnexpected(cursor, "no deeper nesting");
  return false;
}
