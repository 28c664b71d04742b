/**
 * Starts worker threads, from the bundle as it is shipped or from the sources as tests run them. It knows where the
 * entries are, and nothing of what they do.
 */

import { createRequire } from "node:module";
import { join } from "node:path";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** The workers' entries, relative to this folder. */
const sources = {
  "scan-worker": "scan-worker.ts",
  "elf-worker": "elf/worker.ts",
  "build-worker": "build/build-worker.ts",
  "image-worker": "image-worker.ts",
} as const;

export type WorkerName = keyof typeof sources;

/** Those that read what a build has left, which dist/ has in one bundle (objects-worker.ts). */
export type ObjectsWorkerName = Exclude<WorkerName, "scan-worker">;

/**
 * Starts a worker of that name. The caller listens for its messages and errors, and terminates it.
 *
 * The build replaces `import.meta.dirname` and `import.meta.filename` by what CommonJS calls them, so that the same lines
 * find the worker's bundle beside the running one.
 */
export function startWorker(name: WorkerName, options: WorkerOptions = {}): Worker {
  if (import.meta.filename.endsWith(".ts")) return new Worker(bundleSource(name), { ...options, eval: true });
  const bundle = name === "scan-worker" ? name : "objects-worker";
  return new Worker(join(import.meta.dirname, `${bundle}.cjs`), { ...options, argv: [name] });
}

/** One number that a worker and who started it both see, for Atomics. */
export function sharedCell(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

const bundles = new Map<WorkerName, string>();

/**
 * A worker's bundle, made of the sources on the spot. It starts ten times as fast as one that compiles each module, and it
 * is the same code that is shipped.
 */
function bundleSource(name: WorkerName): string {
  let bundle = bundles.get(name);
  if (bundle === undefined) {
    // Loaded only here, as esbuild is no part of what is shipped.
    const { buildSync } = createRequire(import.meta.filename)("esbuild") as typeof import("esbuild");
    const { outputFiles } = buildSync({
      entryPoints: [join(import.meta.dirname, sources[name])],
      bundle: true,
      write: false,
      platform: "node",
      format: "cjs",
      target: "node20",
      define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    });
    bundle = outputFiles[0]!.text;
    bundles.set(name, bundle);
  }
  return bundle;
}
