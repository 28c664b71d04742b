/**
 * Evaluates Makefiles as far as Kbuild's need it, with configuration symbols left open unless a configuration is given: every
 * word of every variable comes with the guard under which it is there. What can't be known without running anything
 * (`$(shell …)`, compiler tests) is unknown, and so is what hangs on it. It reads files through the function it is given.
 */

import { callFunction, isFunction } from "./functions.ts";
import {
  ALWAYS,
  anyGuard,
  bothGuard,
  type ConfigurationValue,
  classOfValue,
  type Guard,
  NEVER,
  notGuard,
  symbolGuard,
  UNKNOWN,
  VALUE_M,
  VALUE_N,
  VALUE_OTHER,
  VALUE_Y,
} from "./guard.ts";
import {
  type Assignment,
  type AssignmentOperator,
  continuationAt,
  type Makefile,
  parseMakefile,
  type RawText,
  type Statement,
} from "./makefile.ts";
import {
  equalGuard,
  guardPieces,
  isUnknownText,
  literal,
  MARK,
  mapWords,
  matchPattern,
  type Origin,
  OTHER_MARK,
  type Piece,
  piecesOf,
  presentGuard,
  UNKNOWN_PIECES,
  type Word,
  wordsOf,
} from "./value.ts";

/** A part of a variable: expanded when it was assigned, or to be expanded whenever the variable is used. */
interface Part {
  readonly pieces: readonly Piece[] | undefined;
  readonly raw: { readonly text: string; readonly span: RawText; readonly origin: Origin | undefined } | undefined;
  readonly guard: Guard;
}

export interface Variable {
  readonly isRecursive: boolean;
  readonly parts: readonly Part[];
}

/** What evaluation asks of the outside. Synchronous; paths are relative to the tree's root. */
export interface MakeHost {
  /** The text of a file, or undefined where there is none. */
  readText(path: string): string | undefined;
  hasFile(path: string): boolean;
}

export interface EvaluatedRule {
  readonly targets: readonly Word[];
  /** Of a static pattern rule. */
  readonly pattern: readonly Word[] | undefined;
  readonly prerequisites: readonly Word[];
  readonly guard: Guard;
  readonly recipe: EvaluatedRecipeLine[];
}

/** A line of a recipe, to be expanded when the rule's target is wanted. */
export interface EvaluatedRecipeLine {
  readonly text: string;
  readonly span: RawText;
  readonly guard: Guard;
}

/** One run of make over one Makefile and what it includes. */
export interface Make {
  readonly host: MakeHost;
  /** undefined leaves all configuration symbols open. */
  readonly configuration: ConfigurationValue | undefined;
  /** The classes of values that a configuration symbol can have, as a mask. */
  readonly possible: ((symbol: string) => number) | undefined;
  readonly variables: Map<string, Variable>;
  /** Variables from the environment, such as what the top Makefile exports. */
  readonly inherited: ReadonlyMap<string, Variable>;
  /** What a variable is that nobody has assigned: empty, where all that could have assigned it was read. */
  readonly undefinedIsEmpty: boolean;
  readonly exported: Set<string>;
  /** Variables that stay as they are, whatever a Makefile assigns. */
  readonly fixed: ReadonlySet<string>;
  readonly rules: EvaluatedRule[];
  /** Makefiles by path, parsed once for all runs. */
  readonly parsed: Map<string, Makefile>;
  /** Paths of what was read. */
  readonly read: string[];
  /** How many pieces may still be made. */
  budget: number;
  depth: number;
}

/** How many pieces one run may make; the top Makefile makes some thousands. */
const PIECE_BUDGET = 500_000;
const DEEPEST_EXPANSION = 40;
const DEEPEST_INCLUDE = 20;

export function newMake(
  options: Pick<Make, "host" | "configuration" | "possible" | "inherited" | "undefinedIsEmpty" | "parsed" | "fixed">,
): Make {
  return {
    ...options,
    variables: new Map(),
    exported: new Set(),
    rules: [],
    read: [],
    budget: PIECE_BUDGET,
    depth: 0,
  };
}

export function setVariable(make: Make, name: string, text: string): void {
  make.variables.set(name, fixedVariable(text));
}

export function fixedVariable(text: string): Variable {
  return { isRecursive: false, parts: [{ pieces: [literal(text)], raw: undefined, guard: ALWAYS }] };
}

/**
 * Reads a Makefile and carries it out.
 * @returns false where there is no such file
 */
