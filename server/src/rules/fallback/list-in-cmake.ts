/** Lists a file in a CMake file wherever that lists its neighbour. It evaluates nothing. */

import { type CmakeArgument, type CmakeCommand, readCommands } from "../../syntax/cmake/commands.ts";
import type { TextEdit } from "../../text/edit.ts";
import { folderOf } from "../../text/path.ts";
import {
  type BuildFile,
  insertBehind,
  type Neighbour,
  type NeighbourListing,
  siblingWord,
  takesIn,
} from "./neighbour-words.ts";

const STYLE = { inLine: " ", atLineEnd: "" };

/** Commands that name files without building them, or do with them what is not done to the added one. */
const NO_LISTS: ReadonlySet<string> = new Set(
  "add_custom_command add_custom_target add_test configure_file elseif execute_process foreach if install message string while".split(
    " ",
  ),
);

/** Commands that say something of sources, which holds for the added file too, and build none. */
const OF_SOURCES: ReadonlySet<string> = new Set(["set_source_files_properties", "set_property"]);

/** What the file says of the neighbour; undefined where it says nothing. */
export function listInCmake(file: BuildFile, neighbour: Neighbour): NeighbourListing | undefined {
  const edits: TextEdit[] = [];
  let isListed = false;
  let covered: NeighbourListing | undefined;
  for (const command of readCommands(file.text)) {
    const named = command.arguments.filter((argument) => siblingOf(argument, file, neighbour) !== undefined);
    covered ??= globOf(command, file, neighbour);
    if (named.length === 0 || NO_LISTS.has(command.name)) continue;
    const [first] = command.arguments;
    if (
      command.name === "file" ||
      (command.name === "list" && !["APPEND", "PREPEND", "INSERT"].includes(first!.text))
    ) {
      return {
        kind: "refusal",
        refusal: `${file.path} names it in ${command.name}(${first!.text} …), which is not understood`,
      };
    }
    isListed ||= !OF_SOURCES.has(command.name);
    for (const argument of named) {
      const added = siblingOf(argument, file, neighbour)!;
      edits.push(insertBehind(file.text, argument, argument.isQuoted ? `"${added}"` : added, STYLE));
    }
  }
  return isListed ? { kind: "edits", edits } : covered;
}

function siblingOf({ text }: CmakeArgument, file: BuildFile, neighbour: Neighbour): string | undefined {
  return siblingWord(text, folderOf(file.path), neighbour);
}

/** `file(GLOB SOURCES src/*.c)`, which looks again by itself only with CONFIGURE_DEPENDS (cmake-commands(7), "file"). */
function globOf(command: CmakeCommand, file: BuildFile, neighbour: Neighbour): NeighbourListing | undefined {
  const [kind, ...rest] = command.arguments.map(({ text }) => text);
  if (command.name !== "file" || (kind !== "GLOB" && kind !== "GLOB_RECURSE")) return undefined;
  const isRecursive = kind === "GLOB_RECURSE";
  if (!rest.some((pattern) => takesIn(pattern, folderOf(file.path), neighbour, isRecursive))) return undefined;
  return { kind: "covered", advice: rest.includes("CONFIGURE_DEPENDS") ? undefined : "run cmake again" };
}
