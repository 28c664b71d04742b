/** Where a symbol is declared, defined and used, across C, assembly and linker scripts. */

import type { Mention } from "../linkage/facts/link-index.ts";
import { boundName } from "../linkage/links/resolve-link.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { findUsesOutsideC } from "../linkage/symbols/symbol-uses.ts";
import type { Span } from "../text/span.ts";

export interface Place {
  readonly path: string;
  readonly span: Span;
}

/**
 * The symbol's declarations that can be in one link with the file, and the definitions that its uses there are bound to; all of them
 * where none can.
 */
export function findDefinitions(
  name: string,
  path: string,
  program: Program,
): { readonly definitions: readonly Place[]; readonly declarations: readonly Place[] } {
  return {
    definitions: definitionsNear(boundTo(name, path, program), path, program),
    declarations: declarationsNear(name, path, program),
  };
}

function definitionsNear(name: string, path: string, program: Program): Place[] {
  return nearest(
    mentionsWith(program, (one) => one.definitionsOf(name)),
    path,
    program,
  );
}

function declarationsNear(name: string, path: string, program: Program): Place[] {
  return nearest(
    mentionsWith(program, (one) => one.declarationsOf(name)),
    path,
    program,
  );
}

/** The name that uses in the file are bound to: another one where a link of the file wraps it and that has a definition. */
function boundTo(name: string, path: string, { links, definitionsOf }: Program): string {
  const options = links.unitsOf(path).flatMap((unit) => links.linkOf(unit)?.options ?? []);
  const bound = options.map(({ wrap }) => boundName(name, wrap)).find((one) => one !== name);
  return bound !== undefined && definitionsOf(bound).length > 0 ? bound : name;
}

/** Those of the configuration; where it leaves out all of them, people still want to see what there is. */
function mentionsWith(program: Program, of: (program: Program) => readonly Mention[]): readonly Mention[] {
  const mentions = of(program);
  return mentions.length > 0 ? mentions : of(program.everywhere);
}

function nearest(mentions: readonly Mention[], path: string, program: Program): Place[] {
  const near = mentions.filter((mention) => program.links.canLink(path, mention.path));
  return (near.length > 0 ? near : mentions).map(toPlace);
}

/** Where mentions stand. */
export function placesOf(mentions: readonly Mention[]): readonly Place[] {
  return mentions.map(toPlace);
}

/** Where a mention stands. */
export function toPlace({ path, fact }: Mention): Place {
  return { path, span: { start: fact.start, end: fact.end } };
}

/** Every use of the symbol, and every mention when asked for. */
export function findReferences(name: string, path: string, program: Program, includeDeclarations: boolean): Place[] {
  const uses = program
    .usesOf(name)
    .filter((use) => program.links.canLink(path, use.path))
    .map((use) => ({ path: use.path, span: { start: use.use.start, end: use.use.end } }));
  uses.push(...findUsesOutsideC(name, path, program));
  if (!includeDeclarations) return uses;
  const definitions = definitionsNear(name, path, program);
  const declarations = declarationsNear(name, path, program);
  // What a macro is given may be a use of a symbol and the place of what the macro makes of it.
  const places = new Map(
    [...declarations, ...definitions, ...uses].map((place) => [`${place.path} ${place.span.start}`, place]),
  );
  return [...places.values()];
}
