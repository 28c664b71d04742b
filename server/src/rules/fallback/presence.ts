/**
 * Says whether a strong definition is in the link wherever a symbol is used, and refuses where definitions would stand in a
 * fallback's way. It looks at definitions and their memberships alone: how uses are written is no matter here.
 */

import { architectureOf } from "../../linkage/facts/architecture.ts";
import type { Mention } from "../../linkage/facts/link-index.ts";
import { describePlace } from "../../linkage/facts/texts.ts";
import type { Membership } from "../../linkage/links/links.ts";
import { isExclusivePair } from "../../linkage/symbols/exclusive-definitions.ts";
import { definitionsMadeWeak } from "../../linkage/symbols/imposed-weakness.ts";
import { isScriptRole, type Program } from "../../linkage/symbols/program.ts";
import { type Condition, conditionOf, joinAll } from "../../syntax/condition/condition.ts";
import { isConfiguration } from "../../syntax/condition/expression.ts";
import { covers, KCONFIG, partAbout } from "../../syntax/condition/relations.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { whyNotExternal } from "./external-definition.ts";
import { conditionOfGuard, type User } from "./users.ts";

/** Whether every build that compiles a user also links a strong definition. */
export function isAlwaysDefined(
  definitions: readonly Mention[],
  users: readonly User[],
  program: Program,
): { readonly value: boolean } | { readonly refusal: string } {
  let always = false;
  for (const { path, fact, macro } of definitions) {
    const where = describePlace(program.texts, path, fact.start);
    if (program.index.languageOf(path) === "other") {
      return { refusal: `${where} defines it, in a language that is not read whole` };
    }
    if (macro !== undefined) return { refusal: `the macro '${macro}' defines it in ${where}` };
    if (fact.inMacro !== undefined && !isScriptRole(fact)) {
      return { refusal: `'${fact.name}' may be defined by the macro '${fact.inMacro}' (${where})` };
    }
    const odd = whyNotExternal({ path, fact }, program);
    if (odd !== undefined) return { refusal: odd };
    if (isScriptRole(fact)) {
      const everywhere = program.links.isAssignedEverywhere(fact.name);
      if (everywhere === "yes") always = true;
      else if (fact.role === "provide") {
        return { refusal: `PROVIDE at ${where} would not take effect beside a fallback` };
      } else
        return {
          refusal: `${where} assigns it in a linker script, ${everywhere === "no" ? "but not in every build" : "and it is not known whether in every build"}`,
        };
      continue;
    }
    const memberships = program.links.membershipsOf(path);
    if (memberships.length === 0) {
      return { refusal: `it is not known whether ${where}, which defines it, is linked in` };
    }
    for (const membership of memberships) {
      // The uses are in one link, which is closed: what is linked into another is no part of it.
      if (users.some((user) => user.membership.unit !== membership.unit)) continue;
      if (membership.reach === "archive") {
        return { refusal: `${where} defines it in an archive, which a fallback would keep out of the link` };
      }
      if (membership.reach === "unknown") {
        return { refusal: `it is not known how ${where}, which defines it, is linked in` };
      }
      if (isWithAll({ path, fact }, membership, users, program)) always = true;
      else if (program.isWeak(fact)) {
        return { refusal: `${where} holds another weak definition, and link order would choose between the two` };
      }
    }
  }
  return { value: always };
}

/** Whether a definition that is linked in this way is there wherever one of the users is. */
export function isWithAll(
  { path, fact }: Mention,
  { guard }: Membership,
  users: readonly User[],
  program: Program,
): boolean {
  if (guard === undefined) return false;
  const needed = joinAll([conditionOfGuard(guard), conditionOf(fact.condition)]);
  return users.every(
    (user) => isBuiltFor(architectureOf(path), user) && holdsWherever(needed, user.condition, program),
  );
}

/** Whether one file's condition holds wherever another's does: configuration symbols alone are the same in both. */
function holdsWherever(needed: Condition, condition: Condition, { links }: Program): boolean {
  return covers(needed, partAbout(condition, isConfiguration), links.hasKconfig ? KCONFIG : undefined);
}

/**
 * Two definitions that a weak declaration makes weak today, or one of them and a strong one, would be defined twice once the
 * declaration is strong; said as a refusal. That nothing but a choice of Kconfig's keeps them apart is not looked into.
 */
export function findSecondStrong(
  name: string,
  declarations: readonly LocatedDeclaration[],
  definitions: readonly Mention[],
  program: Program,
): string | undefined {
  const plain = definitions.filter(({ fact }) => !isScriptRole(fact) && !program.isWeak(fact));
  for (const header of new Set(declarations.map(({ path }) => path))) {
    for (const made of definitionsMadeWeak(program, header, name)) {
      const other = plain.find((one) => mayBeTogether(made, one, program));
      if (other === undefined) continue;
      const [one, two] = [made, other].map(({ path, fact }) => describePlace(program.texts, path, fact.start));
      return `where both are linked, ${one} and ${two} would define it strongly`;
    }
  }
  return undefined;
}

/** Whether two definitions of different files can be in one link. */
export function mayBeTogether(one: Mention, other: Mention, program: Program): boolean {
  return (
    one.path !== other.path &&
    isSameArchitecture(one.path, other.path) &&
    program.links.canLink(one.path, other.path) &&
    !isExclusivePair(one, other, program)
  );
}

function isSameArchitecture(path: string, other: string): boolean {
  const [left, right] = [architectureOf(path), architectureOf(other)];
  return left === undefined || right === undefined || left === right;
}

/** Whether the user is built for no other architecture than this; undefined is what every architecture builds. */
function isBuiltFor(architecture: string | undefined, user: User): boolean {
  return (
    user.membership.guard !== undefined && (architecture === undefined || architectureOf(user.path) === architecture)
  );
}
