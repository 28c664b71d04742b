/** Finds the open folder that a document lies in, and what the document is called there. */

import type { Session } from "../session/session.ts";
import { pathBelow, pathOfUri } from "./convert.ts";

/** Who knows the folders of a connection. It waits for them to be opened. */
export interface Folders {
  /** The innermost folder that holds the document: its root and its session. */
  folderOf(uri: string): Promise<{ readonly root: string; readonly session: Session } | undefined>;
}

/** A document as the session of its folder knows it. */
export interface LocatedDocument {
  /** Relative to the folder's root, with forward slashes. */
  readonly path: string;
  readonly session: Session;
}

/** Where a document is; undefined for one outside of all folders. */
export async function locateDocument(uri: string, folders: Folders): Promise<LocatedDocument | undefined> {
  const folder = await folders.folderOf(uri);
  const file = pathOfUri(uri);
  const path = folder === undefined || file === undefined ? undefined : pathBelow(folder.root, file);
  return folder === undefined || path === undefined ? undefined : { path, session: folder.session };
}
