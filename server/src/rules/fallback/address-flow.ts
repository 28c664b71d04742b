/**
 * Follows what the code makes of a symbol: whether its contents are looked at, it is called, its address is tested, or the
 * address goes where it may be told from NULL or from another. Macros around it are expanded, by all their definitions; a local
 * variable that holds the address is followed to its uses. What is not understood counts as an address passed on.
 */

import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { bare, type Code, type Expression, type Statement } from "../../syntax/c/code-tree.ts";
import type { Shape } from "../../syntax/c/tree.ts";
import { mayBeArrayMember } from "./array-members.ts";
import { castOf } from "./expression-type.ts";
import { calleeOf, expandBy } from "./macro-calls.ts";
import { isPrinted } from "./printed-address.ts";
import { allStatements, type Node, parentsOf } from "./symbol-code.ts";

/** What becomes of a symbol at one place, the worse the later. */
export type Flow = "measured" | "looked-at" | "called" | "tested" | "passed-on";

const ORDER: readonly Flow[] = ["measured", "looked-at", "called", "tested", "passed-on"];

/** What a symbol is, as far as its uses depend on it. */
export interface SymbolShape {
  readonly name: string;
  readonly shape: Shape | undefined;
  /** How many brackets its declarator has. */
  readonly dimensions: number;
}

/** The code in which an expression is followed. */
export interface FlowScene {
  readonly path: string;
  readonly program: Program;
  readonly code: Code;
  readonly parents: ReadonlyMap<Node, Node>;
  readonly symbol: SymbolShape;
  /** An expression that is all of the code is its value: of a macro, an initializer. */
  readonly isValue: boolean;
  isSymbol(node: Expression): boolean;
}

/** What an expression is, of what is made of the symbol. */
type Value =
  /** The object, or an element of it with so many dimensions left. */
  | { readonly sort: "object"; readonly dimensions: number; readonly isStart: boolean }
  /** A member, which is an array or is not. */
  | { readonly sort: "member" }
  /** An address; what it points to has so many dimensions. */
  | { readonly sort: "address"; readonly dimensions: number; readonly isStart: boolean }
  | { readonly sort: "function" }
  /** The address as a number. */
  | { readonly sort: "number" };

/** Where the search has come to, so that it ends. */
interface Trail {
  readonly locals: Set<string>;
  readonly depth: number;
  /** What the value of the macro that is being looked into becomes. */
  readonly outer: ((value: Value) => Flow) | undefined;
  /** An argument of a macro that is not understood: what its value becomes is not known. */
  readonly end?: Expression;
}

/** Macros within macros, and locals within them, are followed this far. */
const DEEPEST = 8;

/** What becomes of the symbol named at the place. */
export function followSymbol(leaf: Expression, scene: FlowScene): Flow {
  return followLeaf(leaf, symbolValue(scene.symbol), scene, { locals: new Set(), depth: 0, outer: undefined });
}

function symbolValue({ shape, dimensions }: SymbolShape): Value {
  if (shape === "function") return { sort: "function" };
  // Of what nothing is known, the value is an address.
  const known = shape === "array" || shape === undefined ? Math.max(1, dimensions) : 0;
  return { sort: "object", dimensions: known, isStart: true };
}

/** Follows one mention, through the outermost macro around it where there is one. */
function followLeaf(leaf: Expression, value: Value, scene: FlowScene, trail: Trail): Flow {
  const { parents } = scene;
  let macro: { node: Expression; definitions: readonly string[] } | undefined;
  let isLost = false;
  for (let child: Node = leaf, node = parents.get(leaf); node !== undefined; child = node, node = parents.get(node)) {
    const name = node.kind === "call" && child !== node.callee ? calleeOf(node) : undefined;
    if (name === undefined || isTransparent(name)) continue;
    const definitions = definitionsOf(name, scene.path, scene.program);
    if (definitions === "unknown") isLost ||= takesAddress(child as Expression, value, leaf);
    else if (definitions.length > 0) macro = { node: node as Expression, definitions };
  }
  if (macro !== undefined) return followIntoMacro(macro.node, macro.definitions, leaf, value, scene, trail);
  // What a macro that too many files name does with an address is not looked up.
  return isLost ? "passed-on" : follow(leaf, value, scene, trail);
}

