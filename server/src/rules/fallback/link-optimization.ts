/**
 * Whether the build files of a tree without Kconfig speak of optimizing when linking, which looks into other files: the build that
 * is known may be but one of theirs. A kernel's own flags are taken off a fallback's object instead.
 */

import type { Program } from "../../linkage/symbols/program.ts";
import { textOf } from "./file-text.ts";

/** How compilers, CMake and Meson are asked for it. */
const REQUESTS = ["-flto", "INTERPROCEDURAL_OPTIMIZATION", "b_lto"];

/** The build file that asks for it; undefined where none does. */
export function findLinkOptimization({ links, texts }: Program): string | undefined {
  if (links.hasKconfig) return undefined;
  return links.buildFiles.find((path) => {
    const source = texts.source(path);
    return source !== undefined && REQUESTS.some((request) => textOf(source).includes(request));
  });
}
