/**
 * Reads expressions (C11 6.5, with GNU's statement expressions, `?:` without a middle and labels as values). Without types it
 * cannot always tell a cast from an operator; a node that may be either says so.
 */

import {
  acceptKind,
  type CodeReader,
  closeOf,
  DEEPEST,
  endBefore,
  peekKind,
  peekOperator,
  peekWord,
  startAt,
} from "./code-reader.ts";
import type { CallExpression, Expression, ListExpression, OpaqueExpression, UnaryExpression } from "./code-tree.ts";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  HASH,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUESTION,
  STAR,
} from "./codes.ts";
import { isStatementWord, KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { readItems } from "./read-statement.ts";
import { readTypeName, startsType } from "./read-type.ts";
import { behindGroup, kindAt } from "./token-run.ts";

/** expression: assignment-expression (`,` assignment-expression)* */
export function readExpression(reader: CodeReader): Expression | undefined {
  const start = startAt(reader);
  let left = readAssignment(reader);
  while (left !== undefined && peekKind(reader) === COMMA) {
    reader.at++;
    const right = readAssignment(reader);
    if (right === undefined) return undefined;
    left = { kind: "comma", left, right, start, end: endBefore(reader) };
  }
  return left;
}

const ASSIGNMENTS: ReadonlySet<string> = new Set("= *= /= %= += -= <<= >>= &= ^= |=".split(" "));

/** assignment-expression: conditional-expression | unary-expression assignment-operator assignment-expression */
export function readAssignment(reader: CodeReader): Expression | undefined {
  if (reader.depth > DEEPEST) return undefined;
  reader.depth++;
  const found = readAssignmentWithin(reader);
  reader.depth--;
  return found;
}

function readAssignmentWithin(reader: CodeReader): Expression | undefined {
  const start = startAt(reader);
  const left = readConditional(reader);
  if (left === undefined) return undefined;
  const operator = peekOperator(reader);
  if (!ASSIGNMENTS.has(operator.text)) return left;
  reader.at += operator.count;
  const right = readAssignment(reader);
  if (right === undefined) return undefined;
  return { kind: "assign", operator: operator.text, left, right, start, end: endBefore(reader) };
}

/** conditional-expression: binary (`?` expression_opt `:` conditional-expression)? */
export function readConditional(reader: CodeReader): Expression | undefined {
  const start = startAt(reader);
  const condition = readBinary(reader, 1);
  if (condition === undefined || !acceptKind(reader, QUESTION)) return condition;
  const then = peekKind(reader) === COLON ? undefined : readExpression(reader);
  if (!acceptKind(reader, COLON)) return undefined;
  reader.depth++;
  const otherwise = reader.depth > DEEPEST ? undefined : readConditional(reader);
  reader.depth--;
  if (otherwise === undefined) return undefined;
  return { kind: "conditional", condition, then, otherwise, start, end: endBefore(reader) };
}

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

function readBinary(reader: CodeReader, least: number): Expression | undefined {
  const start = startAt(reader);
  let left = readUnary(reader);
  while (left !== undefined) {
    const operator = peekOperator(reader);
    const precedence = PRECEDENCE.get(operator.text);
    if (precedence === undefined || precedence < least) return left;
    // `(word) - x`, `(word) & x`: without types a cast looks the same.
    const isDoubtful = left.kind === "paren" && left.inner.kind === "name" && "*&-+".includes(operator.text);
    reader.at += operator.count;
    const right = readBinary(reader, precedence + 1);
    if (right === undefined) return undefined;
    left = { kind: "binary", operator: operator.text, left, right, isDoubtful, start, end: endBefore(reader) };
  }
  return undefined;
}

const PREFIXES: ReadonlySet<string> = new Set(["&", "*", "+", "-", "~", "!", "++", "--"]);

/** unary-expression: postfix-expression | prefix unary | `sizeof` … | `(` type-name `)` unary | `&&` label */
function readUnary(reader: CodeReader): Expression | undefined {
  if (reader.depth > DEEPEST) return undefined;
  reader.depth++;
  const found = readUnaryWithin(reader);
  reader.depth--;
  return found;
}

function readUnaryWithin(reader: CodeReader): Expression | undefined {
  const start = startAt(reader);
  const { text, count } = peekOperator(reader);
  if (PREFIXES.has(text)) {
    reader.at += count;
    const operand = readUnary(reader);
    if (operand === undefined) return undefined;
    return { kind: "unary", operator: text as UnaryExpression["operator"], operand, start, end: endBefore(reader) };
  }
  if (text === "&&" && peekKind(reader, 2) === TOKEN.word) {
    const name = peekWord(reader, 2);
    reader.at += 3;
    return { kind: "label-address", name, start, end: endBefore(reader) };
  }
  if (peekKind(reader) === KEYWORD.extension) {
    reader.at++;
    return readUnary(reader);
  }
  if (isMeasure(peekWord(reader))) return readMeasure(reader);
  if (peekKind(reader) === OPEN_PAREN && startsCast(reader)) return readCast(reader);
  const primary = readPrimary(reader);
  return primary === undefined ? undefined : readPostfix(reader, primary, start);
}

function isMeasure(word: string): boolean {
  return (
    word === "sizeof" || word === "_Alignof" || word === "alignof" || word === "__alignof__" || word === "__alignof"
  );
}

/** `sizeof unary-expression`, `sizeof ( type-name )` */
function readMeasure(reader: CodeReader): Expression | undefined {
  const start = startAt(reader);
  const word = peekWord(reader);
  reader.at++;
  if (peekKind(reader) === OPEN_PAREN && startsType(reader, reader.at + 1)) {
    const close = closeOf(reader, reader.at);
    const type = close < 0 ? undefined : readTypeName(reader, reader.at + 1, close);
    if (type !== undefined) {
      reader.at = close + 1;
      // sizeof (type){ … } measures the literal.
      if (peekKind(reader) !== OPEN_BRACE)
        return { kind: "measure", word, operand: type, start, end: endBefore(reader) };
      return undefined;
    }
  }
  const operand = readUnary(reader);
  return operand === undefined ? undefined : { kind: "measure", word, operand, start, end: endBefore(reader) };
}

/** Whether the parenthesis opens a cast or a compound literal. */
function startsCast(reader: CodeReader): boolean {
  const { run, at } = reader;
  const close = closeOf(reader, at);
  if (close < 0 || kindAt(run, at + 1) === OPEN_BRACE) return false;
  if (startsType(reader, at + 1)) return true;
  if (kindAt(run, at + 1) !== TOKEN.word) return false;
  let last = at + 1;
  while (kindAt(run, last + 1) === TOKEN.word || kindAt(run, last + 1) === STAR) last++;
  if (last + 1 !== close) return false;
  // `(word *)`, `(word word)`
  if (last > at + 1) return true;
  const next = close + 1 < reader.end ? kindAt(run, close + 1) : TOKEN.end;
  if (next === TOKEN.word) return !isStatementWord(run.source.slice(run.starts[close + 1]!, run.stops[close + 1]!));
  if (next === TOKEN.number || next === TOKEN.string || next === TOKEN.character || next === OPEN_BRACE) return true;
  return (
    next === 126 ||
    (next === 33 && !(kindAt(run, close + 2) === EQUALS && run.stops[close + 1] === run.starts[close + 2]))
  );
}

function readCast(reader: CodeReader): Expression | undefined {
  const start = startAt(reader);
  const close = closeOf(reader, reader.at);
  const type = readTypeName(reader, reader.at + 1, close);
  if (type === undefined) return undefined;
  reader.at = close + 1;
  if (peekKind(reader) === OPEN_BRACE) {
    const list = readList(reader);
    if (list === undefined) return undefined;
    return readPostfix(reader, { kind: "literal", type, list, start, end: endBefore(reader) }, start);
  }
  const operand = readUnary(reader);
  if (operand === undefined) return undefined;
  return { kind: "cast", type, operand, isDoubtful: false, start, end: endBefore(reader) };
}

/** primary-expression: identifier | constant | string-literal+ | `(` expression `)` | `({` … `})` | `_Generic` … */
function readPrimary(reader: CodeReader): Expression | undefined {
  const start = startAt(reader);
  const kind = peekKind(reader);
  if (kind === TOKEN.number || kind === TOKEN.character) {
    reader.at++;
    return { kind: "constant", text: reader.run.source.slice(start, endBefore(reader)), start, end: endBefore(reader) };
  }
  if (kind === TOKEN.string || kind === HASH) return readString(reader);
  if (kind === OPEN_PAREN) return readParens(reader);
  if (kind === KEYWORD.typeof) return undefined;
  if (kind !== TOKEN.word) return undefined;
  const name = peekWord(reader);
  if (isStatementWord(name)) return undefined;
  if (name === "_Generic" && peekKind(reader, 1) === OPEN_PAREN) return readGeneric(reader);
  reader.at++;
  // KERN_INFO "…": a macro that stands for a string.
  if (peekKind(reader) === TOKEN.string) return readString(reader, start);
  return { kind: "name", name, start, end: endBefore(reader) };
}

function readString(reader: CodeReader, start = startAt(reader)): Expression {
  for (;;) {
    const kind = peekKind(reader);
    if (kind === HASH && peekKind(reader, 1) === TOKEN.word) reader.at += 2;
    else if (kind === TOKEN.string || (kind === TOKEN.word && !isStatementWord(peekWord(reader)))) reader.at++;
    else break;
    if (kind === TOKEN.word && peekKind(reader) === OPEN_PAREN) reader.at = behindGroup(reader.run, reader.at);
  }
  if (endBefore(reader) <= start) reader.at++;
  return { kind: "string", start, end: endBefore(reader) };
}

function readParens(reader: CodeReader): Expression | undefined {
  const start = startAt(reader);
  const close = closeOf(reader, reader.at);
  if (close < 0) return undefined;
  reader.at++;
  if (peekKind(reader) === OPEN_BRACE) {
    const brace = closeOf(reader, reader.at);
    if (brace !== close - 1) return undefined;
    reader.at++;
    const items = readItems(reader, brace);
    if (items === undefined) return undefined;
    reader.at = close + 1;
    return { kind: "block-expression", items, start, end: endBefore(reader) };
  }
  const inner = readExpression(reader);
  if (inner === undefined || reader.at !== close) return undefined;
  reader.at++;
  return { kind: "paren", inner, start, end: endBefore(reader) };
}

/** generic-selection: `_Generic` `(` assignment-expression (`,` (type-name | `default`) `:` assignment-expression)+ `)` */
function readGeneric(reader: CodeReader): Expression | undefined {
  const start = startAt(reader);
  const close = closeOf(reader, reader.at + 1);
  if (close < 0) return undefined;
  reader.at += 2;
  const subject = readAssignment(reader);
  if (subject === undefined) return undefined;
  const choices: Expression[] = [];
  while (acceptKind(reader, COMMA)) {
    while (reader.at < close && peekKind(reader) !== COLON) reader.at = behindGroup(reader.run, reader.at);
    if (!acceptKind(reader, COLON)) return undefined;
    const choice = readAssignment(reader);
    if (choice === undefined) return undefined;
    choices.push(choice);
  }
  if (reader.at !== close) return undefined;
  reader.at++;
  return { kind: "generic", subject, choices, start, end: endBefore(reader) };
}

/** What follows a primary: `[…]`, `(…)`, `.name`, `->name`, `++`, `--`. */
function readPostfix(reader: CodeReader, primary: Expression, start: number): Expression | undefined {
  let node: Expression = primary;
  for (;;) {
    const { text, count } = peekOperator(reader);
    if (text === "[") {
      const close = closeOf(reader, reader.at);
      if (close < 0) return undefined;
      reader.at++;
      const index = readExpression(reader);
      if (index === undefined || reader.at !== close) return undefined;
      reader.at++;
      node = { kind: "index", base: node, index, start, end: endBefore(reader) };
    } else if (text === "(") {
      const call: CallExpression | undefined = readCall(reader, node, start);
      if (call === undefined) return undefined;
      node = call;
    } else if ((text === "." || text === "->") && peekKind(reader, count) === TOKEN.word) {
      const name = peekWord(reader, count);
      reader.at += count + 1;
      node = { kind: "member", base: node, isArrow: text === "->", name, start, end: endBefore(reader) };
    } else if (text === "++" || text === "--") {
      reader.at += count;
      node = { kind: "postfix", operator: text, operand: node, start, end: endBefore(reader) };
    } else return node;
  }
}

function readCall(reader: CodeReader, callee: Expression, start: number): CallExpression | undefined {
  const { run } = reader;
  const open = reader.at;
  const close = closeOf(reader, open);
  if (close < 0) return undefined;
  const values: Expression[] = [];
  reader.at++;
  while (reader.at < close || (values.length > 0 && reader.at === close && kindAt(run, close - 1) === COMMA)) {
    values.push(readArgument(reader, close));
    if (reader.at < close) reader.at++;
    else break;
  }
  reader.at = close + 1;
  const list = { start: run.stops[open]!, end: run.starts[close]! };
  return { kind: "call", callee, arguments: values, list, start, end: endBefore(reader) };
}

/** An argument: an expression, a type, or whatever a macro makes something of. The reader stands at the comma or the end behind it. */
function readArgument(reader: CodeReader, close: number): Expression {
  const { run, at } = reader;
  let end = at;
  while (end < close && kindAt(run, end) !== COMMA) end = Math.min(close, behindGroup(run, end));
  const outer = reader.end;
  reader.end = end;
  const opaque: OpaqueExpression = {
    kind: "opaque",
    start: end > at ? run.starts[at]! : run.stops[at - 1]!,
    end: end > at ? run.stops[end - 1]! : run.stops[at - 1]!,
  };
  let value: Expression | undefined;
  if (startsType(reader, at)) value = readTypeName(reader, at, end);
  else {
    value = peekKind(reader) === OPEN_BRACE ? readList(reader) : readAssignment(reader);
    if (reader.at !== end) value = undefined;
  }
  reader.end = outer;
  reader.at = end;
  return value ?? opaque;
}

/** initializer: assignment-expression | `{` (designation? initializer),* `}` */
export function readInitializer(reader: CodeReader): Expression | undefined {
  return peekKind(reader) === OPEN_BRACE ? readList(reader) : readAssignment(reader);
}

function readList(reader: CodeReader): ListExpression | undefined {
  const start = startAt(reader);
  const close = closeOf(reader, reader.at);
  if (close < 0 || reader.depth > DEEPEST) return undefined;
  reader.depth++;
  reader.at++;
  const values: Expression[] = [];
  while (reader.at < close) {
    if (!readDesignation(reader, values)) return undefined;
    const value = readInitializer(reader);
    if (value === undefined) return undefined;
    values.push(value);
    if (!acceptKind(reader, COMMA)) break;
  }
  reader.depth--;
  if (reader.at !== close || peekKind(reader) !== CLOSE_BRACE) return undefined;
  reader.at++;
  return { kind: "list", values, start, end: endBefore(reader) };
}

/** designation: (`[` constant (`...` constant)? `]` | `.` identifier)+ `=`, and GNU's `identifier :` */
function readDesignation(reader: CodeReader, values: Expression[]): boolean {
  if (peekKind(reader) === TOKEN.word && peekKind(reader, 1) === COLON) {
    reader.at += 2;
    return true;
  }
  let isDesignated = false;
  for (;;) {
    if (peekKind(reader) === DOT && peekKind(reader, 1) === TOKEN.word) reader.at += 2;
    else if (peekKind(reader) === OPEN_BRACKET) {
      reader.at++;
      const first = readConditional(reader);
      if (first === undefined) return false;
      values.push(first);
      if (peekOperator(reader).text === "...") {
        reader.at += 3;
        const last = readConditional(reader);
        if (last === undefined) return false;
        values.push(last);
      }
      if (!acceptKind(reader, CLOSE_BRACKET)) return false;
    } else break;
    isDesignated = true;
  }
  return !isDesignated || acceptKind(reader, EQUALS);
}

/** An expression and nothing behind it. */
export function readWhole(reader: CodeReader): Expression | undefined {
  const found = readExpression(reader);
  return found !== undefined && reader.at === reader.end ? found : undefined;
}

/** `( expression )` of an `if` and its kin. */
export function readParenthesized(reader: CodeReader): Expression | undefined {
  const close = peekKind(reader) === OPEN_PAREN ? closeOf(reader, reader.at) : -1;
  if (close < 0) return undefined;
  reader.at++;
  const found = readExpression(reader);
  if (found === undefined || reader.at !== close || peekKind(reader) !== CLOSE_PAREN) return undefined;
  reader.at++;
  return found;
}
