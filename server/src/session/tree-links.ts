/**
 * What a session knows of the links of a tree that is no kernel: its compile database, kept up to date, and the links that the
 * user names. It reads through host and decides nothing.
 */

import { databasePaths, databaseStamp, readDatabase } from "../host/build/compile-database.ts";
import { buildMarks, buildStamp, findBuildFolders, readBuildCommands } from "../host/build/read-commands.ts";
import { isKernelRoot } from "../host/find-root.ts";
import { createExclusion } from "../host/list-files.ts";
import { describeFailure, type FileProblem } from "../host/problems.ts";
import type { BuildCommands } from "../linkage/links/build-commands.ts";
import type { CompiledFile, TreeLinkSources } from "../linkage/links/target-links.ts";
import { type Kept, keepCurrent } from "./keep-current.ts";

/** A link as settings name it. */
export interface LinkSetting {
  readonly name: string;
  /** Globs of paths relative to the root. */
  readonly files: readonly string[];
  /** The user says that nothing else is linked, and that nothing is loaded later. */
  readonly isClosed?: boolean;
}

export interface TreeLinkOptions {
  linkUnits(): readonly LinkSetting[];
  readonly isWatched: boolean;
  /** The build folder that a setting names, absolute. */
  buildFolder?(): string | undefined;
  onProblem(problem: FileProblem): void;
  /** Called after something else is known of the links. */
  onChange(): void;
}

/** Starts to read what is known. */
export function openTreeLinks(root: string, options: TreeLinkOptions): Kept<TreeLinkSources> {
  // A kernel's Makefiles say more than its database, which may take long to read.
  const isKernel = isKernelRoot(root);
  let compiled: readonly CompiledFile[] | undefined;
  let builds: readonly BuildCommands[] = [];
  let lastStamp = "";
  let lastSettings = "[]";

  async function read(follow: (paths: readonly string[]) => void): Promise<{ value: TreeLinkSources } | undefined> {
    const folders = isKernel ? [] : findBuildFolders(root, options.buildFolder?.());
    if (!isKernel) follow([...databasePaths(root), ...buildMarks(folders)]);
    const settings = options.linkUnits();
    const text = JSON.stringify(settings);
    const database = isKernel ? "" : await databaseStamp(root);
    const stamp = `${database}\n${buildStamp(folders)}`;
    if (stamp === lastStamp && text === lastSettings) return undefined;
    if (stamp !== lastStamp) {
      compiled = database === "" ? undefined : await readCompiled(root, options);
      builds = folders
        .map((folder) => readBuildCommands(folder, root))
        .filter((build) => build.commands.some(({ command }) => command.kind === "link"));
    }
    lastStamp = stamp;
    lastSettings = text;
    return {
      value: {
        compiled,
        root,
        builds,
        named: settings.map(({ name, files, isClosed }) => ({ name, holds: createExclusion(files), isClosed })),
      },
    };
  }

  return keepCurrent({
    initial: { compiled: undefined, named: [] },
    isWatched: options.isWatched,
    read,
    onChange: options.onChange,
  });
}

async function readCompiled(root: string, options: TreeLinkOptions): Promise<readonly CompiledFile[] | undefined> {
  try {
    return await readDatabase(root);
  } catch (error) {
    options.onProblem({ path: databasePaths(root)[0]!, reason: `no compile database: ${describeFailure(error)}` });
    return undefined;
  }
}
