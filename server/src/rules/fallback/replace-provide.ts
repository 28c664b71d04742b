/**
 * Fixes for PROVIDE. One that marks a place in a section becomes a plain assignment, where nothing else can define the
 * symbol; one whose value only fills the place becomes a weak fallback in C. Anything else stays, with the reason.
 */

import { architectureOf } from "../../linkage/facts/architecture.ts";
import type { SymbolFact } from "../../linkage/facts/facts.ts";
import { describePlace } from "../../linkage/facts/texts.ts";
import { describeReasons } from "../../linkage/links/link.ts";
import { COMMON_WORD } from "../../linkage/symbols/program.ts";
import type { LdAssignment, LdExpression, LdScript } from "../../syntax/ld/tree.ts";
import { type FileEdit, joinFileEdits } from "../../text/edit.ts";
import type { Finding, Fix, RuleContext } from "../rule.ts";
import { findDeclared, type LocatedDeclaration } from "./declaration.ts";
import { planFallback } from "./plan.ts";
import { editsOf, hasEdits } from "./plan-edits.ts";
import { findUsers } from "./users.ts";

/** The fixes of one PROVIDE. */
export function replaceProvide(finding: Finding, context: RuleContext): readonly Fix[] {
  const { program, path, script } = context;
  const refuse = (refusal: string): Fix[] => [
    { title: `Replace PROVIDE of ${finding.symbol}`, isPreferred: false, edits: [], refusal },
  ];
  const fact = context.facts.symbols.find((one) => one.start === finding.span.start && one.role === "provide");
  const assignment = script === undefined ? undefined : findAssignment(script, finding.span.start);
  if (fact === undefined || assignment === undefined) return refuse("the statement is not understood");
  if (assignment.keyword === undefined) return refuse("a macro makes the PROVIDE of it, wherever that is used");
  if (!program.index.isComplete) return refuse("the tree is still being indexed");
  const others = program
    .definitionsOf(finding.symbol)
    .filter(
      (other) => (other.path !== path || other.fact.start !== fact.start) && program.links.canLink(path, other.path),
    );
  const [other] = others;
  if (other !== undefined) {
    return refuse(`${describePlace(program.texts, other.path, other.fact.start)} defines '${finding.symbol}' as well`);
  }
  if (isPlace(assignment.value)) {
    // ld and lld take a plain assignment over an object's definition, and say nothing.
    const open = describeReasons(program.links.whyOpenAt(path));
    if (open !== "" || architectureOf(path) === "um") {
      const why = open === "" ? "the kernel is linked with a C library here" : open;
      return refuse(`a plain assignment would silently win over a definition of '${finding.symbol}' elsewhere: ${why}`);
    }
    return [
      {
        title: `Replace PROVIDE of ${finding.symbol} by a plain assignment`,
        isPreferred: true,
        edits: [{ path, edits: toPlainAssignment(context, assignment) }],
      },
    ];
  }
  if (fact.constantValue === undefined) {
    return refuse(`its value is neither a place in a section nor a mere number, so what it stands for is not known`);
  }
  return replaceByFallback(finding, fact, assignment, context, refuse);
}

function replaceByFallback(
  finding: Finding,
  fact: SymbolFact,
  assignment: LdAssignment,
  context: RuleContext,
  refuse: (refusal: string) => Fix[],
): readonly Fix[] {
  if (Number(fact.constantValue) !== 0) {
    return refuse(`the address ${fact.constantValue} may be meant, which no definition in C could have`);
  }
  const removal: FileEdit = { path: context.path, edits: [{ ...removalOf(context, assignment), text: "" }] };
  const plan = planReplacement(finding.symbol, context, [removal]);
  if ("refusal" in plan) return refuse(plan.refusal);
  return [
    {
      title: `Replace PROVIDE of ${finding.symbol} by a weak fallback definition in ${plan.home}`,
      isPreferred: false,
      edits: plan.edits,
    },
  ];
}

