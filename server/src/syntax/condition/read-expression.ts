/**
 * Reads the text of an #if line, comments and continued lines included, as a tree. Text that is no expression gives one that
 * is not known, and so does what goes beyond the limits; it evaluates nothing.
 *
 *     conditional := any [ "?" conditional ":" conditional ]
 *     any         := all { "||" all }
 *     all         := binary { "&&" binary }
 *     binary      := operand { operator operand }            with the operators and precedences of C11 6.5
 *     operand     := { "!" | "-" | "~" | "+" } ( number | name [ "(" … ")" ] | "(" conditional ")" )
 */

import { type BinaryOperator, type ConditionExpression, joined, LEVELS, type UnaryOperator } from "./expression.ts";

/** What stands where the end of a condition is left out. */
export const LEFT_OUT = "…";

/** A condition longer than this says nothing to a reader and only costs memory. */
const LONGEST_TEXT = 1000;

/** Parentheses deeper than this stand in no condition that is written by hand. */
const DEEPEST = 64;

interface Token {
  readonly text: string;
  readonly kind: "word" | "number" | "literal" | "other";
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  isBroken: boolean;
}

/** The expression that the text says where a truth value is wanted: `!!X` is X there. */
export function readConditionExpression(text: string): ConditionExpression {
  const tokens = tokensOf(text);
  const reader: Reader = { tokens, at: 0, depth: 0, isBroken: false };
  const expression = readConditional(reader);
  if (reader.isBroken || reader.at < tokens.length) return unknownOf(tokens);
  return asTruth(expression);
}

function unknownOf(tokens: readonly Token[]): ConditionExpression {
  const text = tokens.map((token) => token.text).join(" ");
  if (text.length > LONGEST_TEXT) return { kind: "unknown", text: `${text.slice(0, LONGEST_TEXT)} ${LEFT_OUT}` };
  return { kind: "unknown", text: text === "" ? LEFT_OUT : text };
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const { length } = text;
  let i = 0;
  while (i < length) {
    const letter = text[i]!;
    if (letter <= " ") i++;
    else if (letter === "\\" && /^\\\r?\n/.test(text.slice(i, i + 3))) i += text[i + 1] === "\r" ? 3 : 2;
    else if (letter === "/" && text[i + 1] === "*") {
      const end = text.indexOf("*/", i + 2);
      i = end < 0 ? length : end + 2;
    } else if (letter === "/" && text[i + 1] === "/") i = endOfLine(text, i);
    else {
      const start = i;
      const kind = kindOf(text, i);
      if (kind === "literal") i = endOfLiteral(text, i);
      else if (kind === "other") i += PAIRS.has(text.slice(i, i + 2)) ? 2 : 1;
      else while (i < length && isWordLetter(text, i, kind)) i++;
      tokens.push({ kind, text: text.slice(start, i) });
    }
  }
  return tokens;
}

/** Operators of two characters; a third is never needed in a condition. */
const PAIRS: ReadonlySet<string> = new Set(["&&", "||", "==", "!=", "<=", ">=", "<<", ">>"]);

function kindOf(text: string, at: number): Token["kind"] {
  const letter = text[at]!;
  if (letter >= "0" && letter <= "9") return "number";
  if (letter === "'" || letter === '"') return "literal";
  return isWordLetter(text, at, "word") ? "word" : "other";
}

function isWordLetter(text: string, at: number, kind: "word" | "number"): boolean {
  const code = text.charCodeAt(at);
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)) return true;
  if (code === 95 || code === 36) return true;
  return kind === "number" ? code === 46 : code >= 128 && text[at] !== LEFT_OUT;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function endOfLiteral(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length && text[i] !== text[at] && text[i] !== "\n") i += text[i] === "\\" ? 2 : 1;
  return Math.min(i + 1, text.length);
}

function readConditional(reader: Reader): ConditionExpression {
  if (reader.depth >= DEEPEST) return broken(reader);
  reader.depth++;
  const test = readAny(reader);
  let expression = test;
  if (peek(reader) === "?") {
    reader.at++;
    const held = readConditional(reader);
    if (peek(reader) !== ":") broken(reader);
    reader.at++;
    expression = { kind: "choice", test: asTruth(test), held, other: readConditional(reader) };
  }
  reader.depth--;
  return expression;
}

function readAny(reader: Reader): ConditionExpression {
  return readJoined(reader, "any", "||", (inner) => readJoined(inner, "all", "&&", (part) => readBinary(part, 1)));
}

