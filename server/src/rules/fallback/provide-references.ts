/**
 * Who refers to a symbol that a script provides: C, assembly, scripts, options of the link, names that others are known to look for.
 * It errs towards somebody: whoever finds nobody here may take the PROVIDE away.
 */

import { architectureOf } from "../../linkage/facts/architecture.ts";
import { findLanguage } from "../../linkage/facts/extract.ts";
import { scriptOf, treeOf } from "../../linkage/facts/parsed.ts";
import { describeReasons } from "../../linkage/links/link.ts";
import { scriptModelOf } from "../../linkage/scripts/script-model.ts";
import { mayBePasted } from "../../linkage/symbols/pasted-names.ts";
import type { FileUse, Program } from "../../linkage/symbols/program.ts";
import { scriptMeets } from "../../linkage/symbols/script-meeting.ts";
import { isWellKnown } from "../../linkage/symbols/well-known-names.ts";
import { tokenize } from "../../syntax/asm/tokens.ts";
import { listTokens } from "../../syntax/c/token-list.ts";
import { wordsWithin } from "../../syntax/kbuild/make-words.ts";
import { hasWord } from "../../text/has-word.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { textOf } from "./file-text.ts";

/** Where the symbol is provided, and what goes with it: references within those spans don't count. */
export interface Provided {
  readonly name: string;
  readonly path: string;
  readonly own: readonly Span[];
}

/** A clause that says who refers to the symbol, or may; undefined where nobody does, for sure. */
export function findReference(provided: Provided, program: Program): string | undefined {
  const { name, path } = provided;
  if (isWellKnown(name)) return `'${name}' is a name that C libraries, start files and debuggers look for`;
  const open = whyOpen(path, program);
  if (open !== "") return `who refers to '${name}' and who defines it is not known: ${open}`;
  const named = findInTexts(provided, program) ?? findInBuild(name, path, program);
  if (named !== undefined) return named;
  return mayBePasted(name, program) ? `a macro that puts names together may make '${name}'` : undefined;
}

/** Why who refers to symbols of the script and who defines them is not known whole; "" where it is. */
export function whyOpen(path: string, { links }: Program): string {
  const open = describeReasons(links.whyOpenAt(path));
  return open === "" && architectureOf(path) === "um" ? "the kernel is linked with a C library here" : open;
}

/** The uses in C that can be in a link with the script. */
export function usesMeeting({ name, path }: Pick<Provided, "name" | "path">, program: Program): readonly FileUse[] {
  return program.usesOf(name).filter((use) => scriptMeets(path, use.path, program, program.links.mayMeet));
}

function findInTexts(provided: Provided, program: Program): string | undefined {
  const { name, path } = provided;
  const { index, texts, links } = program;
  const uses = new Set(usesMeeting(provided, program).map((use) => use.path));
  for (const file of index.filesWithWord(name)) {
    if (!scriptMeets(path, file, program, links.mayMeet)) continue;
    const source = texts.source(file);
    if (source === undefined) return `${file} may refer to '${name}', and could not be read`;
    if (uses.has(file) || refersTo(name, file, source, provided, program)) return `${file} refers to '${name}'`;
  }
  const made = program.declarationsOf(name).find(({ macro }) => macro !== undefined);
  return made === undefined ? undefined : `the macro '${made.macro}' declares '${name}' in ${made.path}`;
}

/** Whether a file that has the word refers to the symbol otherwise than by plain uses in C. */
function refersTo(name: string, file: string, source: Source, { path, own }: Provided, { index }: Program): boolean {
  const language = index.languageOf(file) ?? findLanguage(file);
  if (language === "ld") {
    return scriptModelOf(scriptOf(file, source))
      .usesOf("symbol", name)
      .some((use) => file !== path || !own.some(({ start, end }) => start <= use.start && use.end <= end));
  }
  if (language === "c") {
    // Of the symbol's own declarations nothing is linked; inline assembly and labels name it in strings.
    const named = listTokens(source, 0, source.length).some(({ text }) => text.startsWith('"') && hasWord(text, name));
    return named || treeOf(source).weakPragmas.some((pragma) => pragma.target === name);
  }
  if (language !== "asm") return hasWord(textOf(source), name);
  return tokenize(source, 0, source.length, undefined).some(
    ({ text }) => text === name || (text.startsWith('"') && hasWord(text, name)),
  );
}

/** Options of the links that the script may be part of, and whatever else build files say of the name. */
export function findInBuild(name: string, path: string, { links, texts }: Program): string | undefined {
  const units = links.unitsOfScript(path);
  for (const { unit, options } of links.all()) {
    if (units !== undefined && units.length > 0 && !units.includes(unit)) continue;
    const isNamed =
      options.entry === name ||
      options.undefined.includes(name) ||
      options.wrap.includes(name) ||
      options.defined.some((one) => one.name === name || hasWord(one.value, name));
    if (isNamed) return `the command that links ${unit} names '${name}'`;
  }
  for (const file of links.buildFiles) {
    const source = texts.source(file);
    if (source === undefined) continue;
    const text = textOf(source);
    if (hasWord(text, name)) return `${file} names '${name}'`;
    if (renames(text, name)) return `${file} renames symbols of objects, and '${name}' may be one of them`;
  }
  return undefined;
}

/** objcopy's options that give an object's symbols other names: those with the prefix, or any. */
function renames(text: string, name: string): boolean {
  return wordsWithin(text, { start: 0, end: text.length }).some((word) => {
    if (word.text.startsWith("--redefine-syms")) return true;
    if (!word.text.startsWith("--prefix-symbols")) return false;
    const prefix = word.text.slice("--prefix-symbols=".length);
    return prefix === "" || prefix.includes("$") || name.startsWith(prefix);
  });
}
