/**
 * Random edits of a tree, open in an editor and on disk, and what the edited session says of it beside one that is opened fresh. A seed
 * gives the same edits in every run.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { wordsAt, writePlain } from "../../server/src/features/hover.ts";
import { findDefinitions } from "../../server/src/features/navigation.ts";
import { linesOf } from "../../server/src/linkage/facts/texts.ts";
import type { Program } from "../../server/src/linkage/symbols/program.ts";
import { type OpenDocument, openDocuments } from "../../server/src/protocol/open-document.ts";
import { openSession, type Session } from "../../server/src/session/session.ts";
import { lineColumnAt } from "../../server/src/text/lines.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { createRandom } from "../support/random.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { files, names, pieces } from "./tree.ts";

export interface ChaosResult {
  readonly edits: number;
  readonly diskChanges: number;
  readonly comparisons: number;
}

/** A difference between the edited session and a fresh one. */
export class ChaosError extends Error {}

/** The state of a run: what is on disk and what is open. */
interface Run {
  readonly root: string;
  readonly session: Session;
  readonly random: (below: number) => number;
  readonly write: (path: string, text: string) => void;
  readonly disk: Map<string, string>;
  readonly open: Map<string, OpenDocument>;
  readonly log: string[];
}

/** Edits a tree `count` times and compares after every `every`th edit. Throws a {@link ChaosError} with the last edits. */
export async function runChaos(seed: number, count: number, every: number): Promise<ChaosResult> {
  using folder = createTemporaryFolder(files);
  const session = openSession(folder.path, { threads: 1, onFailure: failRule });
  const run: Run = {
    root: folder.path,
    session,
    random: createRandom(seed),
    write: (path, text) => folder.write({ [path]: text }),
    disk: new Map(Object.entries(files)),
    open: new Map(),
    log: [],
  };
  let diskChanges = 0;
  let comparisons = 0;
  try {
    await session.workspace.current;
    for (let edit = 1; edit <= count; edit++) {
      if (await editOnce(run)) diskChanges++;
      if (edit % every !== 0 && edit !== count) continue;
      await compare(run, seed, edit);
      comparisons++;
    }
  } finally {
    await session.dispose();
  }
  return { edits: count, diskChanges, comparisons };
}

function failRule(rule: { readonly id: string }, path: string, error: unknown): never {
  throw new ChaosError(
    `the rule ${rule.id} failed on ${path}: ${error instanceof Error ? error.stack : String(error)}`,
  );
}

/** @returns whether the disk changed */
async function editOnce(run: Run): Promise<boolean> {
  const { random, disk, open } = run;
  const kind = random(20);
  const path = [...disk.keys()][random(disk.size)]!;
  if (kind < 12) {
    const opened = [...open.keys()][random(open.size + 1)];
    type(run, opened ?? path);
    return false;
  }
  if (kind < 14 && open.size > 0) {
    const [closed] = [...open.keys()].slice(random(open.size));
    open.delete(closed!);
    run.log.push(`close ${closed}`);
    run.session.setOverlay(closed!, undefined);
    return false;
  }
  const changed = changeDisk(run, kind, path);
  run.session.forget(changed);
  await run.session.workspace.refresh(changed.map((one) => join(run.root, one)));
  await run.session.reconfigure();
  return true;
}

/** Types into a document as an editor does: a change of a range. */
function type(run: Run, path: string): void {
  const before = run.open.get(path) ?? openDocuments.create(`file://${path}`, "c", 1, run.disk.get(path) ?? "");
  const { source } = before;
  const start = run.random(source.length + 1);
  const end = run.random(3) === 0 ? Math.min(source.length, start + run.random(30)) : start;
  const text = run.random(5) === 0 ? "" : pieces[run.random(pieces.length)]!;
  const lines = linesOf(source);
  const at = (offset: number) => {
    const { line, column } = lineColumnAt(lines, offset);
    return { line, character: column };
  };
  const change = { range: { start: at(start), end: at(end) }, text };
  const document = openDocuments.update(before, [change], before.version + 1);
  run.open.set(path, document);
  run.log.push(`type ${path} ${start}-${end} ${JSON.stringify(text)}`);
  run.session.setOverlay(path, document.source);
}

/** Writes, removes, renames or restores files; gives the paths that changed. */
function changeDisk(run: Run, kind: number, path: string): string[] {
  const { disk, random, root } = run;
  if (kind === 18 && disk.size > 20) {
    rmSync(join(root, path));
    disk.delete(path);
    run.log.push(`remove ${path}`);
    return [path];
  }
  if (kind === 19) {
    const to = path.replace(/(\w)(\.\w+|\w*)$/, `$1${random(10)}$2`);
    const text = disk.get(path)!;
    rmSync(join(root, path));
    disk.delete(path);
    put(run, to, text);
    run.log.push(`rename ${path} to ${to}`);
    return [path, to];
  }
  if (kind === 17) {
    const [restored] = Object.keys(files).slice(random(Object.keys(files).length));
    put(run, restored!, files[restored!]!);
    run.log.push(`restore ${restored}`);
    return [restored!];
  }
  const text = disk.get(path)!;
  const at = random(text.length + 1);
  const piece = pieces[random(pieces.length)]!;
  put(run, path, text.slice(0, at) + piece + text.slice(at + random(8)));
  run.log.push(`write ${path} ${at} ${JSON.stringify(piece)}`);
  return [path];
}

function put({ write, disk }: Run, path: string, text: string): void {
  write(path, text);
  disk.set(path, text);
}

async function compare(run: Run, seed: number, edit: number): Promise<void> {
  const fresh = openSession(run.root, { threads: 1, onFailure: failRule });
  try {
    for (const [path, { source }] of run.open) fresh.setOverlay(path, sourceOfText(source.slice(0, source.length)));
    await fresh.workspace.current;
    const edited = await describe(run.session);
    const wanted = await describe(fresh);
    const differing = [...new Set([...Object.keys(edited), ...Object.keys(wanted)])].filter(
      (key) => edited[key] !== wanted[key],
    );
    const [first] = differing;
    if (first === undefined) return;
    throw new ChaosError(
      `seed ${seed}, edit ${edit}: ${differing.length} answers differ, such as ${first}:\n  edited: ${edited[first]}\n  fresh:  ${wanted[first]}\n${run.log.slice(-30).join("\n")}`,
    );
  } finally {
    await fresh.dispose();
  }
}

/** All that is asked, as text by question: findings of every file, hover and definitions of the names. */
async function describe(session: Session): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  const paths = [...session.workspace.index.paths()];
  answers["paths"] = paths.join(" ");
  for (const path of paths) {
    const checked = await session.check(path);
    answers[`check ${path}`] = (checked?.findings ?? [])
      .map(({ rule, severity, span, message }) => `${rule} ${severity} ${span.start}-${span.end} ${message}`)
      .join("\n");
  }
  for (const name of names) {
    answers[`hover ${name}`] = await session.ask((program) => describeName(name, program));
    answers[`definition ${name}`] = await session.ask((program) =>
      JSON.stringify(findDefinitions(name, "kernel/fork.c", program)),
    );
  }
  return answers;
}

function describeName(name: string, program: Program): string {
  const place = { text: name, start: 0, end: name.length, fact: undefined, isInternal: false };
  const words = wordsAt(place, "kernel/fork.c", program);
  return words === undefined ? "" : writePlain(name, words);
}
