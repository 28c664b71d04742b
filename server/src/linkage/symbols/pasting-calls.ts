/**
 * Calls of macros in a file's text, those in other macros' replacements included, and which macros call which. It knows no symbols and
 * has no IO.
 */

import { OPEN_PAREN } from "../../syntax/c/codes.ts";
import { TOKEN } from "../../syntax/c/lexer.ts";
import { decodeString } from "../../syntax/c/literals.ts";
import {
  type CDefineLine,
  type CToken,
  depthStep,
  isWord,
  listDefineLines,
  listTokens,
  listWords,
} from "../../syntax/c/token-list.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { watchTexts } from "../facts/texts.ts";
import type { Program } from "./program.ts";

/** Longer calls are none that put a name together. */
const LONGEST = 400;

/** Macros that call macros are followed this far. */
const MOST_STEPS = 6;

/** A macro that more files name is taken to be called by no other: the tree's own words for everything. */
const MOST_FILES = 100;

export interface PastingCall extends Span {
  readonly name: string;
  /** The words and numbers between the parentheses. */
  readonly words: ReadonlySet<string>;
}

const callsBySource = createAttached<Source, readonly PastingCall[]>();

/** What looks like a call, by place; first what stands outside of directives. */
export function callsIn(source: Source): readonly PastingCall[] {
  let calls = callsBySource.get(source);
  if (calls === undefined) {
    const lines = definesOf(source).map((line) => findCalls(listTokens(source, behindName(source, line), line.end)));
    calls = [...findCalls(listTokens(source, 0, source.length)), ...lines.flat()];
    callsBySource.set(source, calls);
  }
  return calls;
}

/** A call with its text. */
export interface CallOfMacro extends PastingCall {
  readonly file: string;
  readonly text: string;
}

/** The calls of a macro in the files that may be looked at. One that is handed over is called by another: `LIST(DEFINE)`. */
export function* callsAmong(
  macro: string,
  mayCall: (file: string) => boolean,
  program: Program,
): Generator<CallOfMacro> {
  for (const file of program.index.filesWithWord(macro)) {
    const source = mayCall(file) ? program.texts.source(file) : undefined;
    if (source === undefined) continue;
    for (const call of callsIn(source)) {
      if (call.name !== macro && !call.words.has(macro)) continue;
      yield { ...call, file, text: source.slice(call.start, call.end) };
    }
  }
}

const callsByProgram = createAttached<Program, Map<string, readonly CallOfMacro[]>>();

/** The same of all files, found once for all names that the macro may make: texts are let go in between. */
export function callsOf(macro: string, program: Program): readonly CallOfMacro[] {
  let known = callsByProgram.get(program);
  if (known === undefined) callsByProgram.set(program, (known = new Map()));
  let calls = known.get(macro);
  if (calls === undefined) {
    const texts = watchTexts(program.texts);
    calls = [...callsAmong(macro, () => true, { ...program, texts })];
    if (texts.isWhole()) known.set(macro, calls);
  }
  return calls;
}

/** The words of a text, keywords included. */
export function wordsIn(source: Source): string[] {
  return listWords(source, 0, source.length);
}

/** The words of a text, with those in its strings: of strings that stand side by side, as they are put together. */
export function wordsInText(source: Source): string[] {
  const names: string[] = [];
  let text = "";
  for (const token of [...listTokens(source, 0, source.length), undefined]) {
    if (token?.kind === TOKEN.string) {
      text += decodeString(token.text);
      continue;
    }
    names.push(...text.split(/\W+/));
    text = "";
    if (token !== undefined && isWord(token)) names.push(token.text);
  }
  return names;
}

/** The end of a #define's name: its parameters are no call. */
function behindName(source: Source, { name, start, end }: CDefineLine): number {
  const at = source.slice(start, end).indexOf(name, "#define".length);
  return start + Math.max(0, at) + name.length;
}

function findCalls(tokens: readonly CToken[]): PastingCall[] {
  const calls: PastingCall[] = [];
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

const definesBySource = createAttached<Source, readonly CDefineLine[]>();

/** The #define lines of a text. */
export function definesOf(source: Source): readonly CDefineLine[] {
  let lines = definesBySource.get(source);
  if (lines === undefined) {
    lines = listDefineLines(source, 0, source.length).filter(({ isUndef }) => !isUndef);
    definesBySource.set(source, lines);
  }
  return lines;
}

const carriersByProgram = createAttached<Program, Map<string, ReadonlySet<string>>>();

/** The macro, and those whose replacements have its name, and so on. */
export function carriersOf(macro: string, program: Program): ReadonlySet<string> {
  let known = carriersByProgram.get(program);
  if (known === undefined) carriersByProgram.set(program, (known = new Map()));
  const before = known.get(macro);
  if (before !== undefined) return before;
  const found = new Set([macro]);
  let newest = [macro];
  let isWhole = true;
  for (let step = 0; step < MOST_STEPS && newest.length > 0; step++) {
    const next: string[] = [];
    for (const one of newest) {
      const files = program.index.filesWithWord(one);
      if (files.length > MOST_FILES) continue;
      for (const file of files) {
        const source = program.texts.source(file);
        if (source === undefined) {
          isWhole = false;
          continue;
        }
        for (const { name, words } of definesOf(source)) {
          if (found.has(name) || !words.includes(one)) continue;
          found.add(name);
          next.push(name);
        }
      }
    }
    newest = next;
  }
  // What was not read yet is asked for again.
  if (isWhole) known.set(macro, found);
  return found;
}
