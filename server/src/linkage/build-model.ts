/** How the files of a tree are built and linked: a kernel by its Makefiles, another tree as one link. */

import type { LinkIndex } from "./link-index.ts";
import { unitText } from "./link-unit.ts";
import { openLinkUnits, placementsFor } from "./link-units.ts";
import type { BuildModel, Placement } from "./program.ts";
import { assignsAlways } from "./script-assignments.ts";
import type { Texts } from "./texts.ts";
import { placementBeside } from "./workspace-listing.ts";

/** The link that all files of a tree are part of when nothing says otherwise. */
const WORKSPACE = "workspace";

/** The directory below arch/ that files outside of arch/ are looked at for, unless the user names another. */
const USUAL_ARCHITECTURE = "x86";

export interface BuildModelOptions {
  readonly architecture?: string | undefined;
}

/**
 * Makes the model of a tree. It remembers what it has read; make a new one when a build file changes.
 * @param buildFiles the tree's Makefiles, Kbuild and Kconfig files
 */
export function createBuildModel(
  index: LinkIndex,
  texts: Texts,
  buildFiles: readonly string[],
  options: BuildModelOptions = {},
): BuildModel {
  const known = new Set(buildFiles);
  /** Texts of build files, kept here: they are small, and the walk over them starts anew when one is missing. */
  const kept = new Map<string, string>();
  let isAsked = false;

  function readText(path: string): string | undefined {
    const text = kept.get(path);
    if (text !== undefined) return text;
    if (!known.has(path) && !index.hasFile(path)) return undefined;
    if (!isAsked) {
      // All at once, as one Makefile leads to the next and each step would cost a round of reading.
      isAsked = true;
      for (const one of buildFiles) texts.source(one);
    }
    const source = texts.source(path);
    if (source === undefined) return undefined;
    const read = source.slice(0, source.length);
    if (known.has(path)) kept.set(path, read);
    return read;
  }

  const units = openLinkUnits(
    { readText, hasFile: (path) => known.has(path) || index.hasFile(path) },
    {
      architecture: options.architecture ?? USUAL_ARCHITECTURE,
      kconfigFiles: buildFiles.filter((path) => /(?:^|\/)Kconfig[^/]*$/.test(path)),
    },
  );
  const isKernel = units.kind === "kernel";
  const assigned = new Map<string, "yes" | "no" | "unknown">();

  function placementsOf(path: string): readonly Placement[] {
    if (isKernel) return placementsFor(path, units);
    return [placementBeside(path, WORKSPACE, readText) ?? { unit: WORKSPACE, reach: "object", guard: [] }];
  }

  return {
    kind: units.kind,
    get ltoFlags() {
      return isKernel && (readText("Makefile")?.includes("CC_FLAGS_LTO") ?? false) ? "$(CC_FLAGS_LTO)" : undefined;
    },
    placementsOf,
    unitsOf: (path) => (isKernel ? units.unitsOf(path).map(unitText) : [WORKSPACE]),
    canLink: (path, other) => units.canLink(path, other),
    architectures: isKernel ? architecturesOf(buildFiles) : [],
    unitsIn: (path, architecture, possible) => units.unitsIn(path, architecture, possible),
    possibleOn: (architecture) => units.possibleOn(architecture),
    isAssignedEverywhere(name) {
      if (!index.isComplete) return "unknown";
      let answer = assigned.get(name);
      if (answer === undefined) {
        const scripts = [...index.paths()].filter((path) => (isKernel ? KERNEL_SCRIPT : SCRIPT).test(path));
        const isEverywhere = scripts.length > 0 && scripts.every((path) => assignsAlways(path, name, index, texts));
        answer = isEverywhere ? "yes" : isKernel ? "no" : "unknown";
        if (!scripts.some((path) => texts.isPending(path))) assigned.set(name, answer);
      }
      return answer;
    },
  };
}

function architecturesOf(buildFiles: readonly string[]): readonly string[] {
  return buildFiles.flatMap((path) => /^arch\/([^/]+)\/Makefile$/.exec(path)?.[1] ?? []).sort();
}

const SCRIPT = /\.(?:lds?|x)(?:\.S)?$/;

/** The scripts that link vmlinux, one for each architecture (scripts/link-vmlinux.sh: KBUILD_LDS). */
const KERNEL_SCRIPT = /^arch\/[^/]+\/kernel\/vmlinux\.lds\.S$/;
