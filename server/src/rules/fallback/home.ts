/**
 * Where fallback definitions go: a file that never reads them, `<stem>_weak.c` beside a user, and its line in the build
 * file. The fallback must be built whenever any user is, and linked into the same image.
 */

import { architectureOf } from "../../linkage/facts/architecture.ts";
import { treeOf } from "../../linkage/facts/parsed.ts";
import { canMean, includersOf } from "../../linkage/index/includers.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import type { FileEdit } from "../../text/edit.ts";
import { baseName, folderOf } from "../../text/path.ts";
import type { Source } from "../../text/source.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { SCALAR_WORDS, withoutComments } from "./definition.ts";
import { includeLine, includeLines, textOf } from "./file-text.ts";
import { isSafe } from "./forms.ts";
import type { User } from "./users.ts";

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
  /** Where the build file lists it; undefined where it is listed already or no build file is known. */
  readonly listing: { readonly path: string; readonly insertAt: number; readonly lines: string } | undefined;
  /** What the user has to do besides, for the fix's title. */
  readonly advice: string | undefined;
}

/** The file for the symbol's fallback, or why there is no safe place. */
export function findHome(
  name: string,
  declared: LocatedDeclaration,
  users: readonly User[],
  isFunction: boolean,
  program: Program,
): FallbackHome | { readonly refusal: string } {
  const { links, texts, index } = program;
  const beside = chooseUser(declared, users);
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
  const stem = beside.path.slice(folder.length).replace(/\.c$/, "");
  const path = `${folder}${stem}_weak.c`;
  const include = findInclude(declared, beside.path, source, program);
  if ("refusal" in include) return include;

  const exists = index.hasFile(path);
  if (exists && users.some((user) => links.translationUnitsOf(user.path).some((unit) => unit.path === path))) {
    return { refusal: `${path}, where the fallback would go, uses '${name}' itself` };
  }
  const includer = exists ? links.translationUnitsOf(path).find((unit) => unit.path !== path) : undefined;
  if (includer !== undefined) {
    return { refusal: `${includer.path} includes ${path}, where the fallback would go` };
  }
  const listing = exists ? checkListed(path, users, program) : listBeside(beside, users, path, isFunction, program);
  if (listing !== undefined && "refusal" in listing) return listing;
  return {
    path,
    weak: isWordEverywhere("__weak", program) ? "__weak" : "__attribute__((weak))",
    ...include,
    licence: licenceOf(source),
    listing,
    advice: listing === undefined && !exists ? `add ${path} to your build` : undefined,
  };
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
      Number(isIn(b.path, folder)) - Number(isIn(a.path, folder)) ||
      b.useCount - a.useCount ||
      (a.path < b.path ? -1 : 1),
  );
  return sorted.find((user) => user.path.endsWith(".c"));
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(folder) && !path.slice(folder.length).includes("/");
}

function findInclude(
  declared: LocatedDeclaration,
  beside: string,
  source: Source,
  program: Program,
): Pick<FallbackHome, "header" | "includes"> | { readonly refusal: string } {
  const includes = treeOf(source).includes;
  if (declared.path.endsWith(".h")) {
    const isAlone = isSelfContained(declared.source);
    const line = includes.find((include) => canMean(program.index, include, beside, declared.path));
    if (line !== undefined) {
      if (line.condition !== "") return { refusal: `${beside} includes ${declared.path} only if ${line.condition}` };
      if (needsCompleteType(declared)) return withAllOf(declared, beside, source, includeLine(line));
      return { header: includeLine(line), includes: isAlone ? [] : includeLines(source, line.start) };
    }
    const inTree = /(?:^|\/)include\/(.+)$/.exec(declared.path)?.[1];
    if (inTree === undefined)
      return { refusal: `${beside} does not include ${declared.path} by itself, so how to include it is not known` };
    const own = `#include <${inTree}>\n`;
    return needsCompleteType(declared)
      ? withAllOf(declared, beside, source, own)
      : { header: own, includes: isAlone ? [] : includeLines(source) };
  }
  if (usesOnlyPlainTypes(declared)) return { header: undefined, includes: [] };
  return withAllOf(declared, beside, source, undefined);
}

/** The types come from what the file includes; with the same lines in the same order they mean the same in its neighbour. */
function withAllOf(
  declared: LocatedDeclaration,
  beside: string,
  source: Source,
  header: string | undefined,
): Pick<FallbackHome, "header" | "includes"> | { readonly refusal: string } {
  const words = wordsOf(declared);
  const local = words.find((word) => isDefinedIn(source, word));
  if (local !== undefined)
    return { refusal: `'${local}' is declared in ${beside} alone, and a fallback elsewhere can't use it` };
  return { header, includes: includeLines(source) };
}

