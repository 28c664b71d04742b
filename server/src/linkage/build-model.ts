/**
 * How the files of a tree are built and linked: a kernel by its Makefiles; another tree by its compile database and what the
 * user says of it, or as one link.
 */

import { ANY_VALUE } from "../syntax/kbuild/guard.ts";
import type { LinkIndex } from "./link-index.ts";
import { unitText } from "./link-unit.ts";
import { openLinkUnits, placementsFor } from "./link-units.ts";
import type { BuildModel, Placement } from "./program.ts";
import { assignsAlways } from "./script-assignments.ts";
import type { Texts } from "./texts.ts";
import { openTreeLinks, type TreeLinkSources } from "./tree-links.ts";
import { placementBeside } from "./workspace-listing.ts";

/** The link that all files of a tree are part of when nothing says otherwise. */
const WORKSPACE = "workspace";

/** The directory below arch/ that files outside of arch/ are looked at for, unless the user names another. */
const USUAL_ARCHITECTURE = "x86";

export interface BuildModelOptions {
  readonly architecture?: string | undefined;
  /** What is known of the links of a tree that is no kernel. */
  readonly links?: TreeLinkSources | undefined;
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
  /** Texts of build files, kept here: they are small, and all of them are needed again and again. */
  const kept = new Map<string, string>();
  let unread: readonly string[] | undefined;
  /** Set when an answer lacked a text that is still to be read. */
  let isProvisional = false;

  /**
   * Whether build files are still to be read. They are asked for all at once, and until they are there nothing is concluded
   * from some of them: one Makefile leads to the next, and a walk over the tree that misses one has to start anew.
   */
  function isWaiting(): boolean {
    if (unread?.length === 0) return false;
    const last = unread?.[unread.length - 1];
    if (last !== undefined && texts.isPending(last)) {
      // Asked for again, as somebody else may have asked before.
      texts.source(last);
      return true;
    }
    unread = (unread ?? buildFiles).filter((path) => {
      const source = texts.source(path);
      if (source === undefined) return texts.isPending(path);
      kept.set(path, source.slice(0, source.length));
      return false;
    });
    return unread.length > 0;
  }

  function readText(path: string): string | undefined {
    const text = kept.get(path);
    if (text !== undefined || known.has(path) || !index.hasFile(path)) return text;
    const source = texts.source(path);
    if (source === undefined && texts.isPending(path)) isProvisional = true;
    return source?.slice(0, source.length);
  }

  const usual = options.architecture ?? USUAL_ARCHITECTURE;
  const units = openLinkUnits(
    { readText, hasFile: (path) => known.has(path) || index.hasFile(path) },
    {
      architecture: usual,
      kconfigFiles: buildFiles.filter((path) => /(?:^|\/)Kconfig[^/]*$/.test(path)),
    },
  );
  const isKernel = units.kind === "kernel";
  const links = isKernel || options.links === undefined ? undefined : openTreeLinks(options.links, index);
  const architectures = isKernel ? architecturesOf(buildFiles) : [];
  /** Those whose build nobody has looked at ahead; the one that most files are looked at for comes first. */
  const unprepared = [...architectures].sort((a, b) => Number(b === usual) - Number(a === usual));
  let held = { path: "", answers: new Map<string, boolean>() };
  const assigned = new Map<string, "yes" | "no" | "unknown">();

  function placementsOf(path: string): readonly Placement[] {
    if (isWaiting()) return [];
    if (isKernel) return placementsFor(path, units);
    if (links !== undefined) return links.placementsOf(path);
    return [placementBeside(path, WORKSPACE, readText) ?? { unit: WORKSPACE, reach: "object", guard: [] }];
  }

  return {
    kind: links === undefined ? units.kind : "targets",
    get ltoFlags() {
      return isKernel && !isWaiting() && (readText("Makefile")?.includes("CC_FLAGS_LTO") ?? false)
        ? "$(CC_FLAGS_LTO)"
        : undefined;
    },
    placementsOf,
    unitsOf(path) {
      if (isWaiting()) return [];
      if (links !== undefined) return links.unitsOf(path).map(unitText);
      return isKernel ? units.unitsOf(path).map(unitText) : [WORKSPACE];
    },
    isOpen: (unit) => links?.isOpen(unit) ?? false,
    canLink(path, other) {
      if (links !== undefined) return links.canLink(path, other);
      if (isWaiting()) return true;
      // One file is mostly held against many others, again and again while texts are being read.
      if (path !== held.path) held = { path, answers: new Map() };
      let answer = held.answers.get(other);
      if (answer === undefined) {
        isProvisional = false;
        answer = units.canLink(path, other);
        if (!isProvisional) held.answers.set(other, answer);
      }
      return answer;
    },
    architectures,
    unitsIn: (path, architecture, possible) => (isWaiting() ? undefined : units.unitsIn(path, architecture, possible)),
    possibleOn: (architecture) => (isWaiting() ? () => ANY_VALUE : units.possibleOn(architecture)),
    prepare() {
      const [next] = unprepared;
      if (next === undefined || isWaiting()) return false;
      if (!units.prepare(next)) unprepared.shift();
      return unprepared.length > 0;
    },
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
