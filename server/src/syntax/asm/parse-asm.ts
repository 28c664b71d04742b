/**
 * Reads assembly as it is written for the kernel: GNU as syntax, with C preprocessor lines. Gives what it says of symbols.
 * Goes over the bytes once and looks closer only at statements that may name a symbol; instructions are passed over.
 * It knows no files and never throws.
 *
 *     file      := { line }
 *     line      := "#" directive | statement { separator statement }
 *     statement := see interpret.ts
 */

import { NON_ASCII, type Source } from "../../text/source.ts";
import { expressionText } from "../c/conditions.ts";
import { closeCondition, negate, nextBranch, noConditions, openCondition } from "./conditions.ts";
import { type AsmDialect, TOLERANT_DIALECT } from "./dialect.ts";
import { ASSIGNMENTS, isKnownDirective, REPETITIONS } from "./directives.ts";
import { expandCpp } from "./expand-cpp.ts";
import { interestFinder, outlineOf, speaksOfSymbols } from "./interest.ts";
import { addGasMacro, type Interpreter, interpret, note, readBody, readMacroHead } from "./interpret.ts";
import { isExportMacro, readAnnotation } from "./linkage-macros.ts";
import {
  beginsLineComment,
  continuationLength,
  endOfCharacter,
  endOfComment,
  endOfLine,
  endOfString,
  endOfWord,
  isBlankCode,
  isWordCode,
  tokenize,
} from "./tokens.ts";
import type { AsmFile, AsmMacros, AsmToken, BodyOutline, CppMacro, GasMacro } from "./tree.ts";

export interface AsmOptions {
  /** Comment characters and separators; without it, a tolerant reading. */
  readonly dialect?: AsmDialect;
  /** Macros of the headers that the file includes. Its own come first, and the built-in reading of SYM_… last. */
  readonly macros?: AsmMacros;
}

const LF = 10;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const STAR = 42;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const PAREN = 40;
const DOT = 46;
const BACKSLASH = 92;

/** How many tokens the expansions of one file, and of one statement, may make. */
const FILE_BUDGET = 4_000_000;
const STATEMENT_BUDGET = 400_000;

/** How far the arguments of one macro call may reach, in code units. */
const LONGEST_CALL = 65_536;

interface Reader {
  readonly source: Source;
  readonly codes: Uint8Array;
  readonly length: number;
  readonly dialect: AsmDialect;
  readonly state: Interpreter;
  readonly defines: CppMacro[];
  /** The file's own macros that hold at this point; more than one where branches of an #if define it differently. */
  readonly current: Map<string, readonly CppMacro[]>;
  readonly findCpp: (name: string) => CppMacro | undefined;
  /** Macros of other files are to be looked up. */
  readonly hasOutside: boolean;
  /** 1 for each nameHash of a macro that the file defines: most words are told from macros without being read. */
  readonly names: Uint8Array;
  /** Tokens that later statements may still make. */
  remaining: number;
  /** The name that the last #ifndef asked for, while nothing has come after it. */
  guard: string | undefined;
}

/** Parses an assembly file. Total: any bytes give a tree. */
export function parseAsm(source: Source, options: AsmOptions = {}): AsmFile {
  const dialect = options.dialect ?? TOLERANT_DIALECT;
  const gasByName = new Map<string, GasMacro>();
  const current = new Map<string, readonly CppMacro[]>();
  const findCpp = (name: string) => current.get(name)?.at(-1) ?? options.macros?.cpp(name);
  const findGas = (name: string) => options.macros?.gas(name);
  const state: Interpreter = {
    dialect,
    items: [],
    includes: [],
    gasMacros: [],
    gasByName,
    findGas,
    interest: interestFinder((name) => gasByName.get(name) ?? findGas(name) ?? findCpp(name)),
    cppConditions: noConditions(),
    gasConditions: noConditions(),
    ifs: [],
    constants: new Map(),
    budget: { tokens: STATEMENT_BUDGET },
    sections: { current: undefined, previous: undefined, stack: [] },
    inMacro: undefined,
    expansions: 0,
    depth: 0,
  };
  const reader: Reader = {
    source,
    codes: source.codes,
    length: source.length,
    dialect,
    state,
    defines: [],
    current,
    findCpp,
    hasOutside: options.macros !== undefined,
    names: new Uint8Array(4096),
    remaining: FILE_BUDGET,
    guard: undefined,
  };
  readLines(reader);
  return {
    source,
    items: state.items,
    includes: state.includes,
    defines: reader.defines,
    gasMacros: state.gasMacros,
  };
}

