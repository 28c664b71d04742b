/** Findings as the protocol's diagnostics. */

import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import type { InactiveCode } from "../features/inactive-code.ts";
import { rulePageUri } from "../host/rule-pages.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { RatedFinding } from "../rules/check.ts";
import type { CheckedFile } from "../session/session.ts";
import type { Source } from "../text/source.ts";
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

/**
 * Code that the configuration leaves out. Every editor fades what is unnecessary, and shows a hint nowhere else; a message of
 * our own could be understood by one client alone.
 */
export function toInactiveDiagnostic({ span, condition }: InactiveCode, source: Source): Diagnostic {
  return {
    range: toRange(source, span),
    severity: DiagnosticSeverity.Hint,
    code: "inactive-code",
    source: "weakspot",
    message: condition === "" ? "Left out" : `Left out by the configuration: ${condition}`,
    tags: [DiagnosticTag.Unnecessary],
  };
}
