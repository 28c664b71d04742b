/**
 * Fixes for PROVIDE. One that nobody refers to goes. One that stands in for what another file of the link or a later link supplies
 * becomes a weak fallback in C. One that marks a place which a use always refers to becomes a plain assignment, where nothing else
 * can define the symbol. Symbols that belong together are treated alike. Anything else stays, with the reason.
 */

import { describePlace } from "../../linkage/facts/texts.ts";
import { includersOf } from "../../linkage/index/includers.ts";
import type { LinkInput } from "../../linkage/links/link.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import type { LdAssignment, LdScript } from "../../syntax/ld/tree.ts";
import type { FileEdit, TextEdit } from "../../text/edit.ts";
import { listSome } from "../describe.ts";
import type { Finding, Fix, RuleContext } from "../rule.ts";
import type { Planned } from "./plan.ts";
import { editsOf } from "./plan-edits.ts";
import { planStandIn, runAround } from "./plan-stand-in.ts";
import { groupOf } from "./provide-group.ts";
import { findReference, type Provided, whyOpen } from "./provide-references.ts";
import { isPlainPlace, whyNoAssignment, whyNoPlace } from "./provide-to-assignment.ts";
import { assignmentAt, cutAssignments } from "./script-statements.ts";

/** A PROVIDE and its symbol. */
interface Subject {
  readonly name: string;
  readonly assignment: LdAssignment;
}

type Refusal = { readonly refusal: string };

/** The fixes of one PROVIDE. */
export function replaceProvide(finding: Finding, context: RuleContext): readonly Fix[] {
  const fix = findFix(finding, context);
  if (!("refusal" in fix)) return [fix];
  return [{ title: `Replace PROVIDE of ${finding.symbol}`, isPreferred: false, edits: [], refusal: fix.refusal }];
}

function findFix(finding: Finding, context: RuleContext): Fix | Refusal {
  const { program, script, path } = context;
  const fact = context.facts.symbols.find((one) => one.start === finding.span.start && one.role === "provide");
  const assignment = script === undefined ? undefined : assignmentAt(script, finding.span.start);
  if (script === undefined || fact === undefined || assignment === undefined) {
    return { refusal: "the statement is not understood" };
  }
  if (assignment.keyword === undefined) return { refusal: "a macro makes the PROVIDE of it, wherever that is used" };
  if (!program.index.isComplete) return { refusal: "the tree is still being indexed" };
  const group = groupOf(assignment, script);
  const subjects = group
    .filter((one) => one.provide && one.keyword !== undefined)
    .map((one): Subject => ({ name: one.target.text, assignment: one }));
  const repeated = subjects.find(({ name, assignment: one }) => name === finding.symbol && one !== assignment);
  if (repeated !== undefined) {
    const where = describePlace(program.texts, path, repeated.assignment.start);
    return { refusal: `${where} provides '${finding.symbol}' as well` };
  }
  const provided = providedOf(finding.symbol, group, path);
  const reference = findReference(provided, program);
  if (reference === undefined) return removeAll(finding.symbol, subjects, group, context);
  const open = whyOpen(path, program);
  if (open !== "") {
    return {
      refusal: reference.includes(open) ? reference : `${reference}; who else defines it is not known: ${open}`,
    };
  }
  const placed = findAmongInputs(path, program);
  if (placed !== undefined) {
    return {
      refusal: `${reference}; ${placed} is given ${path} among its objects, whose order tells whether PROVIDE takes effect`,
    };
  }
  const standIn = replaceStandIn(finding.symbol, assignment, subjects, context);
  if (standIn !== undefined) return standIn;
  if (isPlainPlace(assignment.value)) return assignAll(finding.symbol, subjects, reference, context);
  if (Number(fact.constantValue) !== 0) return { refusal: whyNoPlace(finding.symbol, assignment.value) };
  return { refusal: `nothing else in the tree supplies '${finding.symbol}', so that address 0 may be meant` };
}

/** References from within the group go with it. */
function providedOf(name: string, group: readonly LdAssignment[], path: string): Provided {
  return { name, path, own: group.filter(({ provide }) => provide) };
}

/** Takes out what nobody refers to, if that is so of all that belong together. */
function removeAll(
  name: string,
  subjects: readonly Subject[],
  group: readonly LdAssignment[],
  context: RuleContext,
): Fix | Refusal {
  const { program, path, script } = context;
  const kept = group.find(({ provide }) => !provide);
  if (kept !== undefined) return { refusal: `'${kept.target.text}', which belongs to it, stays` };
  for (const other of subjects) {
    if (other.name === name) continue;
    const reference = findReference(providedOf(other.name, group, path), program);
    if (reference !== undefined) return { refusal: `'${other.name}', which belongs to it, stays: ${reference}` };
  }
  const statements = subjects.map(({ assignment }) => assignment);
  if (script === undefined) return { refusal: "the statement is not understood" };
  return {
    title: `Remove PROVIDE of ${namesOf(subjects, name)}: nothing refers to ${subjects.length > 1 ? "them" : "it"}`,
    isPreferred: true,
    edits: [{ path, edits: cutAssignments(script, statements) }],
  };
}

