/**
 * Whether a plain assignment would do what a PROVIDE does: nothing else can define the symbol, which an assignment would win over,
 * and something refers to it in every build, as an assignment makes the symbol where nothing does.
 */

import { describePlace } from "../../linkage/facts/texts.ts";
import { scriptMeets } from "../../linkage/symbols/script-meeting.ts";
import { describeOthers, nameDefiners, unreadDefiners } from "../../linkage/symbols/who-may-define.ts";
import type { LdAssignment, LdExpression } from "../../syntax/ld/tree.ts";
import type { RuleContext } from "../rule.ts";
import { isSurelyReferredTo } from "./certain-reference.ts";
import { findInBuild } from "./provide-references.ts";

/** True for `.`, `. + 4`, `ALIGN(8)` and their like: a place that the location counter has reached. */
export function isPlainPlace(value: LdExpression): boolean {
  switch (value.kind) {
    case "symbol":
      return value.name.text === ".";
    case "parenthesized":
      return isPlainPlace(value.inner);
    case "binary":
      return (
        (value.operator === "+" || value.operator === "-") && isPlainPlace(value.left) && value.right.kind === "number"
      );
    case "call":
      return value.function.text === "ALIGN";
    default:
      return false;
  }
}

/**
 * Why the assignment must not become a plain one; undefined where it may. The link is known to be closed.
 * @param reference who is known to refer to the symbol
 */
export function whyNoAssignment(
  name: string,
  assignment: LdAssignment,
  reference: string | undefined,
  context: RuleContext,
): string | undefined {
  const { program, path } = context;
  const { value } = assignment;
  if (value.kind === "number" || (value.kind === "symbol" && value.name.text !== ".")) return whyNoPlace(name, value);
  const other = otherDefinition(name, [assignment], context);
  if (other !== undefined) return other;
  const others = [...nameDefiners(name, path, program), ...unreadDefiners(name, path, program)];
  if (others.length > 0) return `${describeOthers(others)}; a plain assignment would win over that`;
  const named = findInBuild(name, path, program);
  if (named !== undefined) return `${named}; a plain assignment would win over that`;
  if (isSurelyReferredTo(name, context)) return undefined;
  const known = reference === undefined ? "" : `${reference}; `;
  return `${known}none is sure to be in every build, and a plain assignment would add '${name}' to those without one`;
}

/** What a value that is no place says. */
export function whyNoPlace(name: string, value: LdExpression): string {
  if (value.kind === "number") return `the address ${value.text} may be meant, which no definition in C could have`;
  if (value.kind !== "symbol")
    return "its value is neither a place in a section nor a mere number, and no definition in C can have it";
  return `its value is neither a place in a section nor a mere number: it makes '${name}' another name of '${value.name.text}', which no definition of its own can be`;
}

/** Another definition that can be in a link with the script, as a reason. */
export function otherDefinition(
  name: string,
  own: readonly LdAssignment[],
  { program, path }: RuleContext,
): string | undefined {
  const [other] = program
    .definitionsOf(name)
    .filter(
      (one) => !(one.path === path && own.some(({ start, end }) => start <= one.fact.start && one.fact.end <= end)),
    )
    .filter((one) => scriptMeets(path, one.path, program, program.links.mayMeet));
  if (other === undefined) return undefined;
  return `${describePlace(program.texts, other.path, other.fact.start)} defines '${name}' as well`;
}
