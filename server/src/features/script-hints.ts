/** Inlay hints of linker scripts: the value of an assignment or a region's bound that is constant but not written as one. */

import type { LdExpression, LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { Span } from "../text/span.ts";
import { describeValue, shortValue, valuesOf } from "./script-values.ts";

export interface ScriptHint {
  /** Behind the expression. */
  readonly offset: number;
  /** `= 0x10000 (64K)` */
  readonly label: string;
  readonly tooltip: string;
}

/** The hints within a range, in the order of the text. */
export function hintScript(script: LdScript, range: Span): ScriptHint[] {
  const values = valuesOf(script);
  const hints: ScriptHint[] = [];
  const add = (expression: LdExpression | undefined): void => {
    if (expression === undefined || expression.end < range.start || expression.end > range.end) return;
    if (isLiteral(expression)) return;
    const value = values.evaluate(expression);
    if (value === undefined) return;
    hints.push({ offset: expression.end, label: `= ${shortValue(value)}`, tooltip: describeValue(value) });
  };
  for (const node of nodesOf(script)) {
    if (node.kind === "assignment") {
      if (node.operator === "=" && !values.isRelative(node.start)) add(node.value);
    } else if (node.kind === "region") {
      add(node.origin);
      add(node.length);
    }
  }
  return hints.sort((a, b) => a.offset - b.offset);
}

/** A number as it stands, in parentheses or with a sign too. */
function isLiteral(expression: LdExpression): boolean {
  let at = expression;
  while (at.kind === "parenthesized" || at.kind === "unary") at = at.kind === "unary" ? at.operand : at.inner;
  return at.kind === "number";
}
