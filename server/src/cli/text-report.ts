/**
 * Findings as a person reads them in a terminal or a log: each with the line it is about, what could be done or why nothing can, and a
 * summary. Paths and texts of the tree are printed with their control characters escaped, as a name must not steer a terminal.
 */

import { linesOf } from "../linkage/facts/texts.ts";
import { lineColumnAt } from "../text/lines.ts";
import { printable, printableLine } from "../text/printable.ts";
import type { ReportedFinding } from "./report.ts";

/** The longest line that is shown whole, in UTF-16 units; of a longer one the part around the finding is. */
const WIDEST = 160;

/** The report, sorted as it was given. */
export function toText(findings: readonly ReportedFinding[]): string {
  if (findings.length === 0) return "nothing found\n";
  return `${findings.map(describe).join("")}${summarize(findings)}\n`;
}

function describe(reported: ReportedFinding): string {
  const { finding, path, source } = reported;
  const { line, column } = lineColumnAt(linesOf(source), finding.span.start);
  const head = printableLine(
    `${path}:${line + 1}:${column + 1}: ${finding.severity}: ${finding.message} [${finding.rule}]`,
  );
  return `${[head, ...excerpt(reported), ...remedies(reported)].join("\n")}\n`;
}

/** The line of the finding, with a caret below its first letter. */
function excerpt({ finding, source }: ReportedFinding): readonly string[] {
  const lines = linesOf(source);
  const { line, column } = lineColumnAt(lines, finding.span.start);
  const start = finding.span.start - column;
  const end = (lines.starts[line + 1] ?? source.length + 1) - 1;
  const from = Math.max(start, Math.min(finding.span.start - WIDEST / 2, end - WIDEST));
  const to = Math.min(end, from + WIDEST);
  const text = source.slice(from, to).replace(/\r$/, "");
  const before = source.slice(from, finding.span.start);
  const marked = Math.max(1, Math.min(finding.span.end, from + text.length) - finding.span.start);
  // A tab below a tab: the caret stands below its letter whatever tabs are worth.
  const indent = before.replace(/[^\t]/g, " ");
  const number = String(line + 1).padStart(6);
  return [`${number} | ${printable(text)}`, `       | ${indent}^${"~".repeat(marked - 1)}`];
}

/** What can be done about it: its fixes, or the true reason why there is none. */
function remedies({ fixes }: ReportedFinding): readonly string[] {
  const offered = fixes.filter(({ refusal }) => refusal === undefined);
  if (offered.length > 0)
    return offered.map(({ title, isPreferred }) => `       = ${isPreferred ? "fix" : "by hand"}: ${printable(title)}`);
  const reasons = new Set(fixes.flatMap(({ refusal }) => refusal ?? []));
  return [...reasons].map((reason) => `       = no safe fix: ${printable(reason)}`);
}

/** "4 findings in 3 files: 3 weak-reference, 1 provide-symbol; 2 can be fixed with --fix". */
function summarize(findings: readonly ReportedFinding[]): string {
  const files = new Set(findings.map(({ path }) => path)).size;
  const byRule = new Map<string, number>();
  for (const { finding } of findings) byRule.set(finding.rule, (byRule.get(finding.rule) ?? 0) + 1);
  const rules = [...byRule]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([rule, count]) => `${count} ${rule}`);
  const fixable = findings.filter(({ fixes }) =>
    fixes.some((fix) => fix.isPreferred && fix.refusal === undefined),
  ).length;
  const told = fixable === 0 ? "" : `; --fix mends ${fixable}`;
  return `${count(findings.length, "finding")} in ${count(files, "file")}: ${rules.join(", ")}${told}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
