/**
 * The program: what the facts of all files together mean. Bindings with macros taken into account, who defines a symbol, who
 * uses it and in which link. It has no IO: other files' texts come from Texts, so an answer may have to be asked for twice.
 */

import { isStaticBefore } from "../../syntax/c/static-prototypes.ts";
import type { Shape } from "../../syntax/c/tree.ts";
import { type CUse, findUses } from "../../syntax/c/uses.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { MacroFact, SymbolFact } from "../facts/facts.ts";
import { type LinkIndex, type Mention, sortMentions } from "../facts/link-index.ts";
import { treeOf } from "../facts/parsed.ts";
import type { Texts } from "../facts/texts.ts";
import { includersOf } from "../index/includers.ts";
import { seesHeader } from "../index/seen-headers.ts";
import { isStaticIn } from "../index/static-words.ts";
import type { Links } from "../links/links.ts";
import { findMade, madeByArgument, madeByCallsIn } from "../macros/made-symbols.ts";
import type { Narrowing } from "./narrowed-program.ts";
import { renamedIn, renamedTo } from "./renamed-symbols.ts";

/** A use of a symbol in a C file. */
export interface FileUse {
  readonly path: string;
  readonly use: CUse;
}

export interface Program {
  /**
   * The same tree in all its configurations. Reports may be narrowed to one (narrowed-program.ts); a fix must be safe in
   * every one, so it is judged by this. A program that is not narrowed has itself here.
   */
  readonly everywhere: Program;
  /** What the program is narrowed to; undefined where it speaks of all configurations. */
  readonly narrowing: Narrowing | undefined;
  readonly index: LinkIndex;
  readonly texts: Texts;
  readonly links: Links;
  /** How the user wants fallbacks of objects to be written. */
  readonly fallbackForm: "c" | "asm";
  /** True when the fact's binding is weak, by an attribute, a pragma or a macro that means weak. */
  isWeak(fact: SymbolFact): boolean;
  /** True when the word is a macro that means weak, whatever other macros it goes through. */
  isWeakWord(word: string): boolean;
  /**
   * The fact with what the tree's macros say of it: a declaration with a word that means an alias is an alias, a function with
   * one that means inline is inline.
   */
  resolve(fact: SymbolFact): SymbolFact;
  /** False where a fact of the file is known not to hold in the configuration that the program is narrowed to. */
  isActive(path: string, fact: Pick<SymbolFact, "condition">): boolean;
  /** Every mention of the symbol with external linkage, resolved, by path; those that macros make at file scope included. */
  mentionsOf(name: string): readonly Mention[];
  /** What the macro calls at a file's scope make, resolved; {@link mentionsOf} has it by name. */
  madeIn(path: string): readonly SymbolFact[];
  /** What the macro call around an argument at a file's scope makes of it, resolved; the offset is the argument's first. */
  madeAt(path: string, start: number): readonly Mention[];
  /** Declarations of the symbol with external linkage, by path. */
  declarationsOf(name: string): readonly Mention[];
  /** Definitions, aliases, assignments and PROVIDEs of the symbol, by path. */
  definitionsOf(name: string): readonly Mention[];
  /** Every use of the symbol in C, by path. Files that were not read yet are asked for and left out. */
  usesOf(name: string): readonly FileUse[];
}

/** How far macros are followed; the kernel's need three steps. */
const MACRO_DEPTH = 8;

/**
 * The word that compilers' users agree on. Until the tree's own macros are known, it is taken to mean weak, so that a file
 * that is opened first is underlined at once; afterwards the tree's macros decide.
 */
const PRESUMED_WEAK = "__weak";

/** The same for aliases. */
const PRESUMED_ALIAS = "__alias";

