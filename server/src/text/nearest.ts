/** Finds the word that somebody meant who mistyped one. It knows no language. */

/** The candidate that differs least from the word, by at most a third of its letters; undefined where none does, or two do equally. */
export function findNearest(word: string, candidates: Iterable<string>): string | undefined {
  const most = Math.min(3, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of new Set(candidates)) {
    if (candidate === word) continue;
    const distance = distanceOf(word, candidate, least);
    if (distance > least || distance > most) continue;
    best = distance < least ? candidate : undefined;
    least = distance;
  }
  return best;
}

/** The shortest word that is taken for a misspelling of another one without anybody being asked. */
const SHORTEST = 6;

/** True where one word is the other with one letter mistyped: left out, put in, replaced or swapped. Names that count differ by a digit. */
export function isMistyped(word: string, meant: string): boolean {
  if (Math.min(word.length, meant.length) < SHORTEST || word.replace(/\d/g, "") === meant.replace(/\d/g, ""))
    return false;
  return distanceOf(word, meant, 1) === 1;
}

/**
 * How many letters must be left out, put in, replaced or swapped with their neighbour to make one word of the other (optimal string
 * alignment), case counting for a quarter; more than `limit` where it is more than that.
 */
function distanceOf(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const cost = costOf(one[i - 1]!, other[j - 1]!);
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + cost);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    if (Math.min(...row) > limit) return limit + 1;
    before = above;
    above = row;
  }
  return above[other.length]!;
}

function costOf(one: string, other: string): number {
  if (one === other) return 0;
  return one.toLowerCase() === other.toLowerCase() ? 0.25 : 1;
}
