/** `weakspot symbol`: what hover says of one symbol, in a terminal. */

import { resolve } from "node:path";
import { listLocals, listObjects } from "../features/describe-objects.ts";
import { writePlain } from "../features/hover.ts";
import { type MadeNames, namesMadeOf, wordMadeNames } from "../features/names-made-of.ts";
import type { ObjectsReport } from "../features/objects-report.ts";
import { reportSymbol, type SymbolReport } from "../features/symbol-report.ts";
import { wordSymbol } from "../features/symbol-words.ts";
import { sourceOfBuild } from "../host/build/find-build.ts";
import { findRoot } from "../host/find-root.ts";
import { type ObjectLocals, type Objects, openObjects } from "../session/objects.ts";
import { openSession } from "../session/session.ts";
import { jsonText } from "../text/printable.ts";
import { cacheOf } from "./cache-option.ts";
import type { ExitCode } from "./exit-code.ts";
import { tellModelProblems } from "./model-problems.ts";
import { mustExist } from "./must-exist.ts";
import { assertArchitecture, type NarrowingArguments, narrowingOptions } from "./narrowing-options.ts";
import { printLines, printReady, tell } from "./output.ts";
import { showProgress } from "./progress.ts";
import { tellProjectProblems } from "./project-problems.ts";

export interface SymbolArguments extends NarrowingArguments {
  readonly json?: boolean;
  readonly root?: string;
  /** The build folder; without it the tree's own is used, when there is one. */
  readonly build?: string;
  /** The linker's map of the main link. */
  readonly map?: string;
  readonly exclude: readonly string[];
  /** Whether the index may be read from the cache and saved there. */
  readonly cache: boolean;
}

/** Prints the report. 1 when nothing in the tree names the symbol. */
export async function runSymbol(name: string, options: SymbolArguments): Promise<ExitCode> {
  if (options.root !== undefined) mustExist(options.root, "directory", "--root");
  if (options.build !== undefined) mustExist(options.build, "directory", "--build");
  if (options.map !== undefined) mustExist(options.map, "file", "--map");
  const progress = showProgress("indexing");
  const build = options.build === undefined ? undefined : resolve(options.build);
  // A build knows its sources, so that it is enough to name it.
  const root = options.root ?? (build === undefined ? undefined : sourceOfBuild(build)) ?? findRoot(".", ".");
  const session = openSession(root, {
    exclude: options.exclude,
    ...cacheOf(options),
    ...narrowingOptions(options),
    onProgress: ({ done, total }) => progress.update(done, total),
  });
  const objects = openObjects(session.workspace.root, {
    buildFolder: () => build,
    mapFile: () => (options.map === undefined ? undefined : resolve(options.map)),
    onProblem: (problem) => tell(`${problem}`),
  });
  try {
    tellProjectProblems(session.project);
    if (build !== undefined && objects.folder() === undefined) return 2;
    await session.workspace.current;
    await session.workspace.save();
    progress.end();
    await assertArchitecture(session, options.arch);
    await tellModelProblems(session);
    const report = await session.ask((program) => reportSymbol(name, program));
    const built = await reportBuilt(name, report, objects);
    const locals = built === undefined ? [] : await localsOf(name, report, objects);
    const made = await session.ask((program) => namesMadeOf(name, program));
    const printed = { ...report, made, locals, objects: built?.objects ?? [], links: built?.links ?? [] };
    if (options.json) printReady(`${jsonText(printed, 2)}\n`);
    else printLines(describe(report, built, locals, made));
    const isKnown = report.linkUnits.length + report.internal.length + printed.objects.length + made.length > 0;
    return isKnown ? 0 : 1;
  } finally {
    progress.end();
    await objects.dispose();
    await session.dispose();
  }
}

/** What the objects of the build say; undefined without one, or where it can't be read. */
async function reportBuilt(name: string, report: SymbolReport, objects: Objects): Promise<ObjectsReport | undefined> {
  try {
    const links = await objects.whole();
    for (const problem of links?.layout.problems ?? []) tell(`${problem}`);
    return links === undefined ? undefined : await objects.report(name, report.linkUnits);
  } catch (error) {
    tell(`the build can't be read: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** Files of which the objects are read for a name with internal linkage. */
const MOST_STATICS = 10;

/** What the objects of files have by the name that is static in them. */
async function localsOf(name: string, { internal }: SymbolReport, objects: Objects): Promise<readonly ObjectLocals[]> {
  const files = [...new Set(internal.map(({ file }) => file))].slice(0, MOST_STATICS);
  const found: ObjectLocals[] = [];
  for (const file of files) found.push(...(await objects.locals(name, file)));
  return found;
}

function describe(
  report: SymbolReport,
  built: ObjectsReport | undefined,
  locals: readonly ObjectLocals[],
  made: readonly MadeNames[],
): string[] {
  const madeLines = made.map((names) => `  ${wordMadeNames(names)}`);
  const localLines = listLocals(locals, report.name).map((line) => `  ${line}`);
  const builtLines = [...(built === undefined ? [] : listObjects(built)), ...localLines, ...madeLines];
  const words = wordSymbol(report);
  if (words === undefined && builtLines.length === 0) return [`${report.name}: no file declares or defines it`];
  const said = words === undefined ? report.name : writePlain(report.name, words);
  return [...said.split("\n"), ...builtLines];
}
