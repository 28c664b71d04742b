/** `weakspot explain RULE`: the page of a rule, in the terminal. */

import { findRule, rules } from "../rules/registry.ts";
import type { ExitCode } from "./command-line.ts";

/** Prints the rule's page. Throws, with the rules there are, for another word. */
export function runExplain(id: string): ExitCode {
  const rule = findRule(id);
  if (rule === undefined)
    throw new Error(`there is no rule ${id}; there are: ${rules.map((one) => one.id).join(", ")}`);
  const { summary, why, bad } = rule.docs;
  const example = bad[0]?.replace(/^ {6}/gm, "").trim() ?? "";
  process.stdout.write(
    [
      `${rule.id} (${rule.severity})`,
      summary,
      why,
      `It fires on:\n\n${example.replace(/^/gm, "    ")}`,
      `To silence it here: /* weakspot-ignore ${rule.id} -- the reason */`,
    ].join("\n\n"),
  );
  process.stdout.write("\n");
  return 0;
}
