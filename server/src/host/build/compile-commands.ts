/** Reads compile_commands.json (Clang's "JSON Compilation Database Format"): which source made which object. */

import { resolve } from "node:path";
import { splitShellWords } from "../../syntax/cpp/flags.ts";

/** No database is larger; another file may be. */
export const MOST_DATABASE_BYTES = 512 * 1024 * 1024;

/** Both paths are absolute. */
export interface CompiledSource {
  readonly source: string;
  readonly object: string | undefined;
}

/** The entries of the database. Total: what is no entry is passed over. */
export function parseCompileCommands(text: string): CompiledSource[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return [];
  }
  return Array.isArray(entries) ? entries.flatMap((entry) => readEntry(entry) ?? []) : [];
}

function readEntry(entry: unknown): CompiledSource | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { directory, file, output, command, arguments: listed } = entry as Record<string, unknown>;
  if (typeof directory !== "string" || typeof file !== "string") return undefined;
  const words = Array.isArray(listed)
    ? listed.filter((word) => typeof word === "string")
    : typeof command === "string"
      ? splitShellWords(command)
      : [];
  const named = typeof output === "string" ? output : words[words.indexOf("-o") + 1 || words.length];
  return { source: resolve(directory, file), object: named === undefined ? undefined : resolve(directory, named) };
}
