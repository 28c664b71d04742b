/**
 * Worker threads that list directories and read files, and a queue of what they are to do. A worker that dies, runs out of
 * memory or does not come back from a file costs that file and nothing else. It knows nothing of the index.
 */

import type { Worker, WorkerOptions } from "node:worker_threads";
import { createStringMapping, type StringMapping } from "../linkage/index/fact-batch.ts";
import type { FileProblem } from "./problems.ts";
import type { FileRequest, FromScanWorker, Listed, Scanned, ScanWorkerData, ToScanWorker } from "./scan-messages.ts";
import { sharedCell, startWorker } from "./start-worker.ts";

export interface ScanPoolOptions {
  readonly root: string;
  readonly exclude: readonly string[];
  readonly threads: number;
  /** The threads give way to whoever asks the index meanwhile. */
  readonly isBackground?: boolean;
  /** Starts a worker that understands {@link ToScanWorker}; by default the one that reads files. */
  readonly start?: (options: WorkerOptions) => Worker;
  /** A worker that takes longer than this over one file is ended; 60 s by default. */
  readonly stuckMilliseconds?: number;
  /** Facts have come. The mapping is the one of the worker's strings, and batches of one worker come in their order. */
  onScanned(scanned: Scanned, strings: StringMapping): void;
  /** False while whoever takes the facts can't keep up. Then nothing more is read until {@link ScanPool.resume}. */
  mayGoOn?(): boolean;
  /** A file can't be indexed. */
  onProblem(problem: FileProblem): void;
  /** A file is not to be had, because no worker survives it. */
  onLost(file: FileRequest): void;
  /** Called whenever nothing is left to do. */
  onIdle(): void;
}

export interface ScanPool {
  /** Queues files to read; urgent ones go before all others. */
  scan(files: readonly FileRequest[], isUrgent?: boolean): void;
  /** Lists directories, before any reading that is still queued. Calls back with each part; resolves after the last. */
  list(under: readonly string[], withStats: boolean, onListed: (listed: Listed) => void): Promise<void>;
  readonly isIdle: boolean;
  /** Goes on with what is queued, if it may. */
  resume(): void;
  /** Hands out nothing more, and ends the threads when they have done what they are at. What is queued stays queued. */
  pause(): void;
  /** Ends the pause. */
  proceed(): void;
  /** Ends all workers at once. Nothing is called back any more. */
  dispose(): Promise<void>;
}

/** How many files a worker is given at once: enough that asking costs nothing, few enough that both end together. */
const FILES_PER_TASK = 48;

/**
 * While fewer files wait than these, one worker reads them: another would take longer to start and to be compiled than what it
 * saves, and its heap stays.
 */
const FILES_WORTH_A_THREAD = 2000;

/** Workers without work are ended after this long: their memory is worth more than the tenth of a second to start one. */
const IDLE_MILLISECONDS = 3000;

/** The position of a worker that has not come to its task yet, be it because it is still starting. */
const NOT_BEGUN = -1;

/** When so many workers in a row have died of nothing that was asked of them, starting more of them will not help. */
const MAX_FRUITLESS_DEATHS = 3;

/** Keeps a worker's garbage from counting as the tree's. A file that needs more ends the worker, and is left out. */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 1024 };

interface ListTask {
  readonly kind: "list";
  readonly message: ToScanWorker;
  readonly onListed: (listed: Listed) => void;
  readonly onDone: () => void;
}

interface ScanTask {
  readonly kind: "scan";
  readonly files: readonly FileRequest[];
}

interface Thread {
  worker: Worker;
  readonly position: Int32Array;
  strings: StringMapping;
  /** What it is at, and what it does next, so that it never waits for the main thread. */
  tasks: (ListTask | ScanTask)[];
  /** The request it was at when it was last looked at, and since when. */
  seenPosition: number;
  seenAt: number;
}

export function createScanPool(options: ScanPoolOptions): ScanPool {
  return new ScanThreads(options);
}

class ScanThreads implements ScanPool {
  readonly #options: ScanPoolOptions;
  readonly #start: (options: WorkerOptions) => Worker;
  readonly #stuckMilliseconds: number;
  readonly #threads: Thread[] = [];
  readonly #lists: ListTask[] = [];
  readonly #urgent: FileRequest[] = [];
  #queue: FileRequest[] = [];
  #next = 0;
  #fruitlessDeaths = 0;
  #isDisposed = false;
  #isPaused = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #stuckTimer: NodeJS.Timeout | undefined;

