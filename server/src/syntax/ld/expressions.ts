/**
 * Expressions (ldgram.y: exp, mustbe_exp). The parser reads them in the lexer's state for expressions; the names of
 * sections and regions within functions are read as in the script at large.
 */

import type { Span } from "../../text/span.ts";
import {
  accept,
  at,
  type Cursor,
  expect,
  MAX_NESTING,
  missingName,
  nameOf,
  noteInfix,
  noteUse,
  peek,
  popState,
  pushState,
  reportError,
  reportUnexpected,
  take,
  wordOf,
} from "./cursor.ts";
import { EXPRESSION, SCRIPT } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import { finishMacroCall, takeName } from "./macro-calls.ts";
import { numberValue } from "./numbers.ts";
import type {
  LdArgumentRole,
  LdBinaryOperator,
  LdCall,
  LdExpression,
  LdMissing,
  LdName,
  LdNameArgument,
  LdUnary,
} from "./tree.ts";

/** How tightly each binary operator binds. `^` is one since GNU ld 2.41 and in lld; all bind to the left. */
const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ["||", 1],
  ["&&", 2],
  ["|", 3],
  ["^", 4],
  ["&", 5],
  ["==", 6],
  ["!=", 6],
  ["<", 7],
  [">", 7],
  ["<=", 7],
  [">=", 7],
  ["<<", 8],
  [">>", 8],
  ["+", 9],
  ["-", 9],
  ["*", 10],
  ["/", 10],
  ["%", 10],
]);

const UNARY = new Set(["-", "!", "+", "~"]);

/** mustbe_exp: { the state for expressions } exp { the state before } */
export function parseExpressionIn(cursor: Cursor): LdExpression {
  pushState(cursor, EXPRESSION);
  const expression = parseExpression(cursor);
  popState(cursor);
  return expression;
}

/** exp: exp '?' exp ':' exp | exp binary-operator exp | unary */
export function parseExpression(cursor: Cursor): LdExpression {
  return parseBehind(cursor, parseUnary(cursor));
}

/** What follows an operand that was read before. */
export function parseBehind(cursor: Cursor, operand: LdExpression): LdExpression {
  const condition = parseBinary(cursor, operand, 1);
  if (cursor.inPanic || !at(cursor, "?")) return condition;
  noteInfix(cursor);
  take(cursor);
  if (!enter(cursor)) return condition;
  const then = parseExpression(cursor);
  if (!cursor.inPanic && at(cursor, ":")) noteInfix(cursor);
  expect(cursor, ":");
  const otherwise = cursor.inPanic ? missing(cursor) : parseExpression(cursor);
  cursor.nesting--;
  return { kind: "conditional", condition, then, otherwise, start: condition.start, end: cursor.lastEnd };
}

function parseBinary(cursor: Cursor, first: LdExpression, least: number): LdExpression {
  let left = first;
  while (!cursor.inPanic) {
    const token = peek(cursor);
    const precedence = PRECEDENCE.get(token.type);
    if (precedence === undefined || precedence < least) return left;
    noteInfix(cursor);
    take(cursor);
    let right = parseUnary(cursor);
    // At most one level deeper for each level of precedence, of which there are ten.
    for (;;) {
      const next = cursor.inPanic ? undefined : PRECEDENCE.get(peek(cursor).type);
      if (next === undefined || next <= precedence) break;
      right = parseBinary(cursor, right, precedence + 1);
    }
    left = {
      kind: "binary",
      operator: token.type as LdBinaryOperator,
      operatorSpan: { start: token.start, end: token.end },
      left,
      right,
      start: left.start,
      end: right.end,
    };
  }
  return left;
}

