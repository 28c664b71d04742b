/**
 * Decides a fact's condition, `CONFIG_SMP && !IS_ENABLED(CONFIG_X)`, from what is known of configuration symbols. It is
 * three-valued: what hangs on a macro that is not known here is unknown, never guessed. It expands no macro and reads no file.
 *
 *     condition := test [ "?" condition ":" condition ]
 *     test      := operand { operator operand }            with the operators and precedences of C11 6.5
 *     operand   := { "!" | "-" | "~" | "+" } ( number | name [ "(" … ")" ] | "(" condition ")" )
 *
 * What the names mean is Linux's: include/generated/autoconf.h defines CONFIG_X as 1 where X is y and CONFIG_X_MODULE as 1
 * where it is m; IS_ENABLED and its kin are those of include/linux/kconfig.h.
 */

import { type ConfigurationValue, classOfValue, VALUE_M, VALUE_N, VALUE_OTHER, VALUE_Y } from "../kbuild/guard.ts";

export type Answer = "yes" | "no" | "unknown";

/** What is known where a condition is decided. */
export interface Knowledge {
  /** The classes of values that a configuration symbol can have, as a mask (guard.ts). All of them: nothing is known. */
  possible(symbol: string): number;
  /** The value of a symbol whose class is known, for numbers and strings. */
  value?(symbol: string): string | undefined;
  /** Whether a macro that is no configuration symbol is defined; undefined where that is not known. */
  isDefined?(name: string): boolean | undefined;
}

/** What a whole configuration knows: every symbol that it does not name is unset. */
export function knowledgeOf(configuration: ConfigurationValue): Knowledge {
  return { possible: (symbol) => classOfValue(configuration(symbol)), value: configuration };
}

/** Whether the condition holds; "" always does. Text that is no expression, or is cut off, is unknown. */
export function decideCondition(condition: string, knowledge: Knowledge): Answer {
  if (condition === "") return "yes";
  const reader: Reader = { tokens: condition.match(TOKENS) ?? [], at: 0, knowledge, depth: 0, isBroken: false };
  const value = readConditional(reader);
  if (reader.isBroken || reader.at < reader.tokens.length || value === undefined) return "unknown";
  return value === 0n ? "no" : "yes";
}

/** A number, or undefined where it is not known. */
type Value = bigint | undefined;

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  readonly knowledge: Knowledge;
  depth: number;
  isBroken: boolean;
}

const TOKENS = /[A-Za-z_$][\w$]*|\d[\w.]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|&&|\|\||[=!<>]=|<<|>>|\S/g;

/** Parentheses deeper than this stand in no condition that is written by hand. */
const DEEPEST = 64;

const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ["||", 1],
  ["&&", 2],
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
]);

function readConditional(reader: Reader): Value {
  if (reader.depth >= DEEPEST) return broken(reader);
  reader.depth++;
  const test = readBinary(reader, 1);
  let value = test;
  if (reader.tokens[reader.at] === "?") {
    reader.at++;
    const held = readConditional(reader);
    if (reader.tokens[reader.at++] !== ":") return broken(reader);
    const other = readConditional(reader);
    value = test === undefined ? (held === other ? held : undefined) : test === 0n ? other : held;
  }
  reader.depth--;
  return value;
}

function readBinary(reader: Reader, least: number): Value {
  let left = readOperand(reader);
  while (!reader.isBroken) {
    const operator = reader.tokens[reader.at];
    const precedence = operator === undefined ? undefined : PRECEDENCE.get(operator);
    if (operator === undefined || precedence === undefined || precedence < least) break;
    reader.at++;
    left = combine(operator, left, readBinary(reader, precedence + 1));
  }
  return left;
}

function readOperand(reader: Reader): Value {
  const signs: string[] = [];
  let token = reader.tokens[reader.at++];
  while (token === "!" || token === "-" || token === "~" || token === "+") {
    signs.push(token);
    token = reader.tokens[reader.at++];
  }
  let value = readPrimary(reader, token);
  for (const sign of signs.reverse()) {
    if (value === undefined) break;
    if (sign === "!") value = value === 0n ? 1n : 0n;
    else if (sign === "-") value = -value;
    else if (sign === "~") value = ~value;
  }
  return value;
}

