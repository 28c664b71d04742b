/**
 * Whether a symbol of a linker script is an address or an amount: a size, a count, a distance. It goes by what expressions are made
 * of, as units are reckoned with: the difference of two addresses is an amount, an address and an amount make an address, and a plain
 * number may be either, unless the script uses it as one. It evaluates nothing and knows one script.
 */

import type { LdBinary, LdCall, LdExpression, LdScript } from "../../syntax/ld/tree.ts";
import { nodesOf } from "../../syntax/ld/walk.ts";
import { createAttached } from "../../text/attached.ts";
import { scriptModelOf } from "./script-model.ts";
import { statementsOf } from "./script-walk.ts";

/** - number: plain, so that it may be either */
export type Quantity = "address" | "amount" | "number" | "unknown";

const known = createAttached<LdScript, ReadonlySet<string>>();

/** The symbols that are amounts whichever of the script's assignments holds. */
export function amountsOf(script: LdScript): ReadonlySet<string> {
  let amounts = known.get(script);
  if (amounts === undefined) known.set(script, (amounts = findAmounts(script)));
  return amounts;
}

function findAmounts(script: LdScript): ReadonlySet<string> {
  const values = new Map<string, LdExpression[]>();
  for (const { statement } of statementsOf(script)) {
    if (statement.kind !== "assignment" || statement.target.pasted) continue;
    const { text } = statement.target;
    const own = values.get(text) ?? [];
    own.push(statement.value);
    values.set(text, own);
  }
  const model = scriptModelOf(script);
  const judge = createJudge((name) => {
    const own = values.get(name);
    // What macros and other branches assign is not among the statements.
    return own !== undefined && own.length === model.definitionsOf("symbol", name).length ? own : undefined;
  });
  const added = usedAsAmounts(script);
  const placed = usedAsAddresses(script);
  const amounts = new Set<string>();
  for (const name of values.keys()) {
    if (name === "." || placed.has(name)) continue;
    const quantity = judge.ofSymbol(name);
    if (quantity === "amount" || (quantity === "number" && added.has(name))) amounts.add(name);
  }
  return amounts;
}

/** How deep expressions and chains of symbols are followed. */
const DEEPEST = 50;

/** @param valuesOf the values that a symbol may have; undefined where not all are known */
function createJudge(valuesOf: (name: string) => readonly LdExpression[] | undefined) {
  const judged = new Map<string, Quantity>();
  function ofSymbol(name: string, depth = 0): Quantity {
    if (name === ".") return "address";
    const before = judged.get(name);
    if (before !== undefined) return before;
    judged.set(name, "unknown");
    const values = depth < DEEPEST ? valuesOf(name) : undefined;
    const quantity = values === undefined ? "unknown" : common(values.map((value) => ofValue(value, name, depth + 1)));
    judged.set(name, quantity);
    return quantity;
  }
  /** `x = DEFINED(x) ? x : 1K` gives a default: what the symbol is otherwise is of the same kind. */
  function ofValue(value: LdExpression, name: string, depth: number): Quantity {
    const inner = withoutParentheses(value);
    if (inner.kind !== "conditional") return ofExpression(inner, depth);
    const branches = [inner.then, inner.otherwise].map(withoutParentheses);
    return common(branches.filter((one) => !isSymbol(one, name)).map((one) => ofExpression(one, depth)));
  }
  function ofExpression(expression: LdExpression, depth: number): Quantity {
    if (depth > DEEPEST) return "unknown";
    const inner = withoutParentheses(expression);
    switch (inner.kind) {
      case "number":
        return "number";
      case "symbol":
        return inner.name.pasted ? "unknown" : ofSymbol(inner.name.text, depth);
      case "unary":
        return inner.operator === "!" ? "amount" : ofExpression(inner.operand, depth + 1);
      case "conditional":
        return common([ofExpression(inner.then, depth + 1), ofExpression(inner.otherwise, depth + 1)]);
      case "binary":
        return ofBinary(inner, ofExpression(inner.left, depth + 1), ofExpression(inner.right, depth + 1));
      case "call":
        return ofCall(inner, (argument) => ofExpression(argument, depth + 1));
      default:
        return "unknown";
    }
  }
  return { ofSymbol };
}

