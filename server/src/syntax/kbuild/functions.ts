/**
 * The functions of make (GNU make manual, "Functions for Transforming Text") on guarded values. Those that run something or
 * look at the machine give unknown.
 */

import { existingPaths } from "./existing-paths.ts";
import { calledPieces, expandReferences, onlyText, replacementText, substitutePattern } from "./expand.ts";
import { anyGuard, bothGuard, type Guard, notGuard, UNGUARDED, UNKNOWN } from "./guard.ts";
import { findVariable, type Make, normalizePath, undecidedGuard } from "./make.ts";
import { makeVariableOrigin, TREE_ROOT } from "./make-variables.ts";
import type { RawText } from "./makefile.ts";
import {
  filterWords,
  firstOf,
  guardPieces,
  isUnknownText,
  joinedPieces,
  literal,
  MARK,
  mapKnown,
  mapWords,
  mergeSame,
  type Origin,
  type Piece,
  presentGuard,
  UNKNOWN_PIECES,
  type ValueWord,
  withoutSymbols,
  wordsOf,
} from "./value.ts";

interface Call {
  readonly make: Make;
  readonly text: string;
  readonly operands: readonly RawText[];
  readonly origin: Origin | undefined;
}

type MakeFunction = (call: Call) => readonly Piece[];

function pieces(call: Call, index: number): readonly Piece[] {
  const span = call.operands[index];
  return span === undefined ? [] : expandReferences(call.make, call.text, span, call.origin);
}

function words(call: Call, index: number): ValueWord[] {
  return wordsOf(pieces(call, index));
}

/** Applies a change to each word of the last operand. */
function eachWord(change: (text: string) => string): MakeFunction {
  return (call) => joinedPieces(mapWords(words(call, 0), change));
}

/** A change of each word by a first operand, which must be known. */
function affix(change: (text: string, affixed: string) => string): MakeFunction {
  return (call) => {
    const list = words(call, 1);
    const out: ValueWord[] = [];
    // The affix may differ by configuration: `head_$(BITS).o`.
    for (const prefix of singleValues(pieces(call, 0))) {
      for (const word of list) {
        const guard = bothGuard(word.guard, prefix.guard);
        if (guard.kind === "never") continue;
        const isLost = word.text === MARK || (prefix.text.includes(MARK) && call.make.plain === undefined);
        const text = isLost ? MARK : change(word.text, prefix.text);
        out.push({ text, guard, origin: word.origin, offset: word.offset });
      }
    }
    return joinedPieces(out);
  };
}

function singleValues(list: readonly Piece[]): readonly ValueWord[] {
  const all = wordsOf(list);
  if (all.length > 0) return all;
  return [{ text: "", guard: UNGUARDED, origin: undefined, offset: -1 }];
}

function filter(keepsMatches: boolean): MakeFunction {
  return (call) => joinedPieces(filterWords(words(call, 0), words(call, 1), keepsMatches));
}

function substitute(call: Call): readonly Piece[] {
  const from = onlyText(pieces(call, 0));
  const to = onlyText(pieces(call, 1));
  if (from === undefined || to === undefined || from === "") return UNKNOWN_PIECES;
  return pieces(call, 2).map((piece) => {
    // A symbol's value is taken to hold nothing of it; its quotes are no part of what stands for it.
    const text = mapKnown(piece.text, (part) => part.split(from).join(to));
    return text === piece.text ? piece : { text, guard: piece.guard, origin: piece.origin, offset: -1 };
  });
}

function patternSubstitute(call: Call): readonly Piece[] {
  const from = onlyText(pieces(call, 0));
  const to = replacementText(call.make, pieces(call, 1));
  if (from === undefined || to === undefined) return UNKNOWN_PIECES;
  return substitutePattern(words(call, 2), from.trim(), to.trim());
}

