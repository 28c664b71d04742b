/** A client that sends any message, right or wrong, and waits for what comes back. */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Message, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { createTemporaryFolder } from "./temporary-folder.ts";

export interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface RawClient extends AsyncDisposable {
  /** The server's process. */
  readonly pid: number;
  /** The exit code, once the server is gone. */
  readonly gone: Promise<number | undefined>;
  /** Resolves when the tree was indexed. */
  readonly indexed: Promise<void>;
  /** What the server has sent of a notification so far, the oldest first. */
  told(method: string): readonly unknown[];
  /** Resolves with the parameters when the server sends this next, notification or request. */
  next(method: string): Promise<unknown>;
  /** Resolves when the server has sent such a one, by now or later. */
  until(method: string, isWanted: (params: unknown) => boolean): Promise<void>;
  /** Sends a request and gives its answer. */
  ask(method: string, params?: unknown): Promise<Answer>;
  /** Sends requests at once, and right behind them takes all of them back. */
  askAndCancel(method: string, params: unknown, count: number): Promise<Answer[]>;
  tell(method: string, params?: unknown): void;
  /** The usual beginning, with these capabilities. */
  initialize(capabilities?: object): Promise<Answer>;
}

export interface RawClientOptions {
  /** Node's arguments that start the command. Default: the command's source. */
  readonly command?: readonly string[];
  /** The folder of the cache. Default: one of its own. */
  readonly cache?: string;
}

export function startRawClient(root: string, options: RawClientOptions = {}): RawClient {
  const cache = createTemporaryFolder();
  const cli = join(import.meta.dirname, "../../server/src/cli.ts");
  const { command = ["--import=tsx", cli], cache: cachePath = cache.path } = options;
  const child: ChildProcess = spawn(process.execPath, [...command, "server", "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, XDG_CACHE_HOME: cachePath },
  });
  const gone = new Promise<number | undefined>((resolve) => child.once("close", (code) => resolve(code ?? undefined)));
  const writer = new StreamMessageWriter(child.stdin!);
  const waiting = new Map<number, (answer: Answer) => void>();
  const heard = new Map<string, unknown[]>();
  const expecting = new Map<string, ((params: unknown) => void)[]>();
  let reportIndexed = (): void => {};
  const indexed = new Promise<void>((resolve) => {
    reportIndexed = resolve;
  });
  let lastId = 0;
  new StreamMessageReader(child.stdout!).listen((message) => {
    const { id, method } = message as Message & { id?: number; method?: string };
    if (method !== undefined) {
      const { params } = message as Message & { params?: unknown };
      heard.set(method, [...(heard.get(method) ?? []), params]);
      for (const tellOne of expecting.get(method) ?? []) tellOne(params);
      expecting.delete(method);
      const { state } = (method === "weakspot/status" ? params : {}) as { state?: string };
      if (state !== undefined && state !== "indexing") reportIndexed();
      // What the server asks us for, we do not have.
      if (id !== undefined) void writer.write({ jsonrpc: "2.0", id, result: null } as Message);
      return;
    }
    waiting.get(id!)?.(message as Answer);
    waiting.delete(id!);
  });
  const send = (message: object) => void writer.write({ jsonrpc: "2.0", ...message } as Message);

  function ask(method: string, params?: unknown): Promise<Answer> {
    const id = ++lastId;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      send({ id, method, ...(params === undefined ? {} : { params }) });
    });
  }

  const next = (method: string): Promise<unknown> =>
    new Promise((resolve) => expecting.set(method, [...(expecting.get(method) ?? []), resolve]));

  return {
    pid: child.pid!,
    gone,
    indexed,
    told: (method) => heard.get(method) ?? [],
    next,
    async until(method, isWanted) {
      while (!heard.get(method)?.some(isWanted)) await next(method);
    },
    ask,
    askAndCancel(method, params, count) {
      const first = lastId + 1;
      const answers = Array.from({ length: count }, () => ask(method, params));
      for (let id = first; id < first + count; id++) send({ method: "$/cancelRequest", params: { id } });
      return Promise.all(answers);
    },
    tell: (method, params) => send({ method, ...(params === undefined ? {} : { params }) }),
    async initialize(capabilities = {}) {
      const rootUri = pathToFileURL(root).href;
      const answer = await ask("initialize", { processId: process.pid, rootUri, capabilities });
      send({ method: "initialized", params: {} });
      return answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) {
        await ask("shutdown");
        send({ method: "exit" });
      }
      await gone;
      cache[Symbol.dispose]();
    },
  };
}
