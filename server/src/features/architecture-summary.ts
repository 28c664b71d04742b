/** One sentence on what vmlinux makes of a symbol where architectures differ. It decides nothing. */

import { architectureOf } from "../linkage/facts/architecture.ts";
import type { LinkOutcome, UnitOutcome } from "../linkage/symbols/link-outcomes.ts";
import type { Program } from "../linkage/symbols/program.ts";

/** How many architectures are named before "N architectures". */
const NAMED = 24;

/** More architectures than this that agree are "elsewhere". */
const FEW = 3;

/** What the rest is called, for short. */
const ELSEWHERE = "elsewhere";

/**
 * "overridden on arm64, x86; weak definition in kernel/x.c elsewhere". undefined where all architectures agree.
 * @param outcomes those of vmlinux
 */
export function summarizeArchitectures(outcomes: readonly UnitOutcome[], program: Program): string | undefined {
  if (outcomes.length < 2) return undefined;
  const clauses = new Map<string, string[]>();
  for (const one of outcomes) {
    const words = wordsOf(
      one,
      one.definitions.some(({ fact }) => program.isWeak(fact)),
    );
    clauses.set(words, [...(clauses.get(words) ?? []), ...one.architectures]);
  }
  const [only, ...others] = clauses.keys();
  if (only !== undefined && others.length === 0)
    return only === OVERRIDDEN
      ? "overridden on every architecture, by a definition of its own"
      : `${only}, a different one on each architecture`;
  const rest = [...clauses].sort((a, b) => rank(a) - rank(b) || b[1].length - a[1].length);
  const last = rest.findIndex(([, architectures]) => architectures.length > FEW);
  // An override is what is asked for, so its architectures are named, however many there are.
  const elsewhere = last >= 0 ? rest.splice(last, 1)[0] : undefined;
  const parts = rest.reverse().map(([words, architectures]) => `${words} on ${listArchitectures(architectures)}`);
  if (elsewhere !== undefined) parts.push(`${elsewhere[0]} ${ELSEWHERE}`);
  return parts.join("; ");
}

function rank([words]: readonly [string, readonly string[]]): number {
  return words === OVERRIDDEN ? 1 : 0;
}

const OVERRIDDEN = "overridden";

/** The group that is named "elsewhere": the largest, where it is no handful. */
export function restOf(outcomes: readonly UnitOutcome[]): UnitOutcome | undefined {
  const [largest] = [...outcomes].sort((a, b) => b.architectures.length - a.architectures.length);
  return largest !== undefined && largest.architectures.length > FEW ? largest : undefined;
}

export function listArchitectures(names: readonly string[]): string {
  const sorted = [...names].sort();
  return sorted.length > NAMED ? `${sorted.length} architectures` : sorted.join(", ");
}

function wordsOf({ outcome, winner, definitions }: UnitOutcome, hasWeak: boolean): string {
  const path = winner?.path ?? definitions[0]?.path;
  if (hasWeak && (outcome === "strong" || outcome === "several")) return OVERRIDDEN;
  const isCommon = path !== undefined && architectureOf(path) === undefined && outcome !== "several";
  return isCommon ? `${phrases[outcome]} in ${path}` : phrases[outcome];
}

const phrases: Record<LinkOutcome, string> = {
  strong: "strong definition",
  several: "several strong definitions",
  weak: "weak definition",
  provided: "PROVIDE",
  null: "NULL",
  missing: "no definition",
  depends: "definition that depends on what is linked",
};
