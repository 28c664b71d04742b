/**
 * What an editor says an open buffer's language is, where its user has said so (`files.associations`, a language picked by
 * hand). It goes with the source: the file on disk, and the buffer's next text, are other sources.
 */

import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { Language } from "./facts.ts";

const told = createAttached<Source, Language>();

/** Says that a text is in this language, whatever its file's name is. */
export function tellLanguage(source: Source, language: Language): void {
  told.set(source, language);
}

/** What was said of a text's language. */
export function toldLanguage(source: Source): Language | undefined {
  return told.get(source);
}
