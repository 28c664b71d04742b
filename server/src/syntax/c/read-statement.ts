/**
 * Reads statements and the declarations among them (C11 6.8, with GNU's case ranges and computed gotos) in raw text: a call that no
 * semicolon ends controls what follows it, as list_for_each_entry(…) does. What is not understood is one opaque statement.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { type CodeReader, closeOf, DEEPEST, endBefore, openCode, peekKind, peekWord, startAt } from "./code-reader.ts";
import type { Code, Expression, Statement } from "./code-tree.ts";
import { CLOSE_BRACE, CLOSE_PAREN, COLON, OPEN_BRACE, OPEN_PAREN, SEMICOLON } from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { readDeclaration, startsDeclaration } from "./read-declaration.ts";
import { readConditional, readExpression, readInitializer, readParenthesized, readWhole } from "./read-expression.ts";
import { behindStatement } from "./statements.ts";
import { behindGroup, isPair } from "./token-run.ts";

const NO_TYPES: ReadonlySet<string> = new Set();

/**
 * Reads a function's body.
 * @param body with its braces
 * @param types names that the file makes types
 */
export function readBody(source: Source, body: Span, types: ReadonlySet<string> = NO_TYPES): Code | undefined {
  const reader = openCode(source, body, "file", types);
  if (peekKind(reader) !== OPEN_BRACE) return undefined;
  const close = closeOf(reader, 0);
  if (close !== reader.end - 1) return undefined;
  reader.at = 1;
  const items = readItems(reader, close);
  return items === undefined ? undefined : { source, items };
}

/** Reads code that may be an expression alone or statements, the last without its semicolon: a macro's replacement. */
export function readReplacementCode(
  source: Source,
  span: Span,
  types: ReadonlySet<string> = NO_TYPES,
): Code | undefined {
  const reader = openCode(source, span, "macro", types);
  if (reader.end === 0) return { source, items: [] };
  const expression = readWhole(reader);
  if (expression !== undefined) {
    return { source, items: [{ kind: "expression", expression, start: expression.start, end: expression.end }] };
  }
  reader.at = 0;
  reader.depth = 0;
  const items = readItems(reader, reader.end);
  return items === undefined ? undefined : { source, items };
}

/** Reads an initializer, or any other expression in the file's text. */
export function readExpressionIn(
  source: Source,
  span: Span,
  types: ReadonlySet<string> = NO_TYPES,
): Expression | undefined {
  const reader = openCode(source, span, "file", types);
  if (peekKind(reader) !== OPEN_BRACE) return readWhole(reader);
  const list = readInitializer(reader);
  return reader.at === reader.end ? list : undefined;
}

/** Statements up to a place; undefined where one is cut off there. */
export function readItems(reader: CodeReader, to: number): Statement[] | undefined {
  if (reader.depth > DEEPEST) return undefined;
  reader.depth++;
  const outer = reader.end;
  reader.end = to;
  const items: Statement[] = [];
  let isRead = true;
  while (reader.at < to && isRead) {
    const at = reader.at;
    isRead = readItem(reader, items) && reader.at > at;
  }
  reader.end = outer;
  reader.depth--;
  return isRead && reader.at === to ? items : undefined;
}

/** Reads one item, a label alone included. */
function readItem(reader: CodeReader, into: Statement[]): boolean {
  const { at, depth } = reader;
  const start = startAt(reader);
  const kind = peekKind(reader);
  if (kind === TOKEN.directive || kind === SEMICOLON) {
    reader.at++;
    into.push({ kind: kind === SEMICOLON ? "empty" : "directive", start, end: endBefore(reader) });
    return true;
  }
  const found = readStatement(reader);
  if (found !== undefined) {
    into.push(found);
    return true;
  }
  reader.at = at;
  reader.depth = depth;
  const behind = behindStatement(reader.run, at);
  const end = behind < 0 || behind > reader.end ? -1 : behind;
  if (end < 0) return false;
  reader.at = end;
  into.push({ kind: "opaque", start, end: endBefore(reader) });
  return true;
}