/** Whether an argument is the symbol's address itself and nothing that is found through it. */
function takesAddress(argument: Expression, value: Value, leaf: Expression): boolean {
  const inner = bare(argument);
  if (inner === leaf) return value.sort !== "object" || value.dimensions > 0;
  return inner.kind === "unary" && inner.operator === "&";
}

/** Names of calls that are no more than their first argument. */
function isTransparent(name: string): boolean {
  return name === "likely" || name === "unlikely" || name === "__builtin_expect";
}

function followIntoMacro(
  call: Expression,
  definitions: readonly string[],
  leaf: Expression,
  value: Value,
  scene: FlowScene,
  trail: Trail,
): Flow {
  if (trail.depth > DEEPEST) return "passed-on";
  const { source } = scene.code;
  // The mention gets a name of its own, so that it is told from others in the same call.
  const name = `${source.slice(leaf.start, leaf.end)}_${MARK}`;
  const text = `${source.slice(call.start, leaf.start)}${name}${source.slice(leaf.end, call.end)}`;
  const codes = expandBy(definitions, text);
  // What an argument makes of the address by itself holds whatever the macro does with its value.
  const argument = argumentAround(leaf, call);
  const followArgument = (): Flow =>
    argument === undefined ? "passed-on" : follow(leaf, value, scene, { ...trail, end: argument });
  if (codes === undefined) return followArgument();
  let worst: Flow = "measured";
  for (const code of codes) {
    const inner: FlowScene = {
      ...scene,
      code,
      parents: parentsOf(code),
      isSymbol: (node) => isMarked(node, scene.symbol.name),
      isValue: true,
    };
    // Assembly that it is put into, as a string.
    const isAssembled = [...allStatements(code.items)].some(
      (one) => one.kind === "opaque" && mentions(code, one, name),
    );
    if (isAssembled) worst = worse(worst, followArgument());
    const outer = (result: Value): Flow => follow(call, result, scene, trail);
    for (const node of inner.parents.keys()) {
      if (node.kind !== "name" || node.name !== name) {
        if (node.kind === "opaque" && mentions(code, node, name)) worst = worse(worst, followArgument());
        continue;
      }
      worst = worse(worst, followLeaf(node, value, inner, { ...trail, depth: trail.depth + 1, outer }));
    }
  }
  return worst;
}

/** The argument of the call in which the mention stands. */
function argumentAround(leaf: Expression, call: Expression): Expression | undefined {
  if (call.kind !== "call") return undefined;
  return call.arguments.find((argument) => argument.start <= leaf.start && leaf.end <= argument.end);
}

/** What is appended to the name of the mention that is followed into a macro. */
const MARK = "followed";

/** The symbol's name, as it is or as it is called in macros. */
function isMarked(node: Expression, name: string): boolean {
  return node.kind === "name" && withoutMarks(node.name) === name;
}

function withoutMarks(name: string): string {
  let rest = name;
  while (rest.endsWith(`_${MARK}`)) rest = rest.slice(0, -MARK.length - 1);
  return rest;
}

function isName(node: Expression, name: string): boolean {
  return node.kind === "name" && node.name === name;
}

function mentions(code: Code, node: Node, name: string): boolean {
  return code.source.slice(node.start, node.end).includes(name);
}

export function worse(one: Flow, other: Flow): Flow {
  return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}

/** Follows a value from its expression to what is around it. */
function follow(node: Expression, value: Value, scene: FlowScene, trail: Trail): Flow {
  const parent = scene.parents.get(node);
  if (parent === undefined) return "passed-on";
  if (node === trail.end) return isAddress(value) ? "passed-on" : "looked-at";
  switch (parent.kind) {
    case "paren":
      return follow(parent, value, scene, trail);
    case "measure":
    case "generic":
      return parent.kind === "generic" && node !== parent.subject ? follow(parent, value, scene, trail) : "measured";
    case "type":
      return "measured";
    case "unary":
      return followUnary(parent, value, scene, trail);
    case "postfix":
      return value.sort === "object" && value.dimensions === 0 ? "looked-at" : "passed-on";
    case "index":
      return followIndex(parent, node, value, scene, trail);
    case "member":
      return followMember(parent, value, scene, trail);
    case "call":
      return followCall(parent, node, value, scene, trail);
    case "cast":
      return followCast(parent, value, scene, trail);
    case "binary":
      return followBinary(parent, node, value, scene, trail);
    case "conditional":
      if (node !== parent.condition) return follow(parent, value, scene, trail);
      // The value of `a ?: b` is `a` itself.
      return parent.then === undefined && isAddress(value) ? "passed-on" : tested(value);
    case "comma":
      return node === parent.left ? "looked-at" : follow(parent, value, scene, trail);
    case "assign":
      return followAssignment(parent, node, value, scene, trail);
    case "declaration":
      return followInitializer(parent, node, value, scene, trail);
    case "expression":
      return followDiscarded(parent, value, scene, trail);
    case "if":
    case "while":
    case "do":
      return tested(value);
    case "for":
      return node === parent.condition ? tested(value) : "looked-at";
    default:
      return isAddress(value) ? "passed-on" : "looked-at";
  }
}

