/** Code lenses: each kind is a function of features/ that gives plain data; here they are put together and translated. */

import type { CodeLens } from "vscode-languageserver";
import { type Lens, weakReferenceLenses } from "../features/weak-reference-lens.ts";
import type { BuiltLinks } from "../linkage/links/built-links.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { Source } from "../text/source.ts";
import { toRange } from "./convert.ts";

/** What the kinds of lenses are made of. */
export interface LensContext {
  readonly path: string;
  readonly source: Source;
  readonly program: Program;
  /** The build, when there is one. */
  readonly links: BuiltLinks | undefined;
}

/** Which kinds the user wants to see. */
export interface LensSettings {
  /** What objects pay for weak references. */
  readonly weakReferences: boolean;
}

/** All lenses of a file, by place. */
export function findLenses(context: LensContext, settings: LensSettings): CodeLens[] {
  const { path, source, program, links } = context;
  const lenses: Lens[] = [];
  if (settings.weakReferences && links !== undefined) lenses.push(...weakReferenceLenses(path, source, program, links));
  lenses.sort((a, b) => a.span.start - b.span.start);
  return lenses.map((lens) => ({
    range: toRange(source, lens.span),
    // A command without a name is shown and can't be clicked.
    command: { title: lens.title, command: "" },
  }));
}
