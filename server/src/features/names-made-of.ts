/** What macros make of a word that they are given at files' scope, anywhere in the tree: what `weakspot symbol read` tells of read. */

import type { Program } from "../linkage/symbols/program.ts";
import { type Phrase, plainPhrase } from "./phrase.ts";
import { type ReportedMention, reportMention } from "./symbol-report.ts";

/** One call, and the names that its macro makes of the word; each with its place, the argument. */
export interface MadeNames {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly macro: string;
  readonly names: readonly (ReportedMention & { readonly name: string })[];
}

/** A word that more calls are given is a word like any other. */
const MOST_CALLS = 200;

/** Names of one call that are written out. */
const NAMED = 6;

/** The calls that make names of the word, the word itself left out, by path. */
export function namesMadeOf(word: string, program: Program): readonly MadeNames[] {
  const given = program.index.argumentsNamed(word);
  if (given.length > MOST_CALLS) return [];
  return given.flatMap(({ path, fact }) => {
    const made = program.madeAt(path, fact.start).filter((mention) => mention.fact.name !== word);
    const [first] = made;
    if (first?.macro === undefined) return [];
    const names = made.map((mention) => ({ name: mention.fact.name, ...reportMention(mention, program) }));
    const { line, column } = names[0]!;
    return [{ file: path, line, column, macro: first.macro, names }];
  });
}

/** "fs/read_write.c:627:17: SYSCALL_DEFINE3 makes __x64_sys_read, sys_read of it". */
export function wordMadeNames({ macro, names, ...spot }: MadeNames): string {
  const each = [...new Set(names.map(({ name }) => name))];
  const rest = each.length - NAMED;
  const listed = each.slice(0, NAMED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  const phrase: Phrase = [spot, `: ${macro} makes ${listed} of it`];
  return plainPhrase(phrase);
}
