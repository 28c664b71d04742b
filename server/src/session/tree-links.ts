/**
 * What a session knows of the links of a tree that is no kernel: its compile database, kept up to date, and the links that the
 * user names. It reads through host and decides nothing.
 */

import { databasePaths, databaseStamp, readDatabase } from "../host/build/compile-database.ts";
import { watchConfiguration } from "../host/configuration-file.ts";
import { isKernelRoot } from "../host/find-root.ts";
import { createExclusion } from "../host/list-files.ts";
import { describeFailure, type FileProblem } from "../host/problems.ts";
import type { CompiledFile, TreeLinkSources } from "../linkage/tree-links.ts";

/** A link as settings name it. */
export interface LinkSetting {
  readonly name: string;
  /** Globs of paths relative to the root. */
  readonly files: readonly string[];
}

export interface TreeLinkOptions {
  linkUnits(): readonly LinkSetting[];
  readonly isWatched: boolean;
  onProblem(problem: FileProblem): void;
  /** Called after something else is known of the links. */
  onChange(): void;
}

export interface KnownTreeLinks {
  readonly current: TreeLinkSources;
  /** Resolves when the database was read, as of the last reload. */
  readonly ready: Promise<void>;
  /** Looks at the database and the settings anew. */
  reload(): Promise<void>;
  close(): void;
}

/** Starts to read what is known. */
export function openTreeLinks(root: string, options: TreeLinkOptions): KnownTreeLinks {
  // A kernel's Makefiles say more than its database, which may take long to read.
  const isKernel = isKernelRoot(root);
  let current: TreeLinkSources = { compiled: undefined, named: [] };
  let compiled: readonly CompiledFile[] | undefined;
  let lastStamp = "";
  let lastSettings = "[]";
  let isClosed = false;
  let isFirst = true;
  const stopWatching =
    options.isWatched && !isKernel ? watchConfiguration(databasePaths(root), () => void reload()) : () => {};
  let ready = load();

  async function load(): Promise<void> {
    const settings = options.linkUnits();
    const text = JSON.stringify(settings);
    const stamp = isKernel ? "" : await databaseStamp(root);
    const wasFirst = isFirst;
    isFirst = false;
    if (isClosed || (stamp === lastStamp && text === lastSettings)) return;
    if (stamp !== lastStamp) compiled = stamp === "" ? undefined : await read();
    lastStamp = stamp;
    lastSettings = text;
    current = { compiled, named: settings.map(({ name, files }) => ({ name, holds: createExclusion(files) })) };
    if (!wasFirst && !isClosed) options.onChange();
  }

  async function read(): Promise<readonly CompiledFile[] | undefined> {
    try {
      return await readDatabase(root);
    } catch (error) {
      options.onProblem({ path: databasePaths(root)[0]!, reason: `no compile database: ${describeFailure(error)}` });
      return undefined;
    }
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
