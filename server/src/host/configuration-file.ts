/** Finds and reads the file that a kernel tree was configured with. What it means, it does not know. */

import { isAbsolute, join } from "node:path";
import { readRegular } from "./open-regular.ts";

/** The files that say what a tree or a build directory was last configured for, the first that is there counts. */
const CONFIGURATION_FILES = [".config", "include/config/auto.conf"];

/** No configuration is larger; another file that was named by mistake may be. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Where the configuration may be: the named file, absolute or relative to the root; where none is named, what the tree was
 * last configured for.
 */
export function configurationPaths(root: string, named: string | undefined): readonly string[] {
  if (named === undefined) return CONFIGURATION_FILES.map((path) => join(root, path));
  return [isAbsolute(named) ? named : join(root, named)];
}

/** The configuration of a build directory, as `make O=` fills it. */
export function configurationPathOfBuild(folder: string): string {
  return join(folder, ".config");
}

export interface ReadConfiguration {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the first of the files that is there; undefined where none is. Other failures reject.
 * @param below the folder that the files must really lie in; undefined where a setting named them
 */
export async function readConfiguration(
  paths: readonly string[],
  below: string | undefined,
): Promise<ReadConfiguration | undefined> {
  const bounds = { most: MOST_BYTES, below: below === undefined ? undefined : [below] };
  for (const path of paths) {
    try {
      return { path, text: readRegular(path, bounds).toString("utf8") };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return undefined;
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}
