/** Reads single files of a tree as texts, without blocking. It knows nothing of open buffers or of the index. */

import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { type Source, sourceOfBytes } from "../text/source.ts";
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
    const real = await realpath(join(root, path));
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    // Opening a FIFO must not wait for somebody to write into it.
    const handle = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > MAX_FILE_SIZE) return undefined;
      return sourceOfBytes(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isGone(error)) onProblem({ path, reason: describeFailure(error) });
    return undefined;
  }
}
