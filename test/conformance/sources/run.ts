/**
 * Holds what the index's facts alone say of random sources to the objects that compilers and assemblers make of them, by nm.
 *
 *     npm run conformance:sources [-- [--count N] [--seed S] [--only REGEX] [--show N]]
 *
 * N files for each compiler. Files that the compiler rejects are counted and left out; fails where there is a difference, or where
 * more than a tenth is rejected.
 */

import { parseArgs } from "node:util";
import { loadFixture } from "../../support/fixture-program.ts";
import { needTools } from "../../support/needed-tools.ts";
import { wordsOfSource } from "../symbols/source-symbols.ts";
import { type CompiledSource, symbolsByNm } from "../symbols/symbols-by-nm.ts";
import { ASSEMBLY_TARGETS, randomAssembly } from "./random-assembly.ts";
import { C_DIALECTS, randomC } from "./random-c.ts";

/** A kind of source, made anew for each seed. */
interface Family {
  readonly name: string;
  make(seed: number): CompiledSource;
}

const ASSEMBLY: readonly Family[] = ASSEMBLY_TARGETS.map((target) => ({
  name: `assembly of ${target.name}`,
  make(seed) {
    const { path, text } = randomAssembly(target, seed);
    return { unit: path, files: { [path]: text }, compiler: target.compiler };
  },
}));

const C: readonly Family[] = C_DIALECTS.map((dialect) => ({
  name: `C by ${dialect.compiler.join(" ")}`,
  make: (seed) => ({ ...randomC(dialect, seed), compiler: dialect.compiler }),
}));

/** The largest share that compilers may reject, lest the comparison be empty. */
const MOST_REJECTED = 0.1;

/** How many compilers run at once. */
const AT_ONCE = 4;

/** Seeds of one run are this far from those of the next. */
const SEEDS_APART = 100_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "40" },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
      show: { type: "string", default: "1" },
    },
  });
  await needTools([
    { command: "nm", debianPackage: "binutils" },
    { command: "gcc", debianPackage: "gcc" },
    { command: "arm-none-eabi-gcc", debianPackage: "gcc-arm-none-eabi" },
    { command: "aarch64-linux-gnu-gcc", debianPackage: "gcc-aarch64-linux-gnu" },
    { command: "riscv64-linux-gnu-gcc", debianPackage: "gcc-riscv64-linux-gnu" },
    { command: "avr-gcc", debianPackage: "gcc-avr" },
    { command: "mipsel-linux-gnu-gcc", debianPackage: "gcc-mipsel-linux-gnu" },
    { command: "powerpc64-linux-gnu-gcc", debianPackage: "gcc-powerpc64-linux-gnu" },
    { command: "s390x-linux-gnu-gcc", debianPackage: "gcc-s390x-linux-gnu" },
    { command: "clang-19", debianPackage: "clang-19" },
  ]);
  const families = [...ASSEMBLY, ...C].filter(({ name }) => new RegExp(values.only).test(name));
  for (const family of families) {
    const isGood = await compareFamily(family, Number(values.count), Number(values.seed), Number(values.show));
    if (!isGood) process.exitCode = 1;
  }
}

async function compareFamily(family: Family, count: number, seed: number, show: number): Promise<boolean> {
  let symbols = 0;
  let different = 0;
  const rejections = new Map<string, number>();
  let rejected = 0;
  const sources = Array.from({ length: count }, (_, i) => family.make(seed * SEEDS_APART + i));
  const answers = await answerAll(sources);
  for (const [i, source] of sources.entries()) {
    const told = answers[i]!;
    if (told instanceof Error) {
      rejected++;
      const reason = told.message.replace(/[`'‘"][^'’"]*['’"]/g, "'…'");
      rejections.set(reason, (rejections.get(reason) ?? 0) + 1);
      continue;
    }
    symbols += told.length;
    const differences = compareSource(source, told);
    if (differences.length === 0) continue;
    different++;
    console.log(`  seed ${seed * SEEDS_APART + i}, ${source.compiler.join(" ")}`);
    for (const difference of differences) console.log(`    ${difference}${linesOf(source, difference)}`);
    if (different <= show) for (const [path, text] of Object.entries(source.files)) console.log(`--- ${path}\n${text}`);
  }
  console.log(
    `${family.name}: ${count} files, ${symbols} symbols, ${different} files differ, ${rejected} not compiled`,
  );
  for (const [reason, times] of rejections) console.log(`  ${times} not compiled: ${reason}`);
  return different === 0 && rejected <= MOST_REJECTED * count;
}

/** The lines of the unit that name what differs. */
function linesOf({ files, unit }: CompiledSource, difference: string): string {
  const name = /(\S+?)\??$/.exec(difference)?.[1] ?? "";
  const lines = (files[unit] ?? "").split("\n").filter((line) => line.includes(name) && !line.includes("referred[]"));
  return lines.map((line) => `\n        ${line}`).join("");
}

/** Compiles the sources, some at once. */
async function answerAll(sources: readonly CompiledSource[]): Promise<(readonly string[] | Error)[]> {
  const answers: (readonly string[] | Error)[] = [];
  const queue = [...sources.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      answers[next[0]] = await symbolsByNm(next[1]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

function compareSource({ files, unit }: CompiledSource, told: readonly string[]): string[] {
  const { program } = loadFixture(Object.entries(files).map(([path, text]) => ({ path, text })));
  const ours = wordsOfSource(program, unit);
  // The default version of a symbol has two signs, and is the same symbol.
  const theirs = new Set(told.map((name) => name.replace("@@", "@")));
  return [
    ...[...theirs].filter((name) => !ours.has(name)).map((name) => `missed ${name}`),
    ...[...ours].filter((name) => !theirs.has(name)).map((name) => `predicted only ${name}`),
  ];
}

await main();
