/** Runs pure computations that ask for files' texts, reading what they ask for in between. */

import type { KnownTexts } from "../linkage/facts/texts.ts";
import type { Source } from "../text/source.ts";

/** Reads many files at once; a file that can't be read gives undefined. */
export type ReadSources = (paths: readonly string[]) => Promise<ReadonlyMap<string, Source | undefined>>;

/** Files read between two runs; a computation that wants more is run in between, and may let go of what it has seen. */
const READ_AT_ONCE = 8000;

/** Runs in all, should a computation ask again and again for what was let go. */
const RUNS = 2000;

/**
 * Runs the computation, reads the files that it asked for, and runs it again, until it asks for nothing new. Texts are let go
 * between runs once there are more than `keptUnits` UTF-16 units of them. The signal is looked at between rounds; an aborted
 * run rejects with the signal's reason, and one that never settles with a sentence.
 */
export async function settle<T>(
  texts: KnownTexts,
  readSources: ReadSources,
  compute: () => T,
  keptUnits: number,
  signal?: AbortSignal,
): Promise<T> {
  for (let run = 0; ; run++) {
    signal?.throwIfAborted();
    const result = compute();
    // Taken at once, so that each of several computations that are under way reads what it asked for itself.
    const missing = texts.takeMissing();
    if (missing.length === 0) return result;
    // An unfinished answer must not pass for a whole one: a fix may be judged by it.
    if (run >= RUNS) throw new Error(`${missing[0]} is asked for again and again; there is no answer`);
    const paths = missing.slice(0, READ_AT_ONCE);
    texts.trim(keptUnits);
    const sources = await readSources(paths);
    for (const path of paths) texts.supply(path, sources.get(path));
  }
}
