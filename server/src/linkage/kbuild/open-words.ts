/**
 * Words of Kbuild's lists with the values of configuration symbols in them, `board/$(CONFIG_SYS_BOARD)/`, `$(CPU)/start.o`: the
 * folders, objects and files that a tree has for them, each with its guard. It follows nothing.
 */

import { type ExistingPath, existingNames, existingPaths } from "../../syntax/kbuild/existing-paths.ts";
import { bothGuard } from "../../syntax/kbuild/guard.ts";
import { type MakeHost, normalizePath } from "../../syntax/kbuild/make.ts";
import { isUnknownText, knownParts, type ValueWord } from "../../syntax/kbuild/value.ts";

const MAKEFILES = ["/Kbuild", "/Makefile"];
const SOURCES = [".c", ".S", ".rs", ".s", ".cc"];

/** The words that can be known. Of others nothing is left. */
export function resolveWords(host: MakeHost, directory: string, words: readonly ValueWord[]): readonly ValueWord[] {
  if (!words.some(({ text }) => isUnknownText(text))) return words;
  return words.flatMap((word) => (isUnknownText(word.text) ? rememberedWords(host, directory, word) : [word]));
}

/** What words of rules came to, by the tree and the folder: a list of boards is followed once for each way to its rule. */
const knownWords = new WeakMap<
  ValueWord,
  { readonly host: MakeHost; readonly directory: string; readonly words: readonly ValueWord[] }
>();

function rememberedWords(host: MakeHost, directory: string, word: ValueWord): readonly ValueWord[] {
  const known = knownWords.get(word);
  if (known?.host === host && known.directory === directory) return known.words;
  const words = resolved(host, directory, word);
  knownWords.set(word, { host, directory, words });
  return words;
}

function resolved(host: MakeHost, directory: string, word: ValueWord): readonly ValueWord[] {
  const prefix = directory === "" ? "" : `${directory}/`;
  const name = normalizePath(prefix + word.text);
  // Of a word that may be anything at the tree's top nothing is known.
  if (!knownParts(name).parts[0]!.includes("/")) return [];
  const found = namesOf(host, name);
  const ending = word.text.endsWith("/") ? "/" : "";
  return found.map(({ path, guard }) => {
    const text = path.slice(prefix.length) + ending;
    return { text, guard: bothGuard(word.guard, guard), origin: word.origin, offset: -1 };
  });
}

/** What was found, by tree: a list of boards is asked for again and again. */
const knownNames = new WeakMap<MakeHost, Map<string, readonly ExistingPath[]>>();

function namesOf(host: MakeHost, name: string): readonly ExistingPath[] {
  let names = knownNames.get(host);
  if (names === undefined) knownNames.set(host, (names = new Map()));
  let found = names.get(name);
  if (found === undefined) names.set(name, (found = findNames(host, name) ?? []));
  return found;
}

/** A folder with a Makefile, what is built in of one, an object of a source, or a file. */
function findNames(host: MakeHost, name: string): readonly ExistingPath[] | undefined {
  const builtin = /\/built-in\.[oa]$/.exec(name)?.[0];
  if (builtin !== undefined) {
    const folders = existingNames(host, name.slice(0, -builtin.length), MAKEFILES);
    return folders?.map(({ path, guard }) => ({ path: path + builtin, guard }));
  }
  if (name.endsWith(".o")) {
    const objects = existingNames(host, name.slice(0, -2), SOURCES);
    return objects?.map(({ path, guard }) => ({ path: `${path}.o`, guard }));
  }
  const isFile = /\.\w+$/.test(name);
  return isFile ? existingPaths(host, name) : existingNames(host, name, MAKEFILES);
}
