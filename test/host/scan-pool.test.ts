import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { createScanPool, type ScanPool } from "../../server/src/host/scan-pool.ts";

const frailWorker = new URL("frail-worker.mjs", import.meta.url);

interface Outcome {
  /** The files that were answered, in this order, and sorted. */
  readonly order: string[];
  readonly answered: string[];
  readonly lost: string[];
  readonly problems: string[];
  /** How many workers were started. */
  readonly started: number;
}

/** Has a pool of workers that may die do something, until it is idle. */
async function run(
  work: (pool: ScanPool) => void | Promise<void>,
  threads = 1,
  worker: URL = frailWorker,
): Promise<Outcome> {
  const answered: string[] = [];
  const lost: string[] = [];
  const problems: string[] = [];
  let started = 0;
  let idle = (): void => {};
  const isIdle = new Promise<void>((resolve) => {
    idle = resolve;
  });
  const pool = createScanPool({
    root: "/",
    exclude: [],
    threads,
    stuckMilliseconds: 2000,
    start(options) {
      started++;
      return new Worker(worker, {
        ...options,
        resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 },
      });
    },
    onScanned: ({ gone }) => answered.push(...gone.map(({ path }) => path)),
    onProblem: ({ path, reason }) => problems.push(`${path}: ${reason}`),
    onLost: ({ path }) => lost.push(path),
    onIdle: idle,
  });
  await work(pool);
  if (!pool.isIdle) await isIdle;
  await pool.dispose();
  return { order: [...answered], answered: answered.sort(), lost: lost.sort(), problems: problems.sort(), started };
}

function requests(...paths: string[]) {
  return paths.map((path, i) => ({ path, request: i + 1 }));
}

const many = Array.from({ length: 200 }, (_, i) => `file${i}.c`);

describe("scan pool", () => {
  it("has every file read once", async () => {
    const { answered, lost, problems } = await run((pool) => pool.scan(requests(...many)), 2);
    assert.deepEqual([lost, problems], [[], []]);
    assert.deepEqual(answered, [...many].sort());
  });

  it("starts a second worker for thousands of files alone", async () => {
    const few = await run((pool) => pool.scan(requests(...many)), 2);
    const thousands = Array.from({ length: 3000 }, (_, i) => `file${i}.c`);
    const more = await run((pool) => pool.scan(requests(...thousands)), 2);
    assert.deepEqual([few.started, more.started], [1, 2]);
    assert.equal(more.answered.length, 3000);
  });

  for (const [deadly, reason] of [
    ["exit.c", /^exit.c: reading it did not end$/],
    ["throw.c", /^throw.c: reading it failed: broken$/],
    ["memory.c", /^memory.c: reading it failed: .*memory/],
    ["hang.c", /^hang.c: reading it did not end$/],
  ] as const) {
    it(`loses ${deadly} alone when a worker dies of it`, async () => {
      const paths = [...many.slice(0, 70), deadly, ...many.slice(70)];
      const { answered, lost, problems } = await run((pool) => pool.scan(requests(...paths)), 2);
      assert.deepEqual(answered, [...many].sort());
      assert.deepEqual(lost, [deadly]);
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, reason);
    });
  }

  it("goes on however many files workers die of", async () => {
    const paths = [...many.slice(0, 4), ...Array.from({ length: 6 }, () => "exit.c"), ...many.slice(4)];
    const { answered, lost } = await run((pool) => pool.scan(requests(...paths)));
    assert.deepEqual(answered, [...many].sort());
    assert.equal(lost.length, 6);
  });

  it("gives up when workers do not even start", async () => {
    const noWorker = new URL("no-such-worker.mjs", import.meta.url);
    const { answered, lost, problems } = await run((pool) => pool.scan(requests(...many)), 2, noWorker);
    assert.deepEqual(answered, []);
    assert.deepEqual(lost, [...many].sort());
    assert.match(problems[0]!, /Cannot find module/);
  });

  it("ends a listing of which a worker dies", async () => {
    const { problems } = await run((pool) => pool.list(["deadly"], false, () => assert.fail()));
    assert.deepEqual(problems, [": listing failed: the worker ended"]);
  });

  it("reads urgent files before others, and lists before it reads", async () => {
    const { order } = await run(async (pool) => {
      pool.scan(requests(...many));
      pool.scan([{ path: "urgent.c", request: 1000 }], true);
      const before = await new Promise<boolean>((resolve) => {
        void pool.list([""], false, ({ files }) => resolve(files.length === 1 && !pool.isIdle));
      });
      assert.ok(before);
    });
    assert.equal(order.length, 201);
    assert.ok(order.indexOf("urgent.c") < 150, `${order.indexOf("urgent.c")}`);
  });

  it("gives out no more than can be taken", async () => {
    let answered = 0;
    let mayGoOn = true;
    await new Promise<void>((resolve) => {
      const pool = createScanPool({
        root: "/",
        exclude: [],
        threads: 1,
        start: (options) => new Worker(frailWorker, options),
        mayGoOn: () => mayGoOn,
        onScanned: () => {
          answered++;
          // What was given to the worker before is still answered.
          if (answered === 10) mayGoOn = false;
          if (answered < 96) return;
          assert.equal(answered === 96, !mayGoOn);
          if (mayGoOn) return;
          setImmediate(() => {
            assert.equal(answered, 96);
            mayGoOn = true;
            pool.resume();
          });
        },
        onProblem: () => assert.fail(),
        onLost: () => assert.fail(),
        onIdle: () => pool.dispose().then(resolve),
      });
      pool.scan(requests(...many, ...many));
    });
    assert.equal(answered, 400);
  });

  it("ends its threads in a pause, and goes on behind it", async () => {
    let answered = 0;
    let before = 0;
    let tellIdle = (): void => {};
    const idle = new Promise<void>((resolve) => {
      tellIdle = resolve;
    });
    const pool = createScanPool({
      root: "/",
      exclude: [],
      threads: 2,
      start(options) {
        const worker = new Worker(frailWorker, options);
        worker.once("exit", () => {
          before ||= answered;
          pool.proceed();
        });
        return worker;
      },
      onScanned({ gone }) {
        if (answered === 0) pool.pause();
        answered += gone.length;
      },
      onProblem: ({ path, reason }) => assert.fail(`${path}: ${reason}`),
      onLost: ({ path }) => assert.fail(path),
      onIdle: tellIdle,
    });
    pool.scan(requests(...many, ...many, ...many));
    await idle;
    await pool.dispose();
    assert.ok(before > 0 && before < 500, `${before} were read before the threads had ended`);
    assert.equal(answered, 600);
  });

  it("ends what it is at when it is disposed of", async () => {
    const pool = createScanPool({
      root: "/",
      exclude: [],
      threads: 1,
      start: (options) => new Worker(frailWorker, options),
      onScanned: () => assert.fail(),
      onProblem: () => assert.fail(),
      onLost: () => assert.fail(),
      onIdle: () => assert.fail(),
    });
    pool.scan(requests("hang.c"));
    const listed = pool.list([""], false, () => assert.fail());
    await pool.dispose();
    await listed;
  });
});
