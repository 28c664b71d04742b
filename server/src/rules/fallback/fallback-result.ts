/**
 * What a fallback function has to return so that code does with it, its tests gone, what it does today where the function is
 * missing. It tries the constants that the code speaks of.
 */

import { bare, type Expression } from "../../syntax/c/code-tree.ts";
import type { Result } from "./expression-type.ts";
import { expressionsOf, type SymbolCode } from "./symbol-code.ts";
import {
  isErrorName,
  isFloating,
  isOneLiteral,
  plainNumber,
  reduce,
  UNKNOWN_RESULT,
  type WorldScene,
} from "./world-expression.ts";
import { describeWorld } from "./worlds.ts";

/** Constants of which each will do, in the order in which they were tried. */
export type Results = readonly string[] | "any" | "none";

/** A constant that no code speaks of: where it will do, nobody looks at the result. */
const UNSEEN = `${UNKNOWN_RESULT}unseen`;

/** How many constants of the code are tried. */
const MOST_TRIED = 16;

/** What a fallback may return. */
export function findResults(code: SymbolCode, scene: WorldScene, result: Result): Results {
  const options = { isExpression: code.sort !== "body" };
  const isSame = (value: string): boolean => {
    const without = describeWorld(code.code, { exists: false, result: value }, scene, options);
    return (
      without !== undefined && without === describeWorld(code.code, { exists: true, result: value }, scene, options)
    );
  };
  if (result.sort === "void") return isSame("void") ? "any" : "none";
  if (isSame(UNSEEN)) return "any";
  const fitting = constantsIn(code, scene).filter(isSame);
  return fitting.length === 0 ? "none" : fitting;
}

/** Whether the code comes to call the function where it is missing, as far as is known. */
export function isCalledWhereMissing(code: SymbolCode, scene: WorldScene): boolean {
  let isCalled = false;
  const onCall = () => {
    isCalled = true;
  };
  const world = { exists: false, result: UNSEEN, onCall };
  const known = describeWorld(code.code, world, scene, { isExpression: code.sort !== "body" });
  return isCalled || known === undefined;
}

/** The constants that the code speaks of, and those that tests alone stand for. */
function constantsIn(code: SymbolCode, scene: WorldScene): string[] {
  const found = new Set<string>();
  for (const node of expressionsOf(code.code.items)) {
    const value = constantOf(node, code) ?? computedFrom(node, scene);
    if (value !== undefined && found.size < MOST_TRIED) found.add(value);
  }
  return [...new Set([...found, "0", "1", "-1"])];
}

/** What a name, or an operation, gives that is a constant by what names stand for. */
function computedFrom(node: Expression, scene: WorldScene): string | undefined {
  if (node.kind === "name") return scene.isLocal(node.name) ? undefined : scene.constantOf(node.name);
  if (node.kind !== "binary" && node.kind !== "unary" && node.kind !== "call") return undefined;
  return reduce(node, { exists: true, result: UNSEEN }, new Map(), scene).constant;
}

function constantOf(node: Expression, { code }: SymbolCode): string | undefined {
  if (node.kind === "string") {
    const text = code.source.slice(node.start, node.end);
    return isOneLiteral(text) ? text : undefined;
  }
  if (node.kind === "constant") {
    if (isFloating(node.text)) return node.text;
    const value = plainNumber(node.text);
    return value === undefined ? undefined : String(value);
  }
  if (node.kind === "name") return NAMES.get(node.name);
  if (node.kind !== "unary" || node.operator !== "-") return undefined;
  const operand = bare(node.operand);
  if (operand.kind === "name" && isErrorName(operand.name)) return `-${operand.name}`;
  const value = operand.kind === "constant" ? plainNumber(operand.text) : undefined;
  return value === undefined ? undefined : String(0 - value);
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ["NULL", "0"],
  ["true", "1"],
  ["false", "0"],
]);

/** The constant as the code spells it, where it has a name there. */
export function spellResult(value: string, code: SymbolCode, scene: WorldScene, result: Result): string {
  const names = result.sort === "pointer" ? ["NULL"] : result.sort === "truth" ? ["true", "false"] : [];
  for (const node of expressionsOf(code.code.items)) {
    if (node.kind === "name" && names.includes(node.name) && NAMES.get(node.name) === value) return node.name;
  }
  for (const node of expressionsOf(code.code.items)) {
    if (node.kind === "constant" && node.text.startsWith("0x") && String(plainNumber(node.text)) === value)
      return node.text;
  }
  const nodes = [...expressionsOf(code.code.items)];
  if (nodes.some((node) => node.kind === "constant" && String(plainNumber(node.text)) === value)) return value;
  for (const node of nodes) {
    if (node.kind === "name" && !scene.isLocal(node.name) && scene.constantOf(node.name) === value) return node.name;
  }
  return value;
}
