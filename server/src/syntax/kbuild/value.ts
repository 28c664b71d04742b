/**
 * Values of make variables when the configuration is not decided: pieces of text, each with the guard under which it is
 * there. Words, comparisons and alternatives are made of them. It knows no syntax and no variables.
 */

import {
  allGuard,
  anyGuard,
  bothGuard,
  eitherGuard,
  type Guard,
  notGuard,
  UNGUARDED,
  UNKNOWN,
  UNREACHABLE,
  valueGuard,
} from "./guard.ts";
import type { MakeAssignment } from "./makefile.ts";

/** Where a word was written: the assignment that lists it. */
export interface Origin {
  readonly path: string;
  readonly assignment: MakeAssignment;
  /** The assignment stands within ifdef, ifeq or their else. */
  readonly isConditional: boolean;
}

export interface Piece {
  readonly text: string;
  readonly guard: Guard;
  readonly origin: Origin | undefined;
  /** The offset of the text in the origin's file, or -1 where it is not written there as it is. */
  readonly offset: number;
}

export interface ValueWord {
  readonly text: string;
  readonly guard: Guard;
  readonly origin: Origin | undefined;
  readonly offset: number;
}

/** Stands in a text for a part that is not known, which may be empty. */
export const MARK = "\u0001";

/**
 * Stands in a text for a configuration symbol's number or string, as `VALUE_MARK name VALUE_END`: not known, but neither empty nor y
 * nor m. With its quotes or without: Makefiles take them off.
 */
const VALUE_MARK = "\u0002";
const VALUE_END = "\u0003";
const VALUE_PART = /\u0002([^\u0003]*)\u0003/g;

/** The text that stands for the number or string of a symbol. */
export function valueMark(symbol: string): string {
  return VALUE_MARK + symbol + VALUE_END;
}

/** The symbol of a text that is nothing but the number or string of one. */
export function markedSymbol(text: string): string | undefined {
  return /^\u0002([^\u0003]*)\u0003$/.exec(text)?.[1];
}

/** The stretches of a text that are known, with the symbols whose values stand between them. */
export function knownParts(text: string): { readonly parts: readonly string[]; readonly symbols: readonly string[] } {
  const parts: string[] = [];
  const symbols: string[] = [];
  text.split(VALUE_PART).forEach((part, index) => void (index % 2 === 0 ? parts : symbols).push(part));
  return { parts, symbols };
}

/** The text with {@link MARK} for all that is not known. */
export function withoutSymbols(text: string): string {
  return text.includes(VALUE_MARK) ? text.replace(VALUE_PART, MARK) : text;
}

/** Changes what is known of a text; in values of symbols nothing is changed. */
export function mapKnown(text: string, change: (part: string) => string): string {
  if (!text.includes(VALUE_MARK)) return change(text);
  const { parts, symbols } = knownParts(text);
  return parts.map((part, index) => change(part) + (index < symbols.length ? valueMark(symbols[index]!) : "")).join("");
}

/** Whether all that is not known of a text are values of symbols, at least one. */
export function isOfSymbols(text: string): boolean {
  return text.includes(VALUE_MARK) && !text.includes(MARK);
}

/** True for a text with a part that is not known. */
export function isUnknownText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) <= 2) return true;
  }
  return false;
}

export const UNKNOWN_PIECES: readonly Piece[] = [{ text: MARK, guard: UNGUARDED, origin: undefined, offset: -1 }];

/** More alternatives of one word than these are not told apart. */
const MOST_ALTERNATIVES = 32;

export function literal(text: string): Piece {
  return { text, guard: UNGUARDED, origin: undefined, offset: -1 };
}

