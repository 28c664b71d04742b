/**
 * Finds every file whose object refers to a symbol, macros followed, and the link that each is part of. It refuses where one
 * of them is in another link than the fallback would be in, and knows nothing of definitions or of what is written.
 */

import { architectureOf } from "../../linkage/facts/architecture.ts";
import { findLanguage } from "../../linkage/facts/extract.ts";
import { treeOf } from "../../linkage/facts/parsed.ts";
import { describeReasons } from "../../linkage/links/link.ts";
import type { Membership } from "../../linkage/links/links.ts";
import { COMMON_WORD, type FileUse, type Program } from "../../linkage/symbols/program.ts";
import { anyOf, type Condition, conditionOf, joinAll } from "../../syntax/condition/condition.ts";
import { symbolsDemanded } from "../../syntax/condition/relations.ts";
import type { LocatedDeclaration } from "./declaration.ts";

/** A file that refers to the symbol, with the way in which its object is linked. */
export interface User {
  readonly path: string;
  readonly membership: Membership;
  /** Configuration symbols that hold wherever this file's uses are compiled. */
  readonly guard: readonly string[];
  /** What is so wherever this file's uses are compiled: what its #if lines ask, and what the build does. */
  readonly condition: Condition;
  readonly useCount: number;
}

/** The files whose objects refer to a symbol. */
export interface Users {
  readonly files: readonly User[];
  /** The same files in the further links that all of them are part of; none where there is one link. */
  readonly further: readonly (readonly User[])[];
}

export interface UserOptions {
  /** Whether all users may be in several links that are known one by one: what is planned is asked of each of them. */
  readonly inSeveralLinks?: boolean;
}

/** Every file whose object refers to the symbol; a refusal where one of them is linked elsewhere or unknown. */
export function findUsers(
  name: string,
  uses: readonly FileUse[],
  declarations: readonly LocatedDeclaration[],
  program: Program,
  { inSeveralLinks = false }: UserOptions = {},
): Users | { readonly refusal: string } {
  const files: User[] = [];
  const ways: (readonly User[])[] = [];
  const throughMacros = followMacros(uses, program);
  if ("refusal" in throughMacros) return throughMacros;
  const all = [...uses, ...throughMacros.uses];
  for (const path of new Set(all.map((use) => use.path))) {
    const inFile = all.filter((use) => use.path === path);
    if (path.endsWith(".h")) {
      if (inFile.every((use) => carrierOf(use, program) !== undefined)) continue;
      return { refusal: `'${name}' is used in the header ${path}, which files of other links may include` };
    }
    const unread = findUnreadInclude(path, program);
    if (unread !== undefined) return { refusal: `${path} includes ${unread}, which may use '${name}' and is not read` };
    const memberships = program.links.membershipsOf(path);
    const membership = soleLink(memberships) ?? (inSeveralLinks ? firstOfKnown(memberships, program) : undefined);
    if (membership === undefined) {
      const units = [...new Set(memberships.map(({ unit }) => unit))];
      return {
        refusal:
          units.length === 0
            ? `${path} uses '${name}', and it is not known which link it belongs to`
            : `${path} uses '${name}' and is linked into ${joinNames(units)}: what is in one of them may be missing in another`,
      };
    }
    for (const { unit } of memberships) {
      const open = program.links.whyOpen(unit);
      if (open.length > 0)
        return { refusal: `${path} uses '${name}' and is linked into ${unit}: ${describeReasons(open)}` };
    }
    const elsewhere = program.links.whyOpenAt(path);
    if (elsewhere.length > 0) return { refusal: `${path} uses '${name}', and ${describeReasons(elsewhere)}` };
    const foreign = otherArchitecture(path, program);
    if (foreign !== undefined) {
      return {
        refusal: `${path} uses '${name}' and may be built for ${foreign} as well, where the fallback would be missing`,
      };
    }
    const [other] = files;
    if (other !== undefined && other.membership.unit !== membership.unit) {
      return {
        refusal: `it is used in ${other.path} of ${other.membership.unit} and in ${path} of ${membership.unit}: in one of them the fallback would be missing`,
      };
    }
    const used = anyOf(inFile.map(({ use }) => conditionOf(use.condition)));
    const user = { path, used, useCount: inFile.length };
    files.push(userIn(membership, user));
    const isSole = memberships.every(({ unit }) => unit === membership.unit);
    ways.push(isSole ? [] : memberships.filter((one) => one !== membership).map((one) => userIn(one, user)));
  }
  const further = furtherLinks(ways);
  if (further === undefined) {
    return {
      refusal: `the files that use '${name}' are not all in the same links: what is in one may be missing in another`,
    };
  }
  for (const { path } of declarations) {
    const memberships = path.endsWith(".h") ? [] : program.links.membershipsOf(path);
    const elsewhere = memberships.find(({ unit }) => program.links.whyOpen(unit).length > 0);
    if (elsewhere !== undefined) {
      const reasons = describeReasons(program.links.whyOpen(elsewhere.unit));
      return { refusal: `${path} declares '${name}' and is linked into ${elsewhere.unit}: ${reasons}` };
    }
  }
  if (files.length === 0)
    return { refusal: `no use of '${name}' is found by that name, so what a fallback would change is not known` };
  return { files, further };
}

