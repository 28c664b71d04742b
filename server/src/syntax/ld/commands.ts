/**
 * Statements that are a keyword and its arguments, and assignments (ldgram.y: ifile_p1, statement_anywhere, assignment).
 * Where each may stand, statements.ts knows.
 */

import {
  accept,
  allowEnd,
  at,
  type Cursor,
  expect,
  missingName,
  nameOf,
  noteInfix,
  noteUse,
  peek,
  popState,
  pushState,
  reportUnexpected,
  take,
  wordOf,
} from "./cursor.ts";
import { parseExpression, parseExpressionIn } from "./expressions.ts";
import { EXPRESSION, INPUT_LIST, INSIDE } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { takeName } from "./macro-calls.ts";
import type {
  LdArgumentRole,
  LdAssert,
  LdAssignment,
  LdAssignmentOperator,
  LdCommand,
  LdData,
  LdExpression,
  LdFill,
  LdInclude,
  LdInput,
  LdInputFile,
  LdInsert,
  LdName,
  LdText,
} from "./tree.ts";

const ASSIGNMENT_OPERATORS = new Set(["=", "+=", "-=", "*=", "/=", "<<=", ">>=", "&=", "|=", "^="]);

/** True where the next token assigns. */
export function atAssignment(cursor: Cursor): boolean {
  return ASSIGNMENT_OPERATORS.has(peek(cursor).type);
}

function missing(cursor: Cursor): LdExpression {
  return { kind: "missing", start: cursor.lastEnd, end: cursor.lastEnd };
}

/** assignment separator: NAME '=' mustbe_exp separator | NAME assign_op mustbe_exp separator, the name taken */
export function parseAssignment(cursor: Cursor, target: LdName): LdAssignment {
  noteUse(cursor, target, "symbol", true);
  noteInfix(cursor);
  const operator = take(cursor).type as LdAssignmentOperator;
  const value = parseExpressionIn(cursor);
  parseSeparator(cursor);
  return {
    kind: "assignment",
    target,
    operator,
    value,
    provide: false,
    hidden: false,
    keyword: undefined,
    start: target.start,
    end: cursor.lastEnd,
  };
}

/** separator: ';' | ',' */
function parseSeparator(cursor: Cursor): void {
  if (cursor.inPanic) return;
  // The last statement of a macro's body may have its ';' where the macro is used.
  if (cursor.isFragment && at(cursor, "END")) return;
  if (accept(cursor, ",") === undefined) expect(cursor, ";");
}

/** assignment: HIDDEN '(' NAME '=' mustbe_exp ')' | PROVIDE '(' … ')' | PROVIDE_HIDDEN '(' … ')', with its separator */
export function parseProvide(cursor: Cursor): LdAssignment {
  const keyword = take(cursor);
  expect(cursor, "(");
  const token = cursor.inPanic ? undefined : peek(cursor);
  let target = missingName(cursor);
  if (token?.type === "NAME") target = takeName(cursor);
  else reportUnexpected(cursor, "a symbol");
  if (target.text !== "") noteUse(cursor, target, "symbol", true);
  if (!cursor.inPanic && at(cursor, "=")) noteInfix(cursor);
  expect(cursor, "=");
  const value = cursor.inPanic ? missing(cursor) : parseExpressionIn(cursor);
  expect(cursor, ")");
  parseSeparator(cursor);
  return {
    kind: "assignment",
    target,
    operator: "=",
    value,
    provide: keyword.type !== "HIDDEN",
    hidden: keyword.type !== "PROVIDE",
    keyword: wordOf(cursor, keyword),
    start: keyword.start,
    end: cursor.lastEnd,
  };
}

/**
 * statement_anywhere: ASSERT { expressions } '(' exp ',' NAME ')' { the state before }
 * statement: ASSERT { expressions } '(' exp ',' NAME ')' separator { the state before }
 */
export function parseAssert(cursor: Cursor): LdAssert {
  const keyword = take(cursor);
  const isInside = cursor.state === INSIDE;
  pushState(cursor, EXPRESSION);
  expect(cursor, "(");
  const condition = cursor.inPanic ? missing(cursor) : parseExpression(cursor);
  expect(cursor, ",");
  let message: LdName | undefined;
  if (!cursor.inPanic && at(cursor, "NAME")) message = takeName(cursor);
  else reportUnexpected(cursor, "a message in quotes");
  expect(cursor, ")");
  if (isInside && !cursor.preprocessed) parseSeparator(cursor);
  popState(cursor);
  allowEnd(cursor);
  return {
    kind: "assert",
    keyword: wordOf(cursor, keyword),
    condition,
    message,
    start: keyword.start,
    end: cursor.lastEnd,
  };
}

