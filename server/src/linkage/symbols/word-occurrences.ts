/**
 * Every place in which a text has a word, and what surrounds it: code, a comment, a string, a line of the preprocessor. It
 * knows no more of C, assembly and linker scripts than how these look in all three.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";

export interface WordOccurrence extends Span {
  /**
   * - pasted: beside `##`, so that the word is a part of another name
   * - member: behind `.` or `->`
   * - register: behind `%`
   * - directive: on a line of the preprocessor other than #include and a #define's body
   */
  readonly where: "code" | "comment" | "string" | "include" | "directive" | "pasted" | "member" | "register";
}

/** The occurrences of an identifier as a whole word, in order. */
export function findOccurrences(source: Source, word: string): WordOccurrence[] {
  if (!/^[A-Za-z_]\w*$/.test(word)) return [];
  const text = source.slice(0, source.length);
  if (!text.includes(word)) return [];
  const found: WordOccurrence[] = [];
  const add = (from: number, part: string, where: WordOccurrence["where"]): void => {
    for (const match of part.matchAll(new RegExp(`(?<![\\w$])${word}(?![\\w$])`, "g"))) {
      const start = from + match.index;
      found.push({ start, end: start + word.length, where });
    }
  };
  const pattern = new RegExp(`${HIDDEN}|(?<![\\w$])${word}(?![\\w$])`, "gm");
  for (const match of text.matchAll(pattern)) {
    const [part] = match;
    const { comment, include, line, quoted } = match.groups ?? {};
    if (comment !== undefined) add(match.index, part, "comment");
    else if (include !== undefined) add(match.index, part, "include");
    else if (line !== undefined) add(match.index, part, "directive");
    else if (quoted !== undefined) add(match.index, part, "string");
    else
      found.push({ start: match.index, end: match.index + word.length, where: surroundings(text, match.index, word) });
  }
  return found;
}

/** Comments, strings, and the preprocessor's lines up to a #define's body. */
const HIDDEN = [
  String.raw`(?<comment>/\*[^]*?(?:\*/|$(?![^]))|//[^\n]*)`,
  String.raw`(?<include>^[ \t]*#[ \t]*include\b[^\n]*)`,
  String.raw`(?<line>^[ \t]*#[ \t]*(?:define[ \t]+\w+(?:\([^)\n]*\))?|undef\b[^\n]*|(?:el)?ifn?(?:def)?\b(?:[^\n\\]|\\[^])*|pragma\b[^\n]*|error\b[^\n]*))`,
  String.raw`(?<quoted>"(?:\\[^]|[^"\\\n])*"|'(?:\\.|[^'\\\n])')`,
].join("|");

function surroundings(text: string, start: number, word: string): WordOccurrence["where"] {
  const before = text.slice(Math.max(0, start - 40), start);
  const after = text.slice(start + word.length, start + word.length + 40);
  if (/##\s*$/.test(before) || /^\s*##/.test(after)) return "pasted";
  if (/(?:->|(?<![.\d])\.)\s*$/.test(before)) return "member";
  return before.endsWith("%") ? "register" : "code";
}
