/**
 * The code around a symbol's uses: a function's body, a macro's replacement, an initializer, each read once, with the way from
 * an expression up to what holds it. It judges nothing.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import type { FileUse, Program } from "../../linkage/symbols/program.ts";
import {
  type Code,
  childrenOf,
  type Expression,
  expressionsIn,
  type NameExpression,
  type Statement,
  statementsIn,
} from "../../syntax/c/code-tree.ts";
import { findDefines } from "../../syntax/c/find-defines.ts";
import { readBody, readExpressionIn, readReplacementCode } from "../../syntax/c/read-statement.ts";
import type { CFile } from "../../syntax/c/tree.ts";
import type { CUse } from "../../syntax/c/uses.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";

export type Node = Expression | Statement;

/** Code in which the symbol is used. */
export interface SymbolCode {
  readonly path: string;
  readonly code: Code;
  readonly sort: "body" | "macro" | "initializer";
  /** What the function gives, as its declaration's type says; undefined outside of functions. */
  readonly around: CUse["function"];
  /** The uses in it, in order. */
  readonly uses: readonly CUse[];
  /** Whether the name there is a use of the symbol. */
  isSymbol(node: Expression): node is NameExpression;
  readonly parents: ReadonlyMap<Node, Node>;
}

/** Uses that stand in no code that is understood. */
export interface Unread {
  readonly path: string;
  readonly use: CUse;
}

/** Puts the uses together by the code they stand in. */
export function readCodes(uses: readonly FileUse[], program: Program): { codes: SymbolCode[]; unread: Unread[] } {
  const codes: SymbolCode[] = [];
  const unread: Unread[] = [];
  const groups = new Map<
    string,
    { path: string; uses: CUse[]; source: Source; span: Span; sort: SymbolCode["sort"] }
  >();
  for (const { path, use } of uses) {
    const source = program.texts.source(path);
    const place = source === undefined ? undefined : placeOf(source, use);
    if (source === undefined || place === undefined) {
      unread.push({ path, use });
      continue;
    }
    const key = `${path}:${place.span.start}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { path, uses: [use], source, ...place });
    else group.uses.push(use);
  }
  for (const { path, uses, source, span, sort } of groups.values()) {
    const types = typesOf(treeOf(source));
    const code = readCode(source, span, sort, types);
    const places = new Set(uses.map(({ start }) => start));
    const isSymbol = (node: Expression): node is NameExpression => node.kind === "name" && places.has(node.start);
    const parents = code === undefined ? new Map<Node, Node>() : parentsOf(code);
    const seen = new Set<number>();
    for (const node of parents.keys()) if (node.kind === "name" && places.has(node.start)) seen.add(node.start);
    for (const use of uses) if (!seen.has(use.start)) unread.push({ path, use });
    if (code !== undefined) codes.push({ path, code, sort, around: uses[0]!.function, uses, isSymbol, parents });
  }
  return { codes, unread };
}

function readCode(source: Source, span: Span, sort: SymbolCode["sort"], types: ReadonlySet<string>): Code | undefined {
  if (sort === "body") return readBody(source, span, types);
  if (sort === "macro") return readReplacementCode(source, span, types);
  const expression = readExpressionIn(source, span, types);
  if (expression === undefined) return undefined;
  return { source, items: [{ kind: "expression", expression, start: span.start, end: span.end }] };
}

/** Where the code around the use stands. */
function placeOf(source: Source, use: CUse): { span: Span; sort: SymbolCode["sort"] } | undefined {
  const isAround = (span: Span) => span.start <= use.start && use.end <= span.end;
  if (use.inMacro !== undefined) {
    const define = findDefines(source, use.inMacro).find(isAround);
    return define === undefined ? undefined : { span: define.body, sort: "macro" };
  }
  const file = treeOf(source);
  for (const { body } of [...file.declarations, ...file.calls]) {
    if (body !== undefined && isAround(body)) return { span: body, sort: "body" };
  }
  for (const { declarators } of file.declarations) {
    for (const { initializer } of declarators) {
      if (initializer !== undefined && isAround(initializer)) return { span: initializer, sort: "initializer" };
    }
  }
  return undefined;
}

const knownTypes = createAttached<CFile, ReadonlySet<string>>();

/** The names that the file itself makes types. */
function typesOf(file: CFile): ReadonlySet<string> {
  let types = knownTypes.get(file);
  if (types === undefined) {
    const named = file.declarations.filter(({ storage }) => storage === "typedef");
    types = new Set(named.flatMap(({ declarators }) => declarators.map(({ name }) => name)));
    knownTypes.set(file, types);
  }
  return types;
}

/** From each expression and statement to what holds it. */
export function parentsOf(code: Code): Map<Node, Node> {
  const parents = new Map<Node, Node>();
  const visitExpression = (node: Expression): void => {
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      visitExpression(child);
    }
    if (node.kind !== "block-expression") return;
    for (const item of node.items) {
      parents.set(item, node);
      visit(item);
    }
  };
  const visit = (node: Statement): void => {
    for (const child of statementsIn(node)) {
      parents.set(child, node);
      visit(child);
    }
    for (const child of expressionsIn(node)) {
      parents.set(child, node);
      visitExpression(child);
    }
  };
  for (const item of code.items) visit(item);
  return parents;
}

/** All expressions of the code, outer ones first. */
export function* expressionsOf(items: readonly Statement[]): Iterable<Expression> {
  for (const item of items) {
    for (const expression of expressionsIn(item)) yield* within(expression);
    yield* expressionsOf(statementsIn(item));
  }
}

/** The expression and all in it. */
export function* within(node: Expression): Iterable<Expression> {
  yield node;
  for (const child of childrenOf(node)) yield* within(child);
  if (node.kind === "block-expression") yield* expressionsOf(node.items);
}

/** All statements of the code, those within statement expressions included. */
export function* allStatements(items: readonly Statement[]): Iterable<Statement> {
  for (const item of items) {
    yield item;
    yield* allStatements(statementsIn(item));
    for (const expression of expressionsIn(item)) {
      for (const inner of within(expression)) if (inner.kind === "block-expression") yield* allStatements(inner.items);
    }
  }
}
