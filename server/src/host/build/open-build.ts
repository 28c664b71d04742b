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
  let index = createObjectIndex();
  let layout: BuildLayout | undefined;
  let maps: ReadonlyMap<string, LinkMap> = new Map();
  let isComplete = false;
  let isClosed = false;
  let running: { readonly worker: Worker; readonly done: Promise<void> } | undefined;
  let loaded: Promise<void> | undefined;
  const origins = new Map<ObjectName, Origin>();
  const times = new Map<string, { readonly asked: number; readonly modified: Promise<number> }>();
  let compiled: ReadonlyMap<string, string> | undefined;

  function read(): Promise<void> {
    if (running !== undefined) return running.done;
    // What was replaced stays in the columns; when that is most of them, all is read anew.
    if (index.deadEntries > index.entries / 2) index = createObjectIndex();
    const known = new Map([...index.objects].map(([name, { identity }]) => [name, identity]));
    const workerData: BuildTask = { folder, root, map: options.map, known };
    const worker = startWorker("build-worker", { workerData });
    const done = new Promise<void>((resolvePromise, reject) => {
      let total = 0;
      worker.on("message", (message: BuildMessage) => {
        if (isClosed) return;
        if (message.kind === "layout") {
          layout = message.layout;
          total = message.total;
          index.revision++;
        } else if (message.kind === "objects") {
          addObjects(index, message.batch);
          for (const name of message.gone) removeObject(index, name);
          options.onProgress?.(message.done, total);
        } else if (message.kind === "maps") {
          maps = message.maps;
          index.revision++;
        } else {
          isComplete = true;
          resolvePromise();
        }
        options.onChange?.();
      });
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("the build was not read to its end")));
    }).finally(() => {
      running = undefined;
      void worker.terminate();
    });
    // Whoever does not wait must not be told of a rejection as of an accident.
    done.catch(() => {});
    running = { worker, done };
    return done;
  }

  function load(): Promise<void> {
    loaded ??= read().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    loaded.catch(() => {});
    return loaded;
  }

  function modifiedAt(path: string): Promise<number> {
    const known = times.get(path);
    if (known !== undefined && Date.now() - known.asked < BELIEVED) return known.modified;
    const modified = stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (times.size > 100_000) times.clear();
    times.set(path, { asked: Date.now(), modified });
    return modified;
  }

  function readText(path: string, most: number): string | undefined {
    try {
      return readRegular(path, { most, below: [folder, root] }).toString("utf8");
    } catch {
      return undefined;
    }
  }

  async function originOf(object: ObjectName): Promise<Origin> {
    const known = origins.get(object);
    const path = join(folder, commandFileOf(object));
    const modified = await modifiedAt(path);
    if (known !== undefined && known.modified === modified) return known;
    const text = readText(path, MOST_COMMAND_BYTES);
    const file = text === undefined ? undefined : parseCommandFile(text);
    const [made, ...includes] = file === undefined ? prerequisitesOf(object) : [];
    const source = file?.source === undefined ? ((await compiledSource(object)) ?? made) : resolve(folder, file.source);
    const dependencies = file?.dependencies?.map((name) => resolve(folder, name)) ?? includes;
    const origin: Origin = { source, dependencies, modified };
    origins.set(object, origin);
    return origin;
  }

  /** By the file that the compiler left beside the object (-MD): the source, then what it includes, absolute. */
  function prerequisitesOf(object: ObjectName): string[] {
    const stem = join(folder, object).replace(/\.o$/, "");
    const text = readText(`${stem}.d`, MOST_COMMAND_BYTES) ?? readText(`${stem}.o.d`, MOST_COMMAND_BYTES) ?? "";
    const tops = [root, folder, dirname(stem)];
    return parseDependencyFile(text).flatMap(
      (path) => tops.map((top) => resolve(top, path)).find((candidate) => existsSync(candidate)) ?? [],
    );
  }

  /** By compile_commands.json, or the source of the same name beside the object. */
  async function compiledSource(object: ObjectName): Promise<string | undefined> {
    if (compiled === undefined) {
      const text = readText(join(folder, "compile_commands.json"), MOST_DATABASE_BYTES);
      compiled = new Map(parseCompileCommands(text ?? "").map((entry) => [entry.object ?? "", entry.source]));
    }
    const path = resolve(folder, object);
    const listed = compiled.get(path);
    if (listed !== undefined) return listed;
    for (const suffix of [".c", ".S", ".s", ".cc", ".cpp"]) {
      const beside = path.replace(/\.o$/, suffix);
      if (beside !== path && (await modifiedAt(beside)) > 0) return beside;
    }
    return undefined;
  }

  /** The path below the tree, whether it is named by the tree's own path or by that of the tree the build was made of. */
  function inTree(path: string): string | undefined {
    for (const top of [root, layout?.sourceRoot]) {
      if (top === undefined) continue;
      const below = relative(top, path);
      if (below !== "" && !leadsOutside(below)) return below;
    }
    return undefined;
  }

  return {
    folder,
    get layout() {
      return layout;
    },
    get index() {
      return index;
    },
    get maps() {
      return maps;
    },
    get isComplete() {
      return isComplete;
    },
    load,
    async refresh() {
      await running?.done.catch(() => {});
      loaded = read();
      loaded.catch(() => {});
      await loaded;
    },
    async sourceOf(object) {
      const { source } = await originOf(object);
      return source === undefined ? undefined : inTree(source);
    },
    async newerThan(object) {
      const known = index.objects.get(object);
      if (known === undefined) return undefined;
      const { source, dependencies } = await originOf(object);
      // The tree that is open counts, be it a copy of the one that the build names.
      const files = [...(source === undefined ? [] : [source]), ...dependencies];
      const here = files.map((file) => {
        const below = inTree(file);
        return below === undefined || file.startsWith(`${folder}/`) ? file : join(root, below);
      });
      const written = await Promise.all(here.map(modifiedAt));
      const newer = here.find((_, i) => written[i]! > known.modified);
      return newer === undefined ? undefined : (inTree(newer) ?? newer);
    },
    async hasChanged(object) {
      const known = index.objects.get(object);
      const modified = await modifiedAt(join(folder, object));
      return known !== undefined && modified > 0 && modified !== known.modified;
    },
    async close() {
      isClosed = true;
      await running?.worker.terminate();
    },
  };
}
