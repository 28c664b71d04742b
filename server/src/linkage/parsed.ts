/** Trees of sources, made once for each source and forgotten with it. */

import { parseC } from "../syntax/c/parser.ts";
import type { CFile } from "../syntax/c/tree.ts";
import { isUnexpandedScript } from "../syntax/ld/detect.ts";
import { parseLinkerScript } from "../syntax/ld/parser.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import type { Source } from "../text/source.ts";

const trees = new WeakMap<Source, CFile>();
const scripts = new WeakMap<Source, LdScript>();

/** The tree of a C source. */
export function treeOf(source: Source): CFile {
  let tree = trees.get(source);
  if (tree === undefined) {
    tree = parseC(source);
    trees.set(source, tree);
  }
  return tree;
}

/** The tree of a linker script. Scripts that the C preprocessor has yet to see are told by their names and text. */
export function scriptOf(path: string, source: Source): LdScript {
  let script = scripts.get(source);
  if (script === undefined) {
    script = parseLinkerScript(source, { preprocessed: isUnexpandedScript(path, source) });
    scripts.set(source, script);
  }
  return script;
}
