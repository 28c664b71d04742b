/**
 * Decides a condition, `CONFIG_SMP && !IS_ENABLED(CONFIG_X)`, from what is known of configuration symbols. It is three-valued:
 * what hangs on a macro that is not known here is unknown, never guessed. It expands no macro and reads no file.
 *
 * Numbers are those of the preprocessor: 64 bits, unsigned where an operand is (C11 6.10.1p4). What the names mean is Linux's:
 * include/generated/autoconf.h defines CONFIG_X as 1 where X is y and CONFIG_X_MODULE as 1 where it is m; IS_ENABLED and its
 * kin are those of include/linux/kconfig.h.
 */

import {
  type ConfigurationValue,
  type PossibleValues,
  possibleIn,
  VALUE_M,
  VALUE_N,
  VALUE_OTHER,
  VALUE_Y,
} from "../kbuild/guard.ts";
import type { Condition } from "./condition.ts";
import { type BinaryOperator, type ConditionExpression, isConfiguration, type UnaryOperator } from "./expression.ts";

export type Answer = "yes" | "no" | "unknown";

/** What is known where a condition is decided. */
export interface Knowledge {
  /** All of them: nothing is known. */
  readonly possible: PossibleValues;
  /** The value of a symbol whose class is known, for numbers and strings. */
  value?(symbol: string): string | undefined;
  /** Whether a macro that is no configuration symbol is defined; undefined where that is not known. */
  isDefined?(name: string): boolean | undefined;
  /** The number that such a macro stands for, as it is written; undefined where that is not known. */
  number?(name: string): string | undefined;
}

/** What a whole configuration knows: every symbol that it does not name is unset. */
export function knowledgeOf(configuration: ConfigurationValue): Knowledge {
  return { possible: possibleIn(configuration), value: configuration };
}

/** Whether the condition holds. */
export function decide(condition: Condition, knowledge: Knowledge): Answer {
  const value = valueIn(condition.expression, knowledge);
  if (value === undefined) return "unknown";
  return value.bits === 0n ? "no" : "yes";
}

/** A number as the preprocessor has it. */
export interface Value {
  readonly bits: bigint;
  readonly isUnsigned: boolean;
}

const ZERO: Value = { bits: 0n, isUnsigned: false };
const ONE: Value = { bits: 1n, isUnsigned: false };

function valueIn(expression: ConditionExpression, knowledge: Knowledge): Value | undefined {
  switch (expression.kind) {
    case "number":
      return numberOf(expression.text);
    case "name":
      return valueOfName(expression.name, knowledge);
    case "defined":
      return toValue(isDefined(expression.name, knowledge));
    case "call":
      return toValue(answerOfTest(expression.name, expression.given, knowledge));
    case "unknown":
      return undefined;
    case "unary":
      return applyUnary(expression.operator, valueIn(expression.operand, knowledge));
    case "binary":
      return combine(expression.operator, valueIn(expression.left, knowledge), valueIn(expression.right, knowledge));
    case "all":
    case "any": {
      const isDecisive = (value: Value) => (value.bits !== 0n) === (expression.kind === "any");
      let isKnown = true;
      for (const part of expression.parts) {
        const value = valueIn(part, knowledge);
        if (value === undefined) isKnown = false;
        else if (isDecisive(value)) return toValue(value.bits !== 0n);
      }
      return isKnown ? toValue(expression.kind === "all") : undefined;
    }
    case "choice": {
      const test = valueIn(expression.test, knowledge);
      const held = valueIn(expression.held, knowledge);
      const other = valueIn(expression.other, knowledge);
      if (test === undefined) return held?.bits === other?.bits ? held : undefined;
      return chosen(test.bits === 0n ? other : held, test.bits === 0n ? held : other);
    }
  }
}

/** The chosen one of two values, which has the type of both together (C11 6.5.15p5); undefined where that would change it. */
export function chosen(value: Value | undefined, other: Value | undefined): Value | undefined {
  if (value === undefined || value.isUnsigned) return value;
  if (other !== undefined) return wrap(value.bits, other.isUnsigned);
  return value.bits < 0n ? undefined : value;
}

/** The value of an operator's application, 64 bits wide; undefined where the operand's is, or where it is not defined. */
export function applyUnary(operator: UnaryOperator, value: Value | undefined): Value | undefined {
  if (value === undefined) return undefined;
  const { bits, isUnsigned } = value;
  switch (operator) {
    case "!":
      return toValue(bits === 0n);
    case "-":
      return wrap(-bits, isUnsigned);
    case "~":
      return wrap(~bits, isUnsigned);
    case "+":
      return value;
  }
}

