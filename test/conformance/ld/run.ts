/**
 * Compares the parser of linker scripts with GNU ld: for each script of a folder, and for mutants of them, whether there
 * is a syntax error, and on which line the first one is. Formats them too, and compares the values of constants.
 *
 *     npm run conformance:ld [-- [DIR] [--mutants N] [--seed S] [--show N]]
 *
 * DIR is any folder of scripts, by default that of ld's own; beside it those of this suite are compared, which say
 * everything that the language has, with half as many mutants. Version scripts and dynamic lists are told
 * by their names and texts, as the server does.
 * Fails below the goals, and when the tools are missing.
 */

import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { isUnexpandedScript, mayBeVersionScript, scriptKindOf } from "../../../server/src/syntax/ld/detect.ts";
import { parseLinkerScript } from "../../../server/src/syntax/ld/parser.ts";
import type { ScriptKind } from "../../../server/src/syntax/ld/tree.ts";
import { findLines, lineColumnAt } from "../../../server/src/text/lines.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { needTools } from "../../support/needed-tools.ts";
import { runOrThrow } from "../../support/run-program.ts";
import { checkFormat, compareLayouts } from "./layout.ts";
import { askLd, type LdVerdict } from "./ld-verdict.ts";
import { type Mutant, makeMutants, type Script } from "./mutants.ts";
import { compareValues } from "./values.ts";

/** The least share of scripts on which the verdicts must agree, and of rejected ones on whose line they must. */
const VERDICT_GOAL = 0.995;
const LINE_GOAL = 0.98;
/** The largest share that ld may leave open, lest the comparison be empty. */
const MOST_NOT_JUDGED = 0.05;

const BATCH = 400;

interface OurVerdict {
  readonly rejected: boolean;
  /** From 1; 0 where the error is at the end of the file, as ld has it. */
  readonly line: number;
  readonly message: string;
  readonly skipped: readonly number[];
}

/** The names of a folder that hold linker scripts. */
const SCRIPT_NAME = /\.lds?(?:\.[Sh])?$/;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mutants: { type: "string", default: "20400" },
      seed: { type: "string", default: "1" },
      show: { type: "string", default: "3" },
    },
  });
  await needTools(["ld", "as", "nm"].map((command) => ({ command, debianPackage: "binutils" })));
  const folder = positionals[0] ?? (await stockFolder());
  console.log((await runOrThrow("ld", ["--version"])).split("\n")[0]);
  const count = Number(values.mutants);
  const results = [
    await compareFolder(folder, count, values),
    await compareFolder(LANGUAGE, Math.floor(count / 2), values),
    await compareConstants(Number(values.seed)),
  ];
  const failed = results.includes(false);
  console.log(failed ? "\nbelow the goals" : "\nthe goals are reached");
  process.exitCode = failed ? 1 : 0;
}

async function compareConstants(seed: number): Promise<boolean> {
  const { compared, agreed, notJudged, differences } = await compareValues(4000, seed);
  console.log(
    `\nconstant expressions, seed ${seed}: ${agreed} of ${compared} have ld's value, ${notJudged} not judged`,
  );
  for (const difference of differences.slice(0, 10)) console.log(`  ${difference}`);
  return differences.length === 0;
}

const LANGUAGE = join(import.meta.dirname, "scripts");

async function compareFolder(
  folder: string,
  count: number,
  values: { readonly seed: string; readonly show: string },
): Promise<boolean> {
  const { scripts, unexpanded } = await readScripts(folder);
  if (scripts.length + unexpanded.length === 0) throw new Error(`${folder} holds no linker scripts`);
  const show = Number(values.show);
  const whole: Mutant[] = scripts.map((origin) => ({
    origin,
    mutation: "removed",
    token: "",
    line: 0,
    text: origin.text,
  }));
  const first = await compareAll(whole, folder, show);
  report(`${scripts.length} scripts of ${folder}`, first);
  const second = await compareAll(makeMutants(scripts, count, Number(values.seed)), folder, show);
  report(`mutants of them, seed ${values.seed}`, second);
  const layouts = await compareLayouts(scripts.filter((script) => script.kind === "script"));
  console.log(
    `\nformatted: ${layouts.compared} scripts, ${layouts.linked} of them linked, ${layouts.problems.length} problems`,
  );
  const versions = scripts.flatMap(({ name, text, kind }) =>
    kind === "script" ? [] : [{ name, text, context: kind }],
  );
  const problems = [
    ...layouts.problems,
    ...unexpanded.flatMap(checkUnexpanded),
    ...versions.flatMap(({ name, text, context }) => checkFormat(name, text, { context }).problems),
  ];
  console.log(`version scripts and dynamic lists: ${versions.length}, formatted`);
  console.log(`before the preprocessor: ${unexpanded.length} scripts, parsed and formatted`);
  for (const problem of problems) console.log(`  ${problem}`);
  return reaches(first.counts) && reaches(second.counts) && problems.length === 0;
}

