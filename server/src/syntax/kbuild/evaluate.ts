/**
 * Evaluates Makefiles as far as Kbuild's need it, with configuration symbols left open unless a configuration is given: every
 * word of every variable comes with the guard under which it is there. What can't be known without running anything
 * (`$(shell …)`, compiler tests) is unknown, and so is what hangs on it. It reads files through the function it is given.
 */

import { existingPaths } from "./existing-paths.ts";
import {
  configurationGuard,
  expandName,
  expandReferences,
  expandWords,
  isConfigurationName,
  isListName,
  onlyText,
} from "./expand.ts";
import {
  anyGuard,
  bothGuard,
  type Guard,
  notGuard,
  symbolGuard,
  UNGUARDED,
  UNKNOWN,
  UNREACHABLE,
  VALUE_M,
  VALUE_OTHER,
  VALUE_Y,
} from "./guard.ts";
import {
  appendedVariable,
  type EvaluatedRule,
  findVariable,
  type Gap,
  type Make,
  type MakeVariable,
  normalizePath,
  type Part,
  undecidedGuard,
} from "./make.ts";
import {
  type AssignmentOperator,
  type Branch,
  type MakeAssignment,
  type MakeStatement,
  parseMakefile,
  type RawText,
} from "./makefile.ts";
import { equalGuard, isUnknownText, literal, type Origin, presentGuard, UNKNOWN_PIECES, wordsOf } from "./value.ts";

/**
 * Reads a Makefile and carries it out.
 * @returns false where there is no such file
 */
export function runMakefile(make: Make, path: string): boolean {
  make.evaluate ??= (text) => evaluateText(make, path, text);
  return includeFile(make, path, UNGUARDED, 0);
}

/** Carries out what an expansion has made: a Makefile's text that stands in no file. */
function evaluateText(make: Make, path: string, text: string): void {
  make.budget -= text.length;
  if (make.budget <= 0) return;
  const makefile = parseMakefile(text);
  runStatements({ make, path, text, depth: 0, rule: undefined, isMade: true }, makefile.statements, UNGUARDED, false);
}

const DEEPEST_INCLUDE = 20;

interface Run {
  readonly make: Make;
  readonly path: string;
  readonly text: string;
  readonly depth: number;
  /** The rule that the next line of a recipe belongs to. */
  rule: EvaluatedRule | undefined;
  /** The text is none of a file's: places in it say nothing. */
  readonly isMade: boolean;
}

function includeFile(make: Make, path: string, guard: Guard, depth: number): boolean {
  // A name that is put together of what is not known may seem to be that of the file itself.
  if (depth > DEEPEST_INCLUDE || make.including.has(path)) return false;
  let makefile = make.parsed.get(path);
  if (makefile === undefined) {
    const text = make.host.hasFile(path) ? make.host.readText(path) : undefined;
    if (text === undefined) return false;
    makefile = parseMakefile(text);
    make.parsed.set(path, makefile);
  }
  make.read.push(path);
  make.including.add(path);
  runStatements(
    { make, path, text: makefile.text, depth, rule: undefined, isMade: false },
    makefile.statements,
    guard,
    false,
  );
  make.including.delete(path);
  return true;
}

function runStatements(run: Run, statements: readonly MakeStatement[], guard: Guard, isConditional: boolean): void {
  for (const statement of statements) {
    if (run.make.budget <= 0) return;
    switch (statement.kind) {
      case "assignment":
        assign(run, statement, guard, isConditional);
        break;
      case "conditional": {
        let rest = guard;
        for (const branch of statement.branches) {
          const asked = rest.kind === "never" ? undefined : branch.test;
          const decided = asked === undefined ? UNGUARDED : testGuard(run, asked.word, asked.text);
          const test = decided.kind === "unknown" ? undecidedGuard(run.make) : decided;
          const inner = bothGuard(rest, test);
          if (inner.kind !== "never") runStatements(run, branch.body, inner, true);
          noteBranch(run, branch, decided, inner);
          rest = bothGuard(rest, notGuard(test));
        }
        break;
      }
      case "expansion": {
        // Its words are a Makefile's in turn, where all of them are known.
        const made = onlyText(expandReferences(run.make, run.text, statement.text, undefined))?.trim();
        if (made !== undefined && made !== "") run.make.evaluate?.(made);
        break;
      }
      case "include":
        runInclude(run, statement.paths, guard);
        break;
      case "define": {
        const { make, text } = run;
        const name = text.slice(statement.name.start, statement.name.end);
        if (name.includes("$")) break;
        store(make, name, statement.operator, { text, span: statement.body, origin: undefined }, guard);
        break;
      }
      case "export":
        for (const word of expandWords(run.make, run.text, statement.names, undefined))
          run.make.exported.add(word.text);
        break;
      case "vpath": {
        const [pattern, ...folders] = expandWords(run.make, run.text, statement.text, undefined);
        if (pattern !== undefined) run.make.plain?.searchPaths.push({ pattern: pattern.text, folders });
        break;
      }
      case "rule":
        run.rule = runRule(run, statement, guard);
        break;
      case "recipe":
        run.rule?.recipe.push({ text: run.text, span: statement.text, guard });
        break;
    }
  }
}

