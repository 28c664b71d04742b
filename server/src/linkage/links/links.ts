/**
 * The links of a tree, as rules and features ask of them: which files are combined by which link, and what is known of it. Each kind
 * of build has a maker beside this file (make-links.ts chooses). It knows no build system.
 */

import type { PossibleValues } from "../../syntax/kbuild/guard.ts";
import type { IncludingUnit } from "../index/included-sources.ts";
import type { LinkUnit } from "../kbuild/link-unit.ts";
import type { ModelProblem } from "../kbuild/model-problems.ts";
import type { Link, OpenReason } from "./link.ts";

/** How one file's object reaches a link. */
export interface Membership {
  /** The link unit: "vmlinux", "module", "host tool" … as link-units.ts names them. */
  readonly unit: string;
  /**
   * - object: always part of the link when it is built
   * - archive: a member that the linker takes only when somebody refers to it (lib-y, .a)
   * - unknown: nothing is known of how it is built
   */
  readonly reach: "object" | "archive" | "unknown";
  /** Configuration symbols that must all be y for the file to be built; undefined where the condition is not understood. */
  readonly guard: readonly string[] | undefined;
  /** Where the build file lists the object, or that of the unit that includes the file, so that a neighbour can be listed behind it. */
  readonly listing?: {
    readonly path: string;
    /** The offset at which a new line goes: the start of the line after the listing. */
    readonly insertAt: number;
    /** The left side: "obj-$(CONFIG_KALLSYMS)", "obj-y". */
    readonly variable: string;
    /** The configuration symbols under which the build enters this folder at all. */
    readonly folderGuard: readonly string[];
    /** The listing stands within ifdef or ifeq. */
    readonly isConditional: boolean;
  };
}

/** What is known of how files are built and linked. */
export interface Links {
  /** The tree's Makefiles, Kbuild, Kconfig and other build files, by path. */
  readonly buildFiles: readonly string[];
  /** The links that are known one by one, with their inputs where they are listed. A kernel's are not enumerated. */
  all(): readonly Link[];
  /** A link by its name; undefined for a name that is no link's. */
  linkOf(unit: string): Link | undefined;
  /** Why what is in the link, or what can define a symbol there, is not known whole; empty where the link is closed. */
  whyOpen(unit: string): readonly OpenReason[];
  /**
   * The same of every link that the file can be part of. Never empty for a file of which no link is known, as for a header that
   * nothing includes.
   */
  whyOpenAt(path: string): readonly OpenReason[];
  /** Every way in which the file can be part of a link; empty for headers, which are part of whatever includes them. */
  membershipsOf(path: string): readonly Membership[];
  /**
   * The units that are compiled with this file in them: itself, and those that include it as source (`#include "rt.c"`), the
   * links of which are its own. Itself is left out where others include it and nothing is known to compile it alone.
   */
  translationUnitsOf(path: string): readonly IncludingUnit[];
  /**
   * Names of the links that the file can be part of; a header's are those of the files that may include it.
   * @param counts which of its translation units count; all of them where this is left out
   */
  unitsOf(path: string, counts?: (unit: IncludingUnit) => boolean): readonly string[];
  /**
   * False when the two files are known never to be part of the same link, as a host tool's and the kernel's, or seem so: of a
   * compile database alone that two targets are programs is concluded from their sources. Good enough for what is reported.
   */
  canLink(path: string, other: string): boolean;
  /** The same, false only where it is known for sure: what fixes are judged by. */
  mayMeet(path: string, other: string): boolean;
  /**
   * The links that a linker script is part of (-T, or what another script includes); undefined where that is not known and it may
   * be part of any.
   */
  unitsOfScript(path: string): readonly string[] | undefined;
  /**
   * Where the build gives a symbol's name another meaning than sources do (--wrap, --defsym, objcopy, -D), as a clause; undefined where it
   * does not.
   */
  meaningOf(name: string): string | undefined;
  /** Where the build changes symbols of a file's object whatever their names (objcopy --keep-global-symbols), as a clause. */
  changeOfSymbolsAt(path: string): string | undefined;
  /** How build files name the flags of link-time optimization, so that a file can be left out of it: "$(CC_FLAGS_LTO)". */
  ltoFlags(): string | undefined;
  /** Kconfig makes the configuration symbols, CONFIG_X, that sources ask for. */
  readonly hasKconfig: boolean;
  /** Headers that the build puts before every C file (-include), by their paths. */
  readonly forcedHeaders: readonly string[];
  /** Folders that every file of the build finds headers in: "include". */
  readonly includeFolders: readonly string[];
  /** The architectures of a kernel tree: the directories of arch/ with a Makefile, sorted. None for another tree. */
  readonly architectures: readonly string[];
  /**
   * The links that the file can be part of where the tree is built for an architecture and configuration symbols can have
   * these values, as masks of guard.ts. Empty where it is not built; undefined where that is not known, as for a header, and in
   * trees that are not configured in that way.
   */
  unitsIn(
    path: string,
    architecture: string,
    possible: PossibleValues,
    counts?: (unit: IncludingUnit) => boolean,
  ): readonly LinkUnit[] | undefined;
  /** The values that a configuration symbol can have on an architecture. */
  possibleOn(architecture: string): PossibleValues;
  /** Whether Kconfig has the two configuration symbols in one choice, so that never both are y. */
  areAlternatives(one: string, other: string): boolean;
  /**
   * Does some milliseconds of the work that the first questions about files would wait for.
   * @param reach "usual": what most files need; "all": for those of every architecture
   * @returns false once nothing is left to do
   */
  prepare(reach: "usual" | "all"): boolean;
  /** What is missing in what is known of the links, for people: said once. Empty while build files are still being read. */
  problems(): readonly ModelProblem[];
  /** Whether the linker scripts of the main link unit assign the symbol in every architecture and configuration. */
  isAssignedEverywhere(name: string): "yes" | "no" | "unknown";
}
