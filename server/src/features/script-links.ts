/**
 * The files that a linker script names with INCLUDE and #include, as links. Which folders are looked in, and whether a file
 * is there, others say: only a file that is there gets a link.
 */

import { joinPath } from "../linkage/includers.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { Span } from "../text/span.ts";

export interface ScriptLink {
  /** The path as written, without quotes or brackets. */
  readonly span: Span;
  /** The file, relative to the workspace's root. */
  readonly path: string;
}

/** Where files may be; all paths are relative to the workspace's root, with forward slashes. */
export interface LinkFolders {
  /** `-iquote`, `-I` and `-isystem` folders in the order in which the preprocessor looks. */
  readonly quoted: readonly string[];
  readonly angled: readonly string[];
  hasFile(path: string): boolean;
}

/** The links of the script at `path`, in the order of the text. */
export function findScriptLinks(path: string, script: LdScript, folders: LinkFolders): ScriptLink[] {
  const own = path.slice(0, path.lastIndexOf("/") + 1);
  const links: ScriptLink[] = [];
  const add = (span: Span, written: string, places: readonly string[]): void => {
    const found = places
      .map((folder) => below(folder, written))
      .find((candidate) => candidate !== undefined && folders.hasFile(candidate));
    if (found !== undefined) links.push({ span: { start: span.start, end: span.end }, path: found });
  };
  for (const header of script.headers) {
    const places = header.angled ? folders.angled : [own, ...folders.quoted, ...folders.angled];
    add(header.pathSpan, header.path, places);
  }
  for (const node of nodesOf(script)) {
    if (node.kind !== "include" || node.path.text === "") continue;
    const inner = node.path.quoted ? 1 : 0;
    // ld looks in the folder it runs in, for which we take the root, and along -L; in practice scripts lie side by side.
    add({ start: node.path.start + inner, end: node.path.end - inner }, node.path.text, ["", own]);
  }
  return links.sort((a, b) => a.span.start - b.span.start);
}

/** The path below the root, or undefined where it leads out of it. */
function below(folder: string, path: string): string | undefined {
  if (path === "" || path.startsWith("/") || folder.startsWith("/")) return undefined;
  const base = folder === "" || folder.endsWith("/") ? folder : `${folder}/`;
  let depth = 0;
  for (const part of `${base}${path}`.split("/")) {
    if (part === "..") depth--;
    else if (part !== "." && part !== "") depth++;
    if (depth < 0) return undefined;
  }
  return joinPath(base, path);
}
