/**
 * Lexes one file into preprocessing tokens and finds its directives (C11 6.10), once, so that many translation units can
 * share the result. It expands nothing, decides no condition and knows no other file.
 */

import { findLines, type Lines } from "../../text/lines.ts";
import type { Source } from "../../text/source.ts";
import { CR, LF } from "../c/codes.ts";
import type { DefinitionResult } from "./macros.ts";
import {
  commentKind,
  createScanner,
  isBlank,
  type Mode,
  offsetBehindSplice,
  scanHeaderName,
  scanToken,
} from "./scan.ts";
import { type DirectiveWord, punctuatorNumber, type Spellings, spellingText, wordNumber } from "./spellings.ts";
import { IDENTIFIER, LINE_START, NUMBER, PUNCTUATOR, SPACE_BEFORE, type TokenArrays } from "./tokens.ts";

/** `null` is a `#` alone, `marker` is `# 1 "file"`, `unknown` any other word. */
export type DirectiveKind =
  | "define"
  | "undef"
  | "include"
  | "include_next"
  | "import"
  | "if"
  | "ifdef"
  | "ifndef"
  | "elif"
  | "elifdef"
  | "elifndef"
  | "else"
  | "endif"
  | "error"
  | "warning"
  | "line"
  | "pragma"
  | "ident"
  | "ignored"
  | "null"
  | "marker"
  | "unknown";

/** One directive of a file. */
export interface Directive {
  readonly kind: DirectiveKind;
  /** Its `#`, by token index. */
  readonly hash: number;
  /** Its first token behind the directive's name. */
  readonly start: number;
  /** The token behind its last. */
  readonly end: number;
  /** Where its line ends in the text, comments and splices included: the offset of the newline, or the text's end. */
  readonly endOffset: number;
  /** For a conditional that another one follows: the index of the next #elif, #else or #endif of the same group, else -1. */
  next: number;
  /** What a #define says, kept when it is asked for first. */
  definition: DefinitionResult | undefined;
}

/** A file as tokens. Everything but the memos is immutable. */
export interface LexedFile {
  /** Unique among the files of one cache. */
  readonly number: number;
  readonly path: string;
  readonly source: Source;
  readonly mode: Mode;
  readonly tokens: TokenArrays;
  readonly directives: readonly Directive[];
  /** The macro that guards the whole file against a second inclusion, by spelling, or 0. */
  readonly guard: number;
  /** Where a block comment begins that the file's end cuts off, or -1. */
  readonly unterminatedComment: number;
  /** Lines, found when they are asked for first. */
  lines: Lines | undefined;
}

const HASH = punctuatorNumber("#");
const HASH_DIGRAPH = punctuatorNumber("%:");
const OPEN = punctuatorNumber("(");
const HAS_INCLUDE = wordNumber("__has_include");
const HAS_INCLUDE_NEXT = wordNumber("__has_include_next");

const KINDS = new Map<number, DirectiveKind>(
  (
    [
      "define",
      "undef",
      "include",
      "include_next",
      "import",
      "if",
      "ifdef",
      "ifndef",
      "elif",
      "elifdef",
      "elifndef",
      "else",
      "endif",
      "error",
      "warning",
      "line",
      "pragma",
      "ident",
    ] satisfies (DirectiveKind & DirectiveWord)[]
  ).map((word) => [wordNumber(word), word]),
);
KINDS.set(wordNumber("sccs"), "ident");
// Assertions are a GNU extension that nothing tests any more: said, they change nothing.
KINDS.set(wordNumber("assert"), "ignored");
KINDS.set(wordNumber("unassert"), "ignored");

/** Arrays that lexing fills and copies out of, so that a file's own arrays are exactly as long as its tokens. */
interface Scratch {
  kinds: Uint8Array;
  flags: Uint8Array;
  spellings: Int32Array;
  offsets: Int32Array;
}

let scratch: Scratch = makeScratch(1 << 14);

function makeScratch(capacity: number): Scratch {
  return {
    kinds: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
    spellings: new Int32Array(capacity),
    offsets: new Int32Array(capacity),
  };
}