/** A command without arguments. */
export function parseWord(cursor: Cursor): LdCommand {
  const keyword = take(cursor);
  return { kind: "command", keyword: wordOf(cursor, keyword), arguments: [], start: keyword.start, end: keyword.end };
}

/** What a command's names are, for the features that follow names. */
const ROLES: ReadonlyMap<string, LdArgumentRole> = new Map([
  ["ENTRY", "symbol"],
  ["EXTERN", "symbol"],
  ["NOCROSSREFS", "section"],
  ["NOCROSSREFS_TO", "section"],
  ["REGION_ALIAS", "region"],
]);

/** keyword '(' NAME ')': ENTRY, TARGET, SEARCH_DIR, OUTPUT, OUTPUT_ARCH, STARTUP, MAP, LD_FEATURE */
export function parseNameCommand(cursor: Cursor): LdCommand {
  return finishCommand(cursor, take(cursor), (names) => {
    pushName(cursor, names);
  });
}

/** OUTPUT_FORMAT '(' NAME ')' | OUTPUT_FORMAT '(' NAME ',' NAME ',' NAME ')' */
export function parseOutputFormat(cursor: Cursor): LdCommand {
  return finishCommand(cursor, take(cursor), (names) => {
    pushName(cursor, names);
    if (cursor.inPanic || accept(cursor, ",") === undefined) return;
    pushName(cursor, names);
    expect(cursor, ",");
    pushName(cursor, names);
  });
}

/** REGION_ALIAS '(' NAME ',' NAME ')' */
export function parseRegionAlias(cursor: Cursor): LdCommand {
  return finishCommand(cursor, take(cursor), (names) => {
    pushName(cursor, names);
    expect(cursor, ",");
    pushName(cursor, names);
  });
}

/** nocrossref_list: { NAME [ ',' ] } */
export function parseNoCrossReferences(cursor: Cursor): LdCommand {
  return finishCommand(cursor, take(cursor), (names) => {
    while (at(cursor, "NAME")) {
      pushName(cursor, names);
      if (accept(cursor, ",") === undefined && !at(cursor, "NAME")) break;
    }
  });
}

/** EXTERN '(' { expressions } NAME { [ ',' ] NAME } ')' { the state before } */
export function parseExtern(cursor: Cursor): LdCommand {
  const keyword = take(cursor);
  expect(cursor, "(");
  pushState(cursor, EXPRESSION);
  const names: LdName[] = [];
  do pushName(cursor, names);
  while (!cursor.inPanic && (accept(cursor, ",") !== undefined || at(cursor, "NAME")));
  expect(cursor, ")");
  popState(cursor);
  for (const name of names) noteUse(cursor, name, "symbol", false);
  return {
    kind: "command",
    keyword: wordOf(cursor, keyword),
    arguments: names,
    start: keyword.start,
    end: cursor.lastEnd,
  };
}

/** HLL '(' [ NAME { [ ',' ] NAME } ] ')' | SYSLIB '(' { [ ',' ] NAME } ')' */
export function parseLibraries(cursor: Cursor): LdCommand {
  const keyword = take(cursor);
  const isSystem = keyword.type === "SYSLIB";
  return finishCommand(cursor, keyword, (names) => {
    while (!cursor.inPanic && !at(cursor, ")")) {
      if (names.length > 0 || isSystem) accept(cursor, ",");
      pushName(cursor, names);
    }
  });
}

function finishCommand(cursor: Cursor, keyword: Token, parseNames: (names: LdName[]) => void): LdCommand {
  const names: LdName[] = [];
  expect(cursor, "(");
  if (!cursor.inPanic) parseNames(names);
  expect(cursor, ")");
  const role = ROLES.get(keyword.type);
  if (role !== undefined) {
    names.forEach((name, index) => {
      noteUse(cursor, name, role, keyword.type === "REGION_ALIAS" && index === 0);
    });
  }
  allowEnd(cursor);
  return {
    kind: "command",
    keyword: wordOf(cursor, keyword),
    arguments: names,
    start: keyword.start,
    end: cursor.lastEnd,
  };
}

