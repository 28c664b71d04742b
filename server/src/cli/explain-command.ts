/** `weakspot explain RULE`: the page of a rule, in the terminal. */

import { findRule, rules } from "../rules/registry.ts";
import type { ExitCode } from "./exit-code.ts";
import { printLines } from "./output.ts";

/** Prints the rule's page. Throws, with the rules there are, for another word. */
export function runExplain(id: string): ExitCode {
  const rule = findRule(id);
  if (rule === undefined)
    throw new Error(`there is no rule ${id}; there are: ${rules.map((one) => one.id).join(", ")}`);
  const { summary, why, whenToIgnore, bad } = rule.docs;
  const example = bad[0]?.replace(/^ {6}/gm, "").trim() ?? "";
  printLines(
    [
      `${rule.id} (${rule.severity})`,
      summary,
      why,
      `When to ignore it: ${whenToIgnore}`,
      `It fires on:\n\n${example.replace(/^/gm, "    ")}`,
      `To silence it here: /* weakspot-ignore ${rule.id} -- the reason */`,
    ]
      .join("\n\n")
      .split("\n"),
  );
  return 0;
}
