/**
 * A tree of files and its index: reads the tree or its index as it was last saved, keeps the index up to date, and hands out
 * texts. It is the door through which the protocol and the command reach files, and knows nothing of either.
 */

import { realpathSync } from "node:fs";
import { availableParallelism } from "node:os";
import { isAbsolute, normalize, relative, resolve, sep } from "node:path";
import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import type { LinkIndex } from "../linkage/facts/link-index.ts";
import { createIndex, type Overlay } from "../linkage/index/stored-index.ts";
import { wordSignature } from "../linkage/index/word-signature.ts";
import { leadsOutside } from "../text/path.ts";
import type { Source } from "../text/source.ts";
import { createIndexCache } from "./index-cache.ts";
import { createIndexUpdater, disposedError, type ScanProgress } from "./index-updater.ts";
import { createExclusion } from "./list-files.ts";
import { describeFailure, type FileProblem } from "./problems.ts";
import { readManyBelow, readSourceBelow } from "./read-source.ts";

export interface WorkspaceOptions {
  /** Globs of paths to leave out, relative to the root. */
  readonly exclude?: readonly string[];
  /** Files to read before all others, such as those that are open and what they include. */
  readonly first?: readonly string[];
  /** The folder in which indexes are kept between two starts, such as defaultCacheFolder(). Without it none is kept. */
  readonly cacheFolder?: string | undefined;
  /** How many worker threads to use. */
  readonly threads?: number;
  /** Somebody waits for answers while the tree is read: reading gives way to them. */
  readonly isBackground?: boolean;
  /** Some of the tree's files are known not to be here: the index never says that it is complete. */
  readonly isPartial?: boolean;
  /** Called a few times a second while files are being read. */
  onProgress?(progress: ScanProgress): void;
  /** Called for each file that can't be taken into account. */
  onProblem?(problem: FileProblem): void;
  /** Called after the index has changed, at most once in a turn of the event loop. */
  onChange?(): void;
  /**
   * What is to be done with the facts of the whole tree before the index says that it is complete. Meanwhile it answers as while the
   * tree is being read.
   */
  beforeComplete?(): Promise<void>;
  /** Aborting it disposes of the workspace. */
  readonly signal?: AbortSignal;
}

export interface WorkspaceStatistics {
  readonly files: number;
  readonly bytes: number;
  /** Distinct names of symbols, those left out that only macros make. */
  readonly symbols: number;
  readonly facts: number;
  /** How many files could not be taken into account. */
  readonly problems: number;
  /** The index was read from the cache; what had changed since was read from the files. */
  readonly fromCache: boolean;
}

export interface Workspace {
  /** The real path of the root. */
  readonly root: string;
  /** The index. It answers from the start, with what it knows. */
  readonly index: LinkIndex;
  /** Resolves when the index answers for the whole tree, be it as of the last time. Rejects when disposed of before. */
  readonly ready: Promise<void>;
  /** Resolves when the index answers for the tree as it was when it was opened, or later. Rejects when disposed of before. */
  readonly current: Promise<void>;
  /** Makefiles, Kbuild and Kconfig files of the tree, sorted. They are known once `current` has resolved, or `ready`. */
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
  setOverlay(path: string, source: Source | undefined): void;
  /** The text of an open buffer or a file below the root; undefined where there is none, or it can't be read. */
  readSource(path: string): Promise<Source | undefined>;
  readSources(paths: readonly string[]): Promise<ReadonlyMap<string, Source | undefined>>;
  statistics(): WorkspaceStatistics;
  /**
   * Saves the index for the next start if it has changed since it was saved, and resolves when that is done. It is saved by
   * itself too, after the tree was read and when many files have changed. What can't be saved is a problem to report.
   */
  save(): Promise<void>;
  /** Stops to read the tree; the index answers with what it knows. Whoever waits for {@link ready} waits until {@link proceed}. */
  pause(): void;
  /** Goes on reading where it was stopped. */
  proceed(): void;
  /** Ends all work. */
  dispose(): Promise<void>;
}

/** More threads than this are not faster, as the main thread takes the facts over. */
const MAX_THREADS = 4;

const KEPT_PROBLEMS = 100;
const CONCURRENT_READS = 16;

