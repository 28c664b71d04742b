/** Edits of texts, as plain data. It knows no editor and writes no file. */

/** Replaces [start, end), in UTF-16 units of the text before all edits, by `text`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** A few words on what it is for, beside a change that says more than that: "removes a test against NULL". */
  readonly why?: string;
}

/** What happens to one file: edits of what is there, or a new file with this text. */
export type FileEdit =
  | { readonly path: string; readonly edits: readonly TextEdit[] }
  | { readonly path: string; readonly create: string };

/**
 * The text after the edits. They may come in any order; edits that overlap give undefined, as no order would be right, and
 * so do edits beyond the text. Of several insertions at one place the first given stands first.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string | undefined {
  const sorted = edits.map((edit, order) => ({ edit, order }));
  sorted.sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.order - b.order);
  const parts: string[] = [];
  let done = 0;
  for (const { edit } of sorted) {
    if (edit.start < done || edit.end < edit.start || edit.end > text.length) return undefined;
    parts.push(text.slice(done, edit.start), edit.text);
    done = edit.end;
  }
  parts.push(text.slice(done));
  return parts.join("");
}

/** The change with the words on what its edits are for. */
export function becauseOf(change: FileEdit, why: string): FileEdit {
  return "create" in change ? change : { path: change.path, edits: change.edits.map((edit) => ({ ...edit, why })) };
}

/** Joins the edits of several changes by file, leaving out those given twice. A file that two changes create is kept once. */
export function joinFileEdits(changes: readonly FileEdit[]): FileEdit[] {
  const byPath = new Map<string, FileEdit>();
  for (const change of changes) {
    const known = byPath.get(change.path);
    if (known === undefined || "create" in change || "create" in known) {
      byPath.set(change.path, known ?? change);
      continue;
    }
    const added = change.edits.filter(
      (edit) =>
        !known.edits.some((other) => other.start === edit.start && other.end === edit.end && other.text === edit.text),
    );
    byPath.set(change.path, { path: change.path, edits: [...known.edits, ...added] });
  }
  return [...byPath.values()];
}
