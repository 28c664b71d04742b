/**
 * What shows in a script's text that a program has yet to rewrite it before ld reads it: the C preprocessor, by what only that
 * gives a meaning to, or a generator of text, by places that it fills in. It knows the text alone, no names and no build.
 */

import { isMistyped } from "../../text/nearest.ts";
import { isIdentifier, looksLikeMacro } from "./characters.ts";
import { KEYWORDS } from "./keywords.ts";

/** Lines that only the preprocessor gives meaning to; to ld, a `#` begins a comment. */
const DIRECTIVE = /^[ \t]*#[ \t]*(?:include[ \t]*[<"]|define[ \t]+[A-Za-z_]|ifn?def[ \t]+[A-Za-z_]|endif\b)/m;

/** True for a text with lines of the preprocessor. */
export function hasDirectives(text: string): boolean {
  return DIRECTIVE.test(text);
}

/** A backslash that continues a line, and a comment to the line's end: both are parts of names to ld. */
const CPP_TEXT = /\\[ \t]*\r?\n|(?:^|[\s;{}(),])\/\/(?![\w.*?-]+\()/;

/**
 * True for a text that the preprocessor must have seen before ld can read it, though it has no directives: as in trees that
 * pass all their scripts through it and give the macros on its command line.
 */
export function hasPreprocessorText(text: string): boolean {
  const code = withoutTrivia(text);
  return CPP_TEXT.test(code) || hasLoneMacro(code) || hasMacroCall(code);
}

/** `WORD_IN_CAPITALS(…)` at the start of a line, and no region with its attributes. */
const CALL = /^[ \t]*([A-Z][A-Z0-9]*_[A-Z0-9_]*)[ \t]*\(([^()\n]*)\)(?!\s*:)/gm;

/** Arguments that are no patterns of sections: a word or nothing before a comma or the end. */
const ARGUMENTS = /^\s*(?:\w*\s*(?:,|$)|[^,]*,\s*(?:,|$))/;

/** A call of what no command of ld is named, nor nearly: what stands there in a plain script is a file, with sections in parentheses. */
function hasMacroCall(code: string): boolean {
  for (const [, word = "", given = ""] of code.matchAll(CALL)) {
    if (KEYWORDS.has(word) || !ARGUMENTS.test(given)) continue;
    if (![...KEYWORDS.keys()].some((keyword) => isMistyped(word, keyword))) return true;
  }
  return false;
}

/** What stands alone on a line, behind the end of a statement and before the start of another one. */
const LONE_WORD = /([;{}])\s*^[ \t]*([A-Za-z_]\w*)[ \t]*\r?$(?=\s*[\w./*}"&])/gm;

/** A name in capitals as a whole statement: no keyword, and no statement of ld consists of a name. */
function hasLoneMacro(code: string): boolean {
  for (const match of code.matchAll(LONE_WORD)) {
    const word = match[2]!;
    if (looksLikeMacro(word) && isIdentifier(word) && !KEYWORDS.has(word)) return true;
  }
  return false;
}

/**
 * Places that a generator of text fills in: `@NAME@` (configure, CMake), `${name}` (CMake, shells, Jinja's kin), `%NAME%`,
 * `{{ name }}` and `{% if %}` (Jinja), `<% %>`, and `#IF`, `#ELSE`, `#ENDIF` in capitals, which no preprocessor knows.
 */
const PLACEHOLDER =
  /@[A-Za-z_][\w.-]*@|\$\{[\w.:-]+\}|\$\([A-Za-z_]\w*\)|(?<![\w)\]%])%[A-Z_][A-Z0-9_]*%|\{\{|\{%|<%|^[ \t]*#(?:IF|ELIF|ELSE|ENDIF)\b.*$/m;

/**
 * What begins a command of another linker's scripts, and none of ld's: Green Hills' (MULTI: Building Applications, "Linker Directives"),
 * CodeWarrior's and IAR's.
 */
const OTHER_LINKER =
  /^[ \t]*(?:OPTION[ \t]*\(|(?:DEFAULTS|CONSTANTS|FORCE_ACTIVE|FORCEFILES|KEEP_SECTION)\s*\{|define[ \t]+(?:symbol|memory|region|block)\b|place[ \t]+(?:in|at)\b)|\bENDADDR[ \t]*\(/m;

/** The first word of a text that shows that it is another linker's; undefined for a text that has none. */
export function findOtherLinker(text: string): string | undefined {
  return /\w+/.exec(OTHER_LINKER.exec(withoutTrivia(text))?.[0] ?? "")?.[0];
}

/** The first place that a generator fills in; undefined for a text that has none. Comments are no such places. */
export function findPlaceholder(text: string): string | undefined {
  const code = text.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, (comment) => comment.replace(/[^\n]/g, " "));
  const found = PLACEHOLDER.exec(code);
  if (found === null) return undefined;
  return found[0].trim();
}

/** The text with comments and strings made blank, so that what is left is code; lines stay where they are. */
export function withoutTrivia(text: string): string {
  return text.replace(/"[^"]*"|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|^[ \t]*#.*$/gm, (trivia) =>
    trivia.replace(/[^\n]/g, " "),
  );
}