/** From so many files on, a turn of the event loop for each step of each file costs more than the reading. */
const MANY_READS = 64;

/** Fewer changed files than this are sooner read again at the next start than the whole index is written. */
const CHANGES_WORTH_SAVING = 200;

/** The index is saved by itself when nothing has changed for this long. */
const SAVE_MILLISECONDS = 2000;

/** An index that has grown to so many times what the tree once needed holds too much that is gone, and is made anew. */
const MAX_GROWTH = 2;

/** Opens a tree and starts to index it. Throws when the root is not there. */
export function openWorkspace(rootPath: string, options: WorkspaceOptions = {}): Workspace {
  const root = realpathSync(rootPath);
  const parents = [root, resolve(rootPath)].map((path) => (path.endsWith(sep) ? path : path + sep));
  const exclude = options.exclude ?? [];
  const isExcluded = createExclusion(exclude);
  const index = createIndex();
  const cache = options.cacheFolder === undefined ? undefined : createIndexCache(options.cacheFolder, root, exclude);
  const overlays = new Map<string, Source>();
  /** Files that are being read, so that several who want one at a time read it once. */
  const reading = new Map<string, Promise<Source | undefined>>();
  const problems: FileProblem[] = [];
  const stopped = new AbortController();
  let problemCount = 0;
  let isFromCache = false;
  let isChangeAnnounced = false;
  let saving: Promise<void> | undefined;
  let saveTimer: NodeJS.Timeout | undefined;

  const updater = createIndexUpdater({
    root,
    exclude,
    threads: options.threads ?? Math.max(1, Math.min(availableParallelism(), MAX_THREADS)),
    isBackground: options.isBackground ?? false,
    index,
    onChange: announceChange,
    onProgress: (progress) => options.onProgress?.(progress),
    onProblem: addProblem,
  });

  /** Whether the tree was read, or its index loaded. */
  let isLoaded = false;
  const loading = loadOrRead();
  const ready = loading.then(complete);
  const current = loading.then(async () => {
    if (isFromCache) await updater.readChanged([""]);
    await ready;
    scheduleSave(1);
  });
  // Whoever does not wait for them must not be told of a rejection as of an accident.
  ready.catch(() => {});
  current.catch(() => {});
  if (options.signal?.aborted) void dispose();
  options.signal?.addEventListener("abort", () => void dispose(), { once: true });

  async function loadOrRead(): Promise<void> {
    const stored = await cache?.load(stopped.signal);
    if (stopped.signal.aborted) throw disposedError();
    if (stored !== undefined && !isOvergrown(stored.table.strings.count, stored.table.foundedOn)) {
      index.adoptTable(stored.table);
      updater.buildFiles = stored.buildFiles;
      isFromCache = true;
    } else {
      await updater.readAll((options.first ?? []).map(toRelative));
    }
    isLoaded = true;
  }

  async function complete(): Promise<void> {
    await options.beforeComplete?.();
    if (stopped.signal.aborted) throw disposedError();
    index.setComplete(options.isPartial !== true);
    // Before anybody who waits for it: what was concluded so far does not count any more.
    options.onChange?.();
  }

  /** Saves a while after the last change, when at least so many files have changed. */
  function scheduleSave(leastChanges = CHANGES_WORTH_SAVING): void {
    if (cache === undefined || stopped.signal.aborted || updater.changedFiles < leastChanges) return;
    clearTimeout(saveTimer);
    saveTimer = setTimeout(() => void save(), SAVE_MILLISECONDS);
    saveTimer.unref();
  }

  async function save(): Promise<void> {
    clearTimeout(saveTimer);
    await saving;
    if (cache === undefined || updater.changedFiles === 0 || !isLoaded || stopped.signal.aborted) return;
    saving ??= updater
      .hold(async () => {
        updater.changedFiles = 0;
        await cache.save({ table: index.table, buildFiles: updater.buildFiles }, stopped.signal);
      })
      .catch((error: unknown) => {
        if (!stopped.signal.aborted) addProblem({ path: cache.path, reason: `not saved: ${describeFailure(error)}` });
      })
      .finally(() => {
        saving = undefined;
      });
    await saving;
  }

  function addProblem(problem: FileProblem): void {
    problemCount++;
    if (problems.length < KEPT_PROBLEMS) problems.push(problem);
    options.onProblem?.(problem);
  }

  function announceChange(): void {
    if (isChangeAnnounced || options.onChange === undefined) return;
    isChangeAnnounced = true;
    setImmediate(() => {
      isChangeAnnounced = false;
      if (!stopped.signal.aborted) options.onChange?.();
    });
  }

  /**
   * A path as the index has it: relative to the root, with forward slashes. The root itself is "", and a path outside of it
   * starts with "../". Where the root was opened through a symbolic link, paths may go through it too.
   */
  function toRelative(path: string): string {
    const parent = isAbsolute(path) ? parents.find((candidate) => path.startsWith(candidate)) : "";
    const local = parent === undefined ? relative(root, path) : normalize(path.slice(parent.length));
    const name = (sep === "/" ? local : local.replaceAll(sep, "/")).replace(/\/$/, "");
    return name === "." ? "" : name;
  }

  async function refresh(paths: readonly string[]): Promise<void> {
    const below = new Set(paths.map(toRelative));
    // What is being read of them may be as they were.
    for (const path of below) reading.delete(path);
    await loading;
    await updater.readChanged([...below].filter((path) => !leadsOutside(path) && !isExcluded(path)));
    scheduleSave();
  }

  function readSource(path: string): Promise<Source | undefined> {
    const name = toRelative(path);
    const overlay = overlays.get(name);
    if (overlay !== undefined) return Promise.resolve(overlay);
    let read = reading.get(name);
    if (read === undefined) {
      read = readSourceBelow(root, name, addProblem).finally(() => {
        if (reading.get(name) === read) reading.delete(name);
      });
      reading.set(name, read);
    }
    return read;
  }

  async function dispose(): Promise<void> {
    if (stopped.signal.aborted) return;
    stopped.abort();
    clearTimeout(saveTimer);
    await updater.dispose();
    await saving;
  }

  return {
    root,
    index,
    ready,
    current,
    get buildFiles() {
      return updater.buildFiles;
    },
    problems,
    prioritize(paths) {
      updater.readFirst(paths.map(toRelative).filter((path) => !index.table.fileNumbers.has(path)));
    },
    refresh,
    async refreshAll() {
      await loading;
      await updater.readChanged([""]);
      scheduleSave();
    },
    setOverlay(path, source) {
      const name = toRelative(path);
      if (source === undefined) {
        overlays.delete(name);
        index.setOverlay(name, undefined);
      } else {
        overlays.set(name, source);
        const isOurs = languageOf(name, source) !== undefined && !leadsOutside(name);
        index.setOverlay(name, isOurs ? overlayOf(name, source) : undefined);
      }
      announceChange();
    },
    readSource,
    async readSources(paths) {
      const found = new Map<string, Source | undefined>();
      const left = [...new Set(paths)].reverse();
      if (left.length >= MANY_READS) {
        for await (const [path, source] of readManyBelow(root, left, addProblem))
          found.set(path, overlays.get(path) ?? source);
        return found;
      }
      const readOn = async (): Promise<void> => {
        for (let path = left.pop(); path !== undefined; path = left.pop()) found.set(path, await readSource(path));
      };
      await Promise.all(Array.from({ length: CONCURRENT_READS }, readOn));
      return found;
    },
    statistics() {
      const { files, fileNumbers, liveRows } = index.table;
      let bytes = 0;
      for (const file of fileNumbers.values()) bytes += files.size[file]!;
      return {
        files: index.fileCount,
        bytes,
        symbols: index.symbolCount(),
        facts: liveRows,
        problems: problemCount,
        fromCache: isFromCache,
      };
    },
    save,
    pause: () => updater.pause(),
    proceed: () => updater.proceed(),
    dispose,
  };
}

/** What an open buffer says. Its words are looked at only when somebody asks for them, not with every key. */
function overlayOf(path: string, source: Source): Overlay {
  let signature: Uint32Array | undefined;
  return {
    facts: readFacts(path, source, { keepTree: true }),
    signature() {
      signature ??= wordSignature(source.codes, source.length);
      return signature;
    },
  };
}

function isOvergrown(strings: number, foundedOn: number): boolean {
  return strings > foundedOn * MAX_GROWTH;
}
