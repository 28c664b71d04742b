/**
 * What rules and features may ask of the whole tree. The index behind it keeps facts, never trees or text, and knows no IO.
 */

import type {
  ArgumentFact,
  FileFacts,
  HandoverFact,
  IncludeFact,
  Language,
  MacroFact,
  MakerFact,
  SymbolFact,
} from "./facts.ts";

/** A fact and the file that states it. Paths are relative to the workspace's root, with forward slashes. */
export interface Mention {
  readonly path: string;
  readonly fact: SymbolFact;
  /** The macro whose call makes the symbol; the fact's place is the argument that names it. */
  readonly macro?: string;
  /** The one architecture on which this is so, where the path does not tell. */
  readonly architecture?: string;
}

export interface MacroMention {
  readonly path: string;
  readonly fact: MacroFact;
}

export interface MakerMention {
  readonly path: string;
  readonly fact: MakerFact;
}

export interface HandoverMention {
  readonly path: string;
  readonly fact: HandoverFact;
}

export interface ArgumentMention {
  readonly path: string;
  readonly fact: ArgumentFact;
}

export interface Inclusion {
  readonly path: string;
  readonly fact: IncludeFact;
}

export interface LinkIndex {
  /** False while files are still being read: an answer must then say that it may not be whole. */
  readonly isComplete: boolean;
  /**
   * True while files that have changed on disk are being read again. Meanwhile what takes a look at the whole tree may be
   * answered as of before; with the last file it is looked at anew.
   */
  readonly isChanging: boolean;
  /** Counts the changes, so that what was concluded from the index can be told from what must be concluded anew. */
  readonly revision: number;
  /** Counts the changes of files on disk: what is typed into open buffers is left out. */
  readonly treeRevision: number;
  /** Counts the changes to which files there are and to their #include lines; where in a file a line stands is left out. */
  readonly inclusionRevision: number;
  /** How many files it holds. */
  readonly fileCount: number;
  /** Every declaration and definition of the symbol, by path, then offset. */
  mentions(name: string): readonly Mention[];
  /** Every macro of that name that has to do with linkage. */
  macros(name: string): readonly MacroMention[];
  /** Counts the changes to what macros make: to {@link makers} and {@link handoversTo}. */
  readonly makersRevision: number;
  /** Every macro that declares symbols, in no order. */
  makers(): readonly MakerMention[];
  /** Every macro whose replacement calls this one, in no order. */
  handoversTo(macro: string): readonly HandoverMention[];
  /** Every macro call at file scope that has this word for an argument; see {@link ArgumentFact} for numbers. */
  argumentsNamed(word: string): readonly ArgumentMention[];
  /** The facts of one file. */
  factsOf(path: string): FileFacts | undefined;
  /** The #include lines of one file, found without its other facts. */
  includesOf(path: string): readonly IncludeFact[];
  /** The language of one file, found without its facts. */
  languageOf(path: string): Language | undefined;
  /**
   * Files in which the word may occur outside of declarations too. May name some in which it does not (each file is
   * remembered by a signature of its words); never leaves one out.
   */
  filesWithWord(word: string): readonly string[];
  /** Whether this file is one of filesWithWord, found without a look at the others. */
  mayMention(path: string, word: string): boolean;
  /** The files of which an open buffer counts. */
  openFiles(): readonly string[];
  /** Files that include something whose last path component is this, `table_internal.h`. */
  filesIncluding(baseName: string): readonly string[];
  /** The #include lines whose path ends in this component, and the files they stand in. */
  inclusionsOf(baseName: string): readonly Inclusion[];
  /** All paths, sorted. */
  paths(): Iterable<string>;
  /** The names of all symbols that contain the query's letters in order, at most `limit`. */
  symbolNames(query: string, limit: number): readonly string[];
  hasFile(path: string): boolean;
}

/** Sorts by path, then by offset. */
export function sortMentions<T extends { readonly path: string; readonly fact: { readonly start: number } }>(
  found: T[],
): T[] {
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.fact.start - b.fact.start));
}
