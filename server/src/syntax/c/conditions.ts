/**
 * The #if, #elif and #else branches around a place, and their text in one canonical form. It reads expressions as tokens and
 * evaluates none, save for what is always so in C: `0`, `1`, `__cplusplus` and `__ASSEMBLY__`.
 */

import type { Source } from "../../text/source.ts";
import { UNDERSCORE } from "./codes.ts";
import { isWordAt } from "./keywords.ts";
import { nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";

/** What a conditional directive asks. */
export type Test = "if" | "ifdef" | "ifndef" | "else";

/** One branch of an #if … #endif: what it asks and where. */
interface Branch {
  readonly test: Test;
  /** The expression, or the name of #ifdef. */
  readonly start: number;
  readonly end: number;
  readonly truth: Truth;
  /** Its text once it was asked for; "" before. */
  text: string;
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
    branches: [{ test, start, end, truth, text: "" }],
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
  before.push({ test, start, end, truth, text: "" });
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

/** How many terms a condition may have; the kernel's longest has some twenty. Those further in are left out. */
const MOST_TERMS = 64;

/** All conditions around the current place, outermost first, joined by " && "; "" where there is none. */
export function conditionText(conditions: Conditions): string {
  if (conditions.isTextKnown) return conditions.text;
  const terms: string[] = [];
  for (let i = 0; i < conditions.open.length && terms.length < MOST_TERMS; i++) {
    const opened = conditions.open[i]!;
    if (!opened.isGuard) addTerms(conditions.source, opened.branches, terms);
  }
  conditions.text = terms.length === 1 ? terms[0]! : terms.map(guardOr).join(" && ");
  conditions.isTextKnown = true;
  return conditions.text;
}

/** The branch that is open, and the negation of those before it. What is always so is left out. */
function addTerms(source: Source, branches: readonly Branch[], terms: string[]): void {
  const last = branches.length - 1;
  for (let i = 0; i <= last && terms.length < MOST_TERMS; i++) {
    const branch = branches[i]!;
    if (branch.truth !== "unknown" || (i === last && branch.test === "else")) continue;
    const text = branchText(source, branch);
    if (text !== "") terms.push(i === last ? text : negate(text));
  }
}

function branchText(source: Source, branch: Branch): string {
  if (branch.text === "") branch.text = testText(source, branch);
  return branch.text;
}

function testText(source: Source, branch: Branch): string {
  const text = expressionText(source, branch.start, branch.end);
  if (branch.test === "ifdef") return text === "" ? "" : `defined(${text})`;
  if (branch.test === "ifndef") return text === "" ? "" : `!defined(${text})`;
  return text;
}

/** The opposite of a condition: `!defined(X)` of `defined(X)` and the reverse, else `!(…)`. */
function negate(text: string): string {
  if (isPrimary(text)) return `!${text}`;
  if (text.startsWith("!") && isPrimary(text.slice(1))) return text.slice(1);
  return `!(${text})`;
}

/** A name, or one call-like thing such as `defined(X)` and `IS_ENABLED(CONFIG_X)`. */
function isPrimary(text: string): boolean {
  return /^\w+(?:\(\w*\))?$/.test(text);
}

/** Puts parentheses around a term in which something binds weaker than &&. */
function guardOr(term: string): string {
  let depth = 0;
  for (let i = 0; i < term.length; i++) {
    const letter = term[i];
    if (letter === "(") depth++;
    else if (letter === ")") depth--;
    else if (depth === 0 && (letter === "?" || letter === "," || (letter === "|" && term[i + 1] === "|"))) {
      return `(${term})`;
    }
  }
  return term;
}

/** Operators of two characters; a third is never needed in a condition. */
const PAIRS: ReadonlySet<string> = new Set(["&&", "||", "==", "!=", "<=", ">=", "<<", ">>"]);

/** An expression in one form: one blank around binary operators, none within parentheses, `defined X` as `defined(X)`. */
export function expressionText(source: Source, start: number, end: number): string {
  const lexer = openLexer(source, start, end, "part");
  let text = "";
  /** What was written last: an operand, an opening parenthesis, a unary or a binary operator. */
  let last: "none" | "operand" | "open" | "unary" | "binary" = "none";
  let wantsName = false;
  while (nextToken(lexer) !== TOKEN.end) {
    const { kind } = lexer;
    if (
      kind === TOKEN.number ||
      kind === TOKEN.character ||
      kind === TOKEN.string ||
      kind === TOKEN.word ||
      kind >= 128
    ) {
      const word = wordText(source, lexer.start, lexer.stop);
      if (last === "operand") text += " ";
      if (wantsName) {
        text += `(${word})`;
        wantsName = false;
      } else text += word;
      if (word === "defined" && kind === TOKEN.word) {
        const next = source.codes[skipSpaces(source, lexer.stop, end)];
        wantsName = next !== 40;
      }
      last = wantsName ? "open" : "operand";
      continue;
    }
    const letter = String.fromCharCode(kind);
    if (letter === "(") {
      text += letter;
      last = "open";
    } else if (letter === ")") {
      text += letter;
      last = "operand";
    } else {
      const next = lexer.offset < end ? String.fromCharCode(source.codes[lexer.offset]!) : "";
      const pair = letter + next;
      if (PAIRS.has(pair)) {
        lexer.offset++;
        text += ` ${pair} `;
        last = "binary";
      } else if (letter === "," || letter === ":" || letter === "?") {
        text += letter === "," ? ", " : ` ${letter} `;
        last = "binary";
      } else if (last === "operand") {
        text += ` ${letter} `;
        last = "binary";
      } else {
        text += letter;
        last = "unary";
      }
    }
    if (text.length > LONGEST_TEXT) return text.slice(0, LONGEST_TEXT);
  }
  return text.trim();
}

/** A condition longer than this says nothing to a reader and only costs memory. */
const LONGEST_TEXT = 1000;

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
  const text = expressionText(source, from, end);
  if (text === "0" || NEVER_IN_C.some((name) => text === `defined(${name})`)) return "never";
  if (text === "1" || NEVER_IN_C.some((name) => text === `!defined(${name})`)) return "always";
  return "unknown";
}

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
