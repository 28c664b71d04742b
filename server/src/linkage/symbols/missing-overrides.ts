/**
 * Weak definitions that nothing overrides. To say so, every strong definition that may be linked with one has to be known, so
 * it errs towards silence: where a macro may make one, or a link is not known. It has no IO.
 */

import { languageLinkageOf } from "../../syntax/cxx/language-linkage.ts";
import { hasWord } from "../../text/has-word.ts";
import type { SymbolFact } from "../facts/facts.ts";
import { isCxx } from "../facts/file-kinds.ts";
import type { MacroMention, Mention } from "../facts/link-index.ts";
import { includersOf } from "../index/includers.ts";
import { internalAnywhere } from "./internal-linkage.ts";
import { mayBeMadeByMacro } from "./macro-made.ts";
import { isScriptRole, type Program } from "./program.ts";

export interface MissingOverride {
  /**
   * - tree: no file has a strong definition of the symbol
   * - links: there are some, but none that is in a link with this one
   */
  readonly within: "tree" | "links";
  /** Other weak definitions that can be in a link with it: the first that is linked wins. */
  readonly rivals: readonly Mention[];
  /** Functions of that name in C++, mangled as nobody wrote extern "C": they override nothing. */
  readonly mangled: readonly MangledMention[];
  /** Static functions of that name in other files that can be in a link with it: they override nothing either. */
  readonly statics: readonly Mention[];
}

export interface MangledMention {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** What is missing to override a weak definition of this file; undefined where something may override it. */
export function findMissingOverride(fact: SymbolFact, path: string, narrowed: Program): MissingOverride | undefined {
  // A configuration that leaves the strong definition out does not make the weak one any less of a default.
  const program = narrowed.everywhere;
  const { links, index } = program;
  if (!index.isComplete || !isOverridable(fact, path)) return undefined;
  const definitions = program
    .definitionsOf(fact.name)
    .filter((mention) => mention.fact.role !== "provide" && isLinked(mention));
  const strong = definitions.filter((mention) => !program.isWeak(mention.fact));
  if (strong.some((mention) => links.canLink(path, mention.path))) return undefined;
  if (strong.some((mention) => !isApart(path, mention.path, program))) return undefined;
  if (isStrongInSomeMode(fact, program)) return undefined;
  const units = links.unitsOf(path);
  // What a shared object defines weakly is for programs that are no part of the tree.
  if (units.length > 0 && units.every((unit) => unit.startsWith("vdso "))) return undefined;
  // A library's defaults are for programs that are no part of the tree.
  if (links.whyOpenAt(path).some(({ kind }) => kind === "users")) return undefined;
  if (mayBeMadeByMacro(fact.name, path, program)) return undefined;
  const mangled = mangledIn(fact.name, path, program);
  if (mangled === undefined) return undefined;
  const rivals = definitions.filter((mention) => mention.path !== path && links.canLink(path, mention.path));
  return { within: strong.length === 0 ? "tree" : "links", rivals, mangled, statics: staticsOf(fact, path, program) };
}

/** A word in more files than these is a word like any other. */
const MOST_FILES = 20;

/** Static definitions of the name in C files: what was meant to override it is often one of them. */
function staticsOf({ name, kind }: SymbolFact, path: string, program: Program): readonly Mention[] {
  return internalAnywhere(name, MOST_FILES, program).filter(
    ({ path: other, fact }) =>
      other !== path &&
      other.endsWith(".c") &&
      fact.role !== "declaration" &&
      (fact.kind === kind || kind === "unknown") &&
      program.links.canLink(path, other),
  );
}

/** C++ functions of that name that are mangled, where a weak definition of the file could be meant; none where that is not known. */
export function mangledBeside(name: string, path: string, program: Program): readonly MangledMention[] {
  return mangledIn(name, path, program) ?? [];
}

/** What files of other languages have by that name; undefined where one may define the symbol. */
function mangledIn(
  name: string,
  path: string,
  { index, links, texts }: Program,
): readonly MangledMention[] | undefined {
  const found: MangledMention[] = [];
  for (const file of index.filesWithWord(name)) {
    if (index.languageOf(file) !== "other" || !links.canLink(path, file)) continue;
    const source = texts.source(file);
    if (source === undefined || !hasWord(source.slice(0, source.length), name)) continue;
    const own = isCxx(file) ? languageLinkageOf(source).mangled.filter((one) => one.name === name) : [];
    if (own.length === 0) return undefined;
    found.push(...own.map(({ start, end }) => ({ path: file, start, end })));
  }
  return found;
}

/** A header's weak definition is there so that many files may have it; one that a macro makes has a name that is not known. */
function isOverridable(fact: SymbolFact, path: string): boolean {
  return !path.endsWith(".h") && fact.inMacro === undefined && !fact.name.includes("##");
}

/**
 * True where the file that defines a word of the fact as weak defines it otherwise, too: `VARFSEG` is weak in the 16-bit part of a
 * BIOS and strong in the 32-bit part, so that the definition overrides itself where the source is compiled for both.
 */
function isStrongInSomeMode(fact: SymbolFact, { index, isWeakWord }: Program): boolean {
  if (fact.binding === "weak") return false;
  return fact.words.filter(isWeakWord).some((word) => {
    const macros = index.macros(word);
    const isWeak = (macro: MacroMention) => macro.fact.isWeak || macro.fact.words.some(isWeakWord);
    const weakly = new Set(macros.filter(isWeak).map(({ path }) => path));
    return macros.some((macro) => !isWeak(macro) && weakly.has(macro.path));
  });
}

/** An inline function in a header defines nothing that is linked. */
function isLinked({ path, fact }: Mention): boolean {
  return isScriptRole(fact) || !(fact.isInline === true && path.endsWith(".h"));
}

/**
 * True where two files that can't be linked by what the links files say are surely never linked. A links system that is not
 * read may link them still: that of tools/ in a kernel builds parts of the kernel, and one file may include another.
 */
function isApart(path: string, other: string, { links, index }: Program): boolean {
  const isKnown = (file: string) => {
    const units = links.unitsOf(file);
    return units.length > 0 && !units.some((unit) => unit.startsWith("tools ") || unit.startsWith("archive "));
  };
  return [path, other].every((file) => isKnown(file) && includersOf(index, file).size === 0);
}
