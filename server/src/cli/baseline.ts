/**
 * A baseline: the findings that a tree has already, so that CI speaks of new ones alone. A finding is known again by its rule, file and
 * symbol and by the text of its line, so that it may move; as many of a kind are left out as the baseline counts.
 */

import { linesOf } from "../linkage/facts/texts.ts";
import { lineColumnAt } from "../text/lines.ts";
import type { ReportedFinding } from "./report.ts";

/** What a baseline file holds: how often each finding was there, by its key. */
export interface Baseline {
  readonly version: 1;
  readonly findings: Readonly<Record<string, number>>;
}

/** What tells a finding from others whatever line it stands on: `rule|file|symbol|text of the line`. */
export function findingKey({ path, source, finding }: ReportedFinding): string {
  const lines = linesOf(source);
  const { line } = lineColumnAt(lines, finding.span.start);
  const text = source.slice(lines.starts[line]!, lines.starts[line + 1] ?? source.length).trim();
  return [finding.rule, path, finding.symbol, text.replace(/\s+/g, " ")].join("|");
}

/** The baseline of these findings, with its keys sorted: it is kept in version control. */
export function makeBaseline(findings: readonly ReportedFinding[]): Baseline {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(findingKey(finding), (counts.get(findingKey(finding)) ?? 0) + 1);
  return { version: 1, findings: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Reads a baseline's text. Throws, with a message for people, where it is none. */
export function readBaseline(text: string, name: string): Baseline {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    read = undefined;
  }
  const { version, findings } = (read ?? {}) as Partial<Baseline>;
  const isWhole = version === 1 && typeof findings === "object" && findings !== null;
  if (!isWhole || Object.values(findings).some((count) => !Number.isInteger(count))) {
    throw new Error(`${name} is no baseline; check --write-baseline ${name} makes one`);
  }
  return { version, findings };
}

/** The findings that the baseline does not count. */
export function withoutKnown(findings: readonly ReportedFinding[], { findings: known }: Baseline): ReportedFinding[] {
  const left = new Map(Object.entries(known));
  return findings.filter((finding) => {
    const count = left.get(findingKey(finding)) ?? 0;
    if (count === 0) return true;
    left.set(findingKey(finding), count - 1);
    return false;
  });
}