/** Whether the file itself makes a type, a macro or an enumeration constant of the name. */
function isDefinedIn(source: Source, word: string): boolean {
  const isTypedef = treeOf(source).declarations.some(
    ({ storage, declarators }) => storage === "typedef" && declarators.some(({ name }) => name === word),
  );
  return (
    isTypedef ||
    new RegExp(
      `\\b(?:struct|union|enum)\\s+${word}\\s*\\{|#[ \\t]*define[ \\t]+${word}\\b|\\benum\\b[^;{}]*\\{[^}]*\\b${word}\\b`,
    ).test(textOf(source))
  );
}

/** Whether a definition of the object must know more of its type than the declaration: its size. */
function needsCompleteType({ source, declaration, declarator }: LocatedDeclaration): boolean {
  if (declarator.shape === "function" || declarator.hasPointer || declaration.type.includes("*")) return false;
  const words = declaration.type.match(/[A-Za-z_]\w*/g) ?? [];
  if (words.every((word) => SCALAR_WORDS.test(word))) return false;
  return !words.some((word) => new RegExp(`\\b(?:struct|union|enum)\\s+${word}\\s*\\{`).test(textOf(source)));
}

/**
 * Whether the header can stand first in a file. One that includes nothing may count on what its users include before it,
 * unless no word but C's own stands where types do.
 */
function isSelfContained(source: Source): boolean {
  const tree = treeOf(source);
  if (tree.includes.length > 0) return true;
  return tree.declarations.every(
    ({ type, declarators }) =>
      (type.replaceAll(/\b(?:struct|union|enum) \w+/g, "").match(/[A-Za-z_]\w*/g) ?? []).every((word) =>
        PLAIN_TYPE_WORDS.has(word),
      ) &&
      declarators.every(
        ({ parameters }) =>
          parameters === undefined || !TYPEDEF_BY_LOOKS.test(source.slice(parameters.start, parameters.end)),
      ),
  );
}

/** Words that name types by custom. */
const TYPEDEF_BY_LOOKS = /\b(?:[us]\d+|__[a-z]+\d+|\w+_t|bool|ulong|uint)\b/;

const PLAIN_TYPE_WORDS = new Set(
  "extern const volatile void char short int long signed unsigned float double _Bool __weak weak __weak__ __attribute__".split(
    " ",
  ),
);

function usesOnlyPlainTypes(declared: LocatedDeclaration): boolean {
  return wordsOf(declared).every((word) => PLAIN_TYPE_WORDS.has(word) || word === declared.declarator.name);
}

/** The words of a declaration, those of its comments left out. */
function wordsOf({ source, declaration, declarator }: LocatedDeclaration): readonly string[] {
  return withoutComments(source.slice(declaration.start, declarator.end)).match(/[A-Za-z_]\w*/g) ?? [];
}

/** An existing fallback file is good when it is built whenever any user is. */
function checkListed(path: string, users: readonly User[], program: Program): undefined | { readonly refusal: string } {
  const other = program.links.unitsOf(path).find((unit) => users.some(({ membership }) => membership.unit !== unit));
  if (other !== undefined) return { refusal: `${path} is part of ${other}, and not every use is` };
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
    !(listing !== undefined && textOf(listing).includes(`CFLAGS_REMOVE_${baseName(path).replace(/\.c$/, ".o")}`))
  ) {
    return { refusal: `link-time optimization may look into ${path}` };
  }
  const bare = users.find((user) => !guard.every((symbol) => user.guard.includes(symbol)));
  return bare === undefined ? undefined : { refusal: `${bare.path} uses the symbol where ${path} is not built` };
}

