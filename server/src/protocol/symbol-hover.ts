/** Hover's words for clients: Markdown with links to places where the client shows it, and plain text elsewhere. */

import { type ClientCapabilities, type MarkupContent, MarkupKind } from "vscode-languageserver/node";
import { wordsAt, writeMarkdown, writePlain } from "../features/hover.ts";
import type { Spot } from "../features/phrase.ts";
import type { LinkedName } from "../features/symbol-at.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { uriOfPath } from "./convert.ts";

export interface HoverContext {
  /** The folder's real path. */
  readonly root: string;
  readonly capabilities: ClientCapabilities;
  /** What the objects of a build say, as Markdown; "" for nothing. */
  readonly objects?: string;
}

/** What is known of the name at a place; undefined where no file declares it with a linkage. */
export function describeName(
  place: LinkedName,
  path: string,
  program: Program,
  { root, capabilities, objects = "" }: HoverContext,
): MarkupContent | undefined {
  const words = wordsAt(place, path, program);
  if (words === undefined) return undefined;
  const formats = capabilities.textDocument?.hover?.contentFormat;
  if (formats !== undefined && !formats.includes(MarkupKind.Markdown)) {
    const plain = objects.replace(/[`*]/g, "");
    const value = [writePlain(place.text, words), plain].filter((part) => part !== "").join("\n\n");
    return { kind: MarkupKind.PlainText, value };
  }
  const value = writeMarkdown(place.text, words, { linkTo: (spot) => linkTo(root, spot), objects });
  return { kind: MarkupKind.Markdown, value };
}

/** A file's address with its line and column, as editors open it: "file:///tree/a.c#L3,5". */
function linkTo(root: string, { file, line, column }: Spot): string {
  const address = uriOfPath(root, file);
  return line === 0 ? address : `${address}#L${line}${column === 0 ? "" : `,${column}`}`;
}