  constructor(options: ScanPoolOptions) {
    this.#options = options;
    const { start = (workerOptions) => startWorker("scan-worker", workerOptions), stuckMilliseconds = 60_000 } =
      options;
    this.#start = start;
    this.#stuckMilliseconds = stuckMilliseconds;
  }

  scan(files: readonly FileRequest[], isUrgent: boolean | undefined = false) {
    if (isUrgent) this.#urgent.push(...files);
    else this.#queue = this.#next === 0 && this.#queue.length === 0 ? [...files] : this.#queue.concat(files);
    this.#feed();
  }

  list(under: readonly string[], withStats: boolean, onListed: (listed: Listed) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#lists.push({ kind: "list", message: { kind: "list", under, withStats }, onListed, onDone: resolve });
      this.#feed();
    });
  }

  get isIdle() {
    return this.#isIdle();
  }

  resume() {
    if (this.#isWorkLeft()) this.#feed();
  }

  pause() {
    this.#isPaused = true;
    this.#feed();
  }

  proceed() {
    this.#isPaused = false;
    this.#feed();
  }

  async dispose() {
    this.#isDisposed = true;
    clearTimeout(this.#idleTimer);
    clearInterval(this.#stuckTimer);
    const unfinished = [...this.#lists.splice(0), ...this.#threads.flatMap((thread) => thread.tasks)];
    await this.#endAllThreads();
    for (const task of unfinished) if (task.kind === "list") task.onDone();
  }

  #takeTask(): ListTask | ScanTask | undefined {
    const list = this.#lists.shift();
    if (list !== undefined) return list;
    if (this.#urgent.length > 0) return { kind: "scan", files: this.#urgent.splice(0, FILES_PER_TASK) };
    if (this.#next >= this.#queue.length) return undefined;
    // Towards the end the tasks get smaller, so that no worker is left alone with a large one.
    const share = Math.ceil((this.#queue.length - this.#next) / (this.#options.threads * 4));
    const files = this.#queue.slice(this.#next, this.#next + Math.max(1, Math.min(FILES_PER_TASK, share)));
    this.#next += files.length;
    if (this.#next === this.#queue.length) {
      this.#queue = [];
      this.#next = 0;
    }
    return { kind: "scan", files };
  }

  #isWorkLeft(): boolean {
    return this.#lists.length > 0 || this.#urgent.length > 0 || this.#next < this.#queue.length;
  }

  #isIdle(): boolean {
    return !this.#isWorkLeft() && this.#threads.every((thread) => thread.tasks.length === 0);
  }

  #threadsWorthwhile(): number {
    const waiting = this.#urgent.length + this.#queue.length - this.#next;
    return waiting < FILES_WORTH_A_THREAD ? 1 : this.#options.threads;
  }

  /** Gives work to every thread that has none, starting threads as long as there is more. */
  #feed(): void {
    if (this.#isDisposed) return;
    clearTimeout(this.#idleTimer);
    const isHeld = this.#isPaused || (this.#lists.length === 0 && this.#options.mayGoOn?.() === false);
    if (!isHeld) this.#giveAll();
    if (this.#isPaused ? this.#threads.some((thread) => thread.tasks.length > 0) : !this.#isIdle()) {
      this.#stuckTimer ??= setInterval(() => this.#endStuckThreads(), this.#stuckMilliseconds / 4).unref();
      return;
    }
    clearInterval(this.#stuckTimer);
    this.#stuckTimer = undefined;
    this.#idleTimer = setTimeout(() => this.#endAllThreads(), IDLE_MILLISECONDS).unref();
  }

  #giveAll(): void {
    for (const thread of this.#threads) if (thread.tasks.length === 0) this.#give(thread);
    while (this.#threads.length < this.#threadsWorthwhile() && this.#isWorkLeft()) this.#give(this.#startThread());
    for (const thread of this.#threads)
      if (thread.tasks.length === 1 && thread.tasks[0]!.kind === "scan") this.#give(thread);
  }

  #give(thread: Thread): void {
    const task = this.#takeTask();
    if (task === undefined) return;
    if (thread.tasks.length === 0) {
      Atomics.store(thread.position, 0, NOT_BEGUN);
      thread.seenPosition = NOT_BEGUN;
      thread.seenAt = Date.now();
    }
    thread.tasks.push(task);
    const message: ToScanWorker = task.kind === "list" ? task.message : { kind: "scan", files: task.files };
    thread.worker.postMessage(message);
  }

  #startThread(): Thread {
    const position = sharedCell();
    const { root, exclude, isBackground = false } = this.#options;
    const worker = this.#start({
      workerData: { root, exclude, isBackground, position } satisfies ScanWorkerData,
      resourceLimits: WORKER_LIMITS,
    });
    const thread: Thread = {
      worker,
      position,
      strings: createStringMapping(),
      tasks: [],
      seenPosition: NOT_BEGUN,
      seenAt: 0,
    };
    worker.on("message", (message: FromScanWorker) => {
      if (this.#isDisposed || !this.#threads.includes(thread)) return;
      if (message.kind === "done") this.#finish(thread);
      else if (message.kind === "listed") this.#receiveListed(thread, message);
      else this.#receiveScanned(thread, message);
    });
    worker.on("error", (error) => this.#bury(thread, error));
    worker.on("exit", () => this.#bury(thread, undefined));
    this.#threads.push(thread);
    return thread;
  }

  #receiveListed(thread: Thread, listed: Listed): void {
    for (const problem of listed.problems) this.#options.onProblem(problem);
    const task = thread.tasks[0];
    if (task?.kind === "list") task.onListed(listed);
  }

  #receiveScanned(thread: Thread, scanned: Scanned): void {
    for (const problem of scanned.problems) this.#options.onProblem(problem);
    this.#fruitlessDeaths = 0;
    const answered = new Set(scanned.requests);
    for (const { request } of scanned.unchanged) answered.add(request);
    for (const { request } of scanned.gone) answered.add(request);
    // What is left of the task is what would have to be done again.
    const task = thread.tasks[0];
    if (task?.kind === "scan") {
      thread.tasks[0] = { kind: "scan", files: task.files.filter((file) => !answered.has(file.request)) };
    }
    this.#options.onScanned(scanned, thread.strings);
  }

  #finish(thread: Thread): void {
    const task = thread.tasks.shift();
    this.#feed();
    if (task?.kind === "list") task.onDone();
    if (this.#isIdle()) this.#options.onIdle();
  }

  /** A thread has ended by itself: leaves out the file that it was at, and has the others read by another. */
  #bury(thread: Thread, error: Error | undefined): void {
    const at = this.#threads.indexOf(thread);
    if (this.#isDisposed || at < 0) return;
    this.#threads.splice(at, 1);
    const reason = error === undefined ? "reading it did not end" : `reading it failed: ${error.message}`;
    const { tasks } = thread;
    thread.tasks = [];
    const files: FileRequest[] = [];
    for (const task of tasks) {
      if (task.kind === "scan") {
        files.push(...task.files);
      } else {
        this.#options.onProblem({ path: "", reason: `listing failed: ${error?.message ?? "the worker ended"}` });
        task.onDone();
      }
    }
    const culprit = Atomics.load(thread.position, 0);
    const isFruitless = !files.some((file) => file.request === culprit);
    this.#fruitlessDeaths = isFruitless ? this.#fruitlessDeaths + 1 : 0;
    if (this.#fruitlessDeaths < MAX_FRUITLESS_DEATHS) {
      this.#lose(
        files.filter((file) => file.request === culprit),
        reason,
      );
      this.#urgent.push(...files.filter((file) => file.request !== culprit));
    } else {
      this.#lose([...files, ...this.#urgent.splice(0), ...this.#queue.splice(this.#next)], reason);
    }
    this.#feed();
    if (this.#isIdle()) this.#options.onIdle();
  }

  #lose(files: readonly FileRequest[], reason: string): void {
    for (const file of files) {
      this.#options.onProblem({ path: file.path, reason });
      this.#options.onLost(file);
    }
  }

  #endStuckThreads(): void {
    const now = Date.now();
    for (const thread of [...this.#threads]) {
      if (thread.tasks[0]?.kind !== "scan") continue;
      const position = Atomics.load(thread.position, 0);
      if (position !== thread.seenPosition) {
        thread.seenPosition = position;
        thread.seenAt = now;
      } else if (position !== NOT_BEGUN && now - thread.seenAt > this.#stuckMilliseconds) {
        thread.worker.terminate();
      }
    }
  }

  #endAllThreads(): Promise<unknown> {
    const ended = this.#threads.splice(0).map((thread) => thread.worker.terminate());
    return Promise.all(ended);
  }
}
