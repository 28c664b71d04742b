/**
 * Reads every linker script of whole trees as the server does, and compares with GNU ld what ld can judge: plain scripts and
 * version scripts, by verdict and by the line of the first error. Of those that a preprocessor or a generator has yet to see, ld
 * can say nothing; whoever keeps one has built with it, so that an error in it is one of ours.
 *
 *     npm run conformance:scripts -- DIR…
 *
 * Prints each difference, and fails where there is one.
 */

import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { languageOf } from "../../../server/src/linkage/facts/extract.ts";
import { kindOfName } from "../../../server/src/linkage/facts/file-kinds.ts";
import { scriptOf } from "../../../server/src/linkage/facts/parsed.ts";
import type { LdScript } from "../../../server/src/syntax/ld/tree.ts";
import { findLines, lineColumnAt } from "../../../server/src/text/lines.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { needTools } from "../../support/needed-tools.ts";
import { askLd } from "../ld/ld-verdict.ts";

interface Read {
  readonly path: string;
  readonly text: string;
  readonly script: LdScript;
}

async function main(): Promise<void> {
  await needTools([{ command: "ld", debianPackage: "binutils" }]);
  const roots = process.argv.slice(2);
  if (roots.length === 0) throw new Error("name the trees whose scripts are to be read");
  let differences = 0;
  for (const root of roots) differences += await compareTree(root);
  console.log(differences === 0 ? "\nno differences" : `\n${differences} differences`);
  process.exitCode = differences === 0 ? 0 : 1;
}

async function compareTree(root: string): Promise<number> {
  const scripts = await readScripts(root);
  const isWhole = ({ script }: Read) =>
    script.template === undefined && !/^(?:sections|section|memory)$/.test(script.context);
  const plain = scripts.filter((one) => !one.script.preprocessed && isWhole(one));
  const verdicts = await askLd(plain.map(({ text, script }) => ({ text: withoutTarget(text), kind: script.kind })));
  const problems: string[] = [];
  let notJudged = 0;
  plain.forEach((one, index) => {
    const verdict = verdicts[index]!;
    if (verdict.kind === "other") {
      notJudged++;
      return;
    }
    const ours = firstErrorLine(one);
    const theirs = verdict.kind === "accepted" ? undefined : (verdict.line ?? 0);
    if (ours !== theirs) problems.push(`${one.path}: ld ${theirs ?? "accepts"}, here ${ours ?? "accepted"}`);
  });
  for (const one of scripts) {
    if (!one.script.preprocessed || one.script.template !== undefined) continue;
    const line = firstErrorLine(one);
    if (line !== undefined) problems.push(`${one.path}:${line}: an error before preprocessing`);
  }
  const templates = scripts.filter(({ script }) => script.template !== undefined).length;
  console.log(
    `${root}: ${scripts.length} scripts, ${plain.length} plain (${notJudged} not judged by ld), ` +
      `${scripts.filter(({ script }) => script.preprocessed).length} before preprocessing, ${templates} templates`,
  );
  for (const problem of problems) console.log(`  ${problem}`);
  return problems.length;
}

/** Without the machine and the format, which one ld does not know of all others; lines stay where they are. */
function withoutTarget(text: string): string {
  return text.replace(/\b(?:OUTPUT_ARCH|OUTPUT_FORMAT|TARGET)\s*\([^()]*\)/g, (command) =>
    command.replace(/[^\n]/g, " "),
  );
}

/** The line of the first error that stops ld, from 1; 0 at the end of the file, as ld has it. */
function firstErrorLine({ text, script }: Read): number | undefined {
  const error = script.errors.find(({ kind }) => kind !== "character");
  if (error === undefined) return undefined;
  return error.start >= text.length ? 0 : lineColumnAt(findLines(script.source), error.start).line + 1;
}

async function readScripts(root: string): Promise<Read[]> {
  const found: Read[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || kindOfName(path)?.language !== "ld" || (await lstat(path)).size > LARGEST) continue;
    const text = await readFile(path, "latin1");
    const source = sourceOfText(text);
    if (languageOf(path, source) === "ld")
      found.push({ path: relative(root, path), text, script: scriptOf(path, source) });
  }
  return found;
}

/** In bytes; no script that anybody wrote is larger. */
const LARGEST = 4 * 1024 * 1024;

await main();
