/**
 * The files that a linker script names with INCLUDE and #include, and C and assembly with #include, as links. Which folders are
 * looked in, and whether a file is there, others say: only a file that is there gets a link.
 */

import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import { scriptOf } from "../linkage/facts/parsed.ts";
import { joinPath } from "../linkage/index/includers.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { Source } from "../text/source.ts";
import { type Span, touches } from "../text/span.ts";

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

/** A path as a text names it, and the folders where it may be. */
interface NamedFile {
  readonly span: Span;
  readonly written: string;
  readonly places: readonly string[];
}

/** The links of the script at `path`, in the order of the text. */
export function findScriptLinks(path: string, script: LdScript, folders: LinkFolders): ScriptLink[] {
  const links = namedInScript(path, script, folders).flatMap((named) => linkTo(named, folders) ?? []);
  return links.sort((a, b) => a.span.start - b.span.start);
}

/** The link of the include line whose path the offset touches. */
export function includeLinkAt(
  path: string,
  source: Source,
  offset: number,
  folders: LinkFolders,
): ScriptLink | undefined {
  const language = languageOf(path, source);
  const named =
    language === "ld" ? namedInScript(path, scriptOf(path, source), folders) : namedInHeaders(path, source, folders);
  const here = named.find(({ span }) => touches(span, offset));
  return here && linkTo(here, folders);
}

function linkTo({ span, written, places }: NamedFile, folders: LinkFolders): ScriptLink | undefined {
  const found = places
    .flatMap((folder) => [below(folder, written), wrappedHeader(folder, written)])
    .find((candidate) => candidate !== undefined && folders.hasFile(candidate));
  return found === undefined ? undefined : { span: { start: span.start, end: span.end }, path: found };
}

/**
 * What a header wraps that only a build makes: `<asm/x.h>` of the generated folder does nothing but include `<asm-generic/x.h>`
 * (scripts/Makefile.asm-generic of Linux).
 */
function wrappedHeader(folder: string, written: string): string | undefined {
  const generated = /(?:^|\/)include\/generated(\/uapi)?\/?$/.exec(folder);
  if (generated === null || !written.startsWith("asm/")) return undefined;
  return below(`include${generated[1] ?? ""}/asm-generic`, written.slice("asm/".length));
}

function namedInScript(path: string, script: LdScript, folders: LinkFolders): NamedFile[] {
  const own = folderOf(path);
  const named = script.headers.map((header) => ({
    span: header.pathSpan,
    written: header.path,
    places: placesOf(header.angled, own, folders),
  }));
  for (const node of nodesOf(script)) {
    if (node.kind !== "include" || node.path.text === "") continue;
    const inner = node.path.quoted ? 1 : 0;
    const span = { start: node.path.start + inner, end: node.path.end - inner };
    // ld looks in the folder it runs in, for which we take the root, and along -L; in practice scripts lie side by side.
    named.push({ span, written: node.path.text, places: ["", own] });
  }
  return named;
}

function namedInHeaders(path: string, source: Source, folders: LinkFolders): NamedFile[] {
  const own = folderOf(path);
  return readFacts(path, source, { includeLocal: true }).includes.map(({ path: written, angled, start, end }) => ({
    span: { start, end },
    written,
    places: placesOf(angled, own, folders),
  }));
}

/** The folders in which the preprocessor looks, in its order (GCC manual, "Search Path"). */
function placesOf(isAngled: boolean, own: string, folders: LinkFolders): readonly string[] {
  return isAngled ? folders.angled : [own, ...folders.quoted, ...folders.angled];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
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
