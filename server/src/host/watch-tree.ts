/**
 * Watches the folders of a tree, for clients that do not: it tells which paths changed, came or went, files and folders. It listens to
 * each folder by itself, as no system that is cheap to ask tells of a whole tree everywhere, and knows nothing of what files hold.
 */

import { type FSWatcher, lstatSync, watch } from "node:fs";
import { join } from "node:path";
import { parentOf } from "../text/path.ts";
import { describeFailure } from "./problems.ts";

export interface TreeWatcher {
  /** Listens to the folders of these files, and to those on the way to them. Paths are relative to the root. */
  follow(files: Iterable<string>): void;
  close(): void;
}

export interface TreeWatchOptions {
  /** Whether a file of this path matters. Of folders it is not asked. */
  matters(path: string): boolean;
  /** Called with paths relative to the root. */
  onChange(paths: readonly string[]): void;
  /** Called once where not all folders can be listened to, with the reason. */
  onProblem(reason: string): void;
}

/** Changes are gathered for so long: a checkout touches thousands of files. */
const GATHER_MILLISECONDS = 200;

/** @param root absolute, a real path */
export function watchTree(root: string, options: TreeWatchOptions): TreeWatcher {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isFull = false;

  function listen(folder: string): void {
    try {
      const watcher = watch(join(root, folder), { persistent: false }, (_event, name) => {
        const path = name === null ? folder : folder === "" ? name : `${folder}/${name}`;
        if (name === null || options.matters(path) || isFolder(path)) note(path);
      });
      // A folder that is gone tells its parent, too.
      watcher.on("error", () => drop(folder));
      watchers.set(folder, watcher);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      isFull = true;
      options.onProblem(`changes in ${folder} and others are not noticed: ${describeFailure(error)}`);
    }
  }

  function isFolder(path: string): boolean {
    if (watchers.has(path)) return true;
    try {
      return lstatSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
    } catch {
      return false;
    }
  }

  function note(path: string): void {
    changed.add(path);
    timer ??= setTimeout(() => {
      timer = undefined;
      const paths = [...changed];
      changed.clear();
      options.onChange(paths);
    }, GATHER_MILLISECONDS).unref();
  }

  function drop(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  return {
    follow(files) {
      const folders = new Set([""]);
      for (const file of files) {
        for (let folder = parentOf(file); !folders.has(folder); folder = parentOf(folder)) folders.add(folder);
      }
      for (const folder of watchers.keys()) if (!folders.has(folder)) drop(folder);
      for (const folder of folders) if (!isFull && !watchers.has(folder)) listen(folder);
    },
    close() {
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) drop(folder);
    },
  };
}
