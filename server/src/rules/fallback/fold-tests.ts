/**
 * Takes a symbol's NULL tests out of code, as tests that hold: `if (f) x; else y;` becomes `x;`, `f ? a : b` becomes `a`. The
 * value and the type of what is left are those of before. It refuses what it cannot take out, and what would leave something
 * unused or read before it is set, of which compilers warn.
 */

import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import {
  bare,
  childrenOf,
  type Expression,
  expressionsIn,
  type Statement,
  statementsIn,
} from "../../syntax/c/code-tree.ts";
import type { TextEdit } from "../../text/edit.ts";
import type { Span } from "../../text/span.ts";
import { cutStatement, holdsDirectiveLine, removeLines, unwrapStatement } from "./cut-statements.ts";
import type { Result } from "./expression-type.ts";
import { findFoldWarning } from "./fold-warnings.ts";
import { keepType } from "./keep-type.ts";
import { calleeOf } from "./macro-calls.ts";
import { isComparedOddly } from "./narrow-comparison.ts";
import { allStatements, expressionsOf, type Node, type SymbolCode } from "./symbol-code.ts";
import { contextOf } from "./value-context.ts";
import {
  asTruth,
  isPureExpression,
  isSymbolCallee,
  reduce,
  UNKNOWN_RESULT,
  type World,
  type WorldScene,
} from "./world-expression.ts";

/** What a fold needs to know. */
export interface Fold {
  readonly code: SymbolCode;
  readonly scene: WorldScene;
  readonly program: Program;
  /** What the symbol gives where it is a function. */
  readonly result: Result;
  /** The type of what it gives, as it is written. */
  readonly typeText: string;
  /** Mentions of the symbol that test its address. */
  readonly tests: ReadonlySet<Expression>;
}

/** The world in which the symbol is there, and nothing is known of what it gives. */
const THERE: World = { exists: true, result: `${UNKNOWN_RESULT}there` };

const NOTHING: ReadonlyMap<string, string> = new Map();

interface Work extends Fold {
  readonly edits: TextEdit[];
  /** Mentions that are gone. */
  readonly gone: Set<Expression>;
  /** What became unconditional. */
  readonly freed: Statement[];
  failure: string | undefined;
}

/** The edits that take the tests out, or undefined where one of them stays or something else is in the way. */
export function foldTests(fold: Fold): TextEdit[] | undefined {
  const work: Work = { ...fold, edits: [], gone: new Set(), freed: [], failure: undefined };
  foldItems(fold.code.code.items, work);
  if (work.failure !== undefined) return undefined;
  for (const test of fold.tests) if (!work.gone.has(test)) return undefined;
  cutLabels(work);
  const { source } = fold.code.code;
  if (fold.code.sort !== "macro" && work.edits.some((edit) => holdsDirectiveLine(source, edit))) return undefined;
  if (findFoldWarning(fold, work.edits, work.freed) !== undefined) return undefined;
  return work.edits.filter(({ start, end, text }) => start < end || text !== "");
}

/** Labels that nothing leads to any more go with the last jump to them. */
function cutLabels(work: Work): void {
  const { code } = work.code;
  if (work.code.sort !== "body") return;
  const statements = [...allStatements(code.items)];
  const isGone = (statement: Statement) => work.edits.some((edit) => isWithin(statement, edit));
  for (const label of statements) {
    if (label.kind !== "label" || isGone(label)) continue;
    const jumps = statements.filter(
      (one) => one.kind === "goto" && (one.label === label.name || one.label === undefined),
    );
    const isTaken = [...expressionsOf(code.items)].some(
      (one) => one.kind === "label-address" && one.name === label.name,
    );
    if (isTaken || jumps.length === 0 || !jumps.every(isGone)) continue;
    const end = endOfDead(label, work) ?? label.end;
    work.edits.push(removeLines(code.source, { start: label.start, end }));
  }
}

/** Where what stands behind a label ends that nothing comes to any more, as what stands before it always leaves. */
function endOfDead(label: Statement, work: Work): number | undefined {
  const parent = work.code.parents.get(label);
  const list = parent === undefined ? work.code.code.items : parent.kind === "block" ? parent.items : [];
  const at = list.indexOf(label);
  const before = list[at - 1];
  if (before === undefined || !leaves(before)) return undefined;
  let last = at;
  while (last + 1 < list.length && !isMark(list[last + 1]!) && !holdsMark(list[last + 1]!)) last++;
  const end = list[last]!.end;
  const isEdited = work.edits.some((edit) => edit.start < end && edit.end > label.start);
  return isEdited ? undefined : end;
}

function foldItems(items: readonly Statement[], work: Work): void {
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const ended = foldStatement(item, items, work);
    if (!ended) continue;
    // What stands behind a branch that always leaves is never reached any more.
    let last = i;
    while (last + 1 < items.length && !isMark(items[last + 1]!)) last++;
    if (last > i) cutBehind(item, items.slice(i + 1, last + 1), work);
    i = last;
  }
}

function isMark({ kind }: Statement): boolean {
  return kind === "label" || kind === "case" || kind === "directive";
}

