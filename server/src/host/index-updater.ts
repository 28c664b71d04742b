/**
 * Keeps the facts of an index equal to the files on disk: has files read, takes their facts over in slices, and finds out
 * what changed. It knows nothing of open buffers, of the cache or of who asks.
 */

import { findLanguage } from "../linkage/facts/extract.ts";
import { mapRows, mapStrings, type StringMapping } from "../linkage/index/fact-batch.ts";
import { putFile, setStamp } from "../linkage/index/fact-table.ts";
import type { StoredIndex } from "../linkage/index/stored-index.ts";
import { type ChangeQueue, createChangeQueue } from "./change-queue.ts";
import type { FileProblem } from "./problems.ts";
import type { FileRequest, Scanned } from "./scan-messages.ts";
import type { ScanPool } from "./scan-pool.ts";
import { createScanPool } from "./scan-pool.ts";

/** How far reading the tree has come. */
export interface ScanProgress {
  /** Files read. */
  readonly done: number;
  /** Files known so far; grows while directories are still being listed. */
  readonly total: number;
}

export interface IndexUpdaterOptions {
  readonly root: string;
  readonly exclude: readonly string[];
  readonly threads: number;
  readonly isBackground: boolean;
  readonly index: StoredIndex;
  /** Called after some changes, at most once for each slice. */
  onChange(): void;
  /** Called a few times a second while files are being read, and at the end. */
  onProgress(progress: ScanProgress): void;
  onProblem(problem: FileProblem): void;
}

export interface IndexUpdater {
  /** Reads the whole tree into an empty index; these files, relative to the root, before all others. */
  readAll(first: readonly string[]): Promise<void>;
  /** Looks at what lies at and below these paths now, and reads what has changed. "" is the whole tree. */
  readChanged(under: readonly string[]): Promise<void>;
  /** Reads these files, whose paths come from outside, before all others. */
  readFirst(paths: readonly string[]): void;
  /** Makefiles, Kbuild and Kconfig files, sorted. */
  buildFiles: readonly string[];
  /** How many files have changed since this was last set to 0. */
  changedFiles: number;
  /** Runs `work` while the index's table stands still. */
  hold: ChangeQueue["hold"];
  /** Reads nothing more until {@link proceed}. What is waited for is waited for until then. */
  pause(): void;
  proceed(): void;
  dispose(): Promise<void>;
}

const PROGRESS_MILLISECONDS = 100;

/** Workers get no more files while so many of their answers wait to be taken over, as each may be a megabyte. */
const MAX_WAITING = 24;

export function createIndexUpdater(options: IndexUpdaterOptions): IndexUpdater {
  return new TreeIndexUpdater(options);
}

