/**
 * Where a tree that is no kernel lists its objects, when it does so in Kbuild's way: `obj-y += main.o` in the Kbuild file or
 * Makefile beside the source. Anything else is left to people.
 */

import { type MakeAssignment, type MakeStatement, parseMakefile } from "../../syntax/kbuild/makefile.ts";
import { folderOf } from "../../text/path.ts";
import type { Membership } from "./links.ts";

/** How the file is listed there, or undefined where it is not listed in a way that is understood. */
export function membershipBeside(
  path: string,
  unit: string,
  readText: (path: string) => string | undefined,
): Membership | undefined {
  const folder = folderOf(path);
  const object = path.slice(folder.length).replace(/\.\w+$/, ".o");
  for (const name of ["Kbuild", "Makefile"]) {
    const text = readText(folder + name);
    if (text === undefined) continue;
    const found = findAssignments(parseMakefile(text).statements, false).filter(({ assignment }) =>
      textOf(text, assignment.value).split(/\s+/).includes(object),
    );
    const [only] = found;
    if (only === undefined || found.length > 1) continue;
    const variable = textOf(text, only.assignment.name);
    const list = /^(obj|lib)-(?:y|\$\((CONFIG_\w+)\))$/.exec(variable);
    if (list === null) continue;
    const guard = list[2] === undefined ? [] : [list[2]];
    return {
      unit,
      reach: list[1] === "lib" ? "archive" : "object",
      guard: only.isConditional ? undefined : guard,
      listing: {
        path: folder + name,
        insertAt: only.assignment.line.end,
        variable,
        folderGuard: [],
        isConditional: only.isConditional,
      },
    };
  }
  return undefined;
}

interface Found {
  readonly assignment: MakeAssignment;
  readonly isConditional: boolean;
}

function findAssignments(statements: readonly MakeStatement[], isConditional: boolean): Found[] {
  return statements.flatMap((statement): Found[] => {
    if (statement.kind === "assignment") return [{ assignment: statement, isConditional }];
    if (statement.kind !== "conditional") return [];
    return statement.branches.flatMap((branch) => findAssignments(branch.body, true));
  });
}

function textOf(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  return text.slice(start, end).trim();
}
