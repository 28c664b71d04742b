/**
 * The values of expressions that are constant: what ld would compute before it knows any address. It follows ldexp.c of
 * binutils 2.40: 64 bits, unsigned but for division and remainder. What the expression names, the caller may know.
 */

import type { Span } from "../../text/span.ts";
import type { LdBinaryOperator, LdCall, LdExpression, LdNameArgument } from "./tree.ts";

/** What is known of names; each may answer undefined. Without any, only numbers are constant. */
export interface EvaluationContext {
  symbol?(name: string): bigint | undefined;
  isDefined?(name: string): boolean | undefined;
  region?(name: string): { readonly origin: bigint | undefined; readonly length: bigint | undefined } | undefined;
  /** CONSTANT(MAXPAGESIZE) and CONSTANT(COMMONPAGESIZE), which are the target's. */
  constant?(name: string): bigint | undefined;
  /** SIZEOF, ADDR, LOADADDR and ALIGNOF of a section. */
  section?(property: string, name: string): bigint | undefined;
  /** The location counter. */
  readonly dot?: bigint;
}

export type Evaluation =
  | { readonly kind: "value"; readonly value: bigint }
  /** Not constant, as far as is known. */
  | { readonly kind: "unknown" }
  /** ld stops here, with these words. */
  | ({ readonly kind: "error"; readonly message: string } & Span);

const UNKNOWN: Evaluation = { kind: "unknown" };
const BITS = 64;
const MODULUS = 1n << 64n;

function valueIs(value: bigint): Evaluation {
  return { kind: "value", value: BigInt.asUintN(BITS, value) };
}

/** Evaluates an expression, modulo 2^64. Its depth is that of the tree, which the parser has bounded but for sums. */
export function evaluate(expression: LdExpression, context: EvaluationContext = {}): Evaluation {
  // A sum of many terms is a tree as deep as it is long, on its left side, which is therefore walked without recursion.
  const operators: (LdExpression & { kind: "binary" })[] = [];
  let operand = expression;
  while (operand.kind === "binary") {
    operators.push(operand);
    operand = operand.left;
  }
  let result = evaluateOperand(operand, context);
  for (const { operator, right } of operators.reverse()) {
    if (result.kind === "error") return result;
    result = combine(operator, result, evaluate(right, context), right);
  }
  return result;
}

/** The value of an expression that is constant, else undefined. */
export function constantValue(expression: LdExpression, context: EvaluationContext = {}): bigint | undefined {
  const result = evaluate(expression, context);
  return result.kind === "value" ? result.value : undefined;
}

function evaluateOperand(expression: LdExpression, context: EvaluationContext): Evaluation {
  switch (expression.kind) {
    case "number":
      return valueIs(expression.value);
    case "parenthesized":
      return evaluate(expression.inner, context);
    case "symbol":
      return known(expression.name.text === "." ? context.dot : context.symbol?.(expression.name.text));
    case "unary": {
      const operand = evaluate(expression.operand, context);
      if (operand.kind !== "value") return operand;
      if (expression.operator === "-") return valueIs(-operand.value);
      if (expression.operator === "~") return valueIs(~operand.value);
      return expression.operator === "!" ? truth(operand.value === 0n) : operand;
    }
    case "conditional": {
      const condition = evaluate(expression.condition, context);
      if (condition.kind !== "value") return condition;
      const { then, otherwise } = expression;
      const isTrue = condition.value !== 0n;
      // ld computes with plain numbers when it reads them, in the branch not taken too.
      const unused = evaluate(isTrue ? otherwise : then);
      return unused.kind === "error" ? unused : evaluate(isTrue ? then : otherwise, context);
    }
    case "call":
      return evaluateCall(expression, context);
    default:
      return UNKNOWN;
  }
}

function known(value: bigint | undefined): Evaluation {
  return value === undefined ? UNKNOWN : valueIs(value);
}

function truth(isTrue: boolean): Evaluation {
  return valueIs(isTrue ? 1n : 0n);
}

function isValue(evaluation: Evaluation, value: bigint): boolean {
  return evaluation.kind === "value" && evaluation.value === value;
}

