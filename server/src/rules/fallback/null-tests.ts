/**
 * Judges the uses of a weakly referenced symbol: what a strong declaration with a fallback would change for each of them.
 *
 * Once the declaration is strong, a compiler takes `sym != NULL` for true, and warns of it. So every NULL test must be understood
 * and go; and where nothing else defines the symbol, the fallback has to do what the program does without it.
 */

import { describePlace } from "../../linkage/facts/texts.ts";
import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import type { FileUse, Program } from "../../linkage/symbols/program.ts";
import { bare, type Expression } from "../../syntax/c/code-tree.ts";
import type { FileEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { type Flow, followSymbol, isNull, type SymbolShape } from "./address-flow.ts";
import { findAssertion } from "./assertions.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { shapeOfDeclared } from "./declared-shape.ts";
import { canReturn } from "./definition.ts";
import { type Result, resultOfFunction, textOfResult } from "./expression-type.ts";
import { findResults, isCalledWhereMissing, type Results, spellResult } from "./fallback-result.ts";
import { foldTests } from "./fold-tests.ts";
import { calleeOf } from "./macro-calls.ts";
import { enumeratorOf } from "./named-constants.ts";
import { type Node, readCodes, type SymbolCode } from "./symbol-code.ts";
import { makeScene, returnsTruth } from "./world-scene.ts";

/** A call that asserts the symbol's presence and can go as a statement: `BUG_ON(!table)`. */
export interface Assertion {
  readonly path: string;
  readonly call: Span;
}

export type Judgement =
  | { readonly refusal: string }
  | {
      /** What a fallback function returns so that its callers see what they saw before; undefined where no test says. */
      readonly value: string | undefined;
      /** The same as a number, where it is one by a name. */
      readonly number: string | undefined;
      /** A file whose test says so. */
      readonly valuePath: string | undefined;
      readonly assertions: readonly Assertion[];
      readonly edits: readonly FileEdit[];
      /** Somewhere the function is called, as far as is known, whether it is there or not. */
      readonly isCalledUnguarded: boolean;
    };

/** Whether a strong definition is linked into every build, or only maybe. */
export type Presence = "always" | "maybe";

/** Judges the uses of an object. */
export function judgeObjectUses(
  uses: readonly FileUse[],
  declared: LocatedDeclaration,
  program: Program,
  presence: Presence,
): Judgement {
  return judgeUses(uses, declared, program, presence);
}

/** Judges the uses of a function. */
export function judgeFunctionTests(
  uses: readonly FileUse[],
  declared: LocatedDeclaration,
  program: Program,
  presence: Presence,
): Judgement {
  return judgeUses(uses, declared, program, presence);
}

/** What the judgement of all code adds to. */
interface Judging {
  readonly declared: LocatedDeclaration;
  readonly program: Program;
  readonly presence: Presence;
  readonly symbol: SymbolShape;
  readonly result: Result;
  readonly assertions: Assertion[];
  readonly edits: FileEdit[];
  /** What the tests so far stand for. */
  results: Results;
  /** As the source spells it, and where it does. */
  value: string | undefined;
  number: string | undefined;
  valuePath: string | undefined;
  isCalledUnguarded: boolean;
}

function judgeUses(
  uses: readonly FileUse[],
  declared: LocatedDeclaration,
  program: Program,
  presence: Presence,
): Judgement {
  const missing = uses.find(({ path }) => program.texts.source(path) === undefined);
  if (missing !== undefined) return { refusal: `${missing.path} could not be read` };
  const { name } = declared.declarator;
  const { shape, dimensions } = shapeOfDeclared(declared, program);
  const judging: Judging = {
    declared,
    program,
    presence,
    symbol: { name, shape, dimensions },
    result: shape === "function" ? resultOfFunction(declared) : { sort: "unknown" },
    assertions: [],
    edits: [],
    results: "any",
    value: undefined,
    number: undefined,
    valuePath: undefined,
    isCalledUnguarded: false,
  };
  const { codes, unread } = readCodes(uses, program);
  for (const { path, use } of unread) {
    const isMeasured = use.kind === "sizeof" || use.kind === "typeof";
    if (isMeasured && isWholeOperand(use, program.texts.source(path)!)) continue;
    const where = describePlace(program.texts, path, use.start);
    if (use.kind === "null-test" || isMeasured) return { refusal: `the NULL test at ${where} is not understood` };
    if (presence === "maybe") return { refusal: passedOn(where) };
  }
  for (const code of codes) {
    const refusal = judgeCode(code, judging);
    if (refusal !== undefined) return { refusal };
  }
  const { value, number, valuePath, assertions, edits, isCalledUnguarded } = judging;
  return { value, number, valuePath, assertions, edits, isCalledUnguarded };
}

/** Whether a use is all that is measured, `sizeof(table)`, or an element of it: nothing can test it there. */
function isWholeOperand({ start, end }: Span, source: Source): boolean {
  const before = source.slice(Math.max(0, start - OPERAND_REACH), start).trimEnd();
  const behind = source.slice(end, Math.min(source.length, end + OPERAND_REACH)).trimStart();
  const opensAt = before.endsWith("(") ? before.slice(0, -1).trimEnd() : before;
  return MEASURES.some((word) => opensAt.endsWith(word)) && (behind[0] === ")" || behind[0] === "[");
}

/** How much text around a use is looked at. */
const OPERAND_REACH = 40;
const MEASURES = ["sizeof", "typeof", "typeof__", "Alignof", "alignof", "alignof__"];

function passedOn(where: string): string {
  return `its address is passed on at ${where}, where it may be tested or compared`;
}

/** Judges one function, macro or initializer; a refusal, or undefined where all is well. */
function judgeCode(code: SymbolCode, judging: Judging): string | undefined {
  const { program, presence, symbol } = judging;
  const place = (node: Node) => describePlace(program.texts, code.path, node.start);
  const scene = {
    path: code.path,
    program,
    code: code.code,
    parents: code.parents,
    symbol,
    isSymbol: code.isSymbol,
    isValue: code.sort !== "body",
  };
  const tests = new Set<Expression>();
  let isCalled = false;
  for (const node of code.parents.keys()) {
    if (node.kind !== "name" || !code.isSymbol(node)) continue;
    const flow: Flow = followSymbol(node, scene);
    if (flow === "tested") tests.add(node);
    if (flow === "called") isCalled = true;
    if (flow !== "passed-on") continue;
    if (presence === "maybe") return passedOn(place(node));
    if (becomesTruth(node, code) || mayBeTestedByMacro(node, code, program))
      return `the NULL test at ${place(node)} is not understood`;
  }
  const [first] = tests;
  if (first === undefined) {
    judging.isCalledUnguarded ||= isCalled;
    return undefined;
  }
  const asserted = new Set<Expression>();
  if (code.sort === "body") {
    for (const test of tests) {
      const call = findAssertion(test, code);
      if (call === undefined) continue;
      asserted.add(call);
      judging.assertions.push({ path: code.path, call: { start: call.start, end: call.end } });
    }
  }
  const left = [...tests].filter(
    (test) => ![...asserted].some((call) => call.start <= test.start && test.end <= call.end),
  );
  const [deciding] = left;
  if (deciding === undefined) {
    judging.isCalledUnguarded ||= isCalled;
    return undefined;
  }
  if (symbol.shape !== "function" && presence === "maybe") {
    return `the NULL test at ${place(deciding)} decides what the program does, and a fallback would change that`;
  }
  return judgeTests(code, deciding, new Set(left), asserted, judging);
}

function judgeTests(
  code: SymbolCode,
  first: Expression,
  tests: ReadonlySet<Expression>,
  asserted: ReadonlySet<Expression>,
  judging: Judging,
): string | undefined {
  const { program, presence, declared, result } = judging;
  const where = describePlace(program.texts, code.path, first.start);
  const scene = makeScene(code, judging.symbol.name, result, asserted, program);
  const edits = foldTests({ code, scene, program, result, typeText: textOfResult(declared), tests });
  if (edits === undefined) return `the NULL test at ${where} is not understood`;
  judging.edits.push({ path: code.path, edits });
  if (presence === "always") return undefined;
  const results = findResults(code, scene, result);
  judging.isCalledUnguarded ||= isCalledWhereMissing(code, scene);
  if (results === "none") return `the NULL test at ${where} is not understood`;
  if (results === "any") return undefined;
  const spell = (one: string) => spellResult(one, code, scene, result);
  const value = spell(results[0]!);
  const fitting = results.filter(
    (one) =>
      canReturn(declared, result.sort === "pointer" ? spell(one) : one) ||
      isOfType(spell(one), code.path, declared, program),
  );
  if (fitting.length === 0) {
    return `the NULL test at ${where} stands for ${value}, which a fallback may not be able to return`;
  }
  const known = judging.results;
  const common = known === "any" || known === "none" ? fitting : known.filter((one) => fitting.includes(one));
  if (common.length === 0) {
    return `its NULL tests stand for different results: ${judging.value}, and ${value} at ${where}`;
  }
  judging.results = common;
  judging.value = spell(common[0]!);
  judging.number = common[0];
  judging.valuePath = code.path;
  return undefined;
}

/** Whether the name is an enumerator of the type that the function returns. */
function isOfType(name: string, path: string, { declaration }: LocatedDeclaration, program: Program): boolean {
  return enumeratorOf(name, path, program)?.types.includes(declaration.type) === true;
}

/** Whether the address is a macro's value, or handed to one that keeps it: what becomes of it there is not followed. */
function mayBeTestedByMacro(node: Node, code: SymbolCode, program: Program): boolean {
  if (isDistance(node, code, program)) return false;
  if (code.sort === "macro") return true;
  for (let child = node, parent = code.parents.get(child); parent !== undefined; parent = code.parents.get(child)) {
    const name = parent.kind === "call" && parent.callee !== child ? calleeOf(parent) : undefined;
    const definitions = name === undefined ? [] : definitionsOf(name, code.path, program);
    if (definitions !== "unknown" && definitions.length > 0) return true;
    child = parent;
  }
  return false;
}

/** Whether the address is taken from another one, or another one from it: `&end - &start` is no address. */
function isDistance(node: Node, code: SymbolCode, program: Program): boolean {
  let child: Node = node;
  for (let parent = code.parents.get(child); parent !== undefined; parent = code.parents.get(child)) {
    if (parent.kind === "binary" && parent.operator === "-") {
      const other = bare(child === parent.left ? parent.right : parent.left);
      if (child === parent.right || isPlainAddress(other, program)) return true;
    }
    if (!isPassedOnBy(parent) && parent.kind !== "cast") return false;
    child = parent;
  }
  return false;
}

/** `&start`, or the name of an array or a pointer. */
function isPlainAddress(node: Expression, program: Program): boolean {
  if (node.kind === "unary") return node.operator === "&";
  if (node.kind !== "name") return false;
  return program.declarationsOf(node.name).some(({ fact }) => fact.isArray === true || fact.isPointer === true);
}

/** Whether the address turns into a truth value where it goes: `bool b = f;`. */
function becomesTruth(node: Expression, code: SymbolCode): boolean {
  let child: Node = node;
  let parent = code.parents.get(child);
  while (parent !== undefined && isPassedOnBy(parent)) {
    child = parent;
    parent = code.parents.get(child);
  }
  if (parent?.kind === "binary") return parent.operator.length === 2 && !isOtherAddress(parent, child);
  if (parent?.kind === "unary" && parent.operator === "!") return true;
  if (parent?.kind === "if" || parent?.kind === "while" || parent?.kind === "do" || parent?.kind === "for") return true;
  if (parent?.kind === "conditional" && parent.condition === child) return true;
  if (parent?.kind === "return") return returnsTruth(code);
  if (parent?.kind === "cast") return isTruthType(parent.type.text);
  if (parent?.kind === "declaration") {
    const variable = parent.variables.find(({ initializer }) => initializer === child);
    return variable?.stars === 0 && isTruthType(parent.type);
  }
  return false;
}

/** Whether the address is compared with another one, and not with NULL. */
function isOtherAddress({ operator, left, right }: Extract<Node, { kind: "binary" }>, child: Node): boolean {
  return (operator === "==" || operator === "!=") && !isNull(child === left ? right : left);
}

/** Whether the expression makes another address of an address, or hands it on; not a comparison, nor a question for its truth. */
function isPassedOnBy(node: Node): boolean {
  if (node.kind === "binary") return node.operator === "+" || node.operator === "-";
  if (node.kind === "unary") return node.operator === "&" || node.operator === "*";
  return node.kind === "paren" || node.kind === "index" || node.kind === "member";
}

function isTruthType(text: string): boolean {
  return text.split(" ").some((word) => word === "bool" || word === "_Bool");
}
