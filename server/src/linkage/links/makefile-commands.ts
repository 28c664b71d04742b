/**
 * What one run of make over a plain Makefile would do: the commands of the recipes of all targets that it names, and of what they
 * need, with the words that are there in some configurations alone. It runs nothing.
 */

import { type CommandInput, parseToolCommands, type ToolCommand } from "../../syntax/command/tool-command.ts";
import { runMakefile } from "../../syntax/kbuild/evaluate.ts";
import { expandReferences, mayBeNamed } from "../../syntax/kbuild/expand.ts";
import { type Guard, UNGUARDED } from "../../syntax/kbuild/guard.ts";
import {
  fixedVariable,
  type Make,
  type MakeHost,
  type MakeVariable,
  newMake,
  UNDECIDED,
} from "../../syntax/kbuild/make.ts";
import {
  BUILT_IN_RULES,
  BUILT_IN_VARIABLES,
  type MakeRules,
  makeRules,
  type TargetRule,
} from "../../syntax/kbuild/make-rules.ts";
import type { MakeAssignment, Makefile, MakeStatement } from "../../syntax/kbuild/makefile.ts";
import {
  isUnknownText,
  joinedPieces,
  literal,
  MARK,
  mergeSame,
  type ValueWord,
  wordsOf,
} from "../../syntax/kbuild/value.ts";
import { type BuildCommand, buildPath } from "./build-commands.ts";
import type { OpenReason } from "./link.ts";
import { NOTHING_KNOWN, rulesWithoutName, type UnreadLine, unreadCommandsOf } from "./makefile-unread.ts";

/** A command of a recipe, and the target that it is for. */
export interface RecipeCommand extends BuildCommand {
  readonly target: string;
}

export interface MakefileRun {
  readonly commands: readonly RecipeCommand[];
  /** Variables that who calls make may set. */
  readonly openVariables: ReadonlySet<string>;
  /** Why more may be made, or otherwise, than the commands say. */
  readonly reasons: readonly OpenReason[];
  /**
   * How many rules, variables of targets and search paths the Makefiles have, in all branches that may be taken. Of two rules for a
   * target one makes it, so that a branch that adds one may show in no command.
   */
  readonly statementCount: number;
}

/** More targets than these are not followed. */
const MOST_TARGETS = 20_000;

/**
 * @param folder where make runs, "" for the root
 * @param set variables that the call sets, which no Makefile changes
 * @param parsed Makefiles by path, parsed once for all runs in the folder
 */
export function runPlainMakefile(
  path: string,
  folder: string,
  host: MakeHost,
  set: ReadonlyMap<string, MakeVariable>,
  parsed: Map<string, Makefile> = new Map(),
): MakefileRun {
  const inherited = Object.entries(BUILT_IN_VARIABLES).map(([name, text]): [string, MakeVariable] => [
    name,
    fixedVariable(text),
  ]);
  const make = newMake({
    host,
    configuration: undefined,
    possible: undefined,
    inherited: new Map([...inherited, ...set]),
    undefinedIsEmpty: true,
    readsFlags: true,
    parsed,
    fixed: new Set(set.keys()),
    plain: { openVariables: new Set(), openNames: [], undecided: 0, own: [], searchPaths: [] },
  });
  runMakefile(make, path);
  const reasons = missingParts(make, folder);
  for (const name of Object.keys(BUILT_IN_VARIABLES))
    if (!make.variables.has(name)) make.plain?.openVariables.add(name);
  make.evaluate?.(BUILT_IN_RULES);
  const rules = makeRules(make);
  const commands: RecipeCommand[] = [];
  const done = new Set<string>();
  const waiting = rules.targets.slice().reverse();
  while (waiting.length > 0 && done.size < MOST_TARGETS && make.budget > 0) {
    const target = waiting.pop()!;
    if (done.has(target)) continue;
    done.add(target);
    const rule = rules.ruleOf(target);
    if (rule === undefined) continue;
    const made = commandsOf(make, rule, folder, host);
    commands.push(...made);
    for (const { text } of [...rule.prerequisites].reverse()) if (!isUnknownText(text)) waiting.push(text);
    waiting.push(...objectsNamed(made, folder, rules));
  }
  for (const rule of rulesWithoutName(make)) {
    // What it compiles is found by the names of objects, which it has none of.
    commands.push(...commandsOf(make, rule, folder, host).filter(({ command }) => command.kind !== "compile"));
  }
  if (waiting.length > 0) reasons.push({ kind: "choice", text: `${path} is too large to be followed` });
  const { own = [], searchPaths = [] } = make.plain ?? {};
  const statementCount = make.rules.length + own.length + searchPaths.length;
  return { commands, openVariables: openVariablesOf(make), reasons, statementCount };
}

