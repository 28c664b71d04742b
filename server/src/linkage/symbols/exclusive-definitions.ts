/**
 * Definitions of one name that are never in one link together, as their conditions exclude each other: they are alternatives, and no
 * duplicates. Macros of a file are compared within it, configuration symbols between files as well. It has no IO.
 */

import { type Condition, conditionOf, definedCondition, joinAll } from "../../syntax/condition/condition.ts";
import { isConfiguration } from "../../syntax/condition/expression.ts";
import { excludes, KCONFIG, partAbout, symbolsDemanded } from "../../syntax/condition/relations.ts";
import { architectureOf, areRelated } from "../facts/architecture.ts";
import type { Mention } from "../facts/link-index.ts";
import type { Program } from "./program.ts";

/** More definitions than this are not compared each with each. */
const MOST_COMPARED = 24;

/** Whether no two of them can be in one link. */
export function areExclusive(mentions: readonly Mention[], program: Program): boolean {
  if (mentions.length > MOST_COMPARED) return false;
  return mentions.every((one, i) => mentions.slice(i + 1).every((other) => isExclusivePair(one, other, program)));
}

/** Whether the two definitions are never in one link. */
export function isExclusivePair(one: Mention, other: Mention, program: Program): boolean {
  const isOneFile = one.path === other.path;
  if (isOneFile && excludes(conditionOf(one.fact.condition), conditionOf(other.fact.condition))) return true;
  if (!isOneFile && areOfOtherMachines(one, other)) return true;
  const [needed, alsoNeeded] = [configurationOf(one, program), configurationOf(other, program)];
  return excludes(needed, alsoNeeded, KCONFIG) || areChosen(needed, alsoNeeded, program);
}

/** Whether the one wants a member of a choice, and the other another member of it. */
function areChosen(one: Condition, other: Condition, { links }: Program): boolean {
  const others = symbolsDemanded(other);
  return symbolsDemanded(one).some((symbol) => others.some((second) => links.areAlternatives(symbol, second)));
}

function areOfOtherMachines(one: Mention, other: Mention): boolean {
  const [a, b] = [architectureOf(one.path), architectureOf(other.path)];
  return a !== undefined && b !== undefined && !areRelated(a, b);
}

/** What must hold of the configuration for the definition to be compiled, as far as its file and the build's lists tell. */
function configurationOf({ path, fact }: Mention, { links }: Program): Condition {
  const units = links.translationUnitsOf(path);
  const ofUnit = units.length === 1 ? [conditionOf(units[0]!.condition)] : [];
  const memberships = links.membershipsOf(path);
  const guard = memberships.length === 1 ? (memberships[0]!.guard ?? []) : [];
  const whole = joinAll([...ofUnit, conditionOf(fact.condition), ...guard.map(definedCondition)]);
  return partAbout(whole, isConfiguration);
}
