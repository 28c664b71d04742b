/** Tries the product on one generated tree: builds and runs it before and after its fixes, and holds the one against the other. */

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "../support/run-program.ts";
import { writeBuildFiles } from "./build-files.ts";
import {
  type Built,
  buildAndRun,
  changeFiles,
  configure,
  isBuiltInPlace,
  type Place,
  prepareVariant,
  type Variant,
  variantName,
  writeAll,
} from "./build-tree.ts";
import { openChoice } from "./choose.ts";
import { specimensOf, type TreeSpec } from "./layout.ts";
import type { Offer, Product } from "./product.ts";
import type { Sources, Unit } from "./sources.ts";
import { writeSources } from "./sources.ts";
import { toolchains, type Wrappers } from "./toolchains.ts";

/** Which fixes: the preferred ones, what is offered besides, or the naive form of them all. */
export type Phase = "preferred" | "offered" | "naive";

export interface Failure {
  readonly kind: "output" | "build" | "warning" | "outside" | "undo" | "product" | "written";
  readonly phase: Phase;
  readonly variant: Variant | undefined;
  /** The symbols that it is about, as far as that is known. */
  readonly symbols: readonly string[];
  readonly detail: string;
}

export interface Outcome {
  readonly failures: readonly Failure[];
  readonly offers: readonly Offer[];
  /** Programs that were built and run. */
  readonly runs: number;
  /** The tree could not be built to begin with: a defect of the generator. */
  readonly broken: readonly string[];
  /** The tree's files as the product saw them, and those that it changed. */
  readonly files: Readonly<Record<string, string>>;
  readonly changed: Readonly<Record<string, string>>;
}

export interface TrialOptions {
  readonly product: Product | undefined;
  readonly wrappers: Wrappers;
  /** An empty folder, which is removed afterwards. */
  readonly folder: string;
  readonly variants?: readonly Variant[];
  /** How many of the compilers are taken for a tree, where no variants are named. */
  readonly compilers: number;
  readonly phases: readonly Phase[];
}

/** Variants of a tree: so many of the compilers, and fewer where build systems make each build dear. */
function variantsOf(spec: TreeSpec, count: number): Variant[] {
  const some = openChoice(spec.seed).some(toolchains, isBuiltInPlace(spec) ? Math.min(count, 2) : count);
  return [true, false].flatMap((isStrong) => some.map((toolchain) => ({ toolchain, isStrong })));
}

type Contents = Record<string, string>;

