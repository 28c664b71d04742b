/**
 * Whether a macro uses what it is given as it stands, as `module_init(f)` uses f, or only makes other names and strings of it, as
 * `COND_SYSCALL(futex)` does. The macro's definitions are followed through the macros that they hand it on to; nothing is expanded.
 */

import { CLOSE_PAREN, COMMA, HASH, OPEN_PAREN } from "../../syntax/c/codes.ts";
import { type FoundDefine, findDefines } from "../../syntax/c/find-defines.ts";
import { nextToken, openLexer, TOKEN, wordText } from "../../syntax/c/lexer.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import { filesMentioning } from "../index/files-mentioning.ts";
import type { Program } from "./program.ts";

/** A macro's name in more headers than this is not looked up: all of them would be read. */
const MOST_HEADERS = 100;

/** Macros that hand on to macros are followed this far. */
const MOST_STEPS = 12;

export type ArgumentUse = "used" | "unused" | "unknown";

/**
 * What the definitions that a file may see of a macro do with one of its arguments: "used" where any of them has it as it stands,
 * "unknown" where none was found.
 * @param place the argument's number
 */
export function argumentUse(macro: string, place: number, path: string, program: Program): ArgumentUse {
  return useIn(macro, place, { path, program, seen: new Set() }, 0);
}

interface Search {
  readonly path: string;
  readonly program: Program;
  /** Macros and arguments that were looked at. */
  readonly seen: Set<string>;
}

function useIn(macro: string, place: number, search: Search, step: number): ArgumentUse {
  const key = `${macro} ${place}`;
  if (search.seen.has(key)) return "unused";
  search.seen.add(key);
  if (step > MOST_STEPS) return "unknown";
  const definitions = definitionsOf(macro, search);
  if (definitions === undefined || definitions.length === 0) return "unknown";
  let answer: ArgumentUse = "unused";
  for (const { parameters, occurrences } of definitions) {
    const rest = parameters.length - 1;
    const isRest = /\.\.\.$/.test(parameters[rest] ?? "") && place >= rest;
    const wanted = isRest ? rest : place;
    for (const { parameter, call } of occurrences) {
      if (parameter !== wanted) continue;
      // What no macro is called is a function or an operator, which has it as it stands.
      const passed =
        call === undefined ? "used" : useIn(call.macro, call.place + (isRest ? place - rest : 0), search, step + 1);
      if (passed === "used" || (passed === "unknown" && call !== undefined && !isMacro(call.macro, search)))
        return "used";
      if (passed === "unknown") answer = "unknown";
    }
  }
  return answer;
}

function isMacro(name: string, search: Search): boolean {
  const definitions = definitionsOf(name, search);
  return definitions === undefined || definitions.length > 0;
}

/** Where a replacement has a parameter that it does not paste or make a string of. */
interface Occurrence {
  readonly parameter: number;
  /** It is the whole of an argument of this call. */
  readonly call: { readonly macro: string; readonly place: number } | undefined;
}

interface Definition {
  readonly parameters: readonly string[];
  readonly occurrences: readonly Occurrence[];
}

const definitionsBySource = createAttached<Source, Map<string, readonly Definition[]>>();

/** The definitions in the file and in headers; undefined where the word is too common to look for them. */
function definitionsOf(macro: string, { path, program }: Search): readonly Definition[] | undefined {
  const files = filesMentioning(macro, program.index).filter((file) => file === path || file.endsWith(".h"));
  if (files.length > MOST_HEADERS) return undefined;
  // All are asked for before the first is looked at, so that they are read at once.
  const sources = files.map((file) => program.texts.source(file));
  return sources.flatMap((source) => (source === undefined ? [] : definitionsIn(source, macro)));
}

function definitionsIn(source: Source, macro: string): readonly Definition[] {
  let known = definitionsBySource.get(source);
  if (known === undefined) definitionsBySource.set(source, (known = new Map()));
  let definitions = known.get(macro);
  if (definitions === undefined) {
    definitions = findDefines(source, macro)
      .filter(({ isFunctionLike }) => isFunctionLike)
      .map((define) => readDefinition(source, define));
    known.set(macro, definitions);
  }
  return definitions;
}

function readDefinition(source: Source, { nameSpan, body }: FoundDefine): Definition {
  const list = source.slice(nameSpan.end + 1, body.start - 1).replace(/\\\r?\n/g, " ");
  const parameters = list.split(",").map((parameter) => parameter.replace(/\s+/g, ""));
  const numbers = new Map(parameters.map((parameter, i) => [parameter.replace(/\.\.\.$/, "") || "__VA_ARGS__", i]));
  const occurrences: Occurrence[] = [];
  const lexer = openLexer(source, body.start, body.end, "macro");
  /** The open parentheses, with the word before each and how many commas came. */
  const open: { readonly macro: string; place: number }[] = [];
  /** The last tokens: a word's text, or a sign's code. */
  let before: string | number = TOKEN.end;
  let pending: { readonly parameter: number; readonly opener: string | number } | undefined;
  for (let kind = nextToken(lexer); ; kind = nextToken(lexer)) {
    if (pending !== undefined) {
      const around = open.at(-1);
      const isWhole =
        around !== undefined &&
        around.macro !== "" &&
        (pending.opener === OPEN_PAREN || pending.opener === COMMA) &&
        (kind === COMMA || kind === CLOSE_PAREN);
      occurrences.push({ parameter: pending.parameter, call: isWhole ? { ...around } : undefined });
      pending = undefined;
    }
    if (kind === TOKEN.end) break;
    const word = kind === TOKEN.word ? wordText(source, lexer.start, lexer.stop) : undefined;
    const number = word === undefined ? undefined : numbers.get(word);
    if (number !== undefined && before !== HASH) pending = { parameter: number, opener: before };
    if (kind === OPEN_PAREN) open.push({ macro: typeof before === "string" ? before : "", place: 0 });
    else if (kind === CLOSE_PAREN) open.pop();
    else if (kind === COMMA && open.length > 0) open.at(-1)!.place++;
    before = word ?? kind;
  }
  return { parameters, occurrences };
}
