/**
 * Where on a line of the C preprocessor a cursor stands, for completion in scripts that it has yet to see. It goes by the
 * line's text before the cursor, as the line is still being typed.
 */

import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";

/**
 * - directive: the word behind `#`
 * - macro: the name that #ifdef, #ifndef and #undef take
 * - condition: an operand of #if and #elif
 * - quoted-header, angled-header: within the quotes or brackets of #include
 */
export type DirectiveExpectation = "directive" | "macro" | "condition" | "quoted-header" | "angled-header";

export interface DirectiveContext {
  readonly expects: DirectiveExpectation;
  /** What was typed of the word; of a header's path, all of it. */
  readonly prefix: Span;
}

const PLACES: readonly (readonly [RegExp, DirectiveExpectation])[] = [
  [/^#[ \t]*(\w*)$/, "directive"],
  [/^#[ \t]*(?:el)?(?:ifdef|ifndef)[ \t]+(\w*)$/, "macro"],
  [/^#[ \t]*undef[ \t]+(\w*)$/, "macro"],
  [/^#[ \t]*(?:el)?if\b(?:[^"'\n]*[^\w"'\n])(\w*)$/, "condition"],
  [/^#[ \t]*include[ \t]*"([^"\n]*)$/, "quoted-header"],
  [/^#[ \t]*include[ \t]*<([^>\n]*)$/, "angled-header"],
];

/** How much of a line is looked at; conditions are shorter. */
const LONGEST_LINE = 1000;

/** What may be typed at an offset of the directive that begins at `start`; undefined where that is not known. */
export function directiveContextAt(source: Source, start: number, offset: number): DirectiveContext | undefined {
  if (offset - start > LONGEST_LINE) return undefined;
  const text = source.slice(start, offset).replace(/\\\r?\n/g, (joint) => " ".repeat(joint.length));
  for (const [pattern, expects] of PLACES) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const word = match[1] ?? "";
    // Numbers are nobody's names.
    if (/^\d/.test(word)) return undefined;
    return { expects, prefix: { start: offset - word.length, end: offset } };
  }
  return undefined;
}
