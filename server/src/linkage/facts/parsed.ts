/** Trees of sources, made once for each source and forgotten with it. */

import { parseC } from "../../syntax/c/parser.ts";
import type { CFile } from "../../syntax/c/tree.ts";
import { readScript } from "../../syntax/ld/read-script.ts";
import type { LdScript } from "../../syntax/ld/tree.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";

const trees = createAttached<Source, CFile>();
const scripts = createAttached<Source, LdScript>();

/** The tree of a C source. */
export function treeOf(source: Source): CFile {
  let tree = trees.get(source);
  if (tree === undefined) {
    tree = parseC(source);
    trees.set(source, tree);
  }
  return tree;
}

/**
 * The tree of a linker script, a version script or a dynamic list. Which of them it is, and whether the C preprocessor has
 * yet to see it, its name and text tell.
 */
export function scriptOf(path: string, source: Source): LdScript {
  let script = scripts.get(source);
  if (script === undefined) {
    script = readScript(path, source);
    scripts.set(source, script);
  }
  return script;
}
