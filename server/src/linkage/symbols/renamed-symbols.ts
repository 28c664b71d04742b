/**
 * Symbols that object-like macros of other files rename: `#define f my_f` makes my_f of every f in the files that include the header, and
 * in those that the macro's own file includes as source. What a file's own macros rename, its facts say already. It knows no macro by
 * name and has no IO.
 */

import { conditionOf, joinAll } from "../../syntax/condition/condition.ts";
import { RENAMING } from "../facts/facts.ts";
import type { LinkIndex, Mention } from "../facts/link-index.ts";
import { includersOf } from "../index/includers.ts";

const ALWAYS = (condition: string): boolean => condition === "";

/**
 * What the name is for the linker in this file, where another file's macro renames it in every configuration.
 * @param unit the source that the file is read for, whose own macros count where it includes the file
 * @param holds whether a macro's condition holds there; the empty one alone where nothing is known of the configuration
 */
export function renamedIn(
  index: LinkIndex,
  name: string,
  path: string,
  unit = path,
  holds: (condition: string) => boolean = ALWAYS,
): string | undefined {
  for (const { path: other, fact } of index.macros(name)) {
    const [word] = fact.words;
    if (word === undefined || fact.words.length > 1 || other === path || !holds(fact.condition)) continue;
    if (!index.handoversTo(`${RENAMING}${word}`).some((one) => one.path === other && one.fact.macro === name)) continue;
    if (other === unit || includersOf(index, other).has(unit)) return word;
  }
  return undefined;
}

/**
 * The mentions of other names that macros of other files make this one, each under the macro's condition, too: where that does not hold,
 * they are mentions of what is written.
 */
export function renamedTo(index: LinkIndex, name: string): readonly Mention[] {
  const found: Mention[] = [];
  for (const { path: other, fact: renaming } of index.handoversTo(`${RENAMING}${name}`)) {
    for (const { path, fact } of index.mentions(renaming.macro)) {
      if (path === other || fact.binding === "local") continue;
      if (!includersOf(index, other).has(path) && !includersOf(index, path).has(other)) continue;
      const condition = joinAll([fact.condition, renaming.condition].map(conditionOf)).text;
      found.push({ path, fact: { ...fact, name, condition } });
    }
  }
  return found;
}
