/**
 * Makes one change of a condition or a call of the product at a time and runs the unit tests that reach it, nearest first: a change that
 * no test notices is printed. It works on a copy; the working tree is not touched.
 *
 *     npm run mutate [-- --mutants 40] [--seed N] [--in linkage --in rules …] [--floor 0.95]
 *
 * The seed is random and printed. It fails below `--floor`. All changes are written into the copy at once, each behind a switch
 * (switched-source.ts), so that one process judges many (judge.ts); one that hangs or is spoilt is replaced.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { globSync } from "tinyglobby";
import { createRandom } from "../support/random.ts";
import { runProgram } from "../support/run-program.ts";
import type { Task, Word } from "./judge.ts";
import { mutantsOf } from "./mutants.ts";
import { type NumberedMutant, switchedSource } from "./switched-source.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Tests of these start the command from its sources. */
const COMMAND = "server/src/cli.ts";

interface Sample {
  readonly file: string;
  readonly mutant: NumberedMutant;
}

interface Verdicts {
  readonly killed: Set<number>;
  readonly survived: Set<number>;
  /** Changes that are made while modules load, which a running process can't switch. */
  readonly unjudged: Set<number>;
}

/** Which files a file of the tree imports or starts, by paths from the root. */
async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(ROOT, file), "utf8");
  const imported = [...text.matchAll(/(?:from|import)\(? ?"(\.[^"]+\.ts)"/g)].map((match) =>
    relative(ROOT, resolve(ROOT, dirname(file), match[1]!)),
  );
  return text.includes(`/${COMMAND}"`) ? [...imported, COMMAND] : imported;
}

/** The unit tests that import a file or start it, directly or through others. */
function testsReaching(files: Iterable<string>, importers: ReadonlyMap<string, readonly string[]>): string[] {
  const reached = new Set(files);
  for (const one of reached) {
    for (const importer of importers.get(one) ?? []) reached.add(importer);
  }
  return [...reached].filter((one) => one.endsWith(".test.ts")).sort();
}

async function readImporters(files: readonly string[]): Promise<Map<string, string[]>> {
  const importers = new Map<string, string[]>();
  for (const file of files) {
    for (const imported of await importsOf(file)) {
      importers.set(imported, [...(importers.get(imported) ?? []), file]);
    }
  }
  return importers;
}

async function takeSample(
  rooms: readonly string[],
  count: number,
  random: (limit: number) => number,
): Promise<Sample[]> {
  const files = rooms.flatMap((room) => globSync(`server/src/${room}/**/*.ts`, { cwd: ROOT })).sort();
  const all: Omit<Sample, "id">[] = [];
  for (const file of files) {
    const mutants = mutantsOf(await readFile(join(ROOT, file), "utf8"));
    all.push(...mutants.map((mutant) => ({ file, mutant: { ...mutant, id: 0 } })));
  }
  console.log(`${all.length} possible changes in ${files.length} files`);
  return Array.from({ length: Math.min(count, all.length) }, (_, id) => {
    const [{ file, mutant }] = all.splice(random(all.length), 1) as [Sample];
    return { file, mutant: { ...mutant, id } };
  });
}

async function makeCopy(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "weakspot-mutate-"));
  const { stdout } = await runProgram("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    folder: ROOT,
  });
  for (const name of stdout.split("\n").filter((one) => one !== "")) {
    await cp(join(ROOT, name), join(copy, name), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

async function writeSwitches(copy: string, samples: readonly Sample[]): Promise<void> {
  for (const file of new Set(samples.map((sample) => sample.file))) {
    const mutants = samples.filter((sample) => sample.file === file).map(({ mutant }) => mutant);
    await writeFile(join(copy, file), switchedSource(await readFile(join(ROOT, file), "utf8"), mutants));
  }
}

/** Runs one judging process and hands out its words. Resolves with its exit code, undefined after a signal. */
async function runJudge(copy: string, task: Task, hear: (word: Word) => void): Promise<number | undefined> {
  const path = join(copy, "mutation-task.json");
  await writeFile(path, JSON.stringify(task));
  const preload = `--import=${pathToFileURL(join(copy, "test/mutate/switch.mjs"))}`;
  const child = spawn(process.execPath, ["--import=tsx", "test/mutate/judge.ts", path], {
    cwd: copy,
    env: { ...process.env, NODE_OPTIONS: preload },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"kind"')) hear(JSON.parse(line) as Word);
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  return child.exitCode ?? undefined;
}

/** Judges all samples, in as many processes one after the other as it takes. */
async function judge(samples: readonly Sample[], tests: readonly string[]): Promise<Verdicts> {
  const copy = await makeCopy();
  const verdicts: Verdicts = { killed: new Set(), survived: new Set(), unjudged: new Set() };
  const byId = new Map(samples.map((sample) => [sample.mutant.id, sample]));
  const print = (id: number, word: string): void => {
    const { file, mutant } = byId.get(id)!;
    console.log(`${word} ${file}:${mutant.line}: ${mutant.what}`);
  };
  const settle = (id: number, set: Set<number>, word: string): void => {
    set.add(id);
    left.delete(id);
    print(id, word);
  };
  const left = new Set(byId.keys());
  let reaching: Task["reaching"];
  let spoilt: number | undefined;
  try {
    await writeSwitches(copy, samples);
    while (left.size > 0) {
      let current: number | undefined;
      const changes = [...left].map((id) => ({
        id,
        stem: byId.get(id)!.file.replace(/^.*\//, "").replace(/\.ts$/, ""),
      }));
      const code = await runJudge(copy, { tests, changes, ...(reaching && { reaching }) }, (word) => {
        if (word.kind === "broken") throw new Error(`tests fail as the tree is: ${word.tests.join("; ")}`);
        if (word.kind === "reaching") reaching = word.reaching;
        if (word.kind === "begin") current = word.id;
        if (word.kind === "loading") settle(word.id, verdicts.unjudged, "loading ");
        if (word.kind === "verdict") {
          if (word.killedBy !== undefined) settle(word.id, verdicts.killed, "killed  ");
          else settle(word.id, verdicts.survived, `SURVIVED (${word.tests} tests)`);
        }
      });
      if (reaching === undefined) throw new Error(`the tests could not be run: ${code}`);
      if (current === undefined || !left.has(current)) continue;
      // A change that spoils a fresh process, or ends it, is noticed.
      if (code !== 3 || spoilt === current) settle(current, verdicts.killed, "killed  ");
      else spoilt = current;
    }
    return verdicts;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    mutants: { type: "string", default: "40" },
    seed: { type: "string" },
    in: { type: "string", multiple: true, default: ["linkage", "rules", "session", "protocol"] },
    floor: { type: "string", default: "0.95" },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
console.log(`seed ${seed}`);
const samples = await takeSample(values.in, Number(values.mutants), createRandom(seed));
const importers = await readImporters(
  globSync(["server/src/**/*.ts", "client/src/**/*.ts", "test/**/*.ts"], { cwd: ROOT }),
);
const unit = /^test\/(?:text|syntax|linkage|rules|features|host|cli|session|protocol|client)\//;
const tests = testsReaching(new Set(samples.map(({ file }) => file)), importers).filter((test) => unit.test(test));
const { killed, survived, unjudged } = await judge(samples, tests);
console.log(
  `${killed.size} of ${killed.size + survived.size} changes were noticed, ${unjudged.size} could not be judged`,
);
if (killed.size < Number(values.floor) * (killed.size + survived.size)) {
  process.exitCode = 1;
}