export function guardPieces(pieces: readonly Piece[], guard: Guard): readonly Piece[] {
  if (guard.kind === "always") return pieces;
  if (guard.kind === "never") return [];
  const out: Piece[] = [];
  // What is there as a whole or not at all is put together first: of two unknown parts it is not known that they are so.
  for (const piece of hasUnknown(guard) ? withWholeWords(pieces) : pieces) {
    const both = bothGuard(piece.guard, guard);
    if (both.kind !== "never") out.push({ text: piece.text, guard: both, origin: piece.origin, offset: piece.offset });
  }
  return out;
}

function hasUnknown(guard: Guard): boolean {
  return guard.kind === "unknown" || (guard.kind === "all" && guard.parts[guard.parts.length - 1]?.kind === "unknown");
}

/** The same pieces, those that make a word together joined. */
function withWholeWords(pieces: readonly Piece[]): readonly Piece[] {
  const [first] = pieces;
  if (first === undefined || pieces.length < 2) return pieces;
  const begins = /^\s/.test(first.text) ? [literal(" ")] : [];
  const ends = /\s$/.test(pieces[pieces.length - 1]!.text) ? [literal(" ")] : [];
  return [...begins, ...joinedPieces(wordsOf(pieces)), ...ends];
}

/**
 * The words of a value. A word that is put together of guarded pieces gives one word for each combination.
 * @param isWanted false for the beginnings of words that nobody asks for, which are not put together: it may be much work
 */
export function wordsOf(pieces: readonly Piece[], isWanted: (beginning: string) => boolean = () => true): ValueWord[] {
  const words: ValueWord[] = [];
  let run: Piece[] = [];
  const flush = () => {
    if (run.length === 1) words.push(run[0]!);
    else if (run.length > 1 && run[0]!.guard.kind === "always" && !isWanted(run[0]!.text)) words.push(run[0]!);
    else if (run.length > 1) words.push(...alternativesOf(run).filter((word) => word.text !== ""));
    run = [];
  };
  for (const piece of pieces) {
    const { text, guard, origin, offset } = piece;
    let i = 0;
    while (i < text.length) {
      if (isBlankCode(text.charCodeAt(i))) {
        flush();
        i++;
        continue;
      }
      let end = i + 1;
      while (end < text.length && !isBlankCode(text.charCodeAt(end))) end++;
      const isWhole = i === 0 && end === text.length;
      run.push(isWhole ? piece : { text: text.slice(i, end), guard, origin, offset: offset < 0 ? -1 : offset + i });
      i = end;
    }
  }
  flush();
  return words;
}

