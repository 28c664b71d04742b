/**
 * A script as its build reads it. Where its text shows nothing of the C preprocessor and is none that ld would accept, the tree may
 * still tell that it goes through it: a source or an unexpanded script that #includes it, a rule that runs the preprocessor over it.
 */

import { readScript } from "../../syntax/ld/read-script.ts";
import type { LdScript } from "../../syntax/ld/tree.ts";
import { createAttached } from "../../text/attached.ts";
import { baseName } from "../../text/path.ts";
import type { Source } from "../../text/source.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { scriptOf } from "../facts/parsed.ts";
import type { Texts } from "../facts/texts.ts";
import { canMean } from "../index/includers.ts";

/** The tree around a script. */
export interface ScriptSurroundings {
  readonly index: LinkIndex;
  readonly texts: Texts;
  readonly links: { readonly buildFiles: readonly string[] };
}

const readings = createAttached<Source, LdScript>();

/** The script, read as one that is yet to be preprocessed where the tree shows that it is. */
export function scriptAsBuilt(path: string, source: Source, around: ScriptSurroundings): LdScript {
  const script = scriptOf(path, source);
  if (script.preprocessed || script.kind !== "script" || script.template !== undefined) return script;
  if (!script.errors.some(({ kind }) => kind !== "character") || !goesThroughPreprocessor(path, around)) return script;
  let reading = readings.get(source);
  if (reading === undefined) readings.set(source, (reading = readScript(path, source, { mayBePreprocessed: true })));
  return reading;
}

function goesThroughPreprocessor(path: string, around: ScriptSurroundings): boolean {
  return isIncludedAsText(path, around) || isGivenToPreprocessor(path, around);
}

/** INCLUDE is ld's own; `#include` stands in sources, and in scripts that are yet to be preprocessed. */
function isIncludedAsText(path: string, { index, texts }: ScriptSurroundings): boolean {
  return index.inclusionsOf(baseName(path)).some(({ path: includer, fact }) => {
    if (!canMean(index, fact, includer, path)) return false;
    if (index.languageOf(includer) !== "ld") return true;
    const source = texts.source(includer);
    return source !== undefined && scriptOf(includer, source).headers.some(({ path: named }) => named === fact.path);
  });
}

/** A make rule: what it makes, what it is made of, and the commands. Continued lines count as one. */
const RULE = /^([^\s#:=][^\n:=]*):(?![:=])([^\n=]*)\n((?:\t[^\n]*\n?)+)/gm;

/** A command that preprocesses. */
const PREPROCESSES = /\$[({]CPP[)}]|(?:^|[\s/@-])cpp(?:[-\s]|$)|\s-E\s|cpp_lds/m;

function isGivenToPreprocessor(path: string, { texts, links }: ScriptSurroundings): boolean {
  const name = baseName(path);
  // All are asked for before the first is looked at, so that they are read at once.
  const sources = links.buildFiles.map((one) => texts.source(one));
  return sources.some((source) => {
    const text = source?.slice(0, source.length).replace(/\\\r?\n/g, " ") ?? "";
    if (!PREPROCESSES.test(text)) return false;
    for (const [, , given = "", commands = ""] of text.matchAll(RULE)) {
      if (PREPROCESSES.test(commands) && given.split(/\s+/).some((word) => mayMean(word, name))) return true;
    }
    return false;
  });
}

/** `link.ld`, `$(SRC)/link.ld`, `%.ld`. */
function mayMean(word: string, name: string): boolean {
  const base = word.slice(word.lastIndexOf("/") + 1);
  return base === name || (base.startsWith("%.") && name.endsWith(base.slice(1)));
}
