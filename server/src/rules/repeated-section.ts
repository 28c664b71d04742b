/** Finds output sections that a script describes twice, which gives the output two sections of one name. */

import { type ScriptName, scriptModelOf } from "../linkage/scripts/script-model.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdName, LdStatement } from "../syntax/ld/tree.ts";
import type { Rule } from "./rule.ts";
import { findingAt, firstTogether, placeHere, unquoted } from "./script-findings.ts";
import { findShadowed } from "./unmatched-pattern.ts";

export const repeatedSection: Rule = {
  id: "repeated-section",
  severity: "information",
  scope: "file",
  docs: {
    summary: "A script describes an output section twice, and the output gets two sections of that name.",
    why: `ld does not add the second description to the first: the output file has two sections of the same name, without a
message. SIZEOF, ADDR and LOADADDR speak of the first one alone, as do most tools that are asked for a section by its name. Nothing is
said of a second description that takes nothing, as earlier patterns take all that its own could match: ld leaves it out.`,
    whenToIgnore: "Where two output sections of one name are wanted.",
    bad: [
      `//- /link.ld
SECTIONS {
  .data : { *(.data) }
  .bss : { *(.bss) }
  .data : { *(.data.late) }
//^^^^^ information(repeated-section): the output gets two sections '.data'
  .bss : { *(.bss) }
//           ^^^^ hint(unmatched-pattern): takes all
  data_size = SIZEOF(.data);
}
`,
    ],
    good: [
      `//- /link.ld
SECTIONS {
  .eh_frame : ONLY_IF_RO { *(.eh_frame) }
  .eh_frame : ONLY_IF_RW { *(.eh_frame) }
  /DISCARD/ : { *(.comment) }
  /DISCARD/ : { *(.note.*) }
  .rest : { }
  .rest : { *(.rest) }
}
`,
    ],
  },
  *check(context) {
    const { script } = context;
    if (script === undefined) return;
    /** Those that are not there in every output: with a constraint, or with nothing in them. */
    const absent = new Set<number>();
    const shadowed = findShadowed(script);
    for (const { statement } of statementsOf(script)) {
      if (statement.kind !== "output-section") continue;
      const { constraint, statements, name } = statement;
      if (constraint !== undefined || statements.every((one) => isNothing(one, shadowed)))
        absent.add(unquoted(name).start);
    }
    const seen = new Map<string, ScriptName[]>();
    for (const name of scriptModelOf(script).names) {
      if (name.kind !== "section" || !name.isDefinition || absent.has(name.start)) continue;
      const first = firstTogether(seen, name.text, name);
      if (first === undefined) continue;
      yield findingAt(
        repeatedSection.id,
        name,
        `the output gets two sections '${name.text}'; functions take the first`,
        [placeHere(context, first, "first described here")],
      );
    }
  },
};

/** ld leaves a section out that has no input and no room. */
function isNothing(statement: LdStatement, shadowed: ReadonlyMap<LdName, LdName>): boolean {
  if (statement.kind !== "input-section") return statement.kind === "empty" || statement.kind === "assert";
  const { sections } = statement;
  return sections?.every(({ name }) => shadowed.has(name)) === true;
}
