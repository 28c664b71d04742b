/**
 * Renaming a symbol with external linkage across C, assembly and linker scripts. The result is whole or there is none: the
 * plan accounts for every place in which the old name stands in any file, and refuses, with the reason, at the first place
 * of which it can't tell whether it means the symbol.
 *
 * Options of build files that name symbols count too. What no index knows of is beyond it: names in scripts of other languages and
 * outside of the workspace.
 */

import { readFacts } from "../linkage/facts/extract.ts";
import { describePlace } from "../linkage/facts/texts.ts";
import { findNameInBuilds } from "../linkage/links/names-in-builds.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { judgeOf } from "../linkage/symbols/symbol-uses.ts";
import { findOccurrences } from "../linkage/symbols/word-occurrences.ts";
import type { FileEdit, TextEdit } from "../text/edit.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import type { NamesAt } from "./names-at.ts";

/** All edits, or why there are none. */
export type RenamePlan =
  | { readonly kind: "edits"; readonly edits: readonly FileEdit[] }
  | { readonly kind: "refusal"; readonly reason: string };

/** A rename that reaches further is no edit that anybody could look through. */
const MOST_FILES = 3000;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

const KEYWORDS = new Set(
  (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof " +
    "_Alignas _Alignof _Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local"
  ).split(" "),
);

/** A reason not to go on, on its way out of the depth. */
class Refusal extends Error {}

function refuse(reason: string): never {
  throw new Refusal(reason);
}

/** Why the name can't be given to a symbol; undefined where it can. */
function refusalOfName(name: string): string | undefined {
  if (!IDENTIFIER.test(name)) return `'${name}' is no identifier.`;
  return KEYWORDS.has(name) ? `'${name}' is a keyword of C.` : undefined;
}

/** Plans to rename the symbol that the file at `path` means by `name`. */
export function planSymbolRename(name: string, path: string, newName: string, program: Program): RenamePlan {
  try {
    return { kind: "edits", edits: plan(name, path, newName, program) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refusal", reason: error.message };
    throw error;
  }
}

/** What speaks against a rename at a place where a macro makes another name of the word; undefined where none does. */
export function refusalOfMadeNames({ text, names, macro, renamedIn }: NamesAt): string | undefined {
  const made = names.find((name) => name.text !== text);
  if (made === undefined) return undefined;
  if (renamedIn !== undefined) {
    const { file, line } = renamedIn;
    return `The linker knows '${text}' as '${made.text}', by its declaration in ${file}:${line}.`;
  }
  return `${macro ?? "a macro"} makes '${made.text}' of '${text}' here: another word would make another name.`;
}

/** What already speaks against renaming the symbol before a new name is known. */
export function refusalOfSymbol(name: string, path: string, program: Program): string | undefined {
  if (!program.index.isComplete) return "The tree is still being indexed, so that not all uses are known.";
  const definitions = program.definitionsOf(name);
  if (definitions.length === 0) {
    return `No file that was read defines '${name}': it may be made by a macro, by a program or by the linker.`;
  }
  const made = program
    .mentionsOf(name)
    .find(({ macro, fact }) => macro !== undefined && fact.end - fact.start !== name.length);
  if (made !== undefined) {
    const { path: where, fact, macro } = made;
    return `${describePlace(program.texts, where, fact.start)}: ${macro} makes '${name}' of what it is given there.`;
  }
  const other = definitions.find((definition) => !program.links.canLink(path, definition.path));
  return other && `${other.path} defines a '${name}' too, which is part of another link.`;
}

function plan(name: string, path: string, newName: string, program: Program): FileEdit[] {
  const badName = refusalOfName(newName);
  if (badName !== undefined) refuse(badName);
  if (newName === name) return [];
  const badSymbol = refusalOfSymbol(name, path, program);
  if (badSymbol !== undefined) refuse(badSymbol);
  const [taken] = program.index.mentions(newName);
  if (taken !== undefined)
    refuse(`'${newName}' is taken: ${describePlace(program.texts, taken.path, taken.fact.start)}.`);
  for (const one of [name, newName]) {
    const named = findNameInBuilds(one, program.links, program.texts);
    if (named !== undefined) refuse(`'${one}' is named by a build: ${named}.`);
  }
  const files = new Set(program.index.filesWithWord(name));
  for (const mention of program.index.mentions(name)) files.add(mention.path);
  if (files.size > MOST_FILES) refuse(`'${name}' may stand in ${files.size} files, too many to look through.`);
  // All are asked for before the first is looked at, so that they are read at once.
  const sources = [...files].sort().map((file) => ({ file, source: program.texts.source(file) }));
  const edits: FileEdit[] = [];
  for (const { file, source } of sources) {
    if (source === undefined) refuse(`${file} can't be read.`);
    const inFile = editsIn(file, source, name, newName, program);
    if (inFile.length > 0) edits.push({ path: file, edits: inFile });
  }
  return edits;
}

function editsIn(file: string, source: Source, name: string, newName: string, program: Program): TextEdit[] {
  const occurrences = findOccurrences(source, name);
  if (occurrences.every(({ where }) => where === "comment" || where === "include")) return [];
  const at = (span: Span): string => describePlace(program.texts, file, span.start);
  const facts = readFacts(file, source, { includeLocal: true }).symbols.filter((fact) => fact.name === name);
  for (const fact of facts) {
    if (fact.binding === "local" && fact.scope === "file")
      refuse(`${at(fact)}: another '${name}' is local to this file.`);
    if (fact.binding !== "local" && source.slice(fact.start, fact.end) !== name) {
      refuse(`${at(fact)}: '${name}' is made by a macro or stands in a string.`);
    }
  }
  const [inTheWay] = findOccurrences(source, newName).filter(({ where }) => where !== "comment" && where !== "include");
  const places = new Map<number, Span>();
  for (const fact of facts) if (fact.binding !== "local") places.set(fact.start, fact);
  const judge = judgeOf(file, source, name);
  for (const occurrence of occurrences) {
    if (places.has(occurrence.start)) continue;
    if (occurrence.where === "comment" || occurrence.where === "include") continue;
    if (occurrence.where === "string") refuse(`${at(occurrence)}: '${name}' stands in a string.`);
    if (occurrence.where === "pasted") refuse(`${at(occurrence)}: '${name}' is pasted into another name.`);
    const verdict = judge(occurrence);
    if (verdict === "unknown") refuse(`${at(occurrence)}: it can't be told what '${name}' means here.`);
    if (verdict === "symbol") places.set(occurrence.start, occurrence);
  }
  if (places.size > 0 && inTheWay !== undefined) refuse(`${at(inTheWay)}: '${newName}' means something else here.`);
  return [...places.values()]
    .sort((a, b) => a.start - b.start)
    .map(({ start }) => ({ start, end: start + name.length, text: newName }));
}
