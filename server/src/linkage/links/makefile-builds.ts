/**
 * The builds that plain Makefiles describe. A Makefile is carried out as make would without any variable on its command line,
 * and again for each variable that a caller may set, and for all of them: what is linked in some of these runs alone is chosen, and
 * where one of them links what is not known, the link is open.
 */

import type { CommandInput } from "../../syntax/command/tool-command.ts";
import { UNGUARDED } from "../../syntax/kbuild/guard.ts";
import { fixedVariable, type MakeHost, type MakeVariable } from "../../syntax/kbuild/make.ts";
import type { Makefile } from "../../syntax/kbuild/makefile.ts";
import { isUnknownText, MARK, UNKNOWN_PIECES } from "../../syntax/kbuild/value.ts";
import { baseName, folderOf } from "../../text/path.ts";
import { type BuildCommands, buildPath } from "./build-commands.ts";
import type { OpenReason } from "./link.ts";
import { linkedBy, type MakefileRun, type RecipeCommand, runPlainMakefile } from "./makefile-commands.ts";

/** The names that make looks for, in its order (GNU make manual, "What Name to Give Your Makefile"). */
const NAMES = ["GNUmakefile", "makefile", "Makefile"];

/** Makefiles and variables beyond these are not followed. */
const MOST_MAKEFILES = 100;
const MOST_VARIABLES = 40;

/**
 * Variables that name tools, flags and how much is said: that they may be anything opens no link, but a test of them may: each has a
 * value that leaves tests open and commands readable.
 */
function neutralValue(name: string): string | undefined {
  if (/FLAGS|OPTS?$|^(?:LDLIBS|LOADLIBES)$/.test(name)) return `-${MARK}`;
  if (name.includes("CROSS")) return `${MARK}-`;
  if (/^(?:CC|CXX|CPP|LD|AR|AS)$/.test(name)) return `${MARK}/${name === "CXX" ? "c++" : name.toLowerCase()}`;
  if (/^(?:NM|RM|MAKE|OBJCOPY|OBJDUMP|RANLIB|STRIP|SIZE|SHELL)$/.test(name)) return `${MARK}/${name.toLowerCase()}`;
  if (name === "Q") return "@";
  if (/^(?:V|VERBOSE|MAKELEVEL)$/.test(name)) return "7";
  return /^(?:PREFIX|DESTDIR)$/.test(name) ? MARK : undefined;
}

/** Make sets these itself ("Automatic Variables"). */
const AUTOMATIC = /^(?:\d+|[@<^+*?%|][DF]?)$/;

/**
 * What all Makefiles of the tree that make would find do together; undefined where none links anything. In steps of a Makefile that is
 * carried out once, for those who have something else to do in between.
 */
export function* followMakefiles(
  buildFiles: readonly string[],
  host: MakeHost,
): Generator<undefined, BuildCommands | undefined> {
  const byFolder = new Map<string, string>();
  for (const path of buildFiles) {
    const rank = NAMES.indexOf(baseName(path));
    const known = byFolder.get(folderOf(path));
    if (rank >= 0 && (known === undefined || rank < NAMES.indexOf(baseName(known)))) byFolder.set(folderOf(path), path);
  }
  const top = byFolder.get("");
  if (top === undefined) return undefined;
  const lists = [...byFolder.values()].filter((path) => path !== top && isKbuildList(host.readText(path) ?? ""));
  const all = [top, ...[...byFolder.values()].filter((path) => path !== top && !lists.includes(path))];
  const commands: RecipeCommand[] = [];
  for (const path of all.slice(0, MOST_MAKEFILES)) commands.push(...(yield* commandsOf(path, host)));
  if (!commands.some(({ command }) => command.kind === "link")) return undefined;
  const left = all[MOST_MAKEFILES];
  const more = (path: string | undefined, text: string): OpenReason[] =>
    path === undefined ? [] : [{ kind: "choice", text: `${path} ${text}`, place: { path } }];
  const whyMore = [
    ...more(left, "and other Makefiles are not followed: there are too many"),
    ...more(lists[0], "lists programs for a Kbuild that is not followed"),
  ];
  return { folder: "", commands, isConfigured: false, path: top, whyMore };
}

