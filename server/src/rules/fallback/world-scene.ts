/** What the comparison of worlds asks of the code around a symbol: which names are locals, and of which it keeps track. */

import { treeOf } from "../../linkage/facts/parsed.ts";
import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { bare, type Expression } from "../../syntax/c/code-tree.ts";
import { findDefines } from "../../syntax/c/find-defines.ts";
import { type Parameter, readParameters } from "../../syntax/c/read-parameters.ts";
import type { Span } from "../../text/span.ts";
import { type Result, resultOf } from "./expression-type.ts";
import { calleeOf, expandBy } from "./macro-calls.ts";
import { enumeratorOf, soleDefinition } from "./named-constants.ts";
import { allStatements, expressionsOf, type SymbolCode } from "./symbol-code.ts";
import { reduce, type World, type WorldScene } from "./world-expression.ts";
import { markRead } from "./world-pieces.ts";
import { describeBlock } from "./worlds.ts";

const UNKNOWN: Result = { sort: "unknown" };

/** Makes the scene of a piece of code. */
export function makeScene(
  code: SymbolCode,
  symbol: string,
  result: Result,
  assertions: ReadonlySet<Expression>,
  program: Program,
): WorldScene {
  const { source, items } = code.code;
  const types = new Map<string, Result>();
  const counts = new Map<string, number>();
  const untracked = new Set<string>();
  const parameters = code.sort === "macro" ? parametersOfMacro(code) : [];
  for (const { name, type, isPointer } of parametersOf(code)) {
    types.set(name, resultOf(type, isPointer ? 1 : 0));
    counts.set(name, 1);
  }
  for (const statement of allStatements(items)) {
    if (statement.kind === "opaque")
      for (const name of wordsOf(source.slice(statement.start, statement.end))) untracked.add(name);
    if (statement.kind === "controlled") {
      for (const inner of expressionsOf([{ ...statement, kind: "expression", expression: statement.head }])) {
        if (inner.kind === "name") untracked.add(inner.name);
      }
    }
    if (statement.kind !== "declaration") continue;
    const words = statement.type.split(" ");
    for (const variable of statement.variables) {
      const { name, stars, isArray, isFunction } = variable;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const isPlain = statement.storage === "none" && !isArray && !isFunction && !words.includes("volatile");
      if (!isPlain) untracked.add(name);
      if (statement.storage !== "extern" && !isFunction)
        types.set(name, isArray ? UNKNOWN : resultOf(statement.type, stars));
    }
  }
  for (const node of expressionsOf(items)) noteEscapes(node, untracked, code, program);
  const locals = [...types.keys()];
  const constants = new Map<string, string>();
  const scene: WorldScene = {
    path: code.path,
    program,
    code: code.code,
    symbol,
    assertions,
    depth: 0,
    isSymbol: code.isSymbol,
    isParameter: (name) => parameters.includes(name),
    isLocal: (name) => types.has(name),
    isDone: () => false,
    isResultSigned: (result.sort === "wide" || result.sort === "narrow") && result.isSigned,
    constantOf: (name, text = name) => {
      let value = constants.get(text);
      if (value === undefined) constants.set(text, (value = findConstant(name, text, scene) ?? ""));
      return value === "" ? undefined : value;
    },
    isTracked: (name) => counts.get(name) === 1 && types.has(name) && !untracked.has(name),
    typeOf: (name) => types.get(name) ?? UNKNOWN,
    markNames: (text, span: Span) => {
      const raw = source.slice(span.start, span.end);
      return `${text}${locals
        .filter((name) => raw.includes(name))
        .map(markRead)
        .join("")}`;
    },
    describeItems: (items, world) => describeBlock(items, world, scene),
  };
  return scene;
}

/** The world does not matter to what names no symbol. */
const ANY_WORLD: World = { exists: true, result: "0" };

