/**
 * Compares the readers of ELF files with readelf, nm and ar over everything those can judge, prints what differs, and fails
 * when anything does without a reason.
 *
 *     npm run conformance:elf [-- --download-debug-kernel] [-- FILE…]
 *
 * With files it compares only these. The kernel build and the vmlinux with debug information are those of the cache, made when
 * they are not there yet, or what WEAKSPOT_KERNEL_BUILD and WEAKSPOT_DEBUG_VMLINUX name; what can't be had is skipped with a line,
 * and is an error when CI=true.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkArchives } from "./archives.ts";
import { compareFile, startComparison } from "./compare.ts";
import {
  type Corpus,
  debugKernelCorpus,
  findTool,
  isCi,
  kernelCorpora,
  libraryCorpora,
  manySectionsCorpus,
  systemCorpora,
} from "./corpora.ts";
import { checkIntermediateCode } from "./intermediate-code.ts";
import { checkReferences } from "./references.ts";
import { compareTypeNames } from "./type-names.ts";

let failures = 0;

function fail(line: string): void {
  failures++;
  console.log(`  ${line}`);
}

function skip(what: string, hint: string): void {
  if (isCi) fail(`MISSING ${what}: ${hint}`);
  else console.log(`SKIPPED ${what}: ${hint}`);
}

async function compareCorpus({ name, files, hint }: Corpus): Promise<void> {
  if (files.length === 0) {
    skip(name, hint);
    return;
  }
  const comparison = startComparison();
  const started = performance.now();
  for (const file of files) await compareFile(comparison, file);
  const { objects, symbols, relocations, nmSymbols, differenceCount } = comparison;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const counts = `${objects} objects, ${symbols} symbols, ${relocations} relocations, ${nmSymbols} symbols of nm`;
  console.log(`${name}: ${files.length} files, ${counts}: ${differenceCount} differences (${seconds} s)`);
  for (const [reason, count] of comparison.explained) console.log(`  explained, ${count}: ${reason}`);
  for (const difference of comparison.differences) fail(difference);
  if (differenceCount > comparison.differences.length)
    fail(`and ${differenceCount - comparison.differences.length} more`);
}

interface Check {
  readonly compared: number;
  readonly differences: readonly string[];
  readonly skipped?: readonly string[];
}

function report(what: string, { compared, differences, skipped = [] }: Check): void {
  console.log(`${what}: ${compared} compared: ${differences.length} differences`);
  for (const difference of differences) fail(difference);
  for (const line of skipped) skip(what, line);
}

async function compareEverything(mayDownload: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "weakspot-elf-"));
  try {
    const names = compareTypeNames(folder);
    report("names of relocation types, against readelf", names);
    if (names.unknown.length > 0) {
      console.log(`  explained, ${names.unknown.length}: newer than this readelf: ${names.unknown.join(" ")}`);
    }
    report("references behind sections and through the GOT, against named ones", await checkReferences(folder));
    report("objects of link-time optimization and compressed sections", await checkIntermediateCode(folder));
    const libraries = libraryCorpora();
    const kernel = await kernelCorpora();
    const archives = [...libraries, kernel[1]!].flatMap(({ files }) => files);
    report("archives, against ar and nm -s", checkArchives(folder, archives));
    const corpora = [
      manySectionsCorpus(folder),
      ...libraries,
      ...systemCorpora(),
      ...kernel,
      await debugKernelCorpus(mayDownload),
    ];
    for (const corpus of corpora) await compareCorpus(corpus);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const options = process.argv.slice(2);
const files = options.filter((option) => !option.startsWith("--"));
if (findTool("readelf") === undefined || findTool("nm") === undefined || findTool("gcc") === undefined) {
  skip("everything", "install binutils and gcc");
} else if (files.length > 0) {
  await compareCorpus({ name: "files", files, hint: "" });
} else {
  await compareEverything(isCi || options.includes("--download-debug-kernel"));
}
console.log(failures === 0 ? "no differences without a reason" : `${failures} lines of differences`);
process.exitCode = failures === 0 ? 0 : 1;
