/**
 * Finding back to a statement behind a syntax error, so that one mistake is one error and the statements around it are
 * read as if it were not there.
 */

import { type Cursor, peek, reportError, take } from "./cursor.ts";
import { INSIDE } from "./keywords.ts";
import { readToken, type Token } from "./lexer.ts";

/** Keywords that hardly stand anywhere but at the start of a statement. */
const STARTERS = new Set(
  (
    "SECTIONS MEMORY PHDRS ENTRY OUTPUT_FORMAT OUTPUT_ARCH SEARCH_DIR INPUT GROUP STARTUP TARGET OUTPUT EXTERN VERSION " +
    "INSERT REGION_ALIAS PROVIDE PROVIDE_HIDDEN HIDDEN ASSERT INCLUDE OVERLAY NOCROSSREFS NOCROSSREFS_TO KEEP FILL " +
    "BYTE SHORT LONG QUAD SQUAD ASCIZ CONSTRUCTORS CREATE_OBJECT_SYMBOLS OVERWRITE_SECTIONS"
  ).split(" "),
);

/**
 * Skips what is left of the statement that began at `start`: to behind its `;`, to behind the block that it opens, to
 * before the brace that closes the block it stands in, or to before a line that plainly begins another statement.
 */
export function recover(cursor: Cursor, start: number, startsAlso?: StartsAlso): void {
  rereadInListState(cursor);
  // Nothing more is said of what is missing at the end of a file that is broken anyway.
  skipQuietly(cursor, () => {
    skip(cursor, start, startsAlso);
  });
}

/** Tells whether a line begins a statement that stands in the block at hand alone. */
type StartsAlso = (cursor: Cursor, offset: number) => boolean;

/** A region of MEMORY: a name, attributes in parentheses, a colon. */
const REGION = /^[^\s(){};:=,]+\s*(?:\([^(){};]*\)\s*)?:(?!:)/;

/** True where the text plainly begins another region of MEMORY. */
export function startsRegion(cursor: Cursor, offset: number): boolean {
  return REGION.test(cursor.source.slice(offset, Math.min(offset + 200, cursor.end)));
}

function skip(cursor: Cursor, start: number, startsAlso: StartsAlso | undefined): void {
  let braces = 0;
  for (;;) {
    const token = peek(cursor);
    if (token.type === "END") return;
    if (token.type === "}" && braces === 0) return;
    if (braces === 0 && token.start > start && startsStatement(cursor, token)) return;
    if (braces === 0 && token.start > start && isFirstOnLine(cursor, token) && startsAlso?.(cursor, token.start))
      return;
    take(cursor);
    if (token.type === "{") braces++;
    else if (token.type === "}" && --braces === 0) return;
    else if (token.type === ";" && braces === 0) return;
  }
}

/** The token at which the error was met may have been read in another state than that of the statements around it. */
function rereadInListState(cursor: Cursor): void {
  if (cursor.token === undefined) return;
  cursor.offset = cursor.token.start;
  cursor.token = undefined;
}

/** Within the braces of a version: skips what is left of a pattern, to behind its `;` or to before the closing brace. */
export function skipPattern(cursor: Cursor): void {
  skipQuietly(cursor, () => {
    let braces = 0;
    for (;;) {
      const { type } = peek(cursor);
      if (type === "END" || (type === "}" && braces === 0)) return;
      take(cursor);
      if (type === "{") braces++;
      else if (type === "}") braces--;
      else if (type === ";" && braces === 0) return;
    }
  });
}

/**
 * Skips what is left of a version, to behind its `;`, or to before one that begins like `start`, or the closing brace of
 * VERSION. Where something else stands in the place of its opening brace, the next closing one is its own.
 */
export function skipNode(cursor: Cursor, start: RegExp, lacksBrace: boolean): void {
  skipQuietly(cursor, () => {
    let braces = 0;
    let mayClose = lacksBrace;
    for (;;) {
      const token = peek(cursor);
      if (token.type === "END") return;
      if (braces === 0 && start.test(cursor.source.slice(token.start, Math.min(token.start + 200, cursor.end)))) return;
      if (token.type === "}" && braces === 0) {
        if (!mayClose) return;
        mayClose = false;
      } else if (token.type === "}") braces--;
      else if (token.type === "{") braces++;
      take(cursor);
      if (token.type === ";" && braces === 0 && !mayClose) return;
    }
  });
}

/** Characters that ld would skip say nothing more about what is wrong anyway. */
function skipQuietly(cursor: Cursor, skipTokens: () => void): void {
  const { errors } = cursor;
  const known = errors.length;
  skipTokens();
  const kept = errors.splice(known).filter((error) => error.kind !== "character");
  for (const error of kept) errors.push(error);
  cursor.resumedAt = peek(cursor).start;
  cursor.takenSince = 0;
  cursor.inPanic = cursor.token?.type === "END";
}

