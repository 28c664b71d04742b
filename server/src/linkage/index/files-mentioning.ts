/**
 * Files that have a word, for who asks while somebody types: what was found of the files on disk is kept as long as those stay as
 * they are, and only open buffers are looked at again. It has no IO.
 */

import type { LinkIndex } from "../facts/link-index.ts";

interface Known {
  readonly revision: number;
  readonly byWord: Map<string, Found>;
}

interface Found {
  readonly files: readonly string[];
  /** The files that were open when it was found: what was found of them says nothing of the files on disk. */
  readonly open: readonly string[];
}

/** Words whose files are kept, before all of them are forgotten. */
const MOST_WORDS = 1000;

const knownByIndex = new WeakMap<LinkIndex, Known>();

/** The same as `index.filesWithWord`, in any order. */
export function filesMentioning(word: string, index: LinkIndex): readonly string[] {
  let known = knownByIndex.get(index);
  if (known === undefined || known.revision !== index.treeRevision || known.byWord.size > MOST_WORDS) {
    known = { revision: index.treeRevision, byWord: new Map() };
    knownByIndex.set(index, known);
  }
  const now = index.openFiles();
  const found = known.byWord.get(word);
  if (found === undefined) {
    const files = index.filesWithWord(word);
    known.byWord.set(word, { files, open: now });
    return files;
  }
  const changing = new Set([...found.open, ...now]);
  return [
    ...found.files.filter((path) => !changing.has(path)),
    ...[...changing].filter((path) => index.mayMention(path, word)),
  ];
}
