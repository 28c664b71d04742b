/**
 * Holds what is read of random linker scripts to ld: the verdict and the line of the first error, of scripts as they are made and with one
 * token spoilt; of those that link, the symbols that they define, the values that are known of them, the order of their sections, and
 * that no rule calls an error what ld makes without a word. What lld says otherwise is counted.
 *
 *     npm run conformance:random-scripts [-- [--count N] [--seed S] [--show N]]
 *
 * Prints each disagreement with its seed, and fails where there is one.
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { factsOfLinkerScript } from "../../../server/src/linkage/facts/ld-facts.ts";
import { constantsOf } from "../../../server/src/linkage/scripts/script-constants.ts";
import { scriptModelOf } from "../../../server/src/linkage/scripts/script-model.ts";
import { parseLinkerScript } from "../../../server/src/syntax/ld/parser.ts";
import type { LdScript } from "../../../server/src/syntax/ld/tree.ts";
import { findLines, lineColumnAt } from "../../../server/src/text/lines.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { needTools } from "../../support/needed-tools.ts";
import { runOrThrow } from "../../support/run-program.ts";
import { askLd } from "../ld/ld-verdict.ts";
import { makeMutants } from "../ld/mutants.ts";
import { INCLUDED, randomScript } from "./random-script.ts";

const PROGRAM = `.globl _start
.text
_start: nop
.section .text.a,"ax"; nop
.section .rodata.x,"a"; .long 1
.data; .long 2
.section .data.b,"aw"; .long 3
.bss; .skip 16
.section .late,"a"; .long 4
.section .included,"a"; .long 5
.section .included.y,"a"; .long 6
`;

interface Linked {
  /** What ld or lld says; "" where it links without a word. */
  readonly said: string;
  readonly lldSaid: string;
  readonly isLinked: boolean;
  readonly symbols: ReadonlyMap<string, bigint>;
  /** Names of the output's sections in their order. */
  readonly sections: readonly string[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "400" },
      seed: { type: "string", default: "1" },
      show: { type: "string", default: "10" },
    },
  });
  await needTools([
    { command: "ld", debianPackage: "binutils" },
    { command: "ld.lld-19", debianPackage: "lld-19" },
  ]);
  const first = Number(values.seed) * 100_000;
  const scripts = Array.from({ length: Number(values.count) }, (_, i) => ({
    seed: first + i,
    text: randomScript(first + i),
  }));
  const folder = await mkdtemp(join(tmpdir(), "weakspot-random-scripts-"));
  try {
    for (const [name, text] of Object.entries(INCLUDED)) await writeFile(join(folder, name), text);
    await writeFile(join(folder, "program.s"), PROGRAM);
    await writeFile(join(folder, "empty.s"), "");
    for (const name of ["program", "empty"]) await runOrThrow("as", ["-o", `${name}.o`, `${name}.s`], { folder });
    const problems = [...(await compareVerdicts(scripts, folder, first)), ...(await compareLinks(scripts, folder))];
    for (const problem of problems.slice(0, Number(values.show))) console.log(`  ${problem}`);
    console.log(problems.length === 0 ? "no disagreement" : `${problems.length} disagreements`);
    process.exitCode = problems.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Seeded {
  readonly seed: number;
  readonly text: string;
}

async function compareVerdicts(scripts: readonly Seeded[], folder: string, seed: number): Promise<string[]> {
  const whole = scripts.map((one) => ({ name: `seed ${one.seed}`, text: one.text }));
  const origins = whole.map(({ name, text }) => ({ name, kind: "script" as const, text }));
  const mutants = [...makeMutants(origins, scripts.length * 2, seed)].map((mutant) => ({
    name: `${mutant.origin.name}, '${mutant.token}' of line ${mutant.line} ${mutant.mutation}`,
    text: mutant.text,
  }));
  const all = [...whole, ...mutants];
  const verdicts = await askLd(
    all.map(({ text }) => ({ text, kind: "script" })),
    [folder],
  );
  const problems: string[] = [];
  let refused = 0;
  let notJudged = 0;
  all.forEach(({ name, text }, i) => {
    const verdict = verdicts[i]!;
    if (verdict.kind === "other") {
      notJudged++;
      return;
    }
    const ours = firstErrorLine(parse(text));
    const theirs = verdict.kind === "accepted" ? undefined : verdict.line;
    if (theirs !== undefined) refused++;
    const isSame = verdict.kind === "comment" ? ours !== undefined : ours === theirs;
    if (!isSame) problems.push(`${name}: ld ${theirs ?? "accepts"}, here ${ours ?? "accepted"}\n${text}`);
  });
  console.log(
    `${whole.length} scripts and ${mutants.length} spoilt ones: ${refused} refused, ${notJudged} not judged by ld`,
  );
  return problems;
}

function parse(text: string): LdScript {
  return parseLinkerScript(sourceOfText(text));
}

/** From 1; 0 at the end of the file, as ld has it. */
function firstErrorLine(script: LdScript): number | undefined {
  const error = script.errors.find(({ kind }) => kind !== "character");
  if (error === undefined) return undefined;
  return error.start >= script.source.length ? 0 : lineColumnAt(findLines(script.source), error.start).line + 1;
}

async function compareLinks(scripts: readonly Seeded[], folder: string): Promise<string[]> {
  const answers = await linkAll(scripts, folder);
  const problems: string[] = [];
  let linked = 0;
  let compared = 0;
  let lldDiffers = 0;
  const reasons = new Map<string, number>();
  scripts.forEach(({ seed, text }, i) => {
    const answer = answers[i]!;
    if (answer.isLinked === (answer.lldSaid !== "")) lldDiffers++;
    if (!answer.isLinked) {
      const reason =
        answer.said
          .replace(/[`'"][^`'"]*'|\d+/g, "…")
          .split("\n")
          .find((line) => !/warning/.test(line)) ?? "";
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      return;
    }
    linked++;
    const script = parse(text);
    // ld takes a script with INSERT in addition to its own.
    if (/\bINSERT\b/.test(text)) return;
    const found = [...compareSymbols(script, answer), ...compareSections(script, answer), ...errorsOf(text, answer)];
    compared += answer.symbols.size;
    for (const problem of found) problems.push(`seed ${seed}: ${problem}\n${text}`);
  });
  console.log(
    `${linked} of ${scripts.length} link, ${compared} symbols; lld's verdict differs from ld's in ${lldDiffers}`,
  );
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 8))
    console.log(`  ${count} not linked: ${reason}`);
  return problems;
}

