/**
 * The controlling expressions of #if as trees, and how they are spelled for people. What they come to is for evaluate.ts and
 * satisfiable.ts.
 */

export type UnaryOperator = "!" | "-" | "~" | "+";

export type BinaryOperator =
  | "|"
  | "^"
  | "&"
  | "=="
  | "!="
  | "<"
  | ">"
  | "<="
  | ">="
  | "<<"
  | ">>"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

export type ConditionExpression =
  /** As written, its suffix included. */
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "defined"; readonly name: string }
  /** `IS_ENABLED(CONFIG_X)`, `__has_include(<x.h>)`: what stands within its parentheses, as one text. */
  | { readonly kind: "call"; readonly name: string; readonly given: string }
  /** Text that is no expression, or of which the end is not known: it is neither true nor false. */
  | { readonly kind: "unknown"; readonly text: string }
  | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: ConditionExpression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: ConditionExpression;
      readonly right: ConditionExpression;
    }
  /** `&&` and `||` of two parts or more, none of which has the same operator. */
  | { readonly kind: "all" | "any"; readonly parts: readonly ConditionExpression[] }
  | {
      readonly kind: "choice";
      readonly test: ConditionExpression;
      readonly held: ConditionExpression;
      readonly other: ConditionExpression;
    };

export const ANY_LEVEL = 1;
export const ALL_LEVEL = 2;

/** How tightly binary operators bind (C11 6.5). */
export const LEVELS: ReadonlyMap<string, number> = new Map([
  ["|", 3],
  ["^", 4],
  ["&", 5],
  ["==", 6],
  ["!=", 6],
  ["<", 7],
  [">", 7],
  ["<=", 7],
  [">=", 7],
  ["<<", 8],
  [">>", 8],
  ["+", 9],
  ["-", 9],
  ["*", 10],
  ["/", 10],
  ["%", 10],
] satisfies [BinaryOperator, number][]);

const UNARY_LEVEL = 11;

/** The expression in one form: blanks around binary operators, `defined(X)`, parentheses where they are needed or help. */
export function spell(expression: ConditionExpression): string {
  switch (expression.kind) {
    case "number":
    case "unknown":
      return expression.text;
    case "name":
      return expression.name;
    case "defined":
      return `defined(${expression.name})`;
    case "call":
      return `${expression.name}(${expression.given})`;
    case "unary":
      return `${expression.operator}${spellWithin(expression.operand, UNARY_LEVEL)}`;
    case "binary": {
      // Few know how tightly operators bind: only a run of the same one goes without parentheses.
      const { operator, left, right } = expression;
      const isRun = left.kind === "binary" && left.operator === operator;
      return `${isRun ? spell(left) : spellWithin(left, UNARY_LEVEL)} ${operator} ${spellWithin(right, UNARY_LEVEL)}`;
    }
    case "all":
      return expression.parts.map((part) => spellWithin(part, ALL_LEVEL)).join(" && ");
    case "any":
      // `A && B || C` needs no parentheses, and who reads it does.
      return expression.parts.map((part) => spellWithin(part, ALL_LEVEL + 1)).join(" || ");
    case "choice": {
      const { test, held, other } = expression;
      return `${spellWithin(test, ANY_LEVEL)} ? ${spell(held)} : ${spell(other)}`;
    }
  }
}

function spellWithin(expression: ConditionExpression, level: number): string {
  const text = spell(expression);
  return levelOf(expression) < level ? `(${text})` : text;
}

function levelOf(expression: ConditionExpression): number {
  switch (expression.kind) {
    case "unknown":
      // A lone `…` needs none.
      return expression.text.includes(" ") ? 0 : UNARY_LEVEL;
    case "choice":
      return 0;
    case "any":
      return ANY_LEVEL;
    case "all":
      return ALL_LEVEL;
    case "binary":
      return LEVELS.get(expression.operator) ?? 0;
    default:
      return UNARY_LEVEL;
  }
}

/** The opposite where a truth value is wanted. */
export function opposite(expression: ConditionExpression): ConditionExpression {
  if (expression.kind === "unary" && expression.operator === "!") return expression.operand;
  if (expression.kind === "number") return { kind: "number", text: isZero(expression.text) ? "1" : "0" };
  return { kind: "unary", operator: "!", operand: expression };
}

/** Whether a number is written as one of the ways to write zero. */
function isZero(text: string): boolean {
  return /^0[xXbB]?0*[uUlL]*$/.test(text);
}

/** Two or more expressions joined, runs of the same operator made one. */
export function joined(kind: "all" | "any", expressions: readonly ConditionExpression[]): ConditionExpression {
  const parts = expressions.flatMap((one) => (one.kind === kind ? one.parts : [one]));
  return parts.length === 1 ? parts[0]! : { kind, parts };
}

/** Whether the name is one of a Kconfig symbol. */
export function isConfiguration(name: string): boolean {
  return name.startsWith("CONFIG_");
}

const TESTS: ReadonlySet<string> = new Set(["IS_ENABLED", "IS_BUILTIN", "IS_MODULE", "IS_REACHABLE"]);

/** Whether a call asks for a Kconfig symbol, as include/linux/kconfig.h has it. */
export function isConfigurationTest({ name, given }: { readonly name: string; readonly given: string }): boolean {
  return TESTS.has(name) && /^CONFIG_\w+$/.test(given);
}
