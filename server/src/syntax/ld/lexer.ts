/**
 * The lexer of linker scripts. What a character means depends on the state that the parser has put the lexer into, as in
 * GNU ld (ldlex.l of binutils 2.40): `a-b` is one name among files and three tokens in an expression. The parser must
 * switch states at the very places where ld's does, or names would end elsewhere. This file knows no grammar.
 *
 * As flex does, the longest match wins, and among equals the rule that stands first: keywords and operators before names.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import {
  BLANK,
  CLASSES,
  endOfRun,
  endOfRunOrComment,
  endOfStringOverLines,
  FILE,
  FILE_START,
  HEX,
  SYMBOL,
  SYMBOL_START,
  TAG,
  TAG_START,
  VERSION_START,
  VERSION_WORD,
  WILD,
  WORD,
} from "./characters.ts";
import { type Directives, isAlwaysTrue, isNeverTrue } from "./directives.ts";
import {
  EXPRESSION,
  INPUT_LIST,
  INSIDE,
  KEYWORDS,
  type LexState,
  VERSION_NODE,
  VERSION_SCRIPT,
  VERSION_START_STATE,
} from "./keywords.ts";
import { endOfNumber, endOfSuffixedNumber } from "./numbers.ts";
import type { LdError } from "./tree.ts";

/** NAME, LNAME (`-lname`), INT, VERS_TAG, VERS_IDENTIFIER, END, a keyword's type, or an operator as written. */
export interface Token extends Span {
  readonly type: string;
  /** The name without quotes, the number as written; "" for operators. */
  readonly text: string;
  readonly quoted: boolean;
  readonly pasted: boolean;
}

/** An #if whose branches the lexer walks through. */
interface Conditional {
  /** How many parentheses and braces were open before it. */
  readonly depth: number;
  /** It stands between statements. */
  readonly atBoundary: boolean;
}

