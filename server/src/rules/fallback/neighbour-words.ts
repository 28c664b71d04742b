/**
 * How build files name a source or its object, and how the file beside it is named in the same way. It knows no build file's
 * grammar.
 */

import { joinPath } from "../../linkage/index/includers.ts";
import type { TextEdit } from "../../text/edit.ts";
import { folderOf } from "../../text/path.ts";
import type { Span } from "../../text/span.ts";

/** A build file as it stands. */
export interface BuildFile {
  readonly path: string;
  readonly text: string;
}

/** A source that build files list, and the file beside it that is to be listed wherever it is. */
export interface Neighbour {
  readonly path: string;
  readonly added: string;
  /** No other source of the tree has its file name, so that the name alone means it. */
  readonly hasOwnName: boolean;
}

/**
 * What a build file says of the neighbour.
 * - edits: it lists it, and the edits list the added file in the same places
 * - covered: it takes in whatever has such a name; `advice` says what has to be done for it to look again
 * - refusal: it builds the neighbour in a way in which the added file would not be built
 */
export type NeighbourListing =
  | { readonly kind: "edits"; readonly edits: readonly TextEdit[] }
  | { readonly kind: "covered"; readonly advice: string | undefined }
  | { readonly kind: "refusal"; readonly refusal: string };

const OBJECT_ENDS = [".o", ".lo", ".obj"];

/**
 * The word for the added file where the word names the neighbour in a build file of this folder: `$(O)/a_weak.o` for `$(O)/a.o`.
 * undefined where it names something else.
 */
export function siblingWord(word: string, folder: string, neighbour: Neighbour): string | undefined {
  const own = splitName(neighbour.path);
  const { folder: before, stem, end } = splitName(word);
  if (stem !== own.stem) return undefined;
  const isObject = OBJECT_ENDS.includes(end);
  if (!isObject && end !== own.end) return undefined;
  if (!isFolderOf(before, folder, neighbour, isObject)) return undefined;
  return `${before}${splitName(neighbour.added).stem}${end}`;
}

/** Whether what stands before a file's name can mean the neighbour's folder. */
function isFolderOf(written: string, folder: string, neighbour: Neighbour, isObject: boolean): boolean {
  const own = folderOf(neighbour.path);
  const variable = Math.max(written.lastIndexOf(")"), written.lastIndexOf("}"), written.lastIndexOf("@"));
  const tail = withoutLeadingSlash(written.slice(variable + 1));
  if (variable < 0) {
    if (written.startsWith("/")) return false;
    if (joinFolder(folder, written) === own || written === own) return true;
    // Objects may go into folders of their own, and sources be named from another folder than the build file's.
    return neighbour.hasOwnName && (isObject || `/${own}`.endsWith(`/${written}`));
  }
  if (!`/${own}`.endsWith(`/${tail}`)) return false;
  return neighbour.hasOwnName || `${folder}${tail}` === own;
}

function withoutLeadingSlash(path: string): string {
  return path.startsWith("/") ? path.slice(1) : path;
}

/** With a slash at its end, as folderOf has it. */
function joinFolder(folder: string, path: string): string {
  const joined = joinPath(folder, path);
  return joined === "" ? "" : `${joined}/`;
}

function splitName(path: string): { readonly folder: string; readonly stem: string; readonly end: string } {
  const folder = folderOf(path);
  const dot = path.lastIndexOf(".");
  if (dot <= folder.length) return { folder, stem: path.slice(folder.length), end: "" };
  return { folder, stem: path.slice(folder.length, dot), end: path.slice(dot) };
}

/** How a list goes on behind an element. */
export interface ListStyle {
  /** Between two elements of one line. */
  readonly inLine: string;
  /** Between an element and the end of its line. */
  readonly atLineEnd: string;
}

/** Adds an element behind another: on a line of its own where that one has one, else on the same line. */
export function insertBehind(text: string, element: Span, added: string, style: ListStyle): TextEdit {
  const lineStart = text.lastIndexOf("\n", element.start - 1) + 1;
  const indent = text.slice(lineStart, element.start);
  const newline = text.indexOf("\n", element.end);
  const rest = text.slice(element.end, newline < 0 ? text.length : newline).trim();
  const isAlone = indent.trim() === "" && indent !== "" && (rest === "" || rest === style.atLineEnd.trim());
  const inserted = isAlone ? `${style.atLineEnd}\n${indent}${added}` : `${style.inLine}${added}`;
  return { start: element.end, end: element.end, text: inserted };
}

/** Whether a pattern with `*` in its last part, as `src/*.c`, takes in both files. */
export function takesIn(pattern: string, folder: string, neighbour: Neighbour, isRecursive: boolean): boolean {
  const { folder: written, stem, end } = splitName(pattern);
  const star = stem.indexOf("*");
  if (star < 0 || stem.indexOf("*", star + 1) >= 0) return false;
  const own = folderOf(neighbour.path);
  const variable = Math.max(written.lastIndexOf(")"), written.lastIndexOf("}"));
  const tail = withoutLeadingSlash(written.slice(variable + 1));
  const start = variable < 0 || tail !== "" ? joinFolder(folder, tail) : folder;
  if (isRecursive ? !own.startsWith(start) : own !== start) return false;
  return [neighbour.path, neighbour.added].every((path) => {
    const name = splitName(path);
    return name.end === end && name.stem.startsWith(stem.slice(0, star)) && name.stem.endsWith(stem.slice(star + 1));
  });
}
