/** `weakspot check`: findings of a tree or of some of its files, and their fixes as a diff or applied. */

import { existsSync, realpathSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { createTwoFilesPatch } from "diff";
import { findRoot, folderInRepository } from "../host/find-root.ts";
import { readRegular } from "../host/open-regular.ts";
import { MAX_FILE_SIZE } from "../host/read-file.ts";
import { type FileChange, writeChanges } from "../host/write-changes.ts";
import { languageOf } from "../linkage/facts/extract.ts";
import { isBuildFile } from "../linkage/facts/file-kinds.ts";
import { linesOf } from "../linkage/facts/texts.ts";
import type { RatedFinding } from "../rules/check.ts";
import { type ChangedFile, gatherChanges } from "../session/pending-changes.ts";
import { type CheckedFile, type OfferedFix, openSession, type Session } from "../session/session.ts";
import { encodeText, encodingOf, type TextEncoding } from "../text/encoding.ts";
import { lineColumnAt } from "../text/lines.ts";
import { leadsOutside } from "../text/path.ts";
import { makeBaseline, readBaseline, withoutKnown } from "./baseline.ts";
import { cacheOf } from "./cache-option.ts";
import { type ChangedLines, placeChanges, readChangedLines } from "./changed-lines.ts";
import type { ExitCode } from "./exit-code.ts";
import { tellModelProblems } from "./model-problems.ts";
import { mustExist } from "./must-exist.ts";
import { assertArchitecture, type NarrowingArguments, narrowingOptions } from "./narrowing-options.ts";
import { outputStyle, printReady, tell } from "./output.ts";
import { showProgress } from "./progress.ts";
import { tellProjectProblems } from "./project-problems.ts";
import { type ReportedFinding, reportAs } from "./report.ts";

export interface CheckArguments extends NarrowingArguments {
  readonly paths: readonly string[];
  readonly format: "text" | "json" | "sarif" | "github";
  readonly rule: readonly string[];
  readonly fix?: boolean;
  readonly diff?: boolean;
  readonly fallback?: "c" | "asm";
  readonly root?: string;
  readonly exclude: readonly string[];
  /** Findings below this severity are left out. */
  readonly minSeverity: RatedFinding["severity"];
  /** At most so many findings are printed; undefined for all. */
  readonly maxFindings?: number;
  /** A file of findings that are known already and left out. */
  readonly baseline?: string;
  /** Writes the findings to this baseline and prints none. */
  readonly writeBaseline?: string;
  /** A unified diff, "-" for standard input: only lines that it adds or changes count. */
  readonly changed?: string;
  /** Whether the index may be read from the cache and saved there. */
  readonly cache: boolean;
}

/** Runs the check. Throws, with a message for people, when a path is not there. */
export async function runCheck(options: CheckArguments): Promise<ExitCode> {
  if (options.diff && (options.format === "json" || options.format === "sarif")) {
    throw new Error(`--format ${options.format} has no place for a diff; run check --diff without it`);
  }
  if (options.root !== undefined) mustExist(options.root, "directory", "--root");
  if (options.build !== undefined) mustExist(options.build, "directory", "--build");
  const root = realpathSync(options.root ?? findRoot(options.paths[0] ?? ".", "."));
  const wanted = options.paths.map((path) => {
    const inTree = relative(root, realpathSync(resolve(path)));
    if (leadsOutside(inTree)) throw new Error(`${path} is not below the root ${root}`);
    return inTree;
  });
  const least = SEVERITIES.indexOf(options.minSeverity);
  const isCounted = ({ severity }: RatedFinding) => SEVERITIES.indexOf(severity) <= least;
  const baseline =
    options.baseline === undefined
      ? undefined
      : readBaseline(await readFile(options.baseline, "utf8"), options.baseline);
  const changed = options.changed === undefined ? undefined : await changesBelow(root, options.changed);
  const isOfChange = ({ path, source, finding }: ReportedFinding) =>
    changed === undefined ||
    changed.get(path)?.has(lineColumnAt(linesOf(source), finding.span.start).line + 1) === true;
  const progress = showProgress("indexing");
  /** Paths that were asked for and can't be read: then nothing can be said of them. */
  let isUnread = false;
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
    onProblem: ({ path, reason }) => {
      if (path === "" || wanted.includes(path)) isUnread = true;
      tell(`${path === "" ? root : path}: ${reason}`);
    },
    onFailure: (rule, path, error) => {
      tell(`the rule ${rule.id} failed on ${path}: ${String(error)}`);
    },
  });
  try {
    tellProjectProblems(session.project);
    await session.workspace.current;
    await session.workspace.save();
    progress.end();
    await assertArchitecture(session, options.arch);
    await tellModelProblems(session);
    const isWanted = (path: string) =>
      wanted.length === 0 || wanted.some((folder) => folder === "" || path === folder || path.startsWith(`${folder}/`));
    for (const path of await findRefused(session, root, wanted)) {
      isUnread = true;
      tell(`${path}: not checked: no C, assembly or linker script, by its name and its text`);
    }
    const checking = showProgress("checking");
    const checked = await session.checkAll(isWanted, undefined, checking.update);
    checking.end();
    const wantedFindings = checked.map((file) => ({ ...file, findings: file.findings.filter(isCounted) }));
    const all = await describeAll(session, wantedFindings);
    if (options.writeBaseline !== undefined) {
      await writeFile(options.writeBaseline, `${JSON.stringify(makeBaseline(all), null, 2)}\n`);
      tell(`${all.length} findings are in ${options.writeBaseline} now`);
      return isUnread ? 2 : 0;
    }
    const findings = all.filter(isOfChange);
    const news = baseline === undefined ? findings : withoutKnown(findings, baseline);
    printReady(reportAs(options.format, news, root, { most: options.maxFindings, style: outputStyle() }));
    const unprinted = Math.max(0, news.length - (options.maxFindings ?? news.length));
    if (unprinted > 0)
      tell(`${unprinted} more ${unprinted === 1 ? "finding is" : "findings are"} not printed (--max-findings)`);
    if (options.fix || options.diff) {
      const changes = await gatherFixes(session, checked);
      for (const line of await describeLeft(session, checked)) tell(`${line}`);
      if (options.diff) for (const change of changes) printReady(await diffOf(root, change));
      if (options.fix) {
        await writeAll(root, changes);
        tell(`${changes.length} ${changes.length === 1 ? "file" : "files"} changed`);
      }
    }
    // What a wrong setting would have changed is not known.
    if (isUnread || session.project.problems.length > 0) return 2;
    // A hint is advice: it fails no build.
    return news.some(({ finding }) => finding.severity !== "hint") ? 1 : 0;
  } finally {
    progress.end();
    await session.dispose();
  }
}

