/**
 * The words that a call of a macro comes to hold, by whatever definitions its macros have in the tree. It knows no symbols and has no IO.
 */

import { createAttached } from "../../text/attached.ts";
import { sourceOfText } from "../../text/source.ts";
import { watchTexts } from "../facts/texts.ts";
import { includersOf } from "../index/includers.ts";
import { definitionsOf, expandText, type MacroDefinitions } from "./macro-definitions.ts";
import { definesOf, wordsIn, wordsInText } from "./pasting-calls.ts";
import type { Program } from "./program.ts";

/** More definitions of the macros in a call than these are not all tried. */
const MOST_EXPANSIONS = 24;

/** How often a call comes to hold each word, by that set of its macros' definitions that makes it most often. */
export type Held = ReadonlyMap<string, number> | "unknown";

const NOTHING: Held = new Map();

const heldByProgram = createAttached<Program, Map<string, Held>>();

/**
 * What a call comes to hold. A name has many ways to be put together, and a tree many such names: each call is expanded once for all,
 * when all texts are there that its macros may stand in.
 */
export function heldBy(text: string, file: string, program: Program): Held {
  let known = heldByProgram.get(program);
  if (known === undefined) heldByProgram.set(program, (known = new Map()));
  const key = `${file}\n${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const texts = watchTexts(program.texts);
  const sets = expansionsOf(text, file, { ...program, texts });
  // Who asked is run again with all texts, and only then is what it comes to of use.
  if (!texts.isWhole()) return NOTHING;
  const held = sets === "unknown" ? sets : countNames(sets, text);
  known.set(key, held);
  return held;
}

function countNames(sets: readonly string[], text: string): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const definitions of sets) {
    const counts = new Map<string, number>();
    for (const word of wordsInText(sourceOfText(expandText(definitions, text))))
      if (word !== "") counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [word, count] of counts) if (count > (most.get(word) ?? 0)) most.set(word, count);
  }
  return most;
}

/** More files that include a call's file are not asked for macros of their own. */
const MOST_INCLUDERS = 20;

/** The definitions that a file may see, those of the files that include it among them: `#define SUFFIX one`, `#include "table.h"`. */
function definitionsAround(word: string, file: string, program: Program): MacroDefinitions {
  const all = definitionsOf(word, file, program);
  const includers = [...includersOf(program.index, file)].filter((path) => program.index.mayMention(path, word));
  if (all === "unknown" || includers.length > MOST_INCLUDERS) return all;
  const found = new Set(all);
  for (const path of includers) {
    const theirs = definitionsOf(word, path, program);
    if (theirs !== "unknown") for (const line of theirs) found.add(line);
  }
  return [...found];
}

/** The definitions of all macros that take part in a call, in each combination; "unknown" where a build may say what they are. */
function expansionsOf(text: string, file: string, program: Program): readonly string[] | "unknown" {
  let sets = [""];
  const seen = new Set<string>();
  const left = wordsIn(sourceOfText(text));
  // What macros say besides is looked at where they say it.
  const given = new Set(left);
  for (let word = left.pop(); word !== undefined; word = left.pop()) {
    if (seen.has(word)) continue;
    seen.add(word);
    const definitions = definitionsAround(word, file, program);
    if (definitions === "unknown") continue;
    if (definitions.length === 0 && given.has(word) && program.links.meaningOf(word)?.includes("-D") === true)
      return "unknown";
    if (definitions.length === 0) continue;
    for (const line of definitions) left.push(...wordsOfDefinition(line, program));
    if (sets.length * definitions.length <= MOST_EXPANSIONS)
      sets = sets.flatMap((set) => definitions.map((line) => `${set}${line}\n`));
    else {
      // Not in every combination, but each of them in one.
      const [first = ""] = sets;
      sets = [
        ...sets.map((set) => `${set}${definitions[0]!}\n`),
        ...definitions.slice(1).map((line) => `${first}${line}\n`),
      ];
    }
  }
  return sets;
}

const wordsByIndex = createAttached<Program["index"], Map<string, readonly string[]>>();

/** The words of a #define's replacement, found once for each text of it. */
function wordsOfDefinition(line: string, { index }: Program): readonly string[] {
  let known = wordsByIndex.get(index);
  if (known === undefined) wordsByIndex.set(index, (known = new Map()));
  let words = known.get(line);
  if (words === undefined) known.set(line, (words = definesOf(sourceOfText(line)).flatMap((define) => define.words)));
  return words;
}
