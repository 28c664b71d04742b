/**
 * Compares archives of every form with what ar and nm say of them: the names of the members, and the symbol table. It makes
 * the archives with the tools that are installed.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { archiveSymbols, memberFile } from "../../../server/src/host/elf/archive.ts";
import { listObjectsOf, readArchiveFile } from "../../../server/src/host/elf/list-objects.ts";
import { findTool } from "./corpora.ts";

export interface ArchiveCheck {
  compared: number;
  readonly differences: string[];
  readonly skipped: string[];
}

function run(
  command: string,
  args: readonly string[],
  folder: string,
  environment: Record<string, string> = {},
): string {
  const env = { ...process.env, LC_ALL: "C.UTF-8", ...environment };
  return execFileSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 2 ** 30,
  });
}

/** Makes archives of all forms out of three objects. */
function makeArchives(folder: string, check: ArchiveCheck): string[] {
  mkdirSync(join(folder, "sub/deep"), { recursive: true });
  const objects = ["a", "b", "a_name_of_more_than_fifteen_letters"].map((name) => {
    const path = join("sub", name === "b" ? "deep" : "", `${name}.o`);
    writeFileSync(join(folder, "x.c"), `int ${name}_object; int ${name}_function(void) { return ${name}_object; }\n`);
    run("gcc", ["-c", "x.c", "-o", path], folder);
    return path;
  });
  const ar = (...args: string[]) => run("ar", args, folder);
  ar("rcs", "regular.a", ...objects);
  ar("rcD", "without-index.a", ...objects);
  ar("rcsT", "thin.a", ...objects);
  ar("rcsT", "sub/below.a", ...objects.slice(0, 2));
  ar("rcsT", "of-thin.a", "thin.a", "sub/below.a");
  ar("rcsT", "sub/of-regular.a", "regular.a", ...objects);
  ar("rcsDPT", "with-paths.a", ...objects, "thin.a");
  ar("rcs", "empty.a");
  const made = [
    "regular.a",
    "without-index.a",
    "thin.a",
    "sub/below.a",
    "of-thin.a",
    "sub/of-regular.a",
    "with-paths.a",
    "empty.a",
  ];
  const llvm = findTool("llvm-ar-19", "llvm-ar-14", "llvm-ar");
  if (llvm === undefined) {
    check.skipped.push("llvm-ar is not installed");
    return made;
  }
  run(llvm, ["--format=bsd", "rcs", "bsd.a", ...objects], folder);
  run(llvm, ["rcs", "wide.a", ...objects], folder, { SYM64_THRESHOLD: "0" });
  run(llvm, ["rcsT", "llvm-thin.a", "thin.a", ...objects], folder);
  return [...made, "bsd.a", "wide.a", "llvm-thin.a"];
}

export function checkArchives(folder: string, others: readonly string[]): ArchiveCheck {
  const check: ArchiveCheck = { compared: 0, differences: [], skipped: [] };
  const own = makeArchives(folder, check).map((path) => join(folder, path));
  for (const path of [...own, ...others]) checkArchive(check, path);
  return check;
}

function checkArchive(check: ArchiveCheck, path: string): void {
  const archive = readArchiveFile(path, () => {});
  if (archive === undefined) {
    check.differences.push(`${path}: not read as an archive`);
    return;
  }
  // ar shows the paths of thin archives relative to where it runs.
  const shown = run("ar", ["t", path], "/").split("\n");
  // Of BSD's archives it shows the symbol table as a member.
  const theirs = shown.filter((line) => line !== "" && line !== "__.SYMDEF");
  const ours = archive.members.map((member) => {
    const file = memberFile(archive, member);
    const nested = member.nestedOffset === undefined ? undefined : readArchiveFile(file!, () => {});
    if (nested === undefined) return file ?? member.name;
    return nested.members.find(({ headerOffset }) => headerOffset === member.nestedOffset)?.name ?? "?";
  });
  compareLists(check, `${path}: members`, ours, theirs);
  const { places, problems } = listObjectsOf(path, () => {});
  for (const problem of problems) check.differences.push(`${path}: ${problem}`);
  if (places.length < theirs.length) check.differences.push(`${path}: ${places.length} objects of ${theirs.length}`);
  const byOffset = new Map(archive.members.map(({ headerOffset }, index) => [headerOffset, ours[index]]));
  const index = [...archiveSymbols(archive)].map(
    ({ name, headerOffset }) => `${name} in ${byOffset.get(headerOffset)}`,
  );
  compareLists(check, `${path}: symbol table`, index, indexOf(path));
}

/** The archive's symbol table as nm shows it. BSD's is not read by us. */
function indexOf(path: string): string[] {
  if (path.endsWith("bsd.a")) return [];
  const lines = run("nm", ["-s", path], "/").split("\n");
  const start = lines.indexOf("Archive index:");
  return start < 0 ? [] : lines.slice(start + 1, lines.indexOf("", start));
}

function compareLists(check: ArchiveCheck, what: string, ours: readonly string[], theirs: readonly string[]): void {
  check.compared += theirs.length;
  if (ours.length !== theirs.length) check.differences.push(`${what}: ${ours.length}, not ${theirs.length}`);
  for (const [index, line] of theirs.entries()) {
    if (ours[index] !== undefined && !isSame(ours[index], line))
      check.differences.push(`${what}: ${ours[index]}, not ${line}`);
  }
}

/** Paths are written differently; nm shows only the last part of those in thin archives. */
function isSame(ours: string, theirs: string): boolean {
  const [, symbol, place] = / in /.test(theirs) ? /^(.*) in (.*)$/.exec(theirs)! : ["", "", theirs];
  const [, own, ownPlace] = / in /.test(ours) ? /^(.*) in (.*)$/.exec(ours)! : ["", "", ours];
  return own === symbol && (ownPlace === place || ownPlace!.endsWith(`/${place}`) || `/${place}` === ownPlace);
}
