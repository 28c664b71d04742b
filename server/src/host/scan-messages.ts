/** What the main thread and its scanning workers say to each other. */

import type { FactBatch, FileStamp } from "../linkage/index/fact-batch.ts";
import type { FileProblem } from "./problems.ts";

/** What a worker is started with. */
export interface ScanWorkerData {
  readonly root: string;
  /** Globs of paths to leave out. */
  readonly exclude: readonly string[];
  /** Give way to the thread that answers questions. */
  readonly isBackground: boolean;
  /** Where the worker says which request it is at, for the case that it dies of it. */
  readonly position: Int32Array;
}

/** A file to read. `request` comes back with its facts, and tells which of two readings is the later. */
export interface FileRequest {
  readonly path: string;
  readonly request: number;
  /** The hash of the contents that the index has facts of. */
  readonly content?: readonly [number, number];
  /** The path did not come from a listing, so it must be asked whether a listing would name it. */
  readonly isUnlisted?: boolean;
}

export type ToScanWorker =
  | { readonly kind: "list"; readonly under: readonly string[]; readonly withStats: boolean }
  | { readonly kind: "scan"; readonly files: readonly FileRequest[] };

/** Part of the answer to "list". */
export interface Listed {
  readonly kind: "listed";
  readonly files: readonly string[];
  readonly buildFiles: readonly string[];
  /** Two entries for each file, as {@link FileStamp.stat}; empty when not asked for. */
  readonly stats: Uint32Array;
  readonly problems: readonly FileProblem[];
}

/** Part of the answer to "scan". */
export interface Scanned {
  readonly kind: "scanned";
  readonly batch: FactBatch;
  /** The requests of the batch's files, in their order. */
  readonly requests: readonly number[];
  /** Files whose contents are those that the index has facts of. */
  readonly unchanged: readonly { readonly path: string; readonly request: number; readonly stamp: FileStamp }[];
  /** Files that are no longer there, or not to be indexed. */
  readonly gone: readonly { readonly path: string; readonly request: number }[];
  readonly problems: readonly FileProblem[];
}

/** The task is done, and the worker waits for the next. */
export interface Done {
  readonly kind: "done";
}

export type FromScanWorker = Listed | Scanned | Done;
