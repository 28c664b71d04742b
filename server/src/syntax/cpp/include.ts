/**
 * Where #include finds its file: the including file's own folder, then the search path (C11 6.10.2; "The C Preprocessor",
 * 2.3 and 2.7). It asks for files by path and reads none itself.
 */

import type { LexedFile } from "./lex.ts";
import { currentFrame, lexCached, type Run } from "./state.ts";

/** A header that was found, and where in the search path, for #include_next: -1 beside the including file. */
export interface FoundInclude {
  readonly file: LexedFile;
  readonly searchIndex: number;
}

/** Joins a folder and a path below it; "." and ".." are taken out of the text, since no link can be asked about. */
export function joinUnder(folder: string, name: string): string {
  const path = name.startsWith("/") || folder === "" ? name : `${folder}/${name}`;
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else if (part !== ".." || !path.startsWith("/")) parts.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + parts.join("/");
}

/** The folder that holds a path; "" for the root that paths are relative to. */
export function bareFolderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : slash === 0 ? "/" : path.slice(0, slash);
}

/** The lexed file at a path, asked for once in each run. */
export function lexedFileAt(run: Run, path: string): LexedFile | undefined {
  if (run.found.has(path)) return run.found.get(path);
  const source = run.readFile(path);
  const file = source === undefined ? undefined : lexCached(run.cache, path, source, run.mode);
  run.found.set(path, file);
  if (file !== undefined) run.files.set(file.number, file);
  return file;
}

/** Finds the file that an #include names, or undefined. */
export function findInclude(run: Run, name: string, isAngled: boolean, isNext: boolean): FoundInclude | undefined {
  if (name === "") return undefined;
  if (name.startsWith("/")) {
    const file = lexedFileAt(run, joinUnder("", name));
    return file && { file, searchIndex: -1 };
  }
  const frame = currentFrame(run);
  // The search path is the quote folders, then the folders for both.
  let from = isAngled ? run.quotePaths.length : 0;
  const continues = isNext && run.frames.length > 1 && frame !== undefined;
  if (continues) from = frame.searchIndex + 1;
  else if (!isAngled && frame !== undefined) {
    const file = lexedFileAt(run, joinUnder(bareFolderOf(frame.file.path), name));
    if (file !== undefined) return { file, searchIndex: -1 };
  }
  const total = run.quotePaths.length + run.anglePaths.length;
  for (let i = from; i < total; i++) {
    const folder = i < run.quotePaths.length ? run.quotePaths[i]! : run.anglePaths[i - run.quotePaths.length]!;
    const file = lexedFileAt(run, joinUnder(folder, name));
    if (file !== undefined) return { file, searchIndex: i };
  }
  return undefined;
}
