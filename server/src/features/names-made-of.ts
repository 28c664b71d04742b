/**
 * What macros make of a word that they are given at files' scope, anywhere in the tree: what `weakspot symbol read` tells of read; and
 * what declarations make of it by asm labels.
 */

import { renamingsOf } from "../linkage/symbols/assembler-names.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { type Phrase, plainPhrase } from "./phrase.ts";
import { type ReportedMention, reportMention } from "./symbol-report.ts";

/** One call, and the names that its macro makes of the word; each with its place, the argument. */
export interface MadeNames {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** undefined where a declaration gives the linker another name. */
  readonly macro: string | undefined;
  readonly names: readonly (ReportedMention & { readonly name: string })[];
}

/** A word that more calls are given is a word like any other. */
const MOST_CALLS = 200;

/** Names of one call that are written out. */
const NAMED = 6;

/** The calls that make names of the word, the word itself left out, by path. */
export function namesMadeOf(word: string, program: Program): readonly MadeNames[] {
  const renamings = renamingsOf(word, program).map((mention): MadeNames => {
    const name = { name: mention.fact.name, ...reportMention(mention, program) };
    return { file: name.file, line: name.line, column: name.column, macro: undefined, names: [name] };
  });
  const given = program.index.argumentsNamed(word);
  if (given.length > MOST_CALLS) return renamings;
  const made = given.flatMap(({ path, fact }) => {
    const made = program.madeAt(path, fact.start).filter((mention) => mention.fact.name !== word);
    const [first] = made;
    if (first?.macro === undefined) return [];
    const names = made.map((mention) => ({ name: mention.fact.name, ...reportMention(mention, program) }));
    const { line, column } = names[0]!;
    return [{ file: path, line, column, macro: first.macro, names }];
  });
  return [...renamings, ...made];
}

/** "fs/read_write.c:627:17: SYSCALL_DEFINE3 makes __x64_sys_read, sys_read of it". */
export function wordMadeNames({ macro, names, ...spot }: MadeNames): string {
  const each = [...new Set(names.map(({ name }) => name))];
  const rest = each.length - NAMED;
  const listed = each.slice(0, NAMED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  const what =
    macro === undefined ? `it is ${listed} to the linker, by its declaration` : `${macro} makes ${listed} of it`;
  const phrase: Phrase = [spot, `: ${what}`];
  return plainPhrase(phrase);
}
