/**
 * Proves fixes on generated trees: each is built and run before and after by several compilers. A different output, a link or
 * compile error, a new warning, a change outside of the tree, an undo that is not byte for byte is a failure.
 *
 *     npm run test:fixes [-- --symbols 1000] [--seed N] [--tree N] [--kind KIND …] [--jobs 2] [--size 36] [--compilers 6]
 *         [--reduce 5] [--out FOLDER] [--seconds N]
 *     npm run test:fixes -- --naive            the form that looks right and is not must be caught
 *     npm run test:fixes -- --fault NAME       the product with a fault in it must be caught; --fault all takes them in turn
 *
 * The seed is random and printed; after `--seconds` no tree is begun any more. The smallest trees that fail are printed in the
 * fixture language.
 */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MissingToolError, needTools } from "../support/needed-tools.ts";
import { variantName } from "./build-tree.ts";
import { type Fault, faults } from "./faults.ts";
import { makeTreeSpec, specimensOf, type TreeKind, type TreeSpec } from "./layout.ts";
import { openProduct, type Product } from "./product.ts";
import { type Reduced, reduce } from "./reduce.ts";
import { type Counts, countOffers, describeSpec, newCounts, printCounts } from "./tables.ts";
import { neededTools, toolchains, type Wrappers, writeWrappers } from "./toolchains.ts";
import { type Failure, type Phase, tryTree } from "./trial.ts";

/** So many of a hundred symbols with plain uses must get a fix, where enough were looked at. */
const PLAIN_SHARE = 90;

interface Settings {
  readonly symbols: number;
  readonly seed: number;
  readonly tree: number | undefined;
  readonly kinds: readonly TreeKind[] | undefined;
  readonly jobs: number;
  readonly reductions: number;
  /** Symbols of one tree. */
  readonly size: number;
  readonly compilers: number;
  readonly phases: readonly Phase[];
  readonly stopsAtFirst: boolean;
  readonly out: string | undefined;
  /** No tree is begun after so many seconds. */
  readonly seconds: number;
}

interface Found {
  readonly tree: number;
  readonly spec: TreeSpec;
  readonly failure: Failure;
}

interface Summary {
  readonly found: readonly Found[];
  readonly counts: Counts;
  readonly trees: number;
  readonly runs: number;
  readonly broken: readonly string[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      symbols: { type: "string", default: "1000" },
      seed: { type: "string" },
      tree: { type: "string" },
      kind: { type: "string", multiple: true },
      jobs: { type: "string", default: "2" },
      reduce: { type: "string", default: "5" },
      size: { type: "string", default: "36" },
      compilers: { type: "string", default: String(toolchains.length) },
      out: { type: "string" },
      naive: { type: "boolean", default: false },
      fault: { type: "string" },
      seconds: { type: "string", default: "Infinity" },
    },
  });
  try {
    await needTools(neededTools);
  } catch (error) {
    if (!(error instanceof MissingToolError) || process.env.CI === "true") throw error;
    console.log(`skipped, ${error.message}`);
    return;
  }
  const expectsFailure = values.naive || values.fault !== undefined;
  const settings: Settings = {
    symbols: Number(values.symbols),
    seed: values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed),
    tree: values.tree === undefined ? undefined : Number(values.tree),
    kinds: values.kind as TreeKind[] | undefined,
    jobs: Number(values.jobs),
    reductions: expectsFailure ? 0 : Number(values.reduce),
    phases: values.naive ? ["naive"] : ["preferred", "offered"],
    stopsAtFirst: expectsFailure,
    size: Number(values.size),
    compilers: Number(values.compilers),
    out: values.out,
    seconds: Number(values.seconds),
  };
  console.log(`seed ${settings.seed}`);
  if (!expectsFailure) {
    process.exitCode = await proveAll(settings);
    return;
  }
  const planted = values.naive
    ? [undefined]
    : faults.filter(({ name }) => values.fault === "all" || name === values.fault);
  if (planted.length === 0) throw new Error(`no such fault; there are ${faults.map(({ name }) => name).join(", ")}`);
  for (const fault of planted) if (!(await catches(fault, settings))) process.exitCode = 1;
}

