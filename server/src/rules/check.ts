/** Runs rules over one file. It reads nothing and knows no editor; what it needs is in the context. */

import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import type { FileFacts, Language } from "../linkage/facts/facts.ts";
import { treeOf } from "../linkage/facts/parsed.ts";
import { linesOf } from "../linkage/facts/texts.ts";
import { scriptAsBuilt } from "../linkage/scripts/script-as-built.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { createAttached } from "../text/attached.ts";
import { lineColumnAt } from "../text/lines.ts";
import type { Source } from "../text/source.ts";
import { findIgnoreComments, type IgnoreComment, silences } from "./ignore-comments.ts";
import { rules } from "./registry.ts";
import type { Finding, Rule, RuleContext, Severity } from "./rule.ts";
import { describeUnused, unusedIgnore } from "./unused-ignore.ts";

/** A finding with the severity that the user's settings give its rule. */
export interface RatedFinding extends Finding {
  readonly severity: Exclude<Severity, "off">;
}

export interface CheckOptions {
  /** The severity of a rule, where it is not the rule's own. */
  severityOf?(rule: Rule, path: string): Severity | undefined;
  /** Told of an exception in a rule, which costs that rule's findings for that file and nothing else. */
  onFailure?(rule: Rule, path: string, error: unknown): void;
}

/** The file as the rules see it: of a narrowed program's configuration, what it leaves out is no fact. */
export function createContext(path: string, source: Source, program: Program): RuleContext {
  const { language, facts: all } = readOnce(path, source);
  const tree = language === "c" ? treeOf(source) : undefined;
  const read = language === "ld" ? scriptAsBuilt(path, source, program) : undefined;
  // What a generator puts into its places, nobody knows before.
  const script = read?.template === undefined ? read : undefined;
  const facts =
    program.narrowing === undefined
      ? all
      : { ...all, symbols: all.symbols.filter((fact) => program.isActive(path, fact)) };
  return { path, source, facts, tree, script, program };
}

interface Read {
  readonly path: string;
  readonly language: Language | undefined;
  readonly facts: FileFacts;
}

const readOfSource = createAttached<Source, Read>();

/** The file's facts, statics included, found once for each source: each finding's fixes ask for them. */
function readOnce(path: string, source: Source): Read {
  let read = readOfSource.get(source);
  if (read?.path !== path) {
    read = { path, language: languageOf(path, source), facts: readFacts(path, source, { includeLocal: true }) };
    readOfSource.set(source, read);
  }
  return read;
}

/** All findings of a file that no comment silences, by place. */
export function checkFile(context: RuleContext, options: CheckOptions = {}): RatedFinding[] {
  const found: RatedFinding[] = [];
  const ran = new Map<string, RatedFinding["severity"]>();
  for (const rule of rules) {
    const severity = options.severityOf?.(rule, context.path) ?? rule.severity;
    if (severity === "off") continue;
    try {
      const isChosen = severity !== rule.severity;
      for (const finding of rule.check(context)) {
        found.push({ ...finding, severity: finding.isMinor === true && !isChosen ? "hint" : severity });
      }
      ran.set(rule.id, severity);
    } catch (error) {
      options.onFailure?.(rule, context.path, error);
    }
  }
  const comments = findIgnoreComments(context.source);
  const shown = comments.length === 0 ? found : silence(found, comments, context, ran);
  return shown.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** Leaves out what comments silence, and adds a finding for each comment that silences nothing, where that is known. */
function silence(
  found: readonly RatedFinding[],
  comments: readonly IgnoreComment[],
  { source, program }: RuleContext,
  ran: ReadonlyMap<string, RatedFinding["severity"]>,
): RatedFinding[] {
  const lines = linesOf(source);
  const used = new Set<IgnoreComment>();
  const shown = found.filter(({ rule, span }) => {
    const { line } = lineColumnAt(lines, span.start);
    const silencing = comments.filter((comment) => silences(comment, rule, line));
    for (const comment of silencing) used.add(comment);
    return silencing.length === 0;
  });
  // While the tree is still being read, or where its rules do not run, a comment's finding may be yet to come.
  const severity = ran.get(unusedIgnore.id);
  if (!program.index.isComplete || severity === undefined) return shown;
  const asked = ({ rules: named }: IgnoreComment) =>
    named.length === 0 ? ran.size === rules.length : named.every((id) => ran.has(id));
  const unused = comments.filter((comment) => !used.has(comment) && asked(comment));
  return [...shown, ...unused.map((comment) => ({ ...describeUnused(comment), severity }))];
}
