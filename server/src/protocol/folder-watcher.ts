/** Notices changes of a folder's files where the client does not tell of them. It decides nothing of what they mean. */

import type { ClientCapabilities } from "vscode-languageserver";
import { watchTree } from "../host/watch-tree.ts";
import type { Workspace } from "../host/workspace.ts";
import { isBuildFile, kindOfName } from "../linkage/facts/file-kinds.ts";

export interface FolderWatcher {
  /** Listens to the folders that the tree has by now; called whenever it may have others. */
  follow(): void;
  close(): void;
}

export interface FolderWatcherOptions {
  readonly capabilities: ClientCapabilities;
  readonly workspace: Workspace;
  onChange(paths: readonly string[]): void;
  onProblem(reason: string): void;
}

/** Does nothing where the client watches. */
export function openFolderWatcher({ capabilities, workspace, ...told }: FolderWatcherOptions): FolderWatcher {
  if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) return { follow() {}, close() {} };
  const watcher = watchTree(workspace.root, {
    ...told,
    matters: (path) => kindOfName(path) !== undefined || isBuildFile(path),
  });
  let revision = -1;
  return {
    follow() {
      const { index, buildFiles } = workspace;
      if (index.treeRevision === revision) return;
      const isFirst = revision < 0;
      revision = index.treeRevision;
      watcher.follow([...index.paths(), ...buildFiles]);
      // What changed while the tree was read and nobody listened.
      if (isFirst) told.onChange([""]);
    },
    close: () => watcher.close(),
  };
}
