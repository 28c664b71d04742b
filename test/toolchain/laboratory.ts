/**
 * The laboratory: compiles a file that uses symbols together with weak definitions of one form, links it with strong
 * definitions that no compiler has seen, runs the program, and says for every symbol whether each read saw the strong value.
 */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProgramResult, runOrThrow, runProgram } from "../support/run-program.ts";
import type { DefinitionPlace } from "./fallback-forms.ts";
import { HEADER_PROLOGUE, type LaboratorySymbol, type Reader } from "./symbols.ts";
import type { Toolchain, Variant } from "./toolchains.ts";

/** What came of one symbol in one program. */
export type Verdict =
  | { readonly outcome: "ok" }
  | { readonly outcome: "wrong"; readonly readers: readonly string[] }
  /** The compiler or the linker did not accept it; `message` is the first thing it said. */
  | { readonly outcome: "rejected"; readonly message: string };

/** A weak definition to try. */
export interface Trial {
  readonly symbol: LaboratorySymbol;
  readonly text: string;
}

export interface Experiment {
  readonly toolchain: Toolchain;
  readonly variant: Variant;
  readonly place: DefinitionPlace;
  readonly trials: readonly Trial[];
  /** Which definitions are linked: with "fallback" the strong ones are left out, and the reads must see the fallback. */
  readonly linked: "strong" | "fallback";
}

/** A folder for the laboratory's files, which closeLaboratory removes. */
export interface Laboratory {
  readonly folder: string;
  /** Objects that do not depend on the toolchain under test, by their content. */
  readonly shared: Map<string, Promise<string>>;
  count: number;
}

/** The compiler of the parts that are not under test: the main program and the strong definitions. */
const NEUTRAL_COMPILER = "cc";

export async function openLaboratory(): Promise<Laboratory> {
  return { folder: await mkdtemp(join(tmpdir(), "weakspot-toolchain-")), shared: new Map(), count: 0 };
}

export async function closeLaboratory(laboratory: Laboratory): Promise<void> {
  await rm(laboratory.folder, { recursive: true, force: true });
}

/** Runs an experiment; the verdicts stand in the order of its trials. */
export async function conduct(laboratory: Laboratory, experiment: Experiment): Promise<Verdict[]> {
  const { trials } = experiment;
  if (trials.length === 0) return [];
  const symbols = trials.map((trial) => trial.symbol);
  const fallbacks = trials.map((trial) => trial.text).join("");
  const isSameFile = experiment.place === "same file";
  const folder = join(laboratory.folder, String(laboratory.count++));
  await mkdir(folder);
  await writeFile(join(folder, "symbols.h"), writeHeader(symbols));
  await writeFile(join(folder, "users.c"), INCLUDE + (isSameFile ? fallbacks : "") + writeReaders(symbols));
  if (!isSameFile) await writeFile(join(folder, "fallback.c"), INCLUDE + fallbacks);
  const sources = { folder, users: "users.c", fallback: isSameFile ? undefined : "fallback.c" };
  const built = await conductWithFiles(laboratory, sources, symbols, experiment);
  await rm(folder, { recursive: true, force: true });
  if ("verdicts" in built) return [...built.verdicts];
  if (trials.length === 1) return [{ outcome: "rejected", message: built.message }];
  // One symbol's definition may be refused where others are not: each is tried on its own.
  const verdicts: Verdict[] = [];
  for (const trial of trials) verdicts.push(...(await conduct(laboratory, { ...experiment, trials: [trial] })));
  return verdicts;
}

/** Files on disk to build a program from: the users, and the fallbacks where they have a file of their own. */
export interface Sources {
  readonly folder: string;
  readonly users: string;
  readonly fallback: string | undefined;
}

