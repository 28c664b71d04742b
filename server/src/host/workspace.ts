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
import type { IndexCache } from "./index-cache.ts";
import { createIndexCache } from "./index-cache.ts";
import type { IndexUpdater } from "./index-updater.ts";
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
  return new TreeWorkspace(rootPath, options);
}

class TreeWorkspace implements Workspace {
  readonly #options: WorkspaceOptions;
  readonly root: string;
  readonly #parents: string[];
  readonly #exclude: readonly string[];
  readonly #isExcluded: (path: string) => boolean;
  readonly index = createIndex();
  readonly #cache: IndexCache | undefined;
  readonly #overlays = new Map<string, Source>();
  /** Files that are being read, so that several who want one at a time read it once. */
  readonly #reading = new Map<string, Promise<Source | undefined>>();
  readonly problems: FileProblem[] = [];
  readonly #stopped = new AbortController();
  #problemCount = 0;
  #isFromCache = false;
  #isChangeAnnounced = false;
  #saving: Promise<void> | undefined;
  #saveTimer: NodeJS.Timeout | undefined;
  readonly #updater: IndexUpdater;
  /** Whether the tree was read, or its index loaded. */
  #isLoaded = false;
  readonly #loading: Promise<void>;
  readonly ready: Promise<void>;
  readonly current: Promise<void>;

