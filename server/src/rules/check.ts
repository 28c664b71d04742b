/** Runs rules over one file. It reads nothing and knows no editor; what it needs is in the context. */

import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import { scriptOf, treeOf } from "../linkage/facts/parsed.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { Source } from "../text/source.ts";
import { rules } from "./registry.ts";
import type { Finding, Rule, RuleContext, Severity } from "./rule.ts";

/** A finding with the severity that the user's settings give its rule. */
export interface RatedFinding extends Finding {
  readonly severity: Exclude<Severity, "off">;
}

export interface CheckOptions {
  /** The severity of a rule, where it is not the rule's own. */
  severityOf?(rule: Rule): Severity | undefined;
  /** Told of an exception in a rule, which costs that rule's findings for that file and nothing else. */
  onFailure?(rule: Rule, path: string, error: unknown): void;
}

/** The file as the rules see it: of a narrowed program's configuration, what it leaves out is no fact. */
export function createContext(path: string, source: Source, program: Program): RuleContext {
  const language = languageOf(path, source);
  const tree = language === "c" ? treeOf(source) : undefined;
  const read = language === "ld" ? scriptOf(path, source) : undefined;
  // What a generator puts into its places, nobody knows before.
  const script = read?.template === undefined ? read : undefined;
  const all = readFacts(path, source, { includeLocal: true });
  const facts =
    program.narrowing === undefined
      ? all
      : { ...all, symbols: all.symbols.filter((fact) => program.isActive(path, fact)) };
  return { path, source, facts, tree, script, program };
}

/** All findings of a file, by place. */
export function checkFile(context: RuleContext, options: CheckOptions = {}): RatedFinding[] {
  const found: RatedFinding[] = [];
  for (const rule of rules) {
    const severity = options.severityOf?.(rule) ?? rule.severity;
    if (severity === "off") continue;
    try {
      const isChosen = severity !== rule.severity;
      for (const finding of rule.check(context)) {
        found.push({ ...finding, severity: finding.isMinor === true && !isChosen ? "hint" : severity });
      }
    } catch (error) {
      options.onFailure?.(rule, context.path, error);
    }
  }
  return found.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
