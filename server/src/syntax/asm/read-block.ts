/**
 * Reads `.macro … .endm` and `.rept … .endr` in a file. A body becomes tokens only where it may speak of symbols.
 */

import { endOfStatement, pastStatement, type Reader, rememberName, skipAsmBlanks } from "./asm-reader.ts";
import { allConditions } from "./conditions.ts";
import { ASSIGNMENTS, REPETITIONS } from "./directives.ts";
import { expandCpp } from "./expand-cpp.ts";
import { speaksOfSymbols } from "./interest.ts";
import { addGasMacro, interpret, readMacroHead } from "./interpret.ts";
import { endOfDirective, isCommentLine } from "./preprocessor-lines.ts";
import { headOf } from "./statement-parts.ts";
import {
  beginsLineComment,
  continuationLength,
  endOfComment,
  endOfLine,
  endOfWord,
  isBlankCode,
  isWordCode,
  tokenize,
} from "./tokens.ts";
import type { AsmToken, BodyOutline } from "./tree.ts";

const LF = 10;
const HASH = 35;
const STAR = 42;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const PAREN = 40;
const DOT = 46;
const BACKSLASH = 92;
const UNDERSCORE = 95;

/** `.macro` or `.rept` up to its end. Its body becomes tokens only where it may speak of symbols. */
export function readBlock(reader: Reader, start: number, directive: string): number {
  const { codes, source, state, dialect } = reader;
  const headEnd = endOfStatement(reader, start);
  const { outline, bodyEnd, end } = outlineBlock(reader, headEnd, directive === ".macro");
  if (directive === ".macro") {
    const head = readMacroHead(tokenize(source, start + directive.length, headEnd, dialect));
    if (head === undefined) return end;
    let body: readonly AsmToken[] | undefined;
    addGasMacro(state, {
      ...head,
      condition: allConditions(state.cppConditions).text,
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
  const outline = (bodyEnd: number): BodyOutline => ({
    isDirect,
    composes: composesNames(codes, start, bodyEnd),
    words: [...words],
    assigned: [...assigned],
  });
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
      const after = skipAsmBlanks(codes, wordEnd, length);
      if (codes[after] === COLON && wordEnd > i) {
        // `name_\@:` can be spoken of by no other statement, and `1:` and `.L1:` are in no symbol table.
        const isDigit = code >= 0x30 && code <= 0x39;
        const isTemporary = isDigit || (code === DOT && codes[i + 1] === 0x4c) || codes[wordEnd - 1] === 0x40;
        if (!isTemporary && !source.slice(i, wordEnd).includes("\\@")) isDirect = true;
        i = after + 1;
        continue;
      }
      const word = headOf(source.slice(i, wordEnd));
      if (isMacro ? word === ".macro" : REPETITIONS.has(word)) depth++;
      if ((isMacro ? word === ".endm" || word === ".endmacro" : word === ".endr") && --depth === 0) {
        const end = endOfStatement(reader, wordEnd);
        return { outline: outline(i), bodyEnd: i, end };
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
  return { outline: outline(length), bodyEnd: length, end: length };
}

/** Whether an underscore stands before a parameter, or behind the `\()` that ends one. */
function composesNames(codes: Uint8Array, start: number, end: number): boolean {
  for (let i = codes.indexOf(BACKSLASH, start); i >= 0 && i < end; i = codes.indexOf(BACKSLASH, i + 1)) {
    const isEnd = codes[i + 1] === PAREN && codes[i + 2] === 0x29;
    if (codes[i - 1] === UNDERSCORE && (isEnd || isWordCode(codes[i + 1]))) return true;
    if (isEnd && codes[i + 3] === UNDERSCORE) return true;
  }
  return false;
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
