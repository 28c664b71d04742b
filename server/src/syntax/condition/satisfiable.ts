/**
 * Whether a condition can hold at all: a search over what each macro that it asks about may be. Comparisons of a macro with a
 * number count exactly; calls and sums that are not understood may come to anything, each text to one thing. The search is
 * bounded, and says so where it gives up.
 */

import type { Condition } from "./condition.ts";
import { applyUnary, chosen, combine, numberOf, toValue, type Value } from "./evaluate.ts";
import { type BinaryOperator, type ConditionExpression, isConfigurationTest, spell } from "./expression.ts";
import { LEFT_OUT } from "./read-expression.ts";

/** What is the case wherever the question is asked. */
export interface Premises {
  /**
   * Macros that are defined as 1 wherever they are defined, unless a condition compares them with other numbers, as CONFIG_
   * symbols of Kconfig that are y.
   */
  isFlag?(name: string): boolean;
}

/** One of the things that a macro may be. */
interface State {
  readonly isDefined: boolean;
  readonly bits: bigint;
  /** It is spelled `1`, which IS_ENABLED asks for. */
  readonly isOne: boolean;
}

const UNDEFINED: State = { isDefined: false, bits: 0n, isOne: false };
const DEFINED_AS_ONE: State = { isDefined: true, bits: 1n, isOne: true };
const DEFINED_AS_ZERO: State = { isDefined: true, bits: 0n, isOne: false };

/** What is true or false by itself: a text that is not understood. */
const OPAQUE_STATES: readonly State[] = [DEFINED_AS_ONE, DEFINED_AS_ZERO];

/** So many states are tried; the questions that people's conditions raise take some tens. */
const MOST_STEPS = 2000;

interface Search {
  /** What each macro may be, by its name, and each text that is not understood, by `? text`. */
  readonly states: ReadonlyMap<string, readonly State[]>;
  readonly chosen: Map<string, State>;
  /** What an evaluation lacked first. */
  missing: string | undefined;
  steps: number;
}

/** Whether the condition holds in any state of its macros; undefined where the search is too long to tell. */
export function canHold(condition: Condition, world: Premises = {}): boolean | undefined {
  const { expression } = condition;
  const search: Search = { states: statesFor(expression, world), chosen: new Map(), missing: undefined, steps: 0 };
  return tryStates(expression, search);
}

function tryStates(expression: ConditionExpression, search: Search): boolean | undefined {
  search.missing = undefined;
  const value = truthOf(expression, search);
  if (value !== undefined) return value;
  const name = search.missing;
  // Texts of which the end is left out, and sums that cannot be counted, may come to either.
  if (name === undefined) return true;
  let isKnown = true;
  for (const state of search.states.get(name) ?? OPAQUE_STATES) {
    if (++search.steps > MOST_STEPS) return undefined;
    search.chosen.set(name, state);
    const found = tryStates(expression, search);
    if (found === true) return true;
    if (found === undefined) isKnown = false;
  }
  search.chosen.delete(name);
  return isKnown ? false : undefined;
}

/** The truth of the expression, as far as the states that are chosen say. */
function truthOf(expression: ConditionExpression, search: Search): boolean | undefined {
  switch (expression.kind) {
    case "all":
    case "any": {
      const decisive = expression.kind === "any";
      let isKnown = true;
      let missing: string | undefined;
      for (const part of expression.parts) {
        const value = truthOf(part, search);
        if (value === decisive) return decisive;
        if (value !== undefined) continue;
        isKnown = false;
        missing ??= search.missing;
      }
      search.missing = missing;
      return isKnown ? !decisive : undefined;
    }
    case "unary":
      if (expression.operator === "!") {
        const value = truthOf(expression.operand, search);
        return value === undefined ? undefined : !value;
      }
      break;
    case "choice": {
      const test = truthOf(expression.test, search);
      if (test === undefined) return undefined;
      return truthOf(test ? expression.held : expression.other, search);
    }
  }
  if (!isCounted(expression)) return opaqueTruth(expression, search);
  const value = valueIn(expression, search);
  return value === undefined ? undefined : value.bits !== 0n;
}

function opaqueTruth(expression: ConditionExpression, search: Search): boolean | undefined {
  const text = spell(expression);
  // Two texts that begin alike need not end alike.
  if (text.includes(LEFT_OUT)) {
    search.missing = undefined;
    return undefined;
  }
  const state = stateOf(`? ${text}`, search);
  return state === undefined ? undefined : state.isDefined && state.bits !== 0n;
}

function stateOf(name: string, search: Search): State | undefined {
  const state = search.chosen.get(name);
  if (state === undefined) search.missing = name;
  return state;
}

/** Whether what the expression comes to is known once the states of its macros are. */
function isCounted(expression: ConditionExpression): boolean {
  switch (expression.kind) {
    case "number":
      return numberOf(expression.text) !== undefined;
    case "name":
    case "defined":
      return true;
    case "call":
      return isConfigurationTest(expression);
    case "unknown":
      return false;
    case "unary":
      return expression.operator === "!" ? isCounted(expression.operand) : isTruthSum(expression.operand);
    case "binary":
      return comparisonOf(expression) !== undefined || (isTruthSum(expression.left) && isTruthSum(expression.right));
    case "all":
    case "any":
      return expression.parts.every(isCounted);
    case "choice":
      return isCounted(expression.test) && isCounted(expression.held) && isCounted(expression.other);
  }
}

