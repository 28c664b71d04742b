/**
 * Conditions as values: what #if lines ask, joined and turned around. Every condition is made, negated and joined here, and
 * nowhere by its text. What they come to is for decide (evaluate.ts), how they relate for relations.ts.
 *
 * A condition is known by its text, which is the same for all that say the same in the same order. So facts keep the text,
 * and {@link conditionOf} gives the value back.
 */

import { type ConditionExpression, isConfigurationTest, joined, opposite, spell } from "./expression.ts";
import { LEFT_OUT, readConditionExpression } from "./read-expression.ts";

export interface Condition {
  /** For people, and to be kept; "" is always. */
  readonly text: string;
  readonly expression: ConditionExpression;
}

/** Holds whatever is defined. */
export const ALWAYS: Condition = { text: "", expression: { kind: "number", text: "1" } };
/** Holds nowhere. */
export const NEVER: Condition = { text: "0", expression: { kind: "number", text: "0" } };
/** Not known, where terms are left out. */
export const UNTOLD: Condition = { text: LEFT_OUT, expression: { kind: "unknown", text: LEFT_OUT } };

/** How many texts are remembered; the kernel's files have some 20,000 that differ. */
const MOST_KNOWN = 50_000;

/** Conditions by their texts, and by others that say the same. */
const known = new Map<string, Condition>();

function remember(text: string, condition: Condition): Condition {
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, condition);
  return condition;
}

/** The condition of a text that a condition had. */
export function conditionOf(text: string): Condition {
  if (text === "") return ALWAYS;
  const same = known.get(text);
  if (same !== undefined) return same;
  if (text.length > MOST_TERMS * LONGEST_TEXT) return cutOff(text);
  return remember(text, conditionFrom(readConditionExpression(text)));
}

/** A condition longer than this says nothing to a reader and only costs memory: what it says is not known. */
const LONGEST_TEXT = 1000;

/** With its comments and continued lines it may be somewhat longer. */
const LONGEST_LINE = 4000;

/** What the text behind #if says, with its comments and continued lines. What says nothing is not known. */
export function readCondition(text: string): Condition {
  if (text.length > LONGEST_LINE) return cutOff(text);
  const trimmed = text.trim();
  if (trimmed === "") return UNTOLD;
  const condition = conditionOf(trimmed);
  return condition.text.length <= LONGEST_TEXT ? condition : cutOff(condition.text);
}

function cutOff(text: string): Condition {
  const start = text.slice(0, LONGEST_TEXT).replaceAll(/\s+/g, " ").trim();
  return conditionFrom({ kind: "unknown", text: `${start} ${LEFT_OUT}` });
}

/** The macro of this name, with its comments and blanks, is defined; what is no name is not known. */
export function definedCondition(name: string): Condition {
  return readCondition(name.trim() === "" ? "" : `defined(${name})`);
}

function conditionFrom(expression: ConditionExpression): Condition {
  if (expression.kind === "number" && expression.text === "1") return ALWAYS;
  const text = spell(expression);
  const same = known.get(text);
  if (same !== undefined && same.text === text) return same;
  return remember(text, { text, expression });
}

/** Holds where the condition does not. */
export function not(condition: Condition): Condition {
  return conditionFrom(opposite(condition.expression));
}

/** How many terms a condition may have; the kernel's longest has some twenty. What is beyond is left out, and said to be. */
export const MOST_TERMS = 64;

/** Holds where all of them do; what they share stands there once. */
export function joinAll(conditions: readonly Condition[]): Condition {
  const [first, second] = conditions;
  if (first === undefined) return ALWAYS;
  if (second === undefined || (conditions.length === 2 && second === ALWAYS)) return first;
  if (conditions.length === 2 && (first === ALWAYS || first === second)) return second;
  const terms = new Map<string, ConditionExpression>();
  for (const condition of conditions) {
    if (condition === ALWAYS) continue;
    for (const term of termsIn(condition.expression)) terms.set(spell(term), term);
  }
  const parts = [...terms.values()];
  if (parts.length === 0) return ALWAYS;
  if (parts.length > MOST_TERMS) parts.splice(MOST_TERMS, parts.length, UNTOLD.expression);
  return conditionFrom(joined("all", parts));
}

/** Holds where one of them does, as it stands: nothing is made simpler (alternatives.ts does). */
export function anyOf(conditions: readonly Condition[]): Condition {
  const expressions = new Map<string, ConditionExpression>();
  for (const condition of conditions) {
    if (condition === ALWAYS) return ALWAYS;
    const { expression } = condition;
    for (const part of expression.kind === "any" ? expression.parts : [expression]) expressions.set(spell(part), part);
  }
  return expressions.size === 0 ? NEVER : conditionFrom(joined("any", [...expressions.values()]));
}

/** What must hold each by itself for the condition to hold, as it is written. */
export function termsOf(condition: Condition): readonly Condition[] {
  return condition === ALWAYS ? [] : termsIn(condition.expression).map(conditionFrom);
}

function termsIn(expression: ConditionExpression): readonly ConditionExpression[] {
  return expression.kind === "all" ? expression.parts : [expression];
}

/** Whether a part of it is left out, so that another one of the same text may say something else. */
export function isCutOff({ text }: Condition): boolean {
  return text.includes(LEFT_OUT);
}

/**
 * The names of the macros that the condition asks about, those within calls and the macros that are called included; of
 * IS_ENABLED(CONFIG_X) and its kin the symbol alone.
 */
export function namesIn(condition: Condition): ReadonlySet<string> {
  const names = new Set<string>();
  const queue: ConditionExpression[] = [condition.expression];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    switch (next.kind) {
      case "name":
      case "defined":
        names.add(next.name);
        break;
      case "call":
        if (!isConfigurationTest(next)) names.add(next.name);
        for (const word of next.given.match(/[A-Za-z_$][\w$]*/g) ?? []) names.add(word);
        break;
      case "unknown":
        for (const word of next.text.match(/[A-Za-z_$][\w$]*/g) ?? []) names.add(word);
        break;
      case "unary":
        queue.push(next.operand);
        break;
      case "binary":
        queue.push(next.left, next.right);
        break;
      case "choice":
        queue.push(next.test, next.held, next.other);
        break;
      case "all":
      case "any":
        queue.push(...next.parts);
    }
  }
  return names;
}