/** Makes the program of an index. It remembers answers, so make a new one when the index changes. */
export function createProgram(index: LinkIndex, texts: Texts, links: Links, fallbackForm: "c" | "asm" = "c"): Program {
  const weakWords = new Map<string, boolean>();
  const aliasWords = new Map<string, boolean>();
  const inlineWords = new Map<string, boolean>();
  const searches = new Map<string, UseSearch>();

  function wordIsWeak(word: string, depth: number): boolean {
    // A tree may hold no definition of the word at all: it comes with the C library, the compiler or a generated header.
    return wordMeans(word, depth, weakWords, (macro) => macro.isWeak, PRESUMED_WEAK);
  }

  function wordIsInline(word: string, depth: number): boolean {
    return wordMeans(word, depth, inlineWords, (macro) => macro.isInline === true, undefined);
  }

  /** Whether a macro of that name says something of what it stands with, by itself or through the words it stands for. */
  function wordMeans(
    word: string,
    depth: number,
    known: Map<string, boolean>,
    says: (macro: MacroFact) => boolean,
    presumed: string | undefined,
  ): boolean {
    const before = known.get(word);
    if (before !== undefined) return before;
    const macros = index.macros(word);
    let means = macros.some((macro) => says(macro.fact));
    if (!means && depth < MACRO_DEPTH) {
      means = macros.some((macro) =>
        macro.fact.words.some((inner) => inner !== word && wordMeans(inner, depth + 1, known, says, presumed)),
      );
    }
    if (!means && macros.length === 0) means = word === presumed;
    known.set(word, means);
    return means;
  }

  function wordIsAlias(word: string): boolean {
    return wordMeans(word, 0, aliasWords, (macro) => macro.isAlias === true, PRESUMED_ALIAS);
  }

  /** What the macros of these words make an alias of, where that is always the same symbol. */
  function fixedTarget(words: readonly string[], depth: number): string | undefined {
    for (const word of words) {
      for (const { fact } of index.macros(word)) {
        const inner = fact.words.filter((one) => one !== word);
        const target = fact.target ?? (depth < MACRO_DEPTH ? fixedTarget(inner, depth + 1) : undefined);
        if (target !== undefined) return target;
      }
    }
    return undefined;
  }

  function isFunction(name: string): boolean {
    const kinds = index.mentions(name).map(({ fact }) => fact.kind);
    return kinds.includes("function") && !kinds.includes("object");
  }

  function resolve(fact: SymbolFact): SymbolFact {
    if (fact.typeOf !== undefined && isFunction(fact.typeOf)) {
      const { typeOf: _, ...rest } = fact;
      return resolve({ ...rest, role: "declaration", kind: "function" });
    }
    if (fact.words.length === 0) return fact;
    if (fact.role === "definition" && fact.kind === "function" && fact.isInline !== true) {
      return fact.words.some((word) => wordIsInline(word, 0)) ? { ...fact, isInline: true } : fact;
    }
    if ((fact.role !== "declaration" && fact.role !== "tentative") || !fact.words.some(wordIsAlias)) return fact;
    // What it is an alias of may be put together by a macro; a definition it is all the same.
    const target = fixedTarget(fact.words, 0) ?? fact.wordTarget;
    return target === undefined ? { ...fact, role: "alias" } : { ...fact, role: "alias", target };
  }

  /** Whether every unit that the file is part of makes a word of the fact `static`. */
  function isStaticEverywhere(path: string, fact: SymbolFact): boolean {
    return fact.words.length > 0 && links.translationUnitsOf(path).every((unit) => isStaticIn(fact, unit.path, index));
  }

  const places = {
    canMeet: links.canLink,
    includes: (path: string, macroPath: string) => includersOf(index, macroPath).has(path),
  };

  function external(name: string): readonly Mention[] {
    const written = index
      .mentions(name)
      .filter(
        ({ path, fact }) =>
          fact.binding !== "local" && !isStaticEverywhere(path, fact) && renamedIn(index, name, path) === undefined,
      )
      .map(({ path, fact }) => ({ path, fact: resolve(fact) }));
    const made = findMade(index, name, places, resolve);
    const renamed = renamedTo(index, name).map(({ path, fact }) => ({ path, fact: resolve(fact) }));
    return made.length + renamed.length === 0 ? written : sortMentions([...written, ...made, ...renamed]);
  }

  // No getters here, nor in what else is made anew with every key: each makes a hidden class of its own, which V8 keeps in its
  // old generation with all that the getter sees.
  const program: Omit<Program, "everywhere"> & { everywhere?: Program } = {
    narrowing: undefined,
    isActive: () => true,
    index,
    texts,
    links,
    fallbackForm,
    isWeak: (fact) => fact.binding === "weak" || fact.words.some((word) => wordIsWeak(word, 0)),
    isWeakWord: (word) => wordIsWeak(word, 0),
    resolve,
    mentionsOf: external,
    madeIn: (path) => madeByCallsIn(index, path, places).map(resolve),
    // What one file sees is found faster from the file than from each header.
    madeAt: (path, start) =>
      madeByArgument(
        index,
        path,
        start,
        { ...places, includes: (from, macroPath) => seesHeader(index, from, macroPath) },
        resolve,
      ),
    declarationsOf: (name) => external(name).filter((mention) => mention.fact.role === "declaration"),
    definitionsOf: (name) => external(name).filter((mention) => mention.fact.role !== "declaration"),
    usesOf(name) {
      // A few files at a time, so that few texts are in memory and whoever else asks something is answered in between.
      let search = searches.get(name);
      if (search === undefined) {
        search = { files: filesThatMayUse(name, index), shape: shapeOf(external(name)), byPath: new Map() };
        // While the tree is being read there are more files with every moment.
        if (index.isComplete) searches.set(name, search);
      }
      const { files, shape, byPath } = search;
      const found: FileUse[] = [];
      let asked = 0;
      for (const path of files) {
        let inFile = byPath.get(path);
        if (inFile === undefined) {
          if (asked >= SEARCHED_AT_ONCE) break;
          const source = texts.source(path);
          if (source === undefined && texts.isPending(path)) {
            asked++;
            continue;
          }
          inFile = source === undefined ? [] : usesIn(source, name, shape);
          byPath.set(path, inFile);
        }
        for (const use of inFile) found.push({ path, use });
      }
      return found;
    },
  };
  return Object.assign(program, { everywhere: program as Program });
}

