/**
 * A tree of files and its index: lists and reads the tree, keeps the index up to date, and hands out texts. It is the one
 * door through which the protocol and the command reach files, and knows nothing of either.
 */

import { constants, realpathSync } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { isAbsolute, join, relative, sep } from "node:path";
import { findLanguage, readFacts } from "../linkage/extract.ts";
import { mapRows, mapStrings, type StringMapping } from "../linkage/fact-batch.ts";
import { putFile, setStamp } from "../linkage/fact-table.ts";
import type { LinkIndex } from "../linkage/link-index.ts";
import { createIndex, type StoredIndex } from "../linkage/stored-index.ts";
import { wordSignature } from "../linkage/word-signature.ts";
import { type Source, sourceOfBytes, sourceOfText } from "../text/source.ts";
import { createExclusion } from "./list-files.ts";
import { describeFailure, type FileProblem } from "./problems.ts";
import { MAX_FILE_SIZE } from "./read-file.ts";
import type { FileRequest, Scanned } from "./scan-messages.ts";
import { createScanPool } from "./scan-pool.ts";

/** How far reading the tree has come. */
export interface ScanProgress {
  /** Files read. */
  readonly done: number;
  /** Files known so far; grows while directories are still being listed. */
  readonly total: number;
}

export interface WorkspaceOptions {
  /** Globs of paths to leave out, relative to the root. */
  readonly exclude?: readonly string[];
  /** Files to read before all others, such as those that are open and what they include. */
  readonly first?: readonly string[];
  /** How many worker threads to use. */
  readonly threads?: number;
  /** Called a few times a second while files are being read. */
  onProgress?(progress: ScanProgress): void;
  /** Called for each file that can't be taken into account. */
  onProblem?(problem: FileProblem): void;
  /** Called after the index has changed, at most once in a turn of the event loop. */
  onChange?(): void;
  /** Aborting is the same as calling dispose. */
  readonly signal?: AbortSignal;
}

export interface WorkspaceStatistics {
  readonly files: number;
  readonly bytes: number;
  /** Distinct names of symbols. */
  readonly symbols: number;
  readonly facts: number;
  /** How many files could not be taken into account. */
  readonly problems: number;
  readonly fromCache: boolean;
}

export interface Workspace {
  /** The real path of the root. */
  readonly root: string;
  /** The index. It answers from the start, with what it knows. */
  readonly index: LinkIndex;
  /** Resolves when the index answers for the whole tree, be it as of the last time. Rejects when disposed before. */
  readonly ready: Promise<void>;
  /** Resolves when the index answers for the tree as it is now. Rejects when disposed before. */
  readonly current: Promise<void>;
  /** Makefiles, Kbuild and Kconfig files of the tree, sorted. */
  readonly buildFiles: readonly string[];
  /** The first problems, for a report; statistics() says how many there are. */
  readonly problems: readonly FileProblem[];
  /** Reads these files before all others that are still to be read. */
  prioritize(paths: readonly string[]): void;
  /** Looks at what lies at these paths now: files that changed, came or went, and directories. Resolves when indexed. */
  refresh(paths: readonly string[]): Promise<void>;
  /** Looks at the whole tree anew. Resolves when indexed. */
  refreshAll(): Promise<void>;
  /** Gives the text of an open buffer, which counts instead of the file, or takes it away. */
  setOverlay(path: string, text: string | undefined): void;
  /** The text of an open buffer or a file below the root; undefined where there is none, or it can't be read. */
  readSource(path: string): Promise<Source | undefined>;
  readSources(paths: readonly string[]): Promise<ReadonlyMap<string, Source | undefined>>;
  statistics(): WorkspaceStatistics;
  /** Ends all work. */
  dispose(): Promise<void>;
}

/** More threads than this are not faster, as the main thread takes the facts over. */
const MAX_THREADS = 4;

/** The main thread takes facts over for this long before it lets requests through. */
const SLICE_MILLISECONDS = 8;

