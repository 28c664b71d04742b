/** The small changes that a source file can suffer: what a test must notice. Pure: text in, changes out. */

import { parse } from "@babel/parser";

/** One change to one file: the characters of `[start, end)` become `replacement`. Offsets are UTF-16 code units from 0. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  readonly replacement: string;
  readonly what: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: { readonly start: { readonly line: number } };
  readonly [key: string]: unknown;
}

const OTHER_OPERATOR: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "&&": "||",
  "||": "&&",
  "+": "-",
};

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";

/** Every change known for a TypeScript source, in the order of the text. */
export function mutantsOf(source: string): Mutant[] {
  const tree = parse(source, { sourceType: "module", plugins: ["typescript"] });
  const found: Mutant[] = [];
  const visit = (node: Node): void => {
    found.push(...changesOf(source, node));
    for (const [key, value] of Object.entries(node)) {
      // Types decide nothing when the program runs.
      if (key === "loc" || key === "typeAnnotation" || key === "typeParameters" || key === "returnType") {
        continue;
      }
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child) && !child.type.startsWith("TSInterface") && !child.type.startsWith("TSTypeAlias")) {
          visit(child);
        }
      }
    }
  };
  visit(tree.program as unknown as Node);
  return found.sort((one, other) => one.start - other.start);
}

function changesOf(source: string, node: Node): Mutant[] {
  const text = (part: Node) => source.slice(part.start, part.end);
  const change = (part: Node, replacement: string): Mutant => ({
    start: part.start,
    end: part.end,
    line: part.loc.start.line,
    replacement,
    what: `${oneLine(text(part))} → ${oneLine(replacement)}`,
  });
  switch (node.type) {
    case "IfStatement":
    case "ConditionalExpression":
      return [change(node.test as Node, "true"), change(node.test as Node, "false")];
    case "LogicalExpression":
    case "BinaryExpression": {
      const { left, right, operator } = node as unknown as { left: Node; right: Node; operator: string };
      const other = OTHER_OPERATOR[operator];
      // The operator of words is kept: "a" - "b" is noticed by anything.
      return other === undefined || (operator === "+" && /["'`]/.test(text(node)))
        ? []
        : [change(node, `(${text(left)}) ${other} (${text(right)})`)];
    }
    case "UnaryExpression":
      return node.operator === "!" ? [change(node, `!!(${text(node.argument as Node)})`)] : [];
    case "BooleanLiteral":
      return [change(node, node.value === true ? "false" : "true")];
    case "ExpressionStatement":
      return (node.expression as Node).type === "CallExpression" ? [change(node, ";")] : [];
    case "ContinueStatement":
      return [change(node, ";")];
    default:
      return [];
  }
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
