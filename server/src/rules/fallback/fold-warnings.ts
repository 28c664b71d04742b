/**
 * What compilers would warn of once tests are gone: a variable, parameter, label or static function that nothing uses any more,
 * and a variable that is read now although nothing may have set it.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import { bare, type Expression, type Statement } from "../../syntax/c/code-tree.ts";
import { nextToken, openLexer, TOKEN, wordText } from "../../syntax/c/lexer.ts";
import { findUses } from "../../syntax/c/uses.ts";
import type { TextEdit } from "../../text/edit.ts";
import type { Span } from "../../text/span.ts";
import type { Fold } from "./fold-tests.ts";
import { allStatements, expressionsOf, type Node, within } from "./symbol-code.ts";

/** What a compiler would warn of, in words; undefined where it has no reason to. */
export function findFoldWarning(
  fold: Fold,
  edits: readonly TextEdit[],
  freed: readonly Statement[],
): string | undefined {
  const removed = wordsIn(fold, edits);
  for (const name of removed) {
    if (isLeftUnused(name, fold, edits)) return `'${name}' would be used no more`;
  }
  for (const statement of freed) {
    const name = findUnset(statement, fold);
    if (name !== undefined) return `'${name}' may not be set`;
  }
  return undefined;
}

/** Words that go with the edits. */
function wordsIn({ code }: Fold, edits: readonly TextEdit[]): Set<string> {
  const { source } = code.code;
  const words = new Set<string>();
  for (const { start, end } of edits) {
    const lexer = openLexer(source, start, end, "part");
    for (let kind = nextToken(lexer); kind !== TOKEN.end; kind = nextToken(lexer)) {
      if (kind === TOKEN.word) words.add(wordText(source, lexer.start, lexer.stop));
    }
  }
  return words;
}

function isOutside(node: Span, edits: readonly TextEdit[]): boolean {
  return !edits.some(({ start, end }) => start <= node.start && node.end <= end);
}

function isLeftUnused(name: string, fold: Fold, edits: readonly TextEdit[]): boolean {
  const { code, scene } = fold;
  if (name === scene.symbol || code.sort !== "body") return false;
  if (scene.isLocal(name)) return !isReadOutside(name, fold, edits);
  for (const statement of allStatements(code.code.items)) {
    if (statement.kind !== "label" || statement.name !== name) continue;
    const gotos = [...allStatements(code.code.items)].filter((one) => one.kind === "goto" && one.label === name);
    return isOutside(statement, edits) && !gotos.some((one) => isOutside(one, edits));
  }
  const { source } = code.code;
  const own = treeOf(source).declarations.filter(({ declarators }) => declarators.some((one) => one.name === name));
  if (!own.some(({ storage, isInline }) => storage === "static" && !isInline)) return false;
  return !findUses(source, new Set([name])).some((use) => isOutside(use, edits));
}

/** Whether something that stays reads the local, or may. */
function isReadOutside(name: string, { code }: Fold, edits: readonly TextEdit[]): boolean {
  const { source, items } = code.code;
  for (const node of expressionsOf(items)) {
    if (!isOutside(node, edits)) continue;
    if (node.kind === "opaque" && source.slice(node.start, node.end).includes(name)) return true;
    if (node.kind === "name" && node.name === name && !isOnlySet(node, code.parents)) return true;
  }
  for (const statement of allStatements(items)) {
    if (statement.kind === "opaque" && source.slice(statement.start, statement.end).includes(name)) return true;
  }
  return false;
}

function isOnlySet(node: Expression, parents: ReadonlyMap<Node, Node>): boolean {
  const parent = parents.get(node);
  return parent?.kind === "assign" && parent.left === node && parents.get(parent)?.kind === "expression";
}

/** A local that the statement reads, which may not be set where the statement begins. */
function findUnset(statement: Statement, { code }: Fold): string | undefined {
  const bareLocals = new Set<string>();
  for (const one of allStatements(code.code.items)) {
    if (one.kind !== "declaration" || one.storage !== "none") continue;
    for (const variable of one.variables) {
      if (variable.initializer === undefined && !variable.isArray) bareLocals.add(variable.name);
    }
  }
  if (bareLocals.size === 0) return undefined;
  const seen = new Set<string>();
  for (const node of expressionsOf([statement])) {
    if (node.kind !== "name" || !bareLocals.has(node.name) || seen.has(node.name)) continue;
    seen.add(node.name);
    if (isPlaced(node, code.parents)) continue;
    if (!isSurelySet(node.name, node, code.parents, code.code.items)) return node.name;
  }
  return undefined;
}

/** It is written, or its address is taken: nothing is read. */
function isPlaced(node: Expression, parents: ReadonlyMap<Node, Node>): boolean {
  const parent = parents.get(node);
  if (parent?.kind === "assign") return parent.left === node && parent.operator === "=";
  return (parent?.kind === "unary" && parent.operator === "&") || parent?.kind === "measure" || parent?.kind === "type";
}

/** Whether a statement that is always gone through before sets the variable. */
function isSurelySet(
  name: string,
  node: Expression,
  parents: ReadonlyMap<Node, Node>,
  items: readonly Statement[],
): boolean {
  let child: Node = node;
  for (let parent = parents.get(child); ; parent = parents.get(child)) {
    const list =
      parent === undefined ? items : parent.kind === "block" || parent.kind === "block-expression" ? parent.items : [];
    for (const item of list) {
      if (item === child) break;
      if (sets(item, name)) return true;
    }
    if (parent?.kind === "for" && child !== parent.first && parent.first !== undefined && sets(parent.first, name))
      return true;
    if (parent === undefined) return false;
    child = parent;
  }
}

function sets(statement: Statement, name: string): boolean {
  if (statement.kind === "declaration") {
    return statement.variables.some((variable) => variable.name === name && variable.initializer !== undefined);
  }
  if (statement.kind === "if") {
    return statement.otherwise !== undefined && setsAny(statement.then, name) && setsAny(statement.otherwise, name);
  }
  if (statement.kind !== "expression") return false;
  const takesAddress = [...within(statement.expression)].some(
    (node) => node.kind === "unary" && node.operator === "&" && isName(node.operand, name),
  );
  if (takesAddress) return true;
  let node = bare(statement.expression);
  while (node.kind === "assign") {
    if (node.operator === "=" && isName(node.left, name)) return true;
    node = bare(node.right);
  }
  return false;
}

function setsAny(statement: Statement, name: string): boolean {
  return statement.kind === "block" ? statement.items.some((item) => sets(item, name)) : sets(statement, name);
}

function isName(node: Expression, name: string): boolean {
  const inner = bare(node);
  return inner.kind === "name" && inner.name === name;
}