/** Whether a product with a fault, or the naive form, is caught. */
async function catches(fault: Fault | undefined, settings: Settings): Promise<boolean> {
  const product = fault === undefined ? undefined : await openProduct(fault);
  const { found, counts } = await tryTrees(settings, product);
  const what = fault === undefined ? "the naive form" : `the fault ${fault.name} (${fault.what})`;
  const [first] = found;
  if (first === undefined) {
    console.log(`NOT CAUGHT: ${what}, in ${counts.symbols} symbols`);
    return false;
  }
  console.log(
    `caught: ${what}, ${found.length} failures within ${counts.symbols} symbols, such as ${describeFailure(first.failure)}`,
  );
  return true;
}

async function proveAll(settings: Settings): Promise<number> {
  const started = Date.now();
  const product = await openProduct(undefined);
  const summary = await tryTrees(settings, product);
  const { found, counts } = summary;
  printCounts(counts, (line) => console.log(line));
  for (const text of summary.broken.slice(0, 5)) console.log(`a generated tree does not build: ${text}`);
  const kinds = bySignature(found);
  for (const [signature, some] of kinds)
    console.log(
      `${String(some.length).padStart(6)} failures: ${signature}; the first: tree ${some[0]!.tree}, ${describeFailure(some[0]!.failure)}`,
    );
  await reduceAll(kinds, settings, product);
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `${counts.symbols} symbols in ${summary.trees} trees, built and run ${summary.runs} times in ${seconds} s: ${found.length} failures of ${kinds.size} kinds; seed ${settings.seed}`,
  );
  const isUseful = counts.plain < 50 || counts.plainFixed >= leastOf(counts.plain);
  if (!isUseful) console.log(`fewer than ${PLAIN_SHARE} % of the plain symbols get a fix, by more than chance`);
  return found.length === 0 && summary.broken.length === 0 && isUseful ? 0 : 1;
}

/** How many of so many plain symbols must get a fix: the share, less what a sample may miss it by (two standard deviations). */
function leastOf(count: number): number {
  const share = PLAIN_SHARE / 100;
  return count * share - 2 * Math.sqrt(count * share * (1 - share));
}

async function tryTrees(settings: Settings, product: Product | undefined): Promise<Summary> {
  const base = await mkdtemp(join(tmpdir(), "weakspot-fixes-"));
  const wrappers = await writeWrappers(base);
  const found: Found[] = [];
  const counts = newCounts();
  const broken: string[] = [];
  const count = Math.max(1, Math.round(settings.symbols / settings.size));
  const end = Date.now() + settings.seconds * 1000;
  let next = 0;
  let runs = 0;
  let trees = 0;
  const work = async (): Promise<void> => {
    while (next < count && Date.now() < end && !(settings.stopsAtFirst && found.length > 0)) {
      const tree = next++;
      if (settings.tree !== undefined && settings.tree !== tree) continue;
      const spec = specOf(settings, tree, count);
      const started = Date.now();
      const outcome = await tryTree(spec, {
        product,
        wrappers,
        folder: join(base, `tree-${tree}`),
        phases: settings.phases,
        compilers: settings.compilers,
      });
      trees++;
      runs += outcome.runs;
      broken.push(...outcome.broken.map((text) => `tree ${tree} (${describeSpec(spec)}): ${text}`));
      countOffers(counts, spec, outcome.offers);
      found.push(...outcome.failures.map((failure) => ({ tree, spec, failure })));
      console.log(
        `tree ${tree}: ${describeSpec(spec)}, ${outcome.runs} builds in ${Math.round((Date.now() - started) / 1000)} s, ${outcome.failures.length} failures`,
      );
    }
  };
  try {
    await Promise.all(Array.from({ length: settings.jobs }, work));
  } finally {
    await rm(base, { recursive: true, force: true });
  }
  return { found, counts, trees, runs, broken };
}

function specOf(settings: Settings, tree: number, count: number): TreeSpec {
  const size = Math.max(1, Math.round(settings.symbols / count));
  return makeTreeSpec((settings.seed * 7919 + tree * 104729) | 0, size, settings.kinds);
}

