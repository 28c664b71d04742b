/**
 * Sources of plain Makefiles that other builds are told of as well: what CMake or Meson would link is not known before somebody has
 * configured them, and what SCons, Bazel, an IDE's project or a script of a shell links is never read. It reads words, and evaluates nothing.
 */

import { baseName, folderOf } from "../../text/path.ts";
import { isUnreadDescription } from "../facts/file-kinds.ts";
import type { OpenReason } from "./link.ts";

const DESCRIPTION = /(?:^|\/)(?:CMakeLists\.txt|meson\.build)$|\.cmake$/;

/** What takes all sources of a folder: `file(GLOB …)`, `aux_source_directory(…)`, what a program prints, `*.c`. */
const TAKES_ALL = /\bGLOB(?:_RECURSE)?\b|\baux_source_directory\b|\brun_command\b|\*\.[cS]\b/i;

/** The first description that names the source, or takes all of its folder. */
export function describedElsewhere(
  path: string,
  buildFiles: readonly string[],
  readText: (path: string) => string | undefined,
): OpenReason | undefined {
  const name = baseName(path);
  for (const file of buildFiles) {
    if (!DESCRIPTION.test(file) && !isUnreadDescription(file)) continue;
    const text = readText(file);
    if (text === undefined) continue;
    const named = findName(text, name);
    const all = path.startsWith(folderOf(file)) ? TAKES_ALL.exec(text)?.index : undefined;
    const offset = named ?? all;
    if (offset === undefined) continue;
    const says = named === undefined ? `takes the sources of a folder, of ${name} perhaps,` : `names ${name} too,`;
    return { kind: "choice", text: `${file} ${says} and what it links is not known`, place: { path: file, offset } };
  }
  return undefined;
}

/** Where a text has a file's name that is not the end of another one. */
function findName(text: string, name: string): number | undefined {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const isWhole = !/[\w.-]/.test(text[at - 1] ?? "") && !/[\w.-]/.test(text[at + name.length] ?? "");
    if (isWhole) return at;
  }
  return undefined;
}
