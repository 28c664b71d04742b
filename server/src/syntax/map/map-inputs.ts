/**
 * The objects that a link took, by the map that the linker wrote: every one has a row for each of its sections, in the image or left
 * out of it, also where an archive of whatever kind held it. It reads no files.
 */

import type { MapLayout } from "./map-layout.ts";

export interface MapFile {
  /** As the linker was given it, of an archive's member that of the archive. */
  readonly path: string;
  /** The members that were taken of an archive; undefined for an object by itself. */
  readonly members: readonly string[] | undefined;
}

/** The files in the order in which the map has them first, each once. */
export function linkedFiles({ sections, discarded }: MapLayout): MapFile[] {
  const taken = new Map<string, string[] | undefined>();
  for (const { file } of [...sections.flatMap(({ inputs }) => inputs), ...discarded]) {
    // Padding has no file, and the linker makes some objects itself.
    if (file === "" || file === "linker stubs" || file.startsWith("<")) continue;
    const [, path = file, member] = /^(.*)\(([^()]*)\)$/.exec(file) ?? [];
    const known = taken.get(path);
    if (member === undefined) taken.set(path, undefined);
    else if (known === undefined) taken.set(path, [member]);
    else if (!known.includes(member)) known.push(member);
  }
  return [...taken].map(([path, members]) => ({ path, members }));
}