function growScratch(): void {
  const larger = makeScratch(scratch.kinds.length * 2);
  larger.kinds.set(scratch.kinds);
  larger.flags.set(scratch.flags);
  larger.spellings.set(scratch.spellings);
  larger.offsets.set(scratch.offsets);
  scratch = larger;
}

/** Where lexing stands within a directive. */
const IN_TEXT = 0;
const WANT_NAME = 1;
const IN_DIRECTIVE = 2;
const WANT_HEADER = 3;
const WANT_OPEN = 4;

/** Lexes a file. Every text has a result; what is wrong in it is reported by those who use the tokens. */
export function lexFile(path: string, source: Source, mode: Mode, spellings: Spellings, number: number): LexedFile {
  const scanner = createScanner(source, mode, spellings);
  const { codes, length } = source;
  const directives: Directive[] = [];
  let count = 0;
  let unterminatedComment = -1;
  let state = IN_TEXT;
  let kind: DirectiveKind = "null";
  let hash = 0;
  let first = 0;
  let hasConditionalOperators = false;
  let flags = LINE_START;
  // A byte order mark is no token.
  let i = source.slice(0, 1) === "\ufeff" ? 1 : 0;

  const endDirective = (offset: number): void => {
    if (state === IN_TEXT) return;
    if (state === WANT_NAME) kind = "null";
    directives.push({
      kind,
      hash,
      start: state === WANT_NAME ? count : first,
      end: count,
      endOffset: offset,
      next: -1,
      definition: undefined,
    });
    state = IN_TEXT;
  };

  while (i < length) {
    const code = codes[i]!;
    if (code === 32 || code === 9) {
      flags |= SPACE_BEFORE;
      i++;
      continue;
    }
    if (code === LF || (code === CR && codes[i + 1] === LF)) {
      endDirective(i);
      flags = LINE_START;
      i += code === LF ? 1 : 2;
      continue;
    }
    if (code === 47) {
      const comment = commentKind(codes, length, i);
      if (comment !== undefined) {
        flags |= SPACE_BEFORE;
        if (comment === "line") i = skipLineComment(codes, length, i);
        else {
          const end = skipBlockComment(codes, length, i);
          if (end < 0) unterminatedComment = i;
          i = end < 0 ? length : end;
        }
        continue;
      }
    } else if (code === 92) {
      const behind = offsetBehindSplice(codes, length, i);
      if (behind >= 0) {
        i = behind;
        continue;
      }
    } else if (isBlank(code)) {
      flags |= SPACE_BEFORE;
      i++;
      continue;
    }

    let tokenKind = 0;
    if (state === WANT_HEADER && (code === 60 || code === 34)) tokenKind = scanHeaderName(scanner, i);
    if (tokenKind === 0) tokenKind = scanToken(scanner, i);
    const { spelling } = scanner;
    if (count === scratch.kinds.length) growScratch();
    scratch.kinds[count] = tokenKind;
    scratch.flags[count] = flags;
    scratch.spellings[count] = spelling;
    scratch.offsets[count] = i;

    switch (state) {
      case IN_TEXT:
        if ((flags & LINE_START) !== 0 && (spelling === HASH || spelling === HASH_DIGRAPH)) {
          state = WANT_NAME;
          hash = count;
        }
        break;
      case WANT_NAME: {
        const found = directiveKind(tokenKind, spelling, mode, spellings);
        if (found === undefined) {
          state = IN_TEXT;
          break;
        }
        kind = found;
        first = found === "marker" ? count : count + 1;
        const isInclude = found === "include" || found === "include_next" || found === "import";
        hasConditionalOperators = found === "if" || found === "elif";
        state = isInclude ? WANT_HEADER : IN_DIRECTIVE;
        break;
      }
      case IN_DIRECTIVE:
        if (hasConditionalOperators && (spelling === HAS_INCLUDE || spelling === HAS_INCLUDE_NEXT)) state = WANT_OPEN;
        break;
      case WANT_OPEN:
        state = tokenKind === PUNCTUATOR && spelling === OPEN ? WANT_HEADER : IN_DIRECTIVE;
        break;
      case WANT_HEADER:
        state = IN_DIRECTIVE;
        break;
    }
    count++;
    flags = 0;
    i = scanner.end;
  }
  endDirective(length);

  const tokens: TokenArrays = {
    count,
    kinds: scratch.kinds.slice(0, count),
    flags: scratch.flags.slice(0, count),
    spellings: scratch.spellings.slice(0, count),
    offsets: scratch.offsets.slice(0, count),
  };
  linkConditionals(directives);
  return {
    number,
    path,
    source,
    mode,
    tokens,
    directives,
    guard: findGuard(tokens, directives),
    unterminatedComment,
    lines: undefined,
  };
}

