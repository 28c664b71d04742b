/**
 * Makes one change of some symbols' plans: ordered edits that do not overlap, with the line ends of the files they are for. It
 * decides nothing of the plans.
 */

import { applyEdits, becauseOf, type FileEdit, joinFileEdits, type TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { RuleContext } from "../rule.ts";
import { removeWeakness, sectionOf } from "./declaration.ts";
import type { FallbackHome } from "./home.ts";
import type { Planned } from "./plan.ts";
import { removeStatements } from "./remove-statements.ts";
import { writeFallbacks } from "./write-fallbacks.ts";

export function hasEdits(change: FileEdit): boolean {
  return "create" in change || change.edits.length > 0;
}

export interface EditOptions {
  /** The declarations' sections go as well. */
  readonly dropsSections?: boolean;
  /** What is edited besides. */
  readonly besides?: readonly FileEdit[];
}

const DROPS_SECTION = "drops the section: wrong where small data lies apart";
const REMOVES_TEST = "removes a test against NULL, which is always the same";
const REMOVES_ASSERTION = "removes an assertion with its comment, as it always holds";

/** All edits of the plans as one change, or why they can't be made. */
export function editsOf(
  plans: readonly Planned[],
  context: RuleContext,
  { dropsSections = false, besides = [] }: EditOptions = {},
): FileEdit[] | { readonly refusal: string } {
  const { program } = context;
  const changes: FileEdit[] = [...besides];
  for (const plan of plans) {
    for (const located of plan.declarations)
      changes.push({
        path: located.path,
        edits: [
          ...removeWeakness(located, program),
          ...(dropsSections ? sectionOf(located) : []).map((span) => ({ ...span, text: "", why: DROPS_SECTION })),
        ],
      });
    changes.push(...plan.testEdits.map((change) => becauseOf(change, REMOVES_TEST)));
  }
  const assertions = plans.flatMap((plan) => plan.assertions);
  for (const path of new Set(assertions.map((assertion) => assertion.path))) {
    const source = program.texts.source(path);
    const calls = assertions.filter((assertion) => assertion.path === path).map(({ call }) => call);
    const edits = source === undefined ? undefined : removeStatements(source, calls);
    if (edits === undefined) return { refusal: `an assertion in ${path} is not a statement of its own` };
    changes.push(becauseOf({ path, edits }, REMOVES_ASSERTION));
  }
  changes.push(
    ...writeFallbacks(
      plans.flatMap((plan) => plan.fallback ?? []),
      program,
    ),
  );
  return joinAll(changes, context);
}

/** The edits that move a definition from one file to another. */
export function editsOfMove(
  cut: FileEdit,
  moved: { readonly home: FallbackHome; readonly text: string },
  context: RuleContext,
): FileEdit[] | { readonly refusal: string } {
  return joinAll([cut, ...writeFallbacks([moved], context.program)], context);
}

/** One change of all. */
function joinAll(changes: readonly FileEdit[], context: RuleContext): FileEdit[] | { readonly refusal: string } {
  const { program } = context;
  const joined = joinFileEdits(changes).filter(hasEdits).map(orderEdits);
  for (const change of joined) {
    const source = program.texts.source(change.path);
    if ("create" in change || source === undefined) continue;
    // An editor is given all of them at once and would make something of its own of edits that overlap.
    if (applyEdits(source.slice(0, source.length), change.edits) === undefined) {
      return { refusal: `what is to be edited in ${change.path} stands within one another` };
    }
  }
  return joined.map((change) => keepLineEnds(change, context));
}

/** Writes new lines as those around them end; a new file's as those of the file under check. */
function keepLineEnds(change: FileEdit, { program, source }: RuleContext): FileEdit {
  const isNew = "create" in change;
  const model = isNew ? source : program.texts.source(change.path);
  if (model === undefined || !endsLinesWithReturns(model)) return change;
  const convert = (text: string) => text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n");
  return isNew
    ? { path: change.path, create: convert(change.create) }
    : { path: change.path, edits: change.edits.map((edit) => ({ ...edit, text: convert(edit.text) })) };
}

/** As the first line does. */
function endsLinesWithReturns({ codes, length }: Source): boolean {
  const newline = codes.indexOf(10);
  return newline > 0 && newline < length && codes[newline - 1] === 13;
}

function orderEdits(change: FileEdit): FileEdit {
  if ("create" in change) return change;
  const edits: TextEdit[] = [...change.edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return { path: change.path, edits };
}
