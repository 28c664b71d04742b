/**
 * Output sections, overlays and groups of sections: the headers and trailers around the statements within their braces
 * (ldgram.y: section). The statements themselves are read by the function that the cursor brings.
 */

import type { Span } from "../../text/span.ts";
import {
  accept,
  allowEnd,
  at,
  type Cursor,
  expect,
  hasMore,
  nameOf,
  noteUse,
  peek,
  popState,
  pushState,
  rereadName,
  startStatement,
  take,
  wordOf,
} from "./cursor.ts";
import { finishParenthesized, parseBehind, parseExpression, parseExpressionIn } from "./expressions.ts";
import { EXPRESSION, INSIDE } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { finishMacroCall } from "./macro-calls.ts";
import { findBody, recover } from "./recovery.ts";
import type {
  LdExpression,
  LdName,
  LdOutputSection,
  LdOverlay,
  LdSectionGroup,
  LdSectionType,
  LdStatement,
  LdTrailer,
} from "./tree.ts";

const TYPES = new Set(["NOLOAD", "DSECT", "COPY", "INFO", "OVERLAY", "READONLY", "TYPE"]);

interface Header {
  readonly address: LdExpression | undefined;
  readonly type: LdSectionType | undefined;
}

/**
 * opt_exp_with_type: [ exp ] atype ':' | BIND '(' exp ')' [ BLOCK '(' exp ')' ] atype ':'
 *
 * A parenthesis may open the type or an address; the word behind it tells.
 */
function parseAddressAndType(cursor: Cursor): Header {
  let address: LdExpression | undefined;
  let type: LdSectionType | undefined;
  const first = peek(cursor);
  if (first.type === "(") {
    take(cursor);
    if (isType(cursor)) type = finishType(cursor, first);
    else address = parseBehind(cursor, finishParenthesized(cursor, first));
  } else if (first.type === "BIND") {
    take(cursor);
    address = parseParenthesized(cursor);
    if (!cursor.inPanic && accept(cursor, "BLOCK") !== undefined) parseParenthesized(cursor);
  } else if (first.type !== ":") {
    address = parseExpression(cursor);
  }
  if (type === undefined && !cursor.inPanic && at(cursor, "(")) {
    const open = take(cursor);
    if (isType(cursor)) type = finishType(cursor, open);
    else expect(cursor, "NOLOAD", "the type of an output section");
  }
  expect(cursor, ":");
  return { address, type };
}

function isType(cursor: Cursor): boolean {
  return at(cursor, ")") || TYPES.has(peek(cursor).type);
}

/** atype: '(' [ type ] ')', the parenthesis taken. type: a word | TYPE '=' exp | READONLY '(' TYPE '=' exp ')' */
function finishType(cursor: Cursor, open: Span): LdSectionType {
  const keywords: LdName[] = [];
  let value: LdExpression | undefined;
  const parseTyped = (): void => {
    const word = expect(cursor, "TYPE");
    if (word !== undefined) keywords.push(wordOf(cursor, word));
    expect(cursor, "=");
    if (!cursor.inPanic) value = parseExpression(cursor);
  };
  if (at(cursor, "TYPE")) {
    parseTyped();
  } else if (!at(cursor, ")")) {
    const word = take(cursor);
    keywords.push(wordOf(cursor, word));
    if (word.type === "READONLY" && accept(cursor, "(") !== undefined) {
      parseTyped();
      expect(cursor, ")");
    }
  }
  expect(cursor, ")");
  return { keywords, value, start: open.start, end: cursor.lastEnd };
}

/** '(' exp ')' */
function parseParenthesized(cursor: Cursor): LdExpression | undefined {
  expect(cursor, "(");
  const value = cursor.inPanic ? undefined : parseExpression(cursor);
  expect(cursor, ")");
  return value;
}

/** An optional keyword with an expression in parentheses. */
function parseOption(cursor: Cursor, keyword: string): LdExpression | undefined {
  if (cursor.inPanic || accept(cursor, keyword) === undefined) return undefined;
  return parseParenthesized(cursor);
}

/** Macros that stand for attributes of a section, in a script that cpp has yet to see. */
function skipMacros(cursor: Cursor): void {
  while (cursor.preprocessed && !cursor.inPanic && at(cursor, "NAME")) finishMacroCall(cursor, take(cursor));
}

