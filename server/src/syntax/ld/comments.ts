/** Where the comments of a script stand. It goes by the text and the names of the tree, and knows no statement. */

import { createAttached } from "../../text/attached.ts";
import type { Span } from "../../text/span.ts";
import { endOfStringOverLines } from "./characters.ts";
import { findDirectives } from "./directives.ts";
import type { LdScript } from "./tree.ts";
import { spansOf } from "./walk.ts";

const LF = 10;
const CR = 13;
const QUOTE = 34;
const HASH = 35;
const STAR = 42;
const SLASH = 47;

const commentsByScript = createAttached<LdScript, readonly Span[]>();

/**
 * The comments of a script, in order. To ld `#` begins one that ends with its line; where the C preprocessor goes first,
 * that is a line for it, and `//` begins a comment.
 */
export function commentsOf(script: LdScript): readonly Span[] {
  let comments = commentsByScript.get(script);
  if (comments === undefined) {
    comments = findComments(script);
    commentsByScript.set(script, comments);
  }
  return comments;
}

function findComments(script: LdScript): Span[] {
  const { source, preprocessed } = script;
  const { codes, length } = source;
  const names = namesOf(script);
  const comments: Span[] = [];
  let next = 0;
  let at = 0;
  while (at < length) {
    const code = codes[at];
    if (code === QUOTE) {
      at = endOfString(codes, at, length, preprocessed);
    } else if (code === SLASH && codes[at + 1] === STAR) {
      // To ld, `dir/*.o` among input sections is one name.
      while (next < names.length && names[next]!.end <= at) next++;
      const name = names[next];
      if (name !== undefined && name.start < at) {
        at = name.end;
        continue;
      }
      const end = endOfBlock(codes, at, length);
      comments.push({ start: at, end });
      at = end;
    } else if ((code === SLASH && codes[at + 1] === SLASH && preprocessed) || (code === HASH && !preprocessed)) {
      const end = endOfLine(codes, at, length);
      comments.push({ start: at, end });
      at = end;
    } else {
      at++;
    }
  }
  return comments;
}

/** Names with a `/`, in order: the only ones that may hold what looks like a comment. */
function namesOf(script: LdScript): readonly Span[] {
  return spansOf(script)
    .filter((span) => !("kind" in span) && "quoted" in span && "text" in span && String(span.text).includes("/*"))
    .sort((a, b) => a.start - b.start);
}

function endOfString(codes: Uint8Array, start: number, length: number, preprocessed: boolean): number {
  let at = start + 1;
  while (at < length && codes[at] !== QUOTE && !(preprocessed && codes[at] === LF)) at++;
  if (at < length && codes[at] === LF) return endOfStringOverLines(codes, start, length) ?? at + 1;
  return at + 1;
}

function endOfBlock(codes: Uint8Array, start: number, length: number): number {
  let at = start + 2;
  while (at < length && !(codes[at] === STAR && codes[at + 1] === SLASH)) at++;
  return Math.min(at + 2, length);
}

function endOfLine(codes: Uint8Array, start: number, length: number): number {
  let at = start;
  while (at < length && codes[at] !== LF && codes[at] !== CR) at++;
  return at;
}

/** Lines of the preprocessor: each directive's span, continued lines included; none where it does not go first. */
export function directiveSpans(script: LdScript): readonly Span[] {
  return script.preprocessed ? findDirectives(script.source).list : [];
}