/** Whether a Makefile is no more than lists, which Kbuild's own scripts read (Linux' Documentation/kbuild/makefiles.rst, "Host Program support"). */
function isKbuildList(text: string): boolean {
  return /^[ \t]*(?:hostprogs|hostprogs-y|hostprogs-always-y|always|always-y)[ \t]*[:+]?=/m.test(text);
}

function* commandsOf(path: string, host: MakeHost): Generator<undefined, RecipeCommand[]> {
  const folder = folderOf(path).replace(/\/$/, "");
  const inFolder = (name: string) => buildPath(name === "" ? "." : name, folder, "");
  const there: MakeHost = {
    readText: (name) => host.readText(inFolder(name)),
    hasFile: (name) => host.hasFile(inFolder(name)),
    glob: (pattern) =>
      host.glob?.(inFolder(pattern))?.map((name) => (folder === "" ? name : name.slice(folder.length + 1))),
  };
  const parsed = new Map<string, Makefile>();
  const runWith = (set: ReadonlyMap<string, MakeVariable>) =>
    runPlainMakefile(baseName(path), folder, there, set, parsed);
  const run = (names: readonly string[], variable: MakeVariable) =>
    runWith(new Map(names.map((name) => [name, variable])));
  const base = run([], ANYTHING);
  yield;
  const has = (...kinds: readonly string[]) => base.commands.some(({ command }) => kinds.includes(command.kind));
  if (!has("link", "archive")) return has("unread") ? [...base.commands] : [];
  // Where anything may be linked already, what callers set adds nothing.
  if (base.commands.some(({ command }) => command.kind === "unread" && command.reach === "anything"))
    return [...base.commands];
  const names = openNames(base);
  let together = run(names, ANYTHING);
  // What is asked for where another variable is set is open too.
  for (let more = openNames(together, names); more.length > 0; more = openNames(together, names)) {
    names.push(...more);
    if (names.length > MOST_VARIABLES) break;
    yield;
    together = run(names, ANYTHING);
  }
  const merged: Merged = { commands: [...base.commands], sources: new Map() };
  noteSources(base.commands, merged.sources);
  const chooses = (by: string): Reason => {
    return (target, place) => ({
      kind: "choice",
      text: `${path} chooses by ${by} what is linked into ${target}`,
      place,
    });
  };
  const neutral = neutralValues(base);
  const neutrals = new Map(neutral.map(([name, value]) => [name, fixedVariable(value)]));
  // Mostly none of them decides anything, which one run with all of them shows.
  const isDecided = neutral.length > 0 && isOther(merged, runWith(neutrals));
  for (const [name, value] of isDecided ? neutral : []) {
    yield;
    const other = run([name], fixedVariable(value));
    addRun(merged, other, `$(${name})`, chooses(`$(${name})`));
    addTested(merged, other, other, chooses(`$(${name})`));
  }
  const followed = names.slice(0, MOST_VARIABLES);
  const known: Merged = { commands: [...base.commands], sources: new Map(merged.sources) };
  const hangs = (unknown: MakefileRun) => unknown.statementCount !== base.statementCount || isOther(known, unknown);
  const whole = followed.length === names.length ? together : run(followed, ANYTHING);
  for (const { name, tested } of yield* findDeciding(followed, whole, hangs, run)) {
    yield;
    // Another text, and one of which nothing is known: tests of the variable are open then.
    const other = run([name], fixedVariable(OTHER));
    addRun(merged, other, `$(${name})`, chooses(`$(${name})`));
    addTested(merged, tested, other, chooses(`$(${name})`));
  }
  if (names.length > 1) {
    const all = chooses(names.map((name) => `$(${name})`).join(" and "));
    const other = run(names, fixedVariable(OTHER));
    addRun(merged, other, MARK, all);
    addTested(merged, together, other, all);
  }
  const tooMany: OpenReason[] =
    names.length > MOST_VARIABLES
      ? [{ kind: "choice", text: `${path} hangs on more variables than are followed`, place: { path } }]
      : [];
  return finish(merged, [...base.reasons, ...tooMany]);
}

