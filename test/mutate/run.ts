/**
 * Changes one condition or call of the product at a time and runs the unit tests that reach it, nearest first: a change that
 * no test notices is printed. It works on a copy; the working tree is not touched.
 *
 *     npm run mutate [-- --mutants 40] [--seed N] [--in linkage --in rules …] [--jobs 2] [--floor 0.95]
 *
 * The seed is random and printed. It fails below `--floor`.
 */

import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { globSync } from "tinyglobby";
import { createRandom } from "../support/random.ts";
import { runProgram } from "../support/run-program.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Test files of the first run of a mutant: most are killed there. */
const NEAREST = 8;
/** A test that runs longer than this hangs by the change: it has noticed. */
const SECONDS = 900;

interface Sample {
  readonly file: string;
  readonly mutant: Mutant;
}

interface Verdict extends Sample {
  readonly killed: boolean;
}

/** Which files a file of the tree imports, by paths from the root. */
async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(ROOT, file), "utf8");
  return [...text.matchAll(/from "(\.[^"]+\.ts)"/g)].map((match) =>
    relative(ROOT, resolve(ROOT, dirname(file), match[1]!)),
  );
}

/** The unit tests that import a file, directly or through others, nearest first. */
function testsReaching(file: string, importers: ReadonlyMap<string, readonly string[]>): string[] {
  const reached = new Set([file]);
  // A set is gone through in the order of its growth: this is a search in breadth.
  for (const one of reached) {
    for (const importer of importers.get(one) ?? []) {
      reached.add(importer);
    }
  }
  const stem = file.replace(/^.*\//, "").replace(/\.ts$/, "");
  const tests = [...reached].filter((one) => one.endsWith(".test.ts"));
  return [...tests.filter((test) => test.includes(stem)), ...tests.filter((test) => !test.includes(stem))];
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
  const all: Sample[] = [];
  for (const file of files) {
    all.push(...mutantsOf(await readFile(join(ROOT, file), "utf8")).map((mutant) => ({ file, mutant })));
  }
  console.log(`${all.length} possible changes in ${files.length} files`);
  return Array.from({ length: Math.min(count, all.length) }, () => all.splice(random(all.length), 1)[0]!);
}

/** Whether test files pass in a copy of the tree. */
async function pass(copy: string, tests: readonly string[]): Promise<boolean> {
  const flags = ["--no-config", "--import=tsx", "--reporter", "dot", "--timeout", "60000", "--bail", "--exit"];
  return (await runProgram("npx", ["mocha", ...flags, ...tests], { folder: copy, seconds: SECONDS })).status === 0;
}

/** Whether the tests notice a change, made in a copy of the tree at `copy`. */
async function isKilled(copy: string, { file, mutant }: Sample, tests: readonly string[]): Promise<boolean> {
  const source = await readFile(join(ROOT, file), "utf8");
  await writeFile(join(copy, file), source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end));
  try {
    for (const part of [tests.slice(0, NEAREST), tests.slice(NEAREST)]) {
      if (part.length > 0 && !(await pass(copy, part))) {
        return true;
      }
    }
    return false;
  } finally {
    await writeFile(join(copy, file), source);
  }
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

/** Throws where the tests fail without a change: everything would be "noticed". */
async function checkBaseline(tests: readonly string[]): Promise<void> {
  const copy = await makeCopy();
  try {
    if (!(await pass(copy, tests))) {
      throw new Error("the tests fail as the tree is: nothing can be told from them");
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Judges samples one after the other in a copy of its own, until none is left. */
async function judge(queue: Sample[], importers: ReadonlyMap<string, readonly string[]>): Promise<Verdict[]> {
  const copy = await makeCopy();
  const verdicts: Verdict[] = [];
  try {
    for (let sample = queue.shift(); sample !== undefined; sample = queue.shift()) {
      const killed = await isKilled(copy, sample, testsReaching(sample.file, importers));
      verdicts.push({ ...sample, killed });
      console.log(`${killed ? "killed  " : "SURVIVED"} ${sample.file}:${sample.mutant.line}: ${sample.mutant.what}`);
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  return verdicts;
}

const { values } = parseArgs({
  options: {
    mutants: { type: "string", default: "40" },
    seed: { type: "string" },
    in: { type: "string", multiple: true, default: ["linkage", "rules", "session", "protocol"] },
    jobs: { type: "string", default: "2" },
    floor: { type: "string", default: "0.95" },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
console.log(`seed ${seed}`);
const queue = await takeSample(values.in, Number(values.mutants), createRandom(seed));
const importers = await readImporters(
  globSync(["server/src/**/*.ts", "client/src/**/*.ts", "test/**/*.ts"], { cwd: ROOT }),
);
await checkBaseline([...new Set(queue.flatMap(({ file }) => testsReaching(file, importers)))]);
const verdicts = (await Promise.all(Array.from({ length: Number(values.jobs) }, () => judge(queue, importers)))).flat();
const killed = verdicts.filter((one) => one.killed).length;
console.log(`${killed} of ${verdicts.length} changes were noticed`);
if (killed < Number(values.floor) * verdicts.length) {
  process.exitCode = 1;
}
