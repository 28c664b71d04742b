/** `weakspot check`: findings of a tree or of some of its files, and their fixes as a diff or applied. */

import { realpathSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { createTwoFilesPatch } from "diff";
import { findRoot } from "../host/find-root.ts";
import { writeFileWhole } from "../host/write-file.ts";
import type { RatedFinding } from "../rules/check.ts";
import type { Fix } from "../rules/rule.ts";
import { type ChangedFile, gatherChanges } from "../session/pending-changes.ts";
import { type CheckedFile, openSession, type Session } from "../session/session.ts";
import { cacheOf } from "./cache-option.ts";
import type { ExitCode } from "./command-line.ts";
import { assertArchitecture, type NarrowingArguments, narrowingOptions } from "./narrowing-options.ts";
import { showProgress } from "./progress.ts";
import { type ReportedFinding, reportAs } from "./report.ts";

export interface CheckArguments extends NarrowingArguments {
  readonly paths: readonly string[];
  readonly format: "text" | "json" | "sarif" | "github";
  readonly rule: readonly string[];
  readonly fix?: boolean;
  readonly diff?: boolean;
  readonly fallback: "c" | "asm";
  readonly root?: string;
  readonly exclude: readonly string[];
  /** Whether the index may be read from the cache and saved there. */
  readonly cache: boolean;
}

/** Runs the check. Throws, with a message for people, when a path is not there. */
export async function runCheck(options: CheckArguments): Promise<ExitCode> {
  const root = realpathSync(options.root ?? findRoot(options.paths[0] ?? ".", "."));
  const wanted = options.paths.map((path) => {
    const inTree = relative(root, realpathSync(resolve(path)));
    if (inTree.startsWith("..")) throw new Error(`${path} is not below the root ${root}`);
    return inTree;
  });
  const progress = showProgress("indexing");
  const session = openSession(root, {
    exclude: options.exclude,
    ...cacheOf(options),
    fallbackForm: () => options.fallback,
    ...narrowingOptions(options),
    first: wanted,
    ...(options.rule.length === 0
      ? {}
      : { severityOf: (rule) => (options.rule.includes(rule.id) ? rule.severity : "off") }),
    onProgress: ({ done, total }) => progress.update(done, total),
    onProblem: ({ path, reason }) => process.stderr.write(`weakspot: ${path}: ${reason}\n`),
    onFailure: (rule, path, error) => {
      process.stderr.write(`weakspot: the rule ${rule.id} failed on ${path}: ${String(error)}\n`);
    },
  });
  try {
    await session.workspace.current;
    await session.workspace.save();
    progress.end();
    await assertArchitecture(session, options.arch);
    const isWanted = (path: string) =>
      wanted.length === 0 || wanted.some((folder) => folder === "" || path === folder || path.startsWith(`${folder}/`));
    const checking = showProgress("checking");
    const checked = await session.checkAll(isWanted, undefined, checking.update);
    checking.end();
    const findings = await describeAll(session, checked, options.format !== "text" && options.format !== "github");
    process.stdout.write(reportAs(options.format, findings, root));
    if (options.fix || options.diff) {
      const changes = await gatherFixes(session, checked);
      if (options.diff) process.stdout.write(changes.map(printDiff).join(""));
      if (options.fix) for (const change of changes) await writeFileWhole(join(root, change.path), change.after);
      if (options.fix)
        process.stderr.write(`weakspot: ${changes.length} ${changes.length === 1 ? "file" : "files"} changed\n`);
    }
    return findings.length === 0 ? 0 : 1;
  } finally {
    progress.end();
    await session.dispose();
  }
}

async function describeAll(
  session: Session,
  checked: readonly CheckedFile[],
  withFixes: boolean,
): Promise<ReportedFinding[]> {
  const reported: ReportedFinding[] = [];
  for (const file of checked) {
    for (const finding of file.findings) {
      const fixes = withFixes ? await session.fixes(file, finding) : [];
      reported.push({ path: file.path, source: file.context.source, finding, fixes });
    }
  }
  return reported;
}

/** The preferred fixes of all findings, one file after the other, each seeing what the ones before it changed. */
async function gatherFixes(session: Session, checked: readonly CheckedFile[]): Promise<readonly ChangedFile[]> {
  const changes = gatherChanges(session);
  for (const { path } of checked) {
    let file = await session.check(path);
    if (file === undefined) continue;
    for (const fix of await session.fixAll(file, file.findings)) await changes.add(fix.edits);
    file = await session.check(path);
    for (const finding of file?.findings ?? []) {
      const preferred = await preferredFix(session, path, finding);
      if (preferred !== undefined) await changes.add(preferred.edits);
    }
  }
  return changes.list();
}

/** The fix of the finding as the file stands by now; it may be gone with another fix. */
async function preferredFix(session: Session, path: string, finding: RatedFinding): Promise<Fix | undefined> {
  const file = await session.check(path);
  const same = file?.findings.find((other) => other.rule === finding.rule && other.symbol === finding.symbol);
  if (file === undefined || same === undefined) return undefined;
  return (await session.fixes(file, same)).find((fix) => fix.isPreferred && fix.refusal === undefined);
}

function printDiff({ path, before, after }: ChangedFile): string {
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  return createTwoFilesPatch(from, `b/${path}`, before ?? "", after, undefined, undefined, { context: 3 }).replace(
    /^=+\n/,
    "",
  );
}