/**
 * section: NAME { expressions } opt_exp_with_type opt_at opt_align opt_align_with_input opt_subalign sect_constraint
 *   { inside } '{' statement_list_opt '}' memspec_opt memspec_at_opt phdr_opt fill_opt opt_comma
 *
 * The name was taken, and the token behind it may have been read as in the script at large, as ld does.
 */
export function parseOutputSection(cursor: Cursor, token: Token): LdOutputSection {
  const name = nameOf(token);
  noteUse(cursor, name, "section", true);
  pushState(cursor, EXPRESSION);
  const { address, type } = parseAddressAndType(cursor);
  skipMacros(cursor);
  const loadAddress = parseOption(cursor, "AT");
  skipMacros(cursor);
  const align = parseOption(cursor, "ALIGN");
  const alignWithInput = cursor.inPanic ? undefined : accept(cursor, "ALIGN_WITH_INPUT");
  const subalign = parseOption(cursor, "SUBALIGN");
  const constraint = parseConstraint(cursor);
  skipMacros(cursor);
  const header = { start: token.start, end: cursor.lastEnd };
  popState(cursor);
  const { body, inner } = parseBody(cursor);
  const trailer = body === undefined || cursor.inPanic ? undefined : parseTrailer(cursor, true);
  return {
    kind: "output-section",
    name,
    address,
    type,
    loadAddress,
    align,
    alignWithInput: alignWithInput && { start: alignWithInput.start, end: alignWithInput.end },
    subalign,
    constraint,
    header,
    body,
    statements: inner,
    trailer,
    inOverlay: false,
    start: token.start,
    end: cursor.lastEnd,
  };
}

/** sect_constraint: ONLY_IF_RO | ONLY_IF_RW | SPECIAL */
function parseConstraint(cursor: Cursor): LdName | undefined {
  if (cursor.inPanic) return undefined;
  const token = accept(cursor, "ONLY_IF_RO") ?? accept(cursor, "ONLY_IF_RW") ?? accept(cursor, "SPECIAL");
  return token && wordOf(cursor, token);
}

/** '{' statement_list_opt '}' in the state that reads patterns; the brace itself may have been read before. */
export function parseBody(cursor: Cursor): { body: Span | undefined; inner: LdStatement[] } {
  pushState(cursor, INSIDE);
  let open: Span | undefined = expect(cursor, "{");
  if (open === undefined && findBody(cursor)) {
    open = accept(cursor, "{") ?? { start: peek(cursor).start, end: peek(cursor).start };
  }
  const inner = open === undefined ? [] : cursor.readStatements(cursor, "section");
  expect(cursor, "}");
  popState(cursor);
  return { body: open && { start: open.start, end: cursor.lastEnd }, inner };
}

/** memspec_opt memspec_at_opt phdr_opt fill_opt { a name behind the fill is read anew } opt_comma */
export function parseTrailer(cursor: Cursor, hasRegions: boolean): LdTrailer | undefined {
  const start = cursor.lastEnd;
  let region: LdName | undefined;
  let loadRegion: LdName | undefined;
  const segments: LdName[] = [];
  let fill: LdExpression | undefined;
  const takeNamed = (role: "region" | "segment"): LdName | undefined => {
    const token = expect(cursor, "NAME", `the name of a ${role}`);
    const name = token && nameOf(token);
    noteUse(cursor, name, role, false);
    allowEnd(cursor);
    return name;
  };
  allowEnd(cursor);
  if (hasRegions && accept(cursor, ">") !== undefined) region = takeNamed("region");
  if (hasRegions && !cursor.inPanic && accept(cursor, "AT") !== undefined) {
    expect(cursor, ">");
    loadRegion = takeNamed("region");
  }
  while (!cursor.inPanic && accept(cursor, ":") !== undefined) {
    const name = takeNamed("segment");
    if (name !== undefined) segments.push(name);
  }
  if (!cursor.inPanic && accept(cursor, "=") !== undefined) fill = parseExpressionIn(cursor);
  const { lastEnd } = cursor;
  if (!cursor.inPanic) {
    rereadName(cursor);
    allowEnd(cursor);
    accept(cursor, ",");
  }
  return lastEnd === start ? undefined : { region, loadRegion, segments, fill, start, end: lastEnd };
}

