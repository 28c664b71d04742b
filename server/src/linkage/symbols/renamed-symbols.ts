/**
 * Symbols that object-like macros of headers rename: `#define f my_f` makes my_f of every f in the files that include the header.
 * What a file's own macros rename, its facts say already. It knows no macro by name and has no IO.
 */

import { RENAMING } from "../facts/facts.ts";
import type { LinkIndex, Mention } from "../facts/link-index.ts";
import { includersOf } from "../index/includers.ts";

/** What the name is for the linker in this file, where a header's macro renames it in every configuration. */
export function renamedIn(index: LinkIndex, name: string, path: string): string | undefined {
  for (const { path: header, fact } of index.macros(name)) {
    const [word] = fact.words;
    if (word === undefined || fact.words.length > 1 || fact.condition !== "" || header === path) continue;
    if (!index.handoversTo(`${RENAMING}${word}`).some((one) => one.path === header && one.fact.macro === name))
      continue;
    if (includersOf(index, header).has(path)) return word;
  }
  return undefined;
}

/** The mentions of other names that headers' macros make this one. */
export function renamedTo(index: LinkIndex, name: string): readonly Mention[] {
  const found: Mention[] = [];
  for (const { path: header, fact: renaming } of index.handoversTo(`${RENAMING}${name}`)) {
    if (renaming.condition !== "") continue;
    for (const { path, fact } of index.mentions(renaming.macro)) {
      if (path === header || fact.binding === "local" || !includersOf(index, header).has(path)) continue;
      found.push({ path, fact: { ...fact, name } });
    }
  }
  return found;
}