function choose(call: Call): readonly Piece[] {
  const decided = presentGuard(pieces(call, 0));
  const test = decided.kind === "unknown" ? undecidedGuard(call.make) : decided;
  const out: Piece[] = [];
  if (test.kind !== "never") out.push(...guardPieces(pieces(call, 1), test));
  const otherwise = notGuard(test);
  if (otherwise.kind !== "never") out.push(...guardPieces(pieces(call, 2), otherwise));
  return out;
}

function firstPresent(call: Call): readonly Piece[] {
  const out: Piece[] = [];
  let rest: Guard = UNGUARDED;
  for (let i = 0; i < call.operands.length && rest.kind !== "never"; i++) {
    const value = pieces(call, i);
    out.push(...guardPieces(value, rest));
    rest = bothGuard(rest, notGuard(presentGuard(value)));
  }
  return out;
}

function allPresent(call: Call): readonly Piece[] {
  let guard: Guard = UNGUARDED;
  let last: readonly Piece[] = [];
  for (let i = 0; i < call.operands.length; i++) {
    last = pieces(call, i);
    if (i < call.operands.length - 1) guard = bothGuard(guard, presentGuard(last));
  }
  return guardPieces(last, guard);
}

function forEach(call: Call): readonly Piece[] {
  const { make, text, operands } = call;
  const name = onlyText(pieces(call, 0))?.trim();
  const body = operands[2];
  if (name === undefined || body === undefined) return UNKNOWN_PIECES;
  const list = words(call, 1);
  const before = make.variables.get(name);
  const out: Piece[] = [];
  for (const word of list) {
    make.variables.set(name, {
      isRecursive: false,
      parts: [{ pieces: [{ ...word, guard: UNGUARDED }], raw: undefined, guard: UNGUARDED }],
    });
    if (out.length > 0) out.push(literal(" "));
    out.push(...guardPieces(expandReferences(make, text, body, call.origin), word.guard));
    if (make.budget <= 0) break;
  }
  if (before === undefined) make.variables.delete(name);
  else make.variables.set(name, before);
  return out;
}

/** Functions of Kbuild that ask the compiler, or that only make commands. */
function isOpaqueCall(name: string): boolean {
  return /^(?:cc|ld|as|ar|rustc|gcc|clang|try|test|if_changed|cmd|filechk|hostcc)\b|-option|-prefix|-version|-ifversion/.test(
    name,
  );
}

function callUser(call: Call): readonly Piece[] {
  const { make } = call;
  const name = onlyText(pieces(call, 0))?.trim();
  // A run that reads flags may say what a compiler would answer, as functions of the same names.
  if (make.plain !== undefined && name !== undefined && /^(?:cc|ld|as)-option$/.test(name))
    return guardPieces(pieces(call, 1), UNKNOWN);
  if (name === undefined || (isOpaqueCall(name) && make.readsFlags !== true)) return UNKNOWN_PIECES;
  if (findVariable(make, name) === undefined) return UNKNOWN_PIECES;
  const saved = new Map<string, ReturnType<Make["variables"]["get"]>>();
  const values = call.operands.map((_, index) => pieces(call, index));
  for (let i = 0; i < Math.max(values.length, 10); i++) {
    saved.set(String(i), make.variables.get(String(i)));
    const parts = [{ pieces: values[i] ?? [], raw: undefined, guard: UNGUARDED }];
    make.variables.set(String(i), { isRecursive: false, parts });
  }
  const result = calledPieces(make, name);
  for (const [key, value] of saved) {
    if (value === undefined) make.variables.delete(key);
    else make.variables.set(key, value);
  }
  return result;
}

/** What `make oldconfig` and its like write before Kbuild builds anything. */
function isOfConfiguring(path: string): boolean {
  return path === ".config" || path.startsWith("include/config/");
}

