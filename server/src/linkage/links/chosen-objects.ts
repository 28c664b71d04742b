/** Which objects a build links in some configurations alone: by themselves, or within archives and partial links. */

import type { BuildCommand } from "./build-commands.ts";
import type { ArchiveInput, ObjectInput } from "./link.ts";

/**
 * What archives and partial links hold in some configurations alone, with the parts of those that are linked further so themselves.
 * @param partsOf the paths of what an archive or a partial link is made of
 */
export function chosenParts(
  commands: readonly BuildCommand[],
  partsOf: (path: string) => readonly string[] | undefined,
): ReadonlySet<string> {
  const chosen = new Set<string>();
  const note = (path: string): void => {
    if (chosen.has(path)) return;
    chosen.add(path);
    for (const part of partsOf(path) ?? []) note(part);
  };
  for (const { command, conditional = [] } of commands) {
    const isPart = command.kind === "archive" || (command.kind === "link" && command.isPartial);
    for (const path of conditional) if (isPart || partsOf(path) !== undefined) note(path);
  }
  return chosen;
}

/** @param chosen what {@link chosenParts} has found */
export function isChosen(
  { path }: ObjectInput,
  archive: ArchiveInput | undefined,
  { conditional }: BuildCommand,
  chosen: ReadonlySet<string>,
): boolean {
  if (conditional?.has(path) === true || chosen.has(path)) return true;
  return archive !== undefined && conditional?.has(archive.path) === true;
}