/** Files that were named, and that are in no language of ours or that the settings leave out. */
async function findRefused(session: Session, root: string, wanted: readonly string[]): Promise<string[]> {
  const files = wanted.filter((path) => path !== "" && statSync(join(root, path)).isFile());
  const refused = await session.ask((program) =>
    files.filter((path) => {
      if (!program.index.hasFile(path)) return true;
      const source = program.texts.source(path);
      return source !== undefined && languageOf(path, source) === undefined;
    }),
  );
  return refused.filter((path) => !isBuildFile(path));
}

const SEVERITIES: readonly RatedFinding["severity"][] = ["error", "warning", "information", "hint"];

/** The lines that a diff changes below the root; where it changes files and all lie elsewhere, that is told. */
async function changesBelow(root: string, file: string): Promise<ChangedLines> {
  const changed = readChangedLines(await readDiff(file));
  const placed = placeChanges(changed, folderInRepository(root), (path) => existsSync(join(root, path)));
  if (changed.size > 0 && placed.size === 0) tell(`--changed: no file of the diff is in ${root}`);
  return placed;
}

/** The diff in a file, or on standard input. */
async function readDiff(file: string): Promise<string> {
  if (file !== "-") {
    if (!existsSync(file))
      throw new Error(`--changed ${file}: there is no such file; git diff -U0 ${file} | weakspot check --changed -`);
    return readFile(file, "utf8");
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function describeAll(session: Session, checked: readonly CheckedFile[]): Promise<ReportedFinding[]> {
  const reported: ReportedFinding[] = [];
  for (const file of checked) {
    for (const finding of file.findings) {
      const fixes = await session.fixes(file, finding);
      reported.push({ path: file.path, source: file.context.source, finding, fixes });
    }
  }
  return reported;
}

/** What can be fixed, but not without people: a line for each. It goes by the files as the other fixes leave them. */
async function describeLeft(session: Session, checked: readonly CheckedFile[]): Promise<readonly string[]> {
  const lines = new Set<string>();
  for (const { path } of checked) {
    const file = await session.check(path);
    for (const finding of file?.findings ?? []) {
      const fix = (await session.fixes(file!, finding)).find(({ toDo }) => toDo !== undefined);
      if (fix === undefined) continue;
      lines.add(`${path}: ${finding.symbol} is left to you: ${fix.toDo}`);
    }
  }
  return [...lines];
}

/** The preferred fixes of all findings, one file after the other, each seeing what the ones before it changed. */
async function gatherFixes(session: Session, checked: readonly CheckedFile[]): Promise<readonly ChangedFile[]> {
  const changes = gatherChanges(session);
  for (const { path } of checked) {
    let file = await session.check(path);
    if (file === undefined) continue;
    for (const fix of await session.fixAll(file, file.findings)) await changes.add(fix);
    file = await session.check(path);
    for (const finding of file?.findings ?? []) {
      const preferred = await preferredFix(session, path, finding);
      if (preferred !== undefined) await changes.add(preferred);
    }
  }
  return changes.list();
}

/** The fix of the finding as the file stands by now; it may be gone with another fix. */
async function preferredFix(session: Session, path: string, finding: RatedFinding): Promise<OfferedFix | undefined> {
  const file = await session.check(path);
  const same = file?.findings.find((other) => other.rule === finding.rule && other.symbol === finding.symbol);
  if (file === undefined || same === undefined) return undefined;
  return (await session.fixes(file, same)).find((fix) => fix.isPreferred && fix.refusal === undefined);
}

/** Writes the files in the encodings that they have; none where one of them can't be written so. */
async function writeAll(root: string, changes: readonly ChangedFile[]): Promise<void> {
  const encoded: FileChange[] = [];
  for (const change of changes) {
    const { path, before, after } = change;
    const encoding = encodingOfChange(root, change);
    // Bytes that are not those of the text that was edited are another text's, and stay.
    const expected = before === undefined ? undefined : (encodeText(before, encoding) ?? new Uint8Array());
    encoded.push({ path, before: expected, after: encode(path, after, encoding) });
  }
  await writeChanges(root, encoded);
}

function encodingOfChange(root: string, { path, before }: ChangedFile): TextEncoding {
  return before === undefined
    ? "utf-8"
    : encodingOf(readRegular(join(root, path), { most: MAX_FILE_SIZE, below: [root] }));
}

function encode(path: string, text: string, encoding: TextEncoding): Uint8Array {
  const bytes = encodeText(text, encoding);
  if (bytes === undefined) throw new Error(`${path} is Latin-1, and a fix would write letters that Latin-1 has not`);
  return bytes;
}

/** The change as a diff in the file's own encoding, so that it can be applied. */
async function diffOf(root: string, change: ChangedFile): Promise<Uint8Array> {
  const { path, before, after } = change;
  const encoding = encodingOfChange(root, change);
  const from = before === undefined ? "/dev/null" : quoted(`a/${path}`);
  const mark = encoding === "utf-8 with mark" ? "\uFEFF" : "";
  const text = createTwoFilesPatch(
    from,
    quoted(`b/${path}`),
    mark + (before ?? ""),
    mark + after,
    undefined,
    undefined,
    {
      context: 3,
    },
  );
  return encode(path, text.replace(/^=+\n/, ""), encoding === "latin-1" ? encoding : "utf-8");
}

/** A name as git has it in a diff: in quotes where it holds what would end its line, or a quote (git diff-tree, core.quotePath). */
function quoted(name: string): string {
  if (!/[\x00-\x1f\x7f"\\]/.test(name)) return name;
  const octal = (sign: string) => `\\${sign.charCodeAt(0).toString(8).padStart(3, "0")}`;
  return `"${name.replace(/["\\]/g, "\\$&").replace(/[\x00-\x1f\x7f]/g, octal)}"`;
}
