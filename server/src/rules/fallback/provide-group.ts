/**
 * Symbols of a script that belong together: start, end and size of one thing, or several names of one place. What a fix does to one
 * of them it does to all. It goes by their names.
 */

import type { LdAssignment, LdScript } from "../../syntax/ld/tree.ts";
import { nodesOf } from "../../syntax/ld/walk.ts";

/** Words that say what of a thing a symbol is. */
const ROLES: ReadonlySet<string> = new Set(
  "start begin first base end stop finish last top bottom limit size len length load lma vma addr address rawsize fsize".split(
    " ",
  ),
);

/** `_sbss`, `_ebss`, `_lbss`: start, end and load address by one letter. */
const LETTERS = new Set(["s", "e", "l"]);

/** The assignments of the script to the symbols that belong together with this one, itself included, in the order of the text. */
export function groupOf(assignment: LdAssignment, script: LdScript): readonly LdAssignment[] {
  const all = nodesOf(script).filter((node) => node.kind === "assignment");
  const named = new Set(all.map(({ target }) => target.text));
  const stem = stemOf(assignment.target.text, named);
  return all
    .filter((one) => one === assignment || stemOf(one.target.text, named) === stem)
    .sort((a, b) => a.start - b.start);
}

/** What a name says besides the role: "bss" of `__bss_start`, `_ebss`; a name without such words stands for itself. */
function stemOf(name: string, named: ReadonlySet<string>): string {
  const words = name.split("_").filter((word) => word !== "");
  const rest = words.filter((word) => !ROLES.has(word.toLowerCase()));
  if (rest.length === 0) return words.join("_");
  const [first] = rest;
  const lead = name.slice(0, name.indexOf(first!));
  const hasPartner = [...LETTERS].some(
    (letter) => letter !== first![0] && named.has(name.replace(lead + first!, lead + letter + first!.slice(1))),
  );
  if (rest.length === words.length && LETTERS.has(first![0]!) && first!.length > 1 && hasPartner) {
    return [first!.slice(1), ...rest.slice(1)].join("_");
  }
  return rest.join("_");
}
