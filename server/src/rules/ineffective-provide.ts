/** Finds PROVIDE of a symbol that the script assigns itself. */

import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdAssignment, LdScript } from "../syntax/ld/tree.ts";
import type { Rule } from "./rule.ts";
import { findingAt, hasWithin, placeHere, unquoted } from "./script-findings.ts";
import { removeStatement } from "./script-fixes.ts";

export const ineffectiveProvide: Rule = {
  id: "ineffective-provide",
  severity: "warning",
  scope: "file",
  docs: {
    summary: "PROVIDE never takes effect, as the script assigns the symbol itself.",
    why: `PROVIDE gives a value to a symbol that nothing else defines. An assignment in the same script defines it always, before or
behind the PROVIDE, so that the value in PROVIDE is never used. Either the assignment was meant to be a default too, or
the PROVIDE is left over. Where the script uses the symbol between a PROVIDE and a later assignment, linkers differ (lld takes the value
in PROVIDE there), and nothing is said. PROVIDE_HIDDEN still hides the symbol that the script assigns, so it is not taken away.`,
    whenToIgnore:
      "Where the same script text is used with another assignment left out, by a preprocessor that is not known here.",
    bad: [
      `//- /link.ld
SECTIONS {
  stack_size = 0x400;
  .bss : { *(.bss) heap = .; }
  PROVIDE(stack_size = 0x800);
//        ^^^^^^^^^^ information(provide-symbol)
//        ^^^^^^^^^^ warning(ineffective-provide): the script assigns 'stack_size' itself
}
`,
    ],
    good: [
      `//- /link.ld
SECTIONS {
  stack_size = DEFINED(stack_size) ? stack_size : 0x400;
  .bss : { *(.bss) heap = .; }
}
`,
    ],
  },
  *check(context) {
    const { script } = context;
    if (script === undefined) return;
    const model = scriptModelOf(script);
    const opaque = statementsOf(script)
      .map((placed) => placed.statement)
      .filter(({ kind }) => kind === "macro-call" || kind === "include");
    const assigned = new Map<string, PlacedAssignment>();
    for (const { statement, condition } of statementsOf(script)) {
      if (statement.kind !== "assignment" || statement.provide || statement.operator !== "=") continue;
      const { target, value } = statement;
      const usesItself = hasWithin(model.usesOf("symbol", target.text), value.start, value.end);
      if (target.pasted || usesItself) continue;
      const known = assigned.get(target.text);
      if (known === undefined || condition === "") assigned.set(target.text, { statement, condition });
    }
    for (const { statement, condition } of statementsOf(script)) {
      if (statement.kind !== "assignment" || !statement.provide || statement.target.pasted) continue;
      const by = assigned.get(statement.target.text);
      if (by === undefined || (by.condition !== "" && by.condition !== condition)) continue;
      const { text } = statement.target;
      const between: [start: number, end: number] = [statement.end, by.statement.start];
      if (hasWithin(model.usesOf("symbol", text), ...between) || hasWithin(opaque, ...between)) continue;
      const effect = onlyHides(statement, by.statement) ? "only hides it" : "never takes effect";
      const message = `the script assigns '${text}' itself, so that this ${effect}`;
      yield {
        ...findingAt(ineffectiveProvide.id, unquoted(statement.target), message, [
          placeHere(context, unquoted(by.statement.target), "assigned here"),
        ]),
        isUnnecessary: !onlyHides(statement, by.statement),
      };
    }
  },
  fixes(finding, context) {
    const provide = findAssignment(context.script!, finding.span.start);
    const assignment = findAssignment(context.script!, finding.related[0]!.span.start);
    if (provide === undefined || assignment === undefined) return [];
    const title = `Remove the PROVIDE of '${finding.symbol}'`;
    if (onlyHides(provide, assignment)) {
      const refusal = `it hides '${finding.symbol}', which the assignment does not`;
      return [{ title, isPreferred: false, edits: [], refusal }];
    }
    return [removeStatement(context, provide, title, "preferred")];
  },
};

interface PlacedAssignment {
  readonly statement: LdAssignment;
  readonly condition: string;
}

/** True where ld hides by the PROVIDE what the assignment gives its value (bfd_elf_record_link_assignment asks both). */
function onlyHides(provide: LdAssignment, assignment: LdAssignment): boolean {
  return provide.hidden && !assignment.hidden;
}

/** The assignment whose symbol stands at this offset. */
function findAssignment(script: LdScript, start: number): LdAssignment | undefined {
  for (const { statement } of statementsOf(script)) {
    if (statement.kind === "assignment" && unquoted(statement.target).start === start) return statement;
  }
  return undefined;
}
