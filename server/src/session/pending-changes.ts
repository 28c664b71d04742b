/**
 * Changes that were decided on and not written yet. Later fixes see them, as they are laid over the workspace like open
 * buffers. A change is taken whole or not at all.
 */

import { applyEdits, type FileEdit } from "../text/edit.ts";
import { sourceOfText } from "../text/source.ts";
import type { Session } from "./session.ts";

export interface ChangedFile {
  readonly path: string;
  /** undefined for a new file. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface PendingChanges {
  /** Takes the edits over. False, with nothing changed, where one of them does not fit the file as it is. */
  add(edits: readonly FileEdit[]): Promise<boolean>;
  /** All files that differ from what they were, by path. */
  list(): readonly ChangedFile[];
}

/** Starts to gather changes over a session. */
export function gatherChanges(session: Session): PendingChanges {
  const changed = new Map<string, ChangedFile>();

  async function textOf(path: string): Promise<string | undefined> {
    const source = await session.workspace.readSource(path);
    return source?.slice(0, source.length);
  }

  return {
    async add(edits) {
      const next: ChangedFile[] = [];
      for (const edit of edits) {
        const now = changed.get(edit.path)?.after ?? (await textOf(edit.path));
        let after: string | undefined;
        if ("create" in edit) after = now === undefined ? edit.create : undefined;
        else after = now === undefined ? undefined : applyEdits(now, edit.edits);
        if (after === undefined) return false;
        const known = changed.get(edit.path);
        next.push({ path: edit.path, before: known === undefined ? now : known.before, after });
      }
      for (const file of next) {
        changed.set(file.path, file);
        session.setOverlay(file.path, sourceOfText(file.after));
      }
      return true;
    },
    list: () =>
      [...changed.values()].filter((file) => file.before !== file.after).sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}