function readLines(reader: Reader): void {
  const { codes, length, dialect } = reader;
  let i = 0;
  let atLineStart = true;
  while (i < length) {
    const code = codes[i]!;
    if (code === LF) {
      i++;
      atLineStart = true;
    } else if (isBlankCode(code)) {
      i++;
    } else if (code === SLASH && codes[i + 1] === STAR) {
      i = endOfComment(codes, i, length);
    } else if (atLineStart && code === HASH) {
      i = readDirectiveLine(reader, i);
    } else if (beginsLineComment(codes, i, dialect)) {
      i = endOfLine(codes, i, length);
    } else {
      atLineStart = false;
      const { budget } = reader.state;
      const granted = Math.min(STATEMENT_BUDGET, reader.remaining);
      budget.tokens = granted;
      i = readStatementAt(reader, i);
      reader.remaining -= granted - Math.max(0, budget.tokens);
    }
  }
}

/** One statement; gives where it ends, behind its separator. */
function readStatementAt(reader: Reader, start: number): number {
  const { codes, length, source, state } = reader;
  const code = codes[start]!;
  if (code === QUOTE) {
    const end = endOfString(codes, start, length);
    if (codes[skipBlanks(codes, end, length)] === COLON) return readClosely(reader, start);
    return pastStatement(reader, end);
  }
  if (!isWordCode(code)) return pastStatement(reader, start);
  const wordEnd = endOfWord(codes, start, length);
  const after = skipBlanks(codes, wordEnd, length);
  const next = after < length ? codes[after]! : LF;
  const isDigit = code >= 0x30 && code <= 0x39;
  if (next === COLON && (isDigit || (code === DOT && codes[start + 1] === 0x4c))) return after + 1;
  if (isDigit) return pastStatement(reader, wordEnd);
  const mayBeMacro = reader.hasOutside || reader.names[nameHash(code, codes[wordEnd - 1]!, wordEnd - start)] === 1;
  if (!mayBeMacro && code !== DOT && next !== COLON && next !== EQUALS && next !== PAREN)
    return pastStatement(reader, wordEnd);
  const word = source.slice(start, wordEnd);
  const macro = state.gasByName.get(word) ?? state.findGas(word) ?? reader.findCpp(word);
  if (next === COLON && macro === undefined) {
    note(state, "label", { text: word, start, end: wordEnd, spaced: true }, undefined, word);
    return after + 1;
  }
  if (next === COLON || next === EQUALS) return readClosely(reader, start);
  if (code === DOT && isKnownDirective(word)) {
    if (word === ".macro" || word === ".rept" || word === ".rep" || word === ".irp" || word === ".irpc") {
      return readBlock(reader, start, word);
    }
    return readClosely(reader, start);
  }
  if (macro !== undefined) {
    // A macro that only makes instructions is passed over; what it assigns to is forgotten when it is called in earnest.
    const { namesSymbols, assigned } = state.interest.ofMacro(macro);
    if (namesSymbols) return readClosely(reader, start);
    for (const name of assigned) state.constants.delete(name);
    return pastStatement(reader, wordEnd);
  }
  if (next === PAREN && (isExportMacro(word) || readAnnotation(word, [""]) !== undefined || word.startsWith("SYM_"))) {
    return readClosely(reader, start);
  }
  return pastStatement(reader, wordEnd);
}