/** Reads the statement that another one controls: with a label before it, it is a block without braces. */
function readControlled(reader: CodeReader): Statement | undefined {
  const items: Statement[] = [];
  do {
    if (reader.at >= reader.end || !readItem(reader, items)) return undefined;
    // A line of the preprocessor's in the midst of a statement leaves open what is controlled.
    if (items.at(-1)!.kind === "directive") return undefined;
  } while (items.at(-1)!.kind === "label" || items.at(-1)!.kind === "case");
  const [first] = items;
  if (first === undefined) return undefined;
  if (items.length === 1) return first;
  return { kind: "block", items, hasBraces: false, start: first.start, end: items.at(-1)!.end };
}

function readStatement(reader: CodeReader): Statement | undefined {
  if (reader.depth > DEEPEST) return undefined;
  reader.depth++;
  const found = readStatementWithin(reader);
  reader.depth--;
  return found;
}

function readStatementWithin(reader: CodeReader): Statement | undefined {
  const start = startAt(reader);
  const kind = peekKind(reader);
  if (kind === OPEN_BRACE) {
    const close = closeOf(reader, reader.at);
    if (close < 0) return undefined;
    reader.at++;
    const items = readItems(reader, close);
    if (items === undefined) return undefined;
    reader.at = close + 1;
    return { kind: "block", items, hasBraces: true, start, end: endBefore(reader) };
  }
  if (kind === KEYWORD.asm || kind === KEYWORD.attribute) return readOpaque(reader);
  if (kind === TOKEN.word) {
    const word = peekWord(reader);
    const read = KEYWORDS.get(word);
    if (read !== undefined) return read(reader, start, word);
    if (peekKind(reader, 1) === COLON && !isPair(reader.run, reader.at + 1, COLON, COLON)) {
      reader.at += 2;
      return { kind: "label", name: word, start, end: endBefore(reader) };
    }
  }
  if (startsDeclaration(reader)) return readDeclaration(reader);
  return readExpressionStatement(reader, start);
}

function readOpaque(reader: CodeReader): Statement | undefined {
  const start = startAt(reader);
  while (reader.at < reader.end && peekKind(reader) !== SEMICOLON) {
    if (peekKind(reader) === TOKEN.directive) return undefined;
    reader.at = behindGroup(reader.run, reader.at);
  }
  if (!endStatement(reader)) return undefined;
  return { kind: "opaque", start, end: endBefore(reader) };
}

/** Over the semicolon, which only the last statement of a macro lacks. */
function endStatement(reader: CodeReader): boolean {
  if (peekKind(reader) === SEMICOLON) {
    reader.at++;
    return true;
  }
  return reader.at === reader.run.count;
}

/** expression-statement: expression `;`. A call without its semicolon controls the statement behind it. */
function readExpressionStatement(reader: CodeReader, start: number): Statement | undefined {
  const expression = readExpression(reader);
  if (expression === undefined) return undefined;
  if (endStatement(reader)) return { kind: "expression", expression, start, end: endBefore(reader) };
  if (expression.kind !== "call" || expression.callee.kind !== "name") return undefined;
  const body = readControlled(reader);
  return body === undefined ? undefined : { kind: "controlled", head: expression, body, start, end: endBefore(reader) };
}

type ReadStatement = (reader: CodeReader, start: number, word: string) => Statement | undefined;

const KEYWORDS: ReadonlyMap<string, ReadStatement> = new Map<string, ReadStatement>([
  ["if", readIf],
  ["while", readWhile],
  ["do", readDo],
  ["for", readFor],
  ["switch", readSwitch],
  ["case", readCase],
  ["default", readCase],
  ["return", readReturn],
  ["goto", readGoto],
  ["break", readJump],
  ["continue", readJump],
  ["else", () => undefined],
]);

function readIf(reader: CodeReader, start: number): Statement | undefined {
  reader.at++;
  const condition = readParenthesized(reader);
  const then = condition === undefined ? undefined : readControlled(reader);
  if (condition === undefined || then === undefined) return undefined;
  let otherwise: Statement | undefined;
  if (peekWord(reader) === "else") {
    reader.at++;
    otherwise = readControlled(reader);
    if (otherwise === undefined) return undefined;
  }
  return { kind: "if", condition, then, otherwise, start, end: endBefore(reader) };
}