/** How far the search for a symbol's uses has come. */
interface UseSearch {
  readonly files: readonly string[];
  readonly shape: Shape | undefined;
  readonly byPath: Map<string, readonly CUse[]>;
}

/** Files whose texts are asked for at once to look for uses. */
const SEARCHED_AT_ONCE = 100;

/** Words in more files than this are looked for only where a declaration of the symbol can be seen. */
export const COMMON_WORD = 2000;

/**
 * C files in which the symbol may be used. A common word, such as `end`, is mostly somebody's local variable: only files
 * that see a declaration of the symbol can mean the symbol by it.
 */
function filesThatMayUse(name: string, index: LinkIndex): readonly string[] {
  const files = index.filesWithWord(name).filter(isCFile);
  if (files.length <= COMMON_WORD) return files;
  const visible = new Set<string>();
  for (const { path, fact } of index.mentions(name)) {
    if (!isCFile(path) || fact.binding === "local") continue;
    visible.add(path);
    if (path.endsWith(".h")) for (const includer of includersOf(index, path)) visible.add(includer);
  }
  return files.filter((path) => visible.has(path));
}

const usesBySource = createAttached<Source, Map<string, readonly CUse[]>>();

/** The uses of a symbol in a file, found once for each source. */
function usesIn(source: Source, name: string, shape: Shape | undefined): readonly CUse[] {
  let known = usesBySource.get(source);
  if (known === undefined) {
    known = new Map();
    usesBySource.set(source, known);
  }
  const key = `${name} ${shape ?? ""}`;
  let found = known.get(key);
  if (found === undefined) {
    found = findUses(source, new Set([name]), shape === undefined ? undefined : new Map([[name, shape]]));
    if (found.length > 0 && isFilesOwn(source, name)) found = [];
    known.set(key, found);
  }
  return found;
}

const ownNames = createAttached<Source, ReadonlySet<string>>();

/** Whether the file means something of its own by the name: it declares it static, in any configuration, and never otherwise. */
function isFilesOwn(source: Source, name: string): boolean {
  let names = ownNames.get(source);
  if (names === undefined) ownNames.set(source, (names = findOwnNames(source)));
  return names.has(name);
}

function findOwnNames(source: Source): ReadonlySet<string> {
  const own = new Set<string>();
  const shared = new Set<string>();
  const file = treeOf(source);
  for (const declaration of file.declarations) {
    const { scope, declarators, storage, condition } = declaration;
    if (scope !== "file") continue;
    for (const declarator of declarators) {
      if (storage !== "static" && !isStaticBefore(file, declaration, declarator)) shared.add(declarator.name);
      else if (condition === "") own.add(declarator.name);
    }
  }
  return new Set([...own].filter((name) => !shared.has(name)));
}

/** What the declarations make of the symbol, where they agree. */
function shapeOf(mentions: readonly Mention[]): Shape | undefined {
  const shapes = new Set<Shape>();
  for (const { fact } of mentions) {
    if (fact.kind === "function") shapes.add("function");
    else if (fact.kind === "object" && !isScriptRole(fact)) {
      shapes.add(fact.isArray ? "array" : fact.isPointer ? "pointer" : "plain");
    }
  }
  const [shape] = shapes;
  return shapes.size === 1 ? shape : undefined;
}

/** C sources and headers, by their names' endings. */
export function isCFile(path: string): boolean {
  return /\.[ch](?:_shipped)?$/.test(path) && !path.endsWith(".lds.h");
}

/** A definition that a file states, as opposed to what a linker script does. */
export function isScriptRole(fact: SymbolFact): boolean {
  return fact.role === "assignment" || fact.role === "provide";
}

/** Whether the fact is weak as far as its own file and the usual word tell, without the tree's macros. */
export function isPresumedWeak(fact: SymbolFact): boolean {
  return fact.binding === "weak" || fact.words.includes(PRESUMED_WEAK);
}