/** Builds a program from files, runs it and judges every symbol's reads; the first error where it can't be built. */
export async function conductWithFiles(
  laboratory: Laboratory,
  sources: Sources,
  symbols: readonly LaboratorySymbol[],
  conditions: Pick<Experiment, "toolchain" | "variant" | "place" | "linked">,
): Promise<{ readonly verdicts: readonly Verdict[] } | { readonly message: string }> {
  const { toolchain, variant, place, linked } = conditions;
  const output = join(laboratory.folder, String(laboratory.count++));
  await mkdir(output);
  try {
    const objects: string[] = [];
    for (const file of sources.fallback === undefined ? [sources.users] : [sources.users, sources.fallback]) {
      const object = join(output, `${file}.o`);
      const isPlain = file === sources.fallback && place === "other file without LTO";
      const lto = isPlain ? [] : toolchain.compileOptions;
      const options = [variant.optimization, variant.codeModel, ...lto, "-w", "-c", file, "-o", object];
      const compiled = await runProgram(toolchain.compiler, options, { folder: sources.folder });
      if (compiled.status !== 0) return { message: firstError(compiled) };
      objects.push(object);
    }
    objects.push(await sharedObject(laboratory, writeMain(symbols, linked), ".c", variant));
    if (linked === "strong") {
      const strong = symbols.map((symbol) => symbol.assembly).join("");
      objects.push(await sharedObject(laboratory, `${strong}.section .note.GNU-stack,"",@progbits\n`, ".s", variant));
    }
    const program = join(output, "program");
    const pie = variant.codeModel === "-fPIE" ? "-pie" : "-no-pie";
    const options = [variant.optimization, variant.codeModel, pie, ...toolchain.linkOptions, "-o", program];
    const link = await runProgram(toolchain.compiler, [...options, ...objects]);
    if (link.status !== 0) return { message: firstError(link) };
    const result = await runProgram(program, [], { seconds: 60 });
    return { verdicts: symbols.map((symbol) => judge(symbol, result, linked)) };
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

/** An object of the parts that are not under test, compiled once. */
function sharedObject(laboratory: Laboratory, text: string, extension: string, variant: Variant): Promise<string> {
  const key = `${variant.codeModel}${extension}${text}`;
  const known = laboratory.shared.get(key);
  if (known !== undefined) return known;
  const file = join(laboratory.folder, `shared-${laboratory.shared.size}${extension}`);
  const object = `${file}.o`;
  const made = (async () => {
    await writeFile(file, text);
    await runOrThrow(NEUTRAL_COMPILER, ["-O1", variant.codeModel, "-c", file, "-o", object]);
    return object;
  })();
  laboratory.shared.set(key, made);
  return made;
}

function readerFunction(symbol: LaboratorySymbol, reader: Reader): string {
  return `read_${symbol.name}_${reader.name.replaceAll(" ", "_")}`;
}

/** The line by which users and fallbacks get the declarations. */
export const INCLUDE = '#include "symbols.h"\n';

/** The header that declares the symbols. */
export function writeHeader(symbols: readonly LaboratorySymbol[]): string {
  return (
    HEADER_PROLOGUE +
    symbols
      .flatMap((symbol) => symbol.declarations)
      .join("\n")
      .concat("\n")
  );
}

/** The users: a function for every reader. */
export function writeReaders(symbols: readonly LaboratorySymbol[]): string {
  return symbols
    .flatMap((symbol) =>
      symbol.readers.map(
        (reader) => `unsigned long ${readerFunction(symbol, reader)}(unsigned long n) { ${reader.body} }\n`,
      ),
    )
    .join("");
}

/** A program that prints "symbol.reader value" for every read, each in a process of its own, as a bad read may never end. */
function writeMain(symbols: readonly LaboratorySymbol[], linked: Experiment["linked"]): string {
  const argument = (reader: Reader) => (linked === "strong" ? reader.argument : reader.fallbackArgument);
  const reads = symbols.flatMap((symbol) => symbol.readers.map((reader) => ({ symbol, reader })));
  const prototypes = reads.map(
    ({ symbol, reader }) => `unsigned long ${readerFunction(symbol, reader)}(unsigned long);\n`,
  );
  const calls = reads.map(
    ({ symbol, reader }) =>
      `\ttry_reader("${readKey(symbol, reader)}", ${readerFunction(symbol, reader)}, ${argument(reader)});\n`,
  );
  return `#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
${prototypes.join("")}
static void try_reader(const char *name, unsigned long (*reader)(unsigned long), unsigned long n)
{
	int status;

	fflush(stdout);
	if (fork() == 0) {
		alarm(2);
		printf("%s=%lu\\n", name, reader(n));
		fflush(stdout);
		_exit(0);
	}
	wait(&status);
	if (status != 0)
		printf("%s=killed\\n", name);
}

int main(void)
{
${calls.join("")}	return 0;
}
`;
}

function readKey(symbol: LaboratorySymbol, reader: Reader): string {
  return `${symbol.name}.${reader.name}`;
}

function judge(symbol: LaboratorySymbol, output: ProgramResult, linked: Experiment["linked"]): Verdict {
  const values = new Map(output.stdout.split("\n").map((line) => line.split("=") as [string, string]));
  const wrong = symbol.readers.filter((reader) => values.get(readKey(symbol, reader)) !== String(reader[linked]));
  return wrong.length === 0 ? { outcome: "ok" } : { outcome: "wrong", readers: wrong.map((reader) => reader.name) };
}

function firstError(result: ProgramResult): string {
  const lines = result.stderr.split("\n");
  return (lines.find((line) => /\berror\b|undefined|multiple definition/.test(line)) ?? lines[0] ?? "").trim();
}