/**
 * Of some variables those of which anything hangs on the value, each with the run in which nothing is known of it. Where nothing
 * changes with all of them unknown, nothing hangs on any: that one run spares one for each.
 * @param unknown the run in which nothing is known of all of them
 * @param hangs whether such a run says anything that the Makefile does not say by itself
 */
function* findDeciding(
  names: readonly string[],
  unknown: MakefileRun,
  hangs: (unknown: MakefileRun) => boolean,
  run: (names: readonly string[], variable: MakeVariable) => MakefileRun,
): Generator<undefined, readonly { readonly name: string; readonly tested: MakefileRun }[]> {
  const [name] = names;
  if (name === undefined || !hangs(unknown)) return [];
  if (names.length === 1) return [{ name, tested: unknown }];
  const found: { readonly name: string; readonly tested: MakefileRun }[] = [];
  const middle = names.length >>> 1;
  for (const half of [names.slice(0, middle), names.slice(middle)]) {
    yield;
    found.push(...(yield* findDeciding(half, run(half, ANYTHING), hangs, run)));
  }
  return found;
}

/** Variables that decide something and that a caller may set, besides those that are known. */
function openNames({ openVariables }: MakefileRun, known: readonly string[] = []): string[] {
  return [...openVariables].filter(
    (name) => !AUTOMATIC.test(name) && neutralValue(name) === undefined && !known.includes(name),
  );
}

/** Variables that decide what is linked by a test at most, with a value for each. */
function neutralValues({ openVariables }: MakefileRun): readonly (readonly [string, string])[] {
  return [...openVariables].flatMap((name) => {
    const value = AUTOMATIC.test(name) ? undefined : neutralValue(name);
    return value === undefined ? [] : [[name, value] as const];
  });
}

/** A value that no Makefile compares a variable with. */
const OTHER = "any-other-value";

const ANYTHING: MakeVariable = {
  isRecursive: false,
  parts: [{ pieces: UNKNOWN_PIECES, raw: undefined, guard: UNGUARDED }],
};

type Reason = (target: string, place: OpenReason["place"]) => OpenReason;

/** The commands of a run, with what other runs add to them. */
interface Merged {
  readonly commands: RecipeCommand[];
  /** By the object's path. */
  readonly sources: Map<string, string>;
}

/** What another run links otherwise. */
interface Difference {
  /** What it links besides. */
  readonly more: readonly CommandInput[];
  /** What it does not link for sure. */
  readonly doubtful: readonly CommandInput[];
}

/** Whether a run links anything otherwise than what is known, or does not link it. */
function isOther(known: Merged, other: MakefileRun): boolean {
  const merged: Merged = { commands: [...known.commands], sources: new Map(known.sources) };
  const reason: Reason = (target, place) => ({ kind: "choice", text: target, place });
  addRun(merged, other, "", reason);
  addTested(merged, other, other, reason);
  const made = new Set(other.commands.map(({ target, command }) => `${command.kind} ${target}`));
  return (
    merged.commands.some((command, at) => command !== known.commands[at]) ||
    known.commands.some(({ target, command }) => command.kind !== "unread" && !made.has(`${command.kind} ${target}`))
  );
}

/** @param spelled how the text of the other run is said */
function addRun(merged: Merged, other: MakefileRun, spelled: string, reason: Reason): void {
  const { sources } = merged;
  const others = sourcesOf(other);
  compareRuns(merged, other, reason, (mine, theirs) => {
    const before = new Set(linkedBy(mine.command).map((input) => idOf(input, mine, sources)));
    const after = new Set(linkedBy(theirs.command).map((input) => idOf(input, theirs, others)));
    const more = linkedBy(theirs.command).filter((input) => !before.has(idOf(input, theirs, others)));
    return {
      more: more.map((input) =>
        input.path.includes(OTHER) ? { ...input, kind: "unknown", path: input.path.replaceAll(OTHER, spelled) } : input,
      ),
      doubtful: linkedBy(mine.command).filter((input) => !after.has(idOf(input, mine, sources))),
    };
  });
}

