/** Node's globals, put before the bundle for the browser. */

import { Buffer as BrowserBuffer } from "buffer/index.js";

export const Buffer = BrowserBuffer;

export const process = {
  env: {},
  argv: [],
  platform: "browser",
  version: "none (a browser)",
  versions: {},
  pid: 0,
  cwd: () => "/",
  umask: () => 0,
  memoryUsage: () => ({ rss: 0, heapUsed: 0 }),
  nextTick: (work: (...values: unknown[]) => void, ...values: unknown[]) => queueMicrotask(() => work(...values)),
  on: () => process,
  off: () => process,
  emitWarning: () => undefined,
};

export const global = globalThis;

/** A timer of Node's is an object; in a page nothing is kept alive by one. */
class Timer {
  readonly id: number;

  constructor(id: unknown) {
    this.id = id as number;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

const idOf = (timer: unknown): number => (timer instanceof Timer ? timer.id : (timer as number));

export const setTimeout = (work: (...values: unknown[]) => void, milliseconds?: number, ...values: unknown[]): Timer =>
  new Timer(globalThis.setTimeout(work, milliseconds, ...values));
export const setInterval = (work: (...values: unknown[]) => void, milliseconds?: number): Timer =>
  new Timer(globalThis.setInterval(work, milliseconds));
export const clearTimeout = (timer: unknown): void => globalThis.clearTimeout(idOf(timer));
export const clearInterval = (timer: unknown): void => globalThis.clearInterval(idOf(timer));
export const setImmediate = (work: (...values: unknown[]) => void, ...values: unknown[]): Timer =>
  setTimeout(work, 0, ...values);
export const clearImmediate = clearTimeout;
