/** Findings as the protocol's diagnostics. */

import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import { rulePageUri } from "../host/rule-pages.ts";
import type { Program } from "../linkage/program.ts";
import type { RatedFinding } from "../rules/check.ts";
import type { CheckedFile } from "../session/session.ts";
import { toRange, uriOfPath } from "./convert.ts";

const severityOf = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** A finding as a diagnostic. Related places whose text is not known yet are left out; asking again brings them. */
export function toDiagnostic(checked: CheckedFile, finding: RatedFinding, program: Program, root: string): Diagnostic {
  const related = finding.related.flatMap((place) => {
    const source = place.path === checked.path ? checked.context.source : program.texts.source(place.path);
    if (source === undefined) return [];
    return [
      { location: { uri: uriOfPath(root, place.path), range: toRange(source, place.span) }, message: place.message },
    ];
  });
  const page = rulePageUri(finding.rule);
  return {
    range: toRange(checked.context.source, finding.span),
    severity: severityOf[finding.severity],
    code: finding.rule,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    source: "weakspot",
    message: finding.message,
    ...(finding.isUnnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  };
}
