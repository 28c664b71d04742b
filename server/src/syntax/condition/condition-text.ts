/** Conditions as texts: terms that " && " joins, as facts have them. It decides none (condition.ts does). */

/** Both conditions together; terms that they share stand there once. */
export function joinConditions(a: string, b: string): string {
  if (a === "" || a === b) return b;
  return b === "" ? a : [...new Set([...termsOf(a), ...termsOf(b)])].join(" && ");
}

/** What " && " joins in a condition, outside of parentheses; one term in parentheses where an operator that binds less is there. */
export function termsOf(condition: string): string[] {
  const terms: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < condition.length; i++) {
    const code = condition[i];
    if (code === "(") depth++;
    else if (code === ")") depth--;
    else if (depth === 0 && (code === "?" || condition.startsWith("||", i))) return [`(${condition})`];
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

/** The condition under which one of several holds; "" is always. What #if and its #elif and #else say together is nothing. */
export function eitherCondition(conditions: readonly string[]): string {
  const ways = [...new Set(conditions)].map((condition) => new Set(termsOf(condition)));
  while (simplify(ways));
  const [first, ...others] = ways;
  if (first === undefined) return "";
  if (others.length === 0) return [...first].join(" && ");
  const shared = [...first].filter((term) => others.every((way) => way.has(term)));
  const left = ways.map((way) => `(${[...way].filter((term) => !shared.includes(term)).join(" && ")})`);
  return [...shared, `(${left.join(" || ")})`].join(" && ");
}

/** Makes one way out of two, or a shorter one out of one; false where nothing is left to do. */
function simplify(ways: Set<string>[]): boolean {
  for (const [i, one] of ways.entries()) {
    for (const [j, other] of ways.entries()) {
      if (i === j) continue;
      const left = [...one].filter((term) => !other.has(term));
      if (left.length === 0) {
        // Where the other holds, this one does.
        ways.splice(j, 1);
        return true;
      }
      const opposite = left.length === 1 ? [...other].find((term) => areOpposite(term, left[0]!)) : undefined;
      if (opposite === undefined) continue;
      // "a or (not a, and b)" is "a or b".
      other.delete(opposite);
      return true;
    }
  }
  return false;
}

function areOpposite(a: string, b: string): boolean {
  return a === negate(b) || b === negate(a);
}

/** The opposite of a term, as #else has it. */
function negate(term: string): string {
  return /^\w+$|^defined\s*\(?\s*\w+\s*\)?$|^\(.*\)$/.test(term) ? `!${term}` : `!(${term})`;
}

/** Whether a condition demands a term and its opposite, so that it never holds. */
export function isContradiction(condition: string): boolean {
  if (!condition.includes("!")) return false;
  const terms = new Set(termsOf(condition));
  if (terms.size < 2) return false;
  for (const term of terms) if (terms.has(negate(term))) return true;
  return false;
}
