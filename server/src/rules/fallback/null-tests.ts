/**
 * Judges the uses of a weakly referenced symbol: what a strong declaration with a fallback would change for each of them.
 *
 * Once the declaration is strong, a compiler takes `sym != NULL` for true. So every NULL test must be understood: it only
 * guards against a missing definition, and what happens then, the fallback does as well.
 */

import { type FileUse, isScriptRole, type Program } from "../../linkage/program.ts";
import { describePlace } from "../../linkage/texts.ts";
import type { CUse } from "../../syntax/c/uses.ts";
import type { FileEdit, TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { enclosingCall, isHarmlessArgument } from "./call-context.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { returnsNothing } from "./definition.ts";

/** A call that asserts the symbol's presence and can go as a statement: `BUG_ON(!table)`. */
export interface Assertion {
  readonly path: string;
  readonly call: Span;
}

export type Judgement =
  | { readonly refusal: string }
  | {
      /** What a fallback function returns so that its callers see what they saw before; undefined where no test says. */
      readonly value: string | undefined;
      readonly assertions: readonly Assertion[];
      readonly edits: readonly FileEdit[];
    };

/** Whether a strong definition is linked into every build, or only maybe. */
export type Presence = "always" | "maybe";

/** Judges the uses of an object. */
export function judgeObjectUses(uses: readonly FileUse[], program: Program, presence: Presence): Judgement {
  const assertions: Assertion[] = [];
  for (const { path, use } of uses) {
    const source = program.texts.source(path);
    if (source === undefined) return { refusal: `${path} could not be read` };
    const where = describePlace(program.texts, path, use.start);
    if (use.kind === "null-test") {
      const call = findAssertion(source, use);
      if (call !== undefined && use.inMacro === undefined) assertions.push({ path, call });
      else if (presence === "maybe") {
        return { refusal: `the NULL test at ${where} decides what the program does, and a fallback would change that` };
      }
      continue;
    }
    if (presence === "always" || isHarmless(source, use, program)) continue;
    return { refusal: `its address is passed on at ${where}, where it may be tested or compared` };
  }
  return { value: undefined, assertions, edits: [] };
}

/** Judges the uses of a function. */
export function judgeFunctionTests(
  uses: readonly FileUse[],
  declared: LocatedDeclaration,
  program: Program,
  presence: Presence,
): Judgement {
  const edits = new Map<string, TextEdit[]>();
  const assertions: Assertion[] = [];
  const covered = new Set<string>();
  let value: string | undefined;
  for (const { path, use } of uses) {
    const source = program.texts.source(path);
    if (source === undefined) return { refusal: `${path} could not be read` };
    const where = describePlace(program.texts, path, use.start);
    if (use.kind === "call" || use.kind === "sizeof" || use.kind === "typeof") continue;
    if (use.kind !== "null-test") {
      if (presence === "always") continue;
      return { refusal: `its address is passed on at ${where}, where it may be tested or compared` };
    }
    const call = findAssertion(source, use);
    if (call !== undefined && use.inMacro === undefined) {
      assertions.push({ path, call });
      continue;
    }
    const understood = use.inMacro === undefined ? understandTest(source, use, returnsNothing(declared)) : undefined;
    if (understood === undefined) {
      if (presence === "always") continue;
      return { refusal: `the NULL test at ${where} is not understood` };
    }
    if (understood.value !== undefined) {
      if (value !== undefined && value !== understood.value) {
        return { refusal: `its NULL tests stand for different results: ${value}, and ${understood.value} at ${where}` };
      }
      value = understood.value;
    }
    const key = `${path}:${understood.edits[0]?.start}`;
    if (!covered.has(key)) edits.set(path, [...(edits.get(path) ?? []), ...understood.edits]);
    covered.add(key);
  }
  return { value, assertions, edits: [...edits].map(([path, these]) => ({ path, edits: these })) };
}

/** `BUG_ON(!x)` and its kin around the test, when the test is the whole argument. */
function findAssertion(source: Source, use: CUse): Span | undefined {
  const before = /\b(?:BUG_ON|WARN_ON|WARN_ON_ONCE|VM_BUG_ON|ASSERT|assert)\s*\(\s*(?:!\s*&?\s*|&\s*)?$/.exec(
    source.slice(Math.max(0, use.start - 60), use.start),
  );
  if (before === null) return undefined;
  const after = /^\s*(?:[!=]=\s*NULL\s*)?\)/.exec(source.slice(use.end, use.end + 40));
  if (after === null) return undefined;
  const start = use.start - before[0].length;
  const name = before[0];
  const isNegated = /!\s*&?\s*$/.test(name) || /==/.test(after[0]);
  const wantsPresence = /^(?:ASSERT|assert)/.test(name);
  // An assertion that fails when the symbol is there is no check for presence.
  return isNegated === wantsPresence ? undefined : { start, end: use.end + after[0].length };
}

/** Uses of an object that look at its contents, or that nothing can take for a NULL test. */
function isHarmless(source: Source, use: CUse, program: Program): boolean {
  switch (use.kind) {
    case "read":
    case "write":
    case "index":
    case "sizeof":
    case "typeof":
      return true;
    default:
      break;
  }
  const before = source.slice(Math.max(0, use.start - 80), use.start);
  const after = source.slice(use.end, use.end + 80);
  // Into the object: an element, a member, or an offset from its start.
  if (/^\s*(?:\[|\.|->)/.test(after) && !/&\s*$/.test(before)) return true;
  if (/^\s*\[/.test(after)) return true;
  if (/^\s*\+(?!\+)/.test(after)) return true;
  // The distance from its start. Between two such symbols it would be 0 - 0 today and is something else with fallbacks.
  const minuend = /([A-Za-z_]\w*)\s*(?:\)\s*)?-\s*&?\s*$/.exec(before)?.[1];
  if (minuend !== undefined && (isLocal(minuend, use, source) || !isForeign(minuend, program))) return true;
  const call = enclosingCall(source, use.start);
  return call !== undefined && isHarmlessArgument(call.callee, call.argument, program);
}

/** True for a parameter or variable of the function around the use, as far as its text shows a declaration. */
function isLocal(name: string, use: CUse, source: Source): boolean {
  if (use.function === undefined) return false;
  const text = source.slice(use.function.span.start, use.function.span.end);
  const declared = new RegExp(`\\b(\\w+)(?:\\s+|\\s*\\*\\s*)(?:const\\s+)?${name}\\s*[,;=)]`, "g");
  return [...text.matchAll(declared)].some((match) => !NO_TYPE.has(match[1]!) && !text.includes(`extern ${match[0]}`));
}

const NO_TYPE = new Set(["return", "goto", "case", "else", "sizeof", "typeof", "do"]);

/** True for a name that another file or a linker script may define, whose address is as uncertain as the symbol's own. */
function isForeign(name: string, program: Program): boolean {
  return program.index
    .mentions(name)
    .some(
      ({ fact }) => fact.binding !== "local" && (isScriptRole(fact) || fact.isArray === true || program.isWeak(fact)),
    );
}

interface Understood {
  /** What the program does where the symbol is missing: the value that the fallback must return; undefined: nothing. */
  readonly value: string | undefined;
  readonly edits: readonly TextEdit[];
}

/**
 * Understands a test that guards a call and nothing else:
 *
 *     if (f) f(…);                       the fallback does nothing
 *     if (f) return f(…); return C;      the fallback returns C
 *     if (!f) return C; return f(…);     likewise
 *     f ? f(…) : C                       likewise
 */
function understandTest(source: Source, use: CUse, isVoid: boolean): Understood | undefined {
  const { guard } = use;
  if (guard === undefined) return undefined;
  const name = use.name;
  // Arguments that do something would be evaluated now where they were not before.
  const call = `${name}\\s*\\((?:(?!\\+\\+|--)[^(){};=])*\\)`;
  if (guard.form === "ternary") {
    const chosen = source.slice(guard.then.start, guard.then.end).trim();
    const otherwise = guard.else === undefined ? "" : source.slice(guard.else.start, guard.else.end).trim();
    const [called, constant] = guard.negated ? [otherwise, chosen] : [chosen, otherwise];
    if (!new RegExp(`^${call}$`).test(called) || !isConstant(constant)) return undefined;
    return { value: constant, edits: [{ ...guard.statement, text: called }] };
  }
  if (guard.form !== "if") return undefined;
  const then = source.slice(guard.then.start, guard.then.end).trim();
  const body = /^\{\s*([\s\S]*?)\s*\}$/.exec(then)?.[1] ?? then;
  if (!guard.negated && guard.else === undefined) {
    if (new RegExp(`^${call}\\s*;$`).test(body)) {
      return { value: undefined, edits: [{ ...guard.statement, text: body }] };
    }
    if (new RegExp(`^return\\s+${call}\\s*;$`).test(body)) {
      const next = /^\s*return\s+([^;]+);/.exec(source.slice(guard.statement.end, guard.statement.end + 200));
      const constant = next?.[1]?.trim();
      if (next === null || constant === undefined || !isConstant(constant)) return undefined;
      const end = guard.statement.end + next[0].length;
      return { value: constant, edits: [{ start: guard.statement.start, end, text: body }] };
    }
    return undefined;
  }
  if (guard.negated && guard.else === undefined) {
    const constant = /^return\s*([^;]*);$/.exec(body)?.[1]?.trim();
    if (constant === undefined || (constant !== "" && !isConstant(constant))) return undefined;
    const rest = source.slice(guard.statement.end, guard.statement.end + 500);
    const next = new RegExp(`^\\s*((?:return\\s+)?${call}\\s*;)\\s*(\\})?`).exec(rest);
    if (next === null) return undefined;
    const isReturned = next[1]!.startsWith("return");
    // Behind a bare `return;` the call must be the last thing the function does, or the rest would run now.
    if (isReturned ? constant === "" : !(isVoid && constant === "" && next[2] !== undefined)) return undefined;
    const start = guard.statement.start;
    const end = guard.statement.end + rest.indexOf(next[1]!);
    return { value: constant === "" ? undefined : constant, edits: [{ start, end, text: "" }] };
  }
  return undefined;
}

/** Constants that mean the same in every file: numbers, NULL, truth values and negated error numbers. */
function isConstant(text: string): boolean {
  return /^(?:-?\d+[uUlL]*|0[xX][\da-fA-F]+[uUlL]*|NULL|true|false|-E[A-Z]+\d*)$/.test(text);
}
