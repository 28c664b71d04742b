/** One condition out of several of which one must hold, as short as its ways allow. */

import { ALWAYS, anyOf, type Condition, isCutOff, joinAll, not, termsOf } from "./condition.ts";
import { covers, isAlways } from "./relations.ts";

/** The terms of one way, by their texts. */
type Way = Map<string, Condition>;

/** More ways than these are left as they are. */
const MOST_WAYS = 32;

/** The condition under which one of several holds. What #if and its #elif and #else say together is nothing. */
export function eitherOf(conditions: readonly Condition[]): Condition {
  const different = [...new Map(conditions.map((condition) => [condition.text, condition])).values()];
  if (different.length < 2) return different[0] ?? anyOf([]);
  if (different.length > MOST_WAYS) return anyOf(different);
  if (isAlways(anyOf(different))) return ALWAYS;
  const ways = different.map((condition): Way => new Map(termsOf(condition).map((term) => [term.text, term])));
  while (simplify(ways));
  const [first, ...others] = ways;
  if (first === undefined || first.size === 0) return ALWAYS;
  const shared = [...first.values()].filter(({ text }) => others.every((way) => way.has(text)));
  const left = ways.map((way) => joinAll([...way.values()].filter((term) => !shared.includes(term))));
  return joinAll([...shared, anyOf(left)]);
}

/** Makes one way out of two, or a shorter one out of one; false where nothing is left to do. */
function simplify(ways: Way[]): boolean {
  for (const [i, one] of ways.entries()) {
    for (const [j, other] of ways.entries()) {
      if (i === j) continue;
      if (covers(joinAll([...one.values()]), joinAll([...other.values()]))) {
        ways.splice(j, 1);
        return true;
      }
      const left = [...one.values()].filter((term) => !other.has(term.text));
      const opposite = left.length === 1 && !isCutOff(left[0]!) ? not(left[0]!).text : undefined;
      // "a or (not a, and b)" is "a or b".
      if (opposite !== undefined && other.delete(opposite)) return true;
    }
  }
  return false;
}