/** Existence of a path without wildcards is known; the rest is not. */
function wildcard(call: Call): readonly Piece[] {
  const out: ValueWord[] = [];
  for (const word of words(call, 0)) {
    const path = normalizePath(word.text);
    if (isUnknownText(word.text)) {
      const found = existingPaths(call.make.host, path);
      if (found === undefined) return UNKNOWN_PIECES;
      for (const { path: text, guard } of found)
        out.push({ ...word, text, guard: bothGuard(word.guard, guard), offset: -1 });
      continue;
    }
    if (/[*?[]/.test(path)) {
      const found = call.make.host.glob?.(path);
      if (found === undefined) return UNKNOWN_PIECES;
      for (const text of found) out.push({ ...word, text, offset: -1 });
      continue;
    }
    if (word.text.endsWith("/")) out.push({ ...word, guard: bothGuard(word.guard, UNKNOWN) });
    else if (call.make.host.hasFile(path) || (call.make.plain === undefined && isOfConfiguring(path))) out.push(word);
  }
  return joinedPieces(out);
}

/** The number of words, where no guard makes it differ. */
function countWords(call: Call): readonly Piece[] {
  const list = words(call, 0);
  const isKnown = list.every((word) => word.guard.kind === "always" && !isUnknownText(word.text));
  return isKnown ? [literal(String(list.length))] : UNKNOWN_PIECES;
}

/** `$(word n,…)` of a list without guards. */
function nthWord(call: Call): readonly Piece[] {
  const index = Number(onlyText(pieces(call, 0)));
  const list = words(call, 1);
  const isKnown = list.every((word) => word.guard.kind === "always" && !isUnknownText(word.text));
  if (!Number.isInteger(index) || !isKnown) return UNKNOWN_PIECES;
  const word = list[index - 1];
  return word === undefined ? [] : [word];
}

/** The same word twice is one, under either guard. */
function sortWords(call: Call): readonly Piece[] {
  return joinedPieces(mergeSame(words(call, 0)).sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)));
}

function findString(call: Call): readonly Piece[] {
  const needle = onlyText(pieces(call, 0));
  const haystack = pieces(call, 1);
  if (needle === undefined) return UNKNOWN_PIECES;
  const found = haystack.filter((piece) => withoutSymbols(piece.text).includes(needle));
  if (found.length > 0) return guardPieces([literal(needle)], anyGuard(found.map((piece) => piece.guard)));
  return haystack.some((piece) => isUnknownText(piece.text)) ? UNKNOWN_PIECES : [];
}

/** Nothing comes from a command line here: a variable is from a file, or not defined. */
function originOf(call: Call): readonly Piece[] {
  const name = onlyText(pieces(call, 0))?.trim();
  if (name === undefined) return UNKNOWN_PIECES;
  if (call.make.variables.has(name)) return [literal("file")];
  if (call.make.inherited.has(name)) return [literal("environment")];
  const ofMake = makeVariableOrigin(name);
  if (ofMake !== undefined) return [literal(ofMake)];
  return call.make.undefinedIsEmpty ? [literal("undefined")] : UNKNOWN_PIECES;
}

/** A path from the tree's root; outside of it nothing is known. */
function rootedPath(text: string): string {
  const path = normalizePath(text);
  return path === "" ? TREE_ROOT : path;
}

/** `$(realpath …)` drops what does not exist; of folders but the root that is not known here. */
function realPath(call: Call): readonly Piece[] {
  return joinedPieces(
    words(call, 0).map((word) => {
      if (isUnknownText(word.text)) return word;
      const text = rootedPath(word.text);
      const exists = text === TREE_ROOT || call.make.host.hasFile(text);
      return { ...word, text, offset: -1, guard: exists ? word.guard : bothGuard(word.guard, UNKNOWN) };
    }),
  );
}

/** `$(eval …)` carries out a text that is known; of another, nothing can be said. */
function evaluate(call: Call): readonly Piece[] {
  const text = onlyText(pieces(call, 0));
  if (text !== undefined) call.make.evaluate?.(text);
  return [];
}

const lastSlash = (text: string) => text.lastIndexOf("/");
const lastDot = (text: string) => (text.lastIndexOf(".") > lastSlash(text) ? text.lastIndexOf(".") : -1);

