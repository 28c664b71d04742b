/** A tree of which no build is known: any file may be linked with any other, and with what is not there. */

import { WORKSPACE_UNIT } from "../kbuild/link-unit.ts";
import { type FileLinks, WORKSPACE } from "./file-links.ts";
import type { OpenReason } from "./link.ts";
import type { Membership } from "./links.ts";

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
