/**
 * Names that macros put together, so that they are used where no text has them: `hook_##n`, `PASTE(hook_, n)`, `"hook_" #n` of the C
 * preprocessor, `\name\()_hook` of the assembler. From a name the index leads to the patterns that fit, from those to the macros that
 * call theirs, and from there to calls, which are expanded. It has no IO.
 */

import { hasWord } from "../../text/has-word.ts";
import { type HandoverFact, PASTING } from "../facts/facts.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { holesOf } from "../facts/paste-facts.ts";
import { describePlace } from "../facts/texts.ts";
import { heldBy } from "./call-expansions.ts";
import { callsAmong, callsIn, callsOf, carriersOf } from "./pasting-calls.ts";
import type { Program } from "./program.ts";

/** Trees of more files have too many patterns that fit any name: words of a name are then parted at underscores alone. */
const MANY_FILES = 2000;

/** In larger trees, a macro of which no part of the name is its own is known by its calls: they have the parts. */
const SHORTEST_OWN = 3;

/** Where more files than these have both parts of a name, only those are read that have a pasting macro, too. */
const MOST_FILES = 40;

/** Of more calls than these it is not looked what they come to: the name is taken to be made by one of them. */
const MOST_CALLS = 1500;

/** How many calls may still be looked at for a name, and the macros of which all were. */
interface Budget {
  calls: number;
  readonly done: Set<string>;
}

/** A way in which a macro may make the name. */
interface Paste {
  readonly path: string;
  readonly fact: HandoverFact;
  /** What its parameters must stand for. */
  readonly words: readonly string[];
}

/** Whether a macro may make the name. It errs towards yes: what stands for a parameter may be any word of the tree. */
export function mayBePasted(name: string, { index }: Program): boolean {
  return pastesOf(name, index, { cutsAnywhere: true }).some(({ words }) => words.every(wordIn(index, name)));
}

/**
 * A file with a macro that may make the name with a word that stands where calls are not looked for, so that {@link findPasted} finds
 * none: in a file of an unknown kind, in a build file.
 * @param isElsewhere whether the word stands there
 */
export function findPastingOf(
  name: string,
  path: string,
  { index, links }: Program,
  isElsewhere: (word: string) => boolean,
): string | undefined {
  const isWord = wordIn(index, name);
  // In a large tree, macros that have nothing of the name themselves fit any name, and so do the words of build files.
  const isLarge = index.fileCount > MANY_FILES;
  return pastesOf(name, index, { cutsAnywhere: true }).find(
    ({ path: at, fact, words }) =>
      (!isLarge || lettersIn(fact) >= SHORTEST_OWN) &&
      links.mayMeet(path, at) &&
      words.some((word) => word !== "" && isElsewhere(word)) &&
      words.every((word) => isWord(word) || isElsewhere(word)),
  )?.path;
}

/** What a parameter may stand for: nothing, a number, a word; the whole name as an argument stands in some text, where it is found. */
function wordIn(index: LinkIndex, name: string): (word: string) => boolean {
  return (word) => word === "" || (word !== name && (isNumber(word) || index.filesWithWord(word).length > 0));
}

/**
 * A place at which a macro puts the name together, in words; undefined where none is found. What calls at file scope declare or
 * define is left out, as {@link Program.mentionsOf} has it.
 * @param path a file that the place can be in one link with
 */
export function findPasted(name: string, path: string, program: Program): string | undefined {
  const { index, links } = program;
  const cutsAnywhere = index.fileCount <= MANY_FILES;
  const pastes = pastesOf(name, index, { cutsAnywhere }).filter((paste) => links.mayMeet(path, paste.path));
  const budget: Budget = { calls: MOST_CALLS, done: new Set() };
  // In a large tree, files that have all parts of the name are read where they are few, and else those that call the macro.
  const isOwn = ({ path: at, fact, words }: Paste) => {
    if (cutsAnywhere || words.length === 0 || index.languageOf(at) !== "c") return true;
    const hasNoPart = words.every((word) => word === "" || isNumber(word));
    return lettersIn(fact) >= SHORTEST_OWN && (hasNoPart || filesWithParts(words, index).length > MOST_FILES);
  };
  for (const paste of pastes.filter(isOwn)) {
    const isC = index.languageOf(paste.path) === "c";
    const found = isC ? findCall(name, paste, { path, program, budget }) : findUnreadCall(paste, program);
    if (found !== undefined) return found;
  }
  return findCallOfParts(
    name,
    pastes.filter((paste) => !isOwn(paste)),
    { path, program, budget },
  );
}