export async function tryTree(spec: TreeSpec, options: TrialOptions): Promise<Outcome> {
  const { folder, wrappers } = options;
  const sources = writeSources(spec);
  const place: Place = {
    spec,
    sources,
    root: join(folder, "tree"),
    outside: join(folder, "outside"),
    work: join(folder, "work"),
    wrappers,
  };
  for (const path of [place.root, place.outside, place.work]) await mkdir(path, { recursive: true });
  const build = writeBuildFiles(spec, sources, place.root);
  await writeAll(place.root, { ...sources.files, ...build.files });
  await writeAll(place.outside, { ...sources.outside, ...build.outside });
  try {
    return await tryPlace(place, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryPlace(place: Place, options: TrialOptions): Promise<Outcome> {
  const { spec } = place;
  const variants = options.variants ?? variantsOf(spec, options.compilers);
  const failures: Failure[] = [];
  const broken: string[] = [];
  let runs = 0;
  const before: Built[] = [];
  const folders: string[] = [];
  for (const [index, variant] of variants.entries()) {
    if (index === 0 || variants[index - 1]!.isStrong !== variant.isStrong) await configure(place, variant.isStrong);
    folders.push(await prepareVariant(place, variant, index));
    const built = await buildAndRun(place, variant, folders[index]!);
    runs++;
    before.push(built);
    if (built.failure !== undefined) broken.push(`${variantName(variant)}: ${errorsIn(built.failure)}`);
  }
  const pristine = await readTree(place.root);
  const beside = await readTree(place.outside);
  const compareAll = async (phase: Phase, changed: Contents, some: readonly number[]): Promise<void> => {
    if (Object.keys(changed).length === 0) return;
    let configured: boolean | undefined;
    for (const index of some) {
      const variant = variants[index]!;
      if (before[index]!.failure !== undefined) continue;
      if (configured !== variant.isStrong) await configure(place, (configured = variant.isStrong));
      await changeFiles(folders[index]!, changed, place);
      const after = await buildAndRun(place, variant, folders[index]!);
      runs++;
      failures.push(...compare(before[index]!, after, phase, variant, spec));
    }
  };
  const every = variants.map((_, index) => index);
  if (options.phases.includes("naive")) {
    const naive = writeSources(spec, { isNaive: true }).files;
    const changed = Object.fromEntries(Object.entries(naive).filter(([path, text]) => pristine[path] !== text));
    await compareAll("naive", changed, every);
    return { failures, offers: [], runs, broken, files: pristine, changed };
  }
  const product = options.product!;
  const offers = await product.offers(place.root);
  const patch = await product.diff(place.root);
  const complaint = await product.applyPreferred(place.root);
  if (complaint !== undefined) failures.push(fail("product", "preferred", complaint));
  const fixed = await readTree(place.root);
  const changed = changesBetween(pristine, fixed);
  failures.push(...checkWritten(changed, pristine));
  failures.push(...(await checkPatch(place, patch, pristine, fixed)));
  if (
    JSON.stringify(await readTree(place.outside)) !== JSON.stringify({ ...beside, ...(await readMade(place, beside)) })
  ) {
    failures.push(fail("outside", "preferred", "files beside the tree have changed"));
  }
  await compareAll("preferred", changed, every);
  let all = changed;
  if (options.phases.includes("offered") && failures.length === 0) {
    const others = await product.applyOthers(place.root);
    if (others.length > 0) {
      const now = await readTree(place.root);
      const more = { ...changesBetween(fixed, now), ...(await listByHand(place, pristine, now)) };
      const some = openChoice(spec.seed).some(every, Math.min(4, every.length));
      await compareAll("offered", { ...changed, ...more }, some);
      all = { ...changed, ...more };
    }
  }
  return { failures, offers, runs, broken, files: pristine, changed: all };
}

/** Adds to the build what the product has told the user to add, as the user would. */
async function listByHand(place: Place, pristine: Contents, now: Contents): Promise<Contents> {
  const { spec, sources } = place;
  const isListed = (path: string) =>
    Object.entries(now).some(([other, text]) => isBuildFile(other) && text.includes(path.replace(/^.*\/|\.c$/g, "")));
  const fresh = Object.keys(now).filter((path) => path.endsWith(".c") && !(path in pristine) && !isListed(path));
  if (fresh.length === 0) return {};
  const programs = sources.programs.map((program) => ({
    ...program,
    units: [
      ...program.units,
      ...fresh.flatMap((path): Unit[] => {
        const beside = [...program.units, ...program.members].find(
          (unit) => unit.path === path.replace(/_weak\.c$/, ".c"),
        );
        return beside === undefined ? [] : [{ path, when: beside.when, includes: beside.includes }];
      }),
    ],
  }));
  const more: Sources = { ...sources, programs };
  const build = writeBuildFiles(spec, more, place.root);
  await writeAll(place.outside, build.outside);
  const files = Object.fromEntries(Object.entries(build.files).filter(([path]) => now[path] === pristine[path]));
  if (isBuiltInPlace(spec)) await writeAll(place.root, files);
  return files;
}

function isBuildFile(path: string): boolean {
  return /(?:^|\/)(?:Makefile|Kbuild|CMakeLists\.txt|meson\.build)$/.test(path);
}

function compare(before: Built, after: Built, phase: Phase, variant: Variant, spec: TreeSpec): Failure[] {
  const of = (kind: Failure["kind"], text: string): Failure => ({
    kind,
    phase,
    variant,
    symbols: specimensOf(spec)
      .map(({ name }) => name)
      .filter((name) => new RegExp(`(?<![a-zA-Z0-9])_*${name.replace(/^_+/, "")}(?!\\d)`).test(text)),
    detail: text,
  });
  if (after.failure !== undefined) return [of("build", errorsIn(after.failure))];
  const failures: Failure[] = [];
  const known = [...before.warnings];
  for (const warning of after.warnings) {
    const at = known.indexOf(warning);
    // A header that compilers warn of warns whoever includes it, the fallback's file too.
    if (at < 0 && /^[\w./-]+\.h: /.test(warning) && before.warnings.includes(warning)) continue;
    if (at < 0) failures.push(of("warning", warning));
    else known.splice(at, 1);
  }
  for (const [key, value] of before.lines) {
    // What crashed may do anything now.
    if (value.startsWith("crash")) continue;
    const now = after.lines.get(key) ?? "nothing";
    if (now !== value) failures.push(of("output", `${key}: ${value} → ${now}`));
  }
  for (const [key, value] of after.lines) {
    if (!before.lines.has(key)) failures.push(of("output", `${key}: nothing → ${value}`));
  }
  return failures;
}

/** The lines of a build's output that say what went wrong. */
function errorsIn(text: string): string {
  const lines = text
    .split("\n")
    .filter((line) => /\berror\b|undefined|multiple definition|duplicate symbol|FAILED|\*\*\*/i.test(line));
  const telling = lines.filter((line) => !/\*\*\*|ld returned|linker command failed|FAILED/.test(line));
  return (telling.length > 0 ? telling : lines.length > 0 ? lines : text.split("\n")).slice(0, 8).join("\n");
}

/** What files that the product wrote must be like. */
function checkWritten(changed: Contents, pristine: Contents): Failure[] {
  return Object.entries(changed).flatMap(([path, text]) => {
    if (path in pristine) return [];
    const wide = text.split("\n").find((line) => line.length > 80 && /^\s*(?:\/?\*|\/\/)/.test(line));
    return wide === undefined ? [] : [fail("written", "preferred", `${path}: ${wide.length} columns: ${wide}`)];
  });
}

/** The patch must make the same of the tree as --fix, and taken back give every byte back. */
async function checkPatch(place: Place, patch: string, pristine: Contents, fixed: Contents): Promise<Failure[]> {
  if (patch === "")
    return Object.keys(changesBetween(pristine, fixed)).length === 0
      ? []
      : [fail("undo", "preferred", "--diff says nothing of what --fix does")];
  const folder = join(place.work, "patched");
  await writeAll(folder, toBytes(pristine));
  const file = join(place.work, "fix.patch");
  await writeFile(file, Buffer.from(patch, "utf8"));
  const apply = (...more: string[]) =>
    runProgram("git", ["apply", "--whitespace=nowarn", ...more, file], {
      folder,
      environment: { GIT_DIR: "/nonexistent", GIT_CEILING_DIRECTORIES: folder },
    });
  const there = await apply();
  if (there.status !== 0) return [fail("undo", "preferred", `the patch does not apply: ${there.stderr}`)];
  const same = differences(await readTree(folder), fixed);
  if (same.length > 0) return [fail("undo", "preferred", `--diff and --fix differ in ${same.join(", ")}`)];
  const back = await apply("-R");
  if (back.status !== 0) return [fail("undo", "preferred", `the patch can't be taken back: ${back.stderr}`)];
  const left = differences(await readTree(folder), pristine);
  return left.length === 0 ? [] : [fail("undo", "preferred", `${left.join(", ")} differ when the fix is taken back`)];
}

function fail(kind: Failure["kind"], phase: Phase, detail: string): Failure {
  return { kind, phase, variant: undefined, symbols: [], detail };
}

function differences(one: Contents, other: Contents): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((path) => one[path] !== other[path]);
}

function changesBetween(before: Contents, after: Contents): Contents {
  return Object.fromEntries(Object.entries(after).filter(([path, text]) => before[path] !== text));
}

/** Objects that the suite itself has made beside the tree. */
async function readMade(place: Place, beside: Contents): Promise<Contents> {
  const now = await readTree(place.outside);
  return Object.fromEntries(Object.entries(now).filter(([path]) => !(path in beside) && /\.(?:o|so)$/.test(path)));
}

function toBytes(contents: Contents): Record<string, string> {
  return contents;
}

/** All files below a folder, but for a build's. */
async function readTree(root: string, below = ""): Promise<Contents> {
  const contents: Contents = {};
  if (!existsSync(join(root, below))) return contents;
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (path !== "build") Object.assign(contents, await readTree(root, path));
    } else contents[path] = await readFile(join(root, path), "utf8");
  }
  return contents;
}
