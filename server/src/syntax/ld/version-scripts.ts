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
  noteUse,
  peek,
  popState,
  pushState,
  reportUnexpected,
  startStatement,
  take,
} from "./cursor.ts";
import { VERSION_SCRIPT, VERSION_START_STATE } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { skipNode, skipPattern } from "./recovery.ts";
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

/** What a version and a member of a dynamic list begin with. */
const NODE = /^(?:[A-Za-z_.$][\w.]*\s*)?\{/;
const LIST = /^\{/;

/** vers_nodes: vers_node { vers_node } */
export function parseVersionNodes(cursor: Cursor): LdVersionNode[] {
  const nodes: LdVersionNode[] = [];
  do {
    nodes.push(parseVersionNode(cursor));
  } while (!at(cursor, "}") && !at(cursor, "END"));
  return nodes;
}

/** dynamic_list_nodes: { '{' vers_defns ';' '}' ';' } */
export function parseDynamicList(cursor: Cursor): LdVersionNode[] {
  const nodes: LdVersionNode[] = [];
  do {
    startStatement(cursor);
    const { start } = peek(cursor);
    const bindings: Bindings = { global: [], local: [], keywords: [] };
    const open = expect(cursor, "{");
    if (open !== undefined) parsePatterns(cursor, bindings, PLAIN);
    expect(cursor, "}");
    const body = open && { start: open.start, end: endFrom(cursor, open.start) };
    expect(cursor, ";");
    nodes.push({ tag: undefined, body, ...bindings, parents: [], start, end: endFrom(cursor, start) });
    if (cursor.inPanic) skipNode(cursor, LIST, open === undefined);
  } while (at(cursor, "{"));
  return nodes;
}

/** vers_node: [ VERS_TAG ] '{' vers_tag '}' [ verdep ] ';'    verdep: VERS_TAG { VERS_TAG } */
function parseVersionNode(cursor: Cursor): LdVersionNode {
  startStatement(cursor);
  const { start } = peek(cursor);
  const tag = accept(cursor, "VERS_TAG");
  const bindings: Bindings = { global: [], local: [], keywords: [] };
  const parents: LdName[] = [];
  const open = expect(cursor, "{", tag === undefined ? "'{' or a version's name" : "'{'");
  if (open !== undefined) parseBindings(cursor, bindings);
  expect(cursor, "}");
  const body = open && { start: open.start, end: endFrom(cursor, open.start) };
  while (tag !== undefined && !cursor.inPanic && at(cursor, "VERS_TAG")) parents.push(nameOf(take(cursor)));
  expect(cursor, ";");
  const last = parents.at(-1);
  if (cursor.inPanic && last !== undefined && at(cursor, "{")) {
    // The `;` is missing, and what was taken for a parent is the next node's tag.
    parents.pop();
    cursor.token = undefined;
    cursor.offset = last.start;
    cursor.state = VERSION_SCRIPT;
  }
  const node = { tag: tag && nameOf(tag), body, ...bindings, parents, start, end: endFrom(cursor, start) };
  if (cursor.inPanic) skipNode(cursor, NODE, open === undefined);
  return node;
}

/** The patterns of a node by what they make of the symbols, and the words between them. */
interface Bindings {
  readonly global: LdVersionPattern[];
  readonly local: LdVersionPattern[];
  readonly keywords: LdName[];
}

type List = "global" | "local";

/** Where a list of patterns stands. */
interface Place {
  readonly list: List;
  /** The name behind `extern`, within its braces. */
  readonly language: LdName | undefined;
  /** `local:` may follow. */
  readonly mayTurnLocal: boolean;
}

const PLAIN: Place = { list: "global", language: undefined, mayTurnLocal: false };

/**
 * vers_tag: empty | vers_defns ';' | GLOBAL ':' vers_defns ';' [ LOCAL ':' vers_defns ';' ] | LOCAL ':' vers_defns ';'
 */
function parseBindings(cursor: Cursor, into: Bindings): void {
  if (at(cursor, "}")) return;
  const word = at(cursor, "global") || at(cursor, "local") ? take(cursor) : undefined;
  // `global` and `local` are patterns too, where no colon follows.
  if (word === undefined || accept(cursor, ":") === undefined) parsePatterns(cursor, into, PLAIN, word);
  else {
    into.keywords.push(nameOf(word));
    parsePatterns(cursor, into, word.type === "local" ? { ...PLAIN, list: "local" } : { ...PLAIN, mayTurnLocal: true });
  }
}

/**
 * vers_defns ';': patterns, each behind the other's ';', the last one's included. Within a language's braces the last ';'
 * may be missing. `first` was taken before. Goes on behind a mistake, to before the closing brace.
 */
function parsePatterns(cursor: Cursor, into: Bindings, place: Place, first?: Token): void {
  let { list, mayTurnLocal } = place;
  const { language } = place;
  let taken = first;
  if (first !== undefined) noteStart(cursor, first.start);
  while (!at(cursor, "END")) {
    // Some indent labels, some don't, and what stands under them is indented with them: that stays as it is.
    if (taken === undefined && into.keywords.length === 0) noteStart(cursor, peek(cursor).start);
    if (taken === undefined) parsePattern(cursor, into, { ...place, list });
    else addPattern(cursor, into[list], taken, language);
    taken = undefined;
    if (language !== undefined && !cursor.inPanic && at(cursor, "}")) return;
    expect(cursor, ";");
    if (cursor.inPanic) {
      const label = takeMisplacedLabel(cursor, into, list);
      if (label === undefined) skipPattern(cursor);
      else list = label;
      // Of what kind the patterns before were, the mistake may have hidden.
      mayTurnLocal = language === undefined;
    }
    if (at(cursor, "}")) return;
    if (mayTurnLocal && at(cursor, "local")) {
      taken = take(cursor);
      if (accept(cursor, ":") !== undefined) {
        into.keywords.push(nameOf(taken));
        taken = undefined;
        list = "local";
        mayTurnLocal = false;
      }
    }
  }
}

/** The colon behind `global` or `local` where none may stand: which was reported, and what follows belongs there. */
function takeMisplacedLabel(cursor: Cursor, into: Bindings, list: List): List | undefined {
  const patterns = into[list];
  const last = patterns.at(-1);
  const label = last?.name.quoted === false && last.end === cursor.lastEnd ? last.name.text : undefined;
  if (!at(cursor, ":") || (label !== "global" && label !== "local")) return undefined;
  patterns.pop();
  if (cursor.uses.at(-1)?.start === last?.start) cursor.uses.pop();
  into.keywords.push(last!.name);
  take(cursor);
  cursor.inPanic = false;
  return label;
}

/** Tells the formatter where a line of its own is indented by the braces around it. */
function noteStart(cursor: Cursor, start: number): void {
  cursor.recorder?.starts.add(start);
}

const PATTERN_TYPES = new Set(["VERS_IDENTIFIER", "NAME", "global", "local", "extern"]);

/** One of vers_defns: VERS_IDENTIFIER | NAME | EXTERN NAME '{' vers_defns opt_semicolon '}' | a keyword as name */
function parsePattern(cursor: Cursor, into: Bindings, place: Place): void {
  const token = peek(cursor);
  if (!PATTERN_TYPES.has(token.type)) {
    reportUnexpected(cursor, "a symbol or pattern");
    return;
  }
  take(cursor);
  if (token.type !== "extern" || !at(cursor, "NAME")) {
    addPattern(cursor, into[place.list], token, place.language);
    return;
  }
  into.keywords.push(nameOf(token));
  const language = nameOf(take(cursor));
  expect(cursor, "{");
  if (cursor.inPanic || !enterLanguage(cursor)) return;
  parsePatterns(cursor, into, { list: place.list, language, mayTurnLocal: false });
  cursor.nesting--;
  expect(cursor, "}");
}

/** Adds a pattern. One without wildcards is the name of a symbol, unless it is the name that C++ or Java has for one. */
function addPattern(cursor: Cursor, list: LdVersionPattern[], token: Token, language: LdName | undefined): void {
  const name = nameOf(token);
  list.push({ name, language, start: token.start, end: token.end });
  const isName = name.quoted || !/[*?[\]\\:]/.test(name.text);
  if (isName && (language === undefined || language.text === "C")) noteUse(cursor, name, "symbol", false);
}

function enterLanguage(cursor: Cursor): boolean {
  if (cursor.nesting < 100) {
    cursor.nesting++;
    return true;
  }
  reportUnexpected(cursor, "no deeper nesting");
  return false;
}
