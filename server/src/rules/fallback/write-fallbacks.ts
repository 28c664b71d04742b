/** Writes fallbacks into files of their own, new or extended, and lists those. It decides nothing of what they are. */

import { treeOf } from "../../linkage/facts/parsed.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { becauseOf, type FileEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import { includeLine } from "./file-text.ts";
import type { FallbackHome } from "./home.ts";

/** The edits that create or extend the fallback files and list them. */
export function writeFallbacks(
  fallbacks: readonly { readonly home: FallbackHome; readonly text: string }[],
  program: Program,
): FileEdit[] {
  const changes: FileEdit[] = [];
  for (const path of new Set(fallbacks.map(({ home }) => home.path))) {
    const here = fallbacks.filter(({ home }) => home.path === path);
    const existing = program.index.hasFile(path) ? program.texts.source(path) : undefined;
    const includes = [
      ...new Set(here.flatMap(({ home }) => [...home.includes, ...(home.header === undefined ? [] : [home.header])])),
    ];
    if (existing !== undefined) {
      changes.push({
        path,
        edits: extendFile(
          existing,
          includes,
          here.map(({ text }) => text),
        ),
      });
    } else {
      const head = here[0]!.home.licence;
      const includeLines = includes.length === 0 ? "" : `${includes.join("")}\n`;
      changes.push({
        path,
        create: `${head}${HEAD}${includeLines}${here.map(({ text }) => text).join(separator(here))}`,
      });
    }
    // Where one symbol needs the file in every build, the file is there for the others as well.
    const lists = here.map(({ home }) => home.listings).filter((listings) => listings.length > 0);
    changes.push(
      ...(lists.find((listings) => listings.some(({ isUnconditional }) => isUnconditional)) ?? lists[0] ?? []).map(
        (listing) => becauseOf(listing, "lists the file in the build"),
      ),
    );
  }
  return changes;
}

const HEAD = `/*
 * Weak fallback definitions, used only where nothing else defines the symbols.
 *
 * They stand in a file of their own because compilers believe what they see:
 * where a weak definition and its users share a file, its value or array bound
 * may be used although another definition is linked. Keep users out.
 */
`;

/** Functions have a blank line between them, objects none. */
function separator(here: readonly { readonly text: string }[]): string {
  return here.some(({ text }) => text.includes("\n{\n") || text.startsWith("asm(")) ? "\n" : "";
}

function extendFile(source: Source, lines: readonly string[], definitions: readonly string[]) {
  const present = treeOf(source).includes.filter(({ condition }) => condition === "");
  const known = new Set(present.map(includeLine));
  const text = source.slice(0, source.length);
  const isThere = (line: string) =>
    line.startsWith("#include") ? known.has(line) : text.startsWith(line) || text.includes(`\n${line}`);
  const last = present.at(-1);
  const missing = lines.filter((line) => !isThere(line));
  let includeAt = last?.end ?? 0;
  while (last !== undefined && includeAt < source.length && source.codes[includeAt - 1] !== 10) includeAt++;
  const edits = missing.length === 0 ? [] : [{ start: includeAt, end: includeAt, text: missing.join("") }];
  const end = source.length;
  const newline = end > 0 && source.codes[end - 1] !== 10 ? "\n" : "";
  return [...edits, { start: end, end, text: `${newline}${definitions.join("")}` }];
}
