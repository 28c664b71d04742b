/**
 * Brings the files of a workspace that is on no disk into the server's memory, and follows their changes. It reads those that the
 * table of file kinds names, and looks into none.
 */
import * as vscode from "vscode";
import { watchedGlobs } from "../../server/src/linkage/facts/file-kinds.ts";
import { type Glob, readGlob } from "../../server/src/text/glob.ts";
import type { FileNews } from "../../server/src/web/files.ts";
import { pathInMemory } from "./virtual-uris.ts";

/** More than this is not read: every file is a question to some server, and all of them are in the page's memory. */
const MOST_FILES = 5000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Asked for at once. */
const CONCURRENT_READS = 16;

/** Folders that hold no sources of the tree's own. */
const SKIPPED = new Set([".git", ".hg", ".svn", ".repo", "node_modules"]);

/** One end of a channel, as browsers have it. */
export interface FilePort {
  onmessage: ((event: { readonly data: number }) => void) | null;
  postMessage(news: FileNews): void;
}

export interface WebFiles {
  /** Reads folders of the workspace, beside those that were read. Resolves with what could not be taken, in words; undefined where all is there. */
  read(folders: readonly vscode.WorkspaceFolder[]): Promise<string | undefined>;
  /** Takes what became of these files to the server, before it is told of them. */
  follow(changes: readonly { readonly uri: vscode.Uri; readonly isGone: boolean }[]): Promise<void>;
}

const PATTERNS = watchedGlobs()
  .map((glob) => readGlob(glob))
  .filter((glob): glob is Glob => typeof glob !== "string");

export function createWebFiles(port: FilePort): WebFiles {
  let flushes = 0;
  /** What was read of all folders. */
  let files = 0;
  let bytes = 0;
  const waiting = new Map<number, () => void>();
  port.onmessage = ({ data }) => {
    waiting.get(data)?.();
    waiting.delete(data);
  };
  const send = (news: FileNews): void => port.postMessage(news);

  function flush(): Promise<void> {
    const number = ++flushes;
    return new Promise((resolve) => {
      waiting.set(number, resolve);
      send({ kind: "flush", number });
    });
  }

  async function take(uri: vscode.Uri): Promise<number> {
    const bytes = await vscode.workspace.fs.readFile(uri);
    send({ kind: "write", path: pathInMemory(uri), bytes });
    return bytes.length;
  }

  return {
    async read(folders) {
      const found: vscode.Uri[] = [];
      let isCut = false;
      for (const { uri } of folders) {
        // The folder itself, should nothing in it be of interest.
        send({ kind: "write", path: `${pathInMemory(uri)}/.weakspot`, bytes: new Uint8Array(0) });
        isCut = !(await listInto(found, uri, MOST_FILES - files)) || isCut;
      }
      let failed = 0;
      let next = 0;
      const readOn = async (): Promise<void> => {
        while (next < found.length && bytes < MOST_BYTES) {
          const uri = found[next++]!;
          try {
            bytes += await take(uri);
          } catch {
            failed++;
          }
        }
      };
      await Promise.all(Array.from({ length: CONCURRENT_READS }, readOn));
      await flush();
      files += next;
      if (isCut || next < found.length) return vscode.l10n.t("Only {0} files of the workspace were read.", files);
      return failed === 0 ? undefined : vscode.l10n.t("{0} files could not be read.", failed);
    },
    async follow(changes) {
      for (const { uri, isGone } of changes) {
        if (isGone) send({ kind: "delete", path: pathInMemory(uri) });
        else await take(uri).catch(() => undefined);
      }
      await flush();
    },
  };
}

/** Adds the files that matter below a folder, the nearest first, up to so many in all; false where not all are added. */
async function listInto(found: vscode.Uri[], top: vscode.Uri, most: number): Promise<boolean> {
  const folders = [""];
  let isWhole = true;
  for (const folder of folders) {
    const entries = await entriesOf(vscode.Uri.joinPath(top, folder));
    isWhole &&= entries !== undefined;
    for (const [name, type] of entries ?? []) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (type === vscode.FileType.Directory && !SKIPPED.has(name)) folders.push(path);
      if (type !== vscode.FileType.File || !PATTERNS.some((pattern) => pattern.matches(path))) continue;
      if (found.length >= most) return false;
      found.push(vscode.Uri.joinPath(top, path));
    }
  }
  return isWhole;
}

/** Undefined where the folder can't be listed. */
async function entriesOf(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][] | undefined> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return undefined;
  }
}