/** All that lexing depends on. */
export interface ScriptLexer {
  readonly source: Source;
  /** Where the text to read ends. */
  readonly end: number;
  readonly preprocessed: boolean;
  readonly directives: Directives;
  readonly errors: LdError[];
  /** Where the next token is looked for. */
  offset: number;
  state: LexState;
  versionNesting: number;
  /** Open parentheses and braces among the tokens that the parser has taken. */
  depth: number;
  /** The parser is between two statements, so that a directive here splits none. */
  atBoundary: boolean;
  /** A directive was passed since the parser last cleared this. */
  passedDirective: boolean;
  readonly conditionals: Conditional[];
  /** Branches that were passed over, for they split a statement whose first branch was taken. */
  readonly branches: Span[];
  /** Branches that no script ever has, and that were passed over. */
  readonly skipped: Span[];
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;

/** Comments and `#` are skipped in all states but these (ldlex.l: INPUTLIST echoes `#`; WILD and V_START as written). */
const NO_HASH_COMMENT = INPUT_LIST;

/** Reads the next token in the present state, skipping blanks, comments, preprocessor lines and invalid characters. */
export function readToken(lexer: ScriptLexer): Token {
  const { source, end } = lexer;
  const { codes } = source;
  for (;;) {
    skipTrivia(lexer);
    const start = lexer.offset;
    if (start >= end) return { type: "END", text: "", quoted: false, pasted: false, start: end, end };
    if (codes[start] === QUOTE && lexer.state !== VERSION_START_STATE && lexer.state !== VERSION_SCRIPT) {
      const token = readQuoted(lexer);
      if (token !== undefined) return token;
    } else {
      const token = readUnquoted(lexer, start);
      if (token !== undefined) {
        lexer.offset = token.end;
        return token;
      }
    }
    // Behind a macro the next statement may be of another state than the present one: the parser has to see it.
    if (lexer.preprocessed) {
      lexer.offset = start + 1;
      return operatorToken(source.slice(start, start + 1), start);
    }
    skipInvalid(lexer, start);
  }
}

/** A character that no rule of the state matches: ld warns and goes on, except in a list of files, where it is silent. */
function skipInvalid(lexer: ScriptLexer, start: number): void {
  lexer.offset = start + 1;
  if (lexer.state === INPUT_LIST) return;
  const where = lexer.state === EXPRESSION ? "in an expression" : "here";
  lexer.errors.push({
    kind: "character",
    message: `invalid character '${lexer.source.slice(start, start + 1)}' ${where}, which ld ignores`,
    start,
    end: start + 1,
  });
}

function readQuoted(lexer: ScriptLexer): Token | undefined {
  const { codes } = lexer.source;
  const start = lexer.offset;
  let at = start + 1;
  while (at < lexer.end && codes[at] !== QUOTE && !(lexer.preprocessed && codes[at] === LF)) at++;
  if (at < lexer.end && codes[at] === LF) {
    const end = endOfStringOverLines(codes, start, lexer.end);
    if (end === undefined) return undefined;
    at = end - 1;
  }
  if (at >= lexer.end) return undefined;
  lexer.offset = at + 1;
  return { type: "NAME", text: lexer.source.slice(start + 1, at), quoted: true, pasted: false, start, end: at + 1 };
}

// Blanks, comments, preprocessor lines

/** Moves the lexer to the next character that begins a token, or an invalid one. */
export function skipTrivia(lexer: ScriptLexer): void {
  const { source, end } = lexer;
  const { codes } = source;
  for (;;) {
    const at = lexer.offset;
    if (at >= end) {
      lexer.offset = end;
      return;
    }
    const code = codes[at]!;
    const next = codes[at + 1];
    if (code === SPACE || code === LF || code === TAB || code === CR) lexer.offset++;
    else if (code === SLASH && next === STAR) skipComment(lexer);
    else if (lexer.preprocessed && code === SLASH && next === SLASH) skipLine(lexer);
    else if (lexer.preprocessed && code === BACKSLASH && (next === LF || next === CR)) lexer.offset += 2;
    else if (lexer.preprocessed && code === HASH) skipHash(lexer);
    else if (code === HASH && !(lexer.state & NO_HASH_COMMENT)) skipLine(lexer);
    else return;
  }
}

function skipComment(lexer: ScriptLexer): void {
  const { codes } = lexer.source;
  const start = lexer.offset;
  let at = start + 2;
  while (at < lexer.end && !(codes[at] === STAR && codes[at + 1] === SLASH)) at++;
  lexer.offset = Math.min(at + 2, lexer.end);
  if (at < lexer.end) return;
  lexer.errors.push({ kind: "comment", message: "comment is not closed", start, end: start + 2 });
}

function skipLine(lexer: ScriptLexer): void {
  const { codes } = lexer.source;
  let at = lexer.offset;
  while (at < lexer.end && codes[at] !== LF) at++;
  lexer.offset = at;
}

/** A preprocessor line; a `#` that begins none (the stringizing operator, a pasting operator alone) is passed over. */
function skipHash(lexer: ScriptLexer): void {
  const index = lexer.directives.byStart.get(lexer.offset);
  if (index === undefined) {
    lexer.offset++;
    return;
  }
  const { list } = lexer.directives;
  const directive = list[index]!;
  lexer.passedDirective = true;
  let target = directive.end;
  if (directive.kind === "if") {
    if (isNeverTrue(directive.condition) && directive.next >= 0) {
      // The branch holds C, or nothing; the walk goes on at the next one, which is then entered as the first.
      const next = list[directive.next]!;
      target = next.end;
      lexer.skipped.push({ start: directive.end, end: next.start });
      if (next.kind !== "endif") lexer.conditionals.push(conditionalHere(lexer));
    } else {
      lexer.conditionals.push(conditionalHere(lexer));
    }
  } else if (directive.kind === "elif" || directive.kind === "else") {
    target = passBranch(lexer, index);
  } else if (directive.kind === "endif") {
    lexer.conditionals.pop();
  }
  lexer.offset = Math.min(target, lexer.end);
}

function conditionalHere(lexer: ScriptLexer): Conditional {
  return { depth: lexer.depth, atBoundary: lexer.atBoundary };
}

/**
 * At an #elif or #else: where to go on. Between statements, as deep as at the #if, the branch is read like the first one.
 * Where a statement is split or a brace left open, the first branch stands for all and the others are read apart.
 */
function passBranch(lexer: ScriptLexer, index: number): number {
  const { list } = lexer.directives;
  const directive = list[index]!;
  const conditional = lexer.conditionals.at(-1);
  const endif = directive.last < 0 ? undefined : list[directive.last];
  if (conditional === undefined || endif === undefined) return directive.end;
  if (isAlwaysTrue(list[directive.first]!.condition)) {
    lexer.conditionals.pop();
    lexer.skipped.push({ start: directive.end, end: endif.start });
    return endif.end;
  }
  if (conditional.atBoundary && lexer.atBoundary && conditional.depth === lexer.depth) return directive.end;
  for (let branch = index; branch >= 0 && branch !== directive.last; branch = list[branch]!.next) {
    const next = list[list[branch]!.next];
    if (next === undefined) break;
    lexer.branches.push({ start: list[branch]!.end, end: next.start });
  }
  lexer.conditionals.pop();
  return endif.end;
}

// Tokens by state

function readUnquoted(lexer: ScriptLexer, start: number): Token | undefined {
  switch (lexer.state) {
    case EXPRESSION:
      return readInExpression(lexer, start);
    case INSIDE:
      return readInside(lexer, start);
    case INPUT_LIST:
      return readInInputList(lexer, start);
    case VERSION_START_STATE:
    case VERSION_SCRIPT:
    case VERSION_NODE:
      return readInVersion(lexer, start);
    default:
      return readInScript(lexer, start);
  }
}

const SCRIPT_OPERATORS = operators("<<= >>= += -= *= /= &= |= ^= > , ~ ! + - = } { ) ( : ;");
const EXPRESSION_OPERATORS = operators(
  "<<= >>= || == != >= <= << >> += -= *= /= &= |= ^= && > , & | ~ ! ? * + - / % < = } { ) ( : ; ^",
);
const INSIDE_OPERATORS = operators("] [ <<= >>= += -= *= /= &= |= ^= & = } { ) ( ;");

/** Operators by their first code, the longest first. */
function operators(list: string): readonly (readonly string[])[] {
  const byCode: string[][] = [];
  for (const operator of list.split(" ")) {
    const code = operator.charCodeAt(0);
    byCode[code] ??= [];
    byCode[code].push(operator);
  }
  for (const each of byCode) each?.sort((a, b) => b.length - a.length);
  return byCode;
}

function operatorAt(lexer: ScriptLexer, start: number, table: readonly (readonly string[])[]): string | undefined {
  const { codes } = lexer.source;
  const candidates = table[codes[start]!];
  if (candidates === undefined) return undefined;
  for (const operator of candidates) {
    if (start + operator.length > lexer.end) continue;
    let i = 1;
    while (i < operator.length && codes[start + i] === operator.charCodeAt(i)) i++;
    if (i === operator.length) return operator;
  }
  return undefined;
}

function operatorToken(operator: string, start: number): Token {
  return { type: operator, text: "", quoted: false, pasted: false, start, end: start + operator.length };
}

/** A name, or the keyword that it spells in this state. */
function nameToken(lexer: ScriptLexer, start: number, nameEnd: number): Token {
  const pastedEnd = lexer.preprocessed ? endOfPasted(lexer, nameEnd) : nameEnd;
  const text = lexer.source.slice(start, pastedEnd);
  if (pastedEnd > nameEnd) {
    return { type: "NAME", text: text.replace(/\s+/g, ""), quoted: false, pasted: true, start, end: pastedEnd };
  }
  const keyword = KEYWORDS.get(text);
  const type = keyword !== undefined && keyword.states & lexer.state ? keyword.type : "NAME";
  return { type, text, quoted: false, pasted: false, start, end: nameEnd };
}

/** The end of a name that `##` continues: `__start_##name`, `sym ## _start`. */
function endOfPasted(lexer: ScriptLexer, nameEnd: number): number {
  const { codes } = lexer.source;
  let end = nameEnd;
  for (;;) {
    let at = end;
    while (at < lexer.end && CLASSES[codes[at]!]! & BLANK) at++;
    if (codes[at] !== HASH || codes[at + 1] !== HASH) return end;
    at += 2;
    while (at < lexer.end && CLASSES[codes[at]!]! & BLANK) at++;
    const next = endOfRun(codes, at, lexer.end, lexer.state === INSIDE ? WILD : SYMBOL);
    if (next === at) return end;
    end = next;
  }
}

function numberToken(lexer: ScriptLexer, start: number, end: number): Token {
  let tokenEnd = end;
  // The preprocessor's numbers may have C's suffixes, as in 0x1000UL.
  if (lexer.preprocessed) tokenEnd = endOfRun(lexer.source.codes, end, lexer.end, WORD);
  return {
    type: "INT",
    text: lexer.source.slice(start, end),
    quoted: false,
    pasted: false,
    start,
    end: tokenEnd,
  };
}

function readInScript(lexer: ScriptLexer, start: number): Token | undefined {
  const { codes } = lexer.source;
  const operator = operatorAt(lexer, start, SCRIPT_OPERATORS);
  const numberEnd = endOfNumber(lexer, start);
  let nameEnd = start;
  if (CLASSES[codes[start]!]! & FILE_START) nameEnd = endOfFileName(lexer, start);
  if (numberEnd > start && numberEnd >= nameEnd) return numberToken(lexer, start, numberEnd);
  if (operator !== undefined && start + operator.length >= nameEnd) return operatorToken(operator, start);
  return nameEnd > start ? nameToken(lexer, start, nameEnd) : undefined;
}

/** The end of a name in the script at large. What macros leave behind is no part of one: `F(a, b)` has two arguments. */
function endOfFileName(lexer: ScriptLexer, start: number): number {
  const { codes } = lexer.source;
  if (!lexer.preprocessed) return endOfRun(codes, start, lexer.end, FILE);
  let end = endOfRunOrComment(codes, start, lexer.end, FILE);
  while (end > start + 1 && (codes[end - 1] === 44 || codes[end - 1] === BACKSLASH)) end--;
  return end;
}

const DISCARD = "/DISCARD/";

function readInExpression(lexer: ScriptLexer, start: number): Token | undefined {
  const { codes } = lexer.source;
  const code = codes[start]!;
  const classes = CLASSES[code]!;
  if (code === SLASH && start + DISCARD.length <= lexer.end) {
    const end = start + DISCARD.length;
    if (lexer.source.slice(start, end) === DISCARD) return nameToken(lexer, start, end);
  }
  const suffixedEnd = classes & HEX ? endOfSuffixedNumber(lexer, start) : start;
  const numberEnd = Math.max(suffixedEnd, endOfNumber(lexer, start));
  const nameEnd = classes & SYMBOL_START ? endOfSymbol(lexer, start) : start;
  if (numberEnd > start && numberEnd >= nameEnd) {
    // A name that is all digits of a number, such as `bad`, is one to ld, but hardly to the preprocessor's author.
    if (!(lexer.preprocessed && nameEnd === numberEnd)) return numberToken(lexer, start, numberEnd);
  }
  if (nameEnd > start) return nameToken(lexer, start, nameEnd);
  const operator = operatorAt(lexer, start, EXPRESSION_OPERATORS);
  return operator === undefined ? undefined : operatorToken(operator, start);
}

/** The end of a symbol in an expression; a backslash that continues a macro's line is no part of one. */
function endOfSymbol(lexer: ScriptLexer, start: number): number {
  const { codes } = lexer.source;
  if (!lexer.preprocessed) return endOfRun(codes, start, lexer.end, SYMBOL);
  let end = endOfRunOrComment(codes, start, lexer.end, SYMBOL);
  while (end > start + 1 && codes[end - 1] === BACKSLASH) end--;
  return end;
}

function readInside(lexer: ScriptLexer, start: number): Token | undefined {
  const operator = operatorAt(lexer, start, INSIDE_OPERATORS);
  const nameEnd = endOfPattern(lexer, start);
  if (operator !== undefined && start + operator.length >= nameEnd) return operatorToken(operator, start);
  return nameEnd > start ? nameToken(lexer, start, nameEnd) : undefined;
}

/** The end of a pattern; a backslash that continues a macro's line is no part of one. */
function endOfPattern(lexer: ScriptLexer, start: number): number {
  const { codes } = lexer.source;
  if (!lexer.preprocessed) return endOfRun(codes, start, lexer.end, WILD);
  let end = endOfRunOrComment(codes, start, lexer.end, WILD);
  while (end > start + 1 && codes[end - 1] === BACKSLASH && (codes[end] === LF || codes[end] === CR)) end--;
  return end;
}

function readInInputList(lexer: ScriptLexer, start: number): Token | undefined {
  const { codes } = lexer.source;
  const code = codes[start]!;
  if (code === 44 || code === 40 || code === 41) return operatorToken(String.fromCharCode(code), start);
  if (CLASSES[code]! & FILE_START) {
    return nameToken(lexer, start, endOfFileName(lexer, start));
  }
  // `=file` is a file below the sysroot.
  if (code === 61 && start + 1 < lexer.end && CLASSES[codes[start + 1]!]! & FILE_START) {
    return nameToken(lexer, start, endOfRun(codes, start + 1, lexer.end, FILE));
  }
  if (code === 45 && codes[start + 1] === 108) {
    const end = endOfRun(codes, start + 2, lexer.end, FILE);
    if (end > start + 2) {
      const text = lexer.source.slice(start + 2, end);
      return { type: "LNAME", text, quoted: false, pasted: false, start, end };
    }
  }
  return undefined;
}

/** Version scripts change the lexer's state by themselves, at braces. */
function readInVersion(lexer: ScriptLexer, start: number): Token | undefined {
  const { codes } = lexer.source;
  const code = codes[start]!;
  if (code === 123) {
    if (lexer.state === VERSION_START_STATE) {
      lexer.state = VERSION_SCRIPT;
    } else if (lexer.state === VERSION_SCRIPT) {
      lexer.state = VERSION_NODE;
      lexer.versionNesting = 0;
    } else {
      lexer.versionNesting++;
    }
    return operatorToken("{", start);
  }
  if (lexer.state === VERSION_START_STATE) {
    // The keyword itself was read ahead in the state before; nothing but a brace means anything here.
    return undefined;
  }
  if (code === 125) {
    if (lexer.state === VERSION_NODE && --lexer.versionNesting < 0) lexer.state = VERSION_SCRIPT;
    return operatorToken("}", start);
  }
  if (code === 58 || code === 44 || code === 59) return operatorToken(String.fromCharCode(code), start);
  if (lexer.state === VERSION_SCRIPT) {
    if (!(CLASSES[code]! & TAG_START)) return undefined;
    const end = endOfRun(codes, start + 1, lexer.end, TAG);
    return versionToken(lexer, "VERS_TAG", start, end);
  }
  if (!(CLASSES[code]! & VERSION_START)) return undefined;
  let end = start + 1;
  for (;;) {
    end = endOfRun(codes, end, lexer.end, VERSION_WORD);
    // `::` is part of a name of C++, a single colon ends one.
    if (end + 1 < lexer.end && codes[end] === 58 && codes[end + 1] === 58) end += 2;
    else break;
  }
  return versionToken(lexer, "VERS_IDENTIFIER", start, end);
}

function versionToken(lexer: ScriptLexer, type: string, start: number, end: number): Token {
  const text = lexer.source.slice(start, end);
  const keyword = KEYWORDS.get(text);
  const isKeyword = keyword !== undefined && (keyword.states & lexer.state) !== 0;
  return { type: isKeyword ? keyword.type : type, text, quoted: false, pasted: false, start, end };
}
