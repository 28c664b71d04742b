/**
 * Definition and hover on the path of an include line: the file itself. In C, other servers do this, so there it is left to
 * them unless the user wants all navigation from us.
 */

import { type Hover, type Location, MarkupKind, type TextDocumentPositionParams } from "vscode-languageserver/node";
import { includeLinkAt, type ScriptLink } from "../features/script-links.ts";
import { languageOf } from "../linkage/facts/extract.ts";
import { codeSpan } from "../text/markdown.ts";
import type { Source } from "../text/source.ts";
import { toOffset, toRange, uriOfPath } from "./convert.ts";
import { linkFoldersOf } from "./link-folders.ts";
import { type Folders, locateDocument } from "./locate-document.ts";
import type { Settings } from "./settings.ts";

export interface IncludeContext extends Folders {
  settings(): Settings;
}

export interface IncludeRequests {
  /** The start of the file that is named at the place; undefined where none is. */
  definition(params: TextDocumentPositionParams): Promise<Location[] | undefined>;
  /** Which file is named at the place. */
  hover(params: TextDocumentPositionParams): Promise<Hover | undefined>;
}

interface Found {
  readonly link: ScriptLink;
  readonly source: Source;
  readonly root: string;
}

/** Answers these requests for the folders of a connection. */
export function serveIncludes(context: IncludeContext): IncludeRequests {
  async function find({ textDocument: { uri }, position }: TextDocumentPositionParams): Promise<Found | undefined> {
    const located = await locateDocument(uri, context);
    if (located === undefined) return undefined;
    const { path, session } = located;
    const source = await session.workspace.readSource(path);
    if (source === undefined) return undefined;
    const { kernelArch, navigation } = context.settings();
    const language = languageOf(path, source);
    if (language === undefined || (language === "c" && navigation !== "all")) return undefined;
    const link = includeLinkAt(path, source, toOffset(source, position), linkFoldersOf(path, session, kernelArch));
    return link && { link, source, root: session.workspace.root };
  }

  return {
    async definition(params) {
      const found = await find(params);
      if (found === undefined) return undefined;
      const start = { line: 0, character: 0 };
      return [{ uri: uriOfPath(found.root, found.link.path), range: { start, end: start } }];
    },
    async hover(params) {
      const found = await find(params);
      if (found === undefined) return undefined;
      const { link, source } = found;
      return {
        contents: { kind: MarkupKind.Markdown, value: codeSpan(link.path) },
        range: toRange(source, link.span),
      };
    },
  };
}
