/**
 * The files that a linker was given, by the map that it wrote (-Map), in the order of its command line. It reads no files.
 *
 *     gnu-input := "LOAD " path                               (ldlang.c: lang_print_input_statement)
 *     lld-input := vma lma size align " "{9} file ":(" name ")"
 */

import { linesOfMap, mapFormatOf } from "./map-lines.ts";

export interface MapFile {
  /** As the linker was given it, of an archive's member that of the archive. */
  readonly path: string;
  /** "members": an archive of which the map lists what was taken alone. */
  readonly kind: "object" | "archive" | "members";
  /** The members that were taken, where these alone are known. */
  readonly members: readonly string[];
}

/** The files, each once; undefined for a text that is no map. lld names only those that something was taken of. */
export function parseMapInputs(text: string): MapFile[] | undefined {
  const format = mapFormatOf(text);
  if (format === undefined) return undefined;
  return format === "gnu" ? gnuInputs(text) : lldInputs(text);
}

function gnuInputs(text: string): MapFile[] {
  const files = new Map<string, MapFile>();
  for (const line of linesOfMap(text)) {
    if (!line.startsWith("LOAD ")) continue;
    const path = line.slice("LOAD ".length).trim();
    // Made by the linker itself.
    if (path === "" || path === "linker stubs") continue;
    if (!files.has(path)) files.set(path, { path, kind: isArchive(path) ? "archive" : "object", members: [] });
  }
  return [...files.values()];
}

function lldInputs(text: string): MapFile[] {
  const members = new Map<string, string[] | undefined>();
  for (const line of linesOfMap(text)) {
    const match = /^ *[0-9a-f]+ +[0-9a-f]+ +[0-9a-f]+ +\d+ {9}(\S.*):\([^()]*\)$/.exec(line);
    if (match === null || match[1] === "<internal>") continue;
    const [, path, member] = /^(.*)\(([^()]*)\)$/.exec(match[1]!) ?? [undefined, match[1]!, undefined];
    const known = members.get(path!);
    if (member === undefined) members.set(path!, undefined);
    else if (known === undefined) members.set(path!, [member]);
    else if (!known.includes(member)) known.push(member);
  }
  return [...members].map(([path, taken]) => ({
    path,
    kind: taken === undefined ? "object" : "members",
    members: taken ?? [],
  }));
}

function isArchive(path: string): boolean {
  return /\.(?:a|lib)$/.test(path);
}