/** Where a name is looked for. */
interface Search {
  /** A file that the place can be in one link with. */
  readonly path: string;
  readonly program: Program;
  readonly budget: Budget;
}

/** The patterns of the tree that fit the name. */
function pastesOf(name: string, index: LinkIndex, { cutsAnywhere }: { readonly cutsAnywhere: boolean }): Paste[] {
  const found: Paste[] = [];
  const seen = new Set<string>();
  /** By the pattern: a tree has thousands of macros that paste two parameters. */
  const ways = new Map<string, readonly (readonly string[])[]>();
  for (let start = 0; start <= name.length; start++) {
    for (let end = start === 0 ? 0 : start + 1; end <= name.length; end++) {
      const own = name.slice(start, end);
      if (seen.has(own)) continue;
      seen.add(own);
      for (const { path, fact } of index.handoversTo(`${PASTING}${own}`)) {
        const pattern = patternOf(fact);
        const key = JSON.stringify(pattern);
        let fitting = ways.get(key);
        if (fitting === undefined) {
          const isCutWell = (words: readonly string[]) => cutsAnywhere || words.every((word) => isPart(word, name));
          ways.set(key, (fitting = fits(name, pattern).filter(isCutWell)));
        }
        for (const words of fitting) found.push({ path, fact, words });
      }
    }
  }
  return found;
}

/** Text, and numbers for what parameters stand for, in the order in which they first occur. */
type Pattern = readonly (string | number)[];

function patternOf(fact: HandoverFact): Pattern {
  const holes = holesOf(fact);
  const numbers = new Map<string, number>();
  return (fact.arguments[0]?.split("##") ?? []).map((part) => {
    if (!holes.has(part)) return part;
    if (!numbers.has(part)) numbers.set(part, numbers.size);
    return numbers.get(part)!;
  });
}

/** What the parameters of the pattern can be so that it is the name. */
function fits(name: string, pattern: Pattern): string[][] {
  const found: string[][] = [];
  const given: string[] = [];
  const match = (at: number, from: number): void => {
    const part = pattern[at];
    if (part === undefined) {
      if (from === name.length) found.push([...given]);
      return;
    }
    const known = typeof part === "number" ? given[part] : part;
    if (known !== undefined) {
      if (name.startsWith(known, from)) match(at + 1, from + known.length);
      return;
    }
    const next = pattern[at + 1];
    // The last one is all of the rest, and one before a text ends where that is.
    for (let end = next === undefined ? name.length : from; end <= name.length; end++) {
      if (typeof next === "string") end = name.indexOf(next, end);
      if (end < 0) break;
      given.push(name.slice(from, end));
      match(at + 1, end);
      given.pop();
    }
  };
  match(0, 0);
  return found;
}

/** Whether the word begins and ends where people part names. */
function isPart(word: string, name: string): boolean {
  const at = name.indexOf(word);
  const before = name[at - 1];
  const behind = name[at + word.length];
  return (
    (before === undefined || before === "_" || word.startsWith("_")) &&
    (behind === undefined || behind === "_" || word.endsWith("_"))
  );
}

function isNumber(text: string): boolean {
  return text !== "" && [...text].every((char) => char >= "0" && char <= "9");
}

/** How many letters of the name the pattern itself has, in one part. */
function lettersIn({ name }: HandoverFact): number {
  return [...name.slice(PASTING.length)].filter((char) => char !== "_").length;
}

