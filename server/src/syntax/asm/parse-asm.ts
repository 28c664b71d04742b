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
import { ALWAYS, conditionOf } from "../condition/condition.ts";
import { covers, excludes } from "../condition/relations.ts";
import { endOfStatement, nameHash, pastStatement, type Reader, skipAsmBlanks } from "./asm-reader.ts";
import { mayBeCall } from "./calls.ts";
import { allConditions, closeCondition, noConditions, openCondition } from "./conditions.ts";
import { type AsmDialect, guessDialect } from "./dialect.ts";
import { isKnownDirective, REPETITIONS } from "./directives.ts";
import { expandCpp } from "./expand-cpp.ts";
import { interestFinder, outlineOf } from "./interest.ts";
import { type Interpreter, interpret, note, noteCall } from "./interpret.ts";
import { readMakers } from "./makers.ts";
import { MOST_ALTERNATIVES, readDirectiveLine } from "./preprocessor-lines.ts";
import { readBlock } from "./read-block.ts";
import { gasMacroOf, headOf } from "./statement-parts.ts";
import {
  beginsLineComment,
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
const STAR = 42;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const PAREN = 40;
const DOT = 46;

/** How many tokens the expansions of one file, and of one statement, may make. */
const FILE_BUDGET = 1_000_000;
const STATEMENT_BUDGET = 100_000;

/** How far the arguments of one macro call may reach, in code units. */
const LONGEST_CALL = 65_536;

/**
 * What compilers put before C's names in assembly (GCC: "Common Predefined Macros"). Nothing nearly everywhere; where it is a word,
 * a name without it is still the one that C knows.
 */
const LABEL_PREFIX: CppMacro = {
  name: "__USER_LABEL_PREFIX__",
  start: 0,
  end: 0,
  parameters: undefined,
  isVariadic: false,
  isPlain: true,
  body: [],
  outline: outlineOf([]),
  condition: "",
};

/** Parses an assembly file. Total: any bytes give a tree. */
export function parseAsm(source: Source, options: AsmOptions = {}): AsmFile {
  const dialect = options.dialect ?? guessDialect(source);
  const gasByName = new Map<string, GasMacro>();
  const current = new Map<string, readonly CppMacro[]>();
  const findCpp = (name: string) =>
    current.get(name)?.at(-1) ?? options.macros?.cpp(name) ?? (name === LABEL_PREFIX.name ? LABEL_PREFIX : undefined);
  const findGas = (name: string) => options.macros?.gas(name);
  const state: Interpreter = {
    dialect,
    items: [],
    includes: [],
    calls: [],
    gasMacros: [],
    gasByName,
    findGas,
    interest: interestFinder((name) => gasMacroOf({ gasByName, findGas }, name) ?? findCpp(name)),
    cppConditions: noConditions(),
    gasConditions: noConditions(),
    ifs: [],
    constants: new Map(),
    defined: new Set(),
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
    calls: state.calls,
    makers: readMakers(state, state.gasMacros, reader.defines, findCpp),
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
    if (codes[skipAsmBlanks(codes, end, length)] === COLON) return readClosely(reader, start);
    return pastStatement(reader, end);
  }
  if (!isWordCode(code)) return pastStatement(reader, start);
  const wordEnd = endOfWord(codes, start, length);
  const after = skipAsmBlanks(codes, wordEnd, length);
  const next = after < length ? codes[after]! : LF;
  const isDigit = code >= 0x30 && code <= 0x39;
  if (next === COLON && (isDigit || (code === DOT && codes[start + 1] === 0x4c))) return after + 1;
  if (isDigit) return pastStatement(reader, wordEnd);
  const mayBeMacro = reader.hasOutside || reader.names[nameHash(code, codes[wordEnd - 1]!, wordEnd - start)] === 1;
  if (!mayBeMacro && code !== DOT && next !== COLON && next !== EQUALS && next !== PAREN)
    return readOther(reader, start, wordEnd, after);
  const written = source.slice(start, wordEnd);
  const word = headOf(written);
  const macro = gasMacroOf(state, word) ?? reader.findCpp(word);
  if (next === COLON && macro === undefined) {
    note(state, "label", { text: written, start, end: wordEnd, spaced: true }, undefined, written);
    return after + 1;
  }
  if (next === COLON || next === EQUALS) return readClosely(reader, start);
  if (code === DOT && isKnownDirective(word)) {
    if (word === ".macro" || REPETITIONS.has(word)) return readBlock(reader, start, word);
    return readClosely(reader, start);
  }
  if (macro !== undefined) {
    // A macro that only makes instructions is passed over; what it assigns to is forgotten when it is called in earnest.
    const { namesSymbols, assigned } = state.interest.ofMacro(macro);
    if (namesSymbols || (next === PAREN && callMakesLabel(reader, after))) return readClosely(reader, start);
    for (const name of assigned) state.constants.delete(name);
    return readOther(reader, start, wordEnd, after);
  }
  if (next === PAREN && code !== DOT) return readClosely(reader, start);
  return readOther(reader, start, wordEnd, after);
}

/** Whether the call whose parenthesis opens here stands for a label or for what is assigned to: `NAME(x):`, `NAME(x) = 1`. */
function callMakesLabel({ codes, length }: Reader, open: number): boolean {
  let depth = 0;
  for (let i = open; i < length && codes[i] !== LF; i++) {
    if (codes[i] === PAREN) depth++;
    else if (codes[i] === 0x29 && --depth === 0) {
      const next = codes[skipAsmBlanks(codes, i + 1, length)];
      return next === COLON || next === EQUALS;
    }
  }
  return false;
}

/** An instruction, or the call of another file's macro: read closely where its first operand is a word alone. */
function readOther(reader: Reader, start: number, wordEnd: number, after: number): number {
  const { codes, length, state, source, dialect } = reader;
  const end = pastStatement(reader, wordEnd);
  if (codes[start] === DOT || after >= length || !isWordCode(codes[after])) return end;
  // `8(sp)` and `foo(%rip)` are memory.
  const operandEnd = endOfWord(codes, after, length);
  if (codes[operandEnd] === PAREN) return end;
  // Most statements are told by their first words, without becoming tokens.
  if (!mayBeCall(source.slice(start, wordEnd), source.slice(after, operandEnd))) return end;
  noteCall(state, tokenize(source, start, endOfStatement(reader, wordEnd), dialect));
  return end;
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

/** Expands C's macros and reads the statements; once for each definition of a macro that differs by #if branch. */
function understand(reader: Reader, tokens: readonly AsmToken[]): void {
  const { state, current } = reader;
  let ambiguous: readonly CppMacro[] | undefined;
  for (const token of tokens) {
    const all = current.get(token.text);
    if (all === undefined || all.length < 2) continue;
    const here = allConditions(state.cppConditions);
    const possible = all.filter((macro) => !excludes(conditionOf(macro.condition), here));
    const matching = possible.filter((macro) => macro.condition !== "" && covers(conditionOf(macro.condition), here));
    ambiguous = matching.length > 0 ? matching.slice(-1) : possible.slice(-MOST_ALTERNATIVES);
    break;
  }
  if (ambiguous === undefined) {
    interpret(state, expandCpp(tokens, reader.findCpp, state.budget));
    return;
  }
  const here = allConditions(state.cppConditions);
  for (const macro of ambiguous) {
    const find = (name: string) => (name === macro.name ? macro : reader.findCpp(name));
    const condition = conditionOf(macro.condition);
    const added = covers(condition, here) ? ALWAYS : condition;
    openCondition(state.cppConditions, added);
    interpret(state, expandCpp(tokens, find, state.budget));
    closeCondition(state.cppConditions);
  }
}
