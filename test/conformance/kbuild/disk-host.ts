/** A kernel tree on disk, as the reader of Makefiles asks for it. */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { MakeHost } from "../../../server/src/syntax/kbuild/make.ts";

/** Lists the tree once and reads files when they are asked for. */
export function diskHost(tree: string): MakeHost & { readonly paths: ReadonlySet<string>; readonly read: Set<string> } {
  const paths = new Set<string>();
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) paths.add(relative(tree, join(entry.parentPath, entry.name)));
  }
  const read = new Set<string>();
  return {
    paths,
    read,
    hasFile: (path) => paths.has(path),
    readText(path) {
      if (!paths.has(path)) return undefined;
      read.add(path);
      return readFileSync(join(tree, path), "utf8");
    },
  };
}
