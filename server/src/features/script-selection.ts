/** What an editor selects when a selection is widened in a linker script: name, expression, statement, block, macro. */

import { commentsOf } from "../syntax/ld/comments.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { spansOf } from "../syntax/ld/walk.ts";
import { type Span, touches } from "../text/span.ts";
import { wordAt } from "./word.ts";

/** Editors follow the chain by recursion. */
const LONGEST_CHAIN = 200;

/** The spans to select one after the other, the innermost first, each within the next; the last is the whole text. */
export function selectionsAt(script: LdScript, offset: number): Span[] {
  const at = Math.max(0, Math.min(offset, script.source.length));
  const candidates: Span[] = [];
  for (const span of spansOf(script)) {
    if (!touches(span, at)) continue;
    candidates.push(span);
    // Within braces or parentheses, what they hold comes before them.
    if (isBraced(script, span) && span.start < at && at < span.end) candidates.push(inner(script, span));
  }
  for (const comment of commentsOf(script)) if (touches(comment, at)) candidates.push(comment);
  const word = wordAt(script.source, at);
  if (word !== undefined) candidates.push(word);
  candidates.push({ start: 0, end: script.source.length });
  candidates.sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start);
  const chain: Span[] = [];
  for (const { start, end } of candidates) {
    const last = chain.at(-1);
    const isEmpty = start === end && script.source.length > 0;
    if (isEmpty || chain.length >= LONGEST_CHAIN) continue;
    if (last !== undefined && (start > last.start || end < last.end || end - start === last.end - last.start)) continue;
    chain.push({ start, end });
  }
  return chain;
}

function isBraced({ source: { codes } }: LdScript, { start, end }: Span): boolean {
  if (end - start < 2) return false;
  return (codes[start] === 123 && codes[end - 1] === 125) || (codes[start] === 40 && codes[end - 1] === 41);
}

/** What stands between the first and the last character, blanks left out. */
function inner({ source: { codes } }: LdScript, span: Span): Span {
  let start = span.start + 1;
  let end = span.end - 1;
  while (start < end && codes[start]! <= 32) start++;
  while (end > start && codes[end - 1]! <= 32) end--;
  return { start, end };
}
