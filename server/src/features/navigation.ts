/** Where a symbol is declared, defined and used, across C, assembly and linker scripts. */

import type { Mention } from "../linkage/facts/link-index.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { Span } from "../text/span.ts";
import { findUsesOutsideC } from "./symbol-uses.ts";

export interface Place {
  readonly path: string;
  readonly span: Span;
}

/** The symbol's definitions and declarations that can be in one link with the file; all of them where none can. */
export function findDefinitions(
  name: string,
  path: string,
  program: Program,
): { readonly definitions: readonly Place[]; readonly declarations: readonly Place[] } {
  return {
    definitions: nearest(
      mentionsWith(program, (one) => one.definitionsOf(name)),
      path,
      program,
    ),
    declarations: nearest(
      mentionsWith(program, (one) => one.declarationsOf(name)),
      path,
      program,
    ),
  };
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

function toPlace({ path, fact }: Mention): Place {
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
  const { definitions, declarations } = findDefinitions(name, path, program);
  // What a macro is given may be a use of a symbol and the place of what the macro makes of it.
  const places = new Map(
    [...declarations, ...definitions, ...uses].map((place) => [`${place.path} ${place.span.start}`, place]),
  );
  return [...places.values()];
}
