/**
 * A build, open: its layout and its objects' symbols, read by a worker thread when they are first needed and again when they
 * have changed; and for single objects their source and whether they are older than it. It must not know the ELF format.
 */

import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Worker } from "node:worker_threads";
import type { BuildLayout, ObjectName } from "../../linkage/objects/build-layout.ts";
import { addObjects, createObjectIndex, type ObjectIndex, removeObject } from "../../linkage/objects/object-index.ts";
import { commandFileOf, parseCommandFile } from "../../syntax/kbuild/command-file.ts";
import { parseDependencyFile } from "../../syntax/kbuild/dependency-file.ts";
import type { LinkMap } from "../../syntax/map/parse-map.ts";
import { leadsOutside } from "../../text/path.ts";
import { readRegular } from "../open-regular.ts";
import { startWorker } from "../start-worker.ts";
import { MOST_DATABASE_BYTES, parseCompileCommands } from "./compile-commands.ts";
import type { BuildMessage, BuildTask } from "./worker-messages.ts";

export interface BuildOptions {
  /** The path of the main link's map, where it is not beside what was linked. */
  readonly map?: string | undefined;
  onProgress?(done: number, total: number): void;
  /** Called when more of the build is known, and when all is. */
  onChange?(): void;
}

export interface Build {
  /** The real path of the build folder. */
  readonly folder: string;
  /** undefined until it was read. */
  readonly layout: BuildLayout | undefined;
  readonly index: ObjectIndex;
  /** The linkers' maps that were found, by the name of the link's unit. */
  readonly maps: ReadonlyMap<string, LinkMap>;
  /** All objects were read. */
  readonly isComplete: boolean;
  /** Reads the build unless that was done; resolves when all objects are known. Rejects when it can't be read. */
  load(): Promise<void>;
  /** Looks again at every object, and reads those that have changed. */
  refresh(): Promise<void>;
  /** The source that an object was made of, relative to the tree; undefined where it is not known or lies elsewhere. */
  sourceOf(object: ObjectName): Promise<string | undefined>;
  /** The file that is newer than the object, relative to the tree or the build; undefined when the object is up to date. */
  newerThan(object: ObjectName): Promise<string | undefined>;
  /** Whether the object's file is another than the one that was read. Members of archives that are no files count as the same. */
  hasChanged(object: ObjectName): Promise<boolean>;
  close(): Promise<void>;
}

interface Origin {
  readonly source: string | undefined;
  readonly dependencies: readonly string[];
  /** When the file that tells this was written. */
  readonly modified: number;
}

/** How long it is believed that a file has not changed, in milliseconds: one answer asks for many headers many times. */
const BELIEVED = 2000;

/** The most that Kbuild leaves beside one object: its command, and its headers one by one. */
const MOST_COMMAND_BYTES = 64 * 1024 * 1024;

/** @param root the tree's top: its real path */
export function openBuild(folder: string, root: string, options: BuildOptions = {}): Build {
  return new TreeBuild(folder, root, options);
}

class TreeBuild implements Build {
  readonly folder: string;
  readonly #root: string;
  readonly #options: BuildOptions;
  #index = createObjectIndex();
  #layout: BuildLayout | undefined;
  #maps: ReadonlyMap<string, LinkMap> = new Map();
  #isComplete = false;
  #isClosed = false;
  #running: { readonly worker: Worker; readonly done: Promise<void> } | undefined;
  #loaded: Promise<void> | undefined;
  readonly #origins = new Map<ObjectName, Origin>();
  readonly #times = new Map<string, { readonly asked: number; readonly modified: Promise<number> }>();
  #compiled: ReadonlyMap<string, string> | undefined;

  constructor(folder: string, root: string, options: BuildOptions = {}) {
    this.folder = folder;
    this.#root = root;
    this.#options = options;
  }

  get layout() {
    return this.#layout;
  }

  get index() {
    return this.#index;
  }

  get maps() {
    return this.#maps;
  }

  get isComplete() {
    return this.#isComplete;
  }

  async refresh() {
    await this.#running?.done.catch(() => {});
    this.#loaded = this.#read();
    this.#loaded.catch(() => {});
    await this.#loaded;
  }

  async sourceOf(object: string) {
    const { source } = await this.#originOf(object);
    return source === undefined ? undefined : this.#inTree(source);
  }

