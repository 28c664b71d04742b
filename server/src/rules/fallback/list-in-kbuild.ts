/**
 * Lists a file in a Kbuild file behind its neighbour, in a line of its own for every branch that lists that, with the flags and
 * settings that the file gives to the neighbour alone. It decides neither whether that is right nor in which file.
 */

import { wordsWithin } from "../../syntax/kbuild/make-words.ts";
import { type MakeAssignment, type MakeStatement, parseMakefile } from "../../syntax/kbuild/makefile.ts";
import type { TextEdit } from "../../text/edit.ts";
import { folderOf, withoutEnding } from "../../text/path.ts";
import { repeatVariable } from "./list-in-makefile.ts";
import type { BuildFile, Neighbour } from "./neighbour-words.ts";

export interface KbuildListing {
  /** The neighbour's object as the file names it, relative to its folder. */
  readonly object: string;
  /** The variable that lists the added object in every build; undefined where each list of the neighbour gets it. */
  readonly variable: string | undefined;
  /** How the file takes link-time optimization off an object's flags; undefined where that need not be. */
  readonly ltoFlags: string | undefined;
}

/** The edits; undefined where the file does not list the neighbour by its name. */
export function listInKbuild(file: BuildFile, neighbour: Neighbour, listing: KbuildListing): TextEdit[] | undefined {
  const { text } = file;
  const assignments = assignmentsOf(parseMakefile(text).statements);
  const lists = assignments.filter(({ value }) =>
    wordsWithin(text, value).some((word) => word.functions.length === 0 && word.text === listing.object),
  );
  const [first] = lists;
  if (first === undefined) return undefined;
  const added = `${withoutEnding(neighbour.added.slice(folderOf(file.path).length))}.o`;
  const edits: TextEdit[] = [];
  for (const list of listing.variable === undefined ? lists : [first]) {
    // In an archive the fallback would be found only by those who ask for it before the strong definition is there.
    const written = text.slice(list.name.start, list.name.end);
    const name = listing.variable ?? (written.startsWith("lib-") ? `obj-${written.slice("lib-".length)}` : written);
    edits.push(behindLine(text, list, `${name} += ${added}\n`));
  }
  const repeated = assignments.flatMap((assignment) => repeatVariable(file, assignment, neighbour));
  if (listing.ltoFlags !== undefined) {
    const isSet = repeated.some((edit) => edit.text.includes(`CFLAGS_REMOVE_${added}`));
    const line = `CFLAGS_REMOVE_${added} ${isSet ? "+=" : ":="} ${listing.ltoFlags}\n`;
    // Behind what is repeated, as an assignment further down would undo it.
    const last = repeated.reduce((latest, edit) => Math.max(latest, edit.start), 0);
    const at = lists.at(-1)!;
    if (last > at.line.end) repeated.push({ start: last, end: last, text: line });
    else edits.push(behindLine(text, listing.variable === undefined ? at : first, line));
  }
  return joinInsertions([...edits, ...repeated]);
}

function behindLine(text: string, { line }: MakeAssignment, added: string): TextEdit {
  const isOpen = line.end > 0 && text[line.end - 1] !== "\n";
  return { start: line.end, end: line.end, text: isOpen ? `\n${added}` : added };
}

/** What goes to one place as one edit, whose lines a file's last line without an end is ended for but once. */
function joinInsertions(edits: readonly TextEdit[]): TextEdit[] {
  const joined = new Map<number, string>();
  for (const edit of edits) {
    const before = joined.get(edit.start);
    joined.set(
      edit.start,
      before === undefined ? edit.text : before + (edit.text.startsWith("\n") ? edit.text.slice(1) : edit.text),
    );
  }
  return [...joined].map(([start, added]) => ({ start, end: start, text: added }));
}

function assignmentsOf(statements: readonly MakeStatement[]): MakeAssignment[] {
  return statements.flatMap((statement): MakeAssignment[] => {
    if (statement.kind === "assignment") return [statement];
    return statement.kind === "conditional" ? statement.branches.flatMap(({ body }) => assignmentsOf(body)) : [];
  });
}
