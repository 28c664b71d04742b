/**
 * Reads assembly as it is written for the kernel: GNU as syntax, with C preprocessor lines. Gives what it says of symbols.
 * Goes over the bytes once and looks closer only at statements that may name a symbol; instructions are passed over.
 * It knows no files and never throws.
 *
 *     file      := { line }
 *     line      := "#" directive | statement { separator statement }
 *     statement := see interpret.ts
 */

import type { Source } from "../../text/source.ts";
import { closeCondition, negate, nextBranch, noConditions, openCondition } from "./conditions.ts";
import { type AsmDialect, TOLERANT_DIALECT } from "./dialect.ts";
import { isKnownDirective } from "./directives.ts";
import { expandCpp } from "./expand-cpp.ts";
import { interestFinder } from "./interest.ts";
import { type Interpreter, interpret, readBody } from "./interpret.ts";
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
import type { AsmFile, AsmMacros, AsmToken, CppMacro, GasMacro } from "./tree.ts";

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

/** How many tokens the expansions of one file may make. */
const EXPANSION_BUDGET = 4_000_000;

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
    interest: interestFinder((name) => (gasByName.get(name) ?? findGas(name) ?? findCpp(name))?.body),
    cppConditions: noConditions(),
    gasConditions: noConditions(),
    ifs: [],
    constants: new Map(),
    budget: { tokens: EXPANSION_BUDGET },
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
      i = readStatementAt(reader, i);
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
  const word = source.slice(start, wordEnd);
  const macro = state.gasByName.get(word) ?? state.findGas(word) ?? reader.findCpp(word);
  if (next === COLON && macro === undefined) {
    interpret(state, [
      { text: word, start, end: wordEnd, spaced: true },
      { text: ":", start: after, end: after + 1, spaced: false },
    ]);
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
    const { namesSymbols, assigned } = state.interest.of(macro.body);
    if (namesSymbols) return readClosely(reader, start);
    for (const name of assigned) state.constants.delete(name);
    return pastStatement(reader, wordEnd);
  }
  if (next === PAREN && (isExportMacro(word) || readAnnotation(word, [""]) !== undefined || word.startsWith("SYM_"))) {
    return readClosely(reader, start);
  }
  return pastStatement(reader, wordEnd);
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

/** `.macro` or `.rept` up to its end, as one run of tokens. */
function readBlock(reader: Reader, start: number, directive: string): number {
  const { codes, length, source } = reader;
  const isMacro = directive === ".macro";
  let depth = 0;
  let i = start;
  let end = length;
  while (i < length) {
    const code = codes[i]!;
    if (isWordCode(code)) {
      const wordEnd = endOfWord(codes, i, length);
      const word = code === DOT ? source.slice(i, wordEnd) : "";
      const opens = isMacro ? word === ".macro" : /^\.(?:rep|rept|irp|irpc)$/.test(word);
      const closes = isMacro ? word === ".endm" || word === ".endmacro" : word === ".endr";
      if (opens) depth++;
      if (closes && --depth === 0) {
        end = endOfStatement(reader, wordEnd);
        break;
      }
      const isLabel = codes[skipBlanks(codes, wordEnd, length)] === COLON;
      i = isLabel ? skipBlanks(codes, wordEnd, length) + 1 : pastStatement(reader, wordEnd);
    } else if (code === HASH || beginsLineComment(codes, i, reader.dialect)) {
      i = code === HASH && !isCommentLine(reader, i) ? endOfDirective(reader, i) : endOfLine(codes, i, length);
    } else if (code === SLASH && codes[i + 1] === STAR) {
      i = endOfComment(codes, i, length);
    } else if (isBlankCode(code) || code === LF || code === 0x3b) {
      i++;
    } else {
      i = pastStatement(reader, i + 1);
    }
  }
  // A body is kept as it stands: C's macros in it are expanded where it is used, as if they stood there.
  interpret(reader.state, expandCpp(tokenize(source, start, end, reader.dialect), reader.findCpp, reader.state.budget));
  return end;
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

/** The rest of a directive's line with single blanks, without comments. */
function conditionText(reader: Reader, start: number, end: number): string {
  const tokens = tokenize(reader.source, start, end, undefined);
  return tokens.map((token, index) => (index > 0 && token.spaced ? ` ${token.text}` : token.text)).join("");
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
  const tokens = tokenize(source, nameEnd, end, undefined);
  let body: readonly AsmToken[] = tokens;
  let parameters: string[] | undefined;
  let isVariadic = false;
  if (codes[nameEnd] === PAREN) {
    const close = tokens.findIndex((token) => token.text === ")");
    if (close < 0) return;
    parameters = [];
    for (const token of tokens.slice(1, close)) {
      if (token.text === ",") continue;
      const variadic = /^(\w*)\.\.\.$/.exec(token.text);
      if (variadic !== null) isVariadic = true;
      if (variadic !== null && variadic[1] === "" && token.spaced && parameters.length > 0 && isArgsOf(tokens, token))
        continue;
      parameters.push(variadic === null ? token.text : variadic[1] || "__VA_ARGS__");
    }
    body = tokens.slice(close + 1);
  }
  const macro: CppMacro = {
    name,
    parameters,
    isVariadic,
    body,
    condition: state.cppConditions.text,
    start: nameStart,
    end: nameEnd,
  };
  reader.defines.push(macro);
  const before = reader.current.get(name)?.filter((one) => one.condition !== macro.condition) ?? [];
  reader.current.set(name, macro.condition === "" ? [macro] : [...before.slice(1 - MOST_ALTERNATIVES), macro]);
  if (body.length > 0) readBody(state, name, abstracted(macro));
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
