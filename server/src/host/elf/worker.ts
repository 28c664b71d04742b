/**
 * The entry of the worker thread that reads objects: takes one task after the other and hands back buffers. It must not keep
 * anything between tasks.
 */

import { parentPort } from "node:worker_threads";
import { archiveBuffers } from "./archive.ts";
import { listObjectsOf, readArchiveFile } from "./list-objects.ts";
import { buffersOf } from "./object-symbols.ts";
import { readObject } from "./read-objects.ts";
import { buffersOfCounts } from "./relocation-counts.ts";
import type { ElfRequest, ElfResponse, ElfTask } from "./worker-messages.ts";

/** What a task gives, and the buffers that go with it. */
interface Outcome {
  readonly result: Extract<ElfResponse, { result: unknown }>["result"];
  readonly buffers: ArrayBuffer[];
}

async function perform(task: ElfTask, checkCancelled: () => void): Promise<Outcome> {
  switch (task.kind) {
    case "read": {
      const { relocations, known } = task;
      const result = await readObject(task.place, { relocations, known, checkCancelled });
      if (result === undefined) return { result, buffers: [] };
      return { result, buffers: [...buffersOf(result.symbols), ...buffersOfCounts(result.counts)] };
    }
    case "archive": {
      const archive = readArchiveFile(task.path, checkCancelled);
      if (archive === undefined) return { result: "no archive", buffers: [] };
      if (archive.identity === task.known) return { result: undefined, buffers: [] };
      return { result: archive, buffers: archiveBuffers(archive) };
    }
    case "list":
      return { result: listObjectsOf(task.path, checkCancelled), buffers: [] };
  }
}

async function answer({ id, task, cancelled }: ElfRequest): Promise<void> {
  const checkCancelled = () => {
    if (cancelled !== undefined && Atomics.load(cancelled, 0) !== 0) throw new Error("cancelled");
  };
  try {
    checkCancelled();
    const { result, buffers } = await perform(task, checkCancelled);
    parentPort?.postMessage({ id, result } satisfies ElfResponse, buffers);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    parentPort?.postMessage({ id, error: { message: message ?? String(error), code } } satisfies ElfResponse);
  }
}

let last = Promise.resolve();
parentPort?.on("message", (request: ElfRequest) => {
  last = last.then(() => answer(request));
});