/** Numbers and what is 0 or 1: `defined(A) + defined(B)`. A macro's number, beyond comparing it, is not counted with. */
function isTruthSum(expression: ConditionExpression): boolean {
  if (expression.kind === "name") return false;
  if (expression.kind === "choice") {
    return isCounted(expression.test) && isTruthSum(expression.held) && isTruthSum(expression.other);
  }
  return isCounted(expression);
}

interface Comparison {
  readonly name: string;
  readonly bits: bigint;
}

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(["==", "!=", "<", ">", "<=", ">="]);

/** A macro and the number that it is compared with, where both are signed: `X > 2`, `2 < X`. */
function comparisonOf(expression: ConditionExpression): Comparison | undefined {
  if (expression.kind !== "binary" || !COMPARISONS.has(expression.operator)) return undefined;
  const { left, right } = expression;
  const [name, number] = left.kind === "name" ? [left, right] : [right, left];
  if (name.kind !== "name" || number.kind !== "number") return undefined;
  const value = numberOf(number.text);
  return value === undefined || value.isUnsigned ? undefined : { name: name.name, bits: value.bits };
}

function valueIn(expression: ConditionExpression, search: Search): Value | undefined {
  switch (expression.kind) {
    case "number":
      return numberOf(expression.text);
    case "name": {
      const state = stateOf(expression.name, search);
      return state === undefined ? undefined : { bits: state.bits, isUnsigned: false };
    }
    case "defined":
      return toValue(stateOf(expression.name, search)?.isDefined);
    case "call":
      return toValue(answerOfTest(expression.name, expression.given, search));
    case "unary":
      if (expression.operator !== "!") return applyUnary(expression.operator, valueIn(expression.operand, search));
      return toValue(truthOf(expression, search));
    case "binary": {
      const left = valueIn(expression.left, search);
      if (left === undefined) return undefined;
      return combine(expression.operator, left, valueIn(expression.right, search));
    }
    case "choice": {
      const test = truthOf(expression.test, search);
      if (test === undefined) return undefined;
      const [taken, other] = test ? [expression.held, expression.other] : [expression.other, expression.held];
      const value = valueIn(taken, search);
      return value === undefined ? undefined : chosen(value, valueIn(other, search));
    }
    default:
      return toValue(truthOf(expression, search));
  }
}

/** IS_ENABLED(CONFIG_X) and its kin, by what CONFIG_X and CONFIG_X_MODULE are defined as (include/linux/kconfig.h). */
function answerOfTest(test: string, symbol: string, search: Search): boolean | undefined {
  const isOne = (name: string) => stateOf(name, search)?.isOne;
  const module = `${symbol}_MODULE`;
  if (test === "IS_BUILTIN") return isOne(symbol);
  if (test === "IS_MODULE") return isOne(module);
  const builtIn = isOne(symbol);
  if (builtIn !== false) return builtIn;
  const asModule = isOne(module);
  if (test === "IS_ENABLED" || asModule !== true) return asModule;
  return isOne("MODULE");
}

/** What each macro may be, as far as the expression can tell one from the other. */
function statesFor(expression: ConditionExpression, world: Premises): ReadonlyMap<string, readonly State[]> {
  const asked = new Map<string, Set<bigint>>();
  const ask = (name: string, ...numbers: bigint[]) => {
    let known = asked.get(name);
    if (known === undefined) asked.set(name, (known = new Set()));
    for (const one of numbers) known.add(one);
  };
  const queue: ConditionExpression[] = [expression];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const comparison = comparisonOf(next);
    if (comparison !== undefined) {
      ask(comparison.name, comparison.bits);
      continue;
    }
    if (next.kind === "name" || next.kind === "defined") ask(next.name);
    else if (next.kind === "unary") queue.push(next.operand);
    else if (next.kind === "binary") queue.push(next.left, next.right);
    else if (next.kind === "choice") queue.push(next.test, next.held, next.other);
    else if (next.kind === "all" || next.kind === "any") queue.push(...next.parts);
    else if (next.kind === "call" && isConfigurationTest(next)) {
      ask(next.given);
      ask(`${next.given}_MODULE`);
      ask("MODULE");
    }
  }
  return new Map([...asked].map(([name, numbers]) => [name, statesOf(numbers, world.isFlag?.(name) ?? false)]));
}

function statesOf(numbers: ReadonlySet<bigint>, isFlag: boolean): readonly State[] {
  const others = [...numbers].filter((number) => number !== 0n && number !== 1n);
  if (isFlag && others.length === 0) return [UNDEFINED, DEFINED_AS_ONE];
  const states = [UNDEFINED, DEFINED_AS_ONE, DEFINED_AS_ZERO];
  if (numbers.size === 0) return states;
  // One of each stretch between the numbers, and 1 as other than a lone digit.
  const told = new Set([...numbers].flatMap((number) => [number - 1n, number, number + 1n]));
  for (const bits of [-1n, 1n, ...told]) {
    if (bits !== 0n && !states.some((state) => state.isDefined && !state.isOne && state.bits === bits)) {
      states.push({ isDefined: true, bits, isOne: false });
    }
  }
  return states;
}
