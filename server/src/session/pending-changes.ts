/**
 * Changes that were decided on and not written yet. Later fixes see them, as they are laid over the workspace like open
 * buffers. A change is taken whole or not at all.
 */

import { applyEdits } from "../text/edit.ts";
import { type Source, sourceOfText } from "../text/source.ts";
import type { OfferedFix, Session } from "./session.ts";

export interface ChangedFile {
  readonly path: string;
  /** undefined for a new file. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface PendingChanges {
  /** Takes the fix over. False, with nothing changed, where one of its edits was made for another text than the file has. */
  add(fix: OfferedFix): Promise<boolean>;
  /** All files that differ from what they were, by path. */
  list(): readonly ChangedFile[];
}

/** Starts to gather changes over a session. */
export function gatherChanges(session: Session): PendingChanges {
  const changed = new Map<string, ChangedFile>();

  return {
    async add({ edits, bases }) {
      const next: ChangedFile[] = [];
      const sources = await session.workspace.readSources(edits.map(({ path }) => path));
      for (const edit of edits) {
        const known = changed.get(edit.path);
        const now = known?.after ?? textOf(sources.get(edit.path));
        let after: string | undefined;
        if ("create" in edit) after = now === undefined ? edit.create : undefined;
        else if (now !== undefined && now === textOf(bases.get(edit.path))) after = applyEdits(now, edit.edits);
        if (after === undefined) return false;
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

function textOf(source: Source | undefined): string | undefined {
  return source?.slice(0, source.length);
}