/**
 * section: OVERLAY { expressions } [ exp ] ':' [ NOCROSSREFS ] opt_at opt_subalign { the state before }
 *   '{' { NAME '{' … '}' phdr_opt fill_opt opt_comma } '}' memspec_opt memspec_at_opt phdr_opt fill_opt opt_comma
 */
export function parseOverlay(cursor: Cursor): LdOverlay {
  const keyword = take(cursor);
  pushState(cursor, EXPRESSION);
  const address = at(cursor, ":") ? undefined : parseExpression(cursor);
  expect(cursor, ":");
  const word = cursor.inPanic ? undefined : accept(cursor, "NOCROSSREFS");
  const loadAddress = parseOption(cursor, "AT");
  const subalign = parseOption(cursor, "SUBALIGN");
  skipMacros(cursor);
  popState(cursor);
  const open = expect(cursor, "{");
  const members: LdStatement[] = [];
  while (open !== undefined && hasMore(cursor)) {
    startStatement(cursor);
    const { start } = peek(cursor);
    members.push(parseMember(cursor));
    if (cursor.inPanic) recover(cursor, start);
  }
  expect(cursor, "}");
  const body = open && { start: open.start, end: cursor.lastEnd };
  const trailer = body === undefined || cursor.inPanic ? undefined : parseTrailer(cursor, true);
  return {
    kind: "overlay",
    keyword: wordOf(cursor, keyword),
    address,
    noCrossReferences: word && { start: word.start, end: word.end },
    loadAddress,
    subalign,
    body,
    statements: members,
    trailer,
    start: keyword.start,
    end: cursor.lastEnd,
  };
}

/** A section of an overlay: NAME '{' statement_list_opt '}' phdr_opt fill_opt opt_comma */
export function parseMember(cursor: Cursor): LdStatement {
  const token = expect(cursor, "NAME", "the name of an output section");
  if (token === undefined) return { kind: "invalid", start: cursor.lastEnd, end: cursor.lastEnd };
  const name = nameOf(token);
  noteUse(cursor, name, "section", true);
  const { body, inner } = parseBody(cursor);
  const trailer = body === undefined || cursor.inPanic ? undefined : parseTrailer(cursor, false);
  return {
    kind: "output-section",
    name,
    address: undefined,
    type: undefined,
    loadAddress: undefined,
    align: undefined,
    alignWithInput: undefined,
    subalign: undefined,
    constraint: undefined,
    header: { start: token.start, end: token.end },
    body,
    statements: inner,
    trailer,
    inOverlay: true,
    start: token.start,
    end: cursor.lastEnd,
  };
}

/** section: GROUP { expressions } opt_exp_with_type { the state before } '{' sec_or_group_p1 '}' */
export function parseSectionGroup(cursor: Cursor): LdSectionGroup {
  const keyword = take(cursor);
  pushState(cursor, EXPRESSION);
  const { address, type } = parseAddressAndType(cursor);
  popState(cursor);
  return finishGroup(cursor, keyword, undefined, address, type);
}

function finishGroup(
  cursor: Cursor,
  keyword: Token,
  name: LdName | undefined,
  address: LdExpression | undefined,
  type: LdSectionType | undefined,
): LdSectionGroup {
  const open = expect(cursor, "{");
  const inner = open === undefined ? [] : cursor.readStatements(cursor, "sections");
  expect(cursor, "}");
  return {
    kind: "section-group",
    keyword: wordOf(cursor, keyword),
    name,
    address,
    type,
    body: open && { start: open.start, end: cursor.lastEnd },
    statements: inner,
    start: keyword.start,
    end: cursor.lastEnd,
  };
}

/** lld's `CLASS(name) { input sections }`, the name CLASS taken. */
export function parseSectionClass(cursor: Cursor, keyword: Token): LdSectionGroup {
  expect(cursor, "(");
  const token = expect(cursor, "NAME", "the name of a class");
  expect(cursor, ")");
  const { body, inner } = parseBody(cursor);
  return {
    kind: "section-group",
    keyword: wordOf(cursor, keyword),
    name: token && nameOf(token),
    address: undefined,
    type: undefined,
    body,
    statements: inner,
    start: keyword.start,
    end: cursor.lastEnd,
  };
}
