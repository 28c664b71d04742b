/**
 * What an expression comes to where a symbol is there, or is not: in a written form in which what means the same is the same.
 * A call of the symbol gives what a fallback returns: where the symbol is missing, nobody who calls it comes back.
 */

import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { bare, type Code, type Expression, type Statement } from "../../syntax/c/code-tree.ts";
import { isNull } from "./address-flow.ts";
import { castOf, type Result, rangeOfResult } from "./expression-type.ts";
import { calleeOf, expandBy } from "./macro-calls.ts";
import { within } from "./symbol-code.ts";
import { markRead, NOT } from "./world-pieces.ts";

/** How results begin that may be any: not even their truth is known. */
export const UNKNOWN_RESULT = "?";

/** A world: in it the symbol is there or not, and its calls give a constant; "void" for nothing. */
export interface World {
  readonly exists: boolean;
  readonly result: string;
  /** Told of each call of the symbol that is come to. */
  readonly onCall?: () => void;
}

/** The code that is looked at. */
export interface WorldScene {
  readonly path: string;
  readonly program: Program;
  readonly code: Code;
  /** The symbol's name. */
  readonly symbol: string;
  isSymbol(node: Expression): boolean;
  /** A macro's parameter, which may stand for anything. */
  isParameter(name: string): boolean;
  /** A local whose value nothing but plain assignments changes. */
  isTracked(name: string): boolean;
  isLocal(name: string): boolean;
  /** An assignment that was taken out of its expression: there, it is what it assigns to. */
  isDone(node: Expression): boolean;
  /** What the symbol gives is an integer with a sign. */
  readonly isResultSigned: boolean;
  /** What a name that is no local's stands for, where it is a constant's: an enumerator, a macro; or what a call of it does, `BIT(3)`. */
  constantOf(name: string, call?: string): string | undefined;
  typeOf(local: string): Result;
  /** A text with the marks of the locals that are read in it. */
  markNames(text: string, span: { readonly start: number; readonly end: number }): string;
  /** What the statements of a statement expression do, its value included. */
  describeItems(items: readonly Statement[], world: World): string;
  /** Calls that assert the symbol's presence, which go. */
  readonly assertions: ReadonlySet<Expression>;
  readonly depth: number;
}

export interface Reduced {
  readonly text: string;
  readonly constant: string | undefined;
  /** It is the symbol's address. */
  readonly isAddress: boolean;
}

type Env = ReadonlyMap<string, string>;

/** Macros within macros are followed this far. */
const DEEPEST = 6;

function plain(text: string): Reduced {
  return { text, constant: undefined, isAddress: false };
}

function constant(value: string): Reduced {
  return { text: value, constant: value, isAddress: false };
}

/** The symbol's address: what holds it and is not taken apart is not the same in both worlds. */
function addressIn({ exists }: World): Reduced {
  return { text: exists ? "@there" : "@missing", constant: undefined, isAddress: true };
}

/** Names of constants that mean the same in every file. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["NULL", "0"],
  ["nullptr", "0"],
  ["true", "1"],
  ["false", "0"],
]);

/** Constants by which a function says what went wrong: negated, they are no 0. */
export function isErrorName(name: string): boolean {
  return name.length > 2 && name.startsWith("E") && name === name.toUpperCase();
}

/** `1.0`, `1e3`, `0x1p3` (C11 6.4.4.2): a number that may be whole, and is no integer all the same. */
export function isFloating(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower.startsWith("'") || lower.startsWith('"')) return false;
  return lower.includes(".") || (lower.startsWith("0x") ? lower.includes("p") : lower.includes("e"));
}

/** The largest int that is surely one. */
const MOST_INT = 0x7fffffff;

/** A plain number as its value; undefined for what is none that is surely an int. */
export function plainNumber(text: string): number | undefined {
  let digits = text.toLowerCase();
  if (isFloating(digits)) return undefined;
  while (digits.endsWith("u") || digits.endsWith("l")) digits = digits.slice(0, -1);
  const isOctal = digits.length > 1 && digits.startsWith("0") && digits[1] !== "x" && digits[1] !== "b";
  const value = digits === "" ? Number.NaN : Number(isOctal ? `0o${digits.slice(1)}` : digits);
  return Number.isInteger(value) && value <= 0x7fffffff ? value : undefined;
}

