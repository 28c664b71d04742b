/**
 * The server's bundle for the browser in a thread that has what a browser's worker has, and none of Node's modules: they are
 * hidden from it, so that a bundle that needs one fails.
 */

import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { build } from "esbuild";
import { webServerOptions } from "../../scripts/bundle.mjs";
import type { FileNews } from "../../server/src/web/files.ts";

export interface BrowserWorker extends AsyncDisposable {
  ask<T>(method: string, params: unknown): Promise<T>;
  tell(method: string, params: unknown): void;
  /** The next notification for which `suits` holds. What came before it is not looked at again. */
  heard<T>(method: string, suits: (params: T) => boolean): Promise<T>;
  /** Puts files into the server's memory, or takes them away. Resolves when it is done. */
  put(files: Readonly<Record<string, string | undefined>>): Promise<void>;
}

/** What a worker's global scope offers, made of what a thread has. */
const SCOPE = `
  const { parentPort } = require("node:worker_threads");
  const listeners = [];
  globalThis.self = globalThis;
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  globalThis.addEventListener = (_type, listener) => listeners.push(listener);
  parentPort.on("message", (data) => {
    const { onmessage } = globalThis;
    if (onmessage) onmessage({ data });
    else for (const listener of listeners) listener({ data });
  });
`;
const HIDDEN = ["require", "module", "process", "Buffer", "setImmediate", "global", "__dirname", "__filename"];

let bundled: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({ ...webServerOptions, write: false, sourcemap: false });
  return outputFiles![0]!.text;
}

export async function startBrowserWorker(): Promise<BrowserWorker> {
  const text = await (bundled ??= bundle());
  const worker = new Worker(`${SCOPE}(function (${HIDDEN.join(", ")}) {${text}\n})();`, { eval: true });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ files: port2 }, [port2]);
  const answers = new Map<number, (result: unknown) => void>();
  const told: { method: string; params: unknown }[] = [];
  let tellNews = (): void => {};
  let last = 0;
  worker.on("message", ({ id, method, params, result }) => {
    if (method === undefined) return answers.get(id)?.(result);
    told.push({ method, params });
    tellNews();
    // What the server asks us for, we do not have.
    if (id !== undefined) worker.postMessage({ jsonrpc: "2.0", id, result: null });
  });
  return {
    ask: (method, params) =>
      new Promise((resolve) => {
        const id = ++last;
        answers.set(id, resolve as (result: unknown) => void);
        worker.postMessage({ jsonrpc: "2.0", id, method, params });
      }),
    tell: (method, params) => worker.postMessage({ jsonrpc: "2.0", method, params }),
    async heard<T>(method: string, suits: (params: T) => boolean): Promise<T> {
      for (;;) {
        const at = told.findIndex((one) => one.method === method && suits(one.params as T));
        if (at >= 0) return told.splice(0, at + 1)[at]!.params as T;
        await new Promise<void>((resolve) => {
          tellNews = resolve;
        });
      }
    },
    put: (files) => put(port1, files),
    async [Symbol.asyncDispose]() {
      port1.close();
      await worker.terminate();
    },
  };
}

async function put(port: MessagePort, files: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const news: FileNews =
      text === undefined ? { kind: "delete", path } : { kind: "write", path, bytes: new TextEncoder().encode(text) };
    port.postMessage(news);
  }
  const done = new Promise((resolve) => port.once("message", resolve));
  port.postMessage({ kind: "flush", number: 1 } satisfies FileNews);
  await done;
}
