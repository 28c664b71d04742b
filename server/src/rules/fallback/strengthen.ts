/**
 * The fix for a weak reference: a strong declaration, and a weak fallback definition where the strong one may be missing.
 *
 * It makes no edit unless the result is known to mean the same wherever a strong definition is linked, and to be no worse
 * where none is. Every reason not to edit is said. What it must hold to: docs/fallback-forms.md.
 */

import type { Finding, Fix, RuleContext } from "../rule.ts";
import { sectionOf } from "./declaration.ts";
import { type Planned, planSymbol } from "./plan.ts";
import { editsOf } from "./plan-edits.ts";

/** The fix of one finding, or a fix without edits that says why there is none. */
export function strengthenOne(finding: Finding, context: RuleContext): readonly Fix[] {
  const plan = planSymbol(finding.symbol, context);
  if ("refusal" in plan) {
    return [{ title: `Make ${finding.symbol} strong`, isPreferred: false, edits: [], refusal: plan.refusal }];
  }
  const title =
    plan.fallback === undefined
      ? `Make ${finding.symbol} strong: it is always defined`
      : `Make ${finding.symbol} strong, with a weak fallback definition in ${plan.fallback.home.path}`;
  const edits = editsOf([plan], context);
  if ("refusal" in edits) return [{ title: `Make ${finding.symbol} strong`, isPreferred: false, edits: [], ...edits }];
  const toDo = toDoOf(plan);
  const advice = toDo === undefined ? "" : ` (${toDo})`;
  const caution = plan.caution === undefined ? "" : `: ${plan.caution}`;
  return [
    {
      title: title + advice + caution,
      isPreferred: plan.caution === undefined && advice === "",
      edits,
      ...(toDo === undefined ? {} : { toDo }),
    },
    ...withoutSections(title + advice, [plan], context),
  ];
}

/** The same fix with the declarations' sections gone too, where there are some. */
function withoutSections(title: string, plans: readonly Planned[], context: RuleContext): Fix[] {
  if (!plans.some(({ declarations }) => declarations.some((located) => sectionOf(located).length > 0))) return [];
  const edits = editsOf(plans, context, { dropsSections: true });
  if ("refusal" in edits) return [];
  // Why not to, the edits say: titles are one clause, as menus cut long ones off.
  const dropping = title.replace(
    " strong",
    plans.length > 1 ? " strong and drop their sections" : " strong and drop its section",
  );
  return [{ title: dropping, isPreferred: false, edits }];
}

/** One fix for all weak references of the file that can be fixed safely. */
export function strengthenAll(findings: readonly Finding[], context: RuleContext): readonly Fix[] {
  const names = [...new Set(findings.map((finding) => finding.symbol))];
  if (names.length < 2) return [];
  const plans = names
    .map((name) => planSymbol(name, context))
    .filter(
      (plan): plan is Planned => !("refusal" in plan) && plan.caution === undefined && toDoOf(plan) === undefined,
    );
  if (plans.length === 0) return [];
  const homes = new Set(plans.flatMap((plan) => plan.fallback?.home.path ?? []));
  const left = names.length - plans.length;
  const count =
    left === 0
      ? `all ${plans.length} weak references of this file`
      : `${plans.length} of ${names.length} weak references of this file`;
  const where = homes.size === 0 ? "" : `, with weak fallback definitions in ${[...homes].join(" and ")}`;
  const edits = editsOf(plans, context);
  if ("refusal" in edits) return [];
  const title = `Make ${count} strong${where}`;
  return [{ title, isPreferred: false, edits }, ...withoutSections(title, plans, context)];
}

/** What is left to people once the plan's edits are made. */
function toDoOf(plan: Planned): string | undefined {
  return plan.fallback?.home.advice;
}