/** exp: '-' exp | '!' exp | '+' exp | '~' exp | operand */
function parseUnary(cursor: Cursor): LdExpression {
  const operators: Token[] = [];
  while (!cursor.inPanic && UNARY.has(peek(cursor).type)) {
    if (operators.length >= MAX_NESTING) {
      reportError(cursor, peek(cursor), "syntax error: too many operators in a row");
      break;
    }
    operators.push(take(cursor));
  }
  let expression = parseOperand(cursor);
  for (const operator of operators.reverse()) {
    expression = {
      kind: "unary",
      operator: operator.type as LdUnary["operator"],
      operand: expression,
      start: operator.start,
      end: expression.end,
    };
  }
  return expression;
}

/** Counts a level of nesting; false where that is one too many. */
function enter(cursor: Cursor): boolean {
  if (cursor.nesting < MAX_NESTING) {
    cursor.nesting++;
    return true;
  }
  reportError(cursor, peek(cursor), "syntax error: expression nested too deeply");
  return false;
}

function missing(cursor: Cursor): LdMissing {
  return { kind: "missing", start: cursor.lastEnd, end: cursor.lastEnd };
}

/** exp: INT | NAME | '(' exp ')' | function */
function parseOperand(cursor: Cursor): LdExpression {
  if (cursor.inPanic) return missing(cursor);
  const token = peek(cursor);
  switch (token.type) {
    case "INT": {
      take(cursor);
      return { kind: "number", text: token.text, value: numberValue(token.text), start: token.start, end: token.end };
    }
    case "NAME":
      return parseName(cursor);
    case "(": {
      take(cursor);
      return finishParenthesized(cursor, token);
    }
    case "SIZEOF_HEADERS": {
      take(cursor);
      return call(cursor, token, []);
    }
    default: {
      const parse = FUNCTIONS.get(token.type);
      if (parse === undefined) {
        reportUnexpected(cursor, "an expression");
        return missing(cursor);
      }
      take(cursor);
      if (!enter(cursor)) return missing(cursor);
      const result = call(cursor, token, parse(cursor));
      cursor.nesting--;
      return result;
    }
  }
}

/** exp: '(' exp ')', the parenthesis taken. */
export function finishParenthesized(cursor: Cursor, open: Span): LdExpression {
  if (!enter(cursor)) return missing(cursor);
  const inner = parseExpression(cursor);
  expect(cursor, ")");
  cursor.nesting--;
  return { kind: "parenthesized", inner, start: open.start, end: cursor.lastEnd };
}

function parseName(cursor: Cursor): LdExpression {
  const token = take(cursor);
  if (cursor.preprocessed && !token.quoted && isCall(cursor)) return finishMacroCall(cursor, token);
  const name = nameOf(token);
  noteUse(cursor, name, "symbol", false);
  return { kind: "symbol", name, start: token.start, end: token.end };
}

const TYPES = new Set(["NOLOAD", "DSECT", "COPY", "INFO", "OVERLAY", "READONLY", "TYPE"]);

