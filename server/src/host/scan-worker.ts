/** The entry of a scanning worker: a thread that does the tasks which it is sent. */

import { platform, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type { ScanWorkerData, ToScanWorker } from "./scan-messages.ts";
import { ScanWork } from "./scan-work.ts";

/** As nice(1) has it by default. */
const BACKGROUND_PRIORITY = 10;

const data = workerData as ScanWorkerData;
// Linux takes a process's number for a thread's (setpriority(2), "C library/kernel differences"); elsewhere all threads share one.
if (data.isBackground && platform() === "linux") setPriority(BACKGROUND_PRIORITY);
const port = parentPort!;
const work = new ScanWork(data, (message, transferred) => port.postMessage(message, transferred));
port.on("message", (task: ToScanWorker) => work.run(task));