/** Failures of one kind are those that say the same of symbols that are used and defined alike. */
function bySignature(found: readonly Found[]): Map<string, Found[]> {
  const kinds = new Map<string, Found[]>();
  for (const one of found) {
    const { failure, spec } = one;
    const [name] = failure.symbols;
    const specimen = specimensOf(spec).find((each) => each.name === name);
    const use = specimen?.uses.find(({ id }) => failure.detail.includes(id)) ?? specimen?.uses[0];
    const warning = /\[-W[\w-]+/.exec(failure.detail)?.[0].slice(1) ?? "";
    const signature = [
      `${failure.phase}: ${failure.kind} ${warning}`.trim(),
      spec.kind,
      ...(spec.isOptimized ? ["LTO"] : []),
      ...(specimen === undefined ? [] : [specimen.kind, specimen.presence, use?.form ?? ""]),
    ].join(", ");
    const some = kinds.get(signature);
    if (some === undefined) kinds.set(signature, [one]);
    else some.push(one);
  }
  return new Map([...kinds].sort((a, b) => b[1].length - a[1].length));
}

async function reduceAll(
  kinds: ReadonlyMap<string, readonly Found[]>,
  settings: Settings,
  product: Product,
): Promise<void> {
  const base = await mkdtemp(join(tmpdir(), "weakspot-fixes-"));
  const wrappers: Wrappers = await writeWrappers(base);
  try {
    let index = 0;
    for (const [signature, [first]] of kinds) {
      if (index++ >= settings.reductions || first === undefined) break;
      const folder = join(base, String(index));
      const reduced = await reduce(first.spec, first.failure, {
        product,
        wrappers,
        folder,
        phases: settings.phases,
        compilers: 1,
      });
      const text =
        reduced === undefined
          ? `tree ${first.tree} of seed ${settings.seed} fails only as a whole: ${describeFailure(first.failure)}\n`
          : describeReduced(reduced);
      console.log(`\n=== ${signature}\n${text}`);
      if (settings.out !== undefined) {
        await mkdir(settings.out, { recursive: true });
        await writeFile(
          join(
            settings.out,
            `${String(index).padStart(2, "0")}-${signature.replaceAll(/[^\w]+/g, "-").slice(0, 80)}.md`,
          ),
          `# ${signature}\n(seed ${settings.seed}, tree ${first.tree}; ${some(kinds, signature)} such failures)\n\n${text}`,
        );
      }
    }
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

function some(kinds: ReadonlyMap<string, readonly Found[]>, signature: string): number {
  return kinds.get(signature)?.length ?? 0;
}

function describeFailure({ kind, phase, variant, detail }: Failure): string {
  return `${phase} fixes, ${kind}${variant === undefined ? "" : `, ${variantName(variant)}`}: ${detail}`;
}

/** Files that are the same in every tree and say nothing. */
const DULL =
  /(?:^|\/)(?:types\.h|guarded\.S|entry\.S|main\.c|tool_main\.c|Makefile\.build|setup\.c)$|^arch\/x86\/(?:Makefile|Kbuild|Kconfig|kernel\/Makefile)$/;

function describeReduced({ spec, failure, outcome }: Reduced): string {
  const write = (files: Readonly<Record<string, string>>) =>
    Object.entries(files)
      .filter(([path]) => !DULL.test(path) && !(spec.kind === "kernel" && (path === "Makefile" || path === "Kconfig")))
      .map(([path, text]) => `//- /${path}\n${text.endsWith("\n") ? text : `${text}\n`}`)
      .join("");
  const titles = outcome.offers.flatMap(({ symbol, fixes }) =>
    fixes.map(({ title, refusal }) => `${symbol}: ${refusal === undefined ? title : `refused: ${refusal}`}\n`),
  );
  return `${describeFailure(failure)}\n(${describeSpec(spec)})\n\n${titles.join("")}\n--- before\n${write(outcome.files)}--- after\n${write(outcome.changed)}`;
}

await main();