function combine(operator: LdBinaryOperator, left: Evaluation, right: Evaluation, span: Span): Evaluation {
  if (right.kind === "error") return right;
  if ((operator === "/" || operator === "%") && isValue(right, 0n)) {
    return { kind: "error", message: `${operator} by zero`, start: span.start, end: span.end };
  }
  // One operand decides, whatever the other turns out to be.
  if (operator === "&&" && (isValue(left, 0n) || isValue(right, 0n))) return truth(false);
  if (operator === "||" && [left, right].some((each) => each.kind === "value" && each.value !== 0n)) return truth(true);
  if (left.kind !== "value" || right.kind !== "value") return UNKNOWN;
  return compute(operator, left.value, right.value);
}

function compute(operator: LdBinaryOperator, left: bigint, right: bigint): Evaluation {
  switch (operator) {
    case "+":
      return valueIs(left + right);
    case "-":
      return valueIs(left - right);
    case "*":
      return valueIs(left * right);
    case "/":
      return valueIs(BigInt.asIntN(BITS, left) / BigInt.asIntN(BITS, right));
    case "%":
      return valueIs(BigInt.asIntN(BITS, left) % BigInt.asIntN(BITS, right));
    // What C leaves undefined depends on the machine that ld runs on.
    case "<<":
      return right >= 64n ? UNKNOWN : valueIs(left << right);
    case ">>":
      return right >= 64n ? UNKNOWN : valueIs(left >> right);
    case "&":
      return valueIs(left & right);
    case "^":
      return valueIs(left ^ right);
    case "|":
      return valueIs(left | right);
    case "==":
      return truth(left === right);
    case "!=":
      return truth(left !== right);
    case "<":
      return truth(left < right);
    case ">":
      return truth(left > right);
    case "<=":
      return truth(left <= right);
    case ">=":
      return truth(left >= right);
    case "&&":
      return truth(left !== 0n && right !== 0n);
    case "||":
      return truth(left !== 0n || right !== 0n);
  }
}

/** ld's align_n: the next multiple, where sums wrap around. */
function align(value: bigint, alignment: bigint): Evaluation {
  if (alignment <= 1n) return valueIs(value);
  return valueIs((BigInt.asUintN(BITS, value + alignment - 1n) / alignment) * alignment);
}

/** The number of bits that hold all values below: LOG2CEIL(8) is 3, LOG2CEIL(9) is 4, LOG2CEIL(0) and (1) are 0. */
function log2Ceil(value: bigint): Evaluation {
  let bits = 0n;
  while (1n << bits < value && bits < 64n) bits++;
  return valueIs(bits);
}

function evaluateCall(call: LdCall, context: EvaluationContext): Evaluation {
  const name = call.function.text;
  const [first, second] = call.arguments;
  if (first === undefined) return UNKNOWN;
  if (first.kind === "name") return evaluateNamed(name, first, context);
  if (name === "ASSERT") return evaluate(first, context);
  const one = evaluate(first, context);
  if (second === undefined || second.kind === "name") return evaluateUnary(name, one, context);
  const two = evaluate(second, context);
  if (one.kind === "error" || two.kind !== "value") return one.kind === "error" ? one : two;
  if (one.kind !== "value") return one;
  const isLess = one.value < two.value;
  if (name === "MAX") return isLess ? two : one;
  if (name === "MIN") return isLess ? one : two;
  return name === "ALIGN" ? align(one.value, two.value) : UNKNOWN;
}

function evaluateUnary(name: string, operand: Evaluation, context: EvaluationContext): Evaluation {
  if (operand.kind !== "value" || name === "ABSOLUTE") return operand;
  if (name === "LOG2CEIL") return log2Ceil(operand.value);
  const isAligning = name === "ALIGN" || name === "BLOCK" || name === "NEXT";
  return isAligning && context.dot !== undefined ? align(context.dot, operand.value) : UNKNOWN;
}

function evaluateNamed(name: string, { name: { text } }: LdNameArgument, context: EvaluationContext): Evaluation {
  switch (name) {
    case "ORIGIN":
      return known(context.region?.(text)?.origin);
    case "LENGTH":
      return known(context.region?.(text)?.length);
    case "CONSTANT":
      return known(context.constant?.(text));
    case "DEFINED": {
      const isDefined = context.isDefined?.(text);
      return isDefined === undefined ? UNKNOWN : truth(isDefined);
    }
    default:
      return known(context.section?.(name, text));
  }
}

/** A value as people read addresses: `0x1000`; small ones in decimal; negative ones of 64 bits as such. */
export function showValue(value: bigint): string {
  if (value < 10n) return value.toString();
  const hexadecimal = `0x${value.toString(16)}`;
  const negative = value - MODULUS;
  return negative > -0x10000n ? `${hexadecimal} (${negative})` : hexadecimal;
}
