/**
 * Compares what a function does where a symbol is missing with what it would do with its NULL tests gone and a fallback linked
 * in. Both are brought into one form: constants folded, what is never reached left out, branches that do the same joined. Where
 * the forms are the same, so is what the function does; where they are not, nothing is said.
 */

import type { Code, Expression, Statement, Variable } from "../../syntax/c/code-tree.ts";
import { bare, expressionsIn, statementsIn } from "../../syntax/c/code-tree.ts";
import { allStatements, within } from "./symbol-code.ts";
import {
  asTruth,
  constantOfReduced,
  fits,
  isPureExpression,
  type Reduced,
  reduce,
  type World,
  type WorldScene,
} from "./world-expression.ts";
import { tidy, type WorldPiece, writePieces } from "./world-pieces.ts";

/** A list of statements that still grows at its front. */
type List = { readonly head: Statement; readonly tail: List } | undefined;

function prepend(items: readonly Statement[], tail: List): List {
  let list = tail;
  for (let i = items.length - 1; i >= 0; i--) list = { head: items[i]!, tail: list };
  return list;
}

/** Functions of more statements are not compared. */
const MOST_STATEMENTS = 3000;

/**
 * What the code does in a world, in a form that can be compared; undefined where it is too large.
 * @param isExpression an expression that is all of the code gives its value
 */
export function describeWorld(
  code: Code,
  world: World,
  scene: WorldScene,
  { isExpression }: { readonly isExpression: boolean },
): string | undefined {
  let count = 0;
  for (const _ of allStatements(code.items)) if (++count > MOST_STATEMENTS) return undefined;
  const [only] = code.items;
  const env = new Map<string, string>();
  // A macro that is an expression has a value.
  if (isExpression && code.items.length === 1 && only?.kind === "expression") {
    return reduce(only.expression, world, env, scene).text;
  }
  const pieces = build(prepend(code.items, undefined), env, world, scene);
  return writePieces(tidy(pieces));
}

/** What a statement expression does, with its value, which is that of its last statement. */
export function describeBlock(items: readonly Statement[], world: World, scene: WorldScene): string {
  const last = items.at(-1);
  const hasValue = last?.kind === "expression";
  const pieces = build(prepend(hasValue ? items.slice(0, -1) : items, undefined), new Map(), world, scene);
  const value = hasValue ? reduce(last.expression, world, new Map(), scene).text : "";
  return `({${writePieces(pieces)}${value}})`;
}

type Env = Map<string, string>;

