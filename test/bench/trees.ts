/**
 * Whole trees beside other tools, in turns in one run: wall time, processor time and peak memory of `weakspot check` and of the index
 * alone, of universal-ctags, cscope and GNU global, with grep for a word as the floor; medians, ratios to ctags, and how the cost grows with
 * the tree and with one file.
 *
 *     npm run bench:trees [-- --rounds 3] [--tree NAME=FOLDER …] [--only NAME …] [--skip-growth]
 *
 * Without --tree: Linux 6.1, or what WEAKSPOT_LINUX names, Debian's u-boot, arm-trusted-firmware, opensbi and musl, and a generated tree
 * of 50 files.
 */

import { cpSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cachedFolder } from "../support/cached-folder.ts";
import { fetchDebianSource, SOURCE_TOOLS } from "../support/debian-source.ts";
import { generatedTree, lines } from "../support/generated-tree.ts";
import { kernelTree } from "../support/kernel-tree.ts";
import { needTools } from "../support/needed-tools.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { type Measured, measure, median } from "./measure.ts";

const COMMAND = join(import.meta.dirname, "../../dist/cli.cjs");
const DEBIAN_SOURCES = ["u-boot", "arm-trusted-firmware", "opensbi", "musl"];
/** Four files in each of its folders, and four more. */
const FOLDERS_OF_50_FILES = 12;

/** What the design asks of `check`, in ctags': its wall time and processor time, and its memory with Node's own on top. */
const budget = { wall: 1, cpu: 1.5, memory: 2, nodeMegabytes: 45 };

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    tree: { type: "string", multiple: true, default: [] },
    only: { type: "string", multiple: true, default: [] },
    "skip-growth": { type: "boolean", default: false },
  },
});

interface Contender {
  readonly name: string;
  /** Runs once over a tree; `scratch` is a folder for what it writes. */
  run(tree: string, scratch: string): Promise<Measured>;
}

/** Findings are no failure, nor is a word that is in no file. */
const ENDS = [0, 1];

const contenders: readonly Contender[] = [
  { name: "grep -rw", run: (tree) => quiet("grep", ["-rwl", "weak_word_of_no_file", "."], tree) },
  {
    name: "ctags",
    run: (tree) => quiet("ctags", ["-R", "--languages=C,Asm", "--langmap=C:+.h", "--sort=no", "-f", "-", "."], tree),
  },
  { name: "cscope", run: (tree, scratch) => quiet("cscope", ["-Rbkq", "-f", join(scratch, "cscope.out")], tree) },
  { name: "gtags", run: (tree, scratch) => quiet("gtags", ["-C", tree, scratch], scratch) },
  { name: "weakspot index", run: (tree) => ours(["index", "--no-cache", "--root", tree], tree) },
  {
    name: "weakspot check",
    run: (tree) => ours(["check", "--no-cache", "--format", "json", "--root", tree, tree], tree),
  },
];

function quiet(command: string, args: readonly string[], directory: string): Promise<Measured> {
  return measure(command, args, { directory, discardOutput: true, ends: ENDS });
}

function ours(args: readonly string[], tree: string): Promise<Measured> {
  return quiet(process.execPath, [COMMAND, ...args], tree);
}

/** The trees by their names. What can't be had is told and left out. */
async function findTrees(scratch: string): Promise<Map<string, string>> {
  const trees = new Map<string, string>();
  for (const given of values.tree) {
    const [name = "", folder = ""] = given.split("=", 2);
    trees.set(name, folder);
  }
  if (trees.size > 0) return trees;
  const add = async (name: string, find: () => Promise<string>) => {
    if (values.only.length > 0 && !values.only.includes(name)) return;
    try {
      trees.set(name, await find());
    } catch (error) {
      if (process.env.CI === "true") throw error;
      console.log(`SKIPPED ${name}: ${error instanceof Error ? error.message : error}`);
    }
  };
  await add("linux", kernelTree);
  for (const name of DEBIAN_SOURCES) {
    await add(name, async () => {
      await needTools(SOURCE_TOOLS);
      return cachedFolder(`bench-${name}`, (folder) => fetchInto(name, folder));
    });
  }
  await add("50 files", async () => scratch);
  return trees;
}

async function fetchInto(name: string, folder: string): Promise<void> {
  using download = createTemporaryFolder();
  const source = join(download.path, name);
  await fetchDebianSource(name, source);
  cpSync(source, folder, { recursive: true, verbatimSymlinks: true });
}