/** Variables that nobody but who calls make gives a value: none of those that the Makefile assigns itself, in any of its branches. */
function openVariablesOf({ plain, parsed, read }: Make): ReadonlySet<string> {
  const names: string[] = [];
  for (const path of new Set(read)) {
    const { text, statements } = parsed.get(path)!;
    for (const { name, operator } of assignmentsIn(statements)) {
      if (operator !== "?=")
        names.push(text.slice(name.start, name.end).replaceAll(/\$(?:\([^)]*\)|\{[^}]*\})/g, MARK));
    }
  }
  const exact = new Set(names);
  const open = names.filter(isUnknownText);
  const isOwn = (name: string) => exact.has(name) || open.some((one) => mayBeNamed(one, name));
  return new Set([...(plain?.openVariables ?? [])].filter((name) => !isOwn(name)));
}

function* assignmentsIn(statements: readonly MakeStatement[]): Generator<MakeAssignment> {
  for (const statement of statements) {
    if (statement.kind === "assignment") yield statement;
    else if (statement.kind === "conditional") for (const { body } of statement.branches) yield* assignmentsIn(body);
  }
}

/** Objects that commands name without that their rules need them. */
function objectsNamed(commands: readonly RecipeCommand[], folder: string, rules: MakeRules): string[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  return commands.flatMap(({ command }) => {
    return linkedBy(command)
      .filter(({ kind, path }) => (kind === "object" || kind === "archive") && rules.ruleOf(path) !== undefined)
      .map(({ path }) => buildPath(path, "", prefix === "" ? "" : `/${folder}`));
  });
}

/** Files that are to be included and that are not there may say anything; those of dependencies (.d) name none but headers. */
function missingParts(make: Make, folder: string): OpenReason[] {
  return make.gaps.flatMap(({ kind, path, offset, length }): OpenReason[] => {
    if (kind !== "not included") return [];
    const text = make.parsed.get(path)?.text.slice(offset, offset + length) ?? "";
    if (/\.(?:d|dep|depend)s?\b|\bdep(?:s|end\w*)?\b|DEP/i.test(text)) return [];
    const at = placeOf(path, folder);
    return [{ kind: "choice", text: `${at} includes ${text}, which is not there`, place: { path: at, offset } }];
  });
}

