/** Finds ASSERT whose condition is false whatever is linked. */

import { constantsOf } from "../linkage/scripts/script-constants.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import { evaluate } from "../syntax/ld/evaluate.ts";
import type { LdExpression } from "../syntax/ld/tree.ts";
import type { Rule } from "./rule.ts";

export const falseAssertion: Rule = {
  id: "false-assertion",
  severity: "error",
  scope: "file",
  docs: {
    summary: "An ASSERT is false whatever is linked.",
    why: `ld rejects every link with this script, at its very end, with the ASSERT's message. The condition depends on constants of the
script alone: on numbers, on symbols that it assigns once, on ORIGIN and LENGTH of its regions. An ASSERT under #if is left
alone, as it may be there to reject a configuration.`,
    whenToIgnore:
      "Where the script is meant to be refused as it stands, as a guard for a configuration that must not be built.",
    bad: [
      `//- /link.ld
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 16K }
stack_size = 0x8000;
ASSERT(stack_size <= LENGTH(ram), "the stack does not fit")
//     ^^^^^^^^^^^^^^^^^^^^^^^^^ error(false-assertion): false whatever is linked
SECTIONS { .data : { *(.data) } >ram }
`,
    ],
    good: [
      `//- /link.ld
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 64K }
stack_size = 0x8000;
ASSERT(stack_size <= LENGTH(ram), "the stack does not fit")
SECTIONS { .data : { *(.data) end = .; } >ram ASSERT(end < 0x20008000, "too much data") }
`,
    ],
  },
  *check(context) {
    const { script } = context;
    if (script === undefined) return;
    const { context: known } = constantsOf(script);
    for (const { statement, condition } of statementsOf(script)) {
      let asserted: LdExpression | undefined;
      if (statement.kind === "assert") asserted = statement.condition;
      else if (statement.kind === "assignment") asserted = assertionIn(statement.value);
      if (asserted === undefined || condition !== "") continue;
      const result = evaluate(asserted, known);
      if (result.kind !== "value" || result.value !== 0n) continue;
      yield {
        rule: falseAssertion.id,
        span: { start: asserted.start, end: asserted.end },
        symbol: "ASSERT",
        message: "this is false whatever is linked, so that ld rejects every link",
        related: [],
      };
    }
  },
};

/** The condition in `. = ASSERT(…, "…")`, the form of scripts older than the command. */
function assertionIn(value: LdExpression): LdExpression | undefined {
  if (value.kind !== "call" || value.function.text !== "ASSERT") return undefined;
  const [condition] = value.arguments;
  return condition === undefined || condition.kind === "name" ? undefined : condition;
}
