/** Statements that do nothing but assert that a symbol is there: `BUG_ON(!table);`. */

import { bare, type Expression } from "../../syntax/c/code-tree.ts";
import { isNull } from "./address-flow.ts";
import { calleeOf } from "./macro-calls.ts";
import type { SymbolCode } from "./symbol-code.ts";

/** Calls that complain where their argument holds, and where it does not. */
const FAILS_IF_TRUE: ReadonlySet<string> = new Set(["BUG_ON", "WARN_ON", "WARN_ON_ONCE", "VM_BUG_ON"]);
const FAILS_IF_FALSE: ReadonlySet<string> = new Set(["ASSERT", "assert"]);

/** The call that asserts the presence of the symbol tested at the place, where that is all that it does. */
export function findAssertion(test: Expression, { parents }: SymbolCode): Expression | undefined {
  let node = parents.get(test);
  while (
    node !== undefined &&
    node.kind !== "call" &&
    (node.kind === "paren" || node.kind === "unary" || node.kind === "binary")
  ) {
    node = parents.get(node);
  }
  if (node?.kind !== "call" || node.arguments.length !== 1) return undefined;
  const name = calleeOf(node) ?? "";
  const wantsPresence = FAILS_IF_FALSE.has(name);
  if (!wantsPresence && !FAILS_IF_TRUE.has(name)) return undefined;
  const asked = asksForPresence(node.arguments[0]!, test);
  return asked === undefined || asked !== wantsPresence ? undefined : node;
}

/** Whether the expression holds where the symbol is there; undefined where it asks for more. */
function asksForPresence(node: Expression, test: Expression): boolean | undefined {
  const inner = bare(node);
  if (inner === test) return true;
  if (inner.kind === "unary") {
    const asked = asksForPresence(inner.operand, test);
    if (inner.operator === "&") return asked;
    return inner.operator === "!" && asked !== undefined ? !asked : undefined;
  }
  if (inner.kind !== "binary" || (inner.operator !== "==" && inner.operator !== "!=")) return undefined;
  const operand = isNull(inner.right) ? inner.left : isNull(inner.left) ? inner.right : undefined;
  const asked = operand === undefined ? undefined : asksForPresence(operand, test);
  return asked === undefined ? undefined : asked === (inner.operator === "!=");
}
