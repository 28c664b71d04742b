/**
 * Judges the uses of a weakly referenced symbol: what a strong declaration with a fallback would change for each of them.
 *
 * Once the declaration is strong, a compiler takes `sym != NULL` for true. So every NULL test must be understood: it only
 * guards against a missing definition, and what happens then, the fallback does as well.
 */

import { describePlace } from "../../linkage/facts/texts.ts";
import { type FileUse, isScriptRole, type Program } from "../../linkage/symbols/program.ts";
import type { CUse } from "../../syntax/c/uses.ts";
import type { FileEdit, TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { enclosingCall, isBusyMacro, isHarmlessArgument, testsAddress } from "./call-context.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { canReturn, returnsNothing } from "./definition.ts";
import { lastCode } from "./remove-statements.ts";

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
      /** A file whose test says so. */
      readonly valuePath: string | undefined;
      readonly assertions: readonly Assertion[];
      readonly edits: readonly FileEdit[];
    };

/** Whether a strong definition is linked into every build, or only maybe. */
export type Presence = "always" | "maybe";

/** Judges the uses of an object. */
export function judgeObjectUses(
  uses: readonly FileUse[],
  declared: LocatedDeclaration,
  program: Program,
  presence: Presence,
): Judgement {
  const dimensions = declared.declarator.bounds.length;
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
    if (presence === "always" || isHarmless(source, use, path, dimensions, program)) continue;
    return { refusal: `its address is passed on at ${where}, where it may be tested or compared` };
  }
  return { value: undefined, valuePath: undefined, assertions, edits: [] };
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
  let valuePath: string | undefined;
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
    const isPlain =
      understood !== undefined &&
      !understood.edits.some((edit) => holdsDirective(source, edit)) &&
      !hidesEvaluation(understood.call, path, use, source, program);
    if (understood === undefined || !isPlain) {
      if (presence === "always") continue;
      return { refusal: `the NULL test at ${where} is not understood` };
    }
    if (understood.value !== undefined && presence === "maybe") {
      if (!canReturn(declared, understood.value)) {
        return {
          refusal: `the NULL test at ${where} stands for ${understood.value}, which a fallback may not be able to return`,
        };
      }
      if (value !== undefined && value !== understood.value) {
        return { refusal: `its NULL tests stand for different results: ${value}, and ${understood.value} at ${where}` };
      }
      value = understood.value;
      valuePath = path;
    }
    const key = `${path}:${understood.edits[0]?.start}`;
    if (!covered.has(key)) edits.set(path, [...(edits.get(path) ?? []), ...understood.edits]);
    covered.add(key);
  }
  return { value, valuePath, assertions, edits: [...edits].map(([path, these]) => ({ path, edits: these })) };
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
function isHarmless(source: Source, use: CUse, path: string, dimensions: number, program: Program): boolean {
  if (use.kind === "sizeof" || use.kind === "typeof") return true;
  const before = source.slice(Math.max(0, use.start - 80), use.start);
  const after = source.slice(use.end, use.end + 200);
  const place = placeWithin(use.kind, after, dimensions);
  if (place !== undefined) return place === "inside" && !isTested(before, after);
  if (use.kind === "read" || use.kind === "write" || use.kind === "index") {
    return !ADDRESS_OF_TARGET.test(before) && !isTestedByMacro(source, use, path, program);
  }
  // The distance from its start. Between two such symbols it would be 0 - 0 today and is something else with fallbacks.
  const minuend = /([A-Za-z_]\w*)\s*(?:\)\s*)?-\s*&?\s*$/.exec(before)?.[1];
  if (minuend !== undefined && (isLocal(minuend, use, source) || !isForeign(minuend, program))) return true;
  const call = enclosingCall(source, use.start);
  return call !== undefined && isHarmlessArgument(call.callee, call.argument, program);
}

/** Whether the name is all of an argument of a macro that takes the argument's address and tests that. */
function isTestedByMacro(source: Source, use: CUse, path: string, program: Program): boolean {
  const isWhole =
    /[(,]\s*\(*\s*$/.test(source.slice(Math.max(0, use.start - 80), use.start)) &&
    /^\s*\)*\s*[,)]/.test(source.slice(use.end, use.end + 80));
  const call = isWhole ? enclosingCall(source, use.start) : undefined;
  return call !== undefined && testsAddress(call.callee, call.argument, path, program);
}

