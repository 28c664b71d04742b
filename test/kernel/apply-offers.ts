/**
 * Applies every fix that is offered for the files of one architecture, at once: one of each finding, preferred or not, each seeing what
 * the ones before it changed. What is left to people in part is left out.
 */

import { join } from "node:path";
import type { RatedFinding } from "../../server/src/rules/check.ts";
import { gatherChanges } from "../../server/src/session/pending-changes.ts";
import { openSession, type Session } from "../../server/src/session/session.ts";
import { replaceFile } from "../support/kernel-tree.ts";

export interface AppliedOffers {
  /** The titles of the fixes, with the files that they were offered in. */
  readonly titles: readonly string[];
  /** The symbols that were made strong, moved or no longer provided. */
  readonly symbols: readonly string[];
  /** The paths that were changed or created, relative to the root, sorted. */
  readonly changed: readonly string[];
}

const RULES = ["weak-reference", "weak-in-header", "foldable-weak-definition", "provide-symbol"];

/** Trees with builds of their own. */
const APART = ["tools/", "samples/", "Documentation/"];

/** Fixes a copied kernel tree for an architecture, as the directories of arch/ are named; of all rules about linkage, or of some. */
export async function applyOffers(
  tree: string,
  architecture: string,
  rules: readonly string[] = RULES,
): Promise<AppliedOffers> {
  const session = openSession(tree, { severityOf: (rule) => (rules.includes(rule.id) ? rule.severity : "off") });
  try {
    await session.workspace.current;
    const isOfArchitecture = (path: string) =>
      !APART.some((folder) => path.startsWith(folder)) &&
      (!path.startsWith("arch/") || path.startsWith(`arch/${architecture}/`));
    const changes = gatherChanges(session);
    const [titles, symbols]: [string[], Set<string>] = [[], new Set()];
    for (const { path, findings } of await session.checkAll(isOfArchitecture)) {
      for (const symbol of new Set(findings.map((finding) => finding.symbol))) {
        const fix = await offerFor(session, path, symbol);
        if (fix === undefined || !(await changes.add(fix))) continue;
        titles.push(`${path}: ${fix.title}`);
        symbols.add(symbol);
      }
    }
    const changed = changes.list();
    for (const { path, after } of changed) await replaceFile(join(tree, path), after);
    return { titles, symbols: [...symbols], changed: changed.map(({ path }) => path) };
  } finally {
    await session.dispose();
  }
}

/** What is offered for a symbol of the file as it stands by now. */
async function offerFor(session: Session, path: string, symbol: string) {
  const file = await session.check(path);
  const finding: RatedFinding | undefined = file?.findings.find((one) => one.symbol === symbol);
  if (file === undefined || finding === undefined) return undefined;
  const fixes = await session.fixes(file, finding);
  return fixes.find(({ refusal, toDo }) => refusal === undefined && toDo === undefined);
}
