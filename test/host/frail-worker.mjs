// A worker for tests of the pool: it answers as the real one does, but dies of some files' names.
import { parentPort, workerData } from "node:worker_threads";

const empty = () => new Uint32Array(0);

parentPort.on("message", (task) => {
  if (task.kind === "list" && task.under.includes("deadly")) process.exit(1);
  if (task.kind === "list") {
    parentPort.postMessage({ kind: "listed", files: ["a.c"], buildFiles: [], stats: empty(), problems: [] });
  } else {
    for (const { path, request } of task.files) {
      Atomics.store(workerData.position, 0, request);
      if (path === "exit.c") process.exit(1);
      if (path === "throw.c") throw new Error("broken");
      if (path === "memory.c") for (const all = []; ; ) all.push(new Array(1000).fill(all.length));
      if (path === "hang.c") for (;;);
      const rows = { count: 0, name: empty(), start: empty(), shape: empty(), condition: empty(), detail: empty() };
      const batch = { files: [], stringBytes: new Uint8Array(0), stringEnds: empty(), rows, signatures: empty() };
      const gone = [{ path, request }];
      parentPort.postMessage({ kind: "scanned", batch, requests: [], unchanged: [], gone, problems: [] });
    }
  }
  parentPort.postMessage({ kind: "done" });
});
