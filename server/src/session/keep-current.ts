/**
 * Keeps what was read from some files up to date: one reading after the other, again when the files change. What is read and
 * what it means is its callers' matter.
 */

import { watchFiles } from "../host/watch-files.ts";

export interface Kept<T> {
  readonly current: T;
  /** Resolves when it was read, as of the last reload. */
  readonly ready: Promise<void>;
  /** Reads it anew. */
  reload(): Promise<void>;
  close(): void;
}

export interface KeptOptions<T> {
  /** What is known before anything was read. */
  readonly initial: T;
  readonly isWatched: boolean;
  /**
   * Reads it; undefined where it is as it was.
   *
   * @param follow is told the files that decide, absolute paths, before they are read
   */
  read(follow: (paths: readonly string[]) => void): Promise<{ readonly value: T } | undefined>;
  /** Called after it has become another; not for what was read first. */
  onChange(): void;
}

/** Starts to read. */
export function keepCurrent<T>(options: KeptOptions<T>): Kept<T> {
  let { initial: current } = options;
  let stopWatching = (): void => {};
  let followed: string | undefined;
  let isClosed = false;
  let isFirst = true;
  let ready = load();

  function follow(paths: readonly string[]): void {
    const text = paths.join("\n");
    if (!options.isWatched || isClosed || text === followed) return;
    stopWatching();
    stopWatching = watchFiles(paths, () => void reload());
    followed = text;
  }

  async function load(): Promise<void> {
    const read = await options.read(follow);
    const wasFirst = isFirst;
    isFirst = false;
    if (isClosed || read === undefined) return;
    current = read.value;
    if (!wasFirst) options.onChange();
  }

  function reload(): Promise<void> {
    ready = ready.then(load);
    return ready;
  }

  return {
    get current() {
      return current;
    },
    get ready() {
      return ready;
    },
    reload,
    close() {
      isClosed = true;
      stopWatching();
    },
  };
}
