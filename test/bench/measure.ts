/** Runs a command and says what it took, as the system counts it, its threads and children included. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { needTools } from "../support/needed-tools.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

export interface Measured {
  readonly wallSeconds: number;
  /** User and system time together. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly stdout: string;
}

const TIME = "/usr/bin/time";

/** Runs a command to its end; what it writes is read unless it is to be thrown away. Throws when it ends with another status than 0 or `ends`. */
export async function measure(
  command: string,
  args: readonly string[],
  options: { readonly directory?: string; readonly discardOutput?: boolean; readonly ends?: readonly number[] } = {},
): Promise<Measured> {
  await needTools([{ command: TIME, debianPackage: "time" }]);
  using folder = createTemporaryFolder();
  const report = join(folder.path, "time");
  const run = spawnSync(TIME, ["-q", "-o", report, "-f", "%e %U %S %M", command, ...args], {
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
    stdio: ["ignore", options.discardOutput ? "ignore" : "pipe", options.discardOutput ? "ignore" : "inherit"],
    maxBuffer: 1024 * 1024 * 1024,
  });
  if (run.status === null || !(options.ends ?? [0]).includes(run.status))
    throw new Error(`${command} ended with ${run.status ?? run.signal}`);
  const [wall = 0, user = 0, system = 0, kilobytes = 0] = readFileSync(report, "utf8").trim().split(" ").map(Number);
  return {
    wallSeconds: wall,
    cpuSeconds: user + system,
    peakMegabytes: kilobytes / 1000,
    stdout: options.discardOutput ? "" : run.stdout.toString(),
  };
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >>> 1] ?? Number.NaN;
}

/** How many milliseconds some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The value that this share of the values is not above. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}