/** One plain string literal, and no more: with the same in another file, a program reads the same. */
export function isOneLiteral(text: string): boolean {
  if (text.length < 2 || !text.startsWith('"') || text.includes("\n")) return false;
  let at = 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at === text.length - 1;
}

export function constantOfReduced(reduced: Reduced): string | undefined {
  return reduced.constant;
}

/** What an expression is as a truth value. */
export function asTruth(reduced: Reduced, world: World): boolean | undefined {
  if (reduced.isAddress) return world.exists;
  if (reduced.constant === undefined || reduced.constant.startsWith(UNKNOWN_RESULT)) return undefined;
  return reduced.constant !== "0";
}

/** Whether an object of the type keeps the constant as it is. */
export function fits(value: string, type: Result): boolean {
  if (type.sort === "pointer") return value === "0" || isOneLiteral(value);
  const number = Number(value);
  if (!Number.isInteger(number)) return type.sort === "wide" && type.isSigned;
  const [least, most] = rangeOfResult(type);
  return number >= least && number <= most;
}

export function reduce(node: Expression, world: World, env: Env, scene: WorldScene): Reduced {
  const again = (one: Expression): Reduced => reduce(one, world, env, scene);
  if (scene.isSymbol(node)) return addressIn(world);
  switch (node.kind) {
    case "name": {
      const isLocal = scene.isLocal(node.name);
      const known = env.get(node.name) ?? NAMED.get(node.name) ?? (isLocal ? undefined : scene.constantOf(node.name));
      return known === undefined ? plain(isLocal ? markRead(node.name) : node.name) : constant(known);
    }
    case "constant": {
      const value = plainNumber(node.text);
      return value === undefined ? plain(node.text) : constant(String(value));
    }
    case "paren":
      return again(node.inner);
    case "unary":
      return reduceUnary(node, again, world);
    case "binary":
      return reduceBinary(node, again, world, scene);
    case "conditional": {
      const condition = again(node.condition);
      const truth = asTruth(condition, world);
      if (truth !== undefined)
        return truth ? (node.then === undefined ? condition : again(node.then)) : again(node.otherwise);
      const then = node.then === undefined ? condition : again(node.then);
      const otherwise = again(node.otherwise);
      if (then.text === otherwise.text && isPureExpression(node.condition, scene, world)) return then;
      return plain(`(? ${condition.text} ${then.text} ${otherwise.text})`);
    }
    case "comma": {
      const right = again(node.right);
      return isPureExpression(node.left, scene, world) ? right : plain(`(, ${again(node.left).text} ${right.text})`);
    }
    case "call":
      return reduceCall(node, again, world, env, scene);
    case "cast": {
      const operand = again(node.operand);
      const cast = castOf(node.type);
      if (operand.isAddress && (cast === "pointer" || cast === "address-sized") && !node.isDoubtful)
        return addressIn(world);
      if (cast === "void") return operand;
      if (operand.constant === "0") return operand;
      return plain(`((${node.type.text}) ${operand.text})`);
    }
    case "assign":
      if (scene.isDone(node)) return again(node.left);
      return plain(`(${node.operator} ${target(node.left, again)} ${again(node.right).text})`);
    case "postfix":
      return plain(`(post${node.operator} ${target(node.operand, again)})`);
    case "index":
      return plain(`([] ${again(node.base).text} ${again(node.index).text})`);
    case "member":
      return plain(`(${node.isArrow ? "->" : "."} ${again(node.base).text} ${node.name})`);
    case "list":
      return plain(`{${rawWithout(node, scene, world)}|${node.values.map((value) => again(value).text).join(",")}}`);
    case "literal":
      return plain(`(literal ${node.type.text} ${again(node.list).text})`);
    case "block-expression":
      return plain(scene.describeItems(node.items, world));
    case "label-address":
      return plain(`&&${node.name};`);
    case "string": {
      const raw = scene.code.source.slice(node.start, node.end);
      return isOneLiteral(raw) ? constant(raw) : plain(scene.markNames(raw, node));
    }
    // Types alone count there, whatever is there or not.
    case "measure":
    case "type":
      return plain(scene.markNames(scene.code.source.slice(node.start, node.end), node));
    default:
      return plain(rawWithout(node, scene, world));
  }
}