/** A number below 4096 of a word's first and last character and its length. */
function nameHash(first: number, last: number, length: number): number {
  return (first * 31 + last * 577 + length * 131) & 4095;
}

function rememberName(reader: Reader, name: string): void {
  const last = name.charCodeAt(name.length - 1);
  // Units beyond ASCII have one code in a source.
  const code = (unit: number) => (unit < 0x80 ? unit : NON_ASCII);
  reader.names[nameHash(code(name.charCodeAt(0)), code(last), name.length)] = 1;
}

function skipBlanks(codes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end) {
    if (isBlankCode(codes[i])) i++;
    else if (codes[i] === SLASH && codes[i + 1] === STAR) i = endOfComment(codes, i, end);
    else break;
  }
  return i;
}

/** Where the statement's text ends, at its separator or newline; comments within it belong to it. */
function endOfStatement(reader: Reader, start: number): number {
  const { codes, length, dialect } = reader;
  const separator = dialect.separators.charCodeAt(0);
  let i = start;
  while (i < length) {
    const code = codes[i]!;
    if (code === LF || code === separator) return i;
    if (code === QUOTE) i = endOfString(codes, i, length);
    else if (code === SLASH && codes[i + 1] === STAR) i = endOfComment(codes, i, length);
    else if (beginsLineComment(codes, i, dialect)) return endOfLine(codes, i, length);
    else if (code === APOSTROPHE) i = endOfCharacter(codes, i);
    else i += continuationLength(codes, i) || 1;
  }
  return length;
}

/** Behind the statement: its separator is passed, a newline is left for the reader of lines. */
function pastStatement(reader: Reader, start: number): number {
  const end = endOfStatement(reader, start);
  return end < reader.length && reader.codes[end] !== LF ? end + 1 : end;
}

/** Reads the statement as tokens, with the lines that a macro call's arguments reach over. */
function readClosely(reader: Reader, start: number): number {
  const { codes, length } = reader;
  let end = endOfStatement(reader, start);
  if (openParentheses(reader, start, end) > 0) {
    let reach = end;
    let open = openParentheses(reader, start, end);
    while (open > 0 && reach < length && reach - start < LONGEST_CALL) {
      const from = reach + 1;
      reach = endOfStatement(reader, from);
      open += openParentheses(reader, from, reach);
    }
    if (open <= 0) end = reach;
  }
  understand(reader, tokenize(reader.source, start, end, reader.dialect));
  return end < length && codes[end] !== LF ? end + 1 : end;
}

function openParentheses(reader: Reader, start: number, end: number): number {
  const { codes } = reader;
  let open = 0;
  for (let i = start; i < end; i++) {
    const code = codes[i];
    if (code === PAREN) open++;
    else if (code === 0x29) open--;
    else if (code === QUOTE) i = endOfString(codes, i, end) - 1;
    else if (code === SLASH && codes[i + 1] === STAR) i = endOfComment(codes, i, end) - 1;
  }
  return open;
}

/** `.macro` or `.rept` up to its end. Its body becomes tokens only where it may speak of symbols. */
function readBlock(reader: Reader, start: number, directive: string): number {
  const { codes, source, state, dialect } = reader;
  const headEnd = endOfStatement(reader, start);
  const { outline, bodyEnd, end } = outlineBlock(reader, headEnd, directive === ".macro");
  if (directive === ".macro") {
    const head = readMacroHead(tokenize(source, start + directive.length, headEnd, dialect));
    if (head === undefined) return end;
    let body: readonly AsmToken[] | undefined;
    addGasMacro(state, {
      ...head,
      outline,
      get body() {
        body ??= expandCpp(tokenize(source, headEnd, bodyEnd, dialect), reader.findCpp, state.budget);
        return body;
      },
    });
    rememberName(reader, head.name);
    return end;
  }
  const { namesSymbols, assigned } = state.interest.of(outline);
  if (namesSymbols) interpret(state, expandCpp(tokenize(source, start, end, dialect), reader.findCpp, state.budget));
  else for (const name of assigned) state.constants.delete(name);
  return end < reader.length && codes[end] !== LF ? end + 1 : end;
}