/** A file as a user in one of its links. */
function userIn(
  membership: Membership,
  { path, used, useCount }: { readonly path: string; readonly used: Condition; readonly useCount: number },
): User {
  const guard = membership.guard ?? [];
  return {
    path,
    membership,
    guard: [...guard, ...symbolsDemanded(used)],
    condition: joinAll([conditionOfGuard(guard), used]),
    useCount,
  };
}

/** The first of several links of which each is known by itself, and has the object whenever it is built. */
function firstOfKnown(memberships: readonly Membership[], { links }: Program): Membership | undefined {
  if (links.hasKconfig) return undefined;
  const units = new Set(memberships.map(({ unit }) => unit));
  const areKnown = memberships.every(({ unit, reach }) => reach === "object" && links.linkOf(unit) !== undefined);
  return areKnown && units.size === memberships.length ? memberships[0] : undefined;
}

/** The users of each further link; undefined where not all files are in the same ones. */
function furtherLinks(ways: readonly (readonly User[])[]): (readonly User[])[] | undefined {
  const [first = []] = ways;
  const views: User[][] = first.map(() => []);
  for (const way of ways) {
    if (way.length !== first.length) return undefined;
    for (const [at, { membership }] of first.entries()) {
      const same = way.find((user) => user.membership.unit === membership.unit);
      if (same === undefined) return undefined;
      views[at]!.push(same);
    }
  }
  return views;
}

/** The condition that all of these configuration symbols are y. */
export function conditionOfGuard(guard: readonly string[]): Condition {
  return joinAll(guard.map((symbol) => conditionOf(`IS_BUILTIN(${symbol})`)));
}

const READ: ReadonlySet<unknown> = new Set(["c", "asm", "ld"]);

/** What a C file includes whose name is that of no C, as `table.inc`: no index knows what it does. */
function findUnreadInclude(path: string, { texts }: Program): string | undefined {
  const source = texts.source(path);
  const includes = source === undefined ? [] : treeOf(source).includes;
  return includes.find((include) => !READ.has(findLanguage(include.path)))?.path;
}

/** Another architecture whose Makefiles may build a file of one: arm64 takes some of arm's. */
function otherArchitecture(path: string, { links }: Program): string | undefined {
  const own = architectureOf(path);
  if (own === undefined) return undefined;
  return links.architectures.find((other) => {
    return other !== own && links.unitsIn(path, other, links.possibleOn(other))?.length !== 0;
  });
}

/** "a, b and c"; of many the first and how many more. */
function joinNames(names: readonly string[]): string {
  const named = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return named.length < 2 ? named.join("") : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}

/** The one link that all memberships are in, with the guard that they share; undefined where there are several or none. */
function soleLink(memberships: readonly Membership[]): Membership | undefined {
  const [first, ...others] = memberships;
  if (first === undefined || others.some((other) => other.unit !== first.unit)) return undefined;
  if (others.length === 0) return first;
  const guards = memberships.map((membership) => membership.guard);
  const shared = guards.some((guard) => guard === undefined)
    ? undefined
    : guards[0]?.filter((symbol) => guards.every((guard) => guard?.includes(symbol)));
  return { ...first, guard: shared };
}

/** Macros that use macros are followed this far. */
const MACRO_STEPS = 5;

/**
 * A use in a macro's body happens wherever the macro is used, and one in a header's static inline function wherever that is
 * called: all uses of what is around these uses, and so on.
 */
function followMacros(
  uses: readonly FileUse[],
  program: Program,
): { readonly uses: readonly FileUse[] } | { readonly refusal: string } {
  const found: FileUse[] = [];
  const seen = new Set<string>();
  let macros = carriersOf(uses, program);
  for (let step = 0; macros.length > 0; step++) {
    const next: FileUse[] = [];
    for (const macro of macros) {
      if (seen.has(macro)) continue;
      seen.add(macro);
      if (step >= MACRO_STEPS || program.index.filesWithWord(macro).length > COMMON_WORD) {
        return { refusal: `it is used in the macro '${macro}', whose uses are too many to follow` };
      }
      next.push(...program.usesOf(macro));
    }
    found.push(...next);
    macros = carriersOf(next, program);
  }
  return { uses: found };
}

function carriersOf(uses: readonly FileUse[], program: Program): string[] {
  return [...new Set(uses.flatMap((use) => carrierOf(use, program) ?? []))];
}

/** The macro, or the static inline function of a header, around a use: it happens in the files that use that. */
function carrierOf({ path, use }: FileUse, { texts }: Program): string | undefined {
  if (use.inMacro !== undefined) return use.inMacro;
  const source = path.endsWith(".h") && use.function !== undefined ? texts.source(path) : undefined;
  if (source === undefined) return undefined;
  const around = treeOf(source).declarations.find(
    ({ declarators }) => declarators[0]?.nameSpan.start === use.function?.nameSpan.start,
  );
  return around?.storage === "static" && around.isInline ? around.declarators[0]?.name : undefined;
}
