/** What a build runs, as far as it was read: the common form that readers of every generator's files give. Plain data. */

import type { ToolCommand } from "../../syntax/command/tool-command.ts";
import type { BuildPlace, OpenReason } from "./link.ts";

export interface BuildCommand {
  readonly command: ToolCommand;
  /** Where it runs: relative to the tree's root, "" for the root itself, or absolute. */
  readonly folder: string;
  readonly place: BuildPlace;
  /** Paths of what it links or archives in some configurations alone. */
  readonly conditional?: ReadonlySet<string>;
  /** Why what the command says is not all that is known to matter. */
  readonly reasons?: readonly OpenReason[];
  /** A recipe that is expected, where nobody wrote one: what it links is known, how is not. */
  readonly isImplied?: boolean;
}

/** One build of the tree, or one set of Makefiles. */
export interface BuildCommands {
  /** The build folder, relative to the root; "" for the root itself. */
  readonly folder: string;
  readonly commands: readonly BuildCommand[];
  /**
   * Whether the commands are those of one configuration, as a generator wrote them: in another one, other files may be linked.
   */
  readonly isConfigured: boolean;
  /** The file that says all this: "build/build.ninja", "Makefile". */
  readonly path: string;
  /** Why any file may be a part of links that the commands do not tell of. */
  readonly whyMore?: readonly OpenReason[];
}

/** A path of a command that runs in the folder, relative to the root where it lies below; absolute elsewhere. */
export function buildPath(path: string, folder: string, root: string): string {
  const full = path.startsWith("/") ? path : folder.startsWith("/") ? `${folder}/${path}` : `${root}/${folder}/${path}`;
  const clean = NOT_CLEAN.test(full) ? cleanPath(full) : full;
  if (root === "/" || root === "") return clean.slice(1);
  return clean.startsWith(`${root}/`) ? clean.slice(root.length + 1) : clean;
}

/** A part that is empty, "." or "..", behind a slash. */
const NOT_CLEAN = /\/\.{0,2}(?:\/|$)/;

function cleanPath(full: string): string {
  const parts: string[] = [];
  for (const part of full.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}