/** The value of an enumerator, or of a macro that means a number: of its name or of a call. */
function findConstant(name: string, text: string, scene: WorldScene): string | undefined {
  const enumerator = enumeratorOf(name, scene.path, scene.program);
  if (enumerator !== undefined && text === name) return String(enumerator.value);
  const definition = soleDefinition(name, scene.path, scene.program);
  const [code, ...more] = (definition === undefined ? undefined : expandBy([definition], text)) ?? [];
  const [item] = code?.items ?? [];
  if (code === undefined || more.length > 0 || code.items.length !== 1 || item?.kind !== "expression") return undefined;
  if (item.expression.kind === "name" && item.expression.name === name) return undefined;
  const value = reduce(item.expression, ANY_WORLD, new Map(), { ...scene, code, isSymbol: () => false }).constant;
  return value !== undefined && Number.isInteger(Number(value)) ? value : undefined;
}

/** Names that others than plain assignments may change: their address is taken, or a macro has them for an argument. */
function noteEscapes(node: Expression, untracked: Set<string>, code: SymbolCode, program: Program): void {
  if (node.kind === "unary" && node.operator === "&") {
    const root = rootOf(node.operand);
    if (root !== undefined) untracked.add(root);
  }
  if (node.kind === "opaque") {
    for (const name of wordsOf(code.code.source.slice(node.start, node.end))) untracked.add(name);
  }
  if (node.kind !== "call") return;
  const names = node.arguments.map(rootOf).filter((name) => name !== undefined);
  const callee = calleeOf(node);
  if (names.length === 0 || callee === undefined || callee === "likely" || callee === "unlikely") return;
  const definitions = definitionsOf(callee, code.path, program);
  if (definitions === "unknown" || definitions.length > 0) for (const name of names) untracked.add(name);
}

function rootOf(node: Expression): string | undefined {
  const inner = bare(node);
  if (inner.kind === "name") return inner.name;
  if (inner.kind === "member" && !inner.isArrow) return rootOf(inner.base);
  return inner.kind === "index" ? rootOf(inner.base) : undefined;
}

/** The words of a text that is not understood. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word = "";
  for (const char of `${text} `) {
    const isWord =
      (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || (char >= "0" && char <= "9") || char === "_";
    if (isWord) word += char;
    else if (word !== "") {
      words.push(word);
      word = "";
    }
  }
  return words;
}

/** The names of the parameters of the function around the code. */
function parametersOf({ code, around }: SymbolCode): readonly Parameter[] {
  if (around === undefined) return [];
  for (const { declarators, body } of treeOf(code.source).declarations) {
    const [first] = declarators;
    if (body === undefined || first?.nameSpan.start !== around.nameSpan.start) continue;
    return first.parameters === undefined ? [] : readParameters(code.source, first.parameters);
  }
  for (const call of treeOf(code.source).calls) {
    if (call.nameSpan.start === around.nameSpan.start) return readParameters(code.source, call.arguments);
  }
  return [];
}

function parametersOfMacro({ code, uses }: SymbolCode): readonly string[] {
  const [use] = uses;
  if (use?.inMacro === undefined) return [];
  const define = findDefines(code.source, use.inMacro).find(({ start, end }) => start <= use.start && use.end <= end);
  if (define === undefined || !define.isFunctionLike) return [];
  return [
    "__VA_ARGS__",
    ...readParameters(code.source, { start: define.nameSpan.end, end: define.body.start }).map(({ name }) => name),
  ];
}

/** True for a function that gives a truth value, so that an address it returns is tested. */
export function returnsTruth({ code, around }: SymbolCode): boolean {
  if (around === undefined) return false;
  const declaration = treeOf(code.source).declarations.find(
    ({ declarators, body }) => body !== undefined && declarators[0]?.nameSpan.start === around.nameSpan.start,
  );
  const first = declaration?.declarators[0];
  if (declaration === undefined || first === undefined) return false;
  return resultOf(declaration.type, first.hasPointer ? 1 : 0).sort === "truth";
}
