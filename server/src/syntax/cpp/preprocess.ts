/**
 * The preprocessor: a file and everything it includes becomes one stream of tokens, as GNU cpp would have it (translation
 * phases 1 to 4 of C11 5.1.1.2, trigraphs left alone). Each token keeps the place where a person wrote it. It reads
 * nothing itself: files are asked for by path.
 *
 * No input makes it throw or run on: includes, macros and output are counted, and a run that goes beyond its limits ends
 * with a message and with what it has so far.
 */

import { type Source, sourceOfText } from "../../text/source.ts";
import { defineBuiltins } from "./builtins.ts";
import { hasGccAttribute, hasGccBuiltin } from "./compiler.ts";
import { enterFile, includeForced, leaveFile, passStop } from "./directives.ts";
import { addToken, emitToken, notePadding } from "./emit.ts";
import { beginLine, nextExpanded } from "./expand.ts";
import type { LexedFile } from "./lex.ts";
import type { Macro } from "./macros.ts";
import type { Mode } from "./scan.ts";
import { internText, type Spellings } from "./spellings.ts";
import {
  currentFrame,
  type GrowingExpansions,
  type IncludeRecord,
  type Limits,
  lexCached,
  NOT_IN_ARGUMENTS,
  type PreprocessorCache,
  type PreprocessorMessage,
  type Run,
  spend,
} from "./state.ts";
import { createTokens, END, IDENTIFIER, LINE_START, type OutputTokens, PADDING, SPACE_BEFORE } from "./tokens.ts";

export interface PreprocessOptions {
  readonly mode: Mode;
  /** Shared by the runs over one tree; headers are lexed once. */
  readonly cache: PreprocessorCache;
  /**
   * The file at a path, or undefined. Give the same object while the file is the same: its tokens are then reused.
   * Paths are those of the options and of #include joined, with "." and ".." taken out.
   */
  readonly readFile: (path: string) => Source | undefined;
  /** Folders for `#include "…"` alone, as -iquote names them. */
  readonly quotePaths?: readonly string[];
  /** Folders for both forms of #include, in order: -I, then -isystem. */
  readonly includePaths?: readonly string[];
  /** The compiler's own macros, as `gcc -dM -E` prints them: lines of `#define NAME VALUE`. */
  readonly predefined?: string;
  /** What -D and -U say, as lines of `#define` and `#undef`. */
  readonly definitions?: string;
  /** Files that -include names, in order. */
  readonly forcedIncludes?: readonly string[];
  /** Standard C alone (-std=c11): an empty variable argument keeps the comma before `## __VA_ARGS__`. */
  readonly isStrict?: boolean;
  /** What __has_attribute and __has_builtin say; gcc 12's answers if left out. */
  readonly hasAttribute?: (name: string) => number;
  readonly hasBuiltin?: (name: string) => number;
  /** What __DATE__ and __TIME__ say; unknown if left out. */
  readonly date?: Date;
  readonly limits?: Partial<Limits>;
}