interface Block {
  readonly outline: BodyOutline;
  readonly bodyEnd: number;
  /** Where the closing statement ends. */
  readonly end: number;
}

/** Goes over the statements of a block whose first line ends at `start`, up to the one that closes it. */
function outlineBlock(reader: Reader, start: number, isMacro: boolean): Block {
  const { codes, length, source, dialect } = reader;
  const words = new Set<string>();
  const assigned = new Set<string>();
  let isDirect = false;
  let depth = 1;
  let i = start;
  while (i < length) {
    const code = codes[i]!;
    if (isBlankCode(code) || code === LF || code === dialect.separators.charCodeAt(0)) {
      i++;
    } else if (code === SLASH && codes[i + 1] === STAR) {
      i = endOfComment(codes, i, length);
    } else if (code === HASH) {
      i = isCommentLine(reader, i) ? endOfLine(codes, i, length) : endOfDirective(reader, i);
    } else if (beginsLineComment(codes, i, dialect)) {
      i = endOfLine(codes, i, length);
    } else {
      const wordEnd = endOfHead(codes, i, length);
      const after = skipBlanks(codes, wordEnd, length);
      if (codes[after] === COLON && wordEnd > i) {
        // `name_\@:` can be spoken of by no other statement, and `1:` and `.L1:` are in no symbol table.
        const isDigit = code >= 0x30 && code <= 0x39;
        const isTemporary = isDigit || (code === DOT && codes[i + 1] === 0x4c) || codes[wordEnd - 1] === 0x40;
        if (!isTemporary && !source.slice(i, wordEnd).includes("\\@")) isDirect = true;
        i = after + 1;
        continue;
      }
      const word = source.slice(i, wordEnd);
      if (isMacro ? word === ".macro" : REPETITIONS.has(word)) depth++;
      if ((isMacro ? word === ".endm" || word === ".endmacro" : word === ".endr") && --depth === 0) {
        const end = endOfStatement(reader, wordEnd);
        return { outline: { isDirect, words: [...words], assigned: [...assigned] }, bodyEnd: i, end };
      }
      if (word === ".macro" || speaksOfSymbols(word)) isDirect = true;
      else if (ASSIGNMENTS.has(word)) {
        const name = source.slice(after, endOfHead(codes, after, length));
        if (name.includes("\\")) isDirect = true;
        else assigned.add(name);
      } else if (codes[after] === EQUALS) assigned.add(word);
      else words.add(word);
      i = pastStatement(reader, Math.max(wordEnd, i + 1));
    }
  }
  return { outline: { isDirect, words: [...words], assigned: [...assigned] }, bodyEnd: length, end: length };
}

/** Where a word ends that may hold `\name`, `\@` and `\()`. */
function endOfHead(codes: Uint8Array, start: number, end: number): number {
  let i = start;
  for (;;) {
    i = endOfWord(codes, i, end);
    if (codes[i] !== BACKSLASH || i >= end || continuationLength(codes, i) > 0) return i;
    if (codes[i + 1] === 0x40) i += 2;
    else if (codes[i + 1] === PAREN && codes[i + 2] === 0x29) i += 3;
    else if (isWordCode(codes[i + 1])) i += 1;
    else return i;
  }
}

/** How many differing definitions of one macro are followed up. */
const MOST_ALTERNATIVES = 8;

