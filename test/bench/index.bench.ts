/**
 * The index of a whole kernel beside universal-ctags, in turns on the same machine: wall time, CPU time and peak memory, from
 * nothing and from the cache, and how they grow with the tree.
 *
 *     npm run bench:index [-- ROUNDS]        WEAKSPOT_LINUX names a kernel tree to use
 */

import { statSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { listFiles } from "../../server/src/host/list-files.ts";
import { copyKernelTree, kernelTree } from "../support/kernel-tree.ts";
import { needTools } from "../support/needed-tools.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { type Measured, measure, median } from "./measure.ts";

/** What the design asks for. */
const budget = { wallOfCtags: 0.3, peakMegabytes: 700, answerSeconds: 1, requestMilliseconds: 200 };

interface Run {
  readonly files: number;
  readonly bytes: number;
  readonly symbols: number;
  readonly facts: number;
  readonly fromCache: boolean;
  readonly answered: number;
  readonly current: number;
  readonly saved: number;
  readonly longestStall: number;
  readonly questions: Readonly<Record<string, number>>;
}

interface CheckoutRun {
  readonly changed: number;
  readonly found: number;
  readonly seconds: number;
  readonly longestStall: number;
  readonly slowestQuestion: number;
}

const rounds = Number(process.argv[2] ?? 3);
const root = await kernelTree();
await needTools([{ command: "ctags", debianPackage: "universal-ctags" }]);
using program = createTemporaryFolder();
using cache = createTemporaryFolder();
buildSync({
  entryPoints: {
    main: join(import.meta.dirname, "index-run.ts"),
    checkout: join(import.meta.dirname, "checkout-run.ts"),
    "scan-worker": join(import.meta.dirname, "../../server/src/host/scan-worker.ts"),
  },
  outdir: program.path,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
});

async function runIndex(cacheFolder: string, exclude: readonly string[] = []): Promise<Measured & { run: Run }> {
  const args = [join(program.path, "main.cjs"), root, cacheFolder, ...exclude];
  const measured = await measure(process.execPath, args);
  return { ...measured, run: JSON.parse(measured.stdout) as Run };
}

/** C, headers and assembly, unsorted, with no file to write: the least that makes tags of the same files. */
function runCtags(): Promise<Measured> {
  const args = ["-R", "--languages=C,Asm", "--langmap=C:+.h", "--sort=no", "-f", "-", "."];
  return measure("ctags", args, { directory: root, discardOutput: true });
}

function show(what: string, measured: Measured, more = ""): void {
  const wall = measured.wallSeconds.toFixed(2).padStart(7);
  const cpu = measured.cpuSeconds.toFixed(2).padStart(7);
  const peak = measured.peakMegabytes.toFixed(0).padStart(5);
  console.log(`${what.padEnd(24)} ${wall} s wall ${cpu} s CPU ${peak} MB peak ${more}`);
}

const ratios: number[] = [];
const peaks: number[] = [];
const colds: (Measured & { run: Run })[] = [];
const warms: (Measured & { run: Run })[] = [];
for (let round = 0; round < rounds; round++) {
  const ctags = await runCtags();
  const cold = await runIndex("-");
  show("ctags", ctags);
  show("index from nothing", cold, `${cold.run.files} files, ${cold.run.facts} facts, ${cold.run.symbols} symbols`);
  ratios.push(cold.run.current / 1000 / ctags.wallSeconds);
  colds.push(cold);
  peaks.push(cold.peakMegabytes);
  // The first of these fills the cache.
  if (round === 0) {
    const saved = await runIndex(cache.path);
    show("index, and saved", saved);
    peaks.push(saved.peakMegabytes);
  }
  const warm = await runIndex(cache.path);
  if (!warm.run.fromCache) throw new Error("the cache was not used");
  show(
    "index from the cache",
    warm,
    `answers after ${warm.run.answered.toFixed(0)} ms, current after ${warm.run.current.toFixed(0)} ms`,
  );
  warms.push(warm);
}

const questions = warms.map(({ run }) => run.questions);
for (const name of Object.keys(questions[0] ?? {})) {
  console.log(`${name.padEnd(24)} ${median(questions.map((one) => one[name] ?? Number.NaN)).toFixed(2)} ms`);
}
const stall = Math.max(...[...colds, ...warms].map(({ run }) => run.longestStall));
console.log(`${"longest stall".padEnd(24)} ${stall.toFixed(0)} ms`);

for (const share of [0.25, 0.5, 1]) {
  const { run, ...measured } = await runIndex("-", excludedFor(share));
  show(
    `${share} of the tree`,
    measured,
    `${run.files} files, ${(run.bytes / 1e6).toFixed(0)} MB, ${(((run.current / 1000) * 1e9) / run.bytes).toFixed(2)} s/GB`,
  );
}

using copies = createTemporaryFolder();
const copy = join(copies.path, "linux");
await copyKernelTree(root, copy);
const checkout = await measure(process.execPath, [join(program.path, "checkout.cjs"), copy, "20000"]);
const { changed, found, seconds, longestStall, slowestQuestion } = JSON.parse(checkout.stdout) as CheckoutRun;
// A signature may take a file for one that has the word; it never misses one.
if (found < changed) throw new Error(`${found} of ${changed} changed files were read again`);
console.log(
  `${"a checkout".padEnd(24)} ${changed} files after ${seconds.toFixed(2)} s, longest stall ${longestStall.toFixed(0)} ms, slowest question ${slowestQuestion.toFixed(1)} ms`,
);

const verdicts: [string, number, number][] = [
  ["wall of ctags'", median(ratios), budget.wallOfCtags],
  ["peak in MB", Math.max(...peaks), budget.peakMegabytes],
  ["ms of stall in a checkout", longestStall + slowestQuestion, budget.requestMilliseconds],
  ["seconds to an answer", median(warms.map(({ run }) => run.answered)) / 1000, budget.answerSeconds],
];
for (const [what, value, limit] of verdicts) {
  console.log(`${value <= limit ? "ok  " : "OVER"} ${value.toFixed(2).padStart(8)} ${what}, at most ${limit}`);
}
process.exitCode = verdicts.every(([, value, limit]) => value <= limit) ? 0 : 1;

/** Globs of directories to leave out, so that about this share of the tree's bytes is left. */
function excludedFor(share: number): string[] {
  if (share >= 1) return [];
  const sizes = new Map<string, number>();
  for (const { files } of listFiles(root, [""], [])) {
    for (const path of files) {
      const directory = path.split("/", 2).join("/");
      sizes.set(directory, (sizes.get(directory) ?? 0) + statSync(join(root, path)).size);
    }
  }
  let left = [...sizes.values()].reduce((sum, size) => sum + size, 0) * share;
  const excluded: string[] = [];
  for (const [directory, size] of [...sizes].sort((a, b) => b[1] - a[1])) {
    if (size <= left) left -= size;
    else excluded.push(directory);
  }
  return excluded;
}