/** Plain assignments for a place and what belongs to it. */
function assignAll(name: string, subjects: readonly Subject[], reference: string, context: RuleContext): Fix | Refusal {
  const { program, path } = context;
  // ld and lld take a plain assignment over an object's definition, and say nothing.
  if (program.links.hasKconfig) {
    return {
      refusal: `${reference}; what the build writes may define it in a later link, and a plain assignment would win`,
    };
  }
  for (const { name: one, assignment } of subjects) {
    const why = whyNoAssignment(one, assignment, one === name ? reference : undefined, context);
    if (why === undefined) continue;
    if (one !== name) return { refusal: `'${one}', which belongs to it, stays as it is: ${why}` };
    return { refusal: why };
  }
  const edits = subjects.flatMap(({ assignment }) => toPlainAssignment(context, assignment));
  return {
    title: `Replace PROVIDE of ${namesOf(subjects, name)} by a plain assignment`,
    isPreferred: true,
    edits: [{ path, edits }],
  };
}

/** What a PROVIDE stands in for takes its place: a weak fallback in C where that may be missing. */
function replaceStandIn(
  name: string,
  assignment: LdAssignment,
  subjects: readonly Subject[],
  context: RuleContext,
): Fix | Refusal | undefined {
  const { path, script } = context;
  if (script === undefined) return undefined;
  const own = subjects.map((one) => one.assignment);
  const standIn = planStandIn(name, assignment, own, context);
  if (standIn === undefined || "refusal" in standIn) return standIn;
  const { plan, caution } = standIn;
  const first: Together = { statements: own, plans: plan === undefined ? [] : [plan] };
  const all = plan !== undefined && caution === undefined ? withNeighbours(first, assignment, script, context) : first;
  const besides: FileEdit = { path, edits: cutAssignments(script, all.statements) };
  const edits = editsOf(all.plans, context, { besides: [besides] });
  if ("refusal" in edits) return edits;
  const homes = all.plans.flatMap(({ fallback }) => fallback?.home ?? []);
  const names = listSome([name, ...all.statements.map(({ target }) => target.text).filter((one) => one !== name)]);
  const what = all.plans.length > 1 ? "weak fallback definitions" : "a weak fallback definition";
  const where = [...new Set(homes.map((home) => home.path))].join(" and ");
  const title =
    where === ""
      ? `Remove PROVIDE of ${names}: ${standIn.because}`
      : `Replace PROVIDE of ${names} by ${what} in ${where}`;
  const toDo = homes.find(({ advice }) => advice !== undefined)?.advice;
  const warning = caution === undefined ? "" : `: ${caution}`;
  return {
    title: title + (toDo === undefined ? "" : ` (${toDo})`) + warning,
    isPreferred: caution === undefined && toDo === undefined,
    edits,
    ...(toDo === undefined ? {} : { toDo }),
  };
}

/** PROVIDEs that go at once, and the fallbacks that take their places. */
interface Together {
  readonly statements: readonly LdAssignment[];
  readonly plans: readonly Planned[];
}

/**
 * Those at the same place that stand in for something, too: that none of them means what stands there is seen by their being several,
 * so that they go together.
 */
function withNeighbours(first: Together, assignment: LdAssignment, script: LdScript, context: RuleContext): Together {
  if (!isPlainPlace(assignment.value)) return first;
  const statements = [...first.statements];
  const plans = [...first.plans];
  for (const other of runAround(assignment, script)) {
    if (statements.includes(other) || other.keyword === undefined || groupOf(other, script).length > 1) continue;
    const standIn = planStandIn(other.target.text, other, [other], context);
    if (standIn === undefined || "refusal" in standIn || standIn.caution !== undefined) continue;
    if (standIn.plan === undefined) continue;
    statements.push(other);
    plans.push(standIn.plan);
  }
  return { statements: statements.sort((a, b) => a.start - b.start), plans };
}

function namesOf(subjects: readonly Subject[], first: string): string {
  return listSome([first, ...subjects.map(({ name }) => name).filter((name) => name !== first)]);
}

/** `PROVIDE(end = .)` to `end = .`, `PROVIDE_HIDDEN(end = .)` to `HIDDEN(end = .)`. */
function toPlainAssignment({ source }: RuleContext, assignment: LdAssignment): TextEdit[] {
  const keyword = assignment.keyword!;
  if (assignment.hidden) return [{ start: keyword.start, end: keyword.end, text: "HIDDEN" }];
  const inner = source.slice(assignment.target.start, assignment.value.end);
  const close = source.codes.indexOf(CLOSE_PAREN, assignment.value.end);
  return [{ start: keyword.start, end: close + 1, text: inner }];
}

const CLOSE_PAREN = 0x29;

/** A link that is given the script, or one that includes it, as an input and not by -T: ld acts on it when it comes to it there. */
function findAmongInputs(path: string, { links, index }: Program): string | undefined {
  const isIt = (script: string) => script === path || includersOf(index, path).has(script);
  const hasIt = (inputs: readonly LinkInput[]): boolean =>
    inputs.some((input) =>
      input.kind === "group" ? hasIt(input.inputs) : input.kind === "script" && isIt(input.path),
    );
  return links.all().find(({ inputs }) => inputs !== undefined && hasIt(inputs))?.unit;
}
