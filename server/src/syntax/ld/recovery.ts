/**
 * Finding back to a statement behind a syntax error, so that one mistake is one error and the statements around it are
 * read as if it were not there.
 */

import { type Cursor, peek, take } from "./cursor.ts";
import { INSIDE, VERSION_NODE, VERSION_SCRIPT, VERSION_START_STATE } from "./keywords.ts";
import type { Token } from "./lexer.ts";

const VERSIONS = VERSION_START_STATE | VERSION_SCRIPT | VERSION_NODE;

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
export function recover(cursor: Cursor, start: number): void {
  const { errors } = cursor;
  const known = errors.length;
  rereadInListState(cursor);
  skip(cursor, start);
  // Characters that ld would skip say nothing more about a statement that is wrong anyway.
  const kept = errors.splice(known).filter((error) => error.kind !== "character");
  for (const error of kept) errors.push(error);
  // Nothing more is said of what is missing at the end of a file that is broken anyway.
  cursor.inPanic = cursor.token?.type === "END";
}

function skip(cursor: Cursor, start: number): void {
  let braces = 0;
  for (;;) {
    const token = peek(cursor);
    if (token.type === "END") return;
    if (token.type === "}" && braces === 0) return;
    if (braces === 0 && token.start > start && startsStatement(cursor, token)) return;
    take(cursor);
    if (token.type === "{") braces++;
    else if (token.type === "}" && --braces === 0) return;
    else if (token.type === ";" && braces === 0) return;
  }
}

/** The token at which the error was met may have been read in another state than that of the statements around it. */
function rereadInListState(cursor: Cursor): void {
  if (cursor.token === undefined || cursor.state & VERSIONS) return;
  cursor.offset = cursor.token.start;
  cursor.token = undefined;
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

/** A line that begins with a name, then a colon, and a brace before anything that ends a statement. */
const HEADER = /^[^\s(){};=]+[ \t]+(?:[^;{}=]*[ \t])?:[^;{}]*\{/;

/** True where the text plainly is the header of an output section. */
export function startsOutputSection(cursor: Cursor, start: number): boolean {
  return HEADER.test(cursor.source.slice(start, Math.min(start + 400, cursor.end)));
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
