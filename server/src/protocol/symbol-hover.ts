/** Hover's words for clients: Markdown with links to places where the client shows it, and plain text elsewhere. */

import { type ClientCapabilities, type MarkupContent, MarkupKind } from "vscode-languageserver/node";
import { describedNames, writeNamesMarkdown, writeNamesPlain } from "../features/hover.ts";
import type { NamesAt } from "../features/names-at.ts";
import type { Spot } from "../features/phrase.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { uriOfPath } from "./convert.ts";

export interface HoverContext {
  /** The folder's real path. */
  readonly root: string;
  readonly capabilities: ClientCapabilities;
  /** What the objects of a build say of a name, as Markdown; "" for nothing. */
  objectsOf?(name: string): string;
}

/** What is known of the names at a place; undefined where no file declares one of them with a linkage. */
export function describeNames(
  at: NamesAt,
  path: string,
  program: Program,
  { root, capabilities, objectsOf = () => "" }: HoverContext,
): MarkupContent | undefined {
  const described = describedNames(at, path, program, objectsOf);
  if (described.length === 0) return undefined;
  const formats = capabilities.textDocument?.hover?.contentFormat;
  if (formats !== undefined && !formats.includes(MarkupKind.Markdown))
    return { kind: MarkupKind.PlainText, value: writeNamesPlain(at, described) };
  return { kind: MarkupKind.Markdown, value: writeNamesMarkdown(at, described, (spot) => linkTo(root, spot)) };
}

/** A file's address with its line and column, as editors open it: "file:///tree/a.c#L3,5". */
function linkTo(root: string, { file, line, column }: Spot): string {
  const address = uriOfPath(root, file);
  return line === 0 ? address : `${address}#L${line}${column === 0 ? "" : `,${column}`}`;
}
