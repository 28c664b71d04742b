/** Kills processes that index a tree and save it, and damages what they saved: the next start must never show it. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { createRandom } from "../support/random.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const ROUNDS = Number(process.env.CACHE_TEST_ROUNDS ?? 100);

const seed = Number(process.env.CACHE_TEST_SEED ?? 1);

interface Answer {
  readonly hash: string;
  readonly fromCache: boolean;
  readonly files: number;
}

describe(`cache, ${ROUNDS} rounds with seed ${seed}`, function () {
  this.timeout(0);
  let program: TemporaryFolder;
  let root: TemporaryFolder;
  let cache: TemporaryFolder;
  const random = createRandom(seed);

  before(() => {
    program = createTemporaryFolder();
    buildSync({
      entryPoints: { main: join(import.meta.dirname, "index-process.ts"), "scan-worker": workerEntry },
      outdir: program.path,
      outExtension: { ".js": ".cjs" },
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    });
    root = createTemporaryFolder(sampleTree());
    cache = createTemporaryFolder();
  });

  after(() => {
    for (const folder of [program, root, cache]) folder?.[Symbol.dispose]();
  });

  /** What an index of the tree says, made with the cache or without it. */
  function ask(cacheFolder?: string): Answer {
    const asked = spawnSync(process.execPath, [
      join(program.path, "main.cjs"),
      "answer",
      root.path,
      ...(cacheFolder === undefined ? [] : [cacheFolder]),
    ]);
    assert.equal(asked.status, 0, asked.stderr.toString());
    return JSON.parse(asked.stdout.toString()) as Answer;
  }

  /** Changes a few files of the tree, as an editor or a checkout would. */
  function changeTree(): void {
    for (let i = 0; i < 3; i++) {
      const path = `d${random(20)}/f${random(40)}.c`;
      if (random(4) === 0) rmSync(join(root.path, path), { force: true });
      else root.write({ [path]: sampleSource(random(1000)) });
    }
  }

  /** Every file below the cache's folder. */
  function cached(end: string): string[] {
    return readdirSync(cache.path, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(end))
      .map((name) => join(cache.path, name));
  }

  it("shows nothing of processes that were killed", async () => {
    let fromCache = 0;
    let unfinished = 0;
    const started = performance.now();
    ask();
    const duration = performance.now() - started;
    for (let round = 0; round < ROUNDS; round++) {
      changeTree();
      // Some start without a cache. Some are killed on their way to the first save, some while they save on and on.
      if (random(3) === 0) for (const path of cached(".index")) rmSync(path);
      const child = spawn(process.execPath, [join(program.path, "main.cjs"), "churn", root.path, cache.path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      const kill = (): boolean => child.kill("SIGKILL");
      if (round % 2 === 0) setTimeout(kill, random(duration * 1.5));
      else child.stdout.once("data", () => setTimeout(kill, random(200)));
      await ended;
      assert.equal(child.signalCode, "SIGKILL");
      unfinished += cached(".tmp").length;
      for (const path of cached(".tmp")) rmSync(path);
      changeTree();
      const answer = ask(cache.path);
      if (answer.fromCache) fromCache++;
      assert.equal(answer.hash, ask().hash, `round ${round}`);
    }
    console.log(`      ${fromCache} of ${ROUNDS} starts from the cache, ${unfinished} killed while writing it`);
    assert.ok(fromCache > 0);
  });

  for (const [what, damage] of [
    [
      "flipped bits",
      (bytes: Buffer): Buffer => {
        for (let i = random(3); i >= 0; i--) bytes[random(bytes.length)]! ^= 1 << random(8);
        return bytes;
      },
    ],
    ["a missing end", (bytes: Buffer): Buffer => bytes.subarray(0, random(bytes.length))],
    [
      "lost pages",
      (bytes: Buffer): Buffer => {
        const page = random(Math.ceil(bytes.length / 4096)) * 4096;
        return bytes.fill(0, page, page + 4096);
      },
    ],
  ] as const) {
    it(`shows nothing of ${what}`, () => {
      const expected = ask().hash;
      ask(cache.path);
      let [path] = cached(".index");
      const whole = path === undefined ? undefined : readFileSync(path);
      let fromCache = 0;
      for (let round = 0; round < ROUNDS; round++) {
        [path] = cached(".index");
        assert.ok(path !== undefined && whole !== undefined);
        writeFileSync(path, damage(Buffer.from(whole)));
        const answer = ask(cache.path);
        if (answer.fromCache) fromCache++;
        assert.equal(answer.hash, expected, `round ${round}`);
      }
      console.log(`      ${fromCache} of ${ROUNDS} starts from the cache`);
      assert.ok(fromCache < ROUNDS);
    });
  }

  it("does without a cache that is something else", () => {
    const expected = ask().hash;
    for (const path of cached(".index")) {
      rmSync(path);
      mkdirSync(path);
    }
    assert.equal(ask(cache.path).hash, expected);
    for (const path of cached(".index")) rmSync(path, { recursive: true });
    assert.equal(ask(cache.path).hash, expected);
    for (const path of cached(".index")) truncateSync(path, 0);
    assert.equal(ask(cache.path).hash, expected);
  });
});

const workerEntry = join(import.meta.dirname, "../../server/src/host/scan-worker.ts");

function sampleTree(): Record<string, string> {
  const files: Record<string, string> = { Makefile: "obj-y += d0/\n" };
  for (let i = 0; i < 800; i++) files[`d${i % 20}/f${i % 40}.c`] = sampleSource(i);
  files["include/all.h"] = Array.from({ length: 500 }, (_, i) => `extern int shared_${i} __weak;\n`).join("");
  files["vmlinux.lds.S"] = "SECTIONS { PROVIDE(shared_1 = .); }\n";
  files["entry.S"] = ".globl shared_2\nshared_2:\n";
  return files;
}

function sampleSource(number: number): string {
  const lines = ["#include <all.h>"];
  for (let i = 0; i < 20; i++) {
    lines.push(
      `#ifdef CONFIG_${(number * i) % 13}`,
      `int own_${number}_${i} = shared_${(number * i) % 500};`,
      "#endif",
    );
  }
  return `${lines.join("\n")}\n`;
}
