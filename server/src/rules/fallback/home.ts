/**
 * Where fallback definitions go: a file that never reads them, `<stem>_weak.c` beside a user, and its line in the build
 * file. The fallback must be built whenever any user is, and linked into the same image.
 */

import { architectureOf } from "../../linkage/facts/architecture.ts";
import { includersOf } from "../../linkage/index/includers.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { baseName, folderOf, withoutEnding } from "../../text/path.ts";
import type { Source } from "../../text/source.ts";
import { type ListingChange, listBeside } from "./build-lists.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { includesForFallback } from "./fallback-includes.ts";
import { textOf } from "./file-text.ts";
import type { User, Users } from "./users.ts";

/** A file for fallback definitions. */
export interface FallbackHome {
  readonly path: string;
  /** How the weak attribute is spelled there. */
  readonly weak: string;
  /** The #include line of the header that declares the symbol; undefined where a C file declares it. */
  readonly header: string | undefined;
  /** Lines that the definition's types need besides. */
  readonly includes: readonly string[];
  /** The line of the licence of the file beside it, with its newline, or "". */
  readonly licence: string;
  /** How build files come to list it; none where they do already, or none is known that could. */
  readonly listings: readonly ListingChange[];
  /** What the user has to do besides, for the fix's title. */
  readonly advice: string | undefined;
}

/** The file for the symbol's fallback, or why there is no safe place. */
export function findHome(
  name: string,
  declared: LocatedDeclaration,
  { files: users, further }: Users,
  isFunction: boolean,
  program: Program,
): FallbackHome | { readonly refusal: string } {
  const { links, texts, index } = program;
  const beside = chooseUser(declared, users);
  const unlinked = [users, ...further]
    .map((some) => findUnlinked(beside?.path, some))
    .find((user) => user !== undefined);
  if (beside !== undefined && unlinked !== undefined && !links.hasKconfig) {
    return { refusal: `${unlinked.path} uses '${name}' and may be linked without ${beside.path}` };
  }
  if (beside === undefined) return { refusal: `no C file of the link uses '${name}'` };
  const architecture = architectureOf(beside.path) ?? architectureOf(declared.path);
  const elsewhere = users.find((user) => architecture !== undefined && architectureOf(user.path) !== architecture);
  if (elsewhere !== undefined) {
    return { refusal: `${elsewhere.path} uses '${name}' on other architectures than ${architecture}, too` };
  }
  if (declared.path.endsWith(".c") && declared.path !== beside.path) {
    return { refusal: `${beside.path} does not see the declaration in ${declared.path}` };
  }
  const source = texts.source(beside.path);
  if (source === undefined) return { refusal: `${beside.path} could not be read` };

  const folder = folderOf(beside.path);
  const stem = withoutEnding(beside.path.slice(folder.length));
  const path = `${folder}${stem}_weak.c`;
  const include = includesForFallback(declared, beside.path, source, program);
  if ("refusal" in include) return include;

  const exists = index.hasFile(path);
  if (exists && users.some((user) => links.translationUnitsOf(user.path).some((unit) => unit.path === path))) {
    return { refusal: `${path}, where the fallback would go, uses '${name}' itself` };
  }
  const includer = exists ? links.translationUnitsOf(path).find((unit) => unit.path !== path) : undefined;
  if (includer !== undefined) {
    return { refusal: `${includer.path} includes ${path}, where the fallback would go` };
  }
  const units = [users, ...further].map(([user]) => user?.membership.unit);
  const inSeveral = further.length > 0;
  const listed = exists
    ? checkListed(path, users, units, program)
    : listBeside(beside, users, path, { isFunction, inSeveral }, program);
  if (listed !== undefined && "refusal" in listed) return listed;
  return {
    path,
    weak: weakWord(program),
    ...include,
    licence: licenceOf(source),
    listings: listed?.listings ?? [],
    advice: listed?.advice,
  };
}

/** How the attribute is spelled in any file of the tree. */
export function weakWord(program: Program): string {
  return isWordEverywhere("__weak", program) ? "__weak" : "__attribute__((weak))";
}

/** Whether a macro that means weak is defined in what the build puts before every file. */
function isWordEverywhere(word: string, { links, index, isWeakWord }: Program): boolean {
  if (!isWeakWord(word)) return false;
  return index
    .macros(word)
    .some(({ path }) => links.forcedHeaders.some((header) => header === path || includersOf(index, path).has(header)));
}

/** The declaring C file itself, else a user beside the header, else the first user; of equals the one with more uses. */
function chooseUser(declared: LocatedDeclaration, users: readonly User[]): User | undefined {
  const own = users.find((user) => user.path === declared.path);
  if (own !== undefined) return own;
  const folder = folderOf(declared.path);
  const sorted = [...users].sort(
    (a, b) =>
      Number(isLinkedWith(b, a)) - Number(isLinkedWith(a, b)) ||
      Number(isIn(b.path, folder)) - Number(isIn(a.path, folder)) ||
      b.useCount - a.useCount ||
      (a.path < b.path ? -1 : 1),
  );
  return sorted.find((user) => user.path.endsWith(".c"));
}

/** Whether the first is linked in every configuration that the other is linked in, as far as that is known without Kconfig. */
function isLinkedWith(one: User | undefined, { membership }: User): boolean {
  return one?.membership.guard !== undefined || (one?.membership === membership && membership !== undefined);
}

/** A user that may be in the link without the file. */
function findUnlinked(path: string | undefined, users: readonly User[]): User | undefined {
  const beside = users.find((user) => user.path === path);
  return users.find((user) => user !== beside && !isLinkedWith(beside, user));
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(folder) && !path.slice(folder.length).includes("/");
}

/** An existing fallback file is good when it is built whenever any user is. */
function checkListed(
  path: string,
  users: readonly User[],
  units: readonly (string | undefined)[],
  program: Program,
): undefined | { readonly refusal: string } {
  const own = program.links.unitsOf(path);
  const other = own.find((unit) => !units.includes(unit));
  if (other !== undefined) return { refusal: `${path} is part of ${other}, and not every use is` };
  const without = own.length === 0 ? undefined : units.find((unit) => unit !== undefined && !own.includes(unit));
  if (without !== undefined) return { refusal: `${path} is no part of ${without}, and uses are` };
  const [membership] = program.links.membershipsOf(path);
  // A file that no build file lists yet may have been written a moment ago.
  if (membership?.listing === undefined && users.every((user) => user.membership.listing === undefined))
    return undefined;
  const guard = membership?.guard;
  if (membership?.reach !== "object" || guard === undefined)
    return { refusal: `it is not known when ${path} is built` };
  const listing = membership.listing === undefined ? undefined : program.texts.source(membership.listing.path);
  if (
    program.links.ltoFlags() !== undefined &&
    !(listing !== undefined && textOf(listing).includes(`CFLAGS_REMOVE_${withoutEnding(baseName(path))}.o`))
  ) {
    return { refusal: `link-time optimization may look into ${path}` };
  }
  const bare = users.find((user) => !guard.every((symbol) => user.guard.includes(symbol)));
  return bare === undefined ? undefined : { refusal: `${bare.path} uses the symbol where ${path} is not built` };
}

function licenceOf(source: Source): string {
  const first = source.slice(0, Math.min(source.length, 200)).split("\n", 1)[0] ?? "";
  return first.includes("SPDX-License-Identifier") ? `${first.trimEnd()}\n` : "";
}
