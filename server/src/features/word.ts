/** The word under a cursor. It knows no language: identifiers are alike in C, assembly and linker scripts, but for dots. */

import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";

export interface Word extends Span {
  readonly text: string;
}

/** The identifier that the offset touches: letters, digits, underscores, dollars and anything beyond ASCII. */
export function wordAt(source: Source, offset: number): Word | undefined {
  let start = Math.min(offset, source.length);
  let end = start;
  while (start > 0 && isWordCode(source.codes[start - 1]!)) start--;
  while (end < source.length && isWordCode(source.codes[end]!)) end++;
  if (start === end || isDigit(source.codes[start]!)) return undefined;
  return { start, end, text: source.slice(start, end) };
}

function isWordCode(code: number): boolean {
  return isDigit(code) || ((code | 0x20) - 0x61) >>> 0 < 26 || code === 0x5f || code === 0x24 || code >= 0x80;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