function common(quantities: readonly Quantity[]): Quantity {
  const [first] = quantities;
  return first !== undefined && quantities.every((one) => one === first) ? first : "unknown";
}

function ofBinary({ operator }: LdBinary, left: Quantity, right: Quantity): Quantity {
  switch (operator) {
    case "+":
      if (left === right && left !== "address") return left;
      return (left === "address" && right === "amount") || (left === "amount" && right === "address")
        ? "address"
        : "unknown";
    case "-":
      if (left === "address" && right === "address") return "amount";
      return left === right || right === "amount"
        ? left
        : left === "amount" && right === "number"
          ? "amount"
          : "unknown";
    case "*":
    case "<<":
      return left === "amount" || right === "amount" ? "amount" : common([left, right]);
    case "/":
    case ">>":
    case "%":
      return left === "amount" ? "amount" : left === "number" && right === "number" ? "number" : "unknown";
    case "&":
    case "|":
      return left === "amount" && right !== "address" ? "amount" : common([left, right]);
    default:
      return "unknown";
  }
}

/** GNU ld manual, "Builtin Functions". */
function ofCall({ function: { text }, arguments: given }: LdCall, of: (argument: LdExpression) => Quantity): Quantity {
  const [first, second] = given.map((argument) => (argument.kind === "name" ? "unknown" : of(argument)));
  switch (text) {
    case "SIZEOF":
    case "LENGTH":
    case "ALIGNOF":
    case "SIZEOF_HEADERS":
      return "amount";
    case "ADDR":
    case "LOADADDR":
    case "ORIGIN":
      return "address";
    case "ABSOLUTE":
      return first ?? "unknown";
    case "ALIGN":
      return second === undefined ? "address" : (first ?? "unknown");
    case "MAX":
    case "MIN":
      return common([first ?? "unknown", second ?? "unknown"]);
    default:
      return "unknown";
  }
}

function withoutParentheses(expression: LdExpression): LdExpression {
  let at = expression;
  while (at.kind === "parenthesized") at = at.inner;
  return at;
}

function isSymbol(expression: LdExpression | undefined, name?: string): boolean {
  const inner = expression === undefined ? undefined : withoutParentheses(expression);
  return inner?.kind === "symbol" && (name === undefined || inner.name.text === name);
}

function nameOf(expression: LdExpression | undefined): string | undefined {
  const inner = expression === undefined ? undefined : withoutParentheses(expression);
  return inner?.kind === "symbol" ? inner.name.text : undefined;
}

/** Symbols that the location counter is moved on by, `. = . + size`, and lengths of regions. */
function usedAsAmounts(script: LdScript): ReadonlySet<string> {
  const used = new Set<string>();
  const add = (expression: LdExpression | undefined) => {
    const name = nameOf(expression);
    if (name !== undefined && name !== ".") used.add(name);
  };
  for (const node of nodesOf(script)) {
    if (node.kind === "region") add(node.length);
    else if (node.kind === "assignment" && node.target.text === "." && node.operator === "+=") add(node.value);
    else if (node.kind === "binary" && node.operator === "+") {
      if (isSymbol(node.left, ".")) add(node.right);
      if (isSymbol(node.right, ".")) add(node.left);
    }
  }
  return used;
}

/** Symbols that the location counter is set to, and origins of regions. */
function usedAsAddresses(script: LdScript): ReadonlySet<string> {
  const used = new Set<string>();
  for (const node of nodesOf(script)) {
    const place =
      node.kind === "region"
        ? node.origin
        : node.kind === "assignment" && node.target.text === "." && node.operator === "="
          ? node.value
          : undefined;
    const name = nameOf(place);
    if (name !== undefined) used.add(name);
  }
  return used;
}
