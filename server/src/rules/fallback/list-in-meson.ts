/** Lists a file in a Meson file wherever that lists its neighbour. It evaluates nothing. */

import { findStrings, type MesonString } from "../../syntax/meson/strings.ts";
import type { TextEdit } from "../../text/edit.ts";
import { folderOf } from "../../text/path.ts";
import { type BuildFile, insertBehind, type Neighbour, type NeighbourListing, siblingWord } from "./neighbour-words.ts";

const STYLE = { inLine: ", ", atLineEnd: "," };

/** Calls that name files without building them. */
const NO_LISTS: ReadonlySet<string> = new Set([
  "configure_file",
  "custom_target",
  "install_headers",
  "message",
  "test",
]);

/** What the file says of the neighbour; undefined where it says nothing. */
export function listInMeson(file: BuildFile, neighbour: Neighbour): NeighbourListing | undefined {
  const edits: TextEdit[] = [];
  for (const string of findStrings(file.text)) {
    const added = siblingWord(string.text, folderOf(file.path), neighbour);
    if (added === undefined || NO_LISTS.has(string.call)) continue;
    const edit = addBehind(file.text, string, `'${added}'`);
    if (edit === undefined) {
      return { kind: "refusal", refusal: `${file.path} names it in a way that is not understood` };
    }
    edits.push(...edit);
  }
  return edits.length === 0 ? undefined : { kind: "edits", edits };
}

/** A literal by itself, as `sources = 'main.c'`, becomes a list. */
function addBehind(text: string, string: MesonString, added: string): TextEdit[] | undefined {
  const { start, end, within, before } = string;
  const isElement = (within === "list" || within === "call") && (before === "," || before === "(" || before === "[");
  if (isElement) return [insertBehind(text, string, added, STYLE)];
  const isAlone = before === "=" || before === "+=" || (within === "call" && before === ":");
  if (!isAlone) return undefined;
  return [
    { start, end: start, text: "[" },
    { start: end, end, text: `, ${added}]` },
  ];
}
