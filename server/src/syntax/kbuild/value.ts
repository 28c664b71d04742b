/**
 * Values of make variables when the configuration is not decided: pieces of text, each with the guard under which it is
 * there. Words, comparisons and alternatives are made of them. It knows no syntax and no variables.
 */

import { ALWAYS, allGuard, anyGuard, bothGuard, eitherGuard, type Guard, NEVER, notGuard, UNKNOWN } from "./guard.ts";
import type { Assignment } from "./makefile.ts";

/** Where a word was written: the assignment that lists it. */
export interface Origin {
  readonly path: string;
  readonly assignment: Assignment;
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

export interface Word {
  readonly text: string;
  readonly guard: Guard;
  readonly origin: Origin | undefined;
  readonly offset: number;
}

/** Stands in a text for a part that is not known, which may be empty. */
export const MARK = "\u0001";

/** Stands in a text for a configuration symbol's number or string: not known, but neither empty nor y nor m. */
export const OTHER_MARK = "\u0002";

/** True for a text with a part that is not known. */
export function isUnknownText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) <= 2) return true;
  }
  return false;
}

export const UNKNOWN_PIECES: readonly Piece[] = [{ text: MARK, guard: ALWAYS, origin: undefined, offset: -1 }];

/** More alternatives of one word than these are not told apart. */
const MOST_ALTERNATIVES = 32;

export function literal(text: string): Piece {
  return { text, guard: ALWAYS, origin: undefined, offset: -1 };
}

export function guardPieces(pieces: readonly Piece[], guard: Guard): readonly Piece[] {
  if (guard.kind === "always") return pieces;
  if (guard.kind === "never") return [];
  const out: Piece[] = [];
  for (const piece of pieces) {
    const both = bothGuard(piece.guard, guard);
    if (both.kind !== "never") out.push({ text: piece.text, guard: both, origin: piece.origin, offset: piece.offset });
  }
  return out;
}

/**
 * The words of a value. A word that is put together of guarded pieces gives one word for each combination.
 * @param isWanted false for the beginnings of words that nobody asks for, which are not put together: it may be much work
 */
export function wordsOf(pieces: readonly Piece[], isWanted: (beginning: string) => boolean = () => true): Word[] {
  const words: Word[] = [];
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
function alternativesOf(pieces: readonly Piece[]): Word[] {
  // Each guard of its own makes at least one more.
  const guards = new Set<Guard>();
  for (const { text, guard } of pieces) if (text !== "" && guard.kind !== "always") guards.add(guard);
  if (guards.size > MOST_ALTERNATIVES) return unknownWord(pieces);
  let alternatives: Word[] = [{ text: "", guard: ALWAYS, origin: undefined, offset: -1 }];
  for (const piece of pieces) {
    if (piece.text === "") continue;
    const next: Word[] = [];
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

function unknownWord(pieces: readonly Piece[]): Word[] {
  return [{ text: MARK, guard: UNKNOWN, origin: pieces[0]?.origin, offset: -1 }];
}

/**
 * Makes one of words that are the same, under either guard: `$(subst m,y,$(CONFIG_X))` is y for both of its values, and an
 * object that two lines list is built if either does. The first one's place is kept.
 */
export function mergeSame(words: readonly Word[]): Word[] {
  const byText = new Map<string, Word>();
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
      const same = isSame(a.text.trim(), b.text.trim());
      if (same === undefined) guards.push(bothGuard(both, UNKNOWN));
      else if (same) guards.push(both);
    }
  }
  return anyGuard(guards);
}

/** Whether two texts are the same; undefined where that hangs on a part that is not known. */
function isSame(a: string, b: string): boolean | undefined {
  if (!isUnknownText(a)) return isUnknownText(b) ? isSame(b, a) : a === b;
  if (a.includes(MARK) || isUnknownText(b)) return undefined;
  const parts = a.split(OTHER_MARK);
  const [first, last] = [parts[0]!, parts[parts.length - 1]!];
  if (b.length < first.length + last.length || !b.startsWith(first) || !b.endsWith(last)) return false;
  // Of nothing but y and m are made the values of symbols that are y and m, such as "yy" of two.
  return /^[ym]*$/.test(b.slice(first.length, b.length - last.length)) ? false : undefined;
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
export function piecesOf(words: readonly Word[]): Piece[] {
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

/** Keeps the words that match any of the patterns, or those that match none. */
export function filterWords(patterns: readonly Word[], words: readonly Word[], keepsMatches: boolean): Word[] {
  if (words.length === 0) return [];
  // Patterns without a percent sign, which lists of objects are, are looked up; the others are tried one by one.
  const exact = new Map<string, Guard>();
  const others: Word[] = [];
  for (const pattern of patterns) {
    if (pattern.text.includes("%") || isUnknownText(pattern.text)) others.push(pattern);
    else exact.set(pattern.text, eitherGuard(exact.get(pattern.text) ?? NEVER, pattern.guard));
  }
  const out: Word[] = [];
  for (const word of words) {
    let matches = exact.get(word.text) ?? NEVER;
    for (const pattern of others) {
      if (isUnknownText(word.text) || isUnknownText(pattern.text)) {
        matches = eitherGuard(matches, bothGuard(pattern.guard, UNKNOWN));
      } else if (matchPattern(pattern.text, word.text) !== undefined) {
        matches = eitherGuard(matches, pattern.guard);
      }
    }
    if (isUnknownText(word.text) && exact.size > 0) matches = eitherGuard(matches, UNKNOWN);
    const guard = bothGuard(word.guard, keepsMatches ? matches : notGuard(matches));
    if (guard === word.guard) out.push(word);
    else if (guard.kind !== "never") out.push({ text: word.text, guard, origin: word.origin, offset: word.offset });
  }
  return out;
}

/** The first word that is there, by its guards. */
export function firstOf(words: readonly Word[]): Word[] {
  const out: Word[] = [];
  let none: Guard = ALWAYS;
  for (const word of words) {
    const guard = allGuard([none, word.guard]);
    if (guard.kind !== "never") out.push({ ...word, guard });
    none = bothGuard(none, notGuard(word.guard));
    if (none === NEVER || none.kind === "never") break;
  }
  return out;
}

/** Applies a change to each word's text; places are kept where the text is. */
export function mapWords(words: readonly Word[], change: (text: string) => string): Word[] {
  return words.map((word) => {
    if (word.text === MARK) return word;
    const text = change(word.text);
    return text === word.text ? word : { text, guard: word.guard, origin: word.origin, offset: word.offset };
  });
}
