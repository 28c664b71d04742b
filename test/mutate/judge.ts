/**
 * Runs in a copy of the tree whose sources can be switched (switched-source.ts). It loads the tests once, runs them as the tree is and
 * notes which test reaches which change; then it makes one change after the other and runs the tests that reach it, nearest first,
 * until one fails. A failure counts only where the same test passes again without the change: else the process is spoilt, and the
 * change is left to a fresh one.
 *
 * Input: the name of a JSON file (`Task`). Output: one JSON `Word` a line on stdout.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import Mocha from "mocha";

/** Seconds of CPU time that the tests of one change may take: what takes longer hangs by the change, and has noticed it. */
const CPU_SECONDS = 120;

export interface Task {
  /** Test files, as paths from the root. */
  readonly tests: readonly string[];
  readonly changes: readonly { readonly id: number; readonly stem: string }[];
  /** Full titles of the tests that reach a change, by its number, where an earlier process found them out. */
  readonly reaching?: Readonly<Record<number, readonly string[]>>;
}

export type Word =
  | { readonly kind: "reaching"; readonly reaching: Readonly<Record<number, readonly string[]>> }
  /** It is asked for while modules load, once: this process can't tell anything about it. */
  | { readonly kind: "loading"; readonly id: number }
  | { readonly kind: "begin"; readonly id: number }
  | { readonly kind: "verdict"; readonly id: number; readonly killedBy: string | undefined; readonly tests: number }
  | { readonly kind: "spoilt"; readonly id: number; readonly by: string }
  | { readonly kind: "broken"; readonly tests: readonly string[] };

interface Switch {
  weakspotMutation: { active: number };
  weakspotReached: ((id: number) => void) | undefined;
}

const world = globalThis as unknown as Switch;
const say = (word: Word): void => {
  process.stdout.write(`${JSON.stringify(word)}\n`);
};

interface Listener {
  onFile(file: string): void;
  onTest(title: string): void;
}

/** The full titles of the tests that failed: of all tests, or the first one of those with `titles`. */
function run(mocha: Mocha, titles: ReadonlySet<string> | undefined, listener?: Listener): Promise<string[]> {
  const options = mocha.options as { grep?: unknown };
  options.grep = titles === undefined ? undefined : { test: (title: string) => titles.has(title) };
  return new Promise((resolve) => {
    const failed: string[] = [];
    const runner = mocha.run(() => resolve(failed));
    runner.on("fail", (test) => {
      failed.push(test.fullTitle());
      if (titles !== undefined) runner.abort();
    });
    if (listener !== undefined) {
      runner.on("suite", (suite) => suite.file !== undefined && listener.onFile(suite.file));
      runner.on("test", (test) => listener.onTest(test.fullTitle()));
    }
  });
}

async function load(tests: readonly string[]): Promise<Mocha> {
  const mocha = new Mocha({ timeout: 120_000, reporter: class {} as unknown as string });
  mocha.cleanReferencesAfterRun(false);
  for (const test of tests) mocha.addFile(test);
  await mocha.loadFilesAsync();
  return mocha;
}

function titlesByFile(mocha: Mocha): Map<string, string[]> {
  const found = new Map<string, string[]>();
  mocha.suite.eachTest((test: Mocha.Test) => {
    const file = test.file ?? "";
    found.set(file, [...(found.get(file) ?? []), test.fullTitle()]);
  });
  return found;
}

/** Which tests reach which change. Undefined where a test fails as the tree is. */
async function findReaching(mocha: Mocha): Promise<Record<number, string[]> | undefined> {
  const reaching = new Map<number, Set<string>>();
  const byFile = titlesByFile(mocha);
  const folder = mkdtempSync(join(tmpdir(), "weakspot-reached-"));
  process.env["WEAKSPOT_REACHED"] = folder;
  let current: readonly string[] = [];
  const note = (id: number, titles: readonly string[]): void => {
    const known = reaching.get(id) ?? new Set();
    for (const title of titles) known.add(title);
    reaching.set(id, known);
  };
  world.weakspotReached = (id) => note(id, current);
  const failed = await run(mocha, undefined, {
    onFile: (file) => {
      process.env["WEAKSPOT_TEST_FILE"] = file;
      current = byFile.get(file) ?? [];
    },
    onTest: (title) => {
      current = [title];
    },
  });
  world.weakspotReached = () => {};
  for (const name of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, name), "utf8").trim().split("\n")) {
      const [id, file] = line.split("\t");
      note(Number(id), byFile.get(file ?? "") ?? []);
    }
  }
  rmSync(folder, { recursive: true });
  delete process.env["WEAKSPOT_REACHED"];
  if (failed.length > 0) {
    say({ kind: "broken", tests: failed });
    return undefined;
  }
  return Object.fromEntries([...reaching].map(([id, titles]) => [id, [...titles]]));
}

function setChange(id: number): void {
  world.weakspotMutation.active = id;
  process.env["WEAKSPOT_MUTANT"] = id < 0 ? "" : String(id);
}

/** The first of the tests that fails with a change. */
async function findKiller(
  mocha: Mocha,
  id: number,
  parts: readonly (readonly string[])[],
): Promise<string | undefined> {
  setChange(id);
  try {
    for (const part of parts) {
      const [failed] = part.length === 0 ? [] : await run(mocha, new Set(part));
      if (failed !== undefined) return failed;
    }
    return undefined;
  } finally {
    setChange(-1);
  }
}

/** Ends this process when one change takes too long; the returned function starts the time of the next one. */
function watchTime(): () => void {
  const begun = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { workerData: begun } = require("node:worker_threads");
    let number = -1, start = 0;
    const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
    setInterval(() => {
      if (begun[0] !== number) { number = begun[0]; start = used(); }
      if (number > 0 && used() - start > ${CPU_SECONDS}) process.kill(process.pid, "SIGKILL");
    }, 500);`;
  new Worker(code, { eval: true, workerData: begun, env: {} }).unref();
  return () => void Atomics.add(begun, 0, 1);
}

const beginNext = watchTime();
const task = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Task;
const whileLoading = new Set<number>();
world.weakspotReached = (id) => whileLoading.add(id);
const mocha = await load(task.tests);
const reaching = task.reaching ?? (await findReaching(mocha));
if (reaching === undefined) process.exit(1);
say({ kind: "reaching", reaching });
const files = titlesByFile(mocha);
for (const { id, stem } of task.changes) {
  if (whileLoading.has(id)) {
    say({ kind: "loading", id });
    continue;
  }
  say({ kind: "begin", id });
  beginNext();
  const titles = reaching[id] ?? [];
  const near = new Set([...files].filter(([file]) => file.includes(stem)).flatMap(([, some]) => some));
  const nearest = titles.filter((title) => near.has(title));
  const killer = await findKiller(mocha, id, [nearest, titles.filter((title) => !near.has(title))]);
  // A failed hook names itself and no test: the whole is run again.
  const again = titles.includes(killer ?? "") ? [killer!] : titles;
  if (killer !== undefined && (await run(mocha, new Set(again))).length > 0) {
    say({ kind: "spoilt", id, by: killer });
    process.exit(3);
  }
  say({ kind: "verdict", id, killedBy: killer, tests: titles.length });
}
process.exit(0);