/** Each contender in turn, round by round, so that a busy machine is as busy for the one as for the other. */
async function race(name: string, tree: string, rounds: number): Promise<[string, number, number][]> {
  const runs = new Map<string, Measured[]>(contenders.map((one) => [one.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      using scratch = createTemporaryFolder();
      runs.get(contender.name)!.push(await contender.run(tree, scratch.path));
    }
  }
  const middle = (of: string, what: (run: Measured) => number) => median(runs.get(of)!.map(what));
  console.log(`\n${name}, medians of ${rounds}${" ".repeat(12)}wall s    CPU s     MB   of ctags': wall    CPU     MB`);
  const ratios = (of: string) => ({
    wall: middle(of, (run) => run.wallSeconds) / middle("ctags", (run) => run.wallSeconds),
    cpu: middle(of, (run) => run.cpuSeconds) / middle("ctags", (run) => run.cpuSeconds),
    memory: middle(of, (run) => run.peakMegabytes) / middle("ctags", (run) => run.peakMegabytes),
  });
  for (const { name: of } of contenders) {
    const cells = [
      middle(of, (run) => run.wallSeconds).toFixed(2),
      middle(of, (run) => run.cpuSeconds).toFixed(2),
      middle(of, (run) => run.peakMegabytes).toFixed(0),
      ...Object.values(ratios(of)).map((ratio) => ratio.toFixed(2)),
    ];
    console.log(`  ${of.padEnd(26)}${cells.map((cell) => cell.padStart(9)).join("")}`);
  }
  const { wall, cpu } = ratios("weakspot check");
  const memory =
    (middle("weakspot check", (run) => run.peakMegabytes) - budget.nodeMegabytes) /
    middle("ctags", (run) => run.peakMegabytes);
  return [
    [`${name}: check, wall of ctags'`, wall, budget.wall],
    [`${name}: check, CPU of ctags'`, cpu, budget.cpu],
    [`${name}: check, memory of ctags'`, memory, budget.memory],
  ];
}

/** What a cost grows by where its cause doubles: 1 is linear, 2 quadratic. Node's start is in the smaller one, so it errs down. */
function exponent(small: number, large: number, times: number): number {
  return Math.log(large / small) / Math.log(times);
}

/** How the processor time of a check grows with the files of a tree, and with the weak references of one file. */
async function showGrowth(): Promise<void> {
  const cpuOf = async (files: Readonly<Record<string, string>>) => {
    using folder = createTemporaryFolder(files);
    const tree = folder.path;
    const args = ["check", "--no-cache", "--format", "json", "--root", tree, tree];
    const times: number[] = [];
    for (let round = 0; round < Number(values.rounds); round++) times.push((await ours(args, tree)).cpuSeconds);
    return median(times);
  };
  const grow = async (what: string, sizes: readonly number[], make: (size: number) => Record<string, string>) => {
    const start = await cpuOf({ "empty.c": "\n" });
    const costs: number[] = [];
    for (const size of sizes) costs.push((await cpuOf(make(size))) - start);
    const steps = sizes.slice(1).map((size, i) => exponent(costs[i]!, costs[i + 1]!, size / sizes[i]!).toFixed(2));
    const told = sizes.map((size, i) => `${size}: ${costs[i]!.toFixed(2)} s`).join(", ");
    console.log(`${what}: CPU beyond Node's start ${told}; exponents ${steps.join(", ")}`);
  };
  console.log("");
  await grow("folders of a tree", [100, 200, 400], generatedTree);
  await grow("weak references of one file", [400, 800, 1600], (count) => ({
    "parts.c":
      lines(count, (i) => `extern int part_${i}(void) __attribute__((weak));`) +
      lines(count, (i) => `int try_${i}(void) { return part_${i} ? part_${i}() : 0; }`),
  }));
}

await needTools([
  { command: "ctags", debianPackage: "universal-ctags" },
  { command: "cscope", debianPackage: "cscope" },
  { command: "gtags", debianPackage: "global" },
]);
using generated = createTemporaryFolder(generatedTree(FOLDERS_OF_50_FILES));
const verdicts: [string, number, number][] = [];
for (const [name, tree] of await findTrees(generated.path)) {
  if (!statSync(tree).isDirectory() || readdirSync(tree).length === 0)
    throw new Error(`${tree} is empty, or no folder`);
  verdicts.push(...(await race(name, tree, Number(values.rounds))));
}
if (!values["skip-growth"]) await showGrowth();
console.log("");
for (const [what, value, limit] of verdicts)
  console.log(`${value <= limit ? "ok  " : "OVER"} ${value.toFixed(2).padStart(8)} ${what}, at most ${limit}`);
process.exitCode = verdicts.every(([, value, limit]) => value <= limit) ? 0 : 1;
