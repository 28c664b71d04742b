/**
 * Findings as a person reads them in a terminal or a log: each with the line it is about, what could be done or why nothing can, and a
 * summary. Paths and texts of the tree are printed with their control characters escaped, as a name must not steer a terminal.
 */

import { linesOf } from "../linkage/facts/texts.ts";
import { lineColumnAt } from "../text/lines.ts";
import { printable, printableLine } from "../text/printable.ts";
import type { ReportedFinding } from "./report.ts";
import { PLAIN, type Style } from "./style.ts";

/** The longest line that is shown whole, in UTF-16 units; of a longer one the part around the finding is. */
const WIDEST = 160;

export interface TextOptions {
  /** How many of the findings are written out; the summary is of all. Default: all. */
  readonly most?: number | undefined;
  /** How words are marked in a terminal. Default: not at all. */
  readonly style?: Style;
}

/** The report, sorted as it was given. */
export function toText(findings: readonly ReportedFinding[], { most, style = PLAIN }: TextOptions = {}): string {
  if (findings.length === 0) return "nothing found\n";
  const written = findings.slice(0, most).map((one) => describe(one, style));
  return `${written.join("")}${summarize(findings)}\n`;
}

function describe(reported: ReportedFinding, style: Style): string {
  const { finding, path, source } = reported;
  const { line, column } = lineColumnAt(linesOf(source), finding.span.start);
  // No escape of a style goes through what makes the tree's words harmless, and none of the tree's comes out of it.
  const place = style("place", printableLine(`${path}:${line + 1}:${column + 1}:`));
  const severity = style(finding.severity, `${finding.severity}:`);
  const head = `${place} ${severity} ${printable(finding.message)} ${style("aside", `[${finding.rule}]`)}`;
  return `${[head, ...excerpt(reported, style), ...remedies(reported, style)].join("\n")}\n`;
}

/** The line of the finding, with a caret below its first letter. */
function excerpt({ finding, source }: ReportedFinding, style: Style): readonly string[] {
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
  const caret = style(finding.severity, `^${"~".repeat(marked - 1)}`);
  return [`${style("aside", `${number} |`)} ${printable(text)}`, `${style("aside", "       |")} ${indent}${caret}`];
}

/** What can be done about it: its fixes, or the true reason why there is none. */
function remedies({ fixes }: ReportedFinding, style: Style): readonly string[] {
  const offered = fixes.filter(({ refusal }) => refusal === undefined);
  const line = (what: string, text: string) =>
    `       = ${style(what === "fix" ? "fix" : "aside", `${what}:`)} ${printable(text)}`;
  if (offered.length > 0) return offered.map(({ title, isPreferred }) => line(isPreferred ? "fix" : "by hand", title));
  const reasons = new Set(fixes.flatMap(({ refusal }) => refusal ?? []));
  return [...reasons].map((reason) => line("no safe fix", reason));
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
