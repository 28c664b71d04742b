/**
 * The state of one preprocessing run, which the parts of the preprocessor pass among themselves, and the cache that runs
 * share. Nothing outside syntax/cpp sees the state. It holds no rule of the language.
 */

import type { Source } from "../../text/source.ts";
import { type LexedFile, lexFile } from "./lex.ts";
import type { Macro } from "./macros.ts";
import type { Mode } from "./scan.ts";
import { createSpellings, type Spellings } from "./spellings.ts";
import {
  type CppToken,
  END,
  type GrowingTokens,
  PADDING,
  PADDING_NONE,
  PADDING_OF_TOKEN,
  SPACE_BEFORE,
} from "./tokens.ts";

/** What runs share: spellings, lexed files (with the macros that they define), and pastes. Keep one for each tree. */
export interface PreprocessorCache {
  readonly spellings: Spellings;
  /** By mode and path. */
  readonly files: Map<string, LexedFile>;
  /** What `##` of two spellings gives, by mode: kind and spelling packed, or -1 where it is no token. */
  readonly pastes: Record<Mode, Map<number, number>>;
  nextFile: number;
}

export function createPreprocessorCache(): PreprocessorCache {
  return {
    spellings: createSpellings(),
    files: new Map(),
    pastes: { c: new Map(), assembler: new Map() },
    nextFile: 1,
  };
}

/** The lexed file, from the cache while its source is the very same object. */
export function lexCached(cache: PreprocessorCache, path: string, source: Source, mode: Mode): LexedFile {
  const key = `${mode} ${path}`;
  const known = cache.files.get(key);
  if (known !== undefined && known.source === source) return known;
  const file = lexFile(path, source, mode, cache.spellings, cache.nextFile++);
  cache.files.set(key, file);
  return file;
}

export type MessageSeverity = "error" | "warning";

