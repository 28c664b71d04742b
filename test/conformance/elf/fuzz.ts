/**
 * Breaks objects and archives in thousands of ways and reads them: each must give an answer or a message within two seconds,
 * and all together must stay below 1 GB of memory.
 *
 *     npm run fuzz:elf [-- COUNT [SEED]]
 *
 * The same seed breaks them in the same way. What fails is left in a folder that is named.
 */

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ElfReader, openElfReader } from "../../../server/src/host/elf/elf-reader.ts";
import { eachSymbol, symbolsNamed } from "../../../server/src/host/elf/object-symbols.ts";
import { relocationsOfName } from "../../../server/src/host/elf/relocation-counts.ts";
import { makeHostileFiles } from "./hostile.ts";
import { mutate, randomNumbers } from "./mutations.ts";
import { makeSeeds } from "./seeds.ts";

const MAX_SECONDS = 2;
const MAX_BYTES = 1e9;
/** After this a question is taken for one that is never answered. */
const HANG_SECONDS = 20;

interface Run {
  reader: ElfReader;
  questions: number;
  /** Files that gave symbols, relocations or members. */
  answered: number;
  /** Files that gave nothing but messages. */
  messages: number;
  slowest: number;
  slowestFile: string;
  readonly failures: string[];
}

async function withinLimit<T>(run: Run, question: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), HANG_SECONDS * 1000);
  });
  try {
    run.questions++;
    return await Promise.race([question, hang]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks everything there is to ask about a file. What it takes counts as one time. */
async function askEverything(run: Run, path: string): Promise<void> {
  const { reader } = run;
  let found = 0;
  const { symbols, tables } = await withinLimit(run, reader.countRelocations(path, { scope: "all" }));
  for (const table of symbols.tables) {
    let last = "";
    for (const { name } of eachSymbol(symbols, table)) {
      last = name;
      found++;
    }
    found += symbolsNamed(symbols, last, table).length;
    found += relocationsOfName({ symbols, tables, problems: [] }, last, table).total;
  }
  found += tables.reduce((sum, { counts }) => sum + counts.length, 0);
  const archive = await withinLimit(run, reader.readArchive(path));
  found += archive?.members.length ?? 0;
  const { places } = await withinLimit(run, reader.listObjects(path));
  for (const place of places.slice(0, 5)) {
    await withinLimit(
      run,
      reader.readSymbols(place.path, { member: place.member }).catch(() => undefined),
    );
  }
  if (symbols.problems.length === 0 && found === 0 && archive === undefined)
    throw new Error("neither answer nor message");
  if (found > 0) run.answered++;
  else run.messages++;
}

async function check(run: Run, path: string, what: string): Promise<number> {
  const started = performance.now();
  try {
    await askEverything(run, path);
  } catch (error) {
    run.failures.push(`${what}: ${error instanceof Error ? error.message : error}`);
    await run.reader.close();
    run.reader = openElfReader({ cacheBytes: 0 });
  }
  const seconds = (performance.now() - started) / 1000;
  if (seconds > run.slowest) {
    run.slowest = seconds;
    run.slowestFile = what;
  }
  if (seconds > MAX_SECONDS) run.failures.push(`${what}: ${seconds.toFixed(1)} s`);
  return seconds;
}

async function breakObjects(run: Run, folder: string, count: number, seed: number): Promise<void> {
  const random = randomNumbers(seed);
  const kept = join(tmpdir(), "weakspot-elf-fuzz-failures");
  const seeds = makeSeeds(folder).map((path) => ({ path, bytes: new Uint8Array(readFileSync(path)) }));
  console.log(`${seeds.length} whole files`);
  const path = join(folder, "broken");
  for (let index = 0; index < count; index++) {
    const { path: origin, bytes } = seeds[index % seeds.length]!;
    writeFileSync(path, mutate(bytes, random));
    const failed = run.failures.length;
    await check(run, path, `mutant ${index} of ${origin}`);
    if (run.failures.length > failed) {
      if (!existsSync(kept)) mkdirSync(kept);
      copyFileSync(path, join(kept, `mutant-${seed}-${index}`));
      console.log(`  ${run.failures.at(-1)} (kept in ${kept})`);
    }
  }
}

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
const folder = mkdtempSync(join(tmpdir(), "weakspot-elf-fuzz-"));
const run: Run = {
  reader: openElfReader({ cacheBytes: 0 }),
  questions: 0,
  answered: 0,
  messages: 0,
  slowest: 0,
  slowestFile: "",
  failures: [],
};
const peak = () => process.resourceUsage().maxRSS * 1024;
try {
  await breakObjects(run, folder, count, seed);
  const { questions, answered, messages, slowest, slowestFile } = run;
  console.log(
    `${count} broken files, seed ${seed}: ${answered} answered, ${messages} only messages, ${questions} questions`,
  );
  console.log(`slowest ${slowest.toFixed(2)} s (${slowestFile}), peak RSS ${Math.round(peak() / 1e6)} MB`);
  for (const { what, path } of makeHostileFiles(folder)) {
    const seconds = await check(run, path, what);
    console.log(`${what}: ${seconds.toFixed(2)} s, peak RSS ${Math.round(peak() / 1e6)} MB`);
  }
  if (peak() > MAX_BYTES) run.failures.push(`peak RSS ${Math.round(peak() / 1e6)} MB`);
} finally {
  await run.reader.close();
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of run.failures) console.log(`FAILED ${failure}`);
console.log(run.failures.length === 0 ? "no failures" : `${run.failures.length} failures`);
process.exitCode = run.failures.length === 0 ? 0 : 1;
