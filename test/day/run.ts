/**
 * `npm run test:day`: a long day of one server in some minutes: keys in many files, checkouts, folders that come and go. Behind it a key
 * costs what it did at the beginning, and the process is as large. It measures, so it is no unit test; a short day is
 * `-- --keys 2000 --checkouts 40 --folders 10`. Linux alone says how much a process has used.
 */

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundledCommand } from "../support/bundled-command.ts";
import { createRandom } from "../support/random.ts";
import { type RawClient, startRawClient } from "../support/raw-client.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const { values } = parseArgs({
  options: {
    keys: { type: "string", default: "20000" },
    checkouts: { type: "string", default: "200" },
    folders: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
  },
});

/** The day is measured in as many parts; each has its keys and checkouts. */
const PARTS = 40;
const FILES = 48;
const CHANGED_BY_CHECKOUT = 24;

/** At the end, at most so much of what there was after an eighth of the day: memory, and processor time a key. */
const MOST = 1.2;

/** The kernel counts a process's time in these (proc_pid_stat(5)). */
const TICKS_PER_SECOND = 100;

interface Part {
  readonly megabytes: number;
  readonly millisecondsPerKey: number;
}

const random = createRandom(Number(values.seed));

function sourceOf(number: number, version: number): string {
  const next = (number + 1) % FILES;
  const lines = [
    `extern int f_${next}_1(void) __attribute__((weak));`,
    `int __attribute__((weak)) weak_${number}(void) { return ${version}; }`,
  ];
  for (let i = 0; i < 50; i++)
    lines.push(`int f_${number}_${i}(int a) {`, `  return f_${next}_1 ? f_${next}_1() + a : ${i + version};`, "}");
  return `${lines.join("\n")}\n`;
}

const pathOf = (number: number) => `d${number % 6}/f${number}.c`;

function treeOf(version: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: FILES }, (_, i) => [pathOf(i), sourceOf(i, version)]));
}

/** What a process has used so far: processor time in milliseconds, and the memory that it has now. */
function usageOf(pid: number): { milliseconds: number; megabytes: number } {
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user, system] = fields.split(" ").slice(11, 13).map(Number) as [number, number];
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))!;
  return { milliseconds: ((user + system) * 1000) / TICKS_PER_SECOND, megabytes: Number(kilobytes) / 1024 };
}

/** Types a letter and takes it away again, each time asking for what an editor asks for. */
async function typeKeys(client: RawClient, uris: readonly string[], versions: number[], count: number): Promise<void> {
  let number = 0;
  for (let key = 0; key < count; key++) {
    // Two keys in one place, then elsewhere.
    if (key % 2 === 0) number = random(uris.length);
    const start = { line: 2 + 3 * (number % 40), character: 4 };
    const end = key % 2 === 0 ? start : { ...start, character: 5 };
    const textDocument = { uri: uris[number]!, version: ++versions[number]! };
    client.tell("textDocument/didChange", {
      textDocument,
      contentChanges: [{ range: { start, end }, text: key % 2 === 0 ? "x" : "" }],
    });
    await client.ask("textDocument/diagnostic", { textDocument });
    if (key % 20 === 0) await client.ask("textDocument/hover", { textDocument, position: { line: 0, character: 14 } });
  }
}

async function live(): Promise<Part[]> {
  using tree = createTemporaryFolder(treeOf(0));
  using second = createTemporaryFolder(treeOf(1));
  const client = startRawClient(tree.path, { command: [await bundledCommand()] });
  const uris = Array.from({ length: FILES }, (_, i) => pathToFileURL(`${tree.path}/${pathOf(i)}`).href);
  const versions = uris.map(() => 1);
  const parts: Part[] = [];
  try {
    await client.initialize({
      textDocument: { diagnostic: {} },
      workspace: {
        workspaceFolders: true,
        diagnostics: { refreshSupport: true },
        didChangeWatchedFiles: { dynamicRegistration: true },
      },
    });
    await client.indexed;
    for (const [i, uri] of uris.entries())
      client.tell("textDocument/didOpen", { textDocument: { uri, languageId: "c", version: 1, text: sourceOf(i, 0) } });

    const checkout = async (version: number): Promise<void> => {
      const changed = Array.from({ length: CHANGED_BY_CHECKOUT }, () => random(FILES));
      tree.write(Object.fromEntries(changed.map((i) => [pathOf(i), sourceOf(i, version)])));
      client.tell("workspace/didChangeWatchedFiles", { changes: changed.map((i) => ({ uri: uris[i], type: 2 })) });
      await client.ask("workspace/symbol", { query: "weak_1" });
    };
    const comeAndGo = async (): Promise<void> => {
      const folder = { uri: pathToFileURL(second.path).href, name: "second" };
      const ready = client.next("weakspot/status");
      client.tell("workspace/didChangeWorkspaceFolders", { event: { added: [folder], removed: [] } });
      await ready;
      await client.ask("weakspot/linkage", {});
      client.tell("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [folder] } });
    };

    const share = (all: string, part: number) =>
      Math.floor((Number(all) * (part + 1)) / PARTS) - Math.floor((Number(all) * part) / PARTS);
    for (let part = 0; part < PARTS; part++) {
      for (let i = share(values.folders, part); i > 0; i--) await comeAndGo();
      for (let i = share(values.checkouts, part); i > 0; i--) await checkout(part * 100 + i);
      const keys = share(values.keys, part);
      const before = usageOf(client.pid);
      await typeKeys(client, uris, versions, keys);
      const after = usageOf(client.pid);
      parts.push({
        megabytes: after.megabytes,
        millisecondsPerKey: (after.milliseconds - before.milliseconds) / Math.max(keys, 1),
      });
    }
  } finally {
    await client[Symbol.asyncDispose]();
  }
  return parts;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

const parts = await live();
const early = parts.slice(PARTS / 8, PARTS / 4);
const late = parts.slice(-PARTS / 8);
let isLevel = true;
for (const [what, unit, read] of [
  ["memory", "MB", ({ megabytes }: Part) => megabytes],
  ["processor time a key", "ms", ({ millisecondsPerKey }: Part) => millisecondsPerKey],
] as const) {
  const [before, after] = [median(early.map(read)), median(late.map(read))];
  const isFine = after <= before * MOST;
  isLevel &&= isFine;
  const course = parts.filter((_, i) => i % 4 === 3).map((part) => read(part).toFixed(1));
  console.log(
    `${what}: ${before.toFixed(1)} ${unit} early, ${after.toFixed(1)} ${unit} at the end${isFine ? "" : ": it grows"} (${course.join(", ")})`,
  );
}
console.log(`${values.keys} keys, ${values.checkouts} checkouts, ${values.folders} folders, seed ${values.seed}`);
process.exitCode = isLevel ? 0 : 1;