/** A place at which a call of the macro, or of one that calls it, comes to hold the name. */
function findCall(
  name: string,
  { path: definedAt, fact, words }: Paste,
  { path, program, budget }: Search,
): string | undefined {
  const { index, links, texts } = program;
  const isLarge = index.fileCount > MANY_FILES;
  // Nothing that a call gives is part of it.
  if (words.length === 0) return describePlace(texts, definedAt, fact.start);
  const mayCall = (file: string) =>
    links.mayMeet(path, file) && (!isLarge || words.every((word) => mayHold(file, word, index)));
  for (const macro of carriersOf(fact.macro, program)) {
    // What a call comes to is the same, wherever the name is cut.
    if (!isLarge && budget.done.has(macro)) continue;
    budget.done.add(macro);
    for (const call of isLarge ? callsAmong(macro, mayCall, program) : callsOf(macro, program)) {
      if (!isLarge && !mayCall(call.file)) continue;
      if (budget.calls-- <= 0) return describePlace(texts, definedAt, fact.start);
      if (isNameMade(name, call.text, call, program)) return describePlace(texts, call.file, call.start);
    }
  }
  return undefined;
}

/** A place at which a call is given all parts of the name, and comes to hold it. */
function findCallOfParts(
  name: string,
  pastes: readonly Paste[],
  { path, program, budget }: Search,
): string | undefined {
  const { index, links, texts } = program;
  const byParts = new Map<string, Paste[]>();
  for (const paste of pastes) {
    const key = paste.words.filter((word) => word !== "").join(" ");
    byParts.set(key, [...(byParts.get(key) ?? []), paste]);
  }
  for (const [key, some] of byParts) {
    const parts = key.split(" ").filter((word) => !isNumber(word));
    // The whole name stands in some text, where it is found.
    if (parts.length === 0 || parts.includes(name)) continue;
    const all = filesWithParts(parts, index);
    const macros = new Set(some.map(({ fact }) => fact.macro));
    const files =
      all.length <= MOST_FILES ? all : all.filter((file) => [...macros].some((macro) => index.mayMention(file, macro)));
    for (const file of files) {
      const source = links.mayMeet(path, file) ? texts.source(file) : undefined;
      if (source === undefined) continue;
      for (const call of callsIn(source)) {
        if (!parts.every((part) => call.words.has(part))) continue;
        if (budget.calls-- <= 0) return describePlace(texts, some[0]!.path, some[0]!.fact.start);
        const text = source.slice(call.start, call.end);
        if (isNameMade(name, text, { ...call, file }, program)) return describePlace(texts, file, call.start);
      }
    }
  }
  return undefined;
}

/** The files that may hold all the words, numbers left out; none where there is no word. */
function filesWithParts(words: readonly string[], index: LinkIndex): readonly string[] {
  const [first, ...others] = words.filter((word) => word !== "" && !isNumber(word));
  return first === undefined
    ? []
    : index.filesWithWord(first).filter((file) => others.every((one) => index.mayMention(file, one)));
}

function mayHold(file: string, word: string, index: LinkIndex): boolean {
  return word === "" || isNumber(word) || index.mayMention(file, word);
}

/** A macro of assembly, or of C++, is not expanded: a file that has its name and the words may call it with them. */
function findUnreadCall({ path, fact, words }: Paste, program: Program): string | undefined {
  const { index, texts } = program;
  const files = fact.macro === "" ? [path] : index.filesWithWord(fact.macro);
  const isCalled = files.some((file) => {
    if (!words.every((word) => mayHold(file, word, index))) return false;
    // The index remembers words with a few that are not there.
    const source = texts.source(file);
    const text = source?.slice(0, source.length) ?? "";
    return source === undefined || words.every((word) => word === "" || isNumber(word) || hasWord(text, word));
  });
  return isCalled ? describePlace(texts, path, fact.start) : undefined;
}

interface CallPlace {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** Whether a call comes to hold the name more often than what it is known to declare there, by some of its macros' definitions. */
function isNameMade(name: string, text: string, { file, start, end }: CallPlace, program: Program): boolean {
  const held = heldBy(text, file, program);
  if (held === "unknown") return true;
  const made = program
    .mentionsOf(name)
    .filter(({ path, fact, macro }) => macro !== undefined && path === file && start <= fact.start && fact.start < end);
  return (held.get(name) ?? 0) > made.length;
}
