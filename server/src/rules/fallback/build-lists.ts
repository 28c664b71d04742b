/**
 * How build files come to list a fallback's file: in every place that lists the file beside it. It refuses where the fallback would
 * not be built whenever a user is, and says what is left to people where no build file lists the neighbour.
 */

import { isUnreadDescription } from "../../linkage/facts/file-kinds.ts";
import { pathsNamed } from "../../linkage/index/includers.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { applyEdits, type TextEdit } from "../../text/edit.ts";
import { indexOfWord } from "../../text/has-word.ts";
import { baseName, folderOf, withoutEnding } from "../../text/path.ts";
import { textOf } from "./file-text.ts";
import { isSafe } from "./forms.ts";
import { listInCmake } from "./list-in-cmake.ts";
import { listInKbuild } from "./list-in-kbuild.ts";
import { listInMakefile } from "./list-in-makefile.ts";
import { listInMeson } from "./list-in-meson.ts";
import type { BuildFile, Neighbour, NeighbourListing } from "./neighbour-words.ts";
import type { User } from "./users.ts";

/** The change of one build file. */
export interface ListingChange {
  readonly path: string;
  readonly edits: readonly TextEdit[];
  /** The fallback is built in every build, whether its neighbour is or not. */
  readonly isUnconditional: boolean;
}

/** The changes of build files that list a new file, and what is left to people. */
export interface ListedFallback {
  readonly listings: readonly ListingChange[];
  readonly advice: string | undefined;
}

type Answer = ListedFallback | { readonly refusal: string };

/** Lists a new file beside a user of the symbol. */
export function listBeside(
  beside: User,
  users: readonly User[],
  path: string,
  { isFunction, inSeveral }: { readonly isFunction: boolean; readonly inSeveral: boolean },
  program: Program,
): Answer {
  const [unit, ...others] = program.links.translationUnitsOf(beside.path);
  if (unit === undefined || others.length > 0) return { refusal: `more than one file has ${beside.path} in it` };
  const neighbour: Neighbour = {
    path: unit.path,
    added: path,
    hasOwnName: pathsNamed(program.index, baseName(unit.path)).length < 2,
  };
  if (beside.membership.listing !== undefined) return listInLists(beside, users, neighbour, isFunction, program);
  if (program.links.hasKconfig || users.some(({ membership }) => membership.listing !== undefined)) {
    return { refusal: `no build file is known to list ${beside.path}` };
  }
  return inSeveral ? listEverywhere(neighbour, program) : listAnywhere(neighbour, program);
}

/** In all build files that name the neighbour, so that each of the links that have it has the added file. */
function listEverywhere(neighbour: Neighbour, program: Program): Answer {
  const listings: ListingChange[] = [];
  for (const file of buildFilesFor(neighbour, program)) {
    const listed = listIn(file, neighbour);
    const after = listed?.kind === "edits" ? applyEdits(file.text, listed.edits) : file.text;
    const isWhole =
      after !== undefined && countWord(after, stemOf(neighbour.added)) === countWord(file.text, stemOf(neighbour.path));
    if (!isWhole || (listed !== undefined && listed.kind !== "edits")) {
      return {
        refusal: `${file.path} names ${neighbour.path} in a way that is not understood, for one of several links`,
      };
    }
    if (listed !== undefined) listings.push({ path: file.path, edits: listed.edits, isUnconditional: false });
  }
  if (listings.length === 0)
    return { refusal: `no build file is known to list ${neighbour.path} for each of its links` };
  return { listings, advice: undefined };
}

function stemOf(path: string): string {
  return withoutEnding(baseName(path));
}

/** How often the word stands in the text by itself. */
function countWord(text: string, word: string): number {
  let count = 0;
  for (let rest = text; ; count++) {
    const at = indexOfWord(rest, word);
    if (at < 0) return count;
    rest = rest.slice(at + word.length);
  }
}

