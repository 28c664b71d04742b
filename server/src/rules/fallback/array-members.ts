/** Whether a member of a structure is an array, so that its name is an address. By the member's name alone, in any structure. */

import type { Program } from "../../linkage/symbols/program.ts";
import { DOT, OPEN_BRACKET } from "../../syntax/c/codes.ts";
import { isWordAt } from "../../syntax/c/keywords.ts";
import { nextToken, openLexer, TOKEN } from "../../syntax/c/lexer.ts";
import type { Source } from "../../text/source.ts";

/** A name in more headers than this is not looked up: it may be an array's. */
const MOST_HEADERS = 60;

/** Whether some structure that the file may see has an array of that name, or too many files name it to tell. */
export function mayBeArrayMember(name: string, user: string, program: Program): boolean {
  const files = program.index.filesWithWord(name).filter((path) => path === user || path.endsWith(".h"));
  if (files.length > MOST_HEADERS) return true;
  return files.some((path) => {
    const source = program.texts.source(path);
    return source !== undefined && declaresArray(source, name);
  });
}

/** Whether `name[` stands there behind something that is no `.` or `->`, as it does where a member is declared. */
function declaresArray(source: Source, name: string): boolean {
  const lexer = openLexer(source, 0, source.length, "part");
  let before: number = TOKEN.end;
  let isNamed = false;
  for (let kind = nextToken(lexer); kind !== TOKEN.end; kind = nextToken(lexer)) {
    if (isNamed && kind === OPEN_BRACKET) return true;
    // Behind `.` and the `>` of `->` stands a use.
    const isDeclared = kind === TOKEN.word && before !== DOT && before !== GREATER;
    isNamed = isDeclared && isWordAt(source.codes, lexer.start, lexer.stop, name);
    before = kind;
  }
  return false;
}

const GREATER = 62;