/** A script that only cpp and ld together could judge: whoever keeps it has built with it, so it has no errors. */
function checkUnexpanded({ name, text }: Script): string[] {
  const { errors } = parseLinkerScript(sourceOfText(text), { preprocessed: true });
  return [
    ...errors.map((error) => `${name}: ${error.message}`),
    ...checkFormat(name, text, { preprocessed: true }).problems,
  ];
}

/** The folder of the scripts that ld itself links with: Debian names it after ld's target, `x86_64-linux-gnu-ld.bfd`. */
async function stockFolder(): Promise<string> {
  const ld = (await runOrThrow("sh", ["-c", 'readlink -f "$(command -v ld)"'])).trim();
  return join("/usr/lib", basename(ld).replace(/-ld(?:\.bfd)?$/, ""), "ldscripts");
}

async function readScripts(folder: string): Promise<{ scripts: Script[]; unexpanded: Script[] }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const isStock = basename(folder) === "ldscripts";
  const paths = entries
    .filter(({ name }) => isStock || SCRIPT_NAME.test(name) || mayBeVersionScript(name))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const scripts: Script[] = [];
  const unexpanded: Script[] = [];
  for (const path of paths) {
    // ld stops at the name of a machine that it does not link for, and would judge nothing behind it.
    const text = (await readFile(path, "latin1")).replace(
      /(OUTPUT_ARCH\s*\(\s*)(?!i386|iamcu)[\w:.-]+(\s*\))/g,
      "$1i386$2",
    );
    const kind = scriptKindOf(path, sourceOfText(text));
    // A `.map` may be a table of keys.
    if (kind === "script" && !isStock && !SCRIPT_NAME.test(path)) continue;
    const script: Script = { name: path.slice(folder.length + 1), kind, text };
    (isUnexpandedScript(path, sourceOfText(text)) ? unexpanded : scripts).push(script);
  }
  return { scripts, unexpanded };
}

interface Counts {
  compared: number;
  agreed: number;
  rejectedByBoth: number;
  sameLine: number;
  sameSkipped: number;
  notJudged: number;
}

interface Comparison {
  readonly counts: Counts;
  /** Examples of each class of disagreement, and how many there are. */
  readonly classes: Map<string, { count: number; examples: string[] }>;
  readonly otherReasons: Map<string, number>;
}