/** One shell links them all. */
async function linkAll(scripts: readonly Seeded[], folder: string): Promise<Linked[]> {
  await Promise.all(scripts.map(({ text }, i) => writeFile(join(folder, `${i}.ld`), text)));
  const link = (linker: string, i: string) => `${linker} -T ${i}.ld -L . program.o -o out`;
  const loop = `for i in $(seq 0 ${scripts.length - 1}); do rm -f out; ${link("ld --no-warn-rwx-segments", "$i")} > $i.said 2>&1; [ -e out ] && { nm out > $i.nm; readelf -SW out > $i.sections; }; rm -f out; ${link("ld.lld-19", "$i")} > $i.lld 2>&1; done`;
  await runOrThrow("nice", ["sh", "-c", loop], { folder, seconds: 900 }).catch(() => undefined);
  return Promise.all(
    scripts.map(async (_, i) => {
      const read = (suffix: string) => readFile(join(folder, `${i}.${suffix}`), "latin1").catch(() => "");
      const [said, lldSaid, names, sections] = await Promise.all([
        read("said"),
        read("lld"),
        read("nm"),
        read("sections"),
      ]);
      const symbols = [...names.matchAll(/^([0-9a-f]{16}) \S (\S+)$/gm)].map(
        (match) => [match[2]!, BigInt(`0x${match[1]}`)] as const,
      );
      const order = [...sections.matchAll(/^ +\[ *\d+\] (\S.*?) +(?:PROGBITS|NOBITS|NOTE) /gm)].map(
        (match) => match[1]!,
      );
      return {
        said,
        lldSaid: lldSaid.replace(/^.*warning:.*\n(?:>>>.*\n)*/gm, ""),
        isLinked: names !== "",
        symbols: new Map(symbols),
        sections: order,
      };
    }),
  );
}

/** Every symbol of the program that the script assigns is one of the output's, and what is known of its value is so. */
function compareSymbols(script: LdScript, { symbols }: Linked): string[] {
  const problems: string[] = [];
  const model = scriptModelOf(script);
  const assigned = new Set(model.defined("symbol").filter((name) => name !== "."));
  const provided = new Set<string>();
  for (const { text } of script.uses) if (text === "included_symbol") assigned.add(text);
  for (const match of script.source.slice(0, script.source.length).matchAll(/PROVIDE(?:_HIDDEN)? ?\("?([^ "=]+)/g))
    provided.add(match[1]!);
  // What a section is constrained to hold decides whether its assignments are made.
  const facts = factsOfLinkerScript(script).symbols;
  const doubtful = new Set(facts.filter(({ condition }) => condition !== "").map(({ name }) => name));
  const constants = constantsOf(script);
  for (const name of symbols.keys()) {
    if (
      !assigned.has(name) &&
      !/^(?:_start|included_symbol|empty\.o|program\.o|.*\.o|__load_.*|_GLOBAL_.*)$/.test(name)
    )
      problems.push(`ld defines '${name}'`);
  }
  for (const name of assigned) {
    const theirs = symbols.get(name);
    if (theirs === undefined) {
      if (!provided.has(name) && !doubtful.has(name)) problems.push(`ld does not define '${name}'`);
      continue;
    }
    const ours = constants.context.symbol?.(name);
    if (ours !== undefined && ours !== theirs) problems.push(`'${name}' is ${theirs}, here ${ours}`);
  }
  return problems;
}

/** Sections of the program, which ld may place by itself beside what the script says of them. */
const ORPHANS = new Set([".text", ".data", ".bss", ".rodata.x", ".late", ".included"]);

/** The sections that both have stand in the same order. */
function compareSections(script: LdScript, { sections }: Linked): string[] {
  const ours = scriptModelOf(script)
    .defined("section")
    .filter((name) => sections.includes(name) && !ORPHANS.has(name));
  const theirs = sections.filter((name, i) => ours.includes(name) && sections.indexOf(name) === i);
  return ours.join() === theirs.join() ? [] : [`sections ${theirs.join()}, here ${ours.join()}`];
}

/** Errors that rules find in what ld links without a word. */
function errorsOf(text: string, { said }: Linked): string[] {
  if (said !== "") return [];
  const files = [
    { path: "link.ld", text },
    ...Object.entries(INCLUDED).map(([path, included]) => ({ path, text: included })),
  ];
  const found = loadFixture(files, "c", { compiled: undefined, named: [] }).findings().get("link.ld") ?? [];
  return found.filter(({ severity }) => severity === "error").map(({ rule, message }) => `${rule}: ${message}`);
}

await main();
