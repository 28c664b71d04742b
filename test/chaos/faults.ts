/**
 * What may happen to a program from outside: it is killed at any moment, several of it work on one tree and one cache, the disk is full
 * or can't be written to. Behind each, what it says is compared with what a program says that never used a cache.
 */

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { bundledCommand } from "../support/bundled-command.ts";
import { pathOfUri } from "../support/language-client.ts";
import { createRandom } from "../support/random.ts";
import { type RawClient, startRawClient } from "../support/raw-client.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import { files, pieces } from "./tree.ts";

/** A difference, or an end that should not be. */
export class FaultError extends Error {}

/** Enough files that a process is at something when it is killed. */
const MORE_FILES = 400;

/** Whoever is asked to end ends within this. */
const PROMPT_MILLISECONDS = 2000;

interface Scene {
  readonly command: string;
  readonly root: TemporaryFolder;
  readonly random: (below: number) => number;
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Goes through all faults, the kills so many times. Throws a {@link FaultError}. @returns what was done, a line each */
export async function runFaults(seed: number, rounds: number): Promise<readonly string[]> {
  const random = createRandom(seed);
  using root = createTemporaryFolder(files);
  root.write(
    Object.fromEntries(Array.from({ length: MORE_FILES }, (_, i) => [`drivers/d${i % 20}/f${i}.c`, source(i)])),
  );
  const scene: Scene = { command: await bundledCommand(), root, random };
  return [
    await killAll(scene, rounds),
    await shareCache(scene, Math.max(2, rounds >> 3)),
    withoutPlace(scene),
    withoutWriting(scene),
  ];
}

function source(number: number): string {
  const lines = ['#include "linkage.h"'];
  // A finding costs a comparison its fixes: some are enough.
  if (number % 40 === 0) lines.push(`extern int own_${number + 1}_1(void) __weak;`);
  for (let i = 0; i < 20; i++) lines.push(`int own_${number}_${i}(void) { return own_${number + 1}_${i}(); }`);
  return `${lines.join("\n")}\n`;
}

function check({ command, root }: Scene, cache: string | undefined, ...options: string[]): Outcome {
  const withCache = cache === undefined ? ["--no-cache"] : [];
  return spawnSync(process.execPath, [command, "check", root.path, "--format", "json", ...withCache, ...options], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, ...(cache === undefined ? {} : { XDG_CACHE_HOME: cache }) },
  });
}

/** Whether a check with this cache says what one without any says. */
function compare(scene: Scene, cache: string, what: string): Outcome {
  const fresh = check(scene, undefined);
  const cached = check(scene, cache);
  const place = firstDifference(fresh.stdout, cached.stdout);
  if (fresh.status !== cached.status || place !== undefined)
    throw new FaultError(`${what}: exits ${fresh.status} and ${cached.status}; ${place}\n${cached.stderr}`);
  if (fresh.status !== 1) throw new FaultError(`${what}: nothing was found: ${fresh.status} ${fresh.stderr}`);
  return cached;
}

function firstDifference(one: string, other: string): string | undefined {
  if (one === other) return undefined;
  let at = 0;
  while (one[at] === other[at]) at++;
  return `at ${at}: ${one.slice(at - 80, at + 120)}\n  other: ${other.slice(at - 80, at + 120)}`;
}

/** Changes some files of the tree, as a checkout would. */
function changeTree({ root, random }: Scene): void {
  for (let i = random(6); i >= 0; i--) {
    const number = random(MORE_FILES);
    const path = `drivers/d${number % 20}/f${number}.c`;
    if (random(5) === 0) rmSync(join(root.path, path), { force: true });
    else root.write({ [path]: source(random(2000)) + pieces[random(pieces.length)]! });
  }
}

const SIGNALS = ["SIGKILL", "SIGKILL", "SIGTERM", "SIGINT"] as const;

/** Kills servers and commands while they index, while they save and behind that. */
async function killAll(scene: Scene, rounds: number): Promise<string> {
  using cache = createTemporaryFolder();
  const { command, root, random } = scene;
  const started = performance.now();
  check(scene, cache.path);
  const duration = performance.now() - started;
  let unfinished = 0;
  for (let round = 0; round < rounds; round++) {
    changeTree(scene);
    if (random(3) === 0) rmSync(join(cache.path, "weakspot"), { recursive: true, force: true });
    const isServer = random(2) === 0;
    const child = spawn(process.execPath, [command, ...(isServer ? ["server", "--stdio"] : ["check", root.path])], {
      stdio: ["pipe", "ignore", "ignore"],
      env: { ...process.env, XDG_CACHE_HOME: cache.path },
    });
    if (isServer) for (const message of beginning(root.path)) child.stdin.write(message);
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    // A server saves two seconds after it has read the tree.
    await new Promise((resolve) => setTimeout(resolve, random(duration * 1.3 + (isServer ? 2500 : 0))));
    const signal = SIGNALS[random(SIGNALS.length)]!;
    const at = performance.now();
    child.kill(signal);
    await ended;
    const took = performance.now() - at;
    if (took > PROMPT_MILLISECONDS) throw new FaultError(`${signal} in round ${round}: it took ${Math.round(took)} ms`);
    const isDone = !isServer && child.exitCode === 1;
    if (!isDone && child.signalCode !== signal && child.exitCode === null)
      throw new FaultError(`${signal} in round ${round}: ended by ${child.signalCode}`);
    unfinished += readdirSync(cache.path, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".tmp"),
    ).length;
    changeTree(scene);
    compare(scene, cache.path, `${isServer ? "server" : "check"}, ${signal}, round ${round}`);
  }
  return `${rounds} kills of servers and commands, ${unfinished} times with a cache half written: no difference`;
}

