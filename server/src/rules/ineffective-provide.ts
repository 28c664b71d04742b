/** Finds PROVIDE of a symbol that the script assigns itself. */

import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdAssignment } from "../syntax/ld/tree.ts";
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
the PROVIDE is left over.`,
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
    const assigned = new Map<string, { statement: LdAssignment; condition: string }>();
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
      const message = `the script assigns '${text}' itself, so that this never takes effect`;
      yield {
        ...findingAt(ineffectiveProvide.id, unquoted(statement.target), message, [
          placeHere(context, unquoted(by.statement.target), "assigned here"),
        ]),
        isUnnecessary: true,
      };
    }
  },
  fixes(finding, context) {
    const provide = statementsOf(context.script!).find(
      ({ statement }) =>
        statement.kind === "assignment" && statement.provide && unquoted(statement.target).start === finding.span.start,
    );
    if (provide === undefined) return [];
    return [removeStatement(context, provide.statement, `Remove the PROVIDE of '${finding.symbol}'`, "preferred")];
  },
};