function readPrimary(reader: Reader, token: string | undefined): Value {
  if (token === undefined) return broken(reader);
  if (token === "(") {
    const value = readConditional(reader);
    return reader.tokens[reader.at++] === ")" ? value : broken(reader);
  }
  if (/^\d/.test(token)) return numberOf(token);
  if (/^["']/.test(token)) return undefined;
  if (!/^[A-Za-z_$]/.test(token)) return broken(reader);
  if (reader.tokens[reader.at] !== "(") return valueOfName(token, reader.knowledge);
  const inner = readArguments(reader);
  const [argument] = inner;
  if (argument === undefined || inner.length !== 1 || !/^[A-Za-z_$]/.test(argument)) return undefined;
  return token === "defined"
    ? toValue(isDefined(argument, reader.knowledge))
    : valueOfTest(token, argument, reader.knowledge);
}

/** The tokens within the parentheses that begin here. */
function readArguments(reader: Reader): readonly string[] {
  const first = reader.at + 1;
  let depth = 0;
  for (; reader.at < reader.tokens.length; reader.at++) {
    const token = reader.tokens[reader.at];
    if (token === "(") depth++;
    else if (token === ")" && --depth === 0) return reader.tokens.slice(first, reader.at++);
  }
  broken(reader);
  return [];
}

function broken(reader: Reader): undefined {
  reader.isBroken = true;
  return undefined;
}

function combine(operator: string, left: Value, right: Value): Value {
  if (operator === "&&") {
    if (left === 0n || right === 0n) return 0n;
    return left === undefined || right === undefined ? undefined : 1n;
  }
  if (operator === "||") {
    if ((left !== undefined && left !== 0n) || (right !== undefined && right !== 0n)) return 1n;
    return left === undefined || right === undefined ? undefined : 0n;
  }
  if (left === undefined || right === undefined) return undefined;
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
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    case "/":
      return right === 0n ? undefined : left / right;
    case "%":
      return right === 0n ? undefined : left % right;
    default:
      // Shifts by what no type of C has room for are undefined behaviour, and would take all memory here.
      if (right < 0n || right > 63n) return undefined;
      return operator === "<<" ? BigInt.asIntN(64, left << right) : left >> right;
  }
}

function toValue(answer: boolean | undefined): Value {
  return answer === undefined ? undefined : answer ? 1n : 0n;
}

/** The value of `CONFIG_X` and other names where they stand alone: an undefined macro is 0 (C11 6.10.1). */
function valueOfName(name: string, knowledge: Knowledge): Value {
  const answer = isDefined(name, knowledge);
  if (answer === false) return 0n;
  if (answer === undefined || !name.startsWith("CONFIG_")) return undefined;
  if (knowledge.possible(name) === VALUE_OTHER) return numberOf(knowledge.value?.(name) ?? "");
  return 1n;
}

function isDefined(name: string, knowledge: Knowledge): boolean | undefined {
  if (!name.startsWith("CONFIG_")) return knowledge.isDefined?.(name);
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
function valueOfTest(test: string, symbol: string, knowledge: Knowledge): Value {
  if (!symbol.startsWith("CONFIG_")) return undefined;
  const mask = knowledge.possible(symbol);
  switch (test) {
    case "IS_ENABLED":
      return toValue(within(mask, VALUE_Y | VALUE_M));
    case "IS_BUILTIN":
      return toValue(within(mask, VALUE_Y));
    case "IS_MODULE":
      return toValue(within(mask, VALUE_M));
    case "IS_REACHABLE": {
      // A module's symbols can be reached from modules alone.
      if (mask === VALUE_M) return toValue(knowledge.isDefined?.("MODULE"));
      return (mask & VALUE_M) === 0 ? toValue(within(mask, VALUE_Y)) : undefined;
    }
    default:
      return undefined;
  }
}

/** A number of C, its suffix left out; undefined for what is none. */
function numberOf(text: string): Value {
  const digits = /^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)[uUlL]*$/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  // `010` is octal in C, and `08` nothing at all.
  if (/^0\d/.test(digits)) return /^[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : undefined;
  return BigInt(digits);
}