/** Whether the value is an address, or turns into one where a value is wanted. */
function isAddress(value: Value): boolean {
  return value.sort !== "member" && !(value.sort === "object" && value.dimensions === 0);
}

/** What asking for the truth of the value is. The truth of an address within the object is no question of whether it is there. */
function tested(value: Value): Flow {
  if (!isAddress(value)) return "looked-at";
  return (value.sort === "object" || value.sort === "address") && !value.isStart ? "passed-on" : "tested";
}

/** What a dereferenced value is. */
function pointedTo(value: Value, isStart: boolean): Value {
  switch (value.sort) {
    case "function":
      return value;
    case "address":
      return { sort: "object", dimensions: value.dimensions, isStart: value.isStart && isStart };
    case "object":
      return value.dimensions === 0
        ? { sort: "member" }
        : { sort: "object", dimensions: value.dimensions - 1, isStart: value.isStart && isStart };
    default:
      return { sort: "member" };
  }
}

function followIndex(parent: Of<"index">, node: Expression, value: Value, scene: FlowScene, trail: Trail): Flow {
  const isBase = node === parent.base;
  const other = isBase ? parent.index : parent.base;
  // What an object holds finds an element of another: `names[markers[i]]`. In `0[table]` it is the array itself.
  const isElement = value.sort === "object" && value.dimensions === 0;
  if (!isBase && isElement && !isNumber(other, scene)) return "looked-at";
  return follow(parent, pointedTo(value, isZero(other)), scene, trail);
}

/** Whether the expression may be a number rather than an array or a pointer. */
function isNumber(node: Expression, scene: FlowScene): boolean {
  const inner = bare(node);
  if (inner.kind !== "name") return inner.kind !== "index" && inner.kind !== "member";
  for (const statement of allStatements(scene.code.items)) {
    if (statement.kind !== "declaration") continue;
    const variable = statement.variables.find(({ name }) => name === inner.name);
    if (variable !== undefined) return variable.stars === 0 && !variable.isArray;
  }
  return !scene.program.declarationsOf(inner.name).some(({ fact }) => fact.isArray === true || fact.isPointer === true);
}

function isZero(node: Expression): boolean {
  const inner = bare(node);
  return inner.kind === "constant" && Number(inner.text) === 0;
}

type Of<K extends Expression["kind"] | Statement["kind"]> = Extract<Expression | Statement, { kind: K }>;

function followUnary(parent: Of<"unary">, value: Value, scene: FlowScene, trail: Trail): Flow {
  switch (parent.operator) {
    case "!":
      return tested(value);
    case "*":
      return follow(parent, pointedTo(value, true), scene, trail);
    case "&":
      if (value.sort === "function") return follow(parent, value, scene, trail);
      if (value.sort === "object") return follow(parent, { ...value, sort: "address" }, scene, trail);
      return value.sort === "member"
        ? follow(parent, { sort: "address", dimensions: 0, isStart: false }, scene, trail)
        : "passed-on";
    default:
      return isAddress(value) ? "passed-on" : "looked-at";
  }
}

function followMember(parent: Of<"member">, value: Value, scene: FlowScene, trail: Trail): Flow {
  if (value.sort === "number" || value.sort === "function") return "passed-on";
  // An array's name is an address, whose truth nobody can tell from that of the object's.
  const isArray = mayBeArrayMember(parent.name, scene.path, scene.program);
  return follow(
    parent,
    isArray ? { sort: "address", dimensions: 0, isStart: false } : { sort: "member" },
    scene,
    trail,
  );
}