function readWhile(reader: CodeReader, start: number): Statement | undefined {
  reader.at++;
  const condition = readParenthesized(reader);
  const body = condition === undefined ? undefined : readControlled(reader);
  if (condition === undefined || body === undefined) return undefined;
  return { kind: "while", condition, body, start, end: endBefore(reader) };
}

function readDo(reader: CodeReader, start: number): Statement | undefined {
  reader.at++;
  const body = readControlled(reader);
  if (body === undefined || peekWord(reader) !== "while") return undefined;
  reader.at++;
  const condition = readParenthesized(reader);
  if (condition === undefined || !endStatement(reader)) return undefined;
  return { kind: "do", condition, body, start, end: endBefore(reader) };
}

/** `for` `(` (declaration | expression_opt `;`) expression_opt `;` expression_opt `)` statement */
function readFor(reader: CodeReader, start: number): Statement | undefined {
  reader.at++;
  const close = peekKind(reader) === OPEN_PAREN ? closeOf(reader, reader.at) : -1;
  if (close < 0) return undefined;
  reader.at++;
  const first: Statement[] = [];
  const outer = reader.end;
  reader.end = close;
  const isRead = readItem(reader, first);
  const condition = isRead && peekKind(reader) !== SEMICOLON ? readExpression(reader) : undefined;
  const hasCondition = peekKind(reader) === SEMICOLON;
  if (hasCondition) reader.at++;
  const step = hasCondition && reader.at < close ? readExpression(reader) : undefined;
  const isWhole = isRead && hasCondition && reader.at === close && kindOfFirst(first);
  reader.end = outer;
  if (!isWhole || peekKind(reader) !== CLOSE_PAREN) return undefined;
  reader.at++;
  const body = readControlled(reader);
  if (body === undefined) return undefined;
  return { kind: "for", first: first[0], condition, step, body, start, end: endBefore(reader) };
}

function kindOfFirst([first]: readonly Statement[]): boolean {
  return first?.kind === "expression" || first?.kind === "declaration" || first?.kind === "empty";
}

function readSwitch(reader: CodeReader, start: number): Statement | undefined {
  reader.at++;
  const subject = readParenthesized(reader);
  const body = subject === undefined ? undefined : readControlled(reader);
  if (subject === undefined || body === undefined) return undefined;
  return { kind: "switch", subject, body, start, end: endBefore(reader) };
}

/** `case` constant (`...` constant)? `:` | `default` `:` */
function readCase(reader: CodeReader, start: number, word: string): Statement | undefined {
  reader.at++;
  const values: Expression[] = [];
  if (word === "case") {
    const first = readConditional(reader);
    if (first === undefined) return undefined;
    values.push(first);
    if (peekKind(reader) === 46 && peekKind(reader, 1) === 46 && peekKind(reader, 2) === 46) {
      reader.at += 3;
      const last = readConditional(reader);
      if (last === undefined) return undefined;
      values.push(last);
    }
  }
  if (peekKind(reader) !== COLON) return undefined;
  reader.at++;
  return { kind: "case", values, start, end: endBefore(reader) };
}

function readReturn(reader: CodeReader, start: number): Statement | undefined {
  reader.at++;
  const isBare = peekKind(reader) === SEMICOLON || reader.at === reader.run.count || peekKind(reader) === CLOSE_BRACE;
  const value = isBare ? undefined : readExpression(reader);
  if ((!isBare && value === undefined) || !endStatement(reader)) return undefined;
  return { kind: "return", value, start, end: endBefore(reader) };
}

function readGoto(reader: CodeReader, start: number): Statement | undefined {
  reader.at++;
  const isPlain = peekKind(reader) === TOKEN.word && peekKind(reader, 1) === SEMICOLON;
  const label = isPlain ? peekWord(reader) : undefined;
  while (reader.at < reader.end && peekKind(reader) !== SEMICOLON) reader.at = behindGroup(reader.run, reader.at);
  if (!endStatement(reader)) return undefined;
  return { kind: "goto", label, start, end: endBefore(reader) };
}

function readJump(reader: CodeReader, start: number, word: string): Statement | undefined {
  reader.at++;
  if (!endStatement(reader)) return undefined;
  return { kind: word as "break" | "continue", start, end: endBefore(reader) };
}