/**
 * A fallback for a symbol that a PROVIDE fills in today: the edits that write it, together with those that take the PROVIDE
 * away.
 */
function planReplacement(
  name: string,
  context: RuleContext,
  removal: readonly FileEdit[],
): { readonly home: string; readonly edits: FileEdit[] } | { readonly refusal: string } {
  const { program, path } = context;
  if (program.index.filesWithWord(name).length > COMMON_WORD) {
    return { refusal: `'${name}' is too common a word to find all its uses for sure` };
  }
  const declared: LocatedDeclaration[] = [];
  for (const mention of program.declarationsOf(name).filter((one) => program.links.mayMeet(path, one.path))) {
    const located = findDeclared(mention, context);
    if ("refusal" in located) return located;
    declared.push(located);
  }
  const [first] = declared;
  if (first === undefined) return { refusal: `no C file declares '${name}', so its type is not known` };
  const uses = program.usesOf(name).filter((use) => program.links.mayMeet(path, use.path));
  const users = findUsers(name, uses, declared, program);
  if ("refusal" in users) return users;
  const plan = planFallback(name, declared, uses, users.files, first.declarator.shape === "function", context);
  if ("refusal" in plan) return plan;
  const edits = editsOf([plan], context);
  if ("refusal" in edits) return edits;
  return { home: plan.fallback!.home.path, edits: joinFileEdits([...removal, ...edits]).filter(hasEdits) };
}

/** True for `.`, `. + 4`, `ALIGN(8)` and their like: a place that the location counter has reached. */
function isPlace(value: LdExpression): boolean {
  switch (value.kind) {
    case "symbol":
      return value.name.text === ".";
    case "parenthesized":
      return isPlace(value.inner);
    case "binary":
      return (value.operator === "+" || value.operator === "-") && isPlace(value.left) && value.right.kind === "number";
    case "call":
      return value.function.text === "ALIGN";
    default:
      return false;
  }
}

/** `PROVIDE(end = .)` to `end = .`, `PROVIDE_HIDDEN(end = .)` to `HIDDEN(end = .)`. */
function toPlainAssignment({ source }: RuleContext, assignment: LdAssignment) {
  const keyword = assignment.keyword!;
  if (assignment.hidden) return [{ start: keyword.start, end: keyword.end, text: "HIDDEN" }];
  const inner = source.slice(assignment.target.start, assignment.value.end);
  const close = source.slice(assignment.value.end, assignment.value.end + 200).indexOf(")");
  return [{ start: keyword.start, end: assignment.value.end + close + 1, text: inner }];
}

/** The statement with its semicolon, as whole lines where it stands alone. */
function removalOf({ source }: RuleContext, assignment: LdAssignment): { start: number; end: number } {
  const close = source.slice(assignment.value.end, assignment.value.end + 200);
  let end = assignment.value.end + (/^\s*\)\s*;?/.exec(close)?.[0].length ?? 0);
  let start = assignment.keyword!.start;
  while (start > 0 && (source.codes[start - 1] === 0x20 || source.codes[start - 1] === 0x09)) start--;
  const newline = /^\r?\n/.exec(source.slice(end, end + 2))?.[0] ?? "";
  if (start === 0 || source.codes[start - 1] === 10) end += newline.length;
  return { start, end };
}

/** The PROVIDE whose symbol's name starts at the offset, wherever in the tree it stands. */
function findAssignment(script: LdScript, offset: number): LdAssignment | undefined {
  const queue: unknown[] = [script.statements, script.branches, script.macros];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (Array.isArray(node)) {
      for (const one of node) if (typeof one === "object" && one !== null) queue.push(one);
      continue;
    }
    const { kind, target } = node as Partial<LdAssignment>;
    if (kind === "assignment" && target?.start === offset) return node as LdAssignment;
    for (const one of Object.values(node as object)) if (typeof one === "object" && one !== null) queue.push(one);
  }
  return undefined;
}