async function compareAll(mutants: Iterable<Mutant>, folder: string, show: number): Promise<Comparison> {
  const comparison: Comparison = {
    counts: { compared: 0, agreed: 0, rejectedByBoth: 0, sameLine: 0, sameSkipped: 0, notJudged: 0 },
    classes: new Map(),
    otherReasons: new Map(),
  };
  let batch: Mutant[] = [];
  const flush = async (): Promise<void> => {
    const verdicts = await askLd(
      batch.map(({ text, origin }) => ({ text, kind: origin.kind })),
      [folder],
    );
    batch.forEach((mutant, index) => {
      compare(comparison, mutant, verdicts[index]!, show);
    });
    batch = [];
  };
  for (const mutant of mutants) {
    batch.push(mutant);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  return comparison;
}

function judge(text: string, kind: ScriptKind): OurVerdict {
  const source = sourceOfText(text);
  const script = parseLinkerScript(source, { context: kind === "script" ? "file" : kind });
  const lines = findLines(source);
  // ld counts no newlines within quotes.
  const quoted: number[] = [];
  for (const match of text.matchAll(/\/\*[\s\S]*?(?:\*\/|$)|#.*|"[^"]*"/g)) {
    if (!match[0].startsWith('"')) continue;
    for (let at = match[0].indexOf("\n"); at >= 0; at = match[0].indexOf("\n", at + 1)) quoted.push(match.index + at);
  }
  const lineOf = (offset: number): number =>
    lineColumnAt(lines, offset).line + 1 - quoted.filter((newline) => newline < offset).length;
  const error = script.errors.find((each) => each.kind !== "character");
  const skipped = script.errors
    .filter((each) => each.kind === "character" && (error === undefined || each.start <= error.start))
    .map((each) => lineOf(each.start));
  if (error === undefined) return { rejected: false, line: 0, message: "accepted", skipped };
  const isAtEnd = error.start >= source.length;
  return { rejected: true, line: isAtEnd ? 0 : lineOf(error.start), message: error.message, skipped };
}

function compare(comparison: Comparison, mutant: Mutant, ld: LdVerdict, show: number): void {
  const { counts } = comparison;
  const ours = judge(mutant.text, mutant.origin.kind);
  if (ld.kind === "other") {
    counts.notJudged++;
    comparison.otherReasons.set(ld.message, (comparison.otherReasons.get(ld.message) ?? 0) + 1);
    return;
  }
  counts.compared++;
  const rejected = ld.kind !== "accepted";
  if (rejected === ours.rejected) counts.agreed++;
  else note(comparison, rejected ? "ld alone rejects" : "ld accepts", mutant, ld, ours, show);
  if (!rejected || !ours.rejected) return;
  counts.rejectedByBoth++;
  if (ld.line === undefined || ld.line === ours.line) counts.sameLine++;
  else note(comparison, "another line", mutant, ld, ours, show);
  if (ld.skipped.join() === ours.skipped.join()) counts.sameSkipped++;
  else note(comparison, "other characters skipped", mutant, ld, ours, show);
}

function note(
  comparison: Comparison,
  what: string,
  mutant: Mutant,
  ld: LdVerdict,
  ours: OurVerdict,
  show: number,
): void {
  const key = `${what}: ${mutant.mutation}; ours: ${ours.message.replace(/'[^']*'/g, "'…'").slice(0, 60)}`;
  const group = comparison.classes.get(key) ?? { count: 0, examples: [] };
  group.count++;
  if (group.examples.length < show) {
    const line = mutant.text.split("\n")[mutant.line - 1] ?? "";
    group.examples.push(
      `${mutant.origin.name}:${mutant.line} '${mutant.token}' | ${line.trim()} | ld: ${ld.kind} ${ld.line ?? ""} ours: ${ours.line} ${ours.message}`,
    );
  }
  comparison.classes.set(key, group);
}

function report(title: string, { counts, classes, otherReasons }: Comparison): void {
  const share = (part: number, whole: number): string =>
    whole === 0 ? "none" : `${part} of ${whole} (${((100 * part) / whole).toFixed(3)} %)`;
  console.log(`\n${title}`);
  console.log(`  verdict as ld's:             ${share(counts.agreed, counts.compared)}`);
  console.log(`  first error on ld's line:    ${share(counts.sameLine, counts.rejectedByBoth)}`);
  console.log(`  skipped characters as ld's:  ${share(counts.sameSkipped, counts.rejectedByBoth)} of the rejected`);
  console.log(`  not judged, as ld stopped for another reason: ${counts.notJudged}`);
  for (const [reason, count] of [...otherReasons].sort((a, b) => b[1] - a[1])) console.log(`    ${count}  ${reason}`);
  for (const [name, { count, examples }] of [...classes].sort((a, b) => b[1].count - a[1].count)) {
    console.log(`  ${count}  ${name}`);
    for (const example of examples) console.log(`      ${example}`);
  }
}

function reaches(counts: Counts): boolean {
  return (
    counts.agreed >= VERDICT_GOAL * counts.compared &&
    counts.sameLine >= LINE_GOAL * counts.rejectedByBoth &&
    counts.notJudged <= MOST_NOT_JUDGED * (counts.compared + counts.notJudged)
  );
}

await main();
