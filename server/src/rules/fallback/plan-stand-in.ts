/**
 * Plans what becomes of a PROVIDE that stands in for a definition: nothing, where that is always linked; a weak fallback in C, where
 * it may be missing. It refuses where programs could read something else afterwards.
 */

import type { Mention } from "../../linkage/facts/link-index.ts";
import { describePlace } from "../../linkage/facts/texts.ts";
import { statementsOf } from "../../linkage/scripts/script-walk.ts";
import { COMMON_WORD, isScriptRole } from "../../linkage/symbols/program.ts";
import { scriptMeets } from "../../linkage/symbols/script-meeting.ts";
import { listTokens } from "../../syntax/c/token-list.ts";
import type { LdAssignment, LdExpression, LdScript, LdStatement } from "../../syntax/ld/tree.ts";
import { hasWord } from "../../text/has-word.ts";
import type { RuleContext } from "../rule.ts";
import { findDeclared, type LocatedDeclaration } from "./declaration.ts";
import { type Planned, planFallback } from "./plan.ts";
import { isAlwaysDefined } from "./presence.ts";
import { usesMeeting } from "./provide-references.ts";
import { isPlainPlace, otherDefinition, whyNoPlace } from "./provide-to-assignment.ts";
import { findUsers } from "./users.ts";

export interface StandIn {
  /** The fallback; undefined where none is needed, `because` of what. */
  readonly plan: Planned | undefined;
  readonly because: string;
  readonly caution: string | undefined;
}

type Refusal = { readonly refusal: string };

/**
 * undefined where nothing else in the tree supplies the symbol.
 * @param own the PROVIDEs that belong together with this one, itself included
 */
export function planStandIn(
  name: string,
  assignment: LdAssignment,
  own: readonly LdAssignment[],
  context: RuleContext,
): StandIn | Refusal | undefined {
  const { program, path } = context;
  const [also] = own.filter((one) => one !== assignment);
  const definitions = suppliersOf(name, own, context);
  const inScript = definitions.find(({ fact }) => isScriptRole(fact));
  if (inScript !== undefined) return { refusal: `${placeOf(inScript, context)} defines '${name}' as well` };
  const uses = usesMeeting({ name, path }, program);
  if (definitions.length === 0 && (uses.length === 0 || findWriter(name, context) === undefined)) return undefined;
  if (also !== undefined)
    return { refusal: `'${also.target.text}' belongs to it, and a fallback would be torn from it` };
  if (program.index.filesWithWord(name).length > COMMON_WORD) {
    return { refusal: `'${name}' is too common a word to find all its uses for sure` };
  }
  const other = otherDefinition(name, own, context);
  if (uses.length === 0 && other !== undefined) return { refusal: other };
  const declared: LocatedDeclaration[] = [];
  for (const mention of program.declarationsOf(name).filter((one) => program.links.mayMeet(path, one.path))) {
    const located = findDeclared(mention, context);
    if ("refusal" in located) return located;
    declared.push(located);
  }
  const [first] = declared;
  if (first === undefined) return { refusal: `no C file declares '${name}', so its type is not known` };
  const users = findUsers(name, uses, declared, program);
  if ("refusal" in users) return users;
  const always = isAlwaysDefined(definitions, users.files, program);
  if ("refusal" in always) return always;
  if (always.value) {
    const because = `${placeOf(definitions[0]!, context)} always defines it`;
    return { plan: undefined, because, caution: undefined };
  }
  const kept = whyKept(name, assignment, definitions, context);
  if (kept !== undefined) return { refusal: kept };
  const plan = planFallback(name, declared, uses, users, first.declarator.shape === "function", context);
  if ("refusal" in plan) return plan;
  const zeros = isNumber(assignment.value, 0n)
    ? "where nothing else defines it, zeros are read instead of what is at address 0"
    : undefined;
  return { plan, because: "", caution: plan.caution ?? zeros };
}

