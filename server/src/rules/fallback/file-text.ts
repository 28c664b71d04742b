/** Small questions about a file's path and text. It knows no symbol. */

import { treeOf } from "../../linkage/facts/parsed.ts";
import type { CInclude } from "../../syntax/c/tree.ts";
import type { Source } from "../../text/source.ts";

/** All of the text. */
export function textOf(source: Source): string {
  return source.slice(0, source.length);
}

/** The line that includes the same. */
export function includeLine({ angled, path }: Pick<CInclude, "angled" | "path">): string {
  return `#include ${angled ? `<${path}>` : `"${path}"`}\n`;
}

/** The same with the condition under which it is included. */
export function includeText(include: CInclude): string {
  const line = includeLine(include);
  return include.condition === "" ? line : `#if ${include.condition}\n${line}#endif\n`;
}

/** What a file includes, in its order, under the conditions under which it does. */
export function includeLines(source: Source): string[] {
  return treeOf(source).includes.map(includeText);
}
