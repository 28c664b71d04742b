/**
 * Whether a text may declare a name `static`, by its bytes alone: for who would otherwise parse a hundred headers to find the one
 * that does. It may say yes where that is not so; a semicolon or brace in a comment between the two words makes it say no.
 */

import type { Source } from "../../text/source.ts";
import { CLOSE_BRACE, IS_WORD, OPEN_BRACE, SEMICOLON } from "./codes.ts";
import { isWordAt } from "./keywords.ts";

/** A declaration has its storage class among so many bytes before its name. */
const FARTHEST = 400;

export function mayBeStatic({ codes }: Source, name: string): boolean {
  const bytes = Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength);
  for (let at = bytes.indexOf(name, 0, "latin1"); at >= 0; at = bytes.indexOf(name, at + name.length, "latin1")) {
    const isWord = IS_WORD[codes[at - 1] ?? 0] !== 1 && IS_WORD[codes[at + name.length] ?? 0] !== 1;
    if (isWord && hasStaticBefore(codes, at)) return true;
  }
  return false;
}

function hasStaticBefore(codes: Uint8Array, at: number): boolean {
  const from = Math.max(0, at - FARTHEST);
  let end = at;
  for (let i = at - 1; i >= from; i--) {
    const code = codes[i]!;
    if (code === SEMICOLON || code === OPEN_BRACE || code === CLOSE_BRACE) return false;
    if (IS_WORD[code] !== 1) end = i;
    else if (IS_WORD[codes[i - 1] ?? 0] !== 1 && isWordAt(codes, i, end, "static")) return true;
  }
  return false;
}
