/**
 * Starts worker threads, from the bundle as it is shipped or from the sources as tests run them. It knows where the
 * entries are, and nothing of what they do.
 */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** The workers' entries: the name of the bundle in dist/, and the source relative to this folder. */
const entries = {
  "scan-worker": "scan-worker.ts",
  "elf-worker": "elf/worker.ts",
} as const;

export type WorkerName = keyof typeof entries;

/**
 * Starts a worker of that name. The caller listens for its messages and errors, and terminates it.
 *
 * The build replaces `import.meta.dirname` and `import.meta.filename` by what CommonJS calls them, so that the same lines
 * find `dist/<name>.cjs` beside the running bundle.
 */
export function startWorker(name: WorkerName, options: WorkerOptions = {}): Worker {
  if (!import.meta.filename.endsWith(".ts")) return new Worker(join(import.meta.dirname, `${name}.cjs`), options);
  const entry = pathToFileURL(join(import.meta.dirname, entries[name])).href;
  return new Worker(join(import.meta.dirname, "worker-from-source.mjs"), { ...options, argv: [entry] });
}
