/** What a link that collects garbage keeps, by its script and by the symbols that its command line asks for. */

import type { LdScript } from "../../syntax/ld/tree.ts";
import { askedSymbols, keptPatterns, referredSymbols } from "../scripts/kept-patterns.ts";
import type { LinkGraph, ObjectSections } from "./link-graph.ts";
import { markSections } from "./mark-sections.ts";

export interface CommandRoots {
  /** Of -e, which overrides the script's ENTRY. */
  readonly entry?: string | undefined;
  /** Of -u and --require-defined. */
  readonly undefined?: readonly string[] | undefined;
}

/**
 * @param objects in the order of the link, archive members that were taken included
 * @param linker by whose rules; they differ (ld manual, "Input Section Keep"; LinkerDriver: script->referencedSymbols)
 */
export function markByScript(
  script: LdScript,
  objects: readonly ObjectSections[],
  linker: "bfd" | "lld",
  roots: CommandRoots = {},
): NonNullable<LinkGraph["marking"]> {
  const { entry: ownEntry, asked } = askedSymbols(script);
  // ld's own defaults: -e _start, -init _init, -fini _fini.
  const entry = roots.entry ?? ownEntry ?? "_start";
  const own = [entry, "_init", "_fini", ...asked, ...(roots.undefined ?? [])];
  const symbols = linker === "lld" ? [...own, ...referredSymbols(script)] : own;
  return { marks: markSections(objects, { symbols, keeps: keptPatterns(script, linker) }, linker), entry };
}
