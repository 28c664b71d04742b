/** Whether an expression gives an address that moves with the location counter, or a plain number. It evaluates nothing. */

import { looksLikeMacro } from "./characters.ts";
import type { LdExpression } from "./tree.ts";

/**
 * True where the value is a place in the output: `.`, `. + 4`, `ALIGN(8)`, `ABSOLUTE(.)`. A distance, such as
 * `. - start`, is none; what is subtracted counts as an address unless it is a number or a name in capitals, which is a
 * constant by custom.
 */
export function isPlace(expression: LdExpression): boolean {
  let at = expression;
  // Only the left side of a sum is followed further than one step, so that a loop will do, however long the sum.
  for (;;) {
    switch (at.kind) {
      case "parenthesized":
        at = at.inner;
        break;
      case "symbol":
        return at.name.text === "." && !at.name.quoted;
      case "binary": {
        const { operator, left, right } = at;
        if (operator === "-" && isAddress(right)) return false;
        if (operator === "+" && isAddress(right) && !isAddress(left)) at = right;
        else if (operator === "+" || operator === "-" || operator === "&" || operator === "|") at = left;
        else return false;
        break;
      }
      case "call": {
        const name = at.function.text;
        const [first, second] = at.arguments;
        if ((name === "ALIGN" || name === "BLOCK" || name === "NEXT") && second === undefined) return true;
        if (name === "DATA_SEGMENT_ALIGN") return true;
        const passes = name === "ABSOLUTE" || name === "ALIGN" || name === "DATA_SEGMENT_END";
        const inner = name === "DATA_SEGMENT_RELRO_END" ? second : passes ? first : undefined;
        if (inner === undefined || inner.kind === "name") return false;
        at = inner;
        break;
      }
      default:
        return false;
    }
  }
}

/** True for what is taken for an address where it is subtracted. */
function isAddress(expression: LdExpression): boolean {
  let at = expression;
  while (at.kind === "parenthesized") at = at.inner;
  if (at.kind === "symbol") return !looksLikeMacro(at.name.text);
  return at.kind === "call" && /^(?:ADDR|LOADADDR|ABSOLUTE|ALIGN|NEXT|BLOCK)$/.test(at.function.text);
}