/** What a client begins with, as it goes over the line. */
function beginning(root: string): string[] {
  const rootUri = pathToFileURL(root).href;
  const messages = [
    { id: 1, method: "initialize", params: { processId: null, rootUri, capabilities: {} } },
    { method: "initialized", params: {} },
  ];
  return messages.map((message) => {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  });
}

/** Two servers and commands that come and go, on one tree and one cache, while files change. */
async function shareCache(scene: Scene, rounds: number): Promise<string> {
  using cache = createTemporaryFolder();
  const { command, root } = scene;
  const start = async (): Promise<RawClient> => {
    const client = startRawClient(root.path, { command: [command], cache: cache.path });
    // These clients tell of changes themselves.
    await client.initialize({ workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } });
    return client;
  };
  const servers = await Promise.all([start(), start()]);
  try {
    for (let round = 0; round < rounds; round++) {
      changeTree(scene);
      const changes = [{ uri: pathToFileURL(`${root.path}/drivers`).href, type: 2 }];
      for (const server of servers) server.tell("workspace/didChangeWatchedFiles", { changes });
      compare(scene, cache.path, `beside two servers, round ${round}`);
      const { findings } = JSON.parse(check(scene, undefined).stdout) as { findings: Found[] };
      const wanted = findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`).sort();
      for (const [number, server] of servers.entries()) {
        const found = await foundBy(server, root.path, wanted);
        const [first] = [
          ...found.filter((one) => !wanted.includes(one)),
          ...wanted.filter((one) => !found.includes(one)),
        ];
        if (first !== undefined)
          throw new FaultError(
            `server ${number} of two, round ${round}: ${found.length}, not ${wanted.length}: ${first}`,
          );
      }
    }
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
  return `two servers and a command on one cache: ${rounds} rounds, no difference`;
}

interface Found {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

/** What a server finds in the whole tree, once it has read what has changed. */
async function foundBy(server: RawClient, root: string, wanted: readonly string[]): Promise<string[]> {
  for (let tries = 0; ; tries++) {
    const { result } = await server.ask("workspace/diagnostic", { previousResultIds: [] });
    const { items: reports } = result as { items: { uri: string; items: Diagnostic[] }[] };
    const found = reports.flatMap(({ uri, items }) =>
      items.map(({ range, code }) => `${pathOfUri(root, uri)}:${range.start.line + 1} ${code}`),
    );
    found.sort();
    if (found.join("\n") === wanted.join("\n") || tries === 50) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A file system of its own, of so many KiB; undefined where nobody may mount one. */
function mount(folder: string, kilobytes: number): Disposable | undefined {
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "weakspot-chaos", folder]);
  if (status !== 0) return undefined;
  return { [Symbol.dispose]: () => void execFileSync("umount", [folder]) };
}

const NO_MOUNT = "no file system can be mounted here: full and read-only disks were NOT tried";

/** A cache on a disk that is full, on one that can't be written to, and where a file stands in the place of its folder. */
function withoutPlace(scene: Scene): string {
  using folder = createTemporaryFolder();
  writeFileSync(join(folder.path, "file"), "");
  compare(scene, join(folder.path, "file"), "a file in the place of the cache");
  const disk = join(folder.path, "disk");
  mkdirSync(disk);
  using mounted = mount(disk, 64);
  if (mounted === undefined) return NO_MOUNT;
  const full = compare(scene, disk, "a cache on a full disk");
  if (!/not saved: /.test(full.stderr)) throw new FaultError(`a full disk: nobody was told: ${full.stderr}`);
  const left = readdirSync(disk, { recursive: true, encoding: "utf8" }).filter((name) => /\.(tmp|index)$/.test(name));
  if (left.length > 0) throw new FaultError(`a full disk: ${left.join(", ")} was left`);
  execFileSync("mount", ["-o", "remount,ro", disk]);
  compare(scene, disk, "a cache on a read-only disk");
  return "a cache on a full disk, on a read-only one, behind a file: no difference";
}

/** Fixes on a disk that is full or read-only change nothing. */
function withoutWriting(scene: Scene): string {
  using folder = createTemporaryFolder();
  using mounted = mount(folder.path, 2048);
  if (mounted === undefined) return NO_MOUNT;
  folder.write(files);
  const here = { ...scene, root: folder };
  const before = textOf(folder.path);
  const filler = join(folder.path, "filler.bin");
  const { bavail, bsize } = statfsSync(folder.path);
  writeFileSync(filler, Buffer.alloc(bavail * bsize));
  const full = check(here, undefined, "--fix");
  rmSync(filler);
  if (full.status !== 2 || textOf(folder.path) !== before)
    throw new FaultError(`fixes on a full disk: exit ${full.status}, ${full.stderr}`);
  execFileSync("mount", ["-o", "remount,ro", folder.path]);
  const readOnly = check(here, undefined, "--fix");
  if (readOnly.status !== 2 || textOf(folder.path) !== before)
    throw new FaultError(`fixes on a read-only disk: exit ${readOnly.status}, ${readOnly.stderr}`);
  execFileSync("mount", ["-o", "remount,rw", folder.path]);
  const fixed = check(here, undefined, "--fix");
  if (textOf(folder.path) === before) throw new FaultError(`there was nothing to fix: ${fixed.stderr}`);
  return "fixes on a full disk and on a read-only one: nothing was changed";
}

/** All files with their texts. */
function textOf(root: string): string {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${path}\n${readFileSync(path, "latin1")}`)
    .join("\n");
}