function listBeside(
  beside: User,
  users: readonly User[],
  path: string,
  isFunction: boolean,
  program: Program,
): FallbackHome["listing"] | { readonly refusal: string } {
  const { listing, guard } = beside.membership;
  if (listing === undefined) {
    const isListed = users.some((user) => user.membership.listing !== undefined);
    return isListed ? { refusal: `no build file is known to list ${beside.path}` } : undefined;
  }
  if (guard === undefined) return { refusal: `the condition under which ${beside.path} is built is not understood` };
  const [unit, ...others] = program.links.translationUnitsOf(beside.path);
  if (unit === undefined || others.length > 0) return { refusal: `more than one file has ${beside.path} in it` };
  const listed = unit.path.slice(folderOf(listing.path).length).replace(/\.c$/, ".o");
  const makefile = program.texts.source(listing.path);
  if (
    !beside.path.startsWith(folderOf(listing.path)) ||
    !unit.path.startsWith(folderOf(listing.path)) ||
    makefile === undefined ||
    !lineEndsAt(makefile, listing.insertAt)
      .split(/[\s=]+/)
      .includes(listed)
  ) {
    return { refusal: `${listing.path} does not list ${unit.path} by its name` };
  }
  const object = path.slice(folderOf(listing.path).length).replace(/\.c$/, ".o");
  const allHave = (symbols: readonly string[]) =>
    users.every((user) => symbols.every((symbol) => user.guard.includes(symbol)));
  // In an archive the fallback would be found only by those who ask for it before the strong definition is there.
  let variable = listing.variable.replace(/^lib-/, "obj-");
  if (!allHave(guard)) {
    const uncovered = users.find((user) => !listing.folderGuard.every((symbol) => user.guard.includes(symbol)));
    if (uncovered !== undefined) {
      return { refusal: `${uncovered.path} uses the symbol in builds that leave ${listing.path} out` };
    }
    if (listing.isConditional)
      return { refusal: `${listing.path} lists ${beside.path} under a condition that not all users share` };
    variable = "obj-y";
  }
  const isLineOpen = listing.insertAt > 0 && makefile.codes[listing.insertAt - 1] !== 10;
  let lines = `${isLineOpen ? "\n" : ""}${variable} += ${object}\n`;
  // Link-time optimization looks into other files; without its flags this one is a plain object that nothing looks into.
  const form = isFunction ? "other-file function" : "other-file const object";
  if (!isSafe(form, true) && program.links.ltoFlags() !== undefined)
    lines += `CFLAGS_REMOVE_${object} := ${program.links.ltoFlags()}\n`;
  return { path: listing.path, insertAt: listing.insertAt, lines };
}

/** The line before an offset, with the lines that it continues. */
function lineEndsAt(source: Source, offset: number): string {
  const lines = source.slice(0, offset).trimEnd().split(/\r?\n/);
  let from = lines.length - 1;
  while (from > 0 && lines[from - 1]!.endsWith("\\")) from--;
  return lines.slice(from).join("\n");
}

function licenceOf(source: Source): string {
  const first = source.slice(0, Math.min(source.length, 200)).split("\n", 1)[0] ?? "";
  return /SPDX-License-Identifier/.test(first) ? `${first.trimEnd()}\n` : "";
}

/** The edits that create or extend the fallback files and list them. */
export function writeFallbacks(
  fallbacks: readonly { readonly home: FallbackHome; readonly text: string }[],
  program: Program,
): FileEdit[] {
  const changes: FileEdit[] = [];
  for (const path of new Set(fallbacks.map(({ home }) => home.path))) {
    const here = fallbacks.filter(({ home }) => home.path === path);
    const existing = program.index.hasFile(path) ? program.texts.source(path) : undefined;
    const includes = [
      ...new Set(here.flatMap(({ home }) => [...home.includes, ...(home.header === undefined ? [] : [home.header])])),
    ];
    if (existing !== undefined) {
      changes.push({
        path,
        edits: extendFile(
          existing,
          includes,
          here.map(({ text }) => text),
        ),
      });
    } else {
      const head = here[0]!.home.licence;
      const includeLines = includes.length === 0 ? "" : `${includes.join("")}\n`;
      changes.push({
        path,
        create: `${head}${HEAD}${includeLines}${here.map(({ text }) => text).join(separator(here))}`,
      });
    }
    const listings = here.flatMap(({ home }) => home.listing ?? []);
    // Where one symbol needs the file in every build, the file is there for the others as well.
    const listing = listings.find(({ lines }) => /^\n?obj-y /.test(lines)) ?? listings[0];
    if (listing !== undefined) {
      changes.push({
        path: listing.path,
        edits: [{ start: listing.insertAt, end: listing.insertAt, text: listing.lines }],
      });
    }
  }
  return changes;
}

const HEAD = `/*
 * Weak fallback definitions, used only where nothing else defines the symbols.
 *
 * They stand in a file of their own because compilers believe what they see: where a weak definition and its users
 * share a file, its value or array bound may be used although another definition is linked. Keep users out.
 */
`;

/** Functions have a blank line between them, objects none. */
function separator(here: readonly { readonly text: string }[]): string {
  return here.some(({ text }) => text.includes("\n{\n") || text.startsWith("asm(")) ? "\n" : "";
}

function extendFile(source: Source, includes: readonly string[], definitions: readonly string[]) {
  const present = treeOf(source).includes.filter(({ condition }) => condition === "");
  const known = new Set(present.map(includeLine));
  const last = present.at(-1);
  const missing = includes.filter((line) => !known.has(line));
  let includeAt = last?.end ?? 0;
  while (last !== undefined && includeAt < source.length && source.codes[includeAt - 1] !== 10) includeAt++;
  const edits = missing.length === 0 ? [] : [{ start: includeAt, end: includeAt, text: missing.join("") }];
  const end = source.length;
  const newline = end > 0 && source.codes[end - 1] !== 10 ? "\n" : "";
  return [...edits, { start: end, end, text: `${newline}${definitions.join("")}` }];
}