function pushName(cursor: Cursor, names: LdName[]): void {
  if (cursor.inPanic) return;
  if (at(cursor, "NAME")) names.push(takeName(cursor));
  else reportUnexpected(cursor, "a name");
}

/** INPUT '(' input_list ')' | GROUP '(' input_list ')' */
export function parseInput(cursor: Cursor): LdInput {
  const keyword = take(cursor);
  const files: LdInputFile[] = [];
  expect(cursor, "(");
  pushState(cursor, INPUT_LIST);
  if (!cursor.inPanic) parseInputList(cursor, files, false);
  popState(cursor);
  expect(cursor, ")");
  allowEnd(cursor);
  return { kind: "input", keyword: wordOf(cursor, keyword), files, start: keyword.start, end: cursor.lastEnd };
}

const MAX_AS_NEEDED = 100;

/** input_list1: item { [ ',' ] item }    item: NAME | LNAME | AS_NEEDED '(' input_list1 ')' */
function parseInputList(cursor: Cursor, files: LdInputFile[], asNeeded: boolean, depth = 0): void {
  let isFirst = true;
  while (!cursor.inPanic && (isFirst || !at(cursor, ")"))) {
    if (!isFirst) accept(cursor, ",");
    isFirst = false;
    const token = peek(cursor);
    if (token.type === "NAME" || token.type === "LNAME") {
      take(cursor);
      const isLibrary = token.type === "LNAME";
      files.push({ name: nameOf(token), isLibrary, asNeeded, start: token.start, end: token.end });
    } else if (token.type === "AS_NEEDED" && depth < MAX_AS_NEEDED) {
      take(cursor);
      expect(cursor, "(");
      if (!cursor.inPanic) parseInputList(cursor, files, true, depth + 1);
      expect(cursor, ")");
    } else {
      reportUnexpected(cursor, "a file");
    }
  }
}

/** INCLUDE filename */
export function parseInclude(cursor: Cursor): LdInclude {
  const keyword = take(cursor);
  const token = expect(cursor, "NAME", "a file's name");
  const path = token === undefined ? missingName(cursor) : nameOf(token);
  return { kind: "include", path, start: keyword.start, end: cursor.lastEnd };
}

/** INSERT AFTER NAME | INSERT BEFORE NAME */
export function parseInsert(cursor: Cursor): LdInsert {
  const keyword = take(cursor);
  const isBefore = at(cursor, "BEFORE");
  if (accept(cursor, isBefore ? "BEFORE" : "AFTER") === undefined) reportUnexpected(cursor, "AFTER or BEFORE");
  const token = expect(cursor, "NAME", "the name of an output section");
  const section = token && nameOf(token);
  noteUse(cursor, section, "section", false);
  const where = isBefore ? "BEFORE" : "AFTER";
  return { kind: "insert", where, section, start: keyword.start, end: cursor.lastEnd };
}

/** length '(' mustbe_exp ')', with length: QUAD | SQUAD | LONG | SHORT | BYTE */
export function parseData(cursor: Cursor): LdData {
  const keyword = take(cursor);
  expect(cursor, "(");
  const value = cursor.inPanic ? missing(cursor) : parseExpressionIn(cursor);
  expect(cursor, ")");
  return { kind: "data", keyword: wordOf(cursor, keyword), value, start: keyword.start, end: cursor.lastEnd };
}

/** FILL '(' fill_exp ')' */
export function parseFill(cursor: Cursor): LdFill {
  const { value, keyword, start, end } = parseData(cursor);
  return { kind: "fill", keyword, value, start, end };
}

/** ASCIZ NAME | ASCII '(' mustbe_exp ')' NAME */
export function parseText(cursor: Cursor): LdText {
  const keyword = take(cursor);
  let size: LdExpression | undefined;
  if (keyword.type === "ASCII") {
    expect(cursor, "(");
    if (!cursor.inPanic) size = parseExpressionIn(cursor);
    expect(cursor, ")");
  }
  const token = expect(cursor, "NAME", "a text in quotes");
  return {
    kind: "text",
    keyword: wordOf(cursor, keyword),
    size,
    text: token && nameOf(token),
    start: keyword.start,
    end: cursor.lastEnd,
  };
}