/** A parenthesis behind a name is a macro's, save for the type of an output section: `.x ADDRESS (NOLOAD) :`. */
function isCall(cursor: Cursor): boolean {
  const open = peek(cursor);
  if (open.type !== "(") return false;
  const word = /^\(\s*(\w*)/.exec(cursor.source.slice(open.start, Math.min(open.start + 80, cursor.end)));
  return !TYPES.has(word?.[1] ?? "");
}

function call(cursor: Cursor, keyword: Token, parameters: LdCall["arguments"]): LdCall {
  return {
    kind: "call",
    function: wordOf(cursor, keyword),
    arguments: parameters,
    start: keyword.start,
    end: cursor.lastEnd,
  };
}

type ParseArguments = (cursor: Cursor) => LdCall["arguments"];

const FUNCTIONS: ReadonlyMap<string, ParseArguments> = new Map<string, ParseArguments>([
  ["ALIGNOF", (cursor) => scriptName(cursor, "section")],
  ["SIZEOF", (cursor) => scriptName(cursor, "section")],
  ["ADDR", (cursor) => scriptName(cursor, "section")],
  ["LOADADDR", (cursor) => scriptName(cursor, "section")],
  ["ORIGIN", (cursor) => scriptName(cursor, "region")],
  ["LENGTH", (cursor) => scriptName(cursor, "region")],
  ["DEFINED", (cursor) => plainName(cursor, "symbol")],
  ["CONSTANT", (cursor) => plainName(cursor, "constant")],
  ["NEXT", (cursor) => expressions(cursor, 1, 1)],
  ["ABSOLUTE", (cursor) => expressions(cursor, 1, 1)],
  ["BLOCK", (cursor) => expressions(cursor, 1, 1)],
  ["LOG2CEIL", (cursor) => expressions(cursor, 1, 1)],
  ["DATA_SEGMENT_END", (cursor) => expressions(cursor, 1, 1)],
  ["ALIGN", (cursor) => expressions(cursor, 1, 2)],
  ["MAX", (cursor) => expressions(cursor, 2, 2)],
  ["MIN", (cursor) => expressions(cursor, 2, 2)],
  ["DATA_SEGMENT_ALIGN", (cursor) => expressions(cursor, 2, 2)],
  ["DATA_SEGMENT_RELRO_END", (cursor) => expressions(cursor, 2, 2)],
  ["SEGMENT_START", segmentStart],
  ["ASSERT", assertion],
]);

function nameArgument(cursor: Cursor, role: LdArgumentRole, what: string): LdNameArgument {
  let name: LdName;
  if (cursor.inPanic || !at(cursor, "NAME")) {
    reportUnexpected(cursor, what);
    name = missingName(cursor);
  } else {
    name = takeName(cursor);
    noteUse(cursor, name, role, false);
  }
  return { kind: "name", role, name, start: name.start, end: name.end };
}

/** paren_script_name: { the state for scripts } '(' NAME ')' { the state before } */
function scriptName(cursor: Cursor, role: LdArgumentRole): LdCall["arguments"] {
  pushState(cursor, SCRIPT);
  expect(cursor, "(");
  const name = nameArgument(cursor, role, `the name of a ${role}`);
  expect(cursor, ")");
  popState(cursor);
  return [name];
}

/** '(' NAME ')' */
function plainName(cursor: Cursor, role: LdArgumentRole): LdCall["arguments"] {
  expect(cursor, "(");
  const name = nameArgument(cursor, role, role === "symbol" ? "a symbol" : "the name of a constant");
  expect(cursor, ")");
  return [name];
}

/** '(' exp ')' | '(' exp ',' exp ')' */
function expressions(cursor: Cursor, least: number, most: number): LdCall["arguments"] {
  const parameters: LdExpression[] = [];
  expect(cursor, "(");
  do {
    parameters.push(cursor.inPanic ? missing(cursor) : parseExpression(cursor));
    if (parameters.length < least) expect(cursor, ",");
    else if (parameters.length === most || cursor.inPanic || accept(cursor, ",") === undefined) break;
  } while (!cursor.inPanic);
  expect(cursor, ")");
  return parameters;
}

/**
 * SEGMENT_START { the state for scripts } '(' NAME { the state before } ',' exp ')'
 *
 * The name is one that options such as -Ttext know, `text-segment`; PHDRS declares none of these.
 */
function segmentStart(cursor: Cursor): LdCall["arguments"] {
  pushState(cursor, SCRIPT);
  expect(cursor, "(");
  const name = nameArgument(cursor, "constant", "the name of a segment");
  popState(cursor);
  expect(cursor, ",");
  const value = cursor.inPanic ? missing(cursor) : parseExpression(cursor);
  expect(cursor, ")");
  return [name, value];
}

/** ASSERT '(' exp ',' NAME ')' */
function assertion(cursor: Cursor): LdCall["arguments"] {
  expect(cursor, "(");
  const condition = cursor.inPanic ? missing(cursor) : parseExpression(cursor);
  expect(cursor, ",");
  const message = nameArgument(cursor, "message", "a message in quotes");
  expect(cursor, ")");
  return [condition, message];
}