function isBlankCode(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** All texts that the pieces together may be, each with its guard. Too many give one that is unknown. */
function alternativesOf(pieces: readonly Piece[]): ValueWord[] {
  // Each guard of its own makes at least one more.
  const guards = new Set<Guard>();
  for (const { text, guard } of pieces) if (text !== "" && guard.kind !== "always") guards.add(guard);
  if (guards.size > MOST_ALTERNATIVES) return unknownWord(pieces);
  let alternatives: ValueWord[] = [{ text: "", guard: UNGUARDED, origin: undefined, offset: -1 }];
  for (const piece of pieces) {
    if (piece.text === "") continue;
    const next: ValueWord[] = [];
    for (const before of alternatives) {
      const origin = before.offset >= 0 ? before.origin : (piece.origin ?? before.origin);
      const offset = before.offset >= 0 ? before.offset : piece.offset;
      const withPiece = bothGuard(before.guard, piece.guard);
      if (withPiece.kind !== "never") next.push({ text: before.text + piece.text, guard: withPiece, origin, offset });
      if (piece.guard.kind === "always") continue;
      const without = bothGuard(before.guard, notGuard(piece.guard));
      if (without.kind !== "never") next.push({ ...before, guard: without });
    }
    alternatives = next;
    if (alternatives.length > MOST_ALTERNATIVES) {
      return unknownWord(pieces);
    }
  }
  return alternatives.length < 2 ? alternatives : mergeSame(alternatives);
}

function unknownWord(pieces: readonly Piece[]): ValueWord[] {
  return [{ text: MARK, guard: UNKNOWN, origin: pieces[0]?.origin, offset: -1 }];
}

/**
 * Makes one of words that are the same, under either guard: `$(subst m,y,$(CONFIG_X))` is y for both of its values, and an
 * object that two lines list is built if either does. The first one's place is kept.
 */
export function mergeSame(words: readonly ValueWord[]): ValueWord[] {
  const byText = new Map<string, ValueWord>();
  for (const word of words) {
    const same = byText.get(word.text);
    byText.set(word.text, same === undefined ? word : { ...same, guard: eitherGuard(same.guard, word.guard) });
  }
  return byText.size === words.length ? [...words] : [...byText.values()];
}

/** The guard under which two values are the same text, blanks around them left out. */
export function equalGuard(left: readonly Piece[], right: readonly Piece[]): Guard {
  const guards: Guard[] = [];
  const rights = alternativesOf(right);
  for (const a of alternativesOf(left)) {
    for (const b of rights) {
      const both = bothGuard(a.guard, b.guard);
      if (both.kind === "never") continue;
      guards.push(bothGuard(both, sameText(a.text.trim(), b.text.trim())));
    }
  }
  return anyGuard(guards);
}

/** The guard under which two texts are the same; unknown where that hangs on a part that is not known. */
function sameText(a: string, b: string): Guard {
  if (!isUnknownText(a)) return isUnknownText(b) ? sameText(b, a) : a === b ? UNGUARDED : UNREACHABLE;
  if (a === b && isOfSymbols(a)) return UNGUARDED;
  if (a.includes(MARK) || isUnknownText(b)) return UNKNOWN;
  const { parts, symbols } = knownParts(a);
  const [first, last] = [parts[0]!, parts[parts.length - 1]!];
  if (b.length < first.length + last.length || !b.startsWith(first) || !b.endsWith(last)) return UNREACHABLE;
  const between = b.slice(first.length, b.length - last.length);
  // Of nothing but y and m are made the values of symbols that are y and m, such as "yy" of two.
  if (/^[ym]*$/.test(between)) return UNREACHABLE;
  return symbols.length === 1 ? valueGuard(symbols[0]!, between.replace(/^"(.*)"$/, "$1")) : UNKNOWN;
}

/** The guard under which a value has any word. */
export function presentGuard(pieces: readonly Piece[]): Guard {
  const guards: Guard[] = [];
  for (const piece of pieces) {
    if (piece.text.trim() === "") continue;
    // What is unknown may be empty; with anything else beside it, the value is not.
    guards.push(piece.text.replaceAll(MARK, "").trim() === "" ? bothGuard(piece.guard, UNKNOWN) : piece.guard);
  }
  return anyGuard(guards);
}

/**
 * The pieces of a list of words. What comes first in no configuration together, as the values of one symbol, stays one word with
 * what is put before it.
 */
export function joinedPieces(words: readonly ValueWord[]): Piece[] {
  let first = 0;
  while (first < words.length && words.slice(0, first).every((word) => areExclusive(word.guard, words[first]!.guard)))
    first++;
  return words.map((word, index) =>
    index < Math.max(first, 1)
      ? word
      : {
          text: ` ${word.text}`,
          guard: word.guard,
          origin: word.origin,
          offset: word.offset < 0 ? -1 : word.offset - 1,
        },
  );
}

function areExclusive(one: Guard, other: Guard): boolean {
  return one.kind === "symbol" && other.kind === "symbol" && bothGuard(one, other).kind === "never";
}

/** Matches a word against a pattern with one `%`; the stem, or undefined. */
export function matchPattern(pattern: string, text: string): string | undefined {
  const percent = pattern.indexOf("%");
  if (percent < 0) return pattern === text ? "" : undefined;
  const prefix = pattern.slice(0, percent);
  const suffix = pattern.slice(percent + 1);
  if (text.length < prefix.length + suffix.length || !text.startsWith(prefix) || !text.endsWith(suffix))
    return undefined;
  return text.slice(prefix.length, text.length - suffix.length);
}

/**
 * The same of a text with values of symbols in it, which end nowhere within what the pattern says; "unknown" where the pattern reaches
 * into one.
 */
export function matchOpenPattern(pattern: string, text: string): string | undefined | "unknown" {
  if (!isUnknownText(text)) return matchPattern(pattern, text);
  if (text.includes(MARK)) return "unknown";
  const { parts } = knownParts(text);
  const [first, last] = [parts[0]!, parts[parts.length - 1]!];
  const percent = pattern.indexOf("%");
  const prefix = percent < 0 ? pattern : pattern.slice(0, percent);
  const suffix = percent < 0 ? pattern : pattern.slice(percent + 1);
  const isBegun = prefix.startsWith(first.slice(0, prefix.length));
  const isEnded = suffix.endsWith(last.slice(Math.max(0, last.length - suffix.length)));
  if (!isBegun || !isEnded) return undefined;
  if (percent < 0 || first.length < prefix.length || last.length < suffix.length) return "unknown";
  return text.slice(prefix.length, text.length - suffix.length);
}

/** The guard under which a word is one that the pattern stands for. */
function matchGuard(pattern: string, text: string): Guard {
  if (!pattern.includes("%")) return sameText(pattern, text);
  const stem = isUnknownText(pattern) ? "unknown" : matchOpenPattern(pattern, text);
  return stem === "unknown" ? UNKNOWN : stem === undefined ? UNREACHABLE : UNGUARDED;
}

/** Keeps the words that match any of the patterns, or those that match none. */
export function filterWords(
  patterns: readonly ValueWord[],
  words: readonly ValueWord[],
  keepsMatches: boolean,
): ValueWord[] {
  if (words.length === 0) return [];
  // Patterns without a percent sign, which lists of objects are, are looked up; the others are tried one by one.
  const exact = new Map<string, Guard>();
  const others: ValueWord[] = [];
  for (const pattern of patterns) {
    if (pattern.text.includes("%") || isUnknownText(pattern.text)) others.push(pattern);
    else exact.set(pattern.text, eitherGuard(exact.get(pattern.text) ?? UNREACHABLE, pattern.guard));
  }
  const out: ValueWord[] = [];
  for (const word of words) {
    let matches = exact.get(word.text) ?? UNREACHABLE;
    for (const pattern of others) {
      matches = eitherGuard(matches, bothGuard(pattern.guard, matchGuard(pattern.text, word.text)));
    }
    if (isUnknownText(word.text)) {
      for (const [text, guard] of exact) matches = eitherGuard(matches, bothGuard(guard, sameText(text, word.text)));
    }
    const guard = bothGuard(word.guard, keepsMatches ? matches : notGuard(matches));
    if (guard === word.guard) out.push(word);
    else if (guard.kind !== "never") out.push({ text: word.text, guard, origin: word.origin, offset: word.offset });
  }
  return out;
}

/** The first word that is there, by its guards. */
export function firstOf(words: readonly ValueWord[]): ValueWord[] {
  const out: ValueWord[] = [];
  let none: Guard = UNGUARDED;
  for (const word of words) {
    const guard = allGuard([none, word.guard]);
    if (guard.kind !== "never") out.push({ ...word, guard });
    none = bothGuard(none, notGuard(word.guard));
    if (none === UNREACHABLE || none.kind === "never") break;
  }
  return out;
}

/** Applies a change to each word's text; places are kept where the text is. */
export function mapWords(words: readonly ValueWord[], change: (text: string) => string): ValueWord[] {
  return words.map((word) => {
    if (word.text === MARK) return word;
    const text = change(word.text);
    return text === word.text ? word : { text, guard: word.guard, origin: word.origin, offset: word.offset };
  });
}