/** True where the token stands first on its line and what follows makes it the start of a statement. */
function startsStatement(cursor: Cursor, token: Token): boolean {
  if (!isFirstOnLine(cursor, token)) return false;
  if (STARTERS.has(token.type)) return true;
  if (token.type !== "NAME") return false;
  const rest = cursor.source.slice(token.end, Math.min(token.end + 80, cursor.end));
  if (cursor.state === INSIDE && /^[ \t]*\(/.test(rest)) return true;
  return /^[ \t]*(?:[-+*/&|^]|<<|>>)?=(?!=)/.test(rest) || startsOutputSection(cursor, token.start);
}

/** A name at the start of a line, then a colon. */
const HEADER = /^[^\s(){};=]+[ \t]+(?:[^=]*[ \t])?:/;

/** True where the text plainly is the header of an output section: a brace comes before anything that ends a statement. */
export function startsOutputSection(cursor: Cursor, start: number): boolean {
  const text = cursor.source.slice(start, Math.min(start + 400, cursor.end));
  const brace = text.search(/[;{}]/);
  return brace >= 0 && text[brace] === "{" && HEADER.test(text.slice(0, brace));
}

/** The offset of the first character on the line of `offset` that is no blank. */
export function firstOnLine(cursor: Cursor, offset: number): number {
  const { codes } = cursor.source;
  let at = Math.min(offset, cursor.end);
  while (at > 0 && codes[at - 1] !== 10 && codes[at - 1] !== 13) at--;
  while (at < offset && (codes[at] === 32 || codes[at] === 9)) at++;
  return at;
}

function isFirstOnLine(cursor: Cursor, token: Token): boolean {
  const { codes } = cursor.source;
  let at = token.start - 1;
  while (at >= 0 && (codes[at] === 32 || codes[at] === 9)) at--;
  return at < 0 || codes[at] === 10 || codes[at] === 13;
}

/** How far the brace of an output section is looked for, so that a script of nothing but headers is read in linear time. */
const MOST_HEADER_TOKENS = 200;

/**
 * In the place of an output section's opening brace, of which something else was reported: finds the brace, where words
 * that are wrong stand before it, or takes it for missing, where the closing one comes first. False where neither is so.
 * Whoever is typing a header has not taken away what the section holds.
 */
export function findBody(cursor: Cursor): boolean {
  if (cursor.preprocessed || cursor.isFragment) return false;
  const { errors } = cursor;
  const known = errors.length;
  const first = peek(cursor).start;
  // What ended an earlier search in vain would end this one as well.
  if (first < cursor.noBodyBefore) return false;
  cursor.token = undefined;
  cursor.offset = first;
  let isFound = false;
  let hasStatement = false;
  for (let count = 0; count < MOST_HEADER_TOKENS; count++) {
    const token = readToken(cursor);
    if (token.type === "END" || (isFirstOnLine(cursor, token) && startsOutputSection(cursor, token.start))) break;
    if (token.type === "{") {
      isFound = !hasStatement;
      if (isFound) cursor.token = token;
      break;
    }
    if (token.type === "}") {
      isFound = token.start !== first;
      break;
    }
    if (token.type === ";") hasStatement = true;
  }
  errors.length = known;
  if (!isFound) cursor.noBodyBefore = cursor.offset;
  if (cursor.token === undefined) cursor.offset = first;
  if (!isFound) return false;
  cursor.inPanic = false;
  cursor.resumedAt = first;
  cursor.takenSince = 0;
  return true;
}

/**
 * True where, behind a mistake within an output section, another one's header stands: its closing brace is part of the
 * mistake.
 */
export function isClosedByMistake(cursor: Cursor): boolean {
  const token = peek(cursor);
  return cursor.isBroken && isFirstOnLine(cursor, token) && startsOutputSection(cursor, token.start);
}

/** Commands that stand nowhere but at the top of a script, and there most often. */
const TOP_COMMANDS = new Set("SECTIONS MEMORY PHDRS OUTPUT_FORMAT OUTPUT_ARCH VERSION".split(" "));

/**
 * True within a block where a line begins with a command of the script's top: the block's closing brace is missing, which
 * is reported, and the command is left to the level outside.
 */
export function isClosedByCommand(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (cursor.preprocessed || !TOP_COMMANDS.has(token.type) || !isFirstOnLine(cursor, token)) return false;
  reportError(cursor, token, `syntax error: '}' is missing before '${token.type}'`);
  return true;
}