function readJoined(
  reader: Reader,
  kind: "all" | "any",
  operator: string,
  readPart: (reader: Reader) => ConditionExpression,
): ConditionExpression {
  const first = readPart(reader);
  if (peek(reader) !== operator) return first;
  const parts = [asTruth(first)];
  while (peek(reader) === operator && !reader.isBroken) {
    reader.at++;
    parts.push(asTruth(readPart(reader)));
  }
  return joined(kind, parts);
}

function readBinary(reader: Reader, least: number): ConditionExpression {
  let left = readOperand(reader);
  while (!reader.isBroken) {
    const operator = peek(reader) ?? "";
    const level = LEVELS.get(operator);
    if (level === undefined || level < least) break;
    reader.at++;
    left = { kind: "binary", operator: operator as BinaryOperator, left, right: readBinary(reader, level + 1) };
  }
  return left;
}

function readOperand(reader: Reader): ConditionExpression {
  const signs: UnaryOperator[] = [];
  for (let token = peek(reader); isUnary(token); token = peek(reader)) {
    signs.push(token);
    reader.at++;
  }
  if (signs.length > DEEPEST) return broken(reader);
  let expression = readPrimary(reader);
  for (const operator of signs.reverse()) {
    expression =
      operator === "!"
        ? { kind: "unary", operator, operand: asTruth(expression) }
        : { kind: "unary", operator, operand: expression };
  }
  return expression;
}

function isUnary(token: string | undefined): token is UnaryOperator {
  return token === "!" || token === "-" || token === "~" || token === "+";
}

function readPrimary(reader: Reader): ConditionExpression {
  const token = reader.tokens[reader.at++];
  if (token === undefined) return broken(reader);
  const { kind, text } = token;
  if (text === "(") return readParenthesis(reader);
  if (kind === "number") return { kind: "number", text };
  if (kind === "literal" || text === LEFT_OUT) return { kind: "unknown", text };
  if (kind !== "word") return broken(reader);
  if (text === "defined") return readDefined(reader);
  if (peek(reader) !== "(") return { kind: "name", name: text };
  const given = readWithin(reader);
  return given === undefined ? broken(reader) : { kind: "call", name: text, given: argumentText(given) };
}

/** What stands in parentheses; where that is no expression it is not known, and the rest is read. */
function readParenthesis(reader: Reader): ConditionExpression {
  const start = reader.at;
  const expression = readConditional(reader);
  if (!reader.isBroken && peek(reader) === ")") {
    reader.at++;
    return expression;
  }
  if (reader.depth >= DEEPEST) return broken(reader);
  reader.at = start - 1;
  const given = readWithin(reader);
  if (given === undefined) return broken(reader);
  reader.isBroken = false;
  return unknownOf(given);
}

/** defined NAME, defined(NAME) */
function readDefined(reader: Reader): ConditionExpression {
  const isOpen = peek(reader) === "(";
  if (isOpen) reader.at++;
  const name = reader.tokens[reader.at++];
  if (name?.kind !== "word") return broken(reader);
  if (isOpen && reader.tokens[reader.at++]?.text !== ")") return broken(reader);
  return { kind: "defined", name: name.text };
}

/** The tokens within the parentheses that begin here; undefined where they do not end. */
function readWithin(reader: Reader): readonly Token[] | undefined {
  const first = reader.at + 1;
  let depth = 0;
  for (; reader.at < reader.tokens.length; reader.at++) {
    const { text } = reader.tokens[reader.at]!;
    if (text === "(") depth++;
    else if (text === ")" && --depth === 0) return reader.tokens.slice(first, reader.at++);
  }
  return undefined;
}

function argumentText(given: readonly Token[]): string {
  let text = "";
  let last: Token | undefined;
  for (const token of given) {
    if (last?.text === "," || (last !== undefined && last.kind !== "other" && token.kind !== "other")) text += " ";
    text += token.text;
    last = token;
  }
  return text;
}

function peek(reader: Reader): string | undefined {
  return reader.tokens[reader.at]?.text;
}

function broken(reader: Reader): ConditionExpression {
  reader.isBroken = true;
  return { kind: "unknown", text: LEFT_OUT };
}

/** The same truth in fewer signs: `!!X` is X where only its truth counts. */
function asTruth(expression: ConditionExpression): ConditionExpression {
  if (expression.kind !== "unary" || expression.operator !== "!") return expression;
  const { operand } = expression;
  return operand.kind === "unary" && operand.operator === "!" ? operand.operand : expression;
}
