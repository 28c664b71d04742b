/**
 * The builds that plain Makefiles describe. A Makefile is carried out as make would without any variable on its command line,
 * and once more for each variable that a caller may set: where another object is linked then, the variable chooses.
 */

import type { CommandInput, LinkingCommand } from "../../syntax/command/tool-command.ts";
import { ALWAYS } from "../../syntax/kbuild/guard.ts";
import { fixedVariable, type MakeHost, type Variable } from "../../syntax/kbuild/make.ts";
import { MARK, UNKNOWN_PIECES } from "../../syntax/kbuild/value.ts";
import { baseName, folderOf } from "../../text/path.ts";
import { type BuildCommands, buildPath } from "./build-commands.ts";
import type { OpenReason } from "./link.ts";
import { type MakefileRun, type RecipeCommand, runPlainMakefile } from "./makefile-commands.ts";

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

/** What all Makefiles of the tree that make would find do together; undefined where none links anything. */
export function makefileBuild(buildFiles: readonly string[], host: MakeHost): BuildCommands | undefined {
  const byFolder = new Map<string, string>();
  for (const path of buildFiles) {
    const rank = NAMES.indexOf(baseName(path));
    const known = byFolder.get(folderOf(path));
    if (rank >= 0 && (known === undefined || rank < NAMES.indexOf(baseName(known)))) byFolder.set(folderOf(path), path);
  }
  const top = byFolder.get("");
  if (top === undefined) return undefined;
  const all = [top, ...[...byFolder.values()].filter((path) => path !== top)];
  const commands = all.slice(0, MOST_MAKEFILES).flatMap((path) => commandsOf(path, host));
  if (!commands.some(({ command }) => command.kind === "link")) return undefined;
  const left = all[MOST_MAKEFILES];
  const whyMore: OpenReason[] =
    left === undefined
      ? []
      : [
          {
            kind: "choice",
            text: `${left} and other Makefiles are not followed: there are too many`,
            place: { path: left },
          },
        ];
  return { folder: "", commands, isConfigured: false, path: top, whyMore };
}

function commandsOf(path: string, host: MakeHost): RecipeCommand[] {
  const folder = folderOf(path).replace(/\/$/, "");
  const inFolder = (name: string) => buildPath(name === "" ? "." : name, folder, "");
  const there: MakeHost = {
    readText: (name) => host.readText(inFolder(name)),
    hasFile: (name) => host.hasFile(inFolder(name)),
    glob: (pattern) =>
      host.glob?.(inFolder(pattern))?.map((name) => (folder === "" ? name : name.slice(folder.length + 1))),
  };
  const run = (set: ReadonlyMap<string, Variable>) => runPlainMakefile(baseName(path), folder, there, set);
  const base = run(new Map());
  const isAny = base.commands.some(({ command }) => command.kind !== "compile");
  if (!isAny) return [];
  const merged: Merged = { commands: [...base.commands], sources: new Map() };
  noteSources(base.commands, merged.sources);
  const { open, neutral } = openVariables(base);
  const reasonFor =
    (name: string): Reason =>
    (target, place) => {
      return { kind: "choice", text: `${path} chooses by $(${name}) what is linked into ${target}`, place };
    };
  for (const [name, value] of neutral) {
    const other = run(new Map([[name, fixedVariable(value)]]));
    addRun(merged, other, name, reasonFor(name));
    addTested(merged, other, reasonFor(name));
  }
  for (const name of open.slice(0, MOST_VARIABLES)) {
    const reason = reasonFor(name);
    // Another text, and one of which nothing is known: tests of the variable are open then.
    addRun(merged, run(new Map([[name, fixedVariable(OTHER)]])), name, reason);
    const unknown: Variable = {
      isRecursive: false,
      parts: [{ pieces: UNKNOWN_PIECES, raw: undefined, guard: ALWAYS }],
    };
    addTested(merged, run(new Map([[name, unknown]])), reason);
  }
  const tooMany: OpenReason[] =
    open.length > MOST_VARIABLES
      ? [{ kind: "choice", text: `${path} hangs on more variables than are followed`, place: { path } }]
      : [];
  return finish(merged, [...base.reasons, ...tooMany]);
}