/** `-include`d configuration and the helpers of scripts/ define functions that nothing here can carry out. */
function isIgnoredInclude(path: string): boolean {
  return path.startsWith("scripts/") || path.startsWith("include/config/");
}

function runInclude(run: Run, paths: RawText, guard: Guard): void {
  for (const word of expandWords(run.make, run.text, paths, undefined)) {
    const path = normalizePath(word.text);
    if (run.make.plain === undefined && isIgnoredInclude(path)) continue;
    const found = isUnknownText(path) ? existingPaths(run.make.host, path) : [{ path, guard: UNGUARDED }];
    let isRead = false;
    for (const one of found ?? []) {
      const inner = bothGuard(guard, bothGuard(word.guard, one.guard));
      if (inner.kind !== "never" && includeFile(run.make, one.path, inner, run.depth + 1)) isRead = true;
    }
    if (!isRead) noteGap(run, "not included", paths.start, paths.end - paths.start);
  }
}

function noteGap(run: Run, kind: Gap["kind"], offset: number, length: number): void {
  const { make, path, isMade } = run;
  if (!isMade && make.gaps.length < MOST_GAPS) make.gaps.push({ kind, path, offset, length });
}

/** More are not remembered: the first ones tell where following a Makefile ended. */
const MOST_GAPS = 2000;

function noteBranch(run: Run, branch: Branch, test: Guard, taken: Guard): void {
  const offset = branch.test?.text.start ?? branch.start;
  if (taken.kind === "never") noteGap(run, "branch not taken", offset, branch.end - branch.start);
  else if (test.kind === "unknown") noteGap(run, "undecided test", offset, branch.end - branch.start);
}

function runRule(run: Run, rule: Extract<MakeStatement, { kind: "rule" }>, guard: Guard): EvaluatedRule | undefined {
  const { make, text } = run;
  if (rule.own !== undefined && guard.kind !== "never") {
    const { targets, variable } = rule.own;
    const assignment = text.slice(variable.start, variable.end);
    make.plain?.own.push({ targets: expandWords(make, text, targets, undefined), assignment });
  }
  if (rule.targets.start >= rule.targets.end) return undefined;
  const targets = expandWords(make, text, rule.targets, undefined);
  const prerequisites = expandWords(make, text, rule.prerequisites, undefined);
  const pattern = rule.pattern === undefined ? undefined : expandWords(make, text, rule.pattern, undefined);
  const offset = run.isMade ? undefined : rule.targets.start;
  const evaluated: EvaluatedRule = { targets, pattern, prerequisites, guard, recipe: [], path: run.path, offset };
  make.rules.push(evaluated);
  return evaluated;
}

/** The guard of ifeq, ifneq, ifdef and ifndef. */
function testGuard(run: Run, word: "ifeq" | "ifneq" | "ifdef" | "ifndef", span: RawText): Guard {
  const { make, text } = run;
  if (word === "ifdef" || word === "ifndef") {
    const names = expandWords(make, text, span, undefined);
    const guard = anyGuard(names.map((name) => bothGuard(name.guard, definedGuard(make, name.text))));
    return word === "ifdef" ? guard : notGuard(guard);
  }
  const operands = testOperands(text, span);
  if (operands === undefined) return UNKNOWN;
  const left = expandReferences(make, text, operands[0], undefined);
  const right = expandReferences(make, text, operands[1], undefined);
  const equal = equalGuard(left, right);
  return word === "ifeq" ? equal : notGuard(equal);
}

/** `(a,b)`, `"a" "b"`, `'a' 'b'`. */
function testOperands(text: string, span: RawText): readonly [RawText, RawText] | undefined {
  const open = text[span.start];
  if (open === "(") {
    let depth = 0;
    let comma = -1;
    for (let i = span.start; i < span.end; i++) {
      const code = text.charCodeAt(i);
      if (code === 40 || code === 123) depth++;
      else if ((code === 41 || code === 125) && --depth === 0) {
        if (comma < 0) return undefined;
        return [
          { start: span.start + 1, end: comma },
          { start: comma + 1, end: i },
        ];
      } else if (code === 44 && depth === 1 && comma < 0) comma = i;
    }
    return undefined;
  }
  if (open !== '"' && open !== "'") return undefined;
  const close = text.indexOf(open, span.start + 1);
  let second = close + 1;
  while (second < span.end && /\s/.test(text[second]!)) second++;
  const quote = text[second];
  if (close < 0 || close >= span.end || (quote !== '"' && quote !== "'")) return undefined;
  const last = text.indexOf(quote, second + 1);
  if (last < 0 || last >= span.end) return undefined;
  return [
    { start: span.start + 1, end: close },
    { start: second + 1, end: last },
  ];
}