/** What is not taken apart: it may hold a test, so that it is no other world's. */
function rawWithout(node: Expression, scene: WorldScene, world: World): string {
  const raw = scene.code.source.slice(node.start, node.end);
  if (node.kind === "list" && !raw.includes(scene.symbol)) return "";
  return scene.markNames(raw.includes(scene.symbol) && node.kind !== "list" ? `?${world.exists} ${raw}` : raw, node);
}

/** What is written to, as it is: a local there is not read. */
function target(node: Expression, again: (one: Expression) => Reduced): string {
  const inner = bare(node);
  return inner.kind === "name" ? inner.name : again(inner).text;
}

function reduceUnary(
  node: Extract<Expression, { kind: "unary" }>,
  again: (one: Expression) => Reduced,
  world: World,
): Reduced {
  const inner = bare(node.operand);
  if (node.operator === "-" && inner.kind === "name" && isErrorName(inner.name)) return constant(`-${inner.name}`);
  const operand = again(node.operand);
  switch (node.operator) {
    case "!": {
      const truth = asTruth(operand, world);
      if (truth !== undefined) return constant(truth ? "0" : "1");
      return plain(`${NOT}${operand.text})`);
    }
    case "&":
    case "*":
      // A function's address, and what is there.
      return operand.isAddress ? addressIn(world) : plain(`(${node.operator} ${operand.text})`);
    case "-":
    case "+": {
      const value = operand.constant === undefined ? Number.NaN : Number(operand.constant);
      if (!Number.isInteger(value)) return plain(`(${node.operator} ${operand.text})`);
      return constant(String(node.operator === "-" ? 0 - value : value));
    }
    case "~": {
      // Of what has a suffix it is no int.
      const value =
        inner.kind === "constant" && String(Number(inner.text)) === inner.text ? Number(inner.text) : Number.NaN;
      return Number.isInteger(value) && value <= MOST_INT ? constant(String(-1 - value)) : plain(`(~ ${operand.text})`);
    }
    default:
      return plain(`(pre${node.operator} ${target(node.operand, again)} ${operand.text})`);
  }
}

function reduceBinary(
  node: Extract<Expression, { kind: "binary" }>,
  again: (one: Expression) => Reduced,
  world: World,
  scene: WorldScene,
): Reduced {
  const { operator } = node;
  const left = again(node.left);
  if ((operator === "&&" || operator === "||") && asTruth(left, world) === (operator === "||")) {
    return constant(operator === "||" ? "1" : "0");
  }
  const right = again(node.right);
  if (operator === "&&" || operator === "||") {
    const decides = operator === "||";
    const [first, second] = [asTruth(left, world), asTruth(right, world)];
    if (first !== undefined) return truthValue(right, world);
    if (second === decides && isPureExpression(node.left, scene, world)) return constant(decides ? "1" : "0");
    if (second === !decides) return truthValue(left, world);
    return plain(`(${operator} ${left.text} ${right.text})`);
  }
  if (operator === "==" || operator === "!=") {
    const isTest = (left.isAddress && isNull(node.right)) || (right.isAddress && isNull(node.left));
    if (isTest) return constant(world.exists === (operator === "!=") ? "1" : "0");
  }
  const value = compute(operator, Number(left.constant ?? Number.NaN), Number(right.constant ?? Number.NaN));
  return value === undefined ? plain(`(${operator} ${left.text} ${right.text})`) : constant(String(value));
}