/** The kind of the directive that the token behind `#` names; undefined where assembly means something else by its `#`. */
function directiveKind(
  tokenKind: number,
  spelling: number,
  mode: Mode,
  spellings: Spellings,
): DirectiveKind | undefined {
  if (tokenKind === IDENTIFIER) {
    const found = KINDS.get(spelling);
    if (found !== undefined) return found;
  } else if (tokenKind === NUMBER && mode === "c" && /^[0-9]+$/.test(spellingText(spellings, spelling)))
    return "marker";
  return mode === "c" ? "unknown" : undefined;
}

function skipLineComment(codes: Uint8Array, length: number, start: number): number {
  let i = start + 1;
  for (;;) {
    while (i < length && codes[i] !== LF) i++;
    if (i >= length) return length;
    let before = codes[i - 1] === CR ? i - 2 : i - 1;
    const end = codes[i - 1] === CR ? i - 1 : i;
    while (before > start && isBlank(codes[before]!)) before--;
    if (codes[before] !== 92) return end;
    i++;
  }
}

/** The offset behind the comment, or -1 where nothing closes it. */
function skipBlockComment(codes: Uint8Array, length: number, start: number): number {
  let i = start + 1;
  // The star that opens the comment is not the one that closes it, wherever splices have put it.
  while (i < length && codes[i] !== 42) i++;
  i++;
  for (; i < length; i++) {
    if (codes[i] !== 42) continue;
    if (codes[i + 1] === 47 && i + 1 < length) return i + 2;
    if (codes[i + 1] !== 92) continue;
    let behind = i + 1;
    for (
      let next = offsetBehindSplice(codes, length, behind);
      next >= 0;
      next = offsetBehindSplice(codes, length, behind)
    )
      behind = next;
    if (behind < length && codes[behind] === 47) return behind + 1;
  }
  return -1;
}

/** Tells each conditional which one follows it in its group. */
function linkConditionals(directives: readonly Directive[]): void {
  const open: number[] = [];
  for (let i = 0; i < directives.length; i++) {
    const directive = directives[i]!;
    switch (directive.kind) {
      case "if":
      case "ifdef":
      case "ifndef":
        open.push(i);
        break;
      case "elif":
      case "elifdef":
      case "elifndef":
      case "else":
        if (open.length > 0) {
          directives[open[open.length - 1]!]!.next = i;
          open[open.length - 1] = i;
        }
        break;
      case "endif": {
        const last = open.pop();
        if (last !== undefined) directives[last]!.next = i;
        break;
      }
    }
  }
}

/** The macro of `#ifndef X … #endif` around a whole file, as GNU cpp finds it to skip a second inclusion. */
function findGuard(tokens: TokenArrays, directives: readonly Directive[]): number {
  const opening = directives[0];
  if (opening?.kind !== "ifndef" || opening.hash !== 0 || opening.end !== opening.start + 1) return 0;
  const closing = directives[opening.next];
  if (closing?.kind !== "endif" || closing.end !== tokens.count) return 0;
  return tokens.kinds[opening.start] === IDENTIFIER ? tokens.spellings[opening.start]! : 0;
}

/** The lines of a lexed file, found once. */
export function lexedLines(file: LexedFile): Lines {
  file.lines ??= findLines(file.source);
  return file.lines;
}
