/**
 * What one kind of build knows of the files that it compiles. A maker for each kind of build stands beside this file;
 * make-links.ts chooses among them and goes from files that others include to the units that are compiled.
 */

import type { LinkUnit } from "../kbuild/link-unit.ts";
import type { Link, OpenReason } from "./link.ts";
import type { Membership } from "./links.ts";

export interface FileLinks {
  all(): readonly Link[];
  linkOf(unit: string): Link | undefined;
  whyOpen(unit: string): readonly OpenReason[];
  /** Why no link is known of a file that none lists. */
  whyUnknown(path: string): readonly OpenReason[];
  /** Why the file may be a part of links besides those that `unitsOf` names; empty where it is not. */
  whyElsewhere?(path: string): readonly OpenReason[];
  /** The links that the file's object can be part of; empty where that is not known. */
  unitsOf(path: string): readonly LinkUnit[];
  membershipsOf(path: string): readonly Membership[];
  /** See `Links.canLink` and `Links.mayMeet`. */
  canLink(path: string, other: string): boolean;
  mayMeet(path: string, other: string): boolean;
  unitsOfScript(path: string): readonly string[] | undefined;
  /** Whether the file has an object of its own, as far as build files tell. */
  isCompiled(path: string): boolean;
}

/** The link that all files of a tree are part of where nothing says otherwise. */
export const WORKSPACE = "workspace";
