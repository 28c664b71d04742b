/** Links that are worked out when they are asked for, and again where what they were made of has changed. */

import type { FileLinks } from "./file-links.ts";

/** @param current what is known now; it remembers what it has made */
export function followedLinks(current: () => FileLinks): FileLinks {
  return {
    all: () => current().all(),
    linkOf: (unit) => current().linkOf(unit),
    whyOpen: (unit) => current().whyOpen(unit),
    whyUnknown: (path) => current().whyUnknown(path),
    whyElsewhere: (path) => current().whyElsewhere?.(path) ?? [],
    unitsOf: (path) => current().unitsOf(path),
    membershipsOf: (path) => current().membershipsOf(path),
    canLink: (path, other) => current().canLink(path, other),
    mayMeet: (path, other) => current().mayMeet(path, other),
    unitsOfScript: (path) => current().unitsOfScript(path),
    isCompiled: (path) => current().isCompiled(path),
  };
}
