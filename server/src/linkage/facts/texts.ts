/**
 * How pure code gets at other files' texts. It asks; who runs it reads what was asked for and runs it again until nothing is
 * missing. So nothing above host does IO or waits, and a computation that needs five files costs five reads and no more.
 */

import { createAttached } from "../../text/attached.ts";
import { findLines, type Lines, lineColumnAt } from "../../text/lines.ts";
import type { Source } from "../../text/source.ts";

export interface Texts {
  /** The file's text. undefined: it is not there, or it was not read yet and will be for the next run. Paths as in the index. */
  source(path: string): Source | undefined;
  /** True while nobody has looked for the path: what `source` said of it will change. */
  isPending(path: string): boolean;
}

/** Texts that are already in memory, which remember what else was asked for. */
export interface KnownTexts extends Texts {
  /** The paths that were asked for since the last call and that nobody has looked for so far. */
  takeMissing(): readonly string[];
  /** How often it was asked for, or about, a path that nobody had looked for: what is concluded while it stays the same is whole. */
  pendingCount(): number;
  /** Says what a path holds; undefined says that there is nothing to read. */
  supply(path: string, source: Source | undefined): void;
  /** Forgets what a path holds, so that it is read anew. */
  forget(path: string): void;
  /** Forgets everything once it is more than this many UTF-16 units in all. */
  trim(units: number): void;
}

/** Makes an empty store of texts. */
export function createTexts(): KnownTexts {
  const known = new Map<string, Source | undefined>();
  let missing = new Set<string>();
  let pending = 0;
  return {
    pendingCount: () => pending,
    takeMissing() {
      const taken = [...missing];
      missing = new Set();
      return taken;
    },
    isPending(path) {
      if (known.has(path)) return false;
      pending++;
      return true;
    },
    source(path) {
      if (known.has(path)) return known.get(path);
      missing.add(path);
      pending++;
      return undefined;
    },
    supply(path, source) {
      known.set(path, source);
      missing.delete(path);
    },
    forget(path) {
      known.delete(path);
    },
    trim(units) {
      let total = 0;
      for (const source of known.values()) total += source?.length ?? 0;
      if (total > units) known.clear();
    },
  };
}

/** The same texts, which say whether all that was asked of them since was there: what is concluded then may be kept. */
export function watchTexts(texts: Texts): Texts & { isWhole(): boolean } {
  let isWhole = true;
  return {
    isWhole: () => isWhole,
    isPending: (path) => texts.isPending(path),
    source(path) {
      const source = texts.source(path);
      if (source === undefined && texts.isPending(path)) isWhole = false;
      return source;
    },
  };
}

const linesOfSource = createAttached<Source, Lines>();

/** The lines of a source, found once for each source. */
export function linesOf(source: Source): Lines {
  let lines = linesOfSource.get(source);
  if (lines === undefined) {
    lines = findLines(source);
    linesOfSource.set(source, lines);
  }
  return lines;
}

/** Says what the lines of a source are, where somebody knows them already. */
export function setLines(source: Source, lines: Lines): void {
  linesOfSource.set(source, lines);
}

/** "kernel/kallsyms.c:336", the line counted from 1; the path alone while the text is not known. */
export function describePlace(texts: Texts, path: string, offset: number): string {
  const source = texts.source(path);
  return source === undefined ? path : `${path}:${lineColumnAt(linesOf(source), offset).line + 1}`;
}