const PROGRESS_MILLISECONDS = 100;
const KEPT_PROBLEMS = 100;
const CONCURRENT_READS = 16;

/** Opens a tree and starts to index it. Throws when the root is not there. */
export function openWorkspace(rootPath: string, options: WorkspaceOptions = {}): Workspace {
  const root = realpathSync(rootPath);
  const exclude = options.exclude ?? [];
  const isExcluded = createExclusion(exclude);
  const index: StoredIndex = createIndex();
  const { table } = index;
  const overlays = new Map<string, Source>();
  const buildFiles = new Set<string>();
  let sortedBuildFiles: readonly string[] | undefined;
  const problems: FileProblem[] = [];
  let problemCount = 0;
  let isDisposed = false;

  /** The latest request for each file that is being read. Facts of an earlier one are stale. */
  const requested = new Map<string, number>();
  let lastRequest = 0;
  let total = 0;
  let reportedAt = 0;

  /** Facts that have come and are not taken over yet. */
  let arrived: { scanned: Scanned; strings: StringMapping }[] = [];
  let isTakingOver = false;
  let isChangeAnnounced = false;
  /** Who waits until nothing is left to do. */
  let waiting: { resolve: () => void; reject: (reason: unknown) => void }[] = [];

  const pool = createScanPool({
    root,
    exclude,
    threads: options.threads ?? Math.max(1, Math.min(availableParallelism(), MAX_THREADS)),
    onScanned(scanned, strings) {
      arrived.push({ scanned, strings });
      if (isTakingOver) return;
      isTakingOver = true;
      setImmediate(takeOver);
    },
    onProblem: addProblem,
    onLost(file) {
      if (requested.get(file.path) === file.request) forget(file.path);
    },
    onIdle: settleWaiting,
  });

  const ready = scanAll();
  // Whoever does not wait must not be told of a rejection as of an accident.
  ready.catch(() => {});
  options.signal?.addEventListener("abort", () => void dispose(), { once: true });

  async function scanAll(): Promise<void> {
    if (options.first !== undefined) request(options.first.map(toRelative).filter(isSourcePath), { isUnlisted: true });
    await pool.list([""], false, (listed) => {
      addBuildFiles(listed.buildFiles);
      request(listed.files.filter((path) => !requested.has(path) && !table.fileNumbers.has(path)));
    });
    await whenIdle();
    index.setComplete(true);
    announceChange();
  }

  function addProblem(problem: FileProblem): void {
    problemCount++;
    if (problems.length < KEPT_PROBLEMS) problems.push(problem);
    options.onProblem?.(problem);
  }

  function addBuildFiles(paths: readonly string[]): void {
    for (const path of paths) buildFiles.add(path);
    sortedBuildFiles = undefined;
  }

  function request(paths: readonly string[], how: { isUnlisted?: boolean; isUrgent?: boolean } = {}): void {
    const { isUnlisted = false, isUrgent = isUnlisted } = how;
    const files: FileRequest[] = [];
    for (const path of paths) {
      // Numbers of requests wrap within 31 bits, for the worker says in an Int32Array which one it is at.
      lastRequest = (lastRequest + 1) & 0x7fffffff;
      requested.set(path, lastRequest);
      const file = table.fileNumbers.get(path);
      const known = file === undefined ? undefined : contentOf(file);
      files.push({
        path,
        request: lastRequest,
        ...(known === undefined ? {} : { content: known }),
        ...(isUnlisted ? { isUnlisted } : {}),
      });
    }
    if (files.length === 0) return;
    total += files.length;
    pool.scan(files, isUrgent);
  }

  function contentOf(file: number): [number, number] {
    return [table.files.contentHigh[file]!, table.files.contentLow[file]!];
  }

  /** Takes facts over into the index, in slices. */
  function takeOver(): void {
    const sliceStart = performance.now();
    let count = 0;
    while (!isDisposed && count < arrived.length) {
      const { scanned, strings } = arrived[count++]!;
      addScanned(scanned, strings);
      if (performance.now() - sliceStart > SLICE_MILLISECONDS) break;
    }
    arrived.splice(0, count);
    if (count > 0) announceChange();
    reportProgress();
    if (arrived.length > 0 && !isDisposed) {
      setImmediate(takeOver);
      return;
    }
    isTakingOver = false;
    settleWaiting();
  }

  function addScanned(scanned: Scanned, strings: StringMapping): void {
    const { batch, requests, unchanged, gone } = scanned;
    // Even where all its files are stale, later batches of the same worker rely on the strings of this one.
    mapStrings(strings, batch, table.strings);
    mapRows(strings, batch.rows);
    let row = 0;
    let entry = 0;
    for (const [i, file] of batch.files.entries()) {
      const rowEnd = row + file.rowCount;
      const entryEnd = entry + file.signatureLength;
      if (isAnswered(file.path, requests[i]!)) {
        const signature = batch.signatures.subarray(entry, entryEnd);
        putFile(table, file.path, {
          language: file.language,
          stamp: file,
          rows: batch.rows,
          from: row,
          to: rowEnd,
          signature,
        });
      }
      row = rowEnd;
      entry = entryEnd;
    }
    for (const { path, request, stamp } of unchanged) {
      const file = table.fileNumbers.get(path);
      if (isAnswered(path, request) && file !== undefined) setStamp(table, file, stamp);
    }
    for (const { path, request } of gone) if (isAnswered(path, request)) index.removeFile(path);
    index.touch();
  }

  /** True when this is the answer to the latest request for the file, which is then done with. */
  function isAnswered(path: string, answered: number): boolean {
    if (requested.get(path) !== answered) return false;
    requested.delete(path);
    return true;
  }

  function forget(path: string): void {
    requested.delete(path);
    index.removeFile(path);
    announceChange();
  }

  function announceChange(): void {
    if (isChangeAnnounced || options.onChange === undefined) return;
    isChangeAnnounced = true;
    setImmediate(() => {
      isChangeAnnounced = false;
      if (!isDisposed) options.onChange?.();
    });
  }

  function reportProgress(): void {
    const now = performance.now();
    if (now - reportedAt < PROGRESS_MILLISECONDS && requested.size > 0) return;
    reportedAt = now;
    options.onProgress?.({ done: total - requested.size, total });
  }

  function isIdle(): boolean {
    return pool.isIdle && arrived.length === 0 && !isTakingOver;
  }

  function whenIdle(): Promise<void> {
    if (isDisposed) return Promise.reject(disposedError());
    if (isIdle()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
    });
  }

  function settleWaiting(): void {
    if (!isIdle()) return;
    total = 0;
    const settled = waiting;
    waiting = [];
    for (const { resolve } of settled) resolve();
  }

  async function refresh(paths: readonly string[]): Promise<void> {
    const files: string[] = [];
    const others: string[] = [];
    for (const path of paths.map(toRelative)) {
      if (path === "" || path.startsWith("../") || isExcluded(path)) continue;
      if (isSourcePath(path)) files.push(path);
      else others.push(path);
    }
    request(files, { isUnlisted: true });
    if (others.length > 0) await relist(others);
    await whenIdle();
  }

  /** Looks at what lies below these paths, which may be directories, and has read what has changed. */
  async function relist(under: readonly string[]): Promise<void> {
    const found = new Set<string>();
    const foundBuildFiles = new Set<string>();
    await pool.list(under, true, (listed) => {
      for (const path of listed.buildFiles) foundBuildFiles.add(path);
      const changed = listed.files.filter((path, i) => {
        found.add(path);
        return !isCurrent(path, listed.stats[i * 2]!, listed.stats[i * 2 + 1]!);
      });
      // Even a file that is being read is asked for again, for it may have changed since it was read.
      request(changed);
    });
    if (isDisposed) return;
    const isBelow = (path: string): boolean =>
      under.some((parent) => parent === "" || path === parent || path.startsWith(`${parent}/`));
    for (const path of [...table.fileNumbers.keys()]) {
      if (found.has(path) || !isBelow(path)) continue;
      requested.delete(path);
      index.removeFile(path);
    }
    for (const path of buildFiles) if (isBelow(path) && !foundBuildFiles.has(path)) buildFiles.delete(path);
    addBuildFiles([...foundBuildFiles]);
    announceChange();
  }

  function isCurrent(path: string, statHigh: number, statLow: number): boolean {
    const file = table.fileNumbers.get(path);
    if (file === undefined) return false;
    const { files } = table;
    return statLow !== 0 && files.statHigh[file] === statHigh && files.statLow[file] === statLow;
  }

  /** A path as the index has it: relative to the root, with forward slashes. */
  function toRelative(path: string): string {
    const local = isAbsolute(path) ? relative(root, path) : path;
    return sep === "/" ? local : local.replaceAll(sep, "/");
  }

  function readSource(path: string): Promise<Source | undefined> {
    const name = toRelative(path);
    const overlay = overlays.get(name);
    return overlay === undefined ? readBelow(root, name, addProblem) : Promise.resolve(overlay);
  }

  async function dispose(): Promise<void> {
    if (isDisposed) return;
    isDisposed = true;
    arrived = [];
    for (const { reject } of waiting) reject(disposedError());
    waiting = [];
    await pool.dispose();
  }

  return {
    root,
    index,
    ready,
    current: ready,
    get buildFiles() {
      sortedBuildFiles ??= [...buildFiles].sort();
      return sortedBuildFiles;
    },
    problems,
    prioritize(paths) {
      request(
        paths.map(toRelative).filter((path) => isSourcePath(path) && !table.fileNumbers.has(path)),
        { isUnlisted: true },
      );
    },
    refresh,
    async refreshAll() {
      await relist([""]);
      await whenIdle();
    },
    setOverlay(path, text) {
      const name = toRelative(path);
      if (text === undefined) {
        overlays.delete(name);
        index.setOverlay(name, undefined);
      } else {
        const source = sourceOfText(text);
        overlays.set(name, source);
        if (isSourcePath(name)) {
          index.setOverlay(name, readFacts(name, source), wordSignature(source.codes, source.length));
        }
      }
      announceChange();
    },
    readSource,
    async readSources(paths) {
      const found = new Map<string, Source | undefined>();
      const left = [...new Set(paths)].reverse();
      const readOn = async (): Promise<void> => {
        for (let path = left.pop(); path !== undefined; path = left.pop()) found.set(path, await readSource(path));
      };
      await Promise.all(Array.from({ length: CONCURRENT_READS }, readOn));
      return found;
    },
    statistics() {
      let bytes = 0;
      for (const file of table.fileNumbers.values()) bytes += table.files.size[file]!;
      let symbols = 0;
      for (let id = 0; id < table.strings.count; id++) if (table.letters[id] !== 0 && table.heads[id] !== 0) symbols++;
      return {
        files: index.fileCount,
        bytes,
        symbols,
        facts: table.liveRows,
        problems: problemCount,
        fromCache: false,
      };
    },
    dispose,
  };
}

function isSourcePath(path: string): boolean {
  return findLanguage(path) !== undefined;
}

function disposedError(): Error {
  return new Error("the workspace was closed");
}

/** Reads a file below the root. A symbolic link that leads out of the root is not followed. */
async function readBelow(
  root: string,
  path: string,
  onProblem: (problem: FileProblem) => void,
): Promise<Source | undefined> {
  try {
    const real = await realpath(join(root, path));
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    // Opening a FIFO must not wait for somebody to write into it.
    const handle = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > MAX_FILE_SIZE) return undefined;
      return sourceOfBytes(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== "ENOENT" && code !== "ENOTDIR") onProblem({ path, reason: describeFailure(error) });
    return undefined;
  }
}