/** 0 or 1, by the operand's truth. */
function truthValue(operand: Reduced, world: World): Reduced {
  const truth = asTruth(operand, world);
  if (truth !== undefined) return constant(truth ? "1" : "0");
  return isTruthText(operand.text) ? operand : plain(`${NOT}${NOT}${operand.text}))`);
}

function isTruthText(text: string): boolean {
  return [NOT, "(== ", "(!= ", "(< ", "(> ", "(<= ", "(>= ", "(&& ", "(|| "].some((start) => text.startsWith(start));
}

function compute(operator: string, left: number, right: number): number | undefined {
  if (!Number.isInteger(left) || !Number.isInteger(right)) return undefined;
  const value = (() => {
    switch (operator) {
      case "==":
        return Number(left === right);
      case "!=":
        return Number(left !== right);
      case "<":
        return Number(left < right);
      case ">":
        return Number(left > right);
      case "<=":
        return Number(left <= right);
      case ">=":
        return Number(left >= right);
      case "+":
        return left + right;
      case "-":
        return left - right;
      case "*":
        return left * right;
      case "<<":
        return left >= 0 && right >= 0 && right < 31 ? left * 2 ** right : undefined;
      case "|":
        return left >= 0 && right >= 0 ? left | right : undefined;
      default:
        return undefined;
    }
  })();
  return value !== undefined && Math.abs(value) < 0x7fffffff ? value : undefined;
}

/** The callee without what makes no difference to a function: `(*f)`, `(&f)`. */
export function isSymbolCallee(callee: Expression, isSymbol: (node: Expression) => boolean): boolean {
  let node = bare(callee);
  while (node.kind === "unary" && (node.operator === "*" || node.operator === "&")) node = bare(node.operand);
  return isSymbol(node);
}

function reduceCall(
  node: Extract<Expression, { kind: "call" }>,
  again: (one: Expression) => Reduced,
  world: World,
  env: Env,
  scene: WorldScene,
): Reduced {
  const texts = () => node.arguments.map((argument) => again(argument).text).join(", ");
  if (isSymbolCallee(node.callee, scene.isSymbol)) {
    world.onCall?.();
    const result = world.result === "void" ? plain("void") : constant(world.result);
    const isPure = node.arguments.every((argument) => isPureExpression(argument, scene, world));
    return isPure ? result : plain(`(, ${texts()} ${result.text})`);
  }
  const name = calleeOf(node);
  if (name === "likely" || name === "unlikely" || name === "__builtin_expect") {
    return node.arguments[0] === undefined ? plain(texts()) : again(node.arguments[0]);
  }
  const hasSymbol = [...within(node)].some(scene.isSymbol);
  if (name !== undefined && hasSymbol) {
    const definitions = definitionsOf(name, scene.path, scene.program);
    if (definitions === "unknown") return plain(`?${world.exists} ${texts()}`);
    if (definitions.length > 0) {
      const reduced = reduceMacro(node, definitions, world, env, scene);
      // What a macro is given, and not what it makes of it, may be the same in any world.
      const given = texts();
      return reduced ?? plain(given.includes("@") ? `?${world.exists} ${given}` : `(call ${name} ${given})`);
    }
  }
  const value =
    name === undefined || hasSymbol ? undefined : scene.constantOf(name, scene.code.source.slice(node.start, node.end));
  if (value !== undefined) return constant(value);
  const callee = name ?? again(node.callee).text;
  return plain(`(call ${callee} ${texts()})`);
}

/** A macro's call: what all its definitions make of it, where they agree. */
function reduceMacro(
  node: Expression,
  definitions: readonly string[],
  world: World,
  env: Env,
  scene: WorldScene,
): Reduced | undefined {
  if (scene.depth > DEEPEST) return undefined;
  const codes = expandBy(definitions, scene.code.source.slice(node.start, node.end));
  if (codes === undefined) return undefined;
  let found: Reduced | undefined;
  for (const code of codes) {
    const [item] = code.items;
    if (code.items.length !== 1 || item?.kind !== "expression") return undefined;
    const isSymbol = (one: Expression) => one.kind === "name" && one.name === scene.symbol;
    const reduced = reduce(item.expression, world, env, { ...scene, code, isSymbol, depth: scene.depth + 1 });
    if (reduced.constant === undefined && !reduced.isAddress) return undefined;
    if (found !== undefined && (found.text !== reduced.text || found.isAddress !== reduced.isAddress)) return undefined;
    found = reduced;
  }
  return found;
}

