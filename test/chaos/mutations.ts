/** Spoilt inputs of every kind: no reader throws, and none takes longer than people wait. For a thread of its own, which may hang. */

import { parentPort, workerData } from "node:worker_threads";
import { createRandom } from "../support/random.ts";
import { type Reader, readers } from "./readers.ts";
import { spoil } from "./spoil.ts";

export interface MutationOrder {
  readonly seed: number;
  /** How many inputs in all. */
  readonly inputs: number;
  /** Where the thread says what it is at: the reader's number and the round. */
  readonly place: SharedArrayBuffer;
}

export interface MutationReport {
  readonly inputs: number;
  /** One sentence for each failure. */
  readonly failures: readonly string[];
  readonly slowest: string;
  readonly peakBytes: number;
}

const SLOW_MILLISECONDS = 2000;

/** The text of a round, the same in every run. */
export function inputOf(reader: Reader, seed: number, round: number): string {
  return spoil(
    reader.seed,
    reader.pieces,
    createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b)),
  );
}

function run({ seed, inputs, place }: MutationOrder): MutationReport {
  const at = new Int32Array(place);
  const failures: string[] = [];
  const rounds = Math.ceil(inputs / readers.length);
  let slowest = { name: "", milliseconds: 0 };
  for (const [number, reader] of readers.entries()) {
    for (let round = 0; round < rounds; round++) {
      Atomics.store(at, 0, number);
      Atomics.store(at, 1, round);
      const name = `${reader.name}, seed ${seed}, round ${round}`;
      const start = process.cpuUsage();
      try {
        reader.read(inputOf(reader, seed, round));
      } catch (error) {
        failures.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
      }
      const { user, system } = process.cpuUsage(start);
      const milliseconds = (user + system) / 1000;
      if (milliseconds > SLOW_MILLISECONDS) failures.push(`${name}: ${Math.round(milliseconds)} ms`);
      if (milliseconds > slowest.milliseconds) slowest = { name, milliseconds };
    }
  }
  return {
    inputs: rounds * readers.length,
    failures,
    slowest: `${slowest.name}: ${Math.round(slowest.milliseconds)} ms`,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

parentPort?.postMessage(run(workerData as MutationOrder));
