/**
 * Whether objects of a tree without Kconfig may be optimized when they are linked, which looks into other files. It goes by the links
 * that are known and by what build files speak of; a kernel's own flags are taken off a fallback's object instead.
 */

import type { Program } from "../../linkage/symbols/program.ts";
import { textOf } from "./file-text.ts";

/** How compilers, CMake and Meson are asked for it. */
const REQUESTS = ["-flto", "INTERPROCEDURAL_OPTIMIZATION", "b_lto"];

/** What asks for it, in words; undefined where nothing does. */
export function findLinkOptimization(unit: string, { links, texts }: Program): string | undefined {
  if (links.hasKconfig) return undefined;
  if (links.linkOf(unit)?.options.isLto) return `the link of ${unit}`;
  return links.buildFiles.find((path) => {
    const source = texts.source(path);
    return source !== undefined && REQUESTS.some((request) => textOf(source).includes(request));
  });
}
