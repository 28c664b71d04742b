/** Prints findings: for people, as JSON, as SARIF 2.1.0, or as annotations of GitHub's workflow commands. */

import { createHash } from "node:crypto";
import type { Log, Result } from "sarif";
import { linesOf } from "../linkage/facts/texts.ts";
import type { RatedFinding } from "../rules/check.ts";
import { rules } from "../rules/registry.ts";
import type { Fix } from "../rules/rule.ts";
import { lineColumnAt } from "../text/lines.ts";
import { jsonText, printable } from "../text/printable.ts";
import type { Source } from "../text/source.ts";
import { VERSION } from "../version.ts";
import { findingKey } from "./baseline.ts";
import { type TextOptions, toText } from "./text-report.ts";

export interface ReportedFinding {
  readonly path: string;
  readonly source: Source;
  readonly finding: RatedFinding;
  readonly fixes: readonly Fix[];
}

export type ReportFormat = "text" | "json" | "sarif" | "github";

/** The whole report, ready to print. Lines and columns count from 1, columns in UTF-16 units. */
export function reportAs(
  format: ReportFormat,
  all: readonly ReportedFinding[],
  root: string,
  options: TextOptions = {},
): string {
  if (format === "text") return toText(all, options);
  const findings = all.slice(0, options.most);
  if (format === "json") return `${jsonText({ findings: findings.map(toJson) }, 2)}\n`;
  if (format === "sarif") return `${jsonText(toSarif(findings, root), 2)}\n`;
  return findings.map(toWorkflowCommand).join("");
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

function placeOf({ source, finding }: ReportedFinding): Place {
  const start = lineColumnAt(linesOf(source), finding.span.start);
  const end = lineColumnAt(linesOf(source), finding.span.end);
  return { line: start.line + 1, column: start.column + 1, endLine: end.line + 1, endColumn: end.column + 1 };
}

function toJson(reported: ReportedFinding): object {
  const { path, finding, fixes } = reported;
  return {
    rule: finding.rule,
    severity: finding.severity,
    file: path,
    ...placeOf(reported),
    symbol: finding.symbol,
    message: finding.message,
    fixes: fixes
      .filter((fix) => fix.refusal === undefined)
      .map((fix) => ({ title: fix.title, preferred: fix.isPreferred })),
    refusals: fixes.flatMap((fix) => (fix.refusal === undefined ? [] : [{ title: fix.title, reason: fix.refusal }])),
  };
}

function toWorkflowCommand(reported: ReportedFinding): string {
  const { finding, path } = reported;
  const { line, column, endLine, endColumn } = placeOf(reported);
  const command = { error: "error", warning: "warning", information: "notice", hint: "notice" }[finding.severity];
  const escaped = (text: string) => printable(text).replace(/%/g, "%25");
  const property = (text: string) => escaped(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
  const place = `file=${property(path)},line=${line},col=${column},endLine=${endLine},endColumn=${endColumn}`;
  const refusal = refusalOf(reported);
  const message = refusal === undefined ? finding.message : `${finding.message}. No safe fix: ${refusal}`;
  return `::${command} ${place},title=${finding.rule}::${escaped(message)}\n`;
}

/** Why nothing can be done about the finding; undefined where something can, or nobody ever tries. */
function refusalOf({ fixes }: ReportedFinding): string | undefined {
  return fixes.every(({ refusal }) => refusal !== undefined) ? fixes[0]?.refusal : undefined;
}

const sarifLevel = { error: "error", warning: "warning", information: "note", hint: "note" } as const;

/** A path as a URI has it: `#` and `?` would begin something else. */
function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function messageWithRefusal(reported: ReportedFinding): string {
  const refusal = refusalOf(reported);
  return refusal === undefined ? reported.finding.message : `${reported.finding.message}. No safe fix: ${refusal}.`;
}

function toSarif(findings: readonly ReportedFinding[], root: string): Log {
  const results: Result[] = findings.map((reported) => {
    const { line, column, endLine, endColumn } = placeOf(reported);
    return {
      ruleId: reported.finding.rule,
      ruleIndex: rules.findIndex((rule) => rule.id === reported.finding.rule),
      level: sarifLevel[reported.finding.severity],
      message: { text: messageWithRefusal(reported) },
      partialFingerprints: { "weakspotFinding/v1": createHash("sha256").update(findingKey(reported)).digest("hex") },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodePath(reported.path), uriBaseId: "ROOT" },
            region: { startLine: line, startColumn: column, endLine, endColumn },
          },
        },
      ],
    };
  });
  return {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: {
          driver: {
            name: "weakspot",
            version: VERSION,
            rules: rules.map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.docs.summary },
              fullDescription: { text: rule.docs.why },
              help: {
                text: `${rule.docs.summary}\n\n${rule.docs.why}`,
                markdown: `${rule.docs.summary}\n\n${rule.docs.why}`,
              },
              defaultConfiguration: { level: rule.severity === "off" ? "none" : sarifLevel[rule.severity] },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { ROOT: { uri: `file://${encodePath(root)}/` } },
        results,
      },
    ],
  };
}
