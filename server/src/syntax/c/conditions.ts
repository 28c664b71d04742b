/**
 * The #if, #elif and #else branches around a place. It decides none, save for what is always so in C: `0`, `1`, `__cplusplus`
 * and `__ASSEMBLY__`.
 */

import type { Source } from "../../text/source.ts";
import {
  type Condition,
  definedCondition,
  joinAll,
  MOST_TERMS,
  not,
  readCondition,
  UNTOLD,
} from "../condition/condition.ts";
import { decide, type Knowledge } from "../condition/evaluate.ts";
import { ANY_VALUE } from "../kbuild/guard.ts";
import { UNDERSCORE } from "./codes.ts";
import { isWordAt } from "./keywords.ts";

/** What a conditional directive asks. */
export type Test = "if" | "ifdef" | "ifndef" | "else";

/** One branch of an #if … #endif: what it asks and where. */
interface Branch {
  readonly test: Test;
  /** The expression, or the name of #ifdef. */
  readonly start: number;
  readonly end: number;
  readonly truth: Truth;
  /** What it asks, once somebody wanted to know. */
  condition: Condition | undefined;
}

/** What is known of a branch's test without any configuration. */
export type Truth = "always" | "never" | "unknown";

/** An #if that has not met its #endif yet. */
export interface OpenCondition {
  readonly branches: Branch[];
  /** It is the include guard of the whole file, and no condition of anything in it. */
  isGuard: boolean;
  /** The group of brackets in which it was opened, and how deep that was nested there; see groups.ts. */
  group: number;
  depth: number;
}

export interface Conditions {
  readonly source: Source;
  readonly open: OpenCondition[];
  /** The text of all of them, if none has changed since it was made. */
  text: string;
  isTextKnown: boolean;
}

export function openConditions(source: Source): Conditions {
  return { source, open: [], text: "", isTextKnown: true };
}

/** Enters the first branch of an #if. */
export function pushCondition(conditions: Conditions, test: Test, start: number, end: number): OpenCondition {
  const truth = truthOf(conditions.source, test, start, end);
  const opened: OpenCondition = {
    branches: [{ test, start, end, truth, condition: undefined }],
    isGuard: false,
    group: 0,
    depth: 0,
  };
  conditions.open.push(opened);
  conditions.isTextKnown = false;
  return opened;
}

/** Enters the next branch of the innermost #if; an #else or #elif without one is passed over and gives undefined. */
export function nextBranch(conditions: Conditions, test: Test, start: number, end: number): OpenCondition | undefined {
  const innermost = conditions.open.at(-1);
  if (innermost === undefined) return undefined;
  const before = innermost.branches;
  const isDead = before.some((branch) => branch.truth === "always");
  const truth = isDead ? "never" : test === "else" ? "unknown" : truthOf(conditions.source, test, start, end);
  if (before.length >= MOST_BRANCHES) before.pop();
  before.push({ test, start, end, truth, condition: undefined });
  conditions.isTextKnown = false;
  return innermost;
}

/** Beyond so many branches the oldest of a chain still count, and the rest is forgotten: nobody reads such a condition. */
const MOST_BRANCHES = 64;

/** Leaves the innermost #if. */
export function popCondition(conditions: Conditions): OpenCondition | undefined {
  const closed = conditions.open.pop();
  if (closed !== undefined) conditions.isTextKnown = false;
  return closed;
}

/** True when the branch that the innermost #if is in can never be compiled. */
export function isDead(opened: OpenCondition): boolean {
  return opened.branches.at(-1)!.truth === "never";
}

/** A copy that later changes leave alone, to come back to with {@link restoreConditions}. */
export function copyConditions(conditions: Conditions): readonly OpenCondition[] {
  return conditions.open.map((opened) => ({ ...opened, branches: [...opened.branches] }));
}

export function restoreConditions(conditions: Conditions, copy: readonly OpenCondition[]): void {
  conditions.open.length = 0;
  conditions.open.push(...copy.map((opened) => ({ ...opened, branches: [...opened.branches] })));
  conditions.isTextKnown = false;
}

/** All conditions around the current place, outermost first, as one; "" where there is none. */
export function conditionText(conditions: Conditions): string {
  if (conditions.isTextKnown) return conditions.text;
  const terms: Condition[] = [];
  for (const opened of conditions.open) {
    if (!opened.isGuard) addTerms(conditions.source, opened.branches, terms);
    if (terms.length > MOST_TERMS) {
      terms.push(UNTOLD);
      break;
    }
  }
  conditions.text = joinAll(terms).text;
  conditions.isTextKnown = true;
  return conditions.text;
}

/** The branch that is open, and the negation of those before it. What is always so is left out. */
function addTerms(source: Source, branches: readonly Branch[], terms: Condition[]): void {
  const last = branches.length - 1;
  for (let i = 0; i <= last; i++) {
    const branch = branches[i]!;
    if (branch.truth !== "unknown" || (i === last && branch.test === "else")) continue;
    branch.condition ??= testOf(source, branch.test, branch.start, branch.end);
    terms.push(i === last ? branch.condition : not(branch.condition));
  }
  if (branches.length >= MOST_BRANCHES) terms.push(UNTOLD);
}

function testOf(source: Source, test: Test, start: number, end: number): Condition {
  const text = source.slice(start, end);
  if (test === "if") return readCondition(text);
  return test === "ifdef" ? definedCondition(text) : not(definedCondition(text));
}

function skipSpaces(source: Source, at: number, end: number): number {
  let i = at;
  while (i < end && (source.codes[i] === 32 || source.codes[i] === 9)) i++;
  return i;
}

/** Macros that are never defined where a file is compiled as C. */
const NEVER_IN_C: readonly string[] = ["__cplusplus", "__ASSEMBLY__", "__ASSEMBLER__"];

/** What a test comes to in every compilation as C. */
function truthOf(source: Source, test: Test, start: number, end: number): Truth {
  const { codes } = source;
  const from = skipSpaces(source, start, end);
  if (test === "ifdef" || test === "ifndef") {
    if (codes[from] !== UNDERSCORE || codes[from + 1] !== UNDERSCORE) return "unknown";
    const to = wordEnd(codes, from, end);
    if (!NEVER_IN_C.some((name) => isWordAt(codes, from, to, name))) return "unknown";
    return test === "ifdef" ? "never" : "always";
  }
  // Only what may be a constant or a short test for C++ and assembly is made into text.
  const first = codes[from];
  const isConstant = first === 48 || first === 49;
  if (end - from > LONGEST_CONSTANT || (!isConstant && !holdsReserved(codes, from, end))) return "unknown";
  const answer = decide(readCondition(source.slice(from, end)), IN_C);
  return answer === "yes" ? "always" : answer === "no" ? "never" : "unknown";
}

/** What every compilation as C knows. */
const IN_C: Knowledge = {
  possible: () => ANY_VALUE,
  isDefined: (name) => (NEVER_IN_C.includes(name) ? false : undefined),
};

/** Constants and tests for C++ and assembly are shorter than this, comments included. */
const LONGEST_CONSTANT = 80;

/** Whether two underscores stand next to each other. */
function holdsReserved(codes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i + 1 < end; i++) if (codes[i] === UNDERSCORE && codes[i + 1] === UNDERSCORE) return true;
  return false;
}

function wordEnd(codes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && codes[i]! > 32 && codes[i] !== 47) i++;
  return i;
}
