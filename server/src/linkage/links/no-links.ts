/** A tree of which no build is known: any file may be linked with any other, and with what is not there. */

import { WORKSPACE_UNIT } from "../kbuild/link-unit.ts";
import { type FileLinks, WORKSPACE } from "./file-links.ts";
import type { OpenReason } from "./link.ts";
import type { Membership } from "./links.ts";

/**
 * A tree that is a part of what Kbuild builds, such as a driver's: it has a Kbuild file at its top and no Makefile that would link
 * anything by itself. What obj-y lists becomes a part of one image (Linux' Documentation/kbuild/makefiles.rst, "Built-in object
 * goals"), the rest of which is not there: it may define symbols, and test them.
 */
export function kbuildPartLinks(listingOf: (path: string, unit: string) => Membership | undefined): FileLinks {
  const unlisted = unknownLinks(listingOf, { kind: "choice", text: "Kbuild does not list it" });
  const rest: OpenReason = { kind: "users", text: "Kbuild links it into an image, the rest of which is not here" };
  return {
    ...unlisted,
    whyOpen: (unit) => (unit === WORKSPACE ? [rest] : unlisted.whyOpen(unit)),
    membershipsOf(path) {
      const listed = listingOf(path, WORKSPACE);
      return listed === undefined ? [] : [listed];
    },
  };
}

/**
 * @param listingOf how the build file beside a source lists it, where it does
 * @param reason why nothing is known
 */
export function unknownLinks(
  listingOf: (path: string, unit: string) => Membership | undefined,
  reason: OpenReason = { kind: "no build", text: "no build of this tree is known" },
): FileLinks {
  const reasons = [reason];
  return {
    all: () => [],
    linkOf: () => undefined,
    whyOpen: () => reasons,
    whyUnknown: () => reasons,
    unitsOf: () => [WORKSPACE_UNIT],
    membershipsOf: (path) => [listingOf(path, WORKSPACE) ?? { unit: WORKSPACE, reach: "unknown", guard: undefined }],
    canLink: () => true,
    mayMeet: () => true,
    unitsOfScript: () => undefined,
    isCompiled: (path) => listingOf(path, WORKSPACE) !== undefined,
  };
}