function placeOf(path: string, folder: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

function commandsOf(make: Make, rule: TargetRule, folder: string, host: MakeHost): RecipeCommand[] {
  const place = { path: placeOf(rule.path, folder), offset: rule.offset };
  if (rule.recipe.length === 0) return impliedLink(rule, folder, place);
  return make.variables.inScope(() => commandsOfRecipe(make, rule, folder, host, place));
}

function commandsOfRecipe(
  make: Make,
  rule: TargetRule,
  folder: string,
  host: MakeHost,
  place: NonNullable<OpenReason["place"]>,
): RecipeCommand[] {
  setAutomatic(make, rule);
  for (const { targets, assignment } of make.plain?.own ?? []) {
    if (targets.some(({ text }) => text === rule.target)) make.evaluate?.(assignment);
  }
  const found: RecipeCommand[] = [];
  const unread: UnreadLine[] = [];
  for (const line of rule.recipe) {
    if (line.guard.kind === "never") continue;
    const pieces = expandReferences(make, line.text, line.span, undefined).map((piece) =>
      piece.text.includes("\n") ? { ...piece, text: piece.text.replaceAll("\n", " ; "), offset: -1 } : piece,
    );
    const words = wordsOf(pieces).filter(({ guard }) => guard.kind !== "never");
    const reasons = [line.guard, rule.guard]
      .filter(({ kind }) => kind !== "always")
      .map((guard) => reasonOf(guard, rule.target, place));
    const text = words.map((word) => (isDoubtfulFlag(word) ? "" : word.text)).join(" ");
    if (words.length === 0) unread.push({ command: NOTHING_KNOWN, folder, line });
    const made: (BuildCommand & { readonly target: string })[] = [];
    for (const { command, folder: inner } of parseToolCommands(text, (path) => host.readText(path))) {
      const at = inner === "" ? folder : inner.startsWith("/") ? inner : placeOf(inner, folder);
      if (command.kind === "unread") unread.push({ command, folder: at, line });
      else made.push({ command, folder: at, place, target: rule.target });
    }
    found.push(...withChoices(made, words, rule, folder, reasons));
  }
  return [...found, ...unreadCommandsOf(unread, { make, rule, folder, place, isRead: found.length > 0 })];
}

/** A rule without a recipe, as in a sketch: it says what is linked. A target of a path with another ending is none of that kind. */
function impliedLink(rule: TargetRule, folder: string, place: OpenReason["place"]): RecipeCommand[] {
  const objects = rule.prerequisites.filter(({ text }) => /\.o$/.test(text));
  if (objects.length === 0 || !/(?:^|\/)[\w-]+(?:\.(?:elf|out|exe))?$/.test(rule.target) || place === undefined)
    return [];
  const text = `cc -o ${rule.target} ${objects.map((word) => word.text).join(" ")}`;
  const reason: OpenReason = { kind: "choice", text: `${place.path} does not say how ${rule.target} is linked`, place };
  const made = parseToolCommands(text).map(({ command }) => {
    return { command, folder, place, target: rule.target, isImplied: true };
  });
  return withChoices(made, objects, rule, folder, [reason]);
}

/** Words that decide nothing for sure, where it is not sure that they are there: without -nostdlib a C library is linked. */
function isDoubtfulFlag({ text, guard }: ValueWord): boolean {
  return guard.kind !== "always" && /^-(?:no\w+|static)$/.test(text);
}

/** Flags of compilers, which decide nothing about what is linked. */
const PLAIN_FLAG = /^-(?:[fmgODUIW](?!l,)|std=|no-?pie|pipe|pedantic|no\w+$|static$)/;

/**
 * Adds to a line's commands which of their words are there in some configurations alone. What a choice links is known where each of
 * its words names a file; another word that is chosen is a reason why it is not.
 */
function withChoices(
  made: readonly (BuildCommand & { readonly target: string })[],
  words: readonly ValueWord[],
  rule: TargetRule,
  folder: string,
  reasons: readonly OpenReason[],
): RecipeCommand[] {
  const chosen = mergeSame(words).filter(({ text, guard }) => guard.kind !== "always" && !PLAIN_FLAG.test(text));
  if (chosen.length === 0) return made.map((one) => ({ ...one, reasons }));
  const files = new Set(made.flatMap((one) => filesOf(one.command).map(({ path }) => buildPath(path, one.folder, ""))));
  const conditional = new Set<string>();
  const doubts = [...reasons];
  for (const word of chosen) {
    const path = buildPath(word.text, folder, "");
    if (files.has(path)) conditional.add(path);
    else {
      const { origin } = word;
      const at =
        origin === undefined
          ? made[0]?.place
          : { path: placeOf(origin.path, folder), offset: origin.assignment.line.start };
      if (at !== undefined) doubts.push(reasonOf(word.guard, rule.target, at));
    }
  }
  return made.map((one) => ({ ...one, conditional, reasons: doubts }));
}

const FILES: ReadonlySet<CommandInput["kind"]> = new Set(["object", "source", "archive", "unknown"]);

/** What a command links or archives that is a file; one whose name is not known opens the link by itself. */
function filesOf(command: ToolCommand): CommandInput[] {
  return linkedBy(command).filter(({ kind }) => FILES.has(kind));
}

/** What a command links or archives, in its order. */
export function linkedBy(command: ToolCommand): readonly CommandInput[] {
  return command.kind === "link" ? command.inputs : command.kind === "archive" ? command.members : [];
}

function reasonOf(guard: Guard, target: string, place: NonNullable<OpenReason["place"]>): OpenReason {
  const names = [...symbolsOf(guard)].sort();
  const text =
    names.length > 0
      ? `${place.path} chooses by ${names.map((name) => `$(${name})`).join(" and ")} what is linked into ${target}`
      : `${place.path} chooses what is linked into ${target} by what is not known before it runs`;
  return { kind: "choice", text, place };
}

function* symbolsOf(guard: Guard): Generator<string> {
  if (guard.kind === "symbol" && !guard.symbol.startsWith(UNDECIDED)) yield guard.symbol;
  else if (guard.kind === "not") yield* symbolsOf(guard.part);
  else if (guard.kind === "all" || guard.kind === "any") for (const part of guard.parts) yield* symbolsOf(part);
}

/** "Automatic Variables" of the manual. */
function setAutomatic(make: Make, rule: TargetRule): void {
  const target: ValueWord = { text: rule.target, guard: UNGUARDED, origin: undefined, offset: -1 };
  const first = rule.prerequisites.slice(0, 1);
  const bar = rule.prerequisites.findIndex(({ text }) => text === "|");
  const all = bar < 0 ? rule.prerequisites : rule.prerequisites.slice(0, bar);
  const unique = mergeSame(all);
  const set = (name: string, words: readonly ValueWord[]) => {
    const folders = words.map((word) => ({ ...word, text: /^(.*)\//.exec(word.text)?.[1] ?? "." }));
    const names = words.map((word) => ({ ...word, text: word.text.slice(word.text.lastIndexOf("/") + 1) }));
    for (const [key, value] of [[name, words] as const, [`${name}D`, folders] as const, [`${name}F`, names] as const]) {
      make.variables.set(key, {
        isRecursive: false,
        parts: [{ pieces: joinedPieces(value), raw: undefined, guard: UNGUARDED }],
      });
    }
  };
  set("@", [target]);
  set("<", first);
  set("^", unique);
  set("?", unique);
  set("+", all);
  const stem = rule.stem === "" ? rule.target.replace(/\.\w+$/, "") : rule.stem;
  set("*", [{ ...literal(stem) }]);
}
