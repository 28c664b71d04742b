/**
 * `npm run test:chaos`: random edits of a tree beside a session that is opened fresh, faults from outside (faults.ts), spoilt inputs for every
 * reader, and how their work grows. Some minutes; `-- --edits 100000 --kills 1000 --inputs 100000 --seed 7` takes as long as one likes. The seed is printed.
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { buildSync } from "esbuild";
import { runChaos } from "./edits.ts";
import { runFaults } from "./faults.ts";
import { findGrowth } from "./growth.ts";
import type { MutationOrder, MutationReport } from "./mutations.ts";
import { readers } from "./readers.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    edits: { type: "string", default: "600" },
    inputs: { type: "string", default: "5000" },
    growth: { type: "boolean", default: true },
    kills: { type: "string", default: "40" },
  },
  allowNegative: true,
});
const seed = Number(values.seed);

/** Edits of one tree; then a new one begins. */
const EDITS_A_TREE = 300;
const COMPARED_EVERY = 20;

/** A reader that is at one input for so long hangs. */
const HANGING_MILLISECONDS = 20_000;

async function edit(count: number): Promise<void> {
  const total = { edits: 0, diskChanges: 0, comparisons: 0 };
  for (let tree = 0; total.edits < count; tree++) {
    const result = await runChaos(seed + tree, Math.min(EDITS_A_TREE, count - total.edits), COMPARED_EVERY);
    total.edits += result.edits;
    total.diskChanges += result.diskChanges;
    total.comparisons += result.comparisons;
  }
  const { edits, diskChanges, comparisons } = total;
  console.log(
    `${edits} edits, ${diskChanges} of them on disk, seed ${seed}: ${comparisons} comparisons, no difference`,
  );
}

/** The thread's code as one text: a thread compiles no TypeScript by itself. */
function bundle(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, "mutations.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
  });
  return outputFiles[0]!.text;
}

async function mutate(inputs: number): Promise<readonly string[]> {
  const place = new SharedArrayBuffer(8);
  const order: MutationOrder = { seed, inputs, place };
  const worker = new Worker(bundle(), { workerData: order, eval: true });
  const at = new Int32Array(place);
  let last = "";
  let since = performance.now();
  const report = await new Promise<MutationReport | string>((resolve, reject) => {
    const timer = setInterval(() => {
      const now = `${readers[at[0]!]!.name}, seed ${seed}, round ${at[1]}`;
      if (now !== last) {
        last = now;
        since = performance.now();
      } else if (performance.now() - since > HANGING_MILLISECONDS) resolve(`${now}: it hangs`);
    }, 1000);
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => clearInterval(timer));
  });
  await worker.terminate();
  if (typeof report === "string") return [report];
  const megabytes = Math.round(report.peakBytes / 2 ** 20);
  console.log(
    `${report.inputs} spoilt inputs for ${readers.length} readers; slowest ${report.slowest}; peak ${megabytes} MB`,
  );
  return report.failures;
}

const failures: string[] = [];
try {
  await edit(Number(values.edits));
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
}
try {
  const kills = Number(values.kills);
  if (kills > 0) for (const line of await runFaults(seed, kills)) console.log(line);
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
}
failures.push(...(await mutate(Number(values.inputs))));
if (values.growth) {
  const grown = await findGrowth();
  for (const { reader, piece, ratio, unit, milliseconds } of grown) {
    const shown = JSON.stringify(piece.slice(0, 40));
    failures.push(
      `${reader}: twice ${shown} takes ${ratio.toFixed(1)} times the ${unit} (${Math.round(milliseconds)} ms)`,
    );
  }
  console.log(`growth of ${readers.length} readers: ${grown.length} grow faster than their texts`);
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
