/**
 * Code lenses whose texts are made when the editor shows them, as that takes a look at the whole tree: places come at once. What
 * there is to say, the kinds of features/ know, one file each; a new kind is added to the list here.
 */

import type { CodeLens, CodeLensParams, Location } from "vscode-languageserver";
import type { LensKind } from "../features/lens.ts";
import { overrideLenses } from "../features/override-lenses.ts";
import { provideLenses } from "../features/provide-lenses.ts";
import type { Span } from "../text/span.ts";
import { toRange, uriOfPath } from "./convert.ts";
import { type Folders, locateDocument } from "./locate-document.ts";
import { SHOW_PLACES, type ShowPlacesArguments } from "./messages.ts";
import type { Settings } from "./settings.ts";

const kinds: readonly LensKind[] = [overrideLenses, provideLenses];

export interface LazyLensContext extends Folders {
  /** Which kinds the user wants to see. */
  settings(): Settings["codeLens"];
  /** The client has the command of lenses that shows places. */
  canShowPlaces(): boolean;
}

/** What goes to the editor with a lens, and comes back when it is shown. */
interface LensData {
  readonly kind: string;
  readonly uri: string;
  readonly symbol: string;
  readonly span: Span;
}

/** The lenses of a document, without texts. */
export async function findLazyLenses({ textDocument }: CodeLensParams, context: LazyLensContext): Promise<CodeLens[]> {
  const { uri } = textDocument;
  const document = await locateDocument(uri, context);
  const wanted = kinds.filter(({ id }) => context.settings()[id]);
  if (document === undefined || wanted.length === 0) return [];
  const { path, session } = document;
  const source = await session.workspace.readSource(path);
  if (source === undefined) return [];
  return session.ask((program) =>
    wanted.flatMap((kind) =>
      kind.find(path, source, program).map(({ span, symbol }) => {
        const data: LensData = { kind: kind.id, uri, symbol, span };
        return { range: toRange(source, span), data };
      }),
    ),
  );
}

/** The lens with its text. One that has nothing to say after all has an empty one, which editors do not show. */
export async function resolveLens(lens: CodeLens, context: LazyLensContext): Promise<CodeLens> {
  const data = lens.data as LensData | undefined;
  const kind = kinds.find(({ id }) => id === data?.kind);
  const document = data === undefined ? undefined : await locateDocument(data.uri, context);
  if (data === undefined || kind === undefined || document === undefined) return lens;
  const { path, session } = document;
  const text = await session.ask((program) => kind.describe(data, path, program));
  const places = text?.places ?? [];
  // A command without a name is text that can't be clicked.
  if (text === undefined || places.length === 0 || !context.canShowPlaces())
    return { ...lens, command: { title: text?.title ?? "", command: "" } };
  const sources = await session.workspace.readSources(places.map((place) => place.path));
  const locations = places.flatMap(({ path: file, span }): Location[] => {
    const source = sources.get(file);
    return source === undefined ? [] : [{ uri: uriOfPath(session.workspace.root, file), range: toRange(source, span) }];
  });
  const shown: ShowPlacesArguments = { uri: data.uri, position: lens.range.start, locations };
  return { ...lens, command: { title: text.title, command: SHOW_PLACES, arguments: [shown] } };
}