function cutBehind(item: Statement, dead: readonly Statement[], work: Work): void {
  for (const statement of dead) {
    if (holdsMark(statement)) work.failure = "a label stands in what is never reached";
    for (const test of work.tests) if (isWithin(test, statement)) work.gone.add(test);
  }
  const end = dead.at(-1)!.end;
  // The edit at the end of the statement goes on over what is behind it.
  const tail = work.edits.findIndex((edit) => edit.end === item.end && edit.text === "");
  if (tail >= 0) work.edits[tail] = { ...work.edits[tail]!, end };
  else work.edits.push({ start: item.end, end, text: "" });
}

function holdsMark(statement: Statement): boolean {
  return isMark(statement) || statement.kind === "opaque" || statementsIn(statement).some(holdsMark);
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** True where the statement was a test whose branch, which is left of it, never goes on behind it. */
function foldStatement(statement: Statement, items: readonly Statement[] | undefined, work: Work): boolean {
  if (![...work.tests].some((test) => isWithin(test, statement))) return false;
  if (statement.kind === "expression" && work.scene.assertions.has(bare(statement.expression))) {
    for (const test of work.tests) if (isWithin(test, statement)) work.gone.add(test);
    return false;
  }
  if (statement.kind === "if") {
    const truth = truthOf(statement.condition, work);
    if (truth !== undefined) return foldIf(statement, truth, items, work);
  }
  for (const expression of expressionsIn(statement)) foldExpression(expression, work);
  if (statement.kind === "block") foldItems(statement.items, work);
  else for (const inner of statementsIn(statement)) foldStatement(inner, undefined, work);
  return false;
}

function foldIf(
  statement: Extract<Statement, { kind: "if" }>,
  truth: boolean,
  items: readonly Statement[] | undefined,
  work: Work,
): boolean {
  const { source } = work.code.code;
  const [taken, left] = truth ? [statement.then, statement.otherwise] : [statement.otherwise, statement.then];
  for (const test of work.tests) {
    if (isWithin(test, statement.condition) || (left !== undefined && isWithin(test, left))) work.gone.add(test);
  }
  if (left !== undefined && holdsMark(left)) work.failure = "a label stands in what is left out";
  const parent = work.code.parents.get(statement);
  const isNothing = taken === undefined || isEmpty(taken);
  if (isNothing) {
    work.edits.push(cutStatement(source, statement, items !== undefined, parent));
    return false;
  }
  if (holdsDirective(taken) && taken.kind === "block" && items === undefined)
    work.failure = "lines of the preprocessor's";
  const edits = unwrapStatement(source, statement, taken, items !== undefined);
  if (edits === undefined) work.failure = "a branch cannot stand where its if stood";
  else work.edits.push(...edits);
  work.freed.push(taken);
  if (taken.kind === "block") foldItems(taken.items, work);
  else foldStatement(taken, undefined, work);
  return items !== undefined && leaves(taken);
}

function isEmpty(statement: Statement): boolean {
  return statement.kind === "empty" || (statement.kind === "block" && statement.items.every(isEmpty));
}

function holdsDirective(statement: Statement): boolean {
  return statement.kind === "directive" || statementsIn(statement).some(holdsDirective);
}

/** Whether nothing goes on behind the statement. */
function leaves(statement: Statement): boolean {
  switch (statement.kind) {
    case "return":
    case "goto":
    case "break":
    case "continue":
      return true;
    case "block":
      return statement.items.length > 0 && leaves(statement.items.at(-1)!) && !statement.items.some(isMark);
    case "if":
      return statement.otherwise !== undefined && leaves(statement.then) && leaves(statement.otherwise);
    default:
      return false;
  }
}

/** What a condition comes to, where it does nothing besides. */
function truthOf(node: Expression, work: Work): boolean | undefined {
  if (![...work.tests].some((test) => isWithin(test, node))) return undefined;
  const reduced = reduce(node, THERE, NOTHING, work.scene);
  return reduced.isAddress || reduced.constant === "0" || reduced.constant === "1"
    ? asTruth(reduced, THERE)
    : undefined;
}

function foldExpression(node: Expression, work: Work): void {
  const { tests } = work;
  if (![...tests].some((test) => isWithin(test, node))) return;
  const { parents, path } = work.code;
  const context = () => contextOf(node, parents, path, work.program);
  if (node.kind === "conditional") {
    const truth = truthOf(node.condition, work);
    if (truth !== undefined) {
      foldConditional(node, truth, work);
      return;
    }
  } else if (node.kind === "binary" && (node.operator === "&&" || node.operator === "||")) {
    if (foldLogical(node, work)) return;
  }
  const isValue = node.kind === "binary" || (node.kind === "unary" && node.operator === "!") || node.kind === "call";
  const isTested = work.scene.isSymbol(node) || node.kind === "unary" || node.kind === "cast" || node.kind === "paren";
  if (isValue || (isTested && context() === "truth")) {
    const reduced = reduce(node, THERE, NOTHING, work.scene);
    const isOfTest = !isSymbolCall(node, work) && (isValue ? reduced.constant !== undefined : reduced.isAddress);
    if (isOfTest) {
      for (const test of tests) if (isWithin(test, node)) work.gone.add(test);
      const value = reduced.isAddress || reduced.constant === "1" ? "1" : reduced.constant === "0" ? "0" : undefined;
      if (value === undefined || isPureExpressionOf(node, work) === false) work.failure = "a test is part of more";
      else work.edits.push({ start: node.start, end: node.end, text: value });
      return;
    }
  }
  if (node.kind === "call" && quotesArguments(node, work)) work.failure = "a macro makes a string of it";
  if (node.kind === "block-expression") foldItems(node.items, work);
  else for (const child of childrenOf(node)) foldExpression(child, work);
}

/** Whether a macro may make a string or a name of what it is given. */
function quotesArguments(node: Expression, { code, program }: Work): boolean {
  const name = calleeOf(node);
  const definitions = name === undefined ? [] : definitionsOf(name, code.path, program);
  return definitions !== "unknown" && definitions.some((line) => line.lastIndexOf("#") > line.indexOf("#"));
}

function isPureExpressionOf(node: Expression, work: Work): boolean {
  return isPureExpression(node, work.scene, THERE);
}

function isSymbolCall(node: Expression, work: Work): boolean {
  return node.kind === "call" && isSymbolCallee(node.callee, work.scene.isSymbol);
}

function foldConditional(node: Extract<Expression, { kind: "conditional" }>, truth: boolean, work: Work): void {
  const taken = truth ? node.then : node.otherwise;
  const left = truth ? node.otherwise : node.then;
  if (taken === undefined) {
    work.failure = "the address is the value";
    return;
  }
  for (const test of work.tests) {
    if (isWithin(test, node.condition) || (left !== undefined && isWithin(test, left))) work.gone.add(test);
  }
  const context = contextOf(node, work.code.parents, work.code.path, work.program);
  const prefix = keepType(taken, left, context, work);
  const isOwn = isSymbolCall(bare(taken), work);
  if (prefix === undefined) work.failure = "the type would be another";
  else if (isOwn && isComparedOddly(node, work.result, work.code.parents)) work.failure = "a comparison is decided";
  else narrowTo(node, taken, prefix, work);
  foldExpression(taken, work);
}

/** `f && x` is x, `!f || x` too; where not its truth alone is wanted, it becomes 0 or 1. */
function foldLogical(node: Extract<Expression, { kind: "binary" }>, work: Work): boolean {
  const [left, right] = [truthOf(node.left, work), truthOf(node.right, work)];
  const passes = node.operator === "&&";
  // One of them decides, or both are tests: the caller makes a constant of it.
  if (
    left === !passes ||
    (right === !passes && isPureExpressionOf(node.left, work)) ||
    (left === passes && right === passes)
  ) {
    return false;
  }
  const kept = left === passes ? node.right : right === passes ? node.left : undefined;
  if (kept === undefined) return false;
  const lost = kept === node.right ? node.left : node.right;
  for (const test of work.tests) if (isWithin(test, lost)) work.gone.add(test);
  const context = contextOf(node, work.code.parents, work.code.path, work.program);
  const isBool = context === "converted" && isSymbolCall(bare(kept), work) && work.result.sort === "truth";
  const needsTruth = context !== "truth" && context !== "discarded" && !isBool && !isTruthValue(bare(kept));
  narrowTo(node, kept, needsTruth ? "!!" : "", work);
  foldExpression(kept, work);
  return true;
}

/** Whether the expression is 0 or 1 by itself, and an int. */
function isTruthValue(node: Expression): boolean {
  if (node.kind === "unary") return node.operator === "!";
  return node.kind === "binary" && ["==", "!=", "<", ">", "<=", ">=", "&&", "||"].includes(node.operator);
}

/** Leaves a part of the expression in its place. */
function narrowTo(node: Expression, part: Expression, prefix: string, work: Work): void {
  const core = bare(part);
  const isSimple =
    core.kind === "name" ||
    core.kind === "call" ||
    core.kind === "constant" ||
    core.kind === "index" ||
    core.kind === "member";
  const isLoose = core.kind === "comma" || core.kind === "assign" || core.kind === "conditional";
  const needsParens = isLoose || (!isSimple && prefix !== "" && core.kind !== "unary");
  // Parentheses around a test are of no use to a call.
  let outer: Expression = node;
  for (let parent = parentParen(outer, work); parent !== undefined; parent = parentParen(outer, work)) {
    if (!isSimple || prefix !== "" || (work.code.sort === "macro" && parentParen(parent, work) === undefined)) break;
    outer = parent;
  }
  work.edits.push({ start: outer.start, end: core.start, text: `${prefix}${needsParens ? "(" : ""}` });
  work.edits.push({ start: core.end, end: outer.end, text: needsParens ? ")" : "" });
}

function parentParen(node: Node, work: Work): Expression | undefined {
  const parent = work.code.parents.get(node);
  if (parent?.kind !== "paren") return undefined;
  // The parentheses of sizeof (…) are no grouping.
  return work.code.parents.get(parent)?.kind === "measure" ? undefined : parent;
}
