/**
 * Weak references that no declaration shows: a symbol that is the argument of a macro which declares it weakly in its
 * replacement. Only files that have the symbol's name and such a macro's are read. It has no IO.
 */

import { type CUse, findUses } from "../../syntax/c/uses.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { isCFile, type Program } from "./program.ts";
import { findWeakeningMacros, type WeakeningMacros } from "./weakening-macros.ts";

export interface HiddenReference {
  readonly path: string;
  /** The symbol's name in the argument. */
  readonly span: Span;
  /** The macro that is called there. */
  readonly macro: string;
}

/** A call whose parenthesis is farther before a name than this is not looked for. */
const FARTHEST = 4096;

/** The hidden weak references to a symbol, by path. None while the tree is still being read, as macros are still missing. */
export function findHiddenReferences(name: string, program: Program): HiddenReference[] {
  const { index, texts } = program;
  if (!index.isComplete) return [];
  const { macros, callers } = findWeakeningMacros(program);
  if (macros.size === 0 || !/^\w+$/.test(name)) return [];
  const files = [...new Set([...callers, ...index.openFiles()])]
    .filter((path) => isCFile(path) && index.mayMention(path, name))
    .sort();
  // All are asked for before the first is looked at, so that they are read at once.
  const sources = files.map((path) => ({ path, source: texts.source(path) }));
  const call = new RegExp(
    `(?<![\\w$])(?:${[...macros.keys()].join("|")})\\s*\\([^;{}]{0,${FARTHEST}}?(?<![\\w$])${name}(?![\\w$])`,
  );
  return sources.flatMap(({ path, source }) => {
    // A look at the bytes, and one at the text, tell most files apart that need not be parsed.
    if (source === undefined || !hasAny(source, macros.keys())) return [];
    if (!call.test(source.slice(0, source.length))) return [];
    return usesIn(source, name).flatMap((use) => {
      // In a macro the argument is passed on: what its callers pass is looked at.
      if (use.inMacro !== undefined || !program.isActive(path, use)) return [];
      const macro = weakeningCall(source, use, macros);
      return macro === undefined ? [] : [{ path, span: { start: use.start, end: use.end }, macro }];
    });
  });
}

/** Whether the letters of one of the words stand anywhere in the text. */
function hasAny({ codes }: Source, words: Iterable<string>): boolean {
  const bytes = Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength);
  for (const word of words) if (bytes.includes(word, 0, "latin1")) return true;
  return false;
}

const usesBySource = createAttached<Source, Map<string, readonly CUse[]>>();

/** The uses of a symbol in a file, found once for each source. */
function usesIn(source: Source, name: string): readonly CUse[] {
  let known = usesBySource.get(source);
  if (known === undefined) usesBySource.set(source, (known = new Map()));
  let uses = known.get(name);
  if (uses === undefined) known.set(name, (uses = findUses(source, new Set([name]))));
  return uses;
}

/** The macro that has the name as the whole of an argument to which it refers weakly. */
function weakeningCall(source: Source, { start, end }: Span, macros: WeakeningMacros): string | undefined {
  if (!/^\s*[,)]/.test(source.slice(end, Math.min(end + 64, source.length)))) return undefined;
  const before = source.slice(Math.max(0, start - FARTHEST), start);
  let depth = 0;
  let place = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const code = before[i];
    if (code === ")") depth++;
    else if (code === "," && depth === 0) place++;
    else if (code === ";" || code === "{" || code === "}") {
      if (depth === 0) return undefined;
    } else if (code === "(" && depth-- === 0) {
      const isWhole = place > 0 || before.slice(i + 1).trim() === "";
      const macro = /([A-Za-z_$][\w$]*)\s*$/.exec(before.slice(0, i))?.[1];
      return isWhole && macro !== undefined && macros.get(macro)?.has(place) ? macro : undefined;
    }
  }
  return undefined;
}