/**
 * @param other the run in which nothing is known of some variables
 * @param named the same with a text of theirs, in which words that only have that text in them are told apart from others
 */
function addTested(merged: Merged, other: MakefileRun, named: MakefileRun, reason: Reason): void {
  const written = new Set(named.commands.flatMap(({ command }) => linkedBy(command).map(({ path }) => path)));
  const isWritten = (path: string) => written.has(path.replaceAll(MARK, OTHER));
  const others = sourcesOf(other);
  compareRuns(merged, other, reason, (mine, theirs) => {
    const before = new Set(linkedBy(mine.command).map((input) => idOf(input, mine, merged.sources)));
    const after = linkedBy(theirs.command).map((input) => ({ input, id: idOf(input, theirs, others) }));
    const isThere = ({ id }: { readonly id: string }) => before.has(id);
    const isChosen = ({ input: { path } }: { readonly input: CommandInput }) =>
      theirs.conditional?.has(buildPath(path, theirs.folder, "")) === true &&
      mine.conditional?.has(buildPath(path, mine.folder, "")) !== true;
    const known = after.filter(({ input: { kind, path } }) => kind !== "unknown" && !isUnknownText(path));
    const unknown = after.filter((one) => !known.includes(one) && !isThere(one) && !isWritten(one.input.path));
    // Where a word is not known, it may be one of those that are missing.
    const ids = new Set(after.map(({ id }) => id));
    const missing = linkedBy(mine.command).filter((input) => !ids.has(idOf(input, mine, merged.sources)));
    return {
      more: [...known, ...unknown].filter((one) => !isThere(one)).map(({ input }) => input),
      doubtful: [
        ...known.filter((one) => isThere(one) && isChosen(one)).map(({ input }) => input),
        ...(unknown.length === 0 ? [] : missing),
      ],
    };
  });
}

function compareRuns(
  merged: Merged,
  other: MakefileRun,
  reason: Reason,
  compare: (mine: RecipeCommand, theirs: RecipeCommand) => Difference,
): void {
  const added: RecipeCommand[] = [];
  const used = new Set<number>();
  for (const theirs of other.commands) {
    if (theirs.command.kind === "compile") {
      if (!theirs.target.includes(OTHER)) addCompiling(merged, theirs, added);
      continue;
    }
    const at = matchOf(merged, theirs, used);
    if (at < 0) {
      if (!theirs.target.includes(OTHER)) {
        added.push({ ...theirs, reasons: [...(theirs.reasons ?? []), reason(theirs.target, theirs.place)] });
      }
      continue;
    }
    used.add(at);
    const mine = merged.commands[at]!;
    const difference = compare(mine, theirs);
    merged.commands[at] = withDoubt(mine, theirs, difference, reason);
  }
  merged.commands.push(...added);
  noteSources(added, merged.sources);
}

/** What another run compiles besides, or with link-time optimization. */
function addCompiling(merged: Merged, theirs: RecipeCommand, added: RecipeCommand[]): void {
  const at = merged.commands.findIndex(({ command, target }) => command.kind === "compile" && target === theirs.target);
  if (at < 0) {
    added.push(theirs);
    return;
  }
  const mine = merged.commands[at]!;
  if (mine.command.kind === "compile" && theirs.command.kind === "compile" && theirs.command.isLto) {
    merged.commands[at] = { ...mine, command: { ...mine.command, isLto: true } };
  }
}

