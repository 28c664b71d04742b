/**
 * The names under a cursor that have a linkage: a word is one of them, and what a macro is given at a file's scope may stand for several
 * that the macro makes of it, as `SYSCALL_DEFINE3(read, …)` makes __x64_sys_read. Hover, navigation and rename all go by this.
 */

import type { ArgumentFact } from "../linkage/facts/facts.ts";
import type { Mention } from "../linkage/facts/link-index.ts";
import { treeOf } from "../linkage/facts/parsed.ts";
import { argumentUse } from "../linkage/symbols/argument-use.ts";
import { renamingsOf } from "../linkage/symbols/assembler-names.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { isUseAt } from "../syntax/c/uses.ts";
import type { Source } from "../text/source.ts";
import type { Spot } from "./phrase.ts";
import { type LinkedName, linkedNameAt } from "./symbol-at.ts";
import { reportMention } from "./symbol-report.ts";
import { type Word, wordAt } from "./word.ts";

export interface NamesAt extends Word {
  /** Each name once: what is defined here before what is declared and used. */
  readonly names: readonly LinkedName[];
  /** The macro that is given the word, where it makes another name of it. */
  readonly macro: string | undefined;
  /** The declaration that gives the linker another name for the word, where one does. */
  readonly renamedIn?: Spot;
}

/**
 * The names at an offset; undefined where there is none.
 * @param isKnown whether any file declares or defines a symbol of this name; it spares a look at the code around the word
 */
export function namesAt(
  path: string,
  source: Source,
  offset: number,
  program: Program,
  isKnown: (name: string) => boolean = () => true,
): NamesAt | undefined {
  const word = wordAt(source, offset);
  if (word === undefined) return undefined;
  const given = program.index.factsOf(path)?.arguments.find((one) => one.start === word.start);
  const made = given === undefined ? [] : program.madeAt(path, given.start);
  const names = made.length === 0 ? [] : namesOf(made, word);
  const own = names.some(({ text }) => text === word.text) ? undefined : linkedNameAt(path, source, offset, isKnown);
  if (own !== undefined && (own.fact !== undefined || isUsed(word.text, given, made, path, program))) names.push(own);
  const isElsewhere = names.every(({ text, fact, isInternal }) => {
    return !isInternal && fact === undefined && program.mentionsOf(text).length === 0;
  });
  const renamed = isElsewhere ? renamedAt(path, source, word, program) : undefined;
  if (renamed !== undefined || names.length === 0) return renamed;
  const macro = made.find(({ fact }) => fact.name !== word.text)?.macro;
  const fact = own?.text === word.text ? undefined : own?.fact;
  return {
    ...word,
    names,
    macro,
    ...(fact === undefined ? {} : { renamedIn: reportMention({ path, fact }, program) }),
  };
}

/** The linker's name for a use of what its declaration calls otherwise; the declarations must agree on one. */
function renamedAt(path: string, source: Source, word: Word, program: Program): NamesAt | undefined {
  if (program.index.languageOf(path) !== "c" || !isUseAt(treeOf(source), word)) return undefined;
  const near = renamingsOf(word.text, program).filter((one) => program.links.canLink(path, one.path));
  const [renaming, ...others] = near;
  if (renaming === undefined || others.some(({ fact }) => fact.name !== renaming.fact.name)) return undefined;
  const { start, end } = word;
  const name: LinkedName = { text: renaming.fact.name, start, end, fact: undefined, isInternal: false };
  return { ...word, names: [name], macro: undefined, renamedIn: reportMention(renaming, program) };
}

/** Whether the word itself is used, where it is an argument of a macro. */
function isUsed(
  word: string,
  given: ArgumentFact | undefined,
  made: readonly Mention[],
  path: string,
  program: Program,
): boolean {
  if (given === undefined || !program.index.isComplete) return true;
  // The macros of scripts are given sections' names too.
  if (program.index.languageOf(path) === "ld" && made.length > 0) return false;
  const open = given.call.indexOf("(");
  const place = given.call
    .slice(open + 1, -1)
    .split(",")
    .indexOf(word);
  const use = argumentUse(given.call.slice(0, open), place, path, program);
  // A macro that makes names of its arguments has them for parts of names.
  return use === "used" || (use === "unknown" && made.length === 0);
}

const RANK = { definition: 0, alias: 0, tentative: 0, assignment: 0, provide: 0, declaration: 1 } as const;

function namesOf(made: readonly Mention[], { start, end }: Word): LinkedName[] {
  const byName = new Map<string, Mention>();
  for (const mention of made) {
    const known = byName.get(mention.fact.name);
    if (known === undefined || RANK[mention.fact.role] < RANK[known.fact.role]) byName.set(mention.fact.name, mention);
  }
  return [...byName.values()]
    .sort((a, b) => RANK[a.fact.role] - RANK[b.fact.role])
    .map(({ fact, architecture }) => ({
      text: fact.name,
      start,
      end,
      fact,
      isInternal: false,
      ...(architecture === undefined ? {} : { architecture }),
    }));
}
