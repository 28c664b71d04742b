/**
 * Paths of a Makefile with the values of configuration symbols in them, `arch/arm/cpu/$(CONFIG_SYS_CPU)/start.o`: which of them a tree
 * has, each with the guard under which it is meant. It reads no file.
 */

import { bothGuard, type Guard, UNGUARDED, valueGuard } from "./guard.ts";
import type { MakeHost } from "./make.ts";
import { isOfSymbols, knownParts } from "./value.ts";

export interface ExistingPath {
  readonly path: string;
  readonly guard: Guard;
}

/**
 * The files of the tree that a path may be. A symbol's value is taken for a part of a name, without a slash.
 * @returns undefined where more is not known of the path than values of symbols, or nothing is known of the tree
 */
export function existingPaths(host: MakeHost, path: string): readonly ExistingPath[] | undefined {
  return existingNames(host, path, [""]);
}

/** The same of a name that is no file's, as that of a folder or an object: that of a file without one of these endings. */
export function existingNames(
  host: MakeHost,
  name: string,
  endings: readonly string[],
): readonly ExistingPath[] | undefined {
  if (host.treeFiles === undefined || !isOfSymbols(name)) return undefined;
  const { parts, symbols } = knownParts(name);
  if (parts.some((part) => /[*?[\]\\]/.test(part))) return undefined;
  const shape = new RegExp(`^${parts.map((part) => part.replace(/[.+^${}()|]/g, "\\$&")).join("([^/]+)")}$`);
  const found = new Map<string, Guard>();
  for (const ending of endings) {
    for (const file of host.treeFiles(parts.join("*") + ending)) {
      const path = file.slice(0, file.length - ending.length);
      const values = shape.exec(path)?.slice(1);
      if (values !== undefined) found.set(path, guardOf(symbols, values));
    }
  }
  return [...found].map(([path, guard]) => ({ path, guard })).filter(({ guard }) => guard.kind !== "never");
}

function guardOf(symbols: readonly string[], values: readonly string[]): Guard {
  return symbols.reduce(
    (guard, symbol, index) => bothGuard(guard, valueGuard(symbol, values[index]!)),
    UNGUARDED as Guard,
  );
}
