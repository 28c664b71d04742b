/**
 * Names with internal linkage (C11 6.2.2), which the index does not keep: no other file can mean them. They are looked for in the
 * texts of the files that have the word. It decides nothing of what has external linkage.
 */

import { mayBeStatic } from "../../syntax/c/may-be-static.ts";
import { baseName, folderOf } from "../../text/path.ts";
import { readFacts } from "../facts/extract.ts";
import type { Mention } from "../facts/link-index.ts";
import { filesMentioning } from "../index/files-mentioning.ts";
import { seesHeader } from "../index/seen-headers.ts";
import { isCFile, type Program } from "./program.ts";

/** A word in more headers than these is a word like any other; the nearest ones are looked at. */
const MOST_HEADERS = 60;

/**
 * What a file sees of internal linkage by this name: its own declarations and definitions, and those of headers that it includes.
 * Most are one `static inline` function of one header.
 */
export function internalSeenFrom(name: string, path: string, program: Program): readonly Mention[] {
  const own = internalIn(path, name, program);
  if (own.length > 0) return own;
  const { index, texts, links } = program;
  const far = (header: string) => distance(header, path, links.includeFolders);
  const headers = filesMentioning(name, index).filter((file) => file.endsWith(".h") && file !== path);
  const near = [...headers].sort((a, b) => far(a) - far(b) || (a < b ? -1 : 1)).slice(0, MOST_HEADERS);
  // All are asked for before the first is looked at, so that they are read at once.
  for (const header of near) texts.source(header);
  const found: Mention[] = [];
  const taken = new Map<string, number>();
  for (const header of near) {
    // Of headers by one name, an #include line means the nearest.
    if ((taken.get(baseName(header)) ?? Number.POSITIVE_INFINITY) < far(header)) continue;
    const mentions = internalIn(header, name, program);
    if (mentions.length === 0 || !seesHeader(index, path, header)) continue;
    taken.set(baseName(header), far(header));
    found.push(...mentions);
  }
  return found;
}

/** All of the tree, by path; empty where more files than this have the word, as all of them must be read. */
export function internalAnywhere(name: string, most: number, program: Program): readonly Mention[] {
  const files = filesMentioning(name, program.index).filter(isCFile);
  if (files.length > most) return [];
  for (const file of files) program.texts.source(file);
  return [...files].sort().flatMap((file) => internalIn(file, name, program));
}

/** What the file itself declares or defines by the name with internal linkage, definitions alone where there is one. */
export function internalIn(path: string, name: string, program: Program): readonly Mention[] {
  const source = program.texts.source(path);
  if (source === undefined || (isCFile(path) && !mayBeStatic(source, name))) return [];
  const facts = readFacts(path, source, { includeLocal: true }).symbols.filter(
    (fact) => fact.binding === "local" && fact.name === name && program.isActive(path, fact),
  );
  const definitions = facts.filter(({ role }) => role !== "declaration");
  return (definitions.length > 0 ? definitions : facts).map((fact) => ({ path, fact: program.resolve(fact) }));
}

/** How far a header is from a file: beside it, below the same folder of the root, where the build has its headers, elsewhere. */
function distance(header: string, path: string, includeFolders: readonly string[]): number {
  if (folderOf(header) === folderOf(path)) return 0;
  if (path.includes("/") && header.startsWith(path.slice(0, path.indexOf("/") + 1))) return 1;
  return includeFolders.some((folder) => header.startsWith(`${folder}/`)) ? 2 : 3;
}