/** In Kbuild's lists, whose conditions are known. */
function listInLists(
  { path, membership }: User,
  users: readonly User[],
  neighbour: Neighbour,
  isFunction: boolean,
  program: Program,
): Answer {
  const { listing, guard } = membership;
  if (listing === undefined || guard === undefined) {
    return { refusal: `the condition under which ${path} is built is not understood` };
  }
  const source = program.texts.source(listing.path);
  const folder = folderOf(listing.path);
  const isBelow = path.startsWith(folder) && neighbour.path.startsWith(folder);
  const allHave = (symbols: readonly string[]) =>
    users.every((user) => symbols.every((symbol) => user.guard.includes(symbol)));
  const isUnconditional = !allHave(guard);
  if (isUnconditional) {
    const uncovered = users.find((user) => !listing.folderGuard.every((symbol) => user.guard.includes(symbol)));
    if (uncovered !== undefined) {
      return { refusal: `${uncovered.path} uses the symbol in builds that leave ${listing.path} out` };
    }
    if (listing.isConditional) {
      return { refusal: `${listing.path} lists ${path} under a condition that not all users share` };
    }
  }
  // Link-time optimization looks into other files; without its flags this one is a plain object that nothing looks into.
  const form = isFunction ? "other-file function" : "other-file const object";
  const edits =
    source === undefined || !isBelow
      ? undefined
      : listInKbuild({ path: listing.path, text: textOf(source) }, neighbour, {
          object: `${withoutEnding(neighbour.path.slice(folder.length))}.o`,
          variable: isUnconditional ? "obj-y" : undefined,
          ltoFlags: isSafe(form, true) ? undefined : program.links.ltoFlags(),
        });
  if (edits === undefined) return { refusal: `${listing.path} does not list ${neighbour.path} by its name` };
  return { listings: [{ path: listing.path, edits, isUnconditional }], advice: undefined };
}

/** In whatever plain Makefile, CMake or Meson file lists the neighbour. */
function listAnywhere(neighbour: Neighbour, program: Program): Answer {
  const listings: ListingChange[] = [];
  let covered: NeighbourListing | undefined;
  for (const file of buildFilesFor(neighbour, program)) {
    const listed = listIn(file, neighbour);
    if (listed?.kind === "refusal") return unlisted(neighbour, listed.refusal);
    if (listed?.kind === "covered") covered = listed;
    if (listed?.kind === "edits") listings.push({ path: file.path, edits: listed.edits, isUnconditional: false });
  }
  if (listings.length > 0) return { listings, advice: undefined };
  if (covered?.kind === "covered") return { listings, advice: covered.advice };
  return unlisted(neighbour, undefined);
}

function unlisted({ added }: Neighbour, why: string | undefined): ListedFallback {
  const reason = why === undefined ? "" : `, as ${why}`;
  return { listings: [], advice: `add ${added} to your build${reason}` };
}

function listIn(file: BuildFile, neighbour: Neighbour): NeighbourListing | undefined {
  const name = baseName(file.path);
  if (name === "CMakeLists.txt" || name.endsWith(".cmake")) return listInCmake(file, neighbour);
  if (name.startsWith("meson")) return listInMeson(file, neighbour);
  return listInMakefile(file, neighbour);
}

/** The tree's build files that people write, with their texts. */
function buildFilesFor(neighbour: Neighbour, { links, texts }: Program): BuildFile[] {
  const read = links.buildFiles.filter((path) => !baseName(path).startsWith("Kconfig") && !isUnreadDescription(path));
  const paths = new Set(read);
  for (let folder = folderOf(neighbour.path); ; folder = folderOf(folder.slice(0, -1))) {
    for (const name of ["CMakeLists.txt", "meson.build"]) paths.add(folder + name);
    if (folder === "") break;
  }
  return [...paths].sort().flatMap((path) => {
    const source = texts.source(path);
    return source === undefined || isGenerated(textOf(source)) ? [] : [{ path, text: textOf(source) }];
  });
}

/** What CMake, automake and configure write says so in its first lines. */
function isGenerated(text: string): boolean {
  return text
    .split("\n", GENERATED_LINES)
    .some((line) => line.startsWith("#") && line.toLowerCase().includes("generated"));
}

const GENERATED_LINES = 4;