/** The statements as pieces; `env` holds what locals are known to be, and is left as it is behind the last. */
function build(items: List, env: Env, world: World, scene: WorldScene): WorldPiece[] {
  const pieces: WorldPiece[] = [];
  let list = items;
  while (list !== undefined) {
    const statement = list.head;
    list = list.tail;
    switch (statement.kind) {
      case "empty":
        break;
      case "block":
        list = prepend(statement.items, list);
        break;
      case "expression":
        pieces.push(...buildExpression(statement.expression, env, world, scene));
        break;
      case "declaration":
        for (const variable of statement.variables) {
          const piece = buildVariable(statement, variable, env, world, scene);
          if (piece !== undefined) pieces.push(piece);
        }
        break;
      case "if": {
        const assigned = firstAssigned(statement.condition, world, env, scene);
        if (assigned !== undefined) pieces.push(...setLocal(assigned.name, assigned.value, env, world, scene));
        const inside =
          assigned === undefined ? scene : { ...scene, isDone: (one: Expression) => one === assigned.node };
        const condition = reduce(statement.condition, world, env, inside);
        if (assigned === undefined) forget(env, evaluatedIn(statement.condition, world, env, scene), []);
        const truth = asTruth(condition, world);
        if (truth !== undefined) {
          const [taken, left] = truth ? [statement.then, statement.otherwise] : [statement.otherwise, statement.then];
          // A jump may lead into what is left out.
          if (left !== undefined && hasLabel(left))
            pieces.push({ kind: "do", text: `?${world.exists}`, isPure: false });
          if (taken !== undefined) list = { head: taken, tail: list };
          break;
        }
        const thenEnv = new Map(env);
        const then = build(prepend([statement.then], undefined), thenEnv, world, scene);
        const otherwise = build(
          statement.otherwise === undefined ? undefined : prepend([statement.otherwise], undefined),
          env,
          world,
          scene,
        );
        const isPure = isPureExpression(statement.condition, inside, world);
        const piece = { kind: "if", condition: condition.text, isPure, met: then, otherwise } as const;
        pieces.push(piece);
        if (endsInJump(then)) {
          if (endsInJump(otherwise)) {
            env.clear();
            list = skipDead(list);
            break;
          }
          otherwise.push(...build(list, env, world, scene));
          return pieces;
        }
        if (endsInJump(otherwise)) {
          replaceEnv(env, thenEnv);
          then.push(...build(list, env, world, scene));
          return pieces;
        }
        for (const [name, value] of env) if (thenEnv.get(name) !== value) env.delete(name);
        break;
      }
      case "while":
      case "do":
      case "for":
      case "switch":
      case "controlled":
        pieces.push(...buildLoop(statement, env, world, scene));
        break;
      case "return": {
        const value = statement.value === undefined ? "" : reduce(statement.value, world, env, scene).text;
        pieces.push({ kind: "jump", text: `return ${value}`, label: undefined });
        env.clear();
        list = skipDead(list);
        break;
      }
      case "goto":
      case "break":
      case "continue": {
        const label = statement.kind === "goto" ? statement.label : undefined;
        const raw = scene.code.source.slice(statement.start, statement.end);
        const text = statement.kind !== "goto" ? statement.kind : label === undefined ? raw : `goto ${label};`;
        pieces.push({ kind: "jump", text, label });
        env.clear();
        list = skipDead(list);
        break;
      }
      case "case":
      case "label":
      case "directive":
      case "opaque":
        env.clear();
        pieces.push(...buildMark(statement, world, scene));
        break;
    }
  }
  return pieces;
}

/** The parts of a condition that are come to, as far as is known. */
function evaluatedIn(condition: Expression, world: World, env: Env, scene: WorldScene): readonly Expression[] {
  const node = bare(condition);
  if (node.kind !== "binary" || (node.operator !== "&&" && node.operator !== "||")) return [node];
  const left = evaluatedIn(node.left, world, env, scene);
  const decides = asTruth(reduce(node.left, world, env, scene), world) === (node.operator === "||");
  return decides ? left : [...left, ...evaluatedIn(node.right, world, env, scene)];
}

interface Assigned {
  readonly node: Expression;
  readonly name: string;
  readonly value: Expression;
}

/**
 * `(r = f()) != 0`: an assignment to a local that the expression always begins with, so that it may as well stand before it. None where
 * there is another change in it.
 */
function firstAssigned(condition: Expression, world: World, env: Env, scene: WorldScene): Assigned | undefined {
  const changes = [...within(condition)].filter(
    ({ kind }) => kind === "assign" || kind === "postfix" || kind === "opaque" || kind === "block-expression",
  );
  if (changes.length !== 1) return undefined;
  let node = bare(condition);
  for (;;) {
    if (node.kind === "assign") {
      const target = bare(node.left);
      if (node.operator !== "=" || target.kind !== "name" || !scene.isTracked(target.name)) return undefined;
      return { node, name: target.name, value: node.right };
    }
    if (node.kind === "unary" && node.operator === "!") node = bare(node.operand);
    else if (node.kind === "call" && isHint(node)) node = bare(node.arguments[0]!);
    else if (node.kind === "binary") {
      const isLogical = node.operator === "&&" || node.operator === "||";
      const left = isLogical ? asTruth(reduce(node.left, world, env, scene), world) : undefined;
      // What decides by itself leaves the rest out.
      if (left === (node.operator === "||") && left !== undefined) return undefined;
      const isOther = isPureExpression(node.right, scene, world) && [...within(node.left)].includes(changes[0]!);
      if (left === undefined && !isOther) return undefined;
      node = bare(left === undefined ? node.left : node.right);
    } else return undefined;
  }
}

