/** The links that the user names (`weakspot.linkUnits`): what they say counts before what build files say. */

import { type LinkUnit, unitText } from "../kbuild/link-unit.ts";
import type { FileLinks } from "./file-links.ts";
import { type Link, NO_OPTIONS, type OpenReason } from "./link.ts";
import type { Membership } from "./links.ts";

/** A link that the user names. */
export interface NamedLink {
  readonly name: string;
  /** Whether the file, by its path relative to the root, is part of it. */
  holds(path: string): boolean;
  /** Nothing else is linked: neither a C library nor a shared one, and nothing is loaded later. */
  readonly isClosed?: boolean | undefined;
}

/**
 * @param named in the user's order: the first that holds a file counts
 * @param others what is known of the other files
 */
export function namedLinks(
  named: readonly NamedLink[],
  others: FileLinks,
  listingOf: (path: string, unit: string) => Membership | undefined,
): FileLinks {
  if (named.length === 0) return others;
  const links = new Map(named.map((link) => [unitText(unitOf(link)), linkOf(link)]));

  function ownLink(path: string): NamedLink | undefined {
    return named.find((link) => link.holds(path));
  }

  function isApart(path: string, other: string, elsewhere: (path: string, other: string) => boolean): boolean {
    const [one, two] = [ownLink(path), ownLink(other)];
    if (one !== undefined && two !== undefined) return one !== two;
    return one === undefined && two === undefined && !elsewhere(path, other);
  }

  return {
    all: () => [...links.values(), ...others.all()],
    linkOf: (unit) => links.get(unit) ?? others.linkOf(unit),
    whyOpen: (unit) => links.get(unit)?.whyOpen ?? others.whyOpen(unit),
    whyUnknown: (path) => others.whyUnknown(path),
    whyElsewhere: (path) => (ownLink(path) === undefined ? (others.whyElsewhere?.(path) ?? []) : []),
    unitsOf(path) {
      const own = ownLink(path);
      return own === undefined ? others.unitsOf(path) : [unitOf(own)];
    },
    membershipsOf(path) {
      const own = ownLink(path);
      if (own === undefined) return others.membershipsOf(path);
      const unit = unitText(unitOf(own));
      return [listingOf(path, unit) ?? { unit, reach: "object", guard: [] }];
    },
    canLink: (path, other) => path === other || !isApart(path, other, others.canLink),
    mayMeet: (path, other) => path === other || !isApart(path, other, others.mayMeet),
    unitsOfScript(path) {
      const own = ownLink(path);
      return own === undefined ? others.unitsOfScript(path) : [unitText(unitOf(own))];
    },
    isCompiled: (path) => (ownLink(path) === undefined ? others.isCompiled(path) : listingOf(path, "") !== undefined),
  };
}

function unitOf({ name }: NamedLink): LinkUnit {
  return { kind: "link", name, architecture: undefined };
}

function linkOf(named: NamedLink): Link {
  const reason: OpenReason = {
    kind: "outside",
    text: `the setting weakspot.linkUnits does not say of '${named.name}' that nothing else is linked ("closed": true)`,
  };
  return {
    unit: unitText(unitOf(named)),
    output: undefined,
    form: "program",
    inputs: undefined,
    options: NO_OPTIONS,
    place: undefined,
    whyOpen: named.isClosed ? [] : [reason],
  };
}
