/**
 * Names that a macro's replacement puts together: `hook_##n`, and in what becomes a string `"hook_" #n`. Nothing is expanded here:
 * a name is a pattern of words joined by "##", of which some are parameters. It knows no other macro.
 */

import type { Source } from "../../text/source.ts";
import { HASH } from "./codes.ts";
import type { RawDefine } from "./defines.ts";
import { nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";
import { decodeString } from "./literals.ts";
import { plainParameter } from "./makers.ts";
import type { CPastes } from "./tree.ts";

/** More than any replacement puts together. */
const MOST_PATTERNS = 32;

/** Around a parameter's name, in a text that is made of literals and of parameters as strings. */
const HOLE_START = "\u0001";
const HOLE_END = "\u0002";

/** The names that a replacement puts together, each as often as it does; undefined where there are none. */
export function readPastes(source: Source, define: RawDefine): CPastes | undefined {
  const { name, nameSpan, condition, body, parameters = [] } = define;
  const names = new Set(["__VA_ARGS__", ...parameters.map(plainParameter)]);
  const patterns: string[] = [];
  const lexer = openLexer(source, body.start, body.end, "macro");
  let text = "";
  let isString = false;
  for (let kind = nextToken(lexer); patterns.length < MOST_PATTERNS; kind = nextToken(lexer)) {
    const word = kind === TOKEN.word ? wordText(source, lexer.start, lexer.stop) : "";
    if (isString && names.has(word)) text += `${HOLE_START}${word}${HOLE_END}`;
    else if (kind === TOKEN.string) text += decodeString(source.slice(lexer.start, lexer.stop));
    else if (kind !== HASH) {
      patterns.push(...patternsIn(text));
      text = "";
      if (word.includes("##")) patterns.push(word);
    }
    if (kind === TOKEN.end) break;
    isString = kind === HASH;
  }
  return patterns.length === 0 ? undefined : { name, nameSpan, condition, parameters, patterns };
}

/** The words of a text that hold a parameter and something besides. */
function patternsIn(text: string): string[] {
  if (!text.includes(HOLE_START)) return [];
  return text
    .split(/[^\w\u0001\u0002]+/)
    .filter(
      (word) => word.includes(HOLE_START) && word.lastIndexOf(HOLE_START) + word.indexOf(HOLE_END) !== word.length - 1,
    )
    .map((word) =>
      word
        .split(/[\u0001\u0002]/)
        .filter((part) => part !== "")
        .join("##"),
    );
}
