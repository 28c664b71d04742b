/**
 * Measures the readers of ELF files beside `nm`, in turns in one run: the symbols of a kernel with debug information, and all
 * objects of a kernel build.
 *
 *     npm run bench:elf [-- --download-debug-kernel]
 *
 * Both are those of the cache, or what WEAKSPOT_DEBUG_VMLINUX and WEAKSPOT_KERNEL_BUILD name; what can't be had is skipped with a
 * line, and is an error when CI=true.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { debugVmlinux } from "../support/debug-vmlinux.ts";
import { kernelBuild } from "../support/kernel-build.ts";
import { MissingToolError } from "../support/needed-tools.ts";
import type { ElfTimes } from "./elf-child.ts";

const ROUNDS = 5;
const MAX_RSS = 500e6;
/** A name to look up that every kernel has, and most objects do not. */
const NAME = "kallsyms_num_syms";

const root = join(import.meta.dirname, "../..");

/** Bundles the child and the worker into a folder, in the way of the build. */
async function bundle(folder: string): Promise<string> {
  await build({
    entryPoints: {
      "elf-child": join(root, "test/bench/elf-child.ts"),
      "objects-worker": join(root, "server/src/host/objects-worker.ts"),
    },
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    logLevel: "warning",
  });
  return join(folder, "elf-child.cjs");
}

interface Measured {
  readonly wall: number;
  readonly peakRssBytes: number;
  readonly times?: ElfTimes;
}

/** Runs a command, and takes its time and output. */
function measure(command: string, args: readonly string[]): { wall: number; stdout: string } {
  const started = performance.now();
  const { stdout, status } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 30 });
  const wall = performance.now() - started;
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
  return { wall, stdout };
}

function measureOurs(child: string, what: string, files: readonly string[]): Measured {
  const { wall, stdout } = measure(process.execPath, [child, what, NAME, ...files]);
  const times = JSON.parse(stdout) as ElfTimes;
  return { wall, peakRssBytes: times.peakRssBytes, times };
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

let failures = 0;

function judge(what: string, value: number, limit: number, unit: string): void {
  const isMet = value <= limit;
  if (!isMet) failures++;
  console.log(
    `  ${isMet ? "met" : "MISSED"}: ${what}: ${value.toFixed(0)} ${unit}, at most ${limit.toFixed(0)} ${unit}`,
  );
}

/** Both sides in turns, so that a busy machine is as busy for the one as for the other. */
function compare(
  name: string,
  child: string,
  files: readonly string[],
  factor: number,
  ofWhat: "process" | "answer",
): void {
  const nm: number[] = [];
  const ours: Measured[] = [];
  const counting: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    nm.push(measure("nm", files).wall);
    ours.push(measureOurs(child, "symbols", files));
    counting.push(measureOurs(child, "relocations", files));
  }
  const wall = median(ours.map((run) => run.wall));
  const { symbols, found } = ours[0]!.times!;
  console.log(`${name}: ${files.length} files, ${symbols} symbols, ${found} of them ${NAME}; medians of ${ROUNDS}`);
  console.log(`  nm, its output thrown away: ${median(nm).toFixed(0)} ms`);
  const inside = median(ours.map(({ times }) => times!.milliseconds));
  const block = Math.max(...ours.map(({ times }) => times!.longestBlock));
  console.log(
    `  ours: ${wall.toFixed(0)} ms with the start of node, ${inside.toFixed(0)} ms from the question to the answer`,
  );
  console.log(`  ours, the main thread kept busy for ${block.toFixed(0)} ms at once`);
  const withRelocations = median(counting.map(({ times }) => times!.milliseconds));
  console.log(`  ours with the relocations of loaded sections counted: ${withRelocations.toFixed(0)} ms`);
  // A server has started long before it is asked; its worker starts with the first question, which is in both.
  const [what, judged] =
    ofWhat === "process" ? (["the whole process", wall] as const) : (["the answer", inside] as const);
  judge(`${what} against ${factor} × nm`, judged, median(nm) * factor, "ms");
  judge("peak RSS", Math.max(...ours.map((run) => run.peakRssBytes)) / 1e6, MAX_RSS / 1e6, "MB");
  judge("peak RSS with relocations", Math.max(...counting.map((run) => run.peakRssBytes)) / 1e6, MAX_RSS / 1e6, "MB");
}

async function compareIfThere(what: string, find: () => Promise<string>, work: (path: string) => void): Promise<void> {
  try {
    work(await find());
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error;
    skip(what, error.message);
  }
}

function skip(what: string, hint: string): void {
  if (process.env.CI === "true") failures++;
  console.log(`${process.env.CI === "true" ? "MISSING" : "SKIPPED"} ${what}: ${hint}`);
}

/** The ELF objects below a folder. Links are not followed: a build folder has one that leads to the tree around it. */
function objectsBelow(folder: string): string[] {
  return execFileSync("find", [folder, "-type", "f", "-name", "*.o"], { encoding: "utf8" })
    .split("\n")
    .filter((path) => path !== "" && execFileSync("head", ["-c", "4", path], { encoding: "latin1" }) === "\x7fELF");
}

const folder = mkdtempSync(join(tmpdir(), "weakspot-elf-bench-"));
try {
  const child = await bundle(folder);
  const mayDownload = process.env.CI === "true" || process.argv.includes("--download-debug-kernel");
  await compareIfThere(
    "vmlinux with DWARF",
    () => debugVmlinux(mayDownload),
    (path) => compare("vmlinux with DWARF", child, [path], 2, "process"),
  );
  await compareIfThere("objects of a kernel", kernelBuild, (path) =>
    compare("objects of a kernel", child, objectsBelow(path), 1, "answer"),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