/** Expands C's macros and reads the statements; once for each definition of a macro that differs by #if branch. */
function understand(reader: Reader, tokens: readonly AsmToken[]): void {
  const { state, current } = reader;
  const here = state.cppConditions.text;
  let ambiguous: readonly CppMacro[] | undefined;
  for (const token of tokens) {
    const all = current.get(token.text);
    if (all === undefined || all.length < 2) continue;
    const matching = all.filter((macro) => macro.condition !== "" && here.includes(macro.condition));
    ambiguous = matching.length > 0 ? matching.slice(-1) : all.slice(-MOST_ALTERNATIVES);
    break;
  }
  if (ambiguous === undefined) {
    interpret(state, expandCpp(tokens, reader.findCpp, state.budget));
    return;
  }
  for (const macro of ambiguous) {
    const find = (name: string) => (name === macro.name ? macro : reader.findCpp(name));
    const added = here.includes(macro.condition) ? "" : macro.condition;
    openCondition(state.cppConditions, added);
    interpret(state, expandCpp(tokens, find, state.budget));
    closeCondition(state.cppConditions);
  }
}

const DIRECTIVES = new Set([
  "if",
  "ifdef",
  "ifndef",
  "elif",
  "elifdef",
  "elifndef",
  "else",
  "endif",
  "define",
  "undef",
  "include",
  "include_next",
  "error",
  "warning",
  "pragma",
  "line",
  "ident",
]);

/** True for a line that begins with `#` and is no preprocessor directive: a comment of the assembler. */
function isCommentLine(reader: Reader, hash: number): boolean {
  const { codes, length, source } = reader;
  const start = skipBlanks(codes, hash + 1, length);
  return !DIRECTIVES.has(source.slice(start, endOfWord(codes, start, length)));
}

/** Where a preprocessor line ends: continued lines and comments that reach over lines belong to it. */
function endOfDirective(reader: Reader, start: number): number {
  const { codes, length } = reader;
  let i = start;
  while (i < length) {
    const code = codes[i]!;
    if (code === LF) return i;
    if (code === SLASH && codes[i + 1] === STAR) i = endOfComment(codes, i, length);
    else if (code === QUOTE) i = endOfString(codes, i, length);
    else i += continuationLength(codes, i) || 1;
  }
  return length;
}

function readDirectiveLine(reader: Reader, hash: number): number {
  const { codes, length, source, state } = reader;
  const nameStart = skipBlanks(codes, hash + 1, length);
  const nameEnd = endOfWord(codes, nameStart, length);
  const name = source.slice(nameStart, nameEnd);
  if (!DIRECTIVES.has(name)) return endOfLine(codes, hash, length);
  const end = endOfDirective(reader, hash);
  const guard = reader.guard;
  reader.guard = undefined;
  const { cppConditions } = state;
  const text = () => conditionText(reader, nameEnd, end);
  switch (name) {
    case "if":
      openCondition(cppConditions, text());
      break;
    case "ifdef":
      openCondition(cppConditions, `defined(${text()})`);
      break;
    case "ifndef":
      reader.guard = text();
      openCondition(cppConditions, `!defined(${reader.guard})`);
      break;
    case "elif":
      nextBranch(cppConditions, text());
      break;
    case "elifdef":
      nextBranch(cppConditions, `defined(${text()})`);
      break;
    case "elifndef":
      nextBranch(cppConditions, negate(`defined(${text()})`));
      break;
    case "else":
      nextBranch(cppConditions, undefined);
      break;
    case "endif":
      closeCondition(cppConditions);
      break;
    case "define":
      readDefine(reader, nameEnd, end, guard);
      break;
    case "undef":
      reader.current.delete(text());
      break;
    case "include":
    case "include_next":
      readInclude(reader, nameEnd, end);
      break;
  }
  return end;
}

/** How long a condition may be to be told; longer ones say nothing to a reader. */
const LONGEST_CONDITION = 1000;

/** The rest of a directive's line in the form that conditions of C files have. */
function conditionText(reader: Reader, start: number, end: number): string {
  return expressionText(reader.source, start, Math.min(end, start + LONGEST_CONDITION));
}

