/** Reads files of a tree as texts, without blocking for long. It knows nothing of open buffers or of the index. */

import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Source, sourceOfBytes } from "../text/source.ts";
import { Refused, readRegular, readRegularLater } from "./open-regular.ts";
import { describeFailure, type FileProblem, isGone } from "./problems.ts";
import { MAX_FILE_SIZE } from "./read-file.ts";

/**
 * The text of a file below the root; undefined where there is none, or it can't be read, which is a problem to report. A
 * symbolic link that leads out of the root is not followed.
 */
export async function readSourceBelow(
  root: string,
  path: string,
  onProblem: (problem: FileProblem) => void,
): Promise<Source | undefined> {
  try {
    return sourceOfBytes(await readRegularLater(join(root, path), { most: MAX_FILE_SIZE, below: [root] }));
  } catch (error) {
    tellUnread(path, error, onProblem);
    return undefined;
  }
}

/** What is read in one turn of the event loop, in milliseconds. */
const SLICE_MILLISECONDS = 4;

/** Many such files, one after the other in slices, with the turns of others in between; for a path undefined as above. */
export async function* readManyBelow(
  root: string,
  paths: readonly string[],
  onProblem: (problem: FileProblem) => void,
): AsyncGenerator<readonly [path: string, source: Source | undefined]> {
  let start = performance.now();
  for (const path of paths) {
    if (performance.now() - start >= SLICE_MILLISECONDS) {
      await nextTurn();
      start = performance.now();
    }
    let source: Source | undefined;
    try {
      source = sourceOfBytes(readRegular(join(root, path), { most: MAX_FILE_SIZE, below: [root] }));
    } catch (error) {
      tellUnread(path, error, onProblem);
    }
    yield [path, source];
  }
}

function tellUnread(path: string, error: unknown, onProblem: (problem: FileProblem) => void): void {
  if (!isGone(error) && !(error instanceof Refused)) onProblem({ path, reason: describeFailure(error) });
}