/**
 * Whether evaluating the expression does nothing but look at what is surely there: no call, no change, no pointer followed, no
 * division, no macro that may do any of it, no other weak symbol.
 */
export function isPureExpression(node: Expression, scene: WorldScene, world: World): boolean {
  const again = (one: Expression): boolean => isPureExpression(one, scene, world);
  if (scene.isSymbol(node)) return true;
  switch (node.kind) {
    case "constant":
    case "string":
    case "measure":
    case "type":
      return true;
    case "name":
      return isPureName(node.name, scene, world);
    case "paren":
      return again(node.inner);
    case "unary": {
      if (node.operator === "&") return isPlace(node.operand, again);
      if (node.operator === "*") return isSymbolCallee(node.operand, scene.isSymbol);
      return node.operator.length === 1 && again(node.operand);
    }
    case "binary":
      return (
        node.operator !== "/" && node.operator !== "%" && !node.isDoubtful && again(node.left) && again(node.right)
      );
    case "conditional":
      return again(node.condition) && (node.then === undefined || again(node.then)) && again(node.otherwise);
    case "comma":
      return again(node.left) && again(node.right);
    case "assign":
      return scene.isDone(node);
    case "cast":
      return again(node.operand);
    case "member":
      return !node.isArrow && again(node.base);
    case "call":
      return isPureCall(node, scene, world);
    default:
      return false;
  }
}

/** Something whose address can be taken without looking at anything that may not be there. */
function isPlace(node: Expression, again: (one: Expression) => boolean): boolean {
  const inner = bare(node);
  switch (inner.kind) {
    case "name":
      return again(inner);
    case "member":
      // The address of a member is that of the object and a number.
      return inner.isArrow ? again(inner.base) : isPlace(inner.base, again);
    case "index":
      return again(inner.base) && again(inner.index);
    default:
      return false;
  }
}

function isPureName(name: string, scene: WorldScene, world: World): boolean {
  if (scene.isParameter(name)) return false;
  if (scene.isLocal(name) || NAMED.has(name)) return true;
  const { program } = scene;
  if (name !== scene.symbol && program.declarationsOf(name).some(({ fact }) => program.isWeak(fact))) return false;
  return isPureMacro(name, name, scene, world);
}

function isPureMacro(name: string, text: string, scene: WorldScene, world: World): boolean {
  const definitions = definitionsOf(name, scene.path, scene.program);
  if (definitions === "unknown" || scene.depth > DEEPEST) return false;
  if (definitions.length === 0) return true;
  const codes = expandBy(definitions, text);
  if (codes === undefined) return false;
  return codes.every((code) => {
    const [item] = code.items;
    if (code.items.length !== 1 || item?.kind !== "expression") return false;
    // A name that stands for itself, `#define f f`, is no more than that.
    if (item.expression.kind === "name" && item.expression.name === name) return true;
    return isPureExpression(item.expression, { ...scene, code, depth: scene.depth + 1 }, world);
  });
}

function isPureCall(node: Extract<Expression, { kind: "call" }>, scene: WorldScene, world: World): boolean {
  const areArgumentsPure = () => node.arguments.every((argument) => isPureExpression(argument, scene, world));
  // In the world of a fallback, a call of the symbol does nothing.
  if (isSymbolCallee(node.callee, scene.isSymbol)) return areArgumentsPure();
  const name = calleeOf(node);
  if (name === "likely" || name === "unlikely" || name === "__builtin_expect") return areArgumentsPure();
  if (name === undefined) return false;
  const definitions = definitionsOf(name, scene.path, scene.program);
  if (definitions === "unknown" || definitions.length === 0) return false;
  return isPureMacro(name, scene.code.source.slice(node.start, node.end), scene, world);
}
