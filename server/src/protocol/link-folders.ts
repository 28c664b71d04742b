/** Where a session's files look for what they include. What was read of its build files is kept as long as they are the same. */

import type { LinkFolders } from "../features/script-links.ts";
import { createIncludeFolderFinder, type IncludeFolderFinder } from "../host/include-folders.ts";
import type { Session } from "../session/session.ts";

interface KnownFinder {
  readonly buildFiles: readonly string[];
  readonly architecture: string | undefined;
  readonly finder: IncludeFolderFinder;
}

const finders = new WeakMap<Session, KnownFinder>();

/** The finder of a session's tree, made anew when build files came or went. */
function folderFinder(session: Session, architecture: string | undefined): IncludeFolderFinder {
  const { buildFiles, root } = session.workspace;
  let known = finders.get(session);
  if (known === undefined || known.buildFiles !== buildFiles || known.architecture !== architecture) {
    known = {
      buildFiles,
      architecture,
      finder: createIncludeFolderFinder(root, architecture, session.project.settings.includeFolders),
    };
    finders.set(session, known);
  }
  return known.finder;
}

/** The folders of one file of the session. `architecture` is the user's setting. */
export function linkFoldersOf(path: string, session: Session, architecture: string | undefined): LinkFolders {
  const finder = folderFinder(session, architecture);
  return { ...finder.foldersOf(path), hasFile: finder.hasFile };
}
