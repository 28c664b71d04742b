/** For tests: trees of linker scripts as short texts, and the errors of a script as lines. */

import { parseLinkerScript, type ScriptParseOptions } from "../../../server/src/syntax/ld/parser.ts";
import type { LdExpression, LdNameArgument, LdScript, LdStatement } from "../../../server/src/syntax/ld/tree.ts";
import { findLines, lineColumnAt } from "../../../server/src/text/lines.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

export function parse(text: string, options: ScriptParseOptions = {}): LdScript {
  return parseLinkerScript(sourceOfText(text), options);
}

/** A script that must have no errors. */
export function parseWhole(text: string, options: ScriptParseOptions = {}): LdScript {
  const script = parse(text, options);
  const errors = errorLines(script);
  if (errors.length > 0) throw new Error(`${errors.join("\n")}\nin\n${text}`);
  return script;
}

/** Each error as `line:column kind`, from 1, and what the parser says. */
export function errorLines(script: LdScript): string[] {
  const lines = findLines(script.source);
  return script.errors.map(({ start, kind, message }) => {
    const { line, column } = lineColumnAt(lines, start);
    return `${line + 1}:${column + 1} ${kind}: ${message}`;
  });
}

/** An expression with every grouping in brackets: `[1 + [2 * 3]]`. */
export function show(expression: LdExpression | LdNameArgument | undefined): string {
  if (expression === undefined) return "none";
  switch (expression.kind) {
    case "number":
      return expression.text;
    case "symbol":
      return expression.name.quoted ? `"${expression.name.text}"` : expression.name.text;
    case "unary":
      return `[${expression.operator}${show(expression.operand)}]`;
    case "binary":
      return `[${show(expression.left)} ${expression.operator} ${show(expression.right)}]`;
    case "conditional":
      return `[${show(expression.condition)} ? ${show(expression.then)} : ${show(expression.otherwise)}]`;
    case "parenthesized":
      return `(${show(expression.inner)})`;
    case "call":
      return `${expression.function.text}<${expression.arguments.map(show).join(", ")}>`;
    case "macro-call":
      return `macro ${expression.name.text}`;
    case "name":
      return `${expression.role} ${expression.name.text}`;
    case "missing":
      return "missing";
  }
}

/** The value of the script's first assignment. */
export function shownValue(text: string, options: ScriptParseOptions = {}): string {
  const [statement] = parseWhole(`x = ${text};`, options).statements;
  return statement?.kind === "assignment" ? show(statement.value) : "no assignment";
}

/** The first statement of this kind, anywhere in the tree. */
export function first<K extends LdStatement["kind"]>(script: LdScript, kind: K): Extract<LdStatement, { kind: K }> {
  const found = find(script.statements, kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found as Extract<LdStatement, { kind: K }>;
}

function find(statements: readonly LdStatement[], kind: string): LdStatement | undefined {
  for (const statement of statements) {
    if (statement.kind === kind) return statement;
    const inner = "statements" in statement ? find(statement.statements, kind) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The kinds of statements, nested ones in parentheses. */
export function kinds(statements: readonly LdStatement[]): string {
  return statements
    .map((statement) =>
      "statements" in statement ? `${statement.kind}(${kinds(statement.statements)})` : statement.kind,
    )
    .join(" ");
}