  constructor(rootPath: string, options: WorkspaceOptions = {}) {
    this.#options = options;
    this.root = realpathSync(rootPath);
    this.#parents = [this.root, resolve(rootPath)].map((path) => (path.endsWith(sep) ? path : path + sep));
    this.#exclude = options.exclude ?? [];
    this.#isExcluded = createExclusion(this.#exclude);
    this.#cache =
      options.cacheFolder === undefined ? undefined : createIndexCache(options.cacheFolder, this.root, this.#exclude);
    this.#updater = createIndexUpdater({
      root: this.root,
      exclude: this.#exclude,
      threads: options.threads ?? Math.max(1, Math.min(availableParallelism(), MAX_THREADS)),
      isBackground: options.isBackground ?? false,
      index: this.index,
      onChange: () => this.#announceChange(),
      onProgress: (progress) => options.onProgress?.(progress),
      onProblem: (problem) => this.#addProblem(problem),
    });
    this.#loading = this.#loadOrRead();
    this.ready = this.#loading.then(() => this.#complete());
    this.current = this.#loading.then(async () => {
      if (this.#isFromCache) await this.#updater.readChanged([""]);
      await this.ready;
      this.#scheduleSave(1);
    });
    // Whoever does not wait for them must not be told of a rejection as of an accident.
    // Whoever does not wait for them must not be told of a rejection as of an accident.
    this.ready.catch(() => {});
    this.current.catch(() => {});
    if (options.signal?.aborted) void this.dispose();
    options.signal?.addEventListener("abort", () => void this.dispose(), { once: true });
  }

  get buildFiles() {
    return this.#updater.buildFiles;
  }

  prioritize(paths: readonly string[]) {
    this.#updater.readFirst(
      paths.map((path) => this.#toRelative(path)).filter((path) => !this.index.table.fileNumbers.has(path)),
    );
  }

  async refreshAll() {
    await this.#loading;
    await this.#updater.readChanged([""]);
    this.#scheduleSave();
  }

  setOverlay(path: string, source: Source | undefined) {
    const name = this.#toRelative(path);
    if (source === undefined) {
      this.#overlays.delete(name);
      this.index.setOverlay(name, undefined);
    } else {
      this.#overlays.set(name, source);
      const isOurs = languageOf(name, source) !== undefined && !leadsOutside(name);
      this.index.setOverlay(name, isOurs ? overlayOf(name, source) : undefined);
    }
    this.#announceChange();
  }

  async readSources(paths: readonly string[]) {
    const found = new Map<string, Source | undefined>();
    const left = [...new Set(paths)].reverse();
    if (left.length >= MANY_READS) {
      for await (const [path, source] of readManyBelow(this.root, left, (problem) => this.#addProblem(problem)))
        found.set(path, this.#overlays.get(path) ?? source);
      return found;
    }
    const readOn = async (): Promise<void> => {
      for (let path = left.pop(); path !== undefined; path = left.pop()) found.set(path, await this.readSource(path));
    };
    await Promise.all(Array.from({ length: CONCURRENT_READS }, readOn));
    return found;
  }

  statistics() {
    const { files, fileNumbers, liveRows } = this.index.table;
    let bytes = 0;
    for (const file of fileNumbers.values()) bytes += files.size[file]!;
    return {
      files: this.index.fileCount,
      bytes,
      symbols: this.index.symbolCount(),
      facts: liveRows,
      problems: this.#problemCount,
      fromCache: this.#isFromCache,
    };
  }

  pause() {
    return this.#updater.pause();
  }

  proceed() {
    return this.#updater.proceed();
  }

  async #loadOrRead(): Promise<void> {
    const stored = await this.#cache?.load(this.#stopped.signal);
    if (this.#stopped.signal.aborted) throw disposedError();
    if (stored !== undefined && !isOvergrown(stored.table.strings.count, stored.table.foundedOn)) {
      this.index.adoptTable(stored.table);
      this.#updater.buildFiles = stored.buildFiles;
      this.#isFromCache = true;
    } else {
      await this.#updater.readAll((this.#options.first ?? []).map((path) => this.#toRelative(path)));
    }
    this.#isLoaded = true;
  }

  async #complete(): Promise<void> {
    await this.#options.beforeComplete?.();
    if (this.#stopped.signal.aborted) throw disposedError();
    this.index.setComplete(this.#options.isPartial !== true);
    // Before anybody who waits for it: what was concluded so far does not count any more.
    this.#options.onChange?.();
  }

  /** Saves a while after the last change, when at least so many files have changed. */
  #scheduleSave(leastChanges = CHANGES_WORTH_SAVING): void {
    if (this.#cache === undefined || this.#stopped.signal.aborted || this.#updater.changedFiles < leastChanges) return;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.save(), SAVE_MILLISECONDS);
    this.#saveTimer.unref();
  }

  async save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    await this.#saving;
    const cache = this.#cache;
    if (cache === undefined || this.#updater.changedFiles === 0 || !this.#isLoaded || this.#stopped.signal.aborted)
      return;
    this.#saving ??= this.#updater
      .hold(async () => {
        this.#updater.changedFiles = 0;
        await cache.save({ table: this.index.table, buildFiles: this.#updater.buildFiles }, this.#stopped.signal);
      })
      .catch((error: unknown) => {
        if (!this.#stopped.signal.aborted)
          this.#addProblem({ path: cache.path, reason: `not saved: ${describeFailure(error)}` });
      })
      .finally(() => {
        this.#saving = undefined;
      });
    await this.#saving;
  }

  #addProblem(problem: FileProblem): void {
    this.#problemCount++;
    if (this.problems.length < KEPT_PROBLEMS) this.problems.push(problem);
    this.#options.onProblem?.(problem);
  }

  #announceChange(): void {
    if (this.#isChangeAnnounced || this.#options.onChange === undefined) return;
    this.#isChangeAnnounced = true;
    setImmediate(() => {
      this.#isChangeAnnounced = false;
      if (!this.#stopped.signal.aborted) this.#options.onChange?.();
    });
  }

  /**
   * A path as the index has it: relative to the root, with forward slashes. The root itself is "", and a path outside of it
   * starts with "../". Where the root was opened through a symbolic link, paths may go through it too.
   */
  #toRelative(path: string): string {
    const parent = isAbsolute(path) ? this.#parents.find((candidate) => path.startsWith(candidate)) : "";
    const local = parent === undefined ? relative(this.root, path) : normalize(path.slice(parent.length));
    const name = (sep === "/" ? local : local.replaceAll(sep, "/")).replace(/\/$/, "");
    return name === "." ? "" : name;
  }

  async refresh(paths: readonly string[]): Promise<void> {
    const below = new Set(paths.map((path) => this.#toRelative(path)));
    // What is being read of them may be as they were.
    for (const path of below) this.#reading.delete(path);
    await this.#loading;
    await this.#updater.readChanged([...below].filter((path) => !leadsOutside(path) && !this.#isExcluded(path)));
    this.#scheduleSave();
  }

  readSource(path: string): Promise<Source | undefined> {
    const name = this.#toRelative(path);
    const overlay = this.#overlays.get(name);
    if (overlay !== undefined) return Promise.resolve(overlay);
    let read = this.#reading.get(name);
    if (read === undefined) {
      read = readSourceBelow(this.root, name, (problem) => this.#addProblem(problem)).finally(() => {
        if (this.#reading.get(name) === read) this.#reading.delete(name);
      });
      this.#reading.set(name, read);
    }
    return read;
  }

  async dispose(): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    clearTimeout(this.#saveTimer);
    await this.#updater.dispose();
    await this.#saving;
  }
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
