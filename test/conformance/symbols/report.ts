/** Prints comparisons: shares, and differences by cause. It compares nothing. */

import type { Comparison, Difference, Tally } from "./compare.ts";

/** The shares of definitions that must agree both ways, differences with a named cause left out. */
const GOAL = 0.995;

/** Prints the comparison; false where a goal is missed. */
export function report(comparison: Comparison, show: number): boolean {
  const { definitions, bindings, weakDefinitions, weakReferences } = comparison;
  for (const tally of [definitions, bindings, weakDefinitions, weakReferences]) reportTally(tally, show);
  return (
    meets(definitions, GOAL) && meets(bindings, 1) && meets(weakDefinitions, 1) && count(weakReferences, "missed") === 0
  );
}

function meets(tally: Tally, goal: number): boolean {
  const unexplained = { ...tally, differences: tally.differences.filter(({ cause }) => cause === undefined) };
  const shares = sharesOf(unexplained);
  return shares.precision >= goal && shares.recall >= goal;
}

function count({ differences }: Tally, kind: Difference["kind"]): number {
  return differences.filter((difference) => difference.kind === kind).length;
}

/** Where there is nothing to find, all of it was found. */
function sharesOf(tally: Tally): { readonly precision: number; readonly recall: number } {
  const share = (others: number): number => (tally.both + others === 0 ? 1 : tally.both / (tally.both + others));
  return { precision: share(count(tally, "predicted only")), recall: share(count(tally, "missed")) };
}

function reportTally(tally: Tally, show: number): void {
  const { precision, recall } = sharesOf(tally);
  const percent = (share: number): string => `${Number((100 * share).toFixed(3))} %`;
  console.log(`\n${tally.title}: ${tally.both} agree; precision ${percent(precision)}, recall ${percent(recall)}`);
  const groups = new Map<string, Difference[]>();
  for (const difference of tally.differences) {
    const key = `${difference.kind}: ${difference.cause ?? "cause not known"}`;
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  for (const [key, differences] of [...groups].sort((a, b) => b[1].length - a[1].length)) {
    console.log(`  ${differences.length} ${key}`);
    for (const { object, name } of differences.slice(0, show)) console.log(`    ${object}: ${name}`);
    if (differences.length > show) console.log(`    … ${differences.length - show} more`);
  }
}
