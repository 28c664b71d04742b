/**
 * Whether a linker script can be in one link with another script or with a source. It goes by the links that are known, and where
 * they are not, by this: two whole scripts, each with its own SECTIONS, are alternatives unless one text takes in both.
 */

import { findLanguage } from "../facts/extract.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { scriptOf } from "../facts/parsed.ts";
import type { Texts } from "../facts/texts.ts";
import { includersOf } from "../index/includers.ts";
import type { Links } from "../links/links.ts";
import { statementsOf } from "../scripts/script-walk.ts";

/** What is asked: the tree as a program has it. */
interface Tree {
  readonly index: LinkIndex;
  readonly texts: Texts;
  readonly links: Links;
}

/**
 * False where the script and the other file are in no link together.
 * @param meets what is known of two files: `Links.canLink` for what is reported, `Links.mayMeet` for what fixes are judged by
 */
export function scriptMeets(
  script: string,
  other: string,
  tree: Tree,
  meets: (path: string, other: string) => boolean,
): boolean {
  if (script === other) return true;
  const { links } = tree;
  if (!meets(script, other)) return false;
  const units = links.unitsOfScript(script) ?? [];
  const others = isScript(other, tree.index) ? links.unitsOfScript(other) : links.unitsOf(other);
  const shared = others?.filter((unit) => units.includes(unit)) ?? [];
  if (units.length > 0 && others !== undefined && others.length > 0 && shared.length === 0) return false;
  if (!isScript(other, tree.index)) return true;
  // A command may name several scripts, which the linker then reads one behind the other.
  const isTogether = shared.some((unit) => {
    const scripts = links.linkOf(unit)?.options.scripts ?? [];
    return scripts.includes(script) && scripts.includes(other);
  });
  return isTogether || !areAlternatives(script, other, tree);
}

function isScript(path: string, index: LinkIndex): boolean {
  return findLanguage(path) === "ld" || index.languageOf(path) === "ld";
}

/** Two whole scripts that nothing takes in together. */
function areAlternatives(script: string, other: string, tree: Tree): boolean {
  if (!isWhole(script, tree) || !isWhole(other, tree)) return false;
  const [one, two] = [script, other].map((path) => new Set([path, ...includersOf(tree.index, path)]));
  for (const path of one!) if (two!.has(path)) return false;
  return true;
}

/** SECTIONS of its own, and no INSERT, which adds to another script's (ld manual, "Miscellaneous Commands"). */
function isWhole(path: string, { texts }: Tree): boolean {
  const source = texts.source(path);
  if (source === undefined) return false;
  const statements = statementsOf(scriptOf(path, source));
  return (
    statements.some(({ statement }) => statement.kind === "sections") &&
    !statements.some(({ statement }) => statement.kind === "insert")
  );
}
