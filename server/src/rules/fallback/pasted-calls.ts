/**
 * Names that macros put together of two arguments, `PASTE(hook_, 1)`. No search for the name finds such a use. Names are taken apart
 * at their underscores, where people do, and calls that are given both parts are expanded. A name of which a macro has one part in
 * its own definition, `hook_##n`, is not found.
 */

import { describePlace } from "../../linkage/facts/texts.ts";
import { isCFile, type Program } from "../../linkage/symbols/program.ts";
import { OPEN_PAREN } from "../../syntax/c/codes.ts";
import { TOKEN } from "../../syntax/c/lexer.ts";
import { depthStep, isWord, listTokens, listWords } from "../../syntax/c/token-list.ts";
import { createAttached } from "../../text/attached.ts";
import { type Source, sourceOfText } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { definitionsOf, expandText } from "./macro-calls.ts";

/** A part of a name that more files hold is not looked for in them. */
const MOST_FILES = 20;

/** Macros that call macros are followed this far. */
const DEEPEST = 3;

/** Longer calls are none that put a name together. */
const LONGEST = 400;

interface Call extends Span {
  readonly name: string;
  /** The words and numbers between the parentheses. */
  readonly words: ReadonlySet<string>;
}

/** A place at which a macro that is given both parts puts the name together, in words; undefined where none is found. */
export function findPasted(name: string, path: string, program: Program): string | undefined {
  for (const [left, right] of splits(name)) {
    for (const file of filesWith(left, right, program)) {
      if (!isCFile(file) || !program.links.mayMeet(path, file)) continue;
      const source = program.texts.source(file);
      if (source === undefined) continue;
      for (const call of callsIn(source)) {
        if (!call.words.has(left) || !call.words.has(right)) continue;
        if (makes(source.slice(call.start, call.end), call.name, name, file, program, 0)) {
          return describePlace(program.texts, file, call.start);
        }
      }
    }
  }
  return undefined;
}

/** What stands before and behind each underline, which is part of one of them or stands between them. */
function* splits(name: string): Generator<readonly [string, string]> {
  for (let at = name.indexOf("_", 1); at > 0 && at + 1 < name.length; at = name.indexOf("_", at + 1)) {
    const [left, right] = [name.slice(0, at), name.slice(at + 1)];
    yield [left, right];
    yield [`${left}_`, right];
    yield [left, `_${right}`];
  }
}

/** Files that may hold both words. A number is no word of an index. */
function filesWith(left: string, right: string, { index }: Program): readonly string[] {
  const isNumber = right.charCodeAt(0) >= 48 && right.charCodeAt(0) <= 57;
  const files = index.filesWithWord(left);
  const both = isNumber ? files : files.filter((file) => index.mayMention(file, right));
  return both.length > MOST_FILES ? [] : both;
}

const callsBySource = createAttached<Source, readonly Call[]>();

/** What looks like a call, outside of directives. */
function callsIn(source: Source): readonly Call[] {
  let calls = callsBySource.get(source);
  if (calls === undefined) callsBySource.set(source, (calls = findCalls(source)));
  return calls;
}

function findCalls(source: Source): readonly Call[] {
  const tokens = listTokens(source, 0, source.length);
  const calls: Call[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== TOKEN.word || tokens[at + 1]?.kind !== OPEN_PAREN) continue;
    const words = new Set<string>();
    let depth = 0;
    for (let next = at + 1; next < tokens.length; next++) {
      const inner = tokens[next]!;
      if (inner.end - token.start > LONGEST) break;
      if (isWord(inner) || inner.kind === TOKEN.number) words.add(inner.text);
      depth += depthStep(inner);
      if (depth > 0) continue;
      calls.push({ name: token.text, words, start: token.start, end: inner.end });
      break;
    }
  }
  return calls;
}

/** Whether the call, or one that it becomes, comes to hold the name. */
function makes(text: string, macro: string, name: string, file: string, program: Program, depth: number): boolean {
  const definitions = definitionsOf(macro, file, program);
  if (definitions === "unknown") return false;
  return definitions.some((definition) => {
    const source = sourceOfText(expandText(definition, text));
    if (listWords(source, 0, source.length).includes(name)) return true;
    if (depth >= DEEPEST) return false;
    return findCalls(source).some(({ start, end, name: inner }) => {
      return inner !== macro && makes(source.slice(start, end), inner, name, file, program, depth + 1);
    });
  });
}
