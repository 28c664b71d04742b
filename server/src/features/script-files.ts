/**
 * The files that a script can name, for completion: headers for #include, scripts for INCLUDE. Paths are completed folder by
 * folder. It goes by the paths of the tree, and knows include paths no better than by their usual names.
 */

import { isIncludableName, isPlainScriptName } from "../linkage/facts/file-kinds.ts";

export interface FileItem {
  /** One part of a path; a folder ends in `/`. */
  readonly label: string;
  readonly isFolder: boolean;
}

const MOST_ITEMS = 200;

/** Files beside the script and below, that INCLUDE may name. */
export function scriptsBeside(path: string, typed: string, paths: Iterable<string>): FileItem[] {
  return itemsBelow([folderOf(path)], typed, paths, (one) => one !== path && isPlainScriptName(one));
}

/** Headers beside the script and below, that `#include "…"` may name. */
export function headersBeside(path: string, typed: string, paths: Iterable<string>): FileItem[] {
  return itemsBelow([folderOf(path)], typed, paths, (one) => one !== path && isIncludableName(one));
}

/** Headers that `#include <…>` may name: those of include/, and of the architecture whose script it is. */
export function headersOnPath(path: string, typed: string, paths: Iterable<string>): FileItem[] {
  const architecture = /^arch\/[^/]+\//.exec(path)?.[0];
  const folders = ["include/", "include/uapi/"];
  if (architecture !== undefined) folders.unshift(`${architecture}include/`, `${architecture}include/uapi/`);
  return itemsBelow(folders, typed, paths, isIncludableName);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function itemsBelow(
  folders: readonly string[],
  typed: string,
  paths: Iterable<string>,
  isWanted: (path: string) => boolean,
): FileItem[] {
  const typedFolder = folderOf(typed);
  const starts = folders.map((folder) => `${folder}${typed}`);
  const found = new Map<string, FileItem>();
  for (const path of paths) {
    const index = starts.findIndex((start) => path.startsWith(start));
    if (index < 0 || !isWanted(path)) continue;
    const rest = path.slice(folders[index]!.length + typedFolder.length);
    const slash = rest.indexOf("/");
    const label = slash < 0 ? rest : rest.slice(0, slash + 1);
    if (!found.has(label)) found.set(label, { label, isFolder: slash >= 0 });
    if (found.size >= MOST_ITEMS) break;
  }
  return [...found.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
}
