/**
 * How the files of a tree are built and linked: chooses the maker that knows most of it, and goes from files that others include
 * as source to the units that are compiled.
 */

import { conditionOf } from "../../syntax/condition/condition.ts";
import { decide } from "../../syntax/condition/evaluate.ts";
import { symbolsSaid } from "../../syntax/condition/relations.ts";
import { ANY_VALUE, type PossibleValues } from "../../syntax/kbuild/guard.ts";
import type { MakeHost } from "../../syntax/kbuild/make.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { type Texts, watchTexts } from "../facts/texts.ts";
import { type IncludingUnit, isSourceFile, unitsIncluding } from "../index/included-sources.ts";
import { includersOf } from "../index/includers.ts";
import { type LinkUnit, unitText } from "../kbuild/link-unit.ts";
import { assignsAlways } from "../scripts/script-assignments.ts";
import { type CommandHost, commandLinks } from "./command-links.ts";
import { readDescriptions } from "./described-builds.ts";
import { describedElsewhere } from "./described-elsewhere.ts";
import type { FileLinks } from "./file-links.ts";
import { followedLinks } from "./followed-links.ts";
import { unitsWithScript, whyIncludedElsewhere } from "./included-scripts.ts";
import { KERNEL_SCRIPT, kernelFileLinks } from "./kernel-file-links.ts";
import { openLinkUnits } from "./kernel-links.ts";
import type { OpenReason } from "./link.ts";
import type { Links, Membership } from "./links.ts";
import { followMakefiles } from "./makefile-builds.ts";
import { pathsMatching } from "./makefile-glob.ts";
import { changeOfSymbolsAt, type Meanings, meaningOfName, readMeanings } from "./meanings-in-builds.ts";
import { moduleBuilds } from "./module-builds.ts";
import { namedLinks } from "./named-links.ts";
import { kbuildPartLinks, unknownLinks } from "./no-links.ts";
import { type TreeLinkSources, targetLinks } from "./target-links.ts";
import { membershipBeside } from "./workspace-listing.ts";

/** The directory below arch/ that files outside of arch/ are looked at for, unless the user names another. */
const USUAL_ARCHITECTURE = "x86";

/** A header of more sources than these is a part of whatever includes it: their links are not looked through. */
const MOST_INCLUDERS = 200;

export interface LinksOptions {
  readonly architecture?: string | undefined;
  /** What is known of the links of a tree that is no kernel. */
  readonly links?: TreeLinkSources | undefined;
  /** Nothing is read or followed for a question while the index is not complete, but by {@link Links.prepare} alone. */
  readonly isPreparedAhead?: boolean;
  /** Folders that the user says every file finds headers in, relative to the root. */
  readonly includeFolders?: readonly string[];
}

/**
 * Makes the model of a tree. It remembers what it has read; make a new one when a build file changes.
 * @param buildFiles the tree's Makefiles, Kbuild and Kconfig files
 */