/** The variables that a caller may set: those that name what is linked, and those that do by a test at most, with a value for each. */
function openVariables({ openVariables: all }: MakefileRun): {
  readonly open: readonly string[];
  readonly neutral: readonly (readonly [string, string])[];
} {
  const known = [...all].filter((name) => !AUTOMATIC.test(name));
  const neutral = known.flatMap((name) => {
    const value = neutralValue(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { open: known.filter((name) => neutralValue(name) === undefined), neutral };
}

/** A value that no Makefile compares a variable with. */
const OTHER = "any-other-value";

type Reason = (target: string, place: OpenReason["place"]) => OpenReason;

/** The commands of a run, with what other runs add to them. */
interface Merged {
  readonly commands: RecipeCommand[];
  /** By the object's path. */
  readonly sources: Map<string, string>;
}

function addRun(merged: Merged, other: MakefileRun, name: string, reason: Reason): void {
  const sources = new Map(merged.sources);
  noteSources(other.commands, sources);
  compareRuns(merged, other, reason, (mine, theirs) => {
    const before = new Set(inputsOf(mine).map((input) => idOf(input, mine, sources)));
    const after = new Set(inputsOf(theirs).map((input) => idOf(input, theirs, sources)));
    const more = inputsOf(theirs).filter((input) => !before.has(idOf(input, theirs, sources)));
    const fewer = inputsOf(mine).filter((input) => !after.has(idOf(input, mine, sources)));
    return {
      more: more.map(
        (input): CommandInput =>
          input.path.includes(OTHER)
            ? { ...input, kind: "unknown", path: input.path.replaceAll(OTHER, `$(${name})`) }
            : input,
      ),
      doubtful: fewer,
    };
  });
}

function addTested(merged: Merged, other: MakefileRun, reason: Reason): void {
  compareRuns(merged, other, reason, (mine, theirs) => {
    const before = new Set(inputsOf(mine).map(({ path }) => path));
    const tested = inputsOf(theirs).filter(
      ({ path, kind }) =>
        kind !== "unknown" &&
        theirs.conditional?.has(buildPath(path, theirs.folder, "")) === true &&
        mine.conditional?.has(buildPath(path, mine.folder, "")) !== true,
    );
    return {
      more: tested.filter(({ path }) => !before.has(path)),
      doubtful: tested.filter(({ path }) => before.has(path)),
    };
  });
}

/** @param compare what the other run links besides, and what it does not link for sure */
function compareRuns(
  merged: Merged,
  other: MakefileRun,
  reason: Reason,
  compare: (
    mine: RecipeCommand,
    theirs: RecipeCommand,
  ) => { readonly more: readonly CommandInput[]; readonly doubtful: readonly CommandInput[] },
): void {
  const added: RecipeCommand[] = [];
  const compiled = new Set(merged.commands.flatMap((one) => (one.command.kind === "compile" ? [one.target] : [])));
  const used = new Set<number>();
  for (const theirs of other.commands) {
    if (theirs.command.kind === "compile") {
      if (!compiled.has(theirs.target) && !theirs.target.includes(OTHER)) added.push(theirs);
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
    const { more, doubtful } = compare(mine, theirs);
    if (more.length + doubtful.length > 0) merged.commands[at] = withDoubt(mine, more, doubtful, reason);
    else if (optionsOf(mine) !== optionsOf(theirs) || hasMoreDoubt(mine, theirs)) {
      merged.commands[at] = { ...mine, reasons: [...(mine.reasons ?? []), reason(mine.target, mine.place)] };
    }
  }
  merged.commands.push(...added);
  noteSources(added, merged.sources);
}

/** Whether a word is there in some configurations alone in one run, and not in the other. */
function hasMoreDoubt(mine: RecipeCommand, theirs: RecipeCommand): boolean {
  return [...(theirs.conditional?.keys() ?? [])].some((word) => mine.conditional?.has(word) !== true);
}

/** What a link's command says besides its inputs, as one text. */
function optionsOf({ command, folder }: RecipeCommand): string {
  if (command.kind !== "link") return "";
  const { inputs: _inputs, program: _program, output: _output, folders: _folders, map: _map, ...options } = command;
  return `${folder} ${JSON.stringify(options)}`;
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
  const ofArchives = merged.commands.flatMap(({ command, reasons: own = [], conditional }) =>
    command.kind === "archive" ? [...own, ...(conditional?.values() ?? [])] : [],
  );
  const all = [...reasons, ...ofArchives];
  if (all.length === 0) return merged.commands;
  return merged.commands.map((one) =>
    one.command.kind === "link" ? { ...one, reasons: [...(one.reasons ?? []), ...all] } : one,
  );
}

function inputsOf({ command }: RecipeCommand): readonly CommandInput[] {
  return command.kind === "link" ? command.inputs : command.kind === "archive" ? command.members : [];
}

/** An object by its source where that is known: that a folder of objects has another name chooses nothing. */
function idOf(input: CommandInput, { folder }: RecipeCommand, sources: ReadonlyMap<string, string>): string {
  const path = buildPath(input.path, folder, "");
  if (input.kind === "archive") return baseName(path);
  return sources.get(path) ?? path;
}

function noteSources(commands: readonly RecipeCommand[], sources: Map<string, string>): void {
  for (const { command, folder } of commands) {
    if (command.kind !== "compile" || command.output === undefined || command.sources.length === 0) continue;
    sources.set(buildPath(command.output, folder, ""), buildPath(command.sources[0]!, folder, ""));
  }
}

function withDoubt(
  mine: RecipeCommand,
  more: readonly CommandInput[],
  doubtful: readonly CommandInput[],
  reason: Reason,
): RecipeCommand {
  const why = reason(mine.target, mine.place);
  const conditional = new Map(mine.conditional);
  for (const { path } of [...more, ...doubtful]) {
    const word = buildPath(path, mine.folder, "");
    // What was found to choose it before does: every other run lacks it too.
    if (!conditional.has(word)) conditional.set(word, why);
  }
  const { command } = mine;
  if (command.kind === "link") {
    const linking: LinkingCommand = { ...command, inputs: [...command.inputs, ...more] };
    return { ...mine, command: linking, conditional };
  }
  if (command.kind === "archive")
    return { ...mine, command: { ...command, members: [...command.members, ...more] }, conditional };
  return mine;
}