function isHint({ callee, arguments: given }: Extract<Expression, { kind: "call" }>): boolean {
  return callee.kind === "name" && (callee.name === "likely" || callee.name === "unlikely") && given.length === 1;
}

function replaceEnv(env: Env, by: Env): void {
  env.clear();
  for (const [name, value] of by) env.set(name, value);
}

function endsInJump(pieces: readonly WorldPiece[]): boolean {
  const last = pieces.at(-1);
  if (last?.kind === "if") return endsInJump(last.met) && endsInJump(last.otherwise);
  return last?.kind === "jump";
}

/** Over what nothing leads to: up to a label, a case or a line of the preprocessor's. */
function skipDead(items: List): List {
  let list = items;
  while (list !== undefined && !hasLabel(list.head)) list = list.tail;
  return list;
}

function hasLabel(statement: Statement): boolean {
  for (const { kind } of allStatements([statement])) {
    if (kind === "label" || kind === "case" || kind === "directive" || kind === "opaque") return true;
  }
  return false;
}

function buildMark(statement: Statement, world: World, scene: WorldScene): WorldPiece[] {
  const raw = scene.code.source.slice(statement.start, statement.end);
  if (statement.kind === "label") return [{ kind: "label", text: raw, name: statement.name }];
  if (statement.kind === "opaque") {
    // What is not understood may test the symbol.
    const text = raw.includes(scene.symbol) ? `?${world.exists} ${raw}` : raw;
    return [{ kind: "do", text: scene.markNames(text, statement), isPure: false }];
  }
  return [{ kind: "label", text: raw, name: undefined }];
}

function buildExpression(node: Expression, env: Env, world: World, scene: WorldScene): WorldPiece[] {
  const inner = bare(node);
  if (scene.assertions.has(inner)) return [];
  if (inner.kind === "assign" && inner.operator === "=") {
    const target = bare(inner.left);
    if (target.kind === "name" && scene.isTracked(target.name)) {
      return changesNothing(target.name, bare(inner.right), env, world, scene)
        ? []
        : setLocal(target.name, inner.right, env, world, scene);
    }
  }
  if (inner.kind === "assign" && inner.operator !== "=") {
    const target = bare(inner.left);
    const operator = inner.operator.slice(0, -1);
    const isIdle =
      target.kind === "name" && keepsLocal(target.name, operator, reduce(inner.right, world, env, scene), scene);
    if (isIdle && isPureExpression(inner.right, scene, world)) return [];
  }
  const reduced = reduce(node, world, env, scene);
  const isPure = isPureExpression(node, scene, world);
  forget(env, [node], []);
  return isPure || constantOfReduced(reduced) !== undefined || reduced.text === "void"
    ? []
    : [{ kind: "do", text: reduced.text, isPure: false }];
}

/** Whether a local is given what it is already: `r = r + 0`. */
function changesNothing(name: string, value: Expression, env: Env, world: World, scene: WorldScene): boolean {
  if (value.kind !== "binary") return false;
  const [left, right] = [bare(value.left), bare(value.right)];
  const isLeft = left.kind === "name" && left.name === name;
  const isRight = right.kind === "name" && right.name === name && COMMUTATIVE.has(value.operator);
  if (!isLeft && !isRight) return false;
  const other = isLeft ? value.right : value.left;
  return (
    keepsLocal(name, value.operator, reduce(other, world, env, scene), scene) && isPureExpression(other, scene, world)
  );
}

const COMMUTATIVE: ReadonlySet<string> = new Set(["+", "|", "^", "&"]);

/** Operators that leave what they are applied to where their right operand is 0. */
const IDLE_WITH_ZERO: ReadonlySet<string> = new Set(["+", "-", "|", "^", "<<", ">>"]);

/**
 * Whether a local that nobody else changes is the same behind `local op= value`. Of floating numbers -0.0 + 0 is another; -1 has all bits
 * of a wider type only where it is signed, which the constant of a result's type is.
 */