function readInclude(reader: Reader, start: number, end: number): void {
  const match = /^\s*([<"])([^>"]*)[>"]/.exec(reader.source.slice(start, Math.min(end, start + 1000)));
  if (match === null) return;
  const from = start + match[0].length - match[2]!.length - 1;
  reader.state.includes.push({
    path: match[2]!,
    angled: match[1] === "<",
    start: from,
    end: from + match[2]!.length,
    condition: reader.state.cppConditions.text,
  });
}

/** `#define NAME body`, `#define NAME(a, b...) body`. */
function readDefine(reader: Reader, start: number, end: number, guard: string | undefined): void {
  const { codes, source, state } = reader;
  const nameStart = skipBlanks(codes, start, end);
  let nameEnd = nameStart;
  // A macro's name is C's: it ends before a dot or a dollar sign.
  while (nameEnd < end && isWordCode(codes[nameEnd]) && codes[nameEnd] !== DOT && codes[nameEnd] !== 0x3f) nameEnd++;
  if (nameEnd === nameStart) return;
  const name = source.slice(nameStart, nameEnd);
  if (name === guard) {
    // `#ifndef X` right before `#define X`: a default or an include guard, and no condition of what comes between.
    closeCondition(state.cppConditions);
    openCondition(state.cppConditions, "");
  }
  let bodyStart = nameEnd;
  let parameters: string[] | undefined;
  let isVariadic = false;
  if (codes[nameEnd] === PAREN) {
    const close = codes.indexOf(0x29, nameEnd);
    if (close < 0 || close >= end) return;
    const tokens = tokenize(source, nameEnd, close + 1, undefined);
    parameters = [];
    bodyStart = close + 1;
    for (const token of tokens.slice(1, -1)) {
      if (token.text === ",") continue;
      const variadic = /^(\w*)\.\.\.$/.exec(token.text);
      if (variadic !== null) isVariadic = true;
      if (variadic !== null && variadic[1] === "" && token.spaced && parameters.length > 0 && isArgsOf(tokens, token))
        continue;
      parameters.push(variadic === null ? token.text : variadic[1] || "__VA_ARGS__");
    }
  }
  let body: readonly AsmToken[] | undefined;
  let outline: BodyOutline | undefined;
  const macro: CppMacro = {
    name,
    parameters,
    isVariadic,
    isPlain: !mayNameSymbols(codes, bodyStart, end),
    get body() {
      body ??= tokenize(source, bodyStart, end, undefined);
      return body;
    },
    get outline() {
      outline ??= outlineOf(macro.body);
      return outline;
    },
    condition: state.cppConditions.text,
    start: nameStart,
    end: nameEnd,
  };
  reader.defines.push(macro);
  rememberName(reader, name);
  const before = reader.current.get(name)?.filter((one) => one.condition !== macro.condition) ?? [];
  reader.current.set(name, macro.condition === "" ? [macro] : [...before.slice(1 - MOST_ALTERNATIVES), macro]);
  if (!macro.isPlain && macro.outline.isDirect) readBody(state, name, abstracted(macro));
}

/** False for most bodies at a glance: without a call, a directive or a label they name no symbol. */
function mayNameSymbols(codes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = codes[i];
    if (code === COLON || code === DOT || code === PAREN) return true;
  }
  return false;
}

/** True for `args ...`, with a blank between the name and the dots. */
function isArgsOf(tokens: readonly AsmToken[], dots: AsmToken): boolean {
  const before = tokens[tokens.indexOf(dots) - 1];
  return before !== undefined && before.text !== "," && before.text !== "(";
}

/** The body with its parameters, and what is pasted to something, marked so that no name is taken from them. */
function abstracted(macro: CppMacro): readonly AsmToken[] {
  const { body } = macro;
  return body.map((token, index) => {
    const isPasted = body[index + 1]?.text === "##" || body[index - 1]?.text === "##";
    return isPasted || macro.parameters?.includes(token.text) ? { ...token, text: `\\${token.text}` } : token;
  });
}
