/** What the readers of an assembly file share: its bytes, its macros, and where statements end. It reads no statement. */

import { NON_ASCII, type Source } from "../../text/source.ts";
import type { AsmDialect } from "./dialect.ts";
import type { Interpreter } from "./interpret.ts";
import {
  beginsLineComment,
  continuationLength,
  endOfCharacter,
  endOfComment,
  endOfLine,
  endOfString,
  isBlankCode,
} from "./tokens.ts";
import type { CppMacro } from "./tree.ts";

const LF = 10;
const QUOTE = 34;
const APOSTROPHE = 39;
const STAR = 42;
const SLASH = 47;

export interface Reader {
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

/** A number below 4096 of a word's first and last character, small or capital, and its length. */
export function nameHash(first: number, last: number, length: number): number {
  return ((first | 32) * 31 + (last | 32) * 577 + length * 131) & 4095;
}

export function rememberName(reader: Reader, name: string): void {
  const last = name.charCodeAt(name.length - 1);
  // Units beyond ASCII have one code in a source.
  const code = (unit: number) => (unit < 0x80 ? unit : NON_ASCII);
  reader.names[nameHash(code(name.charCodeAt(0)), code(last), name.length)] = 1;
}

export function skipAsmBlanks(codes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end) {
    if (isBlankCode(codes[i])) i++;
    else if (codes[i] === SLASH && codes[i + 1] === STAR) i = endOfComment(codes, i, end);
    else break;
  }
  return i;
}

/** For each dialect the characters at which the search for a statement's end has to look closer. */
const specials = new WeakMap<AsmDialect, Uint8Array>();

function specialsOf(dialect: AsmDialect): Uint8Array {
  let special = specials.get(dialect);
  if (special === undefined) {
    special = new Uint8Array(256);
    for (const letter of `\n"'/\\#@${dialect.separators}${dialect.lineComments}`) special[letter.charCodeAt(0)] = 1;
    specials.set(dialect, special);
  }
  return special;
}

/** Where the statement's text ends, at its separator or newline; comments within it belong to it. */
export function endOfStatement(reader: Reader, start: number): number {
  const { codes, length, dialect } = reader;
  const special = specialsOf(dialect);
  const separator = dialect.separators.charCodeAt(0);
  let i = start;
  while (i < length) {
    const code = codes[i]!;
    if (special[code] === 0) {
      i++;
      continue;
    }
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
export function pastStatement(reader: Reader, start: number): number {
  const end = endOfStatement(reader, start);
  return end < reader.length && reader.codes[end] !== LF ? end + 1 : end;
}
