/**
 * A document that is open in the editor, as a source that changes piece by piece. A change costs a copy of the text's bytes,
 * however large the document: no string is made of the whole, and no line is counted again.
 */

import type { TextDocumentContentChangeEvent } from "vscode-languageserver";
import { linesOf, setLines } from "../linkage/facts/texts.ts";
import { tellLanguage } from "../linkage/facts/told-language.ts";
import { replaceInLines } from "../text/lines.ts";
import { replaceInSource, type Source, sourceOfText } from "../text/source.ts";
import { toSpan } from "./convert.ts";

export interface OpenDocument {
  readonly uri: string;
  /** The editor's name for the language. */
  readonly languageId: string;
  /** Counts up with every change. */
  readonly version: number;
  /** The text as of that version; another object for every version. */
  readonly source: Source;
}

/** What editors call linker scripts. Whoever says so of a file means it; of C and assembly, names and texts say more. */
const scriptLanguages: ReadonlySet<string> = new Set(["linkerscript", "ld"]);

function documentOf(uri: string, languageId: string, version: number, source: Source): OpenDocument {
  if (scriptLanguages.has(languageId)) tellLanguage(source, "ld");
  return { uri, languageId, version, source };
}

/** How {@link OpenDocument}s are made and changed, as TextDocuments asks for it. */
export const openDocuments = {
  create(uri: string, languageId: string, version: number, text: string): OpenDocument {
    return documentOf(uri, languageId, version, sourceOfText(text));
  },
  /** Applies changes one after the other; each position is one in the text that the changes before it left. */
  update(document: OpenDocument, changes: readonly TextDocumentContentChangeEvent[], version: number): OpenDocument {
    return documentOf(document.uri, document.languageId, version, changes.reduce(changeSource, document.source));
  },
};

function changeSource(source: Source, change: TextDocumentContentChangeEvent): Source {
  if (!("range" in change)) return sourceOfText(change.text);
  const a = toSpan(source, change.range);
  // An editor may give the end first; the protocol leaves that open.
  const span = { start: Math.min(a.start, a.end), end: Math.max(a.start, a.end) };
  const changed = replaceInSource(source, span.start, span.end, change.text);
  setLines(changed, replaceInLines(linesOf(source), span, change.text.length, changed));
  return changed;
}
