/** Which strong definitions override a weak one, in which links, and back from a strong one to the weak ones. It has no IO. */

import type { Mention } from "../facts/link-index.ts";
import { linkOutcomes, type UnitOutcome } from "./link-outcomes.ts";
import { isScriptRole, type Program } from "./program.ts";

/** The definitions of a symbol that can be in one link with the file. */
export interface Definitions {
  readonly weak: readonly Mention[];
  /** Assignments in scripts are among them; PROVIDE is not, as it gives way to a weak definition. */
  readonly strong: readonly Mention[];
}

/** The weak and the strong definitions that can meet the file in a link. */
export function definitionsByBinding(name: string, path: string, program: Program): Definitions {
  const near = program
    .definitionsOf(name)
    .filter(
      (mention) => mention.fact.role !== "provide" && isLinked(mention) && program.links.canLink(path, mention.path),
    );
  const isWeak = ({ fact }: Mention) => program.isWeak(fact);
  return { weak: near.filter(isWeak), strong: near.filter((mention) => !isWeak(mention)) };
}

/** An inline function in a header defines nothing that is linked; a macro's body defines where it is used. */
function isLinked({ path, fact }: Mention): boolean {
  return !(fact.isInline === true && path.endsWith(".h")) && (fact.inMacro === undefined || isScriptRole(fact));
}

/** Where a weak definition gives way. */
export interface Overrides {
  /** The strong definitions that can be in a link with it. */
  readonly strong: readonly Mention[];
  /** Architectures on which one is; empty where the link is no architecture's own. */
  readonly architectures: readonly string[];
  /** One may be in every link that the weak definition is part of. */
  readonly isEverywhere: boolean;
  /** Strong definitions that are used instead if they are linked, which is not known. */
  readonly possible: readonly Mention[];
}

/** What overrides the weak definition of the symbol in this file. */
export function overridesOf(name: string, path: string, program: Program): Overrides {
  const { strong } = definitionsByBinding(name, path, program);
  if (strong.length === 0) return { strong, architectures: [], isEverywhere: false, possible: [] };
  const units = new Set(program.links.unitsOf(path));
  const mentions = program.mentionsOf(name).filter((mention) => program.links.canLink(path, mention.path));
  const here = linkOutcomes(mentions, program, () => []).filter(
    ({ unit, definitions }) =>
      (units.size === 0 || units.has(unit)) && definitions.some((definition) => definition.path === path),
  );
  const overridden = here.filter(isOverridden);
  const found = strong.filter((one) =>
    overridden.some(
      ({ definitions, archived }) =>
        holds(definitions, one) && ![...archived].some(([at, state]) => isSame(at, one) && state === "not linked"),
    ),
  );
  return {
    strong: found,
    architectures: overridden.flatMap(({ architectures }) => architectures).sort(),
    isEverywhere: overridden.length > 0 && overridden.length === here.length,
    possible: strong.filter((one) =>
      here.some(({ outcome, definitions }) => outcome === "depends" && holds(definitions, one)),
    ),
  };
}

function isOverridden({ outcome }: UnitOutcome): boolean {
  return outcome === "strong" || outcome === "several";
}

function holds(mentions: readonly Mention[], one: Mention): boolean {
  return mentions.some((mention) => isSame(mention, one));
}

function isSame({ path, fact }: Mention, one: Mention): boolean {
  return path === one.path && fact.start === one.fact.start;
}
