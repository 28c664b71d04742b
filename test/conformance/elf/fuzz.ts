/**
 * Breaks objects and archives in thousands of ways and reads them: each must give an answer or a message within two seconds
 * of processor time, and all together must stay below 1 GB of memory.
 *
 *     npm run fuzz:elf [-- COUNT [SEED]]
 *
 * The same seed breaks them in the same way. What fails is left in a folder that is named.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ElfReader, openElfReader } from "../../../server/src/host/elf/elf-reader.ts";
import { eachSymbol, elfSymbolsNamed } from "../../../server/src/host/elf/object-symbols.ts";
import { type ObjectRelocations, relocationsOfName } from "../../../server/src/host/elf/relocation-counts.ts";
import { makeHostileFiles } from "./hostile.ts";
import { mutate, randomNumbers } from "./mutations.ts";
import { makeSeeds } from "./seeds.ts";

const MAX_SECONDS = 2;
/** The same for the files made to be as expensive as they can: a hundred megabytes of them, or a terabyte of holes. */
const MAX_HOSTILE_SECONDS = 4;
const MAX_BYTES = 1e9;
/** After this a question is taken for one that is never answered, in seconds of wall time, however busy the machine is. */
const HANG_SECONDS = 60;

interface Run {
  reader: ElfReader;
  questions: number;
  /** Files that gave symbols, relocations or members. */
  answered: number;
  /** Files that gave nothing but messages. */
  messages: number;
  slowest: number;
  slowestFile: string;
  /** How long one question may take, in seconds of processor time. */
  readonly limit: number;
  readonly failures: string[];
}

/** Asks one thing, takes the processor time of all threads, and gives up when there is no answer at all. */
async function timed<T>(run: Run, what: string, ask: () => Promise<T>): Promise<T> {
  const started = process.cpuUsage();
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), HANG_SECONDS * 1000);
  });
  try {
    run.questions++;
    return await Promise.race([ask(), hang]);
  } finally {
    clearTimeout(timer);
    const { user, system } = process.cpuUsage(started);
    const seconds = (user + system) / 1e6;
    if (seconds > run.slowest) Object.assign(run, { slowest: seconds, slowestFile: what });
    if (seconds > run.limit) run.failures.push(`${what}: ${seconds.toFixed(1)} s`);
  }
}

/** Asks everything there is to ask about a file. */
async function askEverything(run: Run, path: string, what: string): Promise<void> {
  const { reader } = run;
  const relocations = await timed(run, what, () => reader.countRelocations(path, { scope: "all" }));
  const { symbols } = relocations;
  await timed(run, what, async () => lookAround(relocations));
  const archive = await timed(run, what, () => reader.readArchive(path));
  const { places } = await timed(run, what, () => reader.listObjects(path));
  for (const place of places.slice(0, 5)) {
    const read = () => reader.readSymbols(place.path, { member: place.member }).catch(() => undefined);
    await timed(run, what, read);
  }
  const found = symbols.tables.length + (archive?.members.length ?? 0);
  if (symbols.problems.length === 0 && found === 0) throw new Error("neither answer nor message");
  if (found > 0) run.answered++;
  else run.messages++;
}

/** Decodes symbols, and looks some up by name. */
function lookAround(relocations: ObjectRelocations): void {
  const { symbols } = relocations;
  for (const table of symbols.tables) {
    let last = "";
    let decoded = 0;
    for (const { name } of eachSymbol(symbols, table)) {
      last = name;
      // Decoding millions is the work of whoever wants them.
      if (++decoded > 500_000) break;
    }
    elfSymbolsNamed(symbols, last, table);
    relocationsOfName(relocations, last, table);
  }
}

async function check(run: Run, path: string, what: string): Promise<void> {
  try {
    await askEverything(run, path, what);
  } catch (error) {
    run.failures.push(`${what}: ${error instanceof Error ? error.message : error}`);
    await run.reader.close();
    run.reader = openElfReader({ cacheBytes: 0 });
  }
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

function startRun(limit: number): Run {
  const reader = openElfReader({ cacheBytes: 0 });
  return { reader, questions: 0, answered: 0, messages: 0, slowest: 0, slowestFile: "", limit, failures: [] };
}

/** The most memory that this process, with all of its threads, has used at once. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function finishRun(run: Run): void {
  const megabytes = Math.round(peakBytes() / 1e6);
  console.log(`slowest ${run.slowest.toFixed(2)} s (${run.slowestFile}), peak RSS ${megabytes} MB`);
  if (peakBytes() > MAX_BYTES) run.failures.push(`peak RSS ${megabytes} MB`);
  for (const failure of run.failures) console.log(`FAILED ${failure}`);
  process.exitCode = run.failures.length === 0 ? 0 : 1;
}

/** Reads each hostile file in a process of its own, which has its own peak. Gives how many failed. */
function checkHostileFiles(folder: string): number {
  let failed = 0;
  for (const { what, path } of makeHostileFiles(folder)) {
    const script = process.argv[1]!;
    const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, script, "--one", path, what], {
      encoding: "utf8",
    });
    process.stdout.write(stdout);
    if (status !== 0) {
      failed++;
      console.log(`FAILED ${what}: ended with ${status}`);
    }
  }
  return failed;
}

const isHostile = process.argv[2] === "--one";
const run = startRun(isHostile ? MAX_HOSTILE_SECONDS : MAX_SECONDS);
if (isHostile) {
  await check(run, process.argv[3]!, process.argv[4]!);
  await run.reader.close();
  finishRun(run);
} else {
  const [count, seed] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1)];
  const folder = mkdtempSync(join(tmpdir(), "weakspot-elf-fuzz-"));
  try {
    await breakObjects(run, folder, count, seed);
    const { questions, answered, messages } = run;
    console.log(
      `${count} broken files, seed ${seed}: ${answered} answered, ${messages} only messages, ${questions} questions`,
    );
    finishRun(run);
    const failed = run.failures.length + checkHostileFiles(folder);
    console.log(failed === 0 ? "no failures" : `${failed} failures`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    await run.reader.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
