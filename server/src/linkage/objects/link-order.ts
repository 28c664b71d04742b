/** The order in which a link saw its objects: it decides which of two definitions counts. */

import type { MapMember } from "../../syntax/map/parse-map.ts";
import type { ObjectSections } from "./link-graph.ts";

/**
 * Sorts the objects as the linker loaded them, members of an archive where it stands, in the order in which they were taken. What the map does
 * not tell of stays where it is, behind the others.
 * @param loaded files in their order, as maps of GNU ld have them
 */
export function inLinkOrder(
  objects: readonly ObjectSections[],
  loaded: readonly string[],
  members: readonly MapMember[],
): ObjectSections[] {
  const files = new Map<string, number>();
  for (const [at, file] of loaded.entries()) if (!files.has(file)) files.set(file, at);
  const taken = new Map(members.map(({ member }, at) => [member, at]));
  const placed = objects.map((object, at) => {
    const archive = /^(.*)\([^()]*\)$/.exec(object.file)?.[1];
    const file = files.get(archive ?? object.file) ?? loaded.length;
    return { object, file, member: taken.get(object.file) ?? members.length, at };
  });
  placed.sort((a, b) => a.file - b.file || a.member - b.member || a.at - b.at);
  return placed.map(({ object }) => object);
}