function matchOf(merged: Merged, theirs: RecipeCommand, used: ReadonlySet<number>): number {
  const isLike = (one: RecipeCommand, index: number) => one.command.kind === theirs.command.kind && !used.has(index);
  const same = merged.commands.findIndex((one, index) => isLike(one, index) && one.target === theirs.target);
  if (same >= 0) return same;
  return merged.commands.findIndex(
    (one, index) =>
      isLike(one, index) && one.place.path === theirs.place.path && one.place.offset === theirs.place.offset,
  );
}

/** Archives that are doubtful make the links doubtful that they are part of: a link is told by all of its Makefile's. */
function finish(merged: Merged, reasons: readonly OpenReason[]): RecipeCommand[] {
  const ofArchives = merged.commands.flatMap(({ command, reasons: own = [] }) =>
    command.kind === "archive" ? own : [],
  );
  const all = [...reasons, ...ofArchives];
  if (all.length === 0) return merged.commands;
  return merged.commands.map((one) =>
    one.command.kind === "link" ? { ...one, reasons: [...(one.reasons ?? []), ...all] } : one,
  );
}

/** An object by its source where that is known: that a folder of objects has another name chooses nothing. */
function idOf(input: CommandInput, { folder }: RecipeCommand, sources: ReadonlyMap<string, string>): string {
  const path = buildPath(input.path, folder, "");
  if (input.kind === "archive") return baseName(path);
  return sources.get(path) ?? path;
}

function sourcesOf({ commands }: MakefileRun): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  noteSources(commands, sources);
  return sources;
}

function noteSources(commands: readonly RecipeCommand[], sources: Map<string, string>): void {
  for (const { command, folder } of commands) {
    if (command.kind !== "compile" || command.output === undefined || command.sources.length === 0) continue;
    sources.set(buildPath(command.output, folder, ""), buildPath(command.sources[0]!, folder, ""));
  }
}

/** A command with what a run links otherwise; what the run says otherwise besides is a reason why the link is open. */
function withDoubt(
  mine: RecipeCommand,
  theirs: RecipeCommand,
  { more, doubtful }: Difference,
  reason: Reason,
): RecipeCommand {
  const { command } = mine;
  const paths = new Set(linkedBy(command).map(({ path }) => path));
  // The same object may be made of another source.
  const isOpen = more.some(({ kind, path }) => kind === "unknown" || paths.has(path)) || saysOtherwise(mine, theirs);
  const isLto = command.kind === "link" && theirs.command.kind === "link" && theirs.command.isLto && !command.isLto;
  if (!isOpen && !isLto && more.length + doubtful.length === 0) return mine;
  const conditional = new Set(mine.conditional);
  for (const { path } of [...more, ...doubtful]) conditional.add(buildPath(path, mine.folder, ""));
  const reasons = isOpen ? [...(mine.reasons ?? []), reason(mine.target, mine.place)] : mine.reasons;
  const choice = { conditional, ...(reasons === undefined ? {} : { reasons }) };
  const added = more.filter(({ path }) => !paths.has(path));
  if (command.kind === "link") {
    const inputs = [...command.inputs, ...added];
    return { ...mine, ...choice, command: { ...command, inputs, isLto: command.isLto || isLto } };
  }
  if (command.kind === "archive")
    return { ...mine, ...choice, command: { ...command, members: [...command.members, ...added] } };
  return { ...mine, ...choice };
}

/** Whether a run says otherwise how something is linked, or knows less of it. */
function saysOtherwise(mine: RecipeCommand, theirs: RecipeCommand): boolean {
  const known = new Set(mine.reasons?.map(({ text }) => text));
  return optionsOf(mine) !== optionsOf(theirs) || theirs.reasons?.some(({ text }) => !known.has(text)) === true;
}

/** What a link's command says besides its inputs, as one text. */
function optionsOf({ command, folder }: RecipeCommand): string {
  if (command.kind !== "link") return "";
  const { inputs: _inputs, program: _program, output: _output, folders: _folders, map: _map, ...rest } = command;
  const { isLto: _isLto, collectsGarbage: _collects, ...options } = rest;
  return `${folder} ${JSON.stringify(options)}`;
}
