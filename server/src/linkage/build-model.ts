/** How the files of a tree are built and linked, from its Kbuild files where it has them. */

import type { LinkIndex } from "./link-index.ts";
import type { BuildModel } from "./program.ts";
import { assignsAlways } from "./script-assignments.ts";
import type { Texts } from "./texts.ts";

const WORKSPACE = "workspace";

/** Makes the model of a tree whose files are all taken to be one link. */
export function createBuildModel(index: LinkIndex, texts: Texts, _buildFiles: () => readonly string[]): BuildModel {
  return {
    kind: "workspace",
    ltoFlags: undefined,
    placementsOf: () => [{ unit: WORKSPACE, reach: "object", guard: undefined }],
    unitsOf: () => [WORKSPACE],
    canLink: () => true,
    isAssignedEverywhere(name) {
      const scripts = [...index.paths()].filter((path) => /\.(?:lds?|x)(?:\.S)?$/.test(path));
      return scripts.length > 0 && scripts.every((path) => assignsAlways(path, name, index, texts)) ? "yes" : "unknown";
    },
  };
}
