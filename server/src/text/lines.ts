/** Lines of a text: offsets to line and column and back. It knows nothing of languages or files. */

import type { Source } from "./source.ts";
import type { Span } from "./span.ts";

/** A place as people count: line and column from 0, the column in UTF-16 units. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Where each line of a text starts. Lines end at \n, \r\n or a lone \r, as in the language server protocol. */
export interface Lines {
  /** The offset of each line's first unit; the first is 0. */
  readonly starts: Uint32Array;
  /** The length of the text. */
  readonly length: number;
}

const LF = 10;
const CR = 13;

/** Finds the lines of a text, in one pass over it. */
export function findLines(source: Pick<Source, "codes" | "length">): Lines {
  const starts = [0];
  const { codes, length } = source;
  for (let i = 0; i < length; i++) {
    const code = codes[i];
    if (code === LF || (code === CR && codes[i + 1] !== LF)) starts.push(i + 1);
  }
  return { starts: Uint32Array.from(starts), length };
}

/**
 * The lines after [start, end) was replaced: `source` is the text as it is then, `put` how many of its units are new. Only the
 * new ones are looked at.
 */
export function replaceInLines(
  lines: Lines,
  { start, end }: Span,
  put: number,
  source: Pick<Source, "codes" | "length">,
): Lines {
  const { codes, length } = source;
  // The line end before or behind may have become one with what was put in, or have come apart.
  if (codes[start - 1] === CR || codes[start + put - 1] === CR) return findLines(source);
  const added: number[] = [];
  for (let i = start; i < start + put; i++) {
    if (codes[i] === LF || (codes[i] === CR && codes[i + 1] !== LF)) added.push(i + 1);
  }
  const before = lines.starts.subarray(0, lineColumnAt(lines, start).line + 1);
  const behind = lines.starts.subarray(lineColumnAt(lines, end).line + 1);
  const starts = new Uint32Array(before.length + added.length + behind.length);
  starts.set(before);
  starts.set(added, before.length);
  const shift = put - (end - start);
  for (let from = before.length + added.length, i = 0; i < behind.length; i++) starts[from + i] = behind[i]! + shift;
  return { starts, length };
}

/** The line and column of an offset; offsets beyond the text count as its end. */
export function lineColumnAt(lines: Lines, offset: number): LineColumn {
  const at = Math.max(0, Math.min(offset, lines.length));
  let low = 0;
  let high = lines.starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (lines.starts[middle]! <= at) low = middle;
    else high = middle;
  }
  return { line: low, column: at - lines.starts[low]! };
}