function keepsLocal(name: string, operator: string, value: Reduced, scene: WorldScene): boolean {
  if (!scene.isTracked(name)) return false;
  const { sort } = scene.typeOf(name);
  const isWhole = sort === "wide" || sort === "narrow" || sort === "truth";
  if (value.constant === "0") return IDLE_WITH_ZERO.has(operator) && (isWhole || sort === "pointer");
  return value.constant === "-1" && operator === "&" && isWhole && scene.isResultSigned;
}

function setLocal(name: string, value: Expression, env: Env, world: World, scene: WorldScene): WorldPiece[] {
  const reduced = reduce(value, world, env, scene);
  forget(env, [value], []);
  const constant = constantOfReduced(reduced);
  const isKnown = constant !== undefined && fits(constant, scene.typeOf(name));
  // It is that already.
  if (isKnown && env.get(name) === constant) return [];
  if (isKnown) env.set(name, constant);
  else env.delete(name);
  return [{ kind: "set", name, text: reduced.text, isPure: isPureExpression(value, scene, world) || isKnown }];
}

function buildVariable(
  statement: Extract<Statement, { kind: "declaration" }>,
  variable: Variable,
  env: Env,
  world: World,
  scene: WorldScene,
): WorldPiece | undefined {
  const { name, initializer } = variable;
  env.delete(name);
  if (scene.isTracked(name)) {
    if (initializer === undefined) return undefined;
    return setLocal(name, initializer, env, world, scene)[0];
  }
  const parts = [...statement.operands, ...variable.bounds, ...(initializer === undefined ? [] : [initializer])];
  const texts = parts.map((part) => reduce(part, world, env, scene).text);
  const text = `${statement.storage} ${statement.type} ${name} ${texts.join(" ")}`;
  return { kind: "do", text, isPure: false };
}

type Loop = Extract<Statement, { kind: "while" | "do" | "for" | "switch" | "controlled" }>;

function buildLoop(statement: Loop, env: Env, world: World, scene: WorldScene): WorldPiece[] {
  const pieces: WorldPiece[] = [];
  if (statement.kind === "for" && statement.first !== undefined) {
    pieces.push(...build(prepend([statement.first], undefined), env, world, scene));
  }
  const heads = statement.kind === "for" ? [statement.condition, statement.step] : expressionsIn(statement);
  forget(
    env,
    heads.filter((one) => one !== undefined),
    [statement.body],
  );
  if (statement.kind === "switch" || statement.kind === "controlled") {
    const subject = reduce(expressionsIn(statement)[0]!, world, env, scene);
    const body = build(prepend([statement.body], undefined), new Map(), world, scene);
    if (statement.kind === "controlled") env.clear();
    pieces.push({ kind: "loop", head: `${statement.kind} ${subject.text}`, body });
    return pieces;
  }
  const texts = heads.map((one) => (one === undefined ? undefined : reduce(one, world, env, scene)));
  const condition = texts[0];
  if (statement.kind !== "do" && condition !== undefined && asTruth(condition, world) === false) {
    if (!hasLabel(statement.body)) return pieces;
  }
  const body = build(prepend([statement.body], undefined), new Map(env), world, scene);
  pieces.push({ kind: "loop", head: `${statement.kind} ${texts.map((one) => one?.text ?? "").join(";")}`, body });
  return pieces;
}

/** What the expressions and statements change is not known any more. */
function forget(env: Env, expressions: readonly Expression[], statements: readonly Statement[]): void {
  if (env.size === 0) return;
  const visit = (node: Expression): void => {
    for (const inner of within(node)) {
      const target =
        inner.kind === "assign"
          ? inner.left
          : inner.kind === "postfix" || (inner.kind === "unary" && inner.operator.length === 2)
            ? inner.operand
            : undefined;
      const name = target === undefined ? undefined : bare(target);
      if (name?.kind === "name") env.delete(name.name);
    }
  };
  const visitStatement = (statement: Statement): void => {
    if (statement.kind === "declaration") for (const { name } of statement.variables) env.delete(name);
    for (const expression of expressionsIn(statement)) visit(expression);
    for (const inner of statementsIn(statement)) visitStatement(inner);
  };
  for (const expression of expressions) visit(expression);
  for (const statement of statements) visitStatement(statement);
}
