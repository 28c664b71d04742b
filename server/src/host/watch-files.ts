/**
 * Watches single files, which may come and go with their folders: it listens to the nearest folder that is there and looks when the
 * system says that something happened in it. Nothing is looked at while nothing happens.
 */

import { existsSync, type FSWatcher, statSync, unwatchFile, watch, watchFile } from "node:fs";
import { dirname, join } from "node:path";

/** So long after an event the files are looked at: what writes them is done by then, mostly. */
const SETTLE_MILLISECONDS = 50;

/** How often files are looked at where the system can't tell of changes. */
const POLL_MILLISECONDS = 1000;

/**
 * Calls back when one of the files changes, comes or goes, until the returned function is called. It keeps no process alive.
 * @param paths absolute
 */
export function watchFiles(paths: readonly string[], onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const polled = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let last = "";

  /** Listens where the files are, or will be. */
  function arm(): void {
    const folders = new Set(paths.map((path) => nearestFolder(dirname(path))));
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) if (!watchers.has(folder)) listen(folder);
    last = stampOf(paths);
  }

  function listen(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || paths.some((path) => isOnTheWay(path, join(folder, name)))) soon();
      });
      watcher.on("error", () => {
        watchers.delete(folder);
        soon();
      });
      watchers.set(folder, watcher);
    } catch {
      // Too many are watched, or the system has no such thing: then there is but to look again and again.
      for (const path of paths) poll(path);
    }
  }

  function poll(path: string): void {
    if (polled.has(path)) return;
    polled.add(path);
    watchFile(path, { persistent: false, interval: POLL_MILLISECONDS }, soon);
  }

  function soon(): void {
    timer ??= setTimeout(look, SETTLE_MILLISECONDS).unref();
  }

  function look(): void {
    timer = undefined;
    if (isClosed) return;
    const before = last;
    arm();
    if (last !== before) onChange();
  }

  arm();
  return () => {
    isClosed = true;
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    for (const path of polled) unwatchFile(path, soon);
  };
}

/** Whether what happened to `other` may have happened to the file: it is the file, or a folder on the way to it. */
function isOnTheWay(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`);
}

function nearestFolder(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

function stampOf(paths: readonly string[]): string {
  return paths.map(stampOfFile).join("\n");
}

function stampOfFile(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
  } catch {
    return "";
  }
}