  async newerThan(object: string) {
    const known = this.#index.objects.get(object);
    if (known === undefined) return undefined;
    const { source, dependencies } = await this.#originOf(object);
    // The tree that is open counts, be it a copy of the one that the build names.
    const files = [...(source === undefined ? [] : [source]), ...dependencies];
    const here = files.map((file) => {
      const below = this.#inTree(file);
      return below === undefined || file.startsWith(`${this.folder}/`) ? file : join(this.#root, below);
    });
    const written = await Promise.all(here.map((path) => this.#modifiedAt(path)));
    const newer = here.find((_, i) => written[i]! > known.modified);
    return newer === undefined ? undefined : (this.#inTree(newer) ?? newer);
  }

  async hasChanged(object: string) {
    const known = this.#index.objects.get(object);
    const modified = await this.#modifiedAt(join(this.folder, object));
    return known !== undefined && modified > 0 && modified !== known.modified;
  }

  async close() {
    this.#isClosed = true;
    await this.#running?.worker.terminate();
  }

  #read(): Promise<void> {
    if (this.#running !== undefined) return this.#running.done;
    // What was replaced stays in the columns; when that is most of them, all is read anew.
    if (this.#index.deadEntries > this.#index.entries / 2) this.#index = createObjectIndex();
    const known = new Map([...this.#index.objects].map(([name, { identity }]) => [name, identity]));
    const workerData: BuildTask = { folder: this.folder, root: this.#root, map: this.#options.map, known };
    const worker = startWorker("build-worker", { workerData });
    const done = new Promise<void>((resolvePromise, reject) => {
      let total = 0;
      worker.on("message", (message: BuildMessage) => {
        if (this.#isClosed) return;
        if (message.kind === "layout") {
          this.#layout = message.layout;
          total = message.total;
          this.#index.revision++;
        } else if (message.kind === "objects") {
          addObjects(this.#index, message.batch);
          for (const name of message.gone) removeObject(this.#index, name);
          this.#options.onProgress?.(message.done, total);
        } else if (message.kind === "maps") {
          this.#maps = message.maps;
          this.#index.revision++;
        } else {
          this.#isComplete = true;
          resolvePromise();
        }
        this.#options.onChange?.();
      });
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("the build was not read to its end")));
    }).finally(() => {
      this.#running = undefined;
      void worker.terminate();
    });
    // Whoever does not wait must not be told of a rejection as of an accident.
    done.catch(() => {});
    this.#running = { worker, done };
    return done;
  }

  load(): Promise<void> {
    this.#loaded ??= this.#read().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    this.#loaded.catch(() => {});
    return this.#loaded;
  }

  #modifiedAt(path: string): Promise<number> {
    const known = this.#times.get(path);
    if (known !== undefined && Date.now() - known.asked < BELIEVED) return known.modified;
    const modified = stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (this.#times.size > 100_000) this.#times.clear();
    this.#times.set(path, { asked: Date.now(), modified });
    return modified;
  }

  #readText(path: string, most: number): string | undefined {
    try {
      return readRegular(path, { most, below: [this.folder, this.#root] }).toString("utf8");
    } catch {
      return undefined;
    }
  }

  async #originOf(object: ObjectName): Promise<Origin> {
    const known = this.#origins.get(object);
    const path = join(this.folder, commandFileOf(object));
    const modified = await this.#modifiedAt(path);
    if (known !== undefined && known.modified === modified) return known;
    const text = this.#readText(path, MOST_COMMAND_BYTES);
    const file = text === undefined ? undefined : parseCommandFile(text);
    const [made, ...includes] = file === undefined ? this.#prerequisitesOf(object) : [];
    const source =
      file?.source === undefined ? ((await this.#compiledSource(object)) ?? made) : resolve(this.folder, file.source);
    const dependencies = file?.dependencies?.map((name) => resolve(this.folder, name)) ?? includes;
    const origin: Origin = { source, dependencies, modified };
    this.#origins.set(object, origin);
    return origin;
  }

  /** By the file that the compiler left beside the object (-MD): the source, then what it includes, absolute. */
  #prerequisitesOf(object: ObjectName): string[] {
    const stem = join(this.folder, object).replace(/\.o$/, "");
    const text =
      this.#readText(`${stem}.d`, MOST_COMMAND_BYTES) ?? this.#readText(`${stem}.o.d`, MOST_COMMAND_BYTES) ?? "";
    const tops = [this.#root, this.folder, dirname(stem)];
    return parseDependencyFile(text).flatMap(
      (path) => tops.map((top) => resolve(top, path)).find((candidate) => existsSync(candidate)) ?? [],
    );
  }

  /** By compile_commands.json, or the source of the same name beside the object. */
  async #compiledSource(object: ObjectName): Promise<string | undefined> {
    if (this.#compiled === undefined) {
      const text = this.#readText(join(this.folder, "compile_commands.json"), MOST_DATABASE_BYTES);
      this.#compiled = new Map(parseCompileCommands(text ?? "").map((entry) => [entry.object ?? "", entry.source]));
    }
    const path = resolve(this.folder, object);
    const listed = this.#compiled.get(path);
    if (listed !== undefined) return listed;
    for (const suffix of [".c", ".S", ".s", ".cc", ".cpp"]) {
      const beside = path.replace(/\.o$/, suffix);
      if (beside !== path && (await this.#modifiedAt(beside)) > 0) return beside;
    }
    return undefined;
  }

  /** The path below the tree, whether it is named by the tree's own path or by that of the tree the build was made of. */
  #inTree(path: string): string | undefined {
    for (const top of [this.#root, this.#layout?.sourceRoot]) {
      if (top === undefined) continue;
      const below = relative(top, path);
      if (below !== "" && !leadsOutside(below)) return below;
    }
    return undefined;
  }
}
