/** Gathers the items of the side bar's view from a whole folder, a few files at a time, so that other requests get their turn. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { CancellationToken } from "vscode-languageserver";
import { type LinkageItem, linkageItemsOf } from "../features/linkage-items.ts";
import type { Session } from "../session/session.ts";
import { pathBelow, pathOfUri, uriOfPath } from "./convert.ts";
import type { LinkageViewItem } from "./messages.ts";

/** Files looked at in one turn: their facts are decoded within some milliseconds. */
const FILES_AT_ONCE = 200;

/** All items, by path, or those of one document. Ends early, with what there is, when they are not wanted any more. */
export async function gatherLinkage(
  session: Session,
  uri: string | undefined,
  token: CancellationToken,
): Promise<LinkageViewItem[]> {
  const { index, root } = session.workspace;
  const paths = uri === undefined ? [...index.paths()] : pathsOf(uri, root);
  const items: LinkageViewItem[] = [];
  for (let at = 0; at < paths.length && !token.isCancellationRequested; at += FILES_AT_ONCE) {
    const some = paths.slice(at, at + FILES_AT_ONCE);
    const found = await session.ask((program) =>
      some.flatMap((path) => {
        const facts = program.index.factsOf(path);
        return facts === undefined ? [] : linkageItemsOf(path, facts, program);
      }),
    );
    for (const item of found) items.push(toViewItem(item, root));
    await nextTurn();
  }
  return items;
}

function pathsOf(uri: string, root: string): string[] {
  const file = pathOfUri(uri);
  const path = file === undefined ? undefined : pathBelow(root, file);
  return path === undefined ? [] : [path];
}

function toViewItem({ kind, symbol, path, span, state, overriders }: LinkageItem, root: string): LinkageViewItem {
  return {
    kind,
    symbol,
    path,
    uri: uriOfPath(root, path),
    start: span.start,
    end: span.end,
    state,
    overriders: overriders.map((place) => ({
      path: place.path,
      uri: uriOfPath(root, place.path),
      start: place.span.start,
      end: place.span.end,
    })),
  };
}
