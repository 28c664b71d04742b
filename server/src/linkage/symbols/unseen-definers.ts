/**
 * Texts that may define a symbol without that the index knows: a file that is included as source and is in no language by its name
 * (`list.tbl`), or that is not there; macros that put a name together of words of such files, or of build files
 * (`-DPREFIX=hook`). It errs towards "may". Kernels are too large to be looked through for each name, and nothing is said of them; in other
 * trees of that size it is not known.
 */

import { hasWord } from "../../text/has-word.ts";
import { baseName, folderOf } from "../../text/path.ts";
import { joinPath, pathsNamed } from "../index/includers.ts";
import { findPasted, findPastingOf } from "./pasted-names.ts";
import { isCFile, type Program } from "./program.ts";

/** Trees of more files are not looked through. */
const MOST_FILES = 2000;

/** Who may define the symbol unseen in a link with a file, as a clause with a file to go to. */
export function findUnseenDefiner(
  name: string,
  path: string,
  program: Program,
): { readonly text: string; readonly path: string } | undefined {
  const { index, links } = program;
  if (index.fileCount > MOST_FILES) {
    const text = `the tree has more than ${MOST_FILES} files, which are not looked through for macros and included files that may define it`;
    return links.hasKconfig ? undefined : { path, text };
  }
  const pasted = findPasted(name, path, program);
  if (pasted !== undefined) return { path, text: `a macro puts its name together at ${pasted} and may define it` };
  const texts = [...textsOf(links.buildFiles, program)];
  for (const file of index.paths()) {
    if (!isCFile(file) || !links.mayMeet(path, file)) continue;
    for (const included of unreadIncludes(file, program)) {
      if (included.text === undefined) {
        return { path: file, text: `${file} includes ${included.path}, which is not there and may define it` };
      }
      if (hasWord(included.text, name)) {
        return {
          path: file,
          text: `${file} includes ${included.path}, which is not read, has the word and may define it`,
        };
      }
      texts.push(included.text);
    }
  }
  const pasting = findPastingOf(name, path, program, (word) => texts.some((text) => hasWord(text, word)));
  return pasting === undefined ? undefined : { path: pasting, text: `a macro in ${pasting} may put its name together` };
}

function* textsOf(paths: readonly string[], { texts }: Program): Generator<string> {
  for (const path of paths) {
    const source = texts.source(path);
    if (source !== undefined) yield source.slice(0, source.length);
  }
}

/** What ends so declares, and defines nothing; such a file may be made by the build or come with a compiler. */
const HEADER = /\.(?:h|hh|hpp|hxx|H)$/;

/** What a file includes that the index does not have; without a text where it is not there. */
function* unreadIncludes(
  file: string,
  { index, texts }: Program,
): Generator<{ readonly path: string; readonly text: string | undefined }> {
  for (const { path, angled } of index.factsOf(file)?.includes ?? []) {
    if (angled || HEADER.test(path) || pathsNamed(index, baseName(path)).length > 0) continue;
    const beside = joinPath(folderOf(file), path);
    const source = texts.source(beside);
    if (source !== undefined) yield { path, text: source.slice(0, source.length) };
    else if (!texts.isPending(beside)) yield { path, text: undefined };
  }
}
