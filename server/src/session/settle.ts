/** Runs pure computations that ask for files' texts, reading what they ask for in between. */

import type { KnownTexts } from "../linkage/texts.ts";
import type { Source } from "../text/source.ts";

/** Reads many files at once; a file that can't be read gives undefined. */
export type ReadSources = (paths: readonly string[]) => Promise<ReadonlyMap<string, Source | undefined>>;

/** Each round follows one more step from file to file; includes, macros and build files need four. */
const ROUNDS = 12;

/**
 * Runs the computation, reads the files that it asked for, and runs it again, until it asks for nothing new. The signal is
 * looked at between rounds; an aborted run rejects with the signal's reason.
 */
export async function settle<T>(
  texts: KnownTexts,
  readSources: ReadSources,
  compute: () => T,
  signal?: AbortSignal,
): Promise<T> {
  for (let round = 0; ; round++) {
    signal?.throwIfAborted();
    const result = compute();
    if (texts.missing.size === 0 || round >= ROUNDS) return result;
    const paths = [...texts.missing];
    const sources = await readSources(paths);
    for (const path of paths) texts.supply(path, sources.get(path));
  }
}
