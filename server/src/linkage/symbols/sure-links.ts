/**
 * The links that a definition is a part of in every configuration: what is said of two of them together can be said for sure. It knows
 * no rule and has no IO.
 */

import { architectureOf } from "../facts/architecture.ts";
import type { Mention } from "../facts/link-index.ts";
import { isSourceFile } from "../index/included-sources.ts";
import { isScriptRole, type Program } from "./program.ts";

/**
 * The closed links that the file's object is always linked into, whole; none for a file that others include as source, or of which a
 * further link is not known. What libraries from outside add is no matter for two definitions of the tree.
 */
export function sureLinksOf(path: string, { links }: Program): readonly string[] {
  if (!isSourceFile(path)) return [];
  const units = links.translationUnitsOf(path);
  if (units.length !== 1 || units[0]!.path !== path) return [];
  return (
    links
      .membershipsOf(path)
      .filter(({ reach, guard }) => reach === "object" && guard?.length === 0)
      .map(({ unit }) => unit)
      // A link that is not known one by one, as Kbuild's are not, may be several: one for each program, payload or board.
      .filter((unit) => links.linkOf(unit) !== undefined)
      .filter((unit) => links.whyOpen(unit).every(({ kind }) => kind === "outside"))
  );
}

/** Whether the files are of two architectures, and so never in one link. */
export function areOfTwoArchitectures(path: string, other: string): boolean {
  const [one, two] = [architectureOf(path), architectureOf(other)];
  return one !== undefined && two !== undefined && one !== two;
}

/** Whether it is a definition that stands in the file under no condition, by no macro, and is strong whatever declarations it sees. */
export function isPlainlyStrong(mention: Mention, program: Program): boolean {
  const { name } = mention.fact;
  return (
    isPlainDefinition(mention) &&
    !program.isWeak(mention.fact) &&
    !program
      .declarationsOf(name)
      .some(({ path, fact }) => program.isWeak(fact) && (path === mention.path || isHeader(path)))
  );
}

function isHeader(path: string): boolean {
  return !isSourceFile(path);
}

/** Whether it is a definition that stands in the file under no condition and by no macro. */
export function isPlainDefinition({ fact, macro }: Mention): boolean {
  return (
    fact.role === "definition" &&
    !isScriptRole(fact) &&
    fact.binding !== "local" &&
    fact.condition === "" &&
    fact.scope === "file" &&
    fact.isInline !== true &&
    fact.inMacro === undefined &&
    macro === undefined &&
    !fact.name.includes("##")
  );
}

/** Whether it is such a definition, or a name that the file gives one: a table of handlers is of weak aliases. */
export function isPlainOrAlias(mention: Mention): boolean {
  return isPlainDefinition({ ...mention, fact: { ...mention.fact, role: roleOfAliased(mention) } });
}

function roleOfAliased({ fact: { role } }: Mention): Mention["fact"]["role"] {
  return role === "alias" ? "definition" : role;
}