export function runMakefile(make: Make, path: string): boolean {
  return includeFile(make, path, ALWAYS, 0);
}

/** The words of a variable, each with its guard; none where it is not assigned. */
export function variableWords(make: Make, name: string): Word[] {
  return wordsOf(variablePieces(make, name));
}

interface Run {
  readonly make: Make;
  readonly path: string;
  readonly text: string;
  readonly depth: number;
  /** The rule that the next line of a recipe belongs to. */
  rule: EvaluatedRule | undefined;
}

function includeFile(make: Make, path: string, guard: Guard, depth: number): boolean {
  if (depth > DEEPEST_INCLUDE) return false;
  let makefile = make.parsed.get(path);
  if (makefile === undefined) {
    const text = make.host.hasFile(path) ? make.host.readText(path) : undefined;
    if (text === undefined) return false;
    makefile = parseMakefile(text);
    make.parsed.set(path, makefile);
  }
  make.read.push(path);
  runStatements({ make, path, text: makefile.text, depth, rule: undefined }, makefile.statements, guard, false);
  return true;
}

function runStatements(run: Run, statements: readonly Statement[], guard: Guard, isConditional: boolean): void {
  for (const statement of statements) {
    if (run.make.budget <= 0) return;
    switch (statement.kind) {
      case "assignment":
        assign(run, statement, guard, isConditional);
        break;
      case "conditional": {
        let rest = guard;
        for (const branch of statement.branches) {
          const test = branch.test === undefined ? ALWAYS : testGuard(run, branch.test.word, branch.test.text);
          const inner = bothGuard(rest, test);
          if (inner.kind !== "never") runStatements(run, branch.body, inner, true);
          rest = bothGuard(rest, notGuard(test));
          if (rest.kind === "never") break;
        }
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
    if (isUnknownText(path) || isIgnoredInclude(path)) continue;
    includeFile(run.make, path, bothGuard(guard, word.guard), run.depth + 1);
  }
}

/** A path without `.`, `..` and doubled slashes. */
export function normalizePath(path: string): string {
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out[out.length - 1] !== "..") out.pop();
    else out.push(part);
  }
  return out.join("/");
}

function runRule(run: Run, rule: Extract<Statement, { kind: "rule" }>, guard: Guard): EvaluatedRule | undefined {
  const { make, text } = run;
  if (rule.targets.start >= rule.targets.end) return undefined;
  const targets = expandWords(make, text, rule.targets, undefined);
  const prerequisites = expandWords(make, text, rule.prerequisites, undefined);
  const pattern = rule.pattern === undefined ? undefined : expandWords(make, text, rule.pattern, undefined);
  const evaluated: EvaluatedRule = { targets, pattern, prerequisites, guard, recipe: [] };
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
  const left = expandText(make, text, operands[0], undefined);
  const right = expandText(make, text, operands[1], undefined);
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
  const variable = make.variables.get(name) ?? make.inherited.get(name);
  if (variable === undefined) {
    if (isConfigurationName(name)) return configurationGuard(make, name, VALUE_Y | VALUE_M | VALUE_OTHER);
    return make.undefinedIsEmpty || isListName(name) ? NEVER : UNKNOWN;
  }
  return anyGuard(
    variable.parts.map((part) => {
      if (part.raw !== undefined) return part.raw.span.start < part.raw.span.end ? part.guard : NEVER;
      return bothGuard(part.guard, presentGuard(part.pieces ?? []));
    }),
  );
}

function isConfigurationName(name: string): boolean {
  return name.startsWith("CONFIG_");
}

function configurationGuard(make: Make, name: string, mask: number): Guard {
  if (make.configuration === undefined) {
    const possible = make.possible?.(name) ?? 15;
    return (possible & mask) === 0 ? NEVER : symbolGuard(name, mask & possible);
  }
  return (classOfValue(make.configuration(name)) & mask) !== 0 ? ALWAYS : NEVER;
}

/** Variables that collect what is built belong to the file that uses them: nobody else assigns them. */
function isListName(name: string): boolean {
  return /-(?:y|m|n|objs)?$/.test(name) || /^[a-z][a-z_0-9]*$/.test(name);
}

/** Compilers' and linkers' flags are long, hang on compilers' answers, and decide nothing about what is built. */
function isFlagsName(name: string): boolean {
  return /flags|FLAGS|^(?:KASAN|KCSAN|KMSAN|UBSAN|KCOV|GCOV|OBJECT_FILES_NON_STANDARD|CFL$|KBUILD_.*FLAGS)/.test(name);
}

