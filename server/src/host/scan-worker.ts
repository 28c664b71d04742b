/**
 * The entry of a scanning worker: lists directories and reads files, and sends back facts. It decides nothing: which files,
 * and what becomes of their facts, is the main thread's business.
 */

import { lstatSync } from "node:fs";
import { platform, setPriority } from "node:os";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import { batchBuffers, createPacker, type FileStamp, packFile, takeBatch } from "../linkage/index/fact-batch.ts";
import { wordSignature } from "../linkage/index/word-signature.ts";
import { sourceOfBytes } from "../text/source.ts";
import { createFileFilter, listFiles } from "./list-files.ts";
import { describeFailure, type FileProblem, isGone } from "./problems.ts";
import { readFileReused, statPrint } from "./read-file.ts";
import type { Done, FileRequest, Listed, Scanned, ScanWorkerData, ToScanWorker } from "./scan-messages.ts";

/** A batch is sent as soon as it has this many rows, so that no message takes the main thread long. */
const MAX_BATCH_ROWS = 4096;

/** A listing is sent as soon as it has this many files. */
const MAX_LISTED_FILES = 1024;

/** As nice(1) has it by default. */
const BACKGROUND_PRIORITY = 10;

const { root, exclude, isBackground, position } = workerData as ScanWorkerData;
// Linux takes a process's number for a thread's (setpriority(2), "C library/kernel differences"); elsewhere all threads share one.
if (isBackground && platform() === "linux") setPriority(BACKGROUND_PRIORITY);
const port = parentPort!;
const packer = createPacker();

/** The answer to the task at hand, as far as it is not sent yet. */
let requests: number[] = [];
let unchanged: { path: string; request: number; stamp: FileStamp }[] = [];
let gone: { path: string; request: number }[] = [];
let problems: FileProblem[] = [];

port.on("message", (task: ToScanWorker) => {
  if (task.kind === "list") list(task.under, task.withStats);
  else scan(task.files);
  port.postMessage({ kind: "done" } satisfies Done);
});

function list(under: readonly string[], withStats: boolean): void {
  let files: string[] = [];
  let buildFiles: string[] = [];
  const send = (): void => {
    const stats = withStats ? statAll(files) : new Uint32Array(0);
    const listed: Listed = { kind: "listed", files, buildFiles, stats, problems };
    port.postMessage(listed, [stats.buffer as ArrayBuffer]);
    files = [];
    buildFiles = [];
    problems = [];
  };
  for (const listing of listFiles(root, under, exclude)) {
    for (const path of listing.files) files.push(path);
    for (const path of listing.buildFiles) buildFiles.push(path);
    for (const problem of listing.problems) problems.push(problem);
    if (files.length >= MAX_LISTED_FILES) send();
  }
  send();
}

/** What the file system says of each file; 0, 0 where it says nothing, so that the file is read. */
function statAll(files: readonly string[]): Uint32Array {
  const stats = new Uint32Array(files.length * 2);
  for (const [i, path] of files.entries()) {
    try {
      stats.set(statPrint(lstatSync(join(root, path))), i * 2);
    } catch {
      // Reading it will say what is wrong.
    }
  }
  return stats;
}

function scan(files: readonly FileRequest[]): void {
  const isListed = files.some((file) => file.isUnlisted) ? createFileFilter(root, exclude) : undefined;
  for (const file of files) {
    Atomics.store(position, 0, file.request);
    if (file.isUnlisted && !isListed!(file.path)) gone.push({ path: file.path, request: file.request });
    else scanFile(file);
    if (packer.rows.count >= MAX_BATCH_ROWS) send();
  }
  send();
}

function scanFile({ path, request, content }: FileRequest): void {
  try {
    const file = readFileReused(join(root, path));
    if (file.kind === "no file") {
      gone.push({ path, request });
    } else if (file.kind === "too large") {
      gone.push({ path, request });
      problems.push({ path, reason: `too large (${Math.round(file.size / 1024 / 1024)} MB)` });
    } else if (content !== undefined && isSame(file.stamp.content, content)) {
      unchanged.push({ path, request, stamp: file.stamp });
    } else {
      addFacts(path, file.bytes, file.stamp);
      requests.push(request);
    }
  } catch (error) {
    gone.push({ path, request });
    if (!isGone(error)) problems.push({ path, reason: describeFailure(error) });
  }
}

function addFacts(path: string, bytes: Uint8Array, stamp: FileStamp): void {
  const source = sourceOfBytes(bytes);
  if (source === undefined) {
    problems.push({ path, reason: "a binary file" });
    packFile(packer, path, stamp, readFacts(path, emptySource), new Uint32Array(0));
    return;
  }
  if (languageOf(path, source) === undefined) {
    // By its name it might have been a version script. Its words mean nothing to a linker.
    packFile(packer, path, stamp, readFacts(path, emptySource), new Uint32Array(0));
    return;
  }
  const signature = wordSignature(source.codes, source.length);
  try {
    packFile(packer, path, stamp, readFacts(path, source), signature);
  } catch (error) {
    // A mistake in a parser costs that file's facts. Its words are still known, so that nothing is overlooked.
    problems.push({ path, reason: `could not be read: ${error instanceof Error ? error.stack : String(error)}` });
    packFile(packer, path, stamp, readFacts(path, emptySource), signature);
  }
}

const emptySource = { codes: new Uint8Array(0), length: 0, slice: () => "" };

function send(): void {
  const batch = takeBatch(packer);
  port.postMessage(
    { kind: "scanned", batch, requests, unchanged, gone, problems } satisfies Scanned,
    batchBuffers(batch),
  );
  requests = [];
  unchanged = [];
  gone = [];
  problems = [];
}

function isSame(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