export function makeLinks(
  index: LinkIndex,
  texts: Texts,
  buildFiles: readonly string[],
  options: LinksOptions = {},
): Links {
  const known = new Set(buildFiles);
  /** Texts of build files, kept here: they are small, and all of them are needed again and again. */
  const kept = new Map<string, string>();
  let unread: readonly string[] | undefined;
  /** Set when an answer lacked a text that is still to be read. */
  let isProvisional = false;

  /** Whether nothing is known yet: build files are still to be read, or to be followed ahead. */
  function isWaiting(): boolean {
    return (options.isPreparedAhead === true && !index.isComplete) || isReading();
  }

  /**
   * Whether build files are still to be read. They are asked for all at once, and until they are there nothing is concluded
   * from some of them: one Makefile leads to the next, and a walk over the tree that misses one has to start anew.
   */
  function isReading(): boolean {
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
    {
      readText,
      hasFile: (path) => known.has(path) || index.hasFile(path),
      treeFiles: (pattern) => treeFiles(pattern),
    },
    {
      architecture: usual,
      kconfigFiles: buildFiles.filter((path) => KCONFIG_FILE.test(path)),
      makefiles: buildFiles.filter((path) => !KCONFIG_FILE.test(path)),
    },
  );
  const isKernel = units.kind === "kernel";
  /** Follows Makefiles one step further, where there are any to follow. */
  let stepLinks = (): boolean => false;
  const files = isKernel ? kernelFileLinks(units, index) : treeLinks();
  const architectures = isKernel ? architecturesOf(buildFiles) : [];
  /** Those whose build nobody has looked at ahead; the one that most files are looked at for comes first. */
  const unprepared = [...architectures].sort((a, b) => Number(b === usual) - Number(a === usual));
  let sorted:
    | {
        readonly revision: number;
        readonly count: number;
        readonly paths: readonly string[];
        readonly found: Map<string, readonly string[]>;
      }
    | undefined;
  let held = { path: "", revision: 0, answers: new Map<string, boolean>() };
  const assigned = new Map<string, "yes" | "no" | "unknown">();
  /** Of all build files, once they are read: they are asked for each finding. */
  let meanings: Meanings | undefined;

  function treeLinks(): FileLinks {
    const { compiled, database = "compile_commands.json", named = [], builds = [], root = "" } = options.links ?? {};
    const listingOf = (path: string, unit: string) => membershipBeside(path, unit, readText);
    const host: CommandHost = {
      root,
      hasFile: (path) => index.hasFile(path),
      descriptions: readDescriptions(buildFiles, readText),
    };
    const isPart = known.has("Kbuild") && !known.has("Makefile") && !known.has("GNUmakefile");
    const found = () => {
      if (compiled !== undefined) return targetLinks(compiled, index, database);
      return isPart ? kbuildPartLinks(listingOf) : unknownLinks(listingOf);
    };
    const made =
      builds.length > 0 ? commandLinks(builds, host) : compiled === undefined ? makefiles(host, found()) : found();
    return namedLinks(named, made, listingOf);
  }

  /** The links of plain Makefiles, put together ahead in steps, or when they are first asked for: their texts are read by then. */
  function makefiles(host: CommandHost, otherwise: FileLinks): FileLinks {
    let made: FileLinks | undefined;
    let steps: ReturnType<typeof followMakefiles> | undefined;
    let asked = new Map<string, boolean>();
    let last = { revision: -1, count: -1 };

    /** Whether what is made, or is being made, still holds. */
    function isCurrent(): boolean {
      const { revision, fileCount: count } = index;
      const isSame = count === last.count && (revision === last.revision || !isChanged(asked));
      last = { revision, count };
      return isSame && (made !== undefined || steps !== undefined);
    }

    /** Goes on by one step; false where nothing is left to do. */
    stepLinks = () => {
      if (!isCurrent()) {
        made = undefined;
        asked = new Map();
        steps = followMakefiles(buildFiles, makefileHost(asked));
      }
      const step = steps?.next();
      if (step?.done !== true) return step !== undefined;
      const found = [step.value, moduleBuilds(buildFiles, makefileHost(asked))].filter((one) => one !== undefined);
      made = found.length === 0 ? otherwise : withDescriptions(commandLinks(found, host));
      steps = undefined;
      return false;
    };
    return followedLinks(() => {
      while (stepLinks());
      return made ?? otherwise;
    });
  }

  /** A source that other generators are told of, too, may be linked by them. */
  function withDescriptions(made: FileLinks): FileLinks {
    return {
      ...made,
      whyElsewhere(path) {
        const described = describedElsewhere(path, buildFiles, readText);
        return [...(made.whyElsewhere?.(path) ?? []), ...(described === undefined ? [] : [described])];
      },
    };
  }

  function isChanged(asked: ReadonlyMap<string, boolean>): boolean {
    for (const [path, isThere] of asked) if (index.hasFile(path) !== isThere) return true;
    return false;
  }

  function makefileHost(asked: Map<string, boolean>): MakeHost {
    return {
      readText: (path) => (known.has(path) ? kept.get(path) : undefined),
      hasFile(path) {
        const isThere = index.hasFile(path);
        asked.set(path, isThere);
        return isThere || known.has(path);
      },
      glob: treeFiles,
    };
  }

  /** All paths of the tree, sorted, and what was asked of them. */
  function treePaths(): NonNullable<typeof sorted> {
    const { revision, fileCount: count } = index;
    if (sorted?.count !== count || sorted.revision !== revision) {
      const paths = [...new Set([...index.paths(), ...known])].sort();
      sorted = { revision, count, paths, found: new Map() };
    }
    return sorted;
  }

  function treeFiles(pattern: string): readonly string[] {
    const { paths, found } = treePaths();
    let files = found.get(pattern);
    if (files === undefined) found.set(pattern, (files = pathsMatching(paths, pattern)));
    return files;
  }

  function translationUnitsOf(path: string): readonly IncludingUnit[] {
    const includers = unitsIncluding(index, path);
    if (includers === undefined || includers.length === 0) return [{ path, condition: "" }];
    // A file on the way that is compiled as a part of others alone is no unit.
    const compiled = includers.filter(
      (unit) => unitsIncluding(index, unit.path)?.length === 0 || files.isCompiled(unit.path),
    );
    return files.isCompiled(path) ? [{ path, condition: "" }, ...compiled] : compiled;
  }

  /** Empty where one of the units that the file is part of is not known to be built: there it may be linked anywhere. */
  function membershipsOf(path: string): readonly Membership[] {
    if (isWaiting()) return [];
    const found: Membership[] = [];
    const compiled = translationUnitsOf(path);
    for (const unit of compiled) {
      const memberships = files.membershipsOf(unit.path);
      if (memberships.length === 0) return [];
      found.push(...(unit.path === path ? memberships : memberships.map((membership) => withinUnit(membership, unit))));
    }
    return found;
  }

  function unitsIn(
    path: string,
    architecture: string,
    possible: PossibleValues,
    counts: (unit: IncludingUnit) => boolean,
  ): readonly LinkUnit[] | undefined {
    const compiled = translationUnitsOf(path).filter(counts);
    if (compiled.length === 1 && compiled[0]!.path === path) return units.unitsIn(path, architecture, possible);
    const found = new Map<string, LinkUnit>();
    let isKnown = true;
    for (const { path: unit, condition } of compiled) {
      if (decide(conditionOf(condition), { possible }) === "no") continue;
      const inUnit = units.unitsIn(unit, architecture, possible);
      if (inUnit === undefined) isKnown = false;
      for (const one of inUnit ?? []) found.set(unitText(one), one);
    }
    return isKnown || found.size > 0 ? [...found.values()] : undefined;
  }

  function anyPair(path: string, other: string, meets: (one: string, another: string) => boolean): boolean {
    if (path === other) return true;
    const others = translationUnitsOf(other);
    return translationUnitsOf(path).some((one) => others.some((another) => meets(one.path, another.path)));
  }

  function unitNamesOf(path: string, counts: (unit: IncludingUnit) => boolean): readonly string[] {
    const compiled = translationUnitsOf(path).filter(counts);
    return [...new Set(compiled.flatMap((unit) => files.unitsOf(unit.path).map(unitText)))];
  }

  function whyOpenAt(path: string): readonly OpenReason[] {
    const linking = unitsOfScript(path);
    if (linking !== undefined && linking.length > 0)
      return [
        ...new Set([...linking.flatMap(files.whyOpen), ...(isKernel ? [] : whyIncludedElsewhere(path, index, files))]),
      ];
    const compiled = isSourceFile(path) ? translationUnitsOf(path).map((unit) => unit.path) : sourcesIncluding(path);
    return [...new Set(compiled.flatMap(whyFileOpen))];
  }

  const unitsOfScript = (path: string) => (isKernel ? files.unitsOfScript(path) : unitsWithScript(path, index, files));

  function whyFileOpen(path: string): readonly OpenReason[] {
    const known = files.unitsOf(path);
    const reasons = known.flatMap((one) => files.whyOpen(unitText(one)));
    const more = files.whyElsewhere?.(path) ?? [];
    return known.length + more.length === 0 ? files.whyUnknown(path) : [...reasons, ...more];
  }

  /** The units that are compiled with the header in them; the header itself where there are none or too many. */
  function sourcesIncluding(header: string): readonly string[] {
    const sources = [...includersOf(index, header)].filter(isSourceFile).sort();
    if (sources.length === 0 || sources.length > MOST_INCLUDERS) return [header];
    return [...new Set(sources.flatMap((source) => translationUnitsOf(source).map((unit) => unit.path)))];
  }

  /** One file is mostly held against many others, again and again while texts are being read. */
  function remembered(path: string, other: string, meets: () => boolean): boolean {
    const { inclusionRevision: revision } = index;
    if (path !== held.path || revision !== held.revision) held = { path, revision, answers: new Map() };
    let answer = held.answers.get(other);
    if (answer === undefined) {
      isProvisional = false;
      answer = meets();
      if (!isProvisional) held.answers.set(other, answer);
    }
    return answer;
  }

  return {
    buildFiles,
    all: () => (isWaiting() ? [] : files.all()),
    linkOf: (unit) => (isWaiting() ? undefined : files.linkOf(unit)),
    whyOpen: (unit) => (isWaiting() ? WAITING : files.whyOpen(unit)),
    whyOpenAt: (path) => (isWaiting() ? WAITING : whyOpenAt(path)),
    meaningOf(name) {
      if (isWaiting()) return undefined;
      return meaningOfName(name, files.all(), (meanings ??= readMeanings(kept)));
    },
    changeOfSymbolsAt: (path) => (isWaiting() ? undefined : changeOfSymbolsAt(path, (meanings ??= readMeanings(kept)))),
    ltoFlags() {
      return isKernel && !isWaiting() && (readText("Makefile")?.includes("CC_FLAGS_LTO") ?? false)
        ? "$(CC_FLAGS_LTO)"
        : undefined;
    },
    membershipsOf,
    unitsOf: (path, counts = everyUnit) => (isWaiting() ? [] : unitNamesOf(path, counts)),
    translationUnitsOf: (path) => (isWaiting() ? [{ path, condition: "" }] : translationUnitsOf(path)),
    canLink: (path, other) => isWaiting() || remembered(path, other, () => anyPair(path, other, files.canLink)),
    mayMeet: (path, other) => isWaiting() || anyPair(path, other, files.mayMeet),
    unitsOfScript: (path) => (isWaiting() ? undefined : unitsOfScript(path)),
    hasKconfig: isKernel,
    forcedHeaders: isKernel ? KERNEL_HEADERS.filter((path) => index.hasFile(path)) : [],
    includeFolders: [...(isKernel ? ["include"] : []), ...(options.includeFolders ?? [])],
    architectures,
    unitsIn: (path, architecture, possible, counts = everyUnit) =>
      !isKernel || isWaiting() ? undefined : unitsIn(path, architecture, possible, counts),
    possibleOn: (architecture) => (isWaiting() ? () => ANY_VALUE : units.possibleOn(architecture)),
    areAlternatives: (one, other) => !isWaiting() && units.areAlternatives(one, other),
    prepare(reach) {
      if (isReading()) return false;
      const [next] = unprepared;
      if (next === undefined) return stepLinks();
      if (reach === "usual" && next !== usual) return false;
      if (!units.prepare(next)) unprepared.shift();
      return unprepared.length > 0;
    },
    problems: () => (isWaiting() || !index.isComplete ? [] : units.problems()),
    isAssignedEverywhere(name) {
      if (!index.isComplete) return "unknown";
      let answer = assigned.get(name);
      if (answer === undefined) {
        const scripts = [...index.paths()].filter((path) => (isKernel ? KERNEL_SCRIPT : SCRIPT).test(path));
        // Of the headers that the scripts include too: what is concluded without one of them is of no worth.
        const watched = watchTexts(texts);
        const isEverywhere = scripts.length > 0 && scripts.every((path) => assignsAlways(path, name, index, watched));
        answer = isEverywhere ? "yes" : isKernel ? "no" : "unknown";
        if (watched.isWhole()) assigned.set(name, answer);
      }
      return answer;
    },
  };
}

const everyUnit = (): boolean => true;

/** What is said of all links until the build files are read. */
const WAITING: readonly OpenReason[] = [{ kind: "no build", text: "the build files are still being read" }];

/** What the kernel's build puts before every C file (USERINCLUDE, LINUXINCLUDE and c_flags of its Makefiles). */
const KERNEL_HEADERS = ["include/linux/kconfig.h", "include/linux/compiler_types.h"];

/** The way of a translation unit's object to its link, for what another file adds to it. */
function withinUnit(membership: Membership, { condition }: IncludingUnit): Membership {
  const { guard } = membership;
  const demanded = symbolsSaid(conditionOf(condition));
  const isKnown = guard !== undefined && demanded !== undefined;
  return { ...membership, guard: isKnown ? [...new Set([...guard, ...demanded])] : undefined };
}

function architecturesOf(buildFiles: readonly string[]): readonly string[] {
  return buildFiles.flatMap((path) => /^arch\/([^/]+)\/Makefile$/.exec(path)?.[1] ?? []).sort();
}

const KCONFIG_FILE = /(?:^|\/)Kconfig[^/]*$/;

const SCRIPT = /\.(?:lds?|x)(?:\.S)?$/;