function assign(run: Run, statement: Assignment, guard: Guard, isConditional: boolean): void {
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
  const before = make.variables.get(name) ?? make.inherited.get(name);
  if (isFlagsName(name)) {
    if (before === undefined) make.variables.set(name, { isRecursive: false, parts: [unknownPart] });
    return;
  }
  const expandsNow = operator === ":=" || operator === "!=" || (operator === "+=" && before?.isRecursive === false);
  const part: Part = expandsNow
    ? {
        pieces: operator === "!=" ? UNKNOWN_PIECES : expandText(make, raw.text, raw.span, raw.origin),
        raw: undefined,
        guard,
      }
    : { pieces: undefined, raw, guard };
  if (operator === "+=") {
    const parts = before === undefined ? [part] : [...before.parts, spacePart, part];
    make.variables.set(name, { isRecursive: before?.isRecursive ?? true, parts });
    return;
  }
  if (operator === "?=") {
    const unset = before === undefined ? ALWAYS : notGuard(anyGuard(before.parts.map((one) => one.guard)));
    const both = bothGuard(guard, unset);
    if (both.kind === "never") return;
    make.variables.set(name, { isRecursive: true, parts: [...(before?.parts ?? []), { ...part, guard: both }] });
    return;
  }
  const kept = guard.kind === "always" || before === undefined ? [] : restrict(before.parts, notGuard(guard));
  make.variables.set(name, { isRecursive: operator === "=", parts: [...kept, part] });
}

const spacePart: Part = { pieces: [literal(" ")], raw: undefined, guard: ALWAYS };
const unknownPart: Part = { pieces: UNKNOWN_PIECES, raw: undefined, guard: ALWAYS };

function restrict(parts: readonly Part[], guard: Guard): Part[] {
  const out: Part[] = [];
  for (const part of parts) {
    const both = bothGuard(part.guard, guard);
    if (both.kind !== "never") out.push({ pieces: part.pieces, raw: part.raw, guard: both });
  }
  return out;
}

/** The value of a variable. Configuration symbols are open unless the run has a configuration. */
export function variablePieces(make: Make, name: string): readonly Piece[] {
  const variable = make.variables.get(name) ?? make.inherited.get(name);
  if (variable === undefined) {
    if (isConfigurationName(name)) return configurationPieces(make, name);
    return make.undefinedIsEmpty || isListName(name) ? [] : UNKNOWN_PIECES;
  }
  if (make.depth >= DEEPEST_EXPANSION) return UNKNOWN_PIECES;
  make.depth++;
  const out: Piece[] = [];
  for (const { pieces, raw, guard } of variable.parts) {
    if (make.budget <= 0) break;
    const expanded = pieces ?? (raw === undefined ? [] : expandText(make, raw.text, raw.span, raw.origin));
    for (const piece of guardPieces(expanded, guard)) out.push(piece);
    make.budget -= expanded.length + 1;
  }
  make.depth--;
  return out;
}

function configurationPieces(make: Make, name: string): readonly Piece[] {
  if (make.configuration !== undefined) {
    const value = make.configuration(name);
    return classOfValue(value) === VALUE_N ? [] : [literal(value!)];
  }
  const possible = make.possible?.(name) ?? 15;
  const pieces: Piece[] = [];
  for (const [value, text] of VALUE_TEXTS) {
    if ((possible & value) !== 0) pieces.push({ text, guard: symbolGuard(name, value), origin: undefined, offset: -1 });
  }
  return pieces;
}

const VALUE_TEXTS: readonly (readonly [number, string])[] = [
  [VALUE_Y, "y"],
  [VALUE_M, "m"],
  [VALUE_OTHER, OTHER_MARK],
];

/** A variable's name on the left side, in which a configuration symbol is y, m or empty. */
function expandName(make: Make, text: string, span: RawText): Piece[] {
  return expandText(make, text, span, undefined).filter((piece) => piece.text !== OTHER_MARK);
}

export function expandWords(make: Make, text: string, span: RawText, origin: Origin | undefined): Word[] {
  return wordsOf(expandText(make, text, span, origin));
}