/** The guard under which a variable has a value that is not empty, as ifdef asks. */
function definedGuard(make: Make, name: string): Guard {
  if (isUnknownText(name)) return UNKNOWN;
  const variable = findVariable(make, name);
  if (variable === undefined) {
    if (isConfigurationName(name)) return configurationGuard(make, name, SET);
    make.plain?.openVariables.add(name);
    return make.undefinedIsEmpty || isListName(name) ? UNREACHABLE : UNKNOWN;
  }
  // Of a variable that a caller sets to what is not known, it is known that both branches exclude each other.
  if (make.plain !== undefined && make.fixed.has(name) && isNotKnown(variable)) return symbolGuard(name, SET);
  return anyGuard(
    variable.parts.map((part) => {
      if (part.raw !== undefined) return part.raw.span.start < part.raw.span.end ? part.guard : UNREACHABLE;
      return bothGuard(part.guard, presentGuard(part.pieces ?? []));
    }),
  );
}

/** The values that a variable has where it is not empty. */
const SET = VALUE_Y | VALUE_M | VALUE_OTHER;

function isNotKnown({ parts }: MakeVariable): boolean {
  return parts.some(({ pieces }) => pieces === UNKNOWN_PIECES);
}

/** Compilers' and linkers' flags are long, hang on compilers' answers, and decide nothing about what is built. */
function isFlagsName(name: string): boolean {
  return /flags|FLAGS|^(?:KASAN|KCSAN|KMSAN|UBSAN|KCOV|GCOV|OBJECT_FILES_NON_STANDARD|CFL$|KBUILD_.*FLAGS)/.test(name);
}

function assign(run: Run, statement: MakeAssignment, guard: Guard, isConditional: boolean): void {
  const { make, path, text } = run;
  const { name, operator } = statement;
  const literalName = text.slice(name.start, name.end);
  const origin: Origin = { path, assignment: statement, isConditional };
  const raw = { text, span: statement.value, origin };
  if (!literalName.includes("$")) {
    if (statement.isExported) make.exported.add(literalName);
    store(make, literalName, operator, raw, guard);
    return;
  }
  for (const word of wordsOf(expandName(make, text, name))) {
    const both = bothGuard(guard, word.guard);
    if (both.kind === "never") continue;
    if (!isUnknownText(word.text)) {
      store(make, word.text, operator, raw, both);
      continue;
    }
    if (make.plain !== undefined) {
      make.plain.openNames.push({ name: word.text, raw, guard: both });
      continue;
    }
    // A list whose suffix is unknown: what it holds may be built in, may be a module, or may not be built.
    const prefix = word.text.slice(0, word.text.search(/[\u0001\u0002]/));
    if (!prefix.endsWith("-")) continue;
    const unknown = bothGuard(both, UNKNOWN);
    store(make, `${prefix}y`, operator, raw, unknown);
    store(make, `${prefix}m`, operator, raw, unknown);
  }
}

/** Assigns under a guard: what the variable was before remains under the guard's opposite. */
function store(
  make: Make,
  name: string,
  operator: AssignmentOperator,
  raw: NonNullable<Part["raw"]>,
  guard: Guard,
): void {
  if (make.fixed.has(name)) return;
  const before = findVariable(make, name);
  if (make.readsFlags !== true && isFlagsName(name)) {
    if (before === undefined) make.variables.set(name, { isRecursive: false, parts: [unknownPart] });
    return;
  }
  const expandsNow = operator === ":=" || operator === "!=" || (operator === "+=" && before?.isRecursive === false);
  const part: Part = expandsNow
    ? {
        pieces: operator === "!=" ? UNKNOWN_PIECES : expandReferences(make, raw.text, raw.span, raw.origin),
        raw: undefined,
        guard,
      }
    : { pieces: undefined, raw, guard };
  if (operator === "+=") {
    const appended =
      before === undefined ? { isRecursive: true, parts: [part] } : appendedVariable(before, [spacePart, part]);
    make.variables.set(name, appended);
    return;
  }
  if (operator === "?=") {
    if (before === undefined) make.plain?.openVariables.add(name);
    const unset = before === undefined ? UNGUARDED : notGuard(anyGuard(before.parts.map((one) => one.guard)));
    const both = bothGuard(guard, unset);
    if (both.kind === "never") return;
    make.variables.set(name, { isRecursive: true, parts: [...(before?.parts ?? []), { ...part, guard: both }] });
    return;
  }
  const kept = guard.kind === "always" || before === undefined ? [] : restrict(before.parts, notGuard(guard));
  make.variables.set(name, { isRecursive: operator === "=", parts: [...kept, part] });
}

const spacePart: Part = { pieces: [literal(" ")], raw: undefined, guard: UNGUARDED };
const unknownPart: Part = { pieces: UNKNOWN_PIECES, raw: undefined, guard: UNGUARDED };

function restrict(parts: readonly Part[], guard: Guard): Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const both = bothGuard(part.guard, guard);
    if (both.kind !== "never") out.push({ pieces: part.pieces, raw: part.raw, guard: both });
  }
  return out;
}
