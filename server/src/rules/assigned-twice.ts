/** Finds symbols that a script assigns twice, so that the first value is lost. */

import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { type PlacedStatement, statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdAssignment } from "../syntax/ld/tree.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { findingAt, hasWithin, placeHere, unquoted } from "./script-findings.ts";
import { removeStatement } from "./script-fixes.ts";

interface PlacedAssignment extends PlacedStatement {
  readonly statement: LdAssignment;
}

export const assignedTwice: Rule = {
  id: "assigned-twice",
  severity: "warning",
  scope: "file",
  docs: {
    summary: "A script assigns a symbol twice, and nothing uses the first value.",
    why: `The program sees the last value alone; ld does not mention the others. Mostly a line was copied and its symbol not
renamed, so that one symbol is in the wrong place and another one is missing. A value that the script uses before the next one is
assigned is no defect, nor is the same value again, and neither is \`sym = sym + 1\` or another value under another #if.`,
    whenToIgnore:
      "Where both values are meant: the first is used by an INCLUDE or a tool that this tree does not show.",
    bad: [
      `//- /link.ld
SECTIONS {
  .data : { data_start = .; *(.data) data_end = .; }
  .bss : { data_start = .; *(.bss) bss_end = .; }
//         ^^^^^^^^^^ warning(assigned-twice): 'data_start' is assigned a second time
}
`,
    ],
    good: [
      `//- /link.ld
SECTIONS {
  at = 0x1000;
  .text at : { *(.text) }
  at = 0x8000;
  .data at : { *(.data) }
  at = at + 4;
  . = 0x100;
  . = 0x200;
  .bss : { bss_start = ALIGN(8); bss_start = ALIGN(8); *(.bss) }
}
rom_table = 0x3ff00000;
rom_count = 4;
rom_table = 0x3ff00000;
`,
      `//- /link.lds.S
#ifdef CONFIG_HIGH
base = 0x80000000;
#else
base = 0x1000;
#endif
`,
    ],
  },
  *check(context) {
    const { script } = context;
    if (script === undefined) return;
    const model = scriptModelOf(script);
    const hidden = statementsOf(script)
      .map((placed) => placed.statement)
      .filter(({ kind }) => kind === "macro-call" || kind === "include");
    /** What ld prints where an ASSERT does not hold: one within a value is checked, whatever becomes of the value. */
    const messages = script.uses.filter(({ role }) => role === "message");
    const last = new Map<string, PlacedAssignment>();
    for (const placed of statementsOf(script)) {
      const { statement, condition } = placed;
      if (statement.kind !== "assignment" || statement.provide) continue;
      const { target, operator, value } = statement;
      if (target.text === "." || target.text === "" || target.pasted || /[#(]/.test(target.text)) continue;
      const before = last.get(target.text);
      last.set(target.text, { ...placed, statement });
      if (before === undefined || before.condition !== condition || operator !== "=") continue;
      // A macro or an included file may hold a use that the script does not show.
      if (isSame(before, { ...placed, statement }, context)) continue;
      const isUsed = hasWithin(model.usesOf("symbol", target.text), before.statement.start, value.end);
      if (isUsed || hasWithin(hidden, before.statement.end, statement.end)) continue;
      if (hasWithin(messages, before.statement.start, before.statement.end)) continue;
      yield findingAt(
        assignedTwice.id,
        unquoted(target),
        `'${target.text}' is assigned a second time; the first value is lost`,
        [placeHere(context, unquoted(before.statement.target), "first assigned here")],
      );
    }
  },
  fixes(finding, context) {
    const [first] = finding.related;
    const lost = statementsOf(context.script!).find(
      ({ statement }) => statement.kind === "assignment" && unquoted(statement.target).start === first?.span.start,
    );
    if (lost === undefined) return [];
    return [
      removeStatement(context, lost.statement, `Remove the assignment to '${finding.symbol}' that is lost`, "not"),
    ];
  },
};

/** True where the second assignment gives the value that the symbol has already. */
function isSame(before: PlacedAssignment, after: PlacedAssignment, { source }: RuleContext): boolean {
  const textOf = ({ statement: { value } }: PlacedAssignment) =>
    source.slice(value.start, value.end).replace(/\s+/g, " ");
  if (textOf(before) !== textOf(after)) return false;
  const isNext = /^[\s;]*$/.test(source.slice(before.statement.end, after.statement.start));
  return isNext || after.statement.value.kind === "number";
}