class TreeIndexUpdater implements IndexUpdater {
  readonly #options: IndexUpdaterOptions;
  readonly #index: StoredIndex;
  /** The latest request for each file that is being read. Facts that answer an earlier one are stale. */
  readonly #requested = new Map<string, number>();
  #lastRequest = 0;
  #total = 0;
  #reportedAt = 0;
  #buildFiles: readonly string[] = [];
  #changedFiles = 0;
  #isDisposed = false;
  /** Facts were put into the table that the index was not told of. */
  #hasNewFacts = false;
  #toldRevision = -1;
  #listing: Promise<void> = Promise.resolve();
  #waiting: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  readonly #queue: ChangeQueue;
  readonly #pool: ScanPool;
  readonly hold: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(options: IndexUpdaterOptions) {
    this.#options = options;
    const { index } = options;
    this.#index = index;
    this.#queue = createChangeQueue(
      () => {
        if (this.#hasNewFacts) this.#index.touch();
        this.#hasNewFacts = false;
        this.#reportProgress();
        this.#pool.resume();
        // A look at the whole tree that finds it as it was is no change.
        if (this.#index.revision === this.#toldRevision) return;
        this.#toldRevision = this.#index.revision;
        options.onChange();
      },
      () => this.#settleWaiting(),
    );
    this.#pool = createScanPool({
      root: options.root,
      exclude: options.exclude,
      threads: options.threads,
      isBackground: options.isBackground,
      onScanned: (scanned, strings) => this.#queue.push(() => this.#takeOver(scanned, strings)),
      mayGoOn: () => this.#queue.length < MAX_WAITING,
      onProblem: options.onProblem,
      onLost: (file) => this.#queue.push(() => this.#drop(file.path, file.request)),
      onIdle: () => this.#settleWaiting(),
    });
    this.hold = this.#queue.hold;
  }

  readFirst(paths: readonly string[]) {
    return this.#request(paths.filter(isSourcePath), true);
  }

  get buildFiles() {
    return this.#buildFiles;
  }

  set buildFiles(paths) {
    this.#buildFiles = paths;
  }

  get changedFiles() {
    return this.#changedFiles;
  }

  set changedFiles(count) {
    this.#changedFiles = count;
  }

  pause() {
    return this.#pool.pause();
  }

  proceed() {
    return this.#pool.proceed();
  }

  async dispose() {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#queue.clear();
    for (const { reject } of this.#waiting) reject(disposedError());
    this.#waiting = [];
    await this.#pool.dispose();
  }

  /** Has files read. Facts of requests that are overtaken by another for the same file are thrown away. */
  #request(paths: readonly string[], isFromOutside = false): void {
    const { files: columns, fileNumbers } = this.#index.table;
    const files: FileRequest[] = [];
    for (const path of paths) {
      // Numbers of requests stay within 31 bits, for a worker says in an Int32Array which one it is at.
      this.#lastRequest = (this.#lastRequest + 1) & 0x7fffffff;
      this.#requested.set(path, this.#lastRequest);
      const file = fileNumbers.get(path);
      files.push({
        path,
        request: this.#lastRequest,
        ...(file === undefined ? {} : { content: [columns.contentHigh[file]!, columns.contentLow[file]!] as const }),
        ...(isFromOutside ? { isUnlisted: true } : {}),
      });
    }
    if (files.length === 0) return;
    this.#total += files.length;
    this.#index.setChanging(this.#index.isComplete);
    this.#index.table.expectedFiles = fileNumbers.size + this.#requested.size;
    this.#pool.scan(files, isFromOutside);
  }

  #takeOver(scanned: Scanned, strings: StringMapping): void {
    const { batch, requests, unchanged, gone } = scanned;
    const { table } = this.#index;
    // Even where all its files are stale: later batches of the same worker rely on the strings of this one.
    mapStrings(strings, batch, table.strings);
    mapRows(strings, batch.rows);
    let row = 0;
    let entry = 0;
    for (const [i, file] of batch.files.entries()) {
      const from = row;
      const firstEntry = entry;
      row += file.rowCount;
      entry += file.signatureLength;
      if (!this.#isAnswered(file.path, requests[i]!)) continue;
      const signature = batch.signatures.subarray(firstEntry, entry);
      const { language } = file;
      putFile(table, file.path, { language, stamp: file, rows: batch.rows, from, to: row, signature });
      this.#changedFiles++;
      this.#hasNewFacts = true;
    }
    for (const { path, request: answered, stamp } of unchanged) {
      const file = table.fileNumbers.get(path);
      if (!this.#isAnswered(path, answered) || file === undefined) continue;
      setStamp(table, file, stamp);
      this.#changedFiles++;
    }
    for (const { path, request: answered } of gone) this.#drop(path, answered);
  }

  #drop(path: string, answered: number): void {
    if (!this.#isAnswered(path, answered)) return;
    this.#changedFiles++;
    this.#index.removeFile(path);
  }

  /** True when this answers the latest request for the file, which is then done with. */
  #isAnswered(path: string, answered: number): boolean {
    if (this.#requested.get(path) !== answered) return false;
    this.#requested.delete(path);
    return true;
  }

  #reportProgress(): void {
    const now = performance.now();
    if (now - this.#reportedAt < PROGRESS_MILLISECONDS && this.#requested.size > 0) return;
    this.#reportedAt = now;
    this.#options.onProgress({ done: this.#total - this.#requested.size, total: this.#total });
  }

  #isIdle(): boolean {
    return this.#pool.isIdle && this.#queue.length === 0;
  }

  /** Resolves when nothing is left to read or to take over. */
  #whenIdle(): Promise<void> {
    if (this.#isDisposed) return Promise.reject(disposedError());
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #settleWaiting(): void {
    if (!this.#isIdle()) return;
    this.#total = 0;
    if (this.#index.isChanging) {
      this.#index.setChanging(false);
      this.#options.onChange();
    }
    const settled = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of settled) resolve();
  }

  async readAll(first: readonly string[]): Promise<void> {
    this.#request(first.filter(isSourcePath), true);
    const found: string[] = [];
    await this.#pool.list([""], false, (listed) => {
      for (const path of listed.buildFiles) found.push(path);
      this.#request(
        listed.files.filter((path) => !this.#requested.has(path) && !this.#index.table.fileNumbers.has(path)),
      );
    });
    this.#buildFiles = found.sort();
    await this.#whenIdle();
    this.#index.table.foundedOn = this.#index.table.strings.count;
  }

  async readChanged(under: readonly string[]): Promise<void> {
    // One after the other, so that what an earlier one did not find can't undo what a later one has found.
    const listed = this.#listing.then(() => this.#listChanged(under));
    this.#listing = listed.catch(() => {});
    await listed;
    await this.#whenIdle();
  }

  async #listChanged(under: readonly string[]): Promise<void> {
    const found = new Set<string>();
    const foundBuildFiles = new Set<string>();
    await this.#pool.list(under, true, (listed) => {
      for (const path of listed.buildFiles) foundBuildFiles.add(path);
      const changed = listed.files.filter((path, i) => {
        found.add(path);
        return !this.#isCurrent(path, listed.stats[i * 2]!, listed.stats[i * 2 + 1]!);
      });
      // Even a file that is being read is asked for again, for it may have changed since it was read.
      this.#request(changed);
    });
    if (this.#isDisposed) throw disposedError();
    const last = this.#lastRequest;
    this.#queue.push(() => this.#dropMissing(under, found, last));
    const parents = new Set(under);
    for (const path of this.#buildFiles) if (!isBelow(path, parents)) foundBuildFiles.add(path);
    if (
      foundBuildFiles.size !== this.#buildFiles.length ||
      this.#buildFiles.some((path) => !foundBuildFiles.has(path))
    ) {
      this.#buildFiles = [...foundBuildFiles].sort();
      this.#changedFiles++;
      this.#options.onChange();
    }
  }

  /** Takes those files out of the index that lie at or below the paths and were not found there, when `last` was the last request. */
  #dropMissing(under: readonly string[], found: ReadonlySet<string>, last: number): void {
    const { fileNumbers } = this.#index.table;
    const missing = under.filter((path) => fileNumbers.has(path) && !found.has(path));
    const others = under.filter((path) => !fileNumbers.has(path));
    // Most of what changes beside sources is no directory, so that there is nothing below it to look for.
    const known = others.length > 0 ? directoriesOf(fileNumbers.keys()) : undefined;
    const parents = new Set(others.filter((path) => known!.has(path)));
    if (parents.size > 0) {
      for (const path of fileNumbers.keys()) if (!found.has(path) && isBelow(path, parents)) missing.push(path);
    }
    for (const path of missing) {
      // What was read of it before that does not count any more.
      if ((this.#requested.get(path) ?? 0) <= last) this.#requested.delete(path);
      this.#index.removeFile(path);
      this.#changedFiles++;
    }
  }

  #isCurrent(path: string, statHigh: number, statLow: number): boolean {
    const { fileNumbers, files } = this.#index.table;
    const file = fileNumbers.get(path);
    // A stamp of 0, 0 says that nothing is known.
    return file !== undefined && statLow !== 0 && files.statHigh[file] === statHigh && files.statLow[file] === statLow;
  }
}

function isSourcePath(path: string): boolean {
  return findLanguage(path) !== undefined;
}

/** All directories in which, or below which, the paths lie; "" is the root. */
function directoriesOf(paths: Iterable<string>): Set<string> {
  const directories = new Set<string>([""]);
  for (const path of paths) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const directory = path.slice(0, slash);
      if (directories.has(directory)) break;
      directories.add(directory);
    }
  }
  return directories;
}

/** True when the path, or a directory that it lies in, is one of the parents. */
function isBelow(path: string, parents: ReadonlySet<string>): boolean {
  if (parents.has("") || parents.has(path)) return true;
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    if (parents.has(path.slice(0, slash))) return true;
  }
  return false;
}

/** What promises of a workspace that was closed are rejected with. */
export function disposedError(): Error {
  return new Error("the workspace was closed");
}