/** Expands `$(…)` in a stretch of a file. */
export function expandText(make: Make, text: string, span: RawText, origin: Origin | undefined): Piece[] {
  const out: Piece[] = [];
  let from = span.start;
  let i = span.start;
  const flush = (to: number) => {
    if (to > from) out.push({ text: text.slice(from, to), guard: ALWAYS, origin, offset: from });
  };
  while (i < span.end) {
    const code = text.charCodeAt(i);
    if (code === 92) {
      const skipped = continuationAt(text, i);
      if (skipped > 0) {
        flush(i);
        out.push({ text: " ", guard: ALWAYS, origin, offset: -1 });
        i += skipped;
        from = i;
        continue;
      }
    }
    if (code !== 36 || i + 1 >= span.end) {
      i++;
      continue;
    }
    flush(i);
    i = expandReference(make, text, i, span.end, origin, out);
    from = i;
  }
  flush(span.end);
  make.budget -= out.length;
  return out;
}

/** One `$…`; gives the offset behind it. */
function expandReference(
  make: Make,
  text: string,
  dollar: number,
  end: number,
  origin: Origin | undefined,
  out: Piece[],
): number {
  const next = text[dollar + 1]!;
  if (next === "$") {
    out.push(literal("$"));
    return dollar + 2;
  }
  if (next !== "(" && next !== "{") {
    out.push(...variablePieces(make, next));
    return dollar + 2;
  }
  const close = closingBracket(text, dollar + 1, end);
  if (close < 0) {
    out.push(...UNKNOWN_PIECES);
    return end;
  }
  if (make.depth >= DEEPEST_EXPANSION || make.budget <= 0) {
    out.push(...UNKNOWN_PIECES);
    return close + 1;
  }
  make.depth++;
  const inner = { start: dollar + 2, end: close };
  const word = /^[a-z-]+(?=[\s\\])/.exec(text.slice(inner.start, Math.min(close, inner.start + 16)))?.[0];
  if (word !== undefined && isFunction(word)) {
    out.push(...callFunction(make, word, text, { start: inner.start + word.length, end: close }, origin));
  } else {
    out.push(...expandVariable(make, text, inner));
  }
  make.depth--;
  return close + 1;
}

/** The bracket that closes the one at the offset, or -1. */
function closingBracket(text: string, open: number, end: number): number {
  const opening = text.charCodeAt(open);
  const closing = opening === 40 ? 41 : 125;
  let depth = 0;
  for (let i = open; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === opening) depth++;
    else if (code === closing && --depth === 0) return i;
  }
  return -1;
}

/** `$(name)` and `$(name:from=to)`; the name may hold references itself. */
function expandVariable(make: Make, text: string, span: RawText): readonly Piece[] {
  const name = text.slice(span.start, span.end);
  if (!/[$:]/.test(name)) return variablePieces(make, name.trim());
  const colon = nameColon(text, span);
  const names = wordsOf(expandText(make, text, { start: span.start, end: colon }, undefined));
  const out: Piece[] = [];
  for (const word of names) {
    const pieces = isUnknownText(word.text) ? UNKNOWN_PIECES : variablePieces(make, word.text);
    out.push(...guardPieces(pieces, word.guard));
  }
  if (colon >= span.end) return out;
  const equals = text.indexOf("=", colon);
  if (equals < 0 || equals >= span.end) return UNKNOWN_PIECES;
  const from = onlyText(expandText(make, text, { start: colon + 1, end: equals }, undefined));
  const to = onlyText(expandText(make, text, { start: equals + 1, end: span.end }, undefined));
  if (from === undefined || to === undefined) return UNKNOWN_PIECES;
  const hasPercent = from.includes("%");
  return substitutePattern(wordsOf(out), hasPercent ? from : `%${from}`, hasPercent ? to : `%${to}`);
}

function nameColon(text: string, span: RawText): number {
  let depth = 0;
  for (let i = span.start; i < span.end; i++) {
    const code = text.charCodeAt(i);
    if (code === 40 || code === 123) depth++;
    else if (code === 41 || code === 125) depth--;
    else if (code === 58 && depth === 0) return i;
  }
  return span.end;
}

/** The text of a value that has no guards; undefined for others. */
export function onlyText(pieces: readonly Piece[]): string | undefined {
  let text = "";
  for (const piece of pieces) {
    if (piece.guard.kind !== "always" || isUnknownText(piece.text)) return undefined;
    text += piece.text;
  }
  return text;
}

/** `$(patsubst from,to,words)`. */
export function substitutePattern(words: readonly Word[], from: string, to: string): Piece[] {
  return piecesOf(
    mapWords(words, (text) => {
      if (isUnknownText(text)) return MARK;
      const stem = matchPattern(from, text);
      return stem === undefined ? text : to.replace("%", () => stem);
    }),
  );
}
