/** Reads single files of a tree as texts, without blocking. It knows nothing of open buffers or of the index. */

import { join } from "node:path";
import { type Source, sourceOfBytes } from "../text/source.ts";
import { Refused, readRegularLater } from "./open-regular.ts";
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
    if (!isGone(error) && !(error instanceof Refused)) onProblem({ path, reason: describeFailure(error) });
    return undefined;
  }
}