/** Why the value of the PROVIDE may be meant where nothing else defines the symbol. */
function whyKept(
  name: string,
  assignment: LdAssignment,
  definitions: readonly Mention[],
  context: RuleContext,
): string | undefined {
  const { value } = assignment;
  if (isNumber(value, 0n)) return undefined;
  if (!isPlainPlace(value)) return whyNoPlace(name, value);
  const [other] = definitions;
  if (other !== undefined) {
    return `where ${placeOf(other, context)} is not linked, programs may read what stands at its place`;
  }
  if (hasOtherAtPlace(assignment, context)) return undefined;
  return `programs may read what stands at its place`;
}

function placeOf({ path, fact }: Mention, { program }: RuleContext): string {
  return describePlace(program.texts, path, fact.start);
}

/** Definitions besides the PROVIDEs themselves that can be in a link with the script. */
function suppliersOf(name: string, own: readonly LdAssignment[], { program, path }: RuleContext): readonly Mention[] {
  const isOwn = ({ path: at, fact }: Mention) =>
    at === path && own.some(({ start, end }) => start <= fact.start && fact.end <= end);
  return program
    .definitionsOf(name)
    .filter((one) => !isOwn(one) && scriptMeets(path, one.path, program, program.links.mayMeet));
}

/** A program of another link, which runs while the tree is built, that has the name in a string: it writes what a later link takes in. */
function findWriter(name: string, { program, path }: RuleContext): string | undefined {
  const { index, texts, links } = program;
  return index.filesWithWord(name).find((file) => {
    if (index.languageOf(file) !== "c" || scriptMeets(path, file, program, links.mayMeet)) return false;
    const source = texts.source(file);
    if (source === undefined) return false;
    return listTokens(source, 0, source.length).some(({ text }) => text.startsWith('"') && hasWord(text, name));
  });
}

/**
 * Whether another symbol of another type is provided at the same place, with nothing between the two: then what stands there is
 * meant by neither.
 */
function hasOtherAtPlace(assignment: LdAssignment, context: RuleContext): boolean {
  const { script, source, program } = context;
  if (script === undefined) return false;
  const textOfValue = (one: LdAssignment) => source.slice(one.value.start, one.value.end);
  const typeOf = (name: string) => typesOf(name, context);
  const own = typeOf(assignment.target.text);
  return runAround(assignment, script).some(
    (other) =>
      other !== assignment &&
      textOfValue(other) === textOfValue(assignment) &&
      program.declarationsOf(other.target.text).length > 0 &&
      typeOf(other.target.text) !== own,
  );
}

/** How C declares the symbol, as text to compare. */
function typesOf(name: string, context: RuleContext): string {
  const texts = context.program.declarationsOf(name).map((mention) => {
    const located = findDeclared(mention, context);
    if ("refusal" in located) return "?";
    const { declaration, declarator } = located;
    return `${declaration.type} ${declarator.hasPointer ? "*" : ""} ${declarator.shape}`;
  });
  return [...new Set(texts)].sort().join("; ");
}

/** The PROVIDEs that stand one behind the other around this one, itself included. */
export function runAround(assignment: LdAssignment, script: LdScript): readonly LdAssignment[] {
  const lists = [
    statementsOf(script).map(({ statement }) => statement),
    ...script.macros.map(({ body }) => body.statements),
  ];
  const list = lists.find((statements) => statements.includes(assignment)) ?? [];
  const at = list.indexOf(assignment);
  let first = at;
  while (first > 0 && isProvide(list[first - 1])) first--;
  let last = at;
  while (isProvide(list[last + 1])) last++;
  return list.slice(first, last + 1).filter(isProvide);
}

function isProvide(statement: LdStatement | undefined): statement is LdAssignment {
  return statement?.kind === "assignment" && statement.provide;
}

function isNumber(value: LdExpression, number: bigint): boolean {
  let inner = value;
  while (inner.kind === "parenthesized") inner = inner.inner;
  return inner.kind === "number" && inner.value === number;
}
