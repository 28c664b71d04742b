/** What is done with the value of an expression, as far as that depends on its type. */

import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import type { Expression } from "../../syntax/c/code-tree.ts";
import { calleeOf } from "./macro-calls.ts";
import type { Node } from "./symbol-code.ts";

export type ValueContext =
  /** Nobody wants it. */
  | "discarded"
  /** It decides: the condition of an `if`, an operand of `&&`. */
  | "truth"
  /** It is turned into another type, which its own does not depend on: assigned, returned, handed to a function. */
  | "converted"
  /** An operand of arithmetic, for which small types become int. */
  | "promoted"
  /** Its own type shows: sizeof, typeof, _Generic, a comparison, a macro that may do any of it. */
  | "observed";

/** What is done with the value of the expression. */
export function contextOf(
  node: Expression,
  parents: ReadonlyMap<Node, Node>,
  path: string,
  program: Program,
): ValueContext {
  const parent = parents.get(node);
  if (parent === undefined) return "observed";
  const again = (): ValueContext => contextOf(parent as Expression, parents, path, program);
  switch (parent.kind) {
    case "paren":
      return again();
    case "comma":
      return node === parent.left ? "discarded" : again();
    case "conditional": {
      if (node === parent.condition) return parent.then === undefined ? "observed" : "truth";
      const outer = again();
      // The other branch may be a pointer or of a structure: with numbers, both become int.
      return outer === "discarded" || outer === "truth" ? outer : outer === "observed" ? "observed" : "promoted";
    }
    case "unary":
      if (parent.operator === "!") return "truth";
      return parent.operator === "-" || parent.operator === "+" ? "promoted" : "observed";
    case "binary":
      return ofOperand(parent.operator);
    case "assign":
      return node === parent.right ? (parent.operator === "=" ? "converted" : "promoted") : "observed";
    case "cast":
      return parent.type.text === "void" ? "discarded" : "converted";
    case "call":
      return node === parent.callee ? "observed" : ofArgument(parent, path, program);
    case "index":
      return node === parent.index ? "promoted" : "observed";
    case "list":
    case "return":
      return "converted";
    case "declaration":
      return parent.isDeduced || parent.operands.includes(node) ? "observed" : "converted";
    case "if":
    case "while":
    case "do":
      return "truth";
    case "for":
      return node === parent.condition ? "truth" : "discarded";
    case "expression": {
      const around = parents.get(parent);
      if (around?.kind === "block-expression" && around.items.at(-1) === parent) {
        return contextOf(around, parents, path, program);
      }
      // A macro's value is of any use.
      return around === undefined && isLast(parent, parents) ? "observed" : "discarded";
    }
    default:
      return "observed";
  }
}

/** Whether the statement is all of its code, which a macro's replacement is when it is an expression. */
function isLast(node: Node, parents: ReadonlyMap<Node, Node>): boolean {
  return !parents.has(node) && node.kind === "expression" && node.expression.end === node.end;
}

function ofOperand(operator: string): ValueContext {
  if (operator === "&&" || operator === "||") return "truth";
  // Compilers warn of comparisons that a small type decides.
  const isArithmetic = ["+", "-", "*", "/", "%", "&", "|", "^"].includes(operator);
  return isArithmetic ? "promoted" : "observed";
}

function ofArgument(parent: Extract<Expression, { kind: "call" }>, path: string, program: Program): ValueContext {
  const name = calleeOf(parent);
  if (name === undefined) return "converted";
  if (name === "likely" || name === "unlikely") return "truth";
  const definitions = definitionsOf(name, path, program);
  return definitions === "unknown" || definitions.length > 0 ? "observed" : "converted";
}
