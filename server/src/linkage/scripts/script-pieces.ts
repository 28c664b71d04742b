/**
 * The pieces of a script: what it INCLUDEs, what INCLUDEs it, and so on, as ld sees them in one link. Regions, segments, sections
 * and symbols of one piece are those of all. It goes by the names that INCLUDE has and knows no -L folders.
 */

import type { LdScript } from "../../syntax/ld/tree.ts";
import { baseName, folderOf } from "../../text/path.ts";
import { findLanguage } from "../facts/extract.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { scriptOf } from "../facts/parsed.ts";
import type { Texts } from "../facts/texts.ts";
import { includersOf, joinPath, pathsNamed } from "../index/includers.ts";
import { statementsOf } from "./script-walk.ts";

export interface ScriptPiece {
  readonly path: string;
  readonly script: LdScript;
}

export interface ScriptPieces {
  /** The script that was asked about comes first. */
  readonly pieces: readonly ScriptPiece[];
  /** False where a piece is not in the tree, was not read yet, or may be another one: then there may be more than is known. */
  readonly isWhole: boolean;
}

/** A script with more pieces than this is not read whole. */
const MOST_PIECES = 64;

/** All pieces of the script. Two scripts that do not include each other, directly or through others, are never pieces of one. */
export function piecesOf(path: string, script: LdScript, index: LinkIndex, texts: Texts): ScriptPieces {
  const pieces = new Map<string, ScriptPiece>([[path, { path, script }]]);
  let isWhole = true;
  function add(one: string): void {
    if (pieces.has(one)) return;
    if (pieces.size >= MOST_PIECES) {
      isWhole = false;
      return;
    }
    const source = texts.source(one);
    if (source === undefined) isWhole = false;
    else pieces.set(one, { path: one, script: scriptOf(one, source) });
  }
  for (const includer of includersOf(index, path)) if (isScript(includer, index)) add(includer);
  // What is found on the way is looked through, too: a map is walked in the order in which it grows.
  for (const piece of pieces.values()) {
    for (const name of namesOfIncludes(piece.script)) {
      const found = findIncludedScripts(name, piece.path, index);
      if (found.length !== 1) isWhole = false;
      for (const one of found) add(one);
    }
  }
  return { pieces: [...pieces.values()], isWhole };
}

function isScript(path: string, index: LinkIndex): boolean {
  return findLanguage(path) === "ld" || index.languageOf(path) === "ld";
}

/** The names that the INCLUDE commands of a script have, those within MEMORY as well. */
function namesOfIncludes(script: LdScript): string[] {
  const names: string[] = [];
  for (const { statement } of statementsOf(script)) {
    if (statement.kind === "include") names.push(statement.path.text);
    else if (statement.kind === "memory") {
      for (const region of statement.regions) if (region.kind === "include") names.push(region.path.text);
    }
  }
  return names;
}

/** The scripts that an INCLUDE may mean: the one beside, else those whose paths end in the name. */
function findIncludedScripts(name: string, includer: string, index: LinkIndex): string[] {
  const beside = joinPath(folderOf(includer), name);
  if (index.hasFile(beside)) return [beside];
  const tail = name.replace(/^(?:\.{1,2}\/)+/, "");
  return pathsNamed(index, baseName(tail)).filter((one) => one === tail || one.endsWith(`/${tail}`));
}