/** Of all that a shell could say, where make runs is known, and that nothing is out of date. */
function shell(call: Call): readonly Piece[] {
  const command = onlyText(pieces(call, 0))?.trim() ?? "";
  // A build that is configured is asked about: nothing is newer than what configures it.
  if (call.make.plain === undefined && /^find\s.*\s-newer\s/.test(command)) return [];
  return call.make.plain !== undefined && /^pwd(?: -[LP])?$/.test(command) ? [literal(TREE_ROOT)] : UNKNOWN_PIECES;
}

const nothing: MakeFunction = () => [];
const unknown: MakeFunction = () => UNKNOWN_PIECES;

const FUNCTIONS: ReadonlyMap<string, MakeFunction> = new Map<string, MakeFunction>([
  ["subst", substitute],
  ["patsubst", patternSubstitute],
  ["strip", (call) => joinedPieces(words(call, 0))],
  ["findstring", findString],
  ["filter", filter(true)],
  ["filter-out", filter(false)],
  ["sort", sortWords],
  ["word", nthWord],
  ["wordlist", unknown],
  ["words", countWords],
  ["firstword", (call) => joinedPieces(firstOf(words(call, 0)))],
  ["lastword", (call) => joinedPieces(firstOf(words(call, 0).reverse()))],
  ["dir", eachWord((text) => (lastSlash(text) < 0 ? "./" : text.slice(0, lastSlash(text) + 1)))],
  ["notdir", eachWord((text) => text.slice(lastSlash(text) + 1))],
  ["suffix", eachWord((text) => (lastDot(text) < 0 ? "" : text.slice(lastDot(text))))],
  ["basename", eachWord((text) => (lastDot(text) < 0 ? text : text.slice(0, lastDot(text))))],
  ["addsuffix", affix((text, suffix) => text + suffix)],
  ["addprefix", affix((text, prefix) => prefix + text)],
  ["join", unknown],
  ["wildcard", wildcard],
  ["realpath", realPath],
  ["abspath", eachWord(rootedPath)],
  ["if", choose],
  ["or", firstPresent],
  ["and", allPresent],
  ["foreach", forEach],
  ["file", unknown],
  ["call", callUser],
  ["value", unknown],
  ["eval", evaluate],
  ["origin", originOf],
  ["flavor", unknown],
  ["error", nothing],
  ["warning", nothing],
  ["info", nothing],
  ["shell", shell],
]);

/** How many operands a function takes; what follows the last comma belongs to the last. */
const OPERANDS: ReadonlyMap<string, number> = new Map([
  ["subst", 3],
  ["patsubst", 3],
  ["filter", 2],
  ["filter-out", 2],
  ["findstring", 2],
  ["word", 2],
  ["addsuffix", 2],
  ["addprefix", 2],
  ["if", 3],
  ["foreach", 3],
  ["or", Number.POSITIVE_INFINITY],
  ["and", Number.POSITIVE_INFINITY],
  ["call", Number.POSITIVE_INFINITY],
]);

export function isFunction(name: string): boolean {
  return FUNCTIONS.has(name);
}

/** Calls a function; the span holds its operands, from behind its name. */
export function callFunction(
  make: Make,
  name: string,
  text: string,
  span: RawText,
  origin: Origin | undefined,
): readonly Piece[] {
  const operands = splitOperands(text, span, OPERANDS.get(name) ?? 1);
  return FUNCTIONS.get(name)!({ make, text, operands, origin });
}

/** Operands at commas outside of brackets. The first is without the blanks before it. */
function splitOperands(text: string, span: RawText, most: number): RawText[] {
  const operands: RawText[] = [];
  let start = span.start;
  while (start < span.end && /\s/.test(text[start]!)) start++;
  let depth = 0;
  for (let i = start; i < span.end; i++) {
    const code = text.charCodeAt(i);
    if (code === 40 || code === 123) depth++;
    else if (code === 41 || code === 125) depth--;
    else if (code === 44 && depth === 0 && operands.length < most - 1) {
      operands.push({ start, end: i });
      start = i + 1;
    }
  }
  operands.push({ start, end: span.end });
  return operands;
}