/** As {@link applyUnary}, for two operands. */
export function combine(operator: BinaryOperator, a: Value | undefined, b: Value | undefined): Value | undefined {
  if (a === undefined || b === undefined) return undefined;
  // A shift has the type of its left operand, and is undefined beyond its width.
  if (operator === "<<" || operator === ">>") {
    if ((b.bits < 0n && !b.isUnsigned) || b.bits > 63n) return undefined;
    return wrap(operator === "<<" ? a.bits << b.bits : a.bits >> b.bits, a.isUnsigned);
  }
  const isUnsigned = a.isUnsigned || b.isUnsigned;
  const left = wrap(a.bits, isUnsigned).bits;
  const right = wrap(b.bits, isUnsigned).bits;
  switch (operator) {
    case "==":
      return toValue(left === right);
    case "!=":
      return toValue(left !== right);
    case "<":
      return toValue(left < right);
    case ">":
      return toValue(left > right);
    case "<=":
      return toValue(left <= right);
    case ">=":
      return toValue(left >= right);
    case "+":
      return wrap(left + right, isUnsigned);
    case "-":
      return wrap(left - right, isUnsigned);
    case "*":
      return wrap(left * right, isUnsigned);
    case "&":
      return wrap(left & right, isUnsigned);
    case "|":
      return wrap(left | right, isUnsigned);
    case "^":
      return wrap(left ^ right, isUnsigned);
    case "/":
      return right === 0n ? undefined : wrap(left / right, isUnsigned);
    case "%":
      return right === 0n ? undefined : wrap(left % right, isUnsigned);
  }
}

function wrap(value: bigint, isUnsigned: boolean): Value {
  return { bits: isUnsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value), isUnsigned };
}

export function toValue(answer: boolean): Value;
export function toValue(answer: boolean | undefined): Value | undefined;
export function toValue(answer: boolean | undefined): Value | undefined {
  return answer === undefined ? undefined : answer ? ONE : ZERO;
}

/** The value of `CONFIG_X` and other names where they stand alone: an undefined macro is 0 (C11 6.10.1). */
function valueOfName(name: string, knowledge: Knowledge): Value | undefined {
  const answer = isDefined(name, knowledge);
  if (answer === false) return ZERO;
  if (answer === undefined) return undefined;
  if (!isConfiguration(name)) return signedNumberOf(knowledge.number?.(name) ?? "");
  if (knowledge.possible(name) === VALUE_OTHER) return signedNumberOf(knowledge.value?.(name) ?? "");
  // A module's own name, CONFIG_X_MODULE, is 1 as well.
  return (knowledge.possible(name) & VALUE_OTHER) === 0 ? ONE : undefined;
}

function isDefined(name: string, knowledge: Knowledge): boolean | undefined {
  if (!isConfiguration(name)) return knowledge.isDefined?.(name);
  const mask = knowledge.possible(name);
  if (mask === VALUE_N && name.endsWith("_MODULE")) {
    return within(knowledge.possible(name.slice(0, -"_MODULE".length)), VALUE_M);
  }
  return within(mask, VALUE_Y | VALUE_OTHER);
}

/** Whether a symbol that has one of the values of the mask has one of these. */
function within(mask: number, wanted: number): boolean | undefined {
  if ((mask & wanted) === 0) return false;
  return (mask & ~wanted) === 0 ? true : undefined;
}

/** IS_ENABLED(CONFIG_X) and its kin of include/linux/kconfig.h. */
function answerOfTest(test: string, symbol: string, knowledge: Knowledge): boolean | undefined {
  if (!/^CONFIG_\w+$/.test(symbol)) return undefined;
  const mask = knowledge.possible(symbol);
  switch (test) {
    case "IS_ENABLED":
      return within(mask, VALUE_Y | VALUE_M);
    case "IS_BUILTIN":
      return within(mask, VALUE_Y);
    case "IS_MODULE":
      return within(mask, VALUE_M);
    case "IS_REACHABLE": {
      // A module's symbols can be reached from modules alone.
      if (mask === VALUE_M) return knowledge.isDefined?.("MODULE");
      return (mask & VALUE_M) === 0 ? within(mask, VALUE_Y) : undefined;
    }
    default:
      return undefined;
  }
}

/** A number of C; undefined for what is none, and for what no 64 bits hold. */
export function numberOf(text: string): Value | undefined {
  const [, digits, suffix = ""] = /^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)([uUlL]*)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  // `010` is octal in C, and `08` nothing at all.
  const isOctal = /^0\d/.test(digits);
  if (isOctal && !/^[0-7]+$/.test(digits)) return undefined;
  const bits = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  if (bits >= 1n << 64n) return undefined;
  // What no signed type holds is unsigned (C11 6.4.4.1).
  return { bits, isUnsigned: /u/i.test(suffix) || bits >= 1n << 63n };
}

/** A number that a macro may stand for, its sign included. */
function signedNumberOf(text: string): Value | undefined {
  return text.startsWith("-") ? applyUnary("-", numberOf(text.slice(1))) : numberOf(text);
}
