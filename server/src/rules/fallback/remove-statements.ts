/**
 * Deletes expression statements such as `BUG_ON(!table);`, with the `if` around them where nothing else is left of it. What is no
 * statement of its own makes it give up.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import { bare, type Code, type Expression, type Statement } from "../../syntax/c/code-tree.ts";
import { readBody } from "../../syntax/c/read-statement.ts";
import type { TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { removeLines } from "./cut-statements.ts";
import { calleeOf } from "./macro-calls.ts";
import { allStatements, type Node, parentsOf } from "./symbol-code.ts";

/**
 * The edits that delete these calls as statements, or undefined where one of them is no statement of its own. All calls of
 * one file go in together, as an `if` can go only when all its branches do.
 */
export function removeStatements(source: Source, calls: readonly Span[]): TextEdit[] | undefined {
  const file = treeOf(source);
  const bodies = [...file.declarations, ...file.calls].flatMap(({ body }) => body ?? []);
  const edits: TextEdit[] = [];
  let found = 0;
  for (const body of bodies) {
    const within = calls.filter((call) => body.start <= call.start && call.end <= body.end);
    const code = within.length === 0 ? undefined : readBody(source, body);
    if (code === undefined) continue;
    const statements = [...allStatements(code.items)].filter((statement) => isCall(statement, within));
    found += statements.length;
    const parents = parentsOf(code);
    const done = new Set<Statement>();
    for (const statement of statements) {
      if (done.has(statement)) continue;
      const edit = removeOne(statement, new Set(statements), done, code, parents);
      if (edit === undefined) return undefined;
      edits.push(edit);
    }
  }
  return found === calls.length ? edits : undefined;
}

function isCall(statement: Statement, calls: readonly Span[]): boolean {
  if (statement.kind !== "expression") return false;
  const { start, end } = bare(statement.expression);
  return calls.some((call) => call.start === start && call.end === end);
}

function removeOne(
  statement: Statement,
  all: ReadonlySet<Statement>,
  done: Set<Statement>,
  code: Code,
  parents: ReadonlyMap<Node, Node>,
): TextEdit | undefined {
  const parent = parents.get(statement);
  if (parent === undefined || parent.kind === "block") return removeLines(code.source, statement);
  if (parent.kind !== "if") return undefined;
  if (parent.otherwise === statement) {
    // Where the `if` is the branch of another, that one's else would become its own.
    if (parents.get(parent)?.kind === "if") return undefined;
    return { start: parent.then.end, end: statement.end, text: "" };
  }
  const isWhole = parent.otherwise === undefined || all.has(parent.otherwise);
  if (!isWhole) return { start: statement.start, end: statement.end, text: "{ }" };
  const around = parents.get(parent);
  const isInList = around === undefined || around.kind === "block";
  if (!isInList || !onlyLooks(parent.condition)) {
    return parent.otherwise === undefined ? undefined : { start: statement.start, end: statement.end, text: "{ }" };
  }
  if (parent.otherwise !== undefined) done.add(parent.otherwise);
  return removeLines(code.source, parent);
}

const QUESTIONS: ReadonlySet<string> = new Set(["IS_ENABLED", "IS_BUILTIN", "IS_MODULE", "IS_REACHABLE", "defined"]);

/** True for conditions that do nothing but look: names, numbers, comparisons, and questions to the configuration. */
function onlyLooks(node: Expression): boolean {
  switch (node.kind) {
    case "name":
    case "constant":
      return true;
    case "paren":
      return onlyLooks(node.inner);
    case "unary":
      return node.operator === "!" && onlyLooks(node.operand);
    case "binary":
      return (
        ["&&", "||", "==", "!=", "<", ">", "<=", ">="].includes(node.operator) &&
        onlyLooks(node.left) &&
        onlyLooks(node.right)
      );
    case "call":
      return QUESTIONS.has(calleeOf(node) ?? "");
    default:
      return false;
  }
}
