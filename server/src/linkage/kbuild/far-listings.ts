/**
 * Which Makefiles may list an object of another folder: `../../accel/drm_accel.o`, `$(addprefix ../sh3/, entry.o)`. It goes by the
 * words of their texts and so finds too many; what they do list, the walk says.
 */

import { baseName, parentOf, withoutEnding } from "../../text/path.ts";

export interface FarListings {
  /** The folders, "" for the top, whose Makefiles may list what is made of this source, those above it left out. */
  foldersNaming(path: string): readonly string[];
}

/** An object or a source with what stands before its name: `$(obj)/../lib/memcpy.o`, `entry.o`. */
const FILE_WORD = /([^\s,:=]*\/)?([\w.+-]+)\.(?:o|c|S|s)\b/g;
const ANY_WORD = /[\w.+-]+/g;
/** A folder of a Makefile's own, as Kbuild calls it. */
const OWN_FOLDER = /^(?:\.\/|\$[({](?:obj|src)[)}]\/)$/;
/** Another folder may be put before words that stand by themselves, or after a variable. */
const FAR_FOLDER = /\.\.\/|tree[)}]|\$[({]\w+[)}]\/[\w-]+\//;
const MAKES_WORDS = /%|\$[({](?:addprefix|patsubst|subst|foreach|join|addsuffix|notdir|basename)\b/;
const INCLUDES = /^[ \t]*-?include[ \t]+(.*)$/gm;

/**
 * @param makefiles paths of all Makefiles, Kbuild files, and what they include
 * @param readText undefined where a text is not there yet: ask again for new listings then
 */
export function readFarListings(
  makefiles: readonly string[],
  readText: (path: string) => string | undefined,
): FarListings {
  /** Folders by the name of an object without its ending. */
  const folders = new Map<string, Set<string>>();
  const includers = new Map<string, Set<string>>();
  const parts: { readonly path: string; readonly names: ReadonlySet<string> }[] = [];
  for (const path of makefiles) {
    const text = readText(path);
    if (text === undefined) continue;
    const names = namesIn(text);
    if (names.size > 0) parts.push({ path, names });
    for (const [, included = ""] of text.matchAll(INCLUDES)) {
      for (const word of included.split(/\s+/)) add(includers, baseName(word), parentOf(path));
    }
  }
  for (const { path, names } of parts) {
    const users = [parentOf(path), ...(includers.get(baseName(path)) ?? [])];
    for (const name of names) for (const folder of users) add(folders, name, folder);
  }
  return {
    foldersNaming(path) {
      const found = folders.get(withoutEnding(baseName(path))) ?? [];
      return [...found].filter((folder) => folder !== "" && !path.startsWith(`${folder}/`));
    },
  };
}

function namesIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  const isFar = FAR_FOLDER.test(text);
  if (isFar && MAKES_WORDS.test(text)) {
    for (const [word] of text.matchAll(ANY_WORD)) names.add(withoutEnding(word));
    return names;
  }
  for (const [, folder = "", name = ""] of text.matchAll(FILE_WORD)) {
    const isOwn = folder === "" || OWN_FOLDER.test(folder);
    if (!isOwn || isFar) names.add(name);
  }
  return names;
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}
