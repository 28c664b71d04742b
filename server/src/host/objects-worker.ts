/**
 * The entry of the threads that read objects, archives, maps and images: one bundle for the three, as they share their readers. Which of
 * them a thread is stands in its first argument.
 */

import type { ObjectsWorkerName } from "./start-worker.ts";

const entries: Readonly<Record<ObjectsWorkerName, () => Promise<unknown>>> = {
  "elf-worker": () => import("./elf/worker.ts"),
  "build-worker": () => import("./build/build-worker.ts"),
  "image-worker": () => import("./image-worker.ts"),
};

void entries[process.argv[2] as ObjectsWorkerName]();
