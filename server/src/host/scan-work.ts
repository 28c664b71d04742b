/**
 * What a scanning worker does: lists directories and reads files, and sends back facts. It decides nothing: which files, and what
 * becomes of their facts, is the business of who asks. It does not know in which thread it runs.
 */

import { lstatSync } from "node:fs";
import { join } from "node:path";
import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import { batchBuffers, createPacker, type FileStamp, packFile, takeBatch } from "../linkage/index/fact-batch.ts";
import { wordSignature } from "../linkage/index/word-signature.ts";
import { sourceOfBytes } from "../text/source.ts";
import { createFileFilter, listFiles } from "./list-files.ts";
import { describeFailure, type FileProblem, isGone } from "./problems.ts";
import { readFileReused, statPrint } from "./read-file.ts";
import type { FileRequest, FromScanWorker, ScanWorkerData, ToScanWorker } from "./scan-messages.ts";

/** A batch is sent as soon as it has this many rows, so that no message takes the main thread long. */
const MAX_BATCH_ROWS = 4096;

/** A listing is sent as soon as it has this many files. */
const MAX_LISTED_FILES = 1024;

/** Where answers go. What is transferred is no longer the sender's. */
export type SendAnswer = (message: FromScanWorker, transferred: ArrayBuffer[]) => void;

/** One worker: its strings are numbered over all that it answers. */
export class ScanWork {
  readonly #data: ScanWorkerData;
  readonly #answer: SendAnswer;
  readonly #packer = createPacker();

  /** The answer to the task at hand, as far as it is not sent yet. */
  #requests: number[] = [];
  #unchanged: { path: string; request: number; stamp: FileStamp }[] = [];
  #gone: { path: string; request: number }[] = [];
  #problems: FileProblem[] = [];

  constructor(data: ScanWorkerData, answer: SendAnswer) {
    this.#data = data;
    this.#answer = answer;
  }

  /** Does a task, sends what it gives, and last that it is done. */
  run(task: ToScanWorker): void {
    if (task.kind === "list") this.#list(task.under, task.withStats);
    else this.#scan(task.files);
    this.#answer({ kind: "done" }, []);
  }

  #list(under: readonly string[], withStats: boolean): void {
    let files: string[] = [];
    let buildFiles: string[] = [];
    const send = (): void => {
      const stats = withStats ? this.#statAll(files) : new Uint32Array(0);
      this.#answer({ kind: "listed", files, buildFiles, stats, problems: this.#problems }, [
        stats.buffer as ArrayBuffer,
      ]);
      files = [];
      buildFiles = [];
      this.#problems = [];
    };
    for (const listing of listFiles(this.#data.root, under, this.#data.exclude)) {
      for (const path of listing.files) files.push(path);
      for (const path of listing.buildFiles) buildFiles.push(path);
      for (const problem of listing.problems) this.#problems.push(problem);
      if (files.length >= MAX_LISTED_FILES) send();
    }
    send();
  }

  /** What the file system says of each file; 0, 0 where it says nothing, so that the file is read. */
  #statAll(files: readonly string[]): Uint32Array {
    const stats = new Uint32Array(files.length * 2);
    for (const [i, path] of files.entries()) {
      try {
        stats.set(statPrint(lstatSync(join(this.#data.root, path))), i * 2);
      } catch {
        // Reading it will say what is wrong.
      }
    }
    return stats;
  }

  #scan(files: readonly FileRequest[]): void {
    const { root, exclude, position } = this.#data;
    const isListed = files.some((file) => file.isUnlisted) ? createFileFilter(root, exclude) : undefined;
    for (const file of files) {
      Atomics.store(position, 0, file.request);
      if (file.isUnlisted && !isListed!(file.path)) this.#gone.push({ path: file.path, request: file.request });
      else this.#scanFile(file);
      if (this.#packer.rows.count >= MAX_BATCH_ROWS) this.#send();
    }
    this.#send();
  }

  #scanFile({ path, request, content }: FileRequest): void {
    try {
      const file = readFileReused(join(this.#data.root, path));
      if (file.kind === "no file") {
        this.#gone.push({ path, request });
      } else if (file.kind === "too large") {
        this.#gone.push({ path, request });
        this.#problems.push({ path, reason: `too large (${Math.round(file.size / 1024 / 1024)} MB)` });
      } else if (content !== undefined && isSame(file.stamp.content, content)) {
        this.#unchanged.push({ path, request, stamp: file.stamp });
      } else {
        this.#addFacts(path, file.bytes, file.stamp);
        this.#requests.push(request);
      }
    } catch (error) {
      this.#gone.push({ path, request });
      if (!isGone(error)) this.#problems.push({ path, reason: describeFailure(error) });
    }
  }

  #addFacts(path: string, bytes: Uint8Array, stamp: FileStamp): void {
    const source = sourceOfBytes(bytes);
    if (source === undefined) {
      this.#problems.push({ path, reason: "a binary file" });
      packFile(this.#packer, path, stamp, readFacts(path, emptySource), new Uint32Array(0));
      return;
    }
    if (languageOf(path, source) === undefined) {
      // By its name it might have been a version script. Its words mean nothing to a linker.
      packFile(this.#packer, path, stamp, readFacts(path, emptySource), new Uint32Array(0));
      return;
    }
    const signature = wordSignature(source.codes, source.length);
    try {
      packFile(this.#packer, path, stamp, readFacts(path, source), signature);
    } catch (error) {
      // A mistake in a parser costs that file's facts. Its words are still known, so that nothing is overlooked.
      this.#problems.push({
        path,
        reason: `could not be read: ${error instanceof Error ? error.stack : String(error)}`,
      });
      packFile(this.#packer, path, stamp, readFacts(path, emptySource), signature);
    }
  }

  #send(): void {
    const batch = takeBatch(this.#packer);
    const rest = { requests: this.#requests, unchanged: this.#unchanged, gone: this.#gone, problems: this.#problems };
    this.#answer({ kind: "scanned", batch, ...rest }, batchBuffers(batch));
    this.#requests = [];
    this.#unchanged = [];
    this.#gone = [];
    this.#problems = [];
  }
}

const emptySource = { codes: new Uint8Array(0), length: 0, slice: () => "" };

function isSame(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