function followCall(parent: Of<"call">, node: Expression, value: Value, scene: FlowScene, trail: Trail): Flow {
  if (node === parent.callee) return value.sort === "function" ? "called" : "looked-at";
  const name = calleeOf(parent);
  if (name !== undefined && isTransparent(name)) {
    return node === parent.arguments[0] ? follow(parent, value, scene, trail) : "passed-on";
  }
  // `(word)(x)` calls or casts.
  if (!isAddress(value)) return "looked-at";
  return isPrinted(parent, node, scene.code, scene.path, scene.program) ? "looked-at" : "passed-on";
}

function followCast(parent: Of<"cast">, value: Value, scene: FlowScene, trail: Trail): Flow {
  if (!isAddress(value)) return "looked-at";
  if (parent.isDoubtful) return "passed-on";
  const cast = castOf(parent.type);
  if (cast === "void") return "looked-at";
  if (cast === "address-sized") return follow(parent, { sort: "number" }, scene, trail);
  if (cast !== "pointer") return "passed-on";
  if (value.sort === "function") return follow(parent, value, scene, trail);
  const isStart = value.sort === "number" || value.sort === "member" || value.isStart;
  return follow(parent, { sort: "address", dimensions: 0, isStart }, scene, trail);
}

function followBinary(parent: Of<"binary">, node: Expression, value: Value, scene: FlowScene, trail: Trail): Flow {
  const { operator, left, right } = parent;
  const other = node === left ? right : left;
  if (operator === "&&" || operator === "||") return tested(value);
  if (!isAddress(value)) return "looked-at";
  if (parent.isDoubtful) return "passed-on";
  if (operator === "==" || operator === "!=") return isNull(other) ? tested(value) : "passed-on";
  if (value.sort === "number" || value.sort === "function") return "passed-on";
  if (operator === "-" && isDerived(other, scene, trail)) return "looked-at";
  if (operator === "-" && node === right) return "passed-on";
  if (operator !== "+" && operator !== "-") return "passed-on";
  // A sum points into the object: what it points to is as many dimensions deep as an element.
  const dimensions = value.sort === "object" ? value.dimensions - 1 : value.sort === "address" ? value.dimensions : 0;
  const isStart = value.sort !== "member" && value.isStart && isZero(other);
  return follow(parent, { sort: "address", dimensions, isStart }, scene, trail);
}

/** A null pointer constant (C11 6.3.2.3), in the ways in which it is written. */
export function isNull(node: Expression): boolean {
  const inner = bare(node);
  if (inner.kind === "name") return inner.name === "NULL" || inner.name === "nullptr";
  if (inner.kind === "constant") return isZeroText(inner.text);
  return inner.kind === "cast" && castOf(inner.type) === "pointer" && isNull(inner.operand);
}

/** `0`, `0L`, `0x0UL` */
function isZeroText(text: string): boolean {
  let digits = text.toLowerCase();
  while (digits.endsWith("u") || digits.endsWith("l")) digits = digits.slice(0, -1);
  return digits !== "" && Number(digits) === 0;
}

/** Whether the expression is an address that is made of the symbol's own, so that its distance from it is the same in any case. */
function isDerived(node: Expression, scene: FlowScene, trail: Trail): boolean {
  const inner = bare(node);
  if (scene.isSymbol(inner)) return true;
  switch (inner.kind) {
    case "name":
      return trail.locals.has(withoutMarks(inner.name)) || isDerivedLocal(inner.name, scene, trail);
    case "binary":
      return (inner.operator === "+" || inner.operator === "-") && isDerived(inner.left, scene, trail);
    case "unary": {
      const operand = bare(inner.operand);
      return inner.operator === "&" && operand.kind === "index" && isDerived(operand.base, scene, trail);
    }
    case "cast":
      return castOf(inner.type) === "pointer" && isDerived(inner.operand, scene, trail);
    default:
      return false;
  }
}

/** Whether all that a local variable is ever given is such an address. */
function isDerivedLocal(name: string, scene: FlowScene, trail: Trail): boolean {
  const local = findLocal(name, scene);
  if (local === undefined || trail.depth > DEEPEST) return false;
  const inner: Trail = { ...trail, locals: new Set([...trail.locals, name]), depth: trail.depth + 1 };
  const given = [...local.given];
  return given.length > 0 && given.every((one) => isDerived(one, scene, inner));
}

function followAssignment(parent: Of<"assign">, node: Expression, value: Value, scene: FlowScene, trail: Trail): Flow {
  if (node === parent.left) return value.sort === "function" || value.sort === "number" ? "passed-on" : "looked-at";
  if (!isAddress(value)) return "looked-at";
  const target = bare(parent.left);
  if (parent.operator !== "=" || target.kind !== "name") return "passed-on";
  // The value of the assignment is the address as well.
  return worse(followLocal(target.name, value, scene, trail), follow(parent, value, scene, trail));
}

