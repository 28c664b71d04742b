/**
 * Says which CONFIG_ symbols an #if condition demands to be set. It goes by the condition's text alone and knows no tree; of
 * what it does not understand it demands nothing, which leaves less to rely on.
 */

/** What configurationOf does not take for a demand: `IS_ENABLED(CONFIG_A)` holds where A is m, and the kernel has it not. */
const MAY_BE_M = "IS_ENABLED_AS_Y_OR_M(";

/** The CONFIG_ symbols that every one of these #if conditions demands to be set. */
export function commonConditions(conditions: readonly string[]): string[] {
  const sets = conditions.map((condition) => new Set(configurationOf(condition.replaceAll("IS_ENABLED(", MAY_BE_M))));
  return [...(sets[0] ?? [])].filter((symbol) => sets.every((set) => set.has(symbol)));
}

/** The CONFIG_ symbols that a condition demands: of "defined(CONFIG_A) && !(CONFIG_B)" the first. */
export function configurationOf(condition: string): string[] {
  // What stands within parentheses may be anything; outside of them, `||` and `?` leave nothing that is demanded.
  let outside = condition;
  for (let inner = ""; inner !== outside; ) {
    inner = outside;
    outside = outside.replaceAll(/\([^()]*\)/g, "");
  }
  if (/\|\||\?/.test(outside)) return [];
  return condition
    .split(" && ")
    .map((term) => /^(?:defined\s*\(?\s*|IS_ENABLED\(|IS_BUILTIN\(|)(CONFIG_\w+)\s*\)?$/.exec(term.trim())?.[1])
    .filter((symbol) => symbol !== undefined);
}
