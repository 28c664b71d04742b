/** For tests of features of linker scripts: one script with `<|>` for the cursor or `<|…|>` for a range. */

import { scriptOf } from "../../server/src/linkage/facts/parsed.ts";
import type { LdScript } from "../../server/src/syntax/ld/tree.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import type { Span } from "../../server/src/text/span.ts";
import { parseFixture } from "../support/fixture.ts";

export interface ScriptFixture {
  readonly path: string;
  readonly text: string;
  readonly script: LdScript;
  readonly span: Span;
  /** Where the cursor stands, or the range begins. */
  readonly offset: number;
}

/** Reads a script. Its name says whether the C preprocessor has yet to see it. */
export function readScript(text: string, path = "a.lds"): ScriptFixture {
  const fixture = parseFixture(`//- /${path}\n${text}`);
  const file = fixture.files[0]!;
  const span = fixture.cursor?.span ?? { start: 0, end: 0 };
  return { path, text: file.text, script: scriptOf(path, sourceOfText(file.text)), span, offset: span.start };
}
