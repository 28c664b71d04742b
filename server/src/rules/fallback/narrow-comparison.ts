/**
 * Comparisons that compilers know the outcome of by the range of a small type, whatever it is converted to (-Wtype-limits,
 * -Wsign-compare of gcc): where `f ? f() : 0` is an int to them, `(int)f()` is not.
 */

import { bare, type Expression } from "../../syntax/c/code-tree.ts";
import { type Result, rangeOfResult } from "./expression-type.ts";
import type { Node } from "./symbol-code.ts";
import { plainNumber } from "./world-expression.ts";

const EQUALITIES: ReadonlySet<string> = new Set(["==", "!="]);
const COMPARISONS: ReadonlySet<string> = new Set([...EQUALITIES, "<", ">", "<=", ">="]);

/** Whether compilers may warn of what the value is compared with, once it is one of the function's result type. */
export function isComparedOddly(node: Expression, result: Result, parents: ReadonlyMap<Node, Node>): boolean {
  if (result.sort !== "narrow" && result.sort !== "truth") return false;
  let isChanged = false;
  let child: Node = node;
  for (let parent = parents.get(node); parent !== undefined; child = parent, parent = parents.get(parent)) {
    if (parent.kind === "unary" && parent.operator === "!") return isChanged;
    if (parent.kind === "unary" && ["~", "-", "+"].includes(parent.operator)) isChanged = true;
    else if (parent.kind === "binary" && COMPARISONS.has(parent.operator)) {
      return isChanged || isAtEdge(child === parent.left ? parent.right : parent.left, parent.operator, result);
    } else if (parent.kind === "conditional" || parent.kind === "if") return isChanged && child === parent.condition;
    else if (parent.kind !== "paren" && parent.kind !== "cast") return false;
  }
  return false;
}

/** Whether a constant is none that lies well within the type's range. */
function isAtEdge(other: Expression, operator: string, result: Result): boolean {
  const inner = bare(other);
  const isNegated = inner.kind === "unary" && inner.operator === "-";
  const digits = isNegated ? bare(inner.operand) : inner;
  const number = digits.kind === "constant" ? plainNumber(digits.text) : undefined;
  if (number === undefined) return isNegated;
  const value = isNegated ? 0 - number : number;
  const [least, most] = rangeOfResult(result);
  return EQUALITIES.has(operator) ? value < least || value > most : value <= least || value >= most;
}
