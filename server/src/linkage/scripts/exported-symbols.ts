/**
 * What a version script lets out of a shared library: `global:` and `local:` lists of all its versions together, an exact name
 * before a pattern, a pattern before `*` (bfd/elflink.c, bfd_find_version_for_sym).
 */

import type { LdScript, LdVersionPattern } from "../../syntax/ld/tree.ts";
import { nodesOf } from "../../syntax/ld/walk.ts";

/** Whether a symbol that the library defines can be seen from outside of it. */
export function isExported(name: string, script: LdScript): boolean {
  const versions = nodesOf(script).flatMap((node) => (node.kind === "version" ? node.nodes : []));
  const global = versions.flatMap((version) => version.global).map((pattern) => strengthOf(pattern, name));
  const local = versions.flatMap((version) => version.local).map((pattern) => strengthOf(pattern, name));
  return Math.max(0, ...global) >= Math.max(0, ...local);
}

/** 3 for the name itself, 2 for a pattern that fits, 1 for `*`, 0 where it does not fit. */
function strengthOf({ name: pattern, language }: LdVersionPattern, name: string): number {
  if (language !== undefined && language.text !== "C") return 0;
  if (pattern.text === name) return 3;
  if (pattern.quoted) return 0;
  if (pattern.text === "*") return 1;
  return fits(pattern.text, name) ? 2 : 0;
}

/** fnmatch(3) with `*`, `?` and `[…]`; only the last `*` is tried at more than one place. */
function fits(pattern: string, name: string): boolean {
  let [at, letter] = [0, 0];
  let star: { readonly behind: number; from: number } | undefined;
  while (letter < name.length || at < pattern.length) {
    if (pattern[at] === "*") {
      star = { behind: ++at, from: letter };
      continue;
    }
    const length = letter < name.length ? fitsLetter(pattern, at, name[letter]!) : 0;
    if (length > 0) {
      at += length;
      letter++;
    } else if (star !== undefined && star.from < name.length) {
      letter = ++star.from;
      at = star.behind;
    } else return false;
  }
  return true;
}

/** The length of the piece of the pattern that takes the letter; 0 where it does not. */
function fitsLetter(pattern: string, at: number, letter: string): number {
  const close = pattern[at] === "[" ? pattern.indexOf("]", at + 2) : -1;
  if (close > 0) return isInSet(pattern.slice(at + 1, close), letter) ? close + 1 - at : 0;
  return pattern[at] === "?" || pattern[at] === letter ? 1 : 0;
}

/** Whether a letter is one of "a-z_", or of none of "!a-z". */
function isInSet(set: string, letter: string): boolean {
  const isNegated = set.startsWith("!") || set.startsWith("^");
  const letters = isNegated ? set.slice(1) : set;
  let isIn = false;
  for (let at = 0; at < letters.length; at++) {
    const last = letters[at + 1] === "-" ? letters[at + 2] : undefined;
    if (last === undefined) isIn ||= letters[at] === letter;
    else {
      isIn ||= letters[at]! <= letter && letter <= last;
      at += 2;
    }
  }
  return isIn !== isNegated;
}
