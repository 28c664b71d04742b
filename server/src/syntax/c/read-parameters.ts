/** The parameters of a list, of a function or a macro: the last word of each is its name, or that in `(*name)`. */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { openCode } from "./code-reader.ts";
import { COMMA, OPEN_BRACKET, OPEN_PAREN, STAR } from "./codes.ts";
import { TOKEN } from "./lexer.ts";
import { behindGroup, kindAt, tokenWord } from "./token-run.ts";

export interface Parameter {
  readonly name: string;
  /** The words before the name, joined by blanks. */
  readonly type: string;
  readonly isPointer: boolean;
}

/**
 * @param list with or without its parentheses
 */
export function readParameters(source: Source, list: Span): Parameter[] {
  const { run } = openCode(source, list, "file", new Set());
  const found: Parameter[] = [];
  const hasParens = kindAt(run, 0) === OPEN_PAREN && run.partners[0] === run.count - 1;
  const end = hasParens ? run.count - 1 : run.count;
  let words: string[] = [];
  let name = "";
  let isPointer = false;
  for (let at = hasParens ? 1 : 0; at <= end; at = behindGroup(run, at)) {
    const kind = at < end ? kindAt(run, at) : COMMA;
    const word = at < end ? tokenWord(run, at) : "";
    if (word !== "") {
      words.push(word);
      if (kind === TOKEN.word) name = word;
    } else if (kind === STAR || kind === OPEN_BRACKET) isPointer = true;
    else if (kind === OPEN_PAREN && kindAt(run, at + 1) === STAR && kindAt(run, at + 2) === TOKEN.word) {
      name = tokenWord(run, at + 2);
      isPointer = true;
    } else if (kind === COMMA) {
      if (name !== "") found.push({ name, type: words.filter((one) => one !== name).join(" "), isPointer });
      words = [];
      name = "";
      isPointer = false;
    }
  }
  return found;
}