/** Something that the preprocessor has to say. Offsets are UTF-16 units in the file, half-open. */
export interface PreprocessorMessage {
  readonly severity: MessageSeverity;
  readonly message: string;
  /** The file's number. */
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/** One #include, #include_next or #import that was reached, in order. */
export interface IncludeRecord {
  /** The including file's number. */
  readonly file: number;
  /** The directive's operand, quotes or brackets included. */
  readonly start: number;
  readonly end: number;
  /** The name between the quotes or brackets, after macro expansion. */
  readonly name: string;
  readonly isAngled: boolean;
  /** The path that it was found at. */
  readonly path: string | undefined;
}

/** Macro invocations of plain text, the outermost ones, as arrays. */
export interface GrowingExpansions {
  count: number;
  /** The macro's name, by spelling. */
  names: Int32Array;
  /** The file in which the name of the call stands, and [start, end) of the call with its arguments. */
  files: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
}

/** Tokens that come next: a macro's replacement, an argument, or one pasted token. */
export interface Context {
  tokens: readonly CppToken[];
  position: number;
  end: number;
  /** The macro whose replacement it is, by name, or 0. */
  macro: number;
}

/** A conditional group that is open: the directive that opened or continued it, and whether one of its branches was taken. */
export interface OpenConditional {
  readonly opening: number;
  sawElse: boolean;
}

/** A file that is being read. */
export interface Frame {
  readonly file: LexedFile;
  /** The next token. */
  position: number;
  /** The next directive, by index, and its first token (or the number of tokens where none follows). */
  directive: number;
  stop: number;
  readonly conditionals: OpenConditional[];
  /** The place in the search path where the file was found, so that #include_next goes on behind it; -1 for none. */
  readonly searchIndex: number;
  /** What __FILE__ says, and what #line added to the line number. */
  name: string;
  lineShift: number;
}

export const NOT_IN_ARGUMENTS = 0;
/** Looking for the `(` of a call. */
export const BEFORE_ARGUMENTS = 1;
export const IN_ARGUMENTS = 2;

export interface Limits {
  /** The deepest nesting of #include. GNU cpp's default is 200. */
  readonly includeDepth: number;
  /** How many tokens may be moved in all; a kernel translation unit moves a few million. */
  readonly steps: number;
  /** How many tokens may come out. */
  readonly tokens: number;
  /** How deep macro calls may nest in arguments of macro calls. */
  readonly callDepth: number;
  /** The longest spelling that `#` and `##` may make, in UTF-16 units. */
  readonly spelling: number;
}

export interface Run {
  readonly cache: PreprocessorCache;
  readonly spellings: Spellings;
  readonly mode: Mode;
  readonly isStrict: boolean;
  readonly limits: Limits;
  readonly readFile: (path: string) => Source | undefined;
  readonly quotePaths: readonly string[];
  readonly anglePaths: readonly string[];
  readonly hasAttribute: (name: string) => number;
  readonly hasBuiltin: (name: string) => number;
  readonly date: Date | undefined;
  /** By the spelling's number of the name. */
  readonly macros: (Macro | undefined)[];
  /** 1 for names whose expansion is being read. */
  disabled: Uint8Array;
  readonly savedMacros: Map<number, (Macro | undefined)[]>;
  readonly frames: Frame[];
  /** The frames that stay when the one above them ends: what is read ends there too. */
  floor: number;
  readonly contexts: Context[];
  /** How many of `contexts` are in use. */
  depth: number;
  preventExpansion: number;
  arguments: typeof NOT_IN_ARGUMENTS | typeof BEFORE_ARGUMENTS | typeof IN_ARGUMENTS;
  /** While a directive's operand is read: the token behind its last; else -1. */
  directiveEnd: number;
  /** Above 0 while an argument is expanded, when _Pragma waits. */
  expandingArgument: number;
  /** While an argument is expanded: the depth at which its own tokens are read. */
  argumentDepth: number;
  /** For each argument that is being expanded, from the outermost: the macro's name that was last read in it. */
  readonly argumentNames: (CppToken | undefined)[];
  /** The outermost macro takes arguments. */
  isOutermostCall: boolean;
  /** The expansion that tokens of contexts belong to. */
  expansion: number;
  counter: number;
  steps: number;
  isStopped: boolean;
  /** Files that say #pragma once, or that #import named, by path; and all that were read. */
  readonly once: Set<string>;
  readonly read: Set<string>;
  /** Paths that were asked for in this run; undefined where nothing is. */
  readonly found: Map<string, LexedFile | undefined>;
  readonly files: Map<number, LexedFile>;
  readonly output: GrowingTokens;
  readonly expansions: GrowingExpansions;
  /** Where lines of the output begin: the output token, and the place of the token that began it. */
  readonly lineTokens: number[];
  readonly lineFiles: number[];
  readonly lineOffsets: number[];
  /** The output token before, for spaces; -1 at the start of a line. */
  previous: number;
  /** Padding came since the last token, so that a space may have to part it from the next. */
  isPadded: boolean;
  /** What the padding since the last token said: 0 nothing, 1 a token without, 2 a token with white space before it. */
  paddingSource: number;
  readonly messages: PreprocessorMessage[];
  readonly includes: IncludeRecord[];
  /** Groups that were not taken, in the main file: [start, end) pairs. */
  readonly inactive: { start: number; end: number }[];
  readonly mainFile: number;
  /**
   * What happens where a frame's plain text stops: a directive is carried out, or the file is left. Kept here so that
   * reading tokens need not know the directives.
   */
  readonly passStop: (run: Run, frame: Frame) => void;
}

/** Ends a file, a directive or an argument. */
export const END_TOKEN: CppToken = { kind: END, spelling: 0, flags: 0, file: 0, offset: 0 };
export const AVOID_PASTE: CppToken = { kind: PADDING, spelling: PADDING_NONE, flags: 0, file: 0, offset: 0 };
const PADDING_WITHOUT_SPACE: CppToken = { kind: PADDING, spelling: PADDING_OF_TOKEN, flags: 0, file: 0, offset: 0 };
const PADDING_WITH_SPACE: CppToken = {
  kind: PADDING,
  spelling: PADDING_OF_TOKEN,
  flags: SPACE_BEFORE,
  file: 0,
  offset: 0,
};

/** Padding that stands where the token stood. */
export function paddingFor(token: CppToken): CppToken {
  return (token.flags & SPACE_BEFORE) !== 0 ? PADDING_WITH_SPACE : PADDING_WITHOUT_SPACE;
}

/** At most this many messages are kept, so that a hostile file cannot fill memory with them. */
const MESSAGE_LIMIT = 1000;

export function report(
  run: Run,
  severity: MessageSeverity,
  message: string,
  file: number,
  start: number,
  end: number = start + 1,
): void {
  if (run.messages.length < MESSAGE_LIMIT) run.messages.push({ severity, message, file, start, end });
}

export function currentFrame(run: Run): Frame | undefined {
  return run.frames[run.frames.length - 1];
}

/** Counts work, and stops the run with a message when there is too much of it. */
export function spend(run: Run, steps: number): void {
  run.steps += steps;
  if (run.steps > run.limits.steps) stop(run, "preprocessing was given up: macros or includes expand without end");
}

export const NESTED_TOO_DEEPLY = "preprocessing was given up: macro calls nest too deeply";

export function stop(run: Run, message: string): void {
  if (run.isStopped) return;
  run.isStopped = true;
  const frame = currentFrame(run) ?? run.frames[0];
  const file = frame?.file;
  const index = frame === undefined ? 0 : Math.max(0, Math.min(frame.position, frame.file.tokens.count - 1));
  const offset = file?.tokens.offsets[index] ?? 0;
  run.messages.push({ severity: "error", message, file: file?.number ?? run.mainFile, start: offset, end: offset + 1 });
}

/** Makes room in the tables for spellings that were added since. */
export function growTables(run: Run): void {
  const { count } = run.spellings;
  if (run.disabled.length < count) {
    const larger = new Uint8Array(Math.max(count, run.disabled.length * 2));
    larger.set(run.disabled);
    run.disabled = larger;
  }
  while (run.macros.length < run.disabled.length) run.macros.push(undefined);
}
