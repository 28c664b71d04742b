/** The links that take a linker script because one that they are given INCLUDEs it. It goes by names, as includers do. */

import type { LinkIndex } from "../facts/link-index.ts";
import { includersOf } from "../index/includers.ts";
import type { FileLinks } from "./file-links.ts";
import type { OpenReason } from "./link.ts";

/** The links of the script: its own, and those of the scripts that INCLUDE it. undefined where none is known. */
export function unitsWithScript(path: string, index: LinkIndex, files: FileLinks): readonly string[] | undefined {
  const own = files.unitsOfScript(path);
  if (index.languageOf(path) !== "ld") return own;
  const more = [...includersOf(index, path)].flatMap((one) => files.unitsOfScript(one) ?? []);
  return more.length === 0 ? own : [...new Set([...(own ?? []), ...more])];
}

/** Scripts that INCLUDE it and that no known link takes may be given to one that is not known. */
export function whyIncludedElsewhere(path: string, index: LinkIndex, files: FileLinks): readonly OpenReason[] {
  const others = [...includersOf(index, path)].filter((one) => index.languageOf(one) === "ld");
  return others.filter((one) => unitsWithScript(one, index, files) === undefined).flatMap(files.whyUnknown);
}