/** `&*table` is the address again. */
const ADDRESS_OF_TARGET = /(?:^|[^&\w\]\s]|\breturn)\s*&\s*\(?\s*\*\s*\(*\s*$/;

/**
 * Where an address that is made of the object's points: to its very start, which is NULL today where the object is missing,
 * or somewhere inside. undefined where the contents are looked at, or the address is made in another way.
 */
function placeWithin(kind: CUse["kind"], after: string, dimensions: number): "start" | "inside" | undefined {
  const offset = /^\s*\)*\s*\+(?!\+)\s*(\(*\s*\w*)/.exec(after)?.[1];
  if (offset !== undefined && kind === "address") return isZero(offset) ? "start" : "inside";
  const indexes = indexesIn(after);
  if (indexes.length === 0 || (kind !== "address" && indexes.length >= dimensions)) return undefined;
  return indexes.every(isZero) ? "start" : "inside";
}

/** What stands in the brackets right behind the name. */
function indexesIn(after: string): string[] {
  const found: string[] = [];
  let rest = after;
  for (let open = /^\s*\[/.exec(rest); open !== null; open = /^\s*\[/.exec(rest)) {
    let depth = 1;
    let at = open[0].length;
    for (; at < rest.length && depth > 0; at++) depth += rest[at] === "[" ? 1 : rest[at] === "]" ? -1 : 0;
    found.push(rest.slice(open[0].length, at - 1));
    rest = rest.slice(at);
  }
  return found;
}

function isZero(text: string): boolean {
  return /^\s*\(*\s*0[xX]?0*[uUlL]*\s*$/.test(text);
}

/** Whether the address is compared or taken for a truth value where it is made: `if (&table[i])`, `!(table + i)`. */
function isTested(before: string, after: string): boolean {
  if (/(?:!|&&|\|\||[!=]=|\b(?:if|while)\s*\()\s*\(*\s*&?\s*\(*\s*$/.test(before)) return true;
  const behind = after.replace(/\[[^\]]*\]/g, " ");
  return /^[\s)]*(?:\+[\s\w.()*]*?)?[\s)]*(?:\?|&&|\|\||[!=]=)/.test(behind);
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

/** Whether a line of the preprocessor's stands in the span: its other branch would be taken away, or left without its #if. */
function holdsDirective(source: Source, { start, end }: Span): boolean {
  return /^[ \t]*#/m.test(source.slice(start, end));
}

/**
 * Whether evaluating the call's arguments where the symbol is missing, which nothing did before, may do more than look: one of
 * them is weak itself and may not be there, or is a macro that does something.
 */
function hidesEvaluation(call: string, path: string, use: CUse, source: Source, program: Program): boolean {
  const words = call.slice(use.name.length).match(/(?<![.\w])[A-Za-z_]\w*/g) ?? [];
  return words.some((word) => {
    if (isLocal(word, use, source)) return false;
    return program.declarationsOf(word).some(({ fact }) => program.isWeak(fact)) || isBusyMacro(word, path, program);
  });
}

interface Understood {
  /** What the program does where the symbol is missing: the value that the fallback must return; undefined: nothing. */
  readonly value: string | undefined;
  readonly edits: readonly TextEdit[];
  /** The call that is left, whose arguments are evaluated in any case from now on. */
  readonly call: string;
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
  // Arguments would be evaluated now where they were not before: they must do nothing, and look at nothing that may not be
  // there. So no call, no assignment, no pointer followed, no division.
  const call = `${name}\\s*\\((?:(?!\\+\\+|--|->)[^(){};=*/%?\\[\\]])*\\)`;
  if (guard.form === "ternary") {
    const chosen = source.slice(guard.then.start, guard.then.end).trim();
    const otherwise = guard.else === undefined ? "" : source.slice(guard.else.start, guard.else.end).trim();
    const [called, constant] = guard.negated ? [otherwise, chosen] : [chosen, otherwise];
    if (!new RegExp(`^${call}$`).test(called) || !isConstant(constant)) return undefined;
    return { value: constant, edits: [{ ...guard.statement, text: called }], call: called };
  }
  if (guard.form !== "if") return undefined;
  // Where statements go or become one, the `if` must not be the branch of another statement, which would take in the next.
  const isOwn = /^[;{}:]$/.test(lastCode(source, guard.statement.start).char);
  const then = source.slice(guard.then.start, guard.then.end).trim();
  const body = /^\{\s*([\s\S]*?)\s*\}$/.exec(then)?.[1] ?? then;
  if (!guard.negated && guard.else === undefined) {
    if (new RegExp(`^${call}\\s*;$`).test(body)) {
      return { value: undefined, edits: [{ ...guard.statement, text: body }], call: body };
    }
    if (isOwn && new RegExp(`^return\\s+${call}\\s*;$`).test(body)) {
      const next = /^\s*return\s+([^;]+);/.exec(source.slice(guard.statement.end, guard.statement.end + 200));
      const constant = next?.[1]?.trim();
      if (next === null || constant === undefined || !isConstant(constant)) return undefined;
      const end = guard.statement.end + next[0].length;
      return {
        value: constant,
        edits: [{ start: guard.statement.start, end, text: body }],
        call: body.replace(/^return\s+/, ""),
      };
    }
    return undefined;
  }
  if (isOwn && guard.negated && guard.else === undefined) {
    const constant = /^return\s*([^;]*);$/.exec(body)?.[1]?.trim();
    if (constant === undefined || (constant !== "" && !isConstant(constant))) return undefined;
    const rest = source.slice(guard.statement.end, guard.statement.end + 500);
    const next = new RegExp(`^\\s*((?:return\\s+)?${call}\\s*;)\\s*(\\})?`).exec(rest);
    if (next === null) return undefined;
    const isReturned = next[1]!.startsWith("return");
    // Behind a bare `return;` the call must be the last thing the function does, or the rest would run now.
    if (isReturned ? constant === "" : !(isVoid && constant === "" && next[2] !== undefined)) return undefined;
    if (!isReturned && use.function?.span.end !== guard.statement.end + next[0].length) return undefined;
    const start = guard.statement.start;
    const end = guard.statement.end + rest.indexOf(next[1]!);
    const called = next[1]!.replace(/^return\s+/, "");
    return { value: constant === "" ? undefined : constant, edits: [{ start, end, text: "" }], call: called };
  }
  return undefined;
}

/**
 * Constants that mean the same in every file: numbers, NULL, truth values and negated error numbers. Not with a suffix: the
 * type of `f ? f() : 0L` is another than that of `f()`.
 */
function isConstant(text: string): boolean {
  return /^(?:-?(?:0|[1-9]\d*)|0[xX][\da-fA-F]+|NULL|true|false|-E[A-Z\d]+)$/.test(text);
}
