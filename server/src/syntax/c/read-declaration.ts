/**
 * Reads the declarations of a block (C11 6.7) as far as an expression's reader needs them: names, initializers, and the words of
 * the type. declaration.ts reads those at file scope, with all that says something of linkage.
 */

import { type CodeReader, closeOf, endBefore, peekKind, peekWord, startAt } from "./code-reader.ts";
import type { Expression, Statement, Variable } from "./code-tree.ts";
import { COLON, COMMA, EQUALS, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR } from "./codes.ts";
import { isStatementWord, KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { readExpression, readInitializer } from "./read-expression.ts";
import { isTypeKeyword, isTypeWord, readOperand } from "./read-type.ts";
import { behindGroup, kindAt, tokenWord } from "./token-run.ts";

/** Whether a declaration starts at the next token: a keyword of one, or `word word`, `word *word =`. */
export function startsDeclaration(reader: CodeReader): boolean {
  const { run, at } = reader;
  const kind = peekKind(reader);
  if (kind === KEYWORD.asm || kind === KEYWORD.attribute || kind === KEYWORD.staticAssert) return false;
  if (kind === KEYWORD.extension) return false;
  if (kind >= 128) return true;
  if (kind !== TOKEN.word || isStatementWord(peekWord(reader))) return false;
  let next = at + 1;
  const isKnown = isTypeWord(peekWord(reader), reader.types);
  if (kindAt(run, next) === TOKEN.word) return next < reader.end && !isStatementWord(tokenWord(run, next));
  if (isTypeKeyword(kindAt(run, next)) || kindAt(run, next) === KEYWORD.static) return true;
  if (kindAt(run, next) !== STAR) return false;
  while (kindAt(run, next) === STAR || kindAt(run, next) === KEYWORD.const || kindAt(run, next) === KEYWORD.qualifier)
    next++;
  if (kindAt(run, next) !== TOKEN.word) return isKnown && kindAt(run, next) === OPEN_PAREN;
  const behind = next + 1 < reader.end ? kindAt(run, next + 1) : TOKEN.end;
  if (isKnown || behind === TOKEN.word) return true;
  if (behind === EQUALS) return kindAt(run, next + 2) !== EQUALS;
  return behind === SEMICOLON || behind === COMMA || behind === OPEN_BRACKET;
}

interface Specifiers {
  storage: "extern" | "static" | "typedef" | "none";
  readonly words: string[];
  isDeduced: boolean;
  readonly operands: Expression[];
}

/** declaration: specifiers (declarator (`=` initializer)?),* `;` */
export function readDeclaration(reader: CodeReader): Statement | undefined {
  const start = startAt(reader);
  const specifiers: Specifiers = { storage: "none", words: [], isDeduced: false, operands: [] };
  if (!readSpecifiers(reader, specifiers)) return undefined;
  const variables: Variable[] = [];
  while (peekKind(reader) !== SEMICOLON && reader.at < reader.end) {
    const variable = readVariable(reader);
    if (variable === undefined) return undefined;
    variables.push(variable);
    if (peekKind(reader) !== COMMA) break;
    reader.at++;
  }
  if (peekKind(reader) === SEMICOLON) reader.at++;
  else if (reader.at !== reader.run.count) return undefined;
  const { storage, words, operands, isDeduced } = specifiers;
  return {
    kind: "declaration",
    storage,
    type: words.join(" "),
    isDeduced,
    variables,
    operands,
    start,
    end: endBefore(reader),
  };
}

function readSpecifiers(reader: CodeReader, into: Specifiers): boolean {
  const { run } = reader;
  let hasType = false;
  for (;;) {
    const kind = peekKind(reader);
    const word = peekWord(reader);
    if (kind === KEYWORD.typeof || kind === KEYWORD.attribute || kind === KEYWORD.alignas) {
      if (kind === KEYWORD.typeof) {
        const operand = readOperand(reader, reader.at + 1);
        if (operand === undefined) return false;
        into.operands.push(operand);
        into.words.push("typeof");
        hasType = true;
      }
      if (peekKind(reader, 1) !== OPEN_PAREN) return false;
      reader.at = behindGroup(run, reader.at + 1);
    } else if (kind === KEYWORD.tag) {
      into.words.push(word);
      reader.at++;
      if (peekKind(reader) === KEYWORD.attribute) reader.at = behindGroup(run, reader.at + 1);
      if (peekKind(reader) === TOKEN.word) {
        into.words.push(peekWord(reader));
        reader.at++;
      }
      if (peekKind(reader) === OPEN_BRACE) reader.at = behindGroup(run, reader.at);
      hasType = true;
    } else if (kind >= 128) {
      if (kind === KEYWORD.asm || kind === KEYWORD.staticAssert) return false;
      if (kind === KEYWORD.extern || kind === KEYWORD.static || kind === KEYWORD.typedef) {
        into.storage = word as Specifiers["storage"];
      } else into.words.push(word);
      into.isDeduced ||= kind === KEYWORD.auto;
      hasType ||= kind === KEYWORD.void || kind === KEYWORD.type || kind === KEYWORD.auto;
      reader.at++;
    } else if (kind === TOKEN.word) {
      if (hasType && endsDeclarator(reader)) return true;
      if (!hasType && (peekKind(reader, 1) === EQUALS || peekKind(reader, 1) === SEMICOLON))
        return into.words.length > 0;
      into.words.push(word);
      hasType = true;
      reader.at++;
    } else return hasType && (kind === STAR || kind === OPEN_PAREN || kind === SEMICOLON);
  }
}

/** Whether the word is the declarator's name: what ends or goes on with a declarator stands behind it. */
function endsDeclarator(reader: CodeReader): boolean {
  const kind = peekKind(reader, 1);
  return (
    kind === EQUALS ||
    kind === SEMICOLON ||
    kind === COMMA ||
    kind === OPEN_BRACKET ||
    kind === OPEN_PAREN ||
    kind === COLON ||
    kind === KEYWORD.attribute ||
    kind === KEYWORD.asm ||
    kind === TOKEN.end
  );
}

function readVariable(reader: CodeReader): Variable | undefined {
  const { run } = reader;
  let stars = 0;
  let name = -1;
  let isInParens = false;
  while (name < 0) {
    const kind = peekKind(reader);
    if (kind === STAR) {
      stars++;
      reader.at++;
    } else if (kind === KEYWORD.const || kind === KEYWORD.qualifier) reader.at++;
    else if (kind === KEYWORD.attribute) reader.at = behindGroup(run, reader.at + 1);
    else if (kind === TOKEN.word) {
      if (endsDeclarator(reader)) name = reader.at;
      reader.at++;
    } else if (kind === OPEN_PAREN && closeOf(reader, reader.at) > 0) {
      const close = closeOf(reader, reader.at);
      for (let i = reader.at + 1; i < close; i = behindGroup(run, i)) {
        if (kindAt(run, i) === TOKEN.word) name = i;
        if (kindAt(run, i) === STAR) stars++;
      }
      if (name < 0) return undefined;
      isInParens = true;
      reader.at = close + 1;
    } else return undefined;
  }
  const bounds: Expression[] = [];
  let isArray = isInParens && kindAt(run, name + 1) === OPEN_BRACKET;
  let isFunction = false;
  for (;;) {
    const kind = peekKind(reader);
    if (kind === OPEN_BRACKET) {
      isArray ||= !isInParens;
      const close = closeOf(reader, reader.at);
      reader.at++;
      if (close < 0) return undefined;
      if (reader.at < close) {
        const bound = readExpression(reader);
        if (bound === undefined || reader.at !== close) return undefined;
        bounds.push(bound);
      }
      reader.at = close + 1;
    } else if (kind === OPEN_PAREN) {
      isFunction = !isInParens;
      reader.at = behindGroup(run, reader.at);
    } else if (kind === KEYWORD.attribute || kind === KEYWORD.asm) {
      reader.at = behindGroup(run, reader.at + 1);
    } else if (kind === TOKEN.word && !isStatementWord(peekWord(reader))) {
      reader.at++;
      if (peekKind(reader) === OPEN_PAREN) reader.at = behindGroup(run, reader.at);
    } else break;
  }
  let initializer: Expression | undefined;
  if (peekKind(reader) === EQUALS) {
    reader.at++;
    initializer = readInitializer(reader);
    if (initializer === undefined) return undefined;
  }
  const nameSpan = { start: run.starts[name]!, end: run.stops[name]! };
  return { name: tokenWord(run, name), nameSpan, stars, isArray, isFunction, initializer, bounds };
}