/** The outermost macro invocations, as arrays: the i-th of each belongs to expansion i. */
export interface Expansions {
  readonly count: number;
  /** The macro's name, by spelling. */
  readonly names: Int32Array;
  /** The file, by number, and [start, end) of the call there, arguments included. */
  readonly files: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export interface Preprocessed {
  readonly tokens: OutputTokens;
  readonly expansions: Expansions;
  /** The spellings that tokens and expansions name. */
  readonly spellings: Spellings;
  /** The main file's number. */
  readonly mainFile: number;
  /** Every file that was read, by number. */
  readonly files: ReadonlyMap<number, LexedFile>;
  readonly includes: readonly IncludeRecord[];
  readonly messages: readonly PreprocessorMessage[];
  /** Stretches of the main file that no condition let in, in order. */
  readonly inactive: readonly { readonly start: number; readonly end: number }[];
  /** Where the output's lines begin: the token, and the place whose column is the line's indentation. */
  readonly lines: {
    readonly tokens: readonly number[];
    readonly files: readonly number[];
    readonly offsets: readonly number[];
  };
  /** The macro of a name where the text ends, or undefined. */
  macro(name: number): Macro | undefined;
  /** False where the run was given up. */
  readonly isComplete: boolean;
}

/** The kernel's largest translation units move some four million tokens and yield one million. */
const LIMITS: Limits = { includeDepth: 200, steps: 16_000_000, tokens: 4_000_000, callDepth: 400, spelling: 1 << 20 };

/** The largest number of expansions or tokens that arrays start with room for. */
const START_CAPACITY = 1 << 12;

/** Preprocesses a file. */
export function preprocess(path: string, source: Source, options: PreprocessOptions): Preprocessed {
  const { cache, mode } = options;
  const main = lexCached(cache, path, source, mode);
  const run = createRun(main, options);
  enterFile(run, main, -1);
  defineBuiltins(run);
  run.floor = 2;
  readText(run, "<built-in>", options.predefined);
  readText(run, "<command-line>", options.definitions);
  for (const name of options.forcedIncludes ?? []) {
    if (includeForced(run, name)) readFrame(run);
  }
  run.floor = 1;
  readFrame(run);
  return {
    tokens: run.output,
    expansions: run.expansions,
    spellings: run.spellings,
    mainFile: main.number,
    files: run.files,
    includes: run.includes,
    messages: run.messages,
    inactive: run.inactive,
    lines: { tokens: run.lineTokens, files: run.lineFiles, offsets: run.lineOffsets },
    macro: (name) => run.macros[name],
    isComplete: !run.isStopped,
  };
}

function createRun(main: LexedFile, options: PreprocessOptions): Run {
  const { cache } = options;
  const expansions: GrowingExpansions = {
    count: 0,
    names: new Int32Array(START_CAPACITY),
    files: new Int32Array(START_CAPACITY),
    starts: new Int32Array(START_CAPACITY),
    ends: new Int32Array(START_CAPACITY),
  };
  const macros: (Macro | undefined)[] = [];
  const room = cache.spellings.count + START_CAPACITY;
  for (let i = 0; i < room; i++) macros.push(undefined);
  return {
    cache,
    spellings: cache.spellings,
    mode: options.mode,
    isStrict: options.isStrict === true,
    limits: { ...LIMITS, ...options.limits },
    readFile: options.readFile,
    quotePaths: options.quotePaths ?? [],
    anglePaths: options.includePaths ?? [],
    hasAttribute: options.hasAttribute ?? ((name) => hasGccAttribute(name, isX86(cache.spellings, macros))),
    hasBuiltin: options.hasBuiltin ?? ((name) => hasGccBuiltin(name, isX86(cache.spellings, macros))),
    date: options.date,
    macros,
    disabled: new Uint8Array(room),
    savedMacros: new Map(),
    frames: [],
    floor: 1,
    contexts: [],
    depth: 0,
    preventExpansion: 0,
    arguments: NOT_IN_ARGUMENTS,
    directiveEnd: -1,
    expandingArgument: 0,
    argumentDepth: -1,
    argumentNames: [],
    isOutermostCall: false,
    expansion: -1,
    counter: 0,
    steps: 0,
    isStopped: false,
    once: new Set(),
    read: new Set(),
    found: new Map(),
    files: new Map(),
    output: createTokens(START_CAPACITY),
    expansions,
    lineTokens: [],
    lineFiles: [],
    lineOffsets: [],
    previous: -1,
    isPadded: false,
    paddingSource: 0,
    messages: [],
    includes: [],
    inactive: [],
    mainFile: main.number,
    passStop,
  };
}

function isX86(spellings: Spellings, macros: readonly (Macro | undefined)[]): boolean {
  return ["__x86_64__", "__i386__"].some((name) => macros[internText(spellings, name)] !== undefined);
}

/** Sources of texts that are no files, so that the cache knows them again. */
const TEXTS = new Map<string, Source>();
const TEXT_LIMIT = 64;

function sourceOf(text: string): Source {
  const known = TEXTS.get(text);
  if (known !== undefined) return known;
  if (TEXTS.size >= TEXT_LIMIT) TEXTS.clear();
  const source = sourceOfText(text);
  TEXTS.set(text, source);
  return source;
}

function readText(run: Run, name: string, text: string | undefined): void {
  if (text === undefined || text === "") return;
  enterFile(run, lexCached(run.cache, name, sourceOf(text), run.mode), -1);
  readFrame(run);
}

/** Reads until the topmost frame ends, all that it includes with it, and leaves it. */
function readFrame(run: Run): void {
  while (!run.isStopped) {
    if (run.depth === 0) copyPlainText(run);
    const token = nextExpanded(run);
    if (token.kind === PADDING) notePadding(run, token);
    else if (token.kind === END) break;
    else emitToken(run, token, run.depth > 0 ? run.expansion : -1);
  }
  const frame = currentFrame(run);
  if (frame !== undefined && !run.isStopped) leaveFile(run, frame);
}

/** Copies tokens that no macro has a part in, which is most of them, from the file's arrays to the output's. */
function copyPlainText(run: Run): void {
  const frame = currentFrame(run);
  if (frame === undefined || run.isPadded) return;
  const { kinds, flags, spellings, offsets } = frame.file.tokens;
  const { number } = frame.file;
  const { macros } = run;
  const { stop } = frame;
  let at = frame.position;
  const from = at;
  for (; at < stop; at++) {
    const kind = kinds[at]!;
    const spelling = spellings[at]!;
    if (kind === IDENTIFIER && macros[spelling] !== undefined) break;
    const tokenFlags = flags[at]!;
    if ((tokenFlags & LINE_START) !== 0) beginLine(run, number, offsets[at]!);
    run.previous = run.output.count;
    addToken(run, kind, spelling, tokenFlags & (LINE_START | SPACE_BEFORE), number, offsets[at]!, -1);
    if (run.isStopped) break;
  }
  frame.position = at;
  if (at > from) {
    run.paddingSource = 0;
    spend(run, at - from);
  }
}
