/**
 * Names in the strings of inline assembly, `asm("call hook")`: uses that no reader of C finds. A file's object then refers to the symbol
 * with the binding that the file's declarations give it. It has no IO.
 */

import { KEYWORD } from "../../syntax/c/keywords.ts";
import { TOKEN } from "../../syntax/c/lexer.ts";
import { type CToken, depthStep, isWord, listTokens } from "../../syntax/c/token-list.ts";
import { hasWord } from "../../text/has-word.ts";
import { describePlace } from "../facts/texts.ts";
import { definesOf } from "./pasting-calls.ts";
import { isCFile, type Program } from "./program.ts";

/** A place at which inline assembly names the symbol, in words; undefined where none does that can be in one link with the path. */
export function findInInlineAssembly(name: string, path: string, program: Program): string | undefined {
  const { index, links, texts } = program;
  for (const file of index.filesWithWord(name)) {
    if (!isCFile(file) || !links.mayMeet(path, file)) continue;
    const source = texts.source(file);
    if (source === undefined) continue;
    const lines = definesOf(source).flatMap(({ start, end }) => listTokens(source, start + 1, end));
    const found = findNamed(name, [...listTokens(source, 0, source.length), ...lines]);
    if (found !== undefined) return describePlace(texts, file, found.start);
  }
  return undefined;
}

/** The first string that has the word, within the parentheses behind an `asm`. */
function findNamed(name: string, tokens: readonly CToken[]): CToken | undefined {
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]!.kind !== KEYWORD.asm) continue;
    // Words like volatile and goto stand between the two.
    while (at + 1 < tokens.length && isWord(tokens[at + 1]!)) at++;
    let depth = 0;
    for (at++; at < tokens.length; at++) {
      const token = tokens[at]!;
      if (token.kind === TOKEN.string && hasWord(token.text.replaceAll(/\\[a-z]/g, " "), name)) return token;
      depth += depthStep(token);
      if (depth <= 0) break;
    }
  }
  return undefined;
}
