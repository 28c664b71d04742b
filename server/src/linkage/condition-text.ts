/** Conditions as texts: terms that " && " joins, as facts have them. It decides none (condition.ts does). */

/** Both conditions together; terms that they share stand there once. */
export function joinConditions(a: string, b: string): string {
  if (a === "" || a === b) return b;
  return b === "" ? a : [...new Set([...termsOf(a), ...termsOf(b)])].join(" && ");
}

/** What " && " joins in a condition, outside of parentheses. */
export function termsOf(condition: string): string[] {
  const terms: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < condition.length; i++) {
    if (condition[i] === "(") depth++;
    else if (condition[i] === ")") depth--;
    else if (depth === 0 && condition.startsWith(" && ", i)) {
      terms.push(condition.slice(start, i));
      start = i + 4;
    }
  }
  if (start < condition.length) terms.push(condition.slice(start));
  return terms;
}

/** The CONFIG_ symbols that must be y for the condition to hold; undefined where that is not all of it. */
export function symbolsOfCondition(condition: string): readonly string[] | undefined {
  const symbols: string[] = [];
  for (const term of termsOf(condition)) {
    const symbol = /^(?:defined\s*\(?\s*|IS_BUILTIN\(\s*|)(CONFIG_\w+)\s*\)?$/.exec(term.trim())?.[1];
    if (symbol === undefined) return undefined;
    symbols.push(symbol);
  }
  return symbols;
}
