/**
 * Texts that may define a symbol without that the index knows: a file that is included as source and is in no language by its name
 * (`list.tbl`), or that is not there; macros that put a name together of words of such files, or of build files
 * (`-DPREFIX=hook`). It errs towards "may". Kernels are too large to be looked through for each name, and nothing is said of them; in other
 * trees of that size it is not known.
 */

import { hasWord } from "../../text/has-word.ts";
import { baseName, folderOf } from "../../text/path.ts";
import type { LinkIndex } from "../facts/link-index.ts";
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
  const included: string[] = [];
  for (const unread of unreadIncludes(index)) {
    if (!links.mayMeet(path, unread.file)) continue;
    const text = textOf(unread.beside, program);
    if (text === "absent") {
      return {
        path: unread.file,
        text: `${unread.file} includes ${unread.path}, which is not there and may define it`,
      };
    }
    if (text === "pending") continue;
    if (hasWord(text, name)) {
      return {
        path: unread.file,
        text: `${unread.file} includes ${unread.path}, which is not read, has the word and may define it`,
      };
    }
    included.push(text);
  }
  let texts: readonly string[] | undefined;
  const pasting = findPastingOf(name, path, program, (word) => {
    texts ??= [...textsOf(links.buildFiles, program), ...included];
    return texts.some((text) => hasWord(text, word));
  });
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

/** An #include of a file that the index does not have. */
interface UnreadInclude {
  readonly file: string;
  /** As it is written, and where it would lie beside the file. */
  readonly path: string;
  readonly beside: string;
}

/** What was found, as long as the files and their #include lines stay as they were. */
const unreadByIndex = new WeakMap<LinkIndex, { readonly revision: number; readonly found: readonly UnreadInclude[] }>();

/** What the files of the tree include that the index does not have, by path of the file. Every name asks for it. */
function unreadIncludes(index: LinkIndex): readonly UnreadInclude[] {
  const known = unreadByIndex.get(index);
  if (known?.revision === index.inclusionRevision) return known.found;
  const found: UnreadInclude[] = [];
  for (const file of index.paths()) {
    if (!isCFile(file)) continue;
    for (const { path, angled } of index.includesOf(file)) {
      if (angled || HEADER.test(path) || pathsNamed(index, baseName(path)).length > 0) continue;
      found.push({ file, path, beside: joinPath(folderOf(file), path) });
    }
  }
  unreadByIndex.set(index, { revision: index.inclusionRevision, found });
  return found;
}

function textOf(path: string, { texts }: Program): string | "absent" | "pending" {
  const source = texts.source(path);
  if (source !== undefined) return source.slice(0, source.length);
  return texts.isPending(path) ? "pending" : "absent";
}
