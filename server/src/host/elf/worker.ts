/**
 * The entry of the worker thread that reads objects: takes one task after the other and hands back buffers. It must not keep
 * anything between tasks.
 */

import { parentPort } from "node:worker_threads";
import { archiveBuffers } from "./archive.ts";
import { listObjectsOf, readArchiveFile } from "./list-objects.ts";
import { buffersOf, packObject } from "./object-symbols.ts";
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
      const read = await readObject(task.place, { relocations, known, checkCancelled });
      if (read === undefined) return { result: read, buffers: [] };
      const result = { ...read, symbols: packObject(read.symbols) };
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

async function answer({ id, task, cancelled }: ElfRequest): Promise<[ElfResponse, ArrayBuffer[]]> {
  const checkCancelled = () => {
    if (cancelled !== undefined && Atomics.load(cancelled, 0) !== 0) throw new Error("cancelled");
  };
  try {
    checkCancelled();
    const { result, buffers } = await perform(task, checkCancelled);
    return [{ id, result }, buffers];
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return [{ id, error: { message: message ?? String(error), code } }, []];
  }
}

/** How long an answer may wait for those to the other requests that came with its own, in milliseconds. */
const MAX_DELAY = 5;

async function answerAll(requests: readonly ElfRequest[]): Promise<void> {
  let responses: ElfResponse[] = [];
  let buffers: ArrayBuffer[] = [];
  let sent = performance.now();
  for (const [index, request] of requests.entries()) {
    const [response, own] = await answer(request);
    responses.push(response);
    buffers.push(...own);
    if (index < requests.length - 1 && performance.now() - sent < MAX_DELAY) continue;
    parentPort?.postMessage(responses, buffers);
    responses = [];
    buffers = [];
    sent = performance.now();
  }
}

let last = Promise.resolve();
parentPort?.on("message", (requests: readonly ElfRequest[]) => {
  last = last.then(() => answerAll(requests));
});
