/**
 * In the place of start-worker.ts in the browser: the scanning worker as a task of the same thread, between others. The files are in
 * this thread's memory, so no other could read them. Objects of a build are not read in the browser.
 */

import { EventEmitter } from "node:events";
import type { ScanWorkerData, ToScanWorker } from "../host/scan-messages.ts";
import { ScanWork } from "../host/scan-work.ts";

/** One number that who starts a worker can look at. Nobody writes it meanwhile, as there is one thread. */
export function sharedCell(): Int32Array {
  return new Int32Array(1);
}

/** A worker of that name; throws where there is none in the browser. */
export function startWorker(name: string, options: { readonly workerData?: unknown }): InlineWorker {
  if (name !== "scan-worker") throw new Error("objects are not read in the browser");
  return new InlineWorker(options.workerData as ScanWorkerData);
}

class InlineWorker extends EventEmitter {
  readonly #work: ScanWork;
  #isEnded = false;

  constructor(data: ScanWorkerData) {
    super();
    this.#work = new ScanWork(data, (message) => {
      if (!this.#isEnded) this.emit("message", message);
    });
  }

  postMessage(task: ToScanWorker): void {
    setTimeout(() => {
      if (!this.#isEnded) this.#work.run(task);
    }, 0);
  }

  terminate(): Promise<number> {
    this.#isEnded = true;
    return Promise.resolve(0);
  }
}
