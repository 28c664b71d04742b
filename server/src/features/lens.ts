/** What a code lens is, as plain data: a place that is found at once, and a text that is made when the editor shows it. */

import type { Program } from "../linkage/symbols/program.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import type { Place } from "./navigation.ts";

/** A place that a lens stands above. */
export interface LensPlace {
  readonly span: Span;
  readonly symbol: string;
}

/** One kind of lens. Adding a kind is adding it to the list in protocol/lazy-lenses.ts. */
export interface LensKind {
  /** Its setting below weakspot.codeLens, and what tells the kinds apart between finding a lens and describing it. */
  readonly id: "weakDefinitions" | "provide";
  /** The places of a file, from its own text and facts: asked with each change, so nothing else is read. */
  find(path: string, source: Source, program: Program): readonly LensPlace[];
  /** What one says; undefined where there is nothing to say after all, or nothing that anybody could do. */
  describe(place: LensPlace, path: string, program: Program): LensText | undefined;
}

/** What a lens says, and the places that it speaks of, which a click shows. */
export interface LensText {
  readonly title: string;
  readonly places: readonly Place[];
}