function followInitializer(
  parent: Of<"declaration">,
  node: Expression,
  value: Value,
  scene: FlowScene,
  trail: Trail,
): Flow {
  if (parent.operands.includes(node)) return "measured";
  const variable = parent.variables.find(({ initializer }) => initializer === node);
  if (!isAddress(value)) return "looked-at";
  if (variable === undefined || parent.storage !== "none") return "passed-on";
  return followLocal(variable.name, value, scene, trail);
}

/** An expression whose value nobody wants, or that is the value of the statement expression around it. */
function followDiscarded(parent: Of<"expression">, value: Value, scene: FlowScene, trail: Trail): Flow {
  const around = scene.parents.get(parent);
  if (around?.kind === "block-expression" && around.items.at(-1) === parent) return follow(around, value, scene, trail);
  if (!scene.isValue || around !== undefined || scene.code.items.length > 1) return "looked-at";
  if (trail.outer !== undefined) return trail.outer(value);
  return isAddress(value) ? "passed-on" : "looked-at";
}

interface Local {
  readonly mentions: readonly Expression[];
  /** What it is given by initializers and assignments. */
  readonly given: readonly Expression[];
}

/** A variable of the function that is declared once, and not static; undefined where it is none. */
function findLocal(name: string, scene: FlowScene): Local | undefined {
  const given: Expression[] = [];
  let count = 0;
  for (const statement of allStatements(scene.code.items)) {
    if (statement.kind === "opaque" && mentions(scene.code, statement, name)) return undefined;
    if (statement.kind !== "declaration") continue;
    for (const variable of statement.variables) {
      if (variable.name !== name) continue;
      if (statement.storage !== "none" || variable.isArray || variable.isFunction) return undefined;
      count++;
      if (variable.initializer !== undefined) given.push(variable.initializer);
    }
  }
  if (count !== 1) return undefined;
  const found: Expression[] = [];
  for (const node of scene.parents.keys()) {
    if (node.kind === "opaque" && mentions(scene.code, node, name)) return undefined;
    if (node.kind === "assign" && isName(bare(node.left), name) && node.operator === "=") given.push(node.right);
    if (node.kind === "name" && node.name === name) found.push(node);
  }
  return { mentions: found, given };
}

/** Follows the address to all that is done with a local variable that holds it. */
function followLocal(name: string, value: Value, scene: FlowScene, trail: Trail): Flow {
  if (trail.locals.has(name)) return "looked-at";
  if (trail.depth > DEEPEST) return "passed-on";
  const local = findLocal(name, scene);
  if (local === undefined) return "passed-on";
  trail.locals.add(name);
  const held: Value = value.sort === "object" ? { ...pointerTo(value) } : value;
  const inner: Trail = { ...trail, depth: trail.depth + 1 };
  let worst: Flow = "looked-at";
  for (const mention of local.mentions) {
    if (isWritten(mention, scene)) continue;
    const flow = followLeaf(mention, held, scene, inner);
    // Whether the address is there is told by the variable: what else it holds is not known.
    worst = worse(worst, flow === "tested" ? "passed-on" : flow);
  }
  return worst;
}

/** What an array's name is as a value. */
function pointerTo(value: Extract<Value, { sort: "object" }>): Value {
  return { sort: "address", dimensions: value.dimensions - 1, isStart: value.isStart };
}

/** `p = …`, `p++;`, `p += 2;`: it is given another value, which is still one of the symbol's. */
function isWritten(mention: Expression, scene: FlowScene): boolean {
  let node: Expression = mention;
  let parent = scene.parents.get(node);
  while (parent?.kind === "paren") {
    node = parent;
    parent = scene.parents.get(node);
  }
  if (parent?.kind === "assign" && parent.left === node) {
    const isMoved = parent.operator === "+=" || parent.operator === "-=";
    return parent.operator === "=" || (isMoved && scene.parents.get(parent)?.kind === "expression");
  }
  const isCounted = parent?.kind === "postfix" || (parent?.kind === "unary" && parent.operator.length === 2);
  const around = isCounted ? scene.parents.get(parent!) : undefined;
  return around?.kind === "expression" || (around?.kind === "for" && around.step === parent);
}
