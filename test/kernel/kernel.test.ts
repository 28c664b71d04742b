/**
 * The real kernel: linux-source-6.1, or the one that WEAKSPOT_LINUX names ("6.12"), is configured small, built with gcc 12 and -Werror
 * and booted in qemu, where it panics for want of an init and prints a call trace. Every frame must name a real function. That is done
 * with the sources as they are, with the naive fallback, which must break the traces, with the quick fix of a header, which the language
 * server makes, and with all fixes at once that are offered for x86.
 */

import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "../support/cached-folder.ts";
import {
  ARM64,
  type BuiltKernel,
  compileOne,
  configureFor,
  copyBuiltKernel,
  kernelImage,
  rebuildKernel,
  smallKernel,
} from "../support/kernel-build.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";
import { type AppliedOffers, applyOffers } from "./apply-offers.ts";
import { bootKernel, needQemu } from "./boot.ts";
import { type Frame, findFrameProblem, parseCallTrace, parseSystemMap } from "./call-trace.ts";
import { fixWholeFile } from "./editor.ts";
import { applyNaiveForm } from "./naive-form.ts";
import { provideStandIns } from "./stand-ins.ts";

const MINUTE = 60_000;
const VARIANTS = join(cacheRoot(), `kernel-variants-${process.pid}`);

describe("a kernel", () => {
  let baseline: BuiltKernel;
  let tables: Tables;

  before("is built once", async function () {
    this.timeout(40 * MINUTE);
    baseline = await timed("the unchanged kernel, unpacked and built or found in the cache", () =>
      orSkip(this, async () => {
        await needQemu();
        await needTools([{ command: "nm", debianPackage: "binutils" }]);
        return smallKernel();
      }),
    );
    tables = await tablesOf(baseline);
    assert.ok(tables.declared.length >= 8);
  });

  after(async function () {
    this.timeout(5 * MINUTE);
    await rm(VARIANTS, { recursive: true, force: true });
  });

  it("as it is prints right call traces, with weak references if its header makes them", async function () {
    this.timeout(5 * MINUTE);
    // This configuration has relative offsets, no absolute addresses.
    const referred = tables.weak.filter((name) => name !== "kallsyms_addresses");
    assert.deepEqual(await weakUndefined(baseline), referred);
    const trace = await bootAndRead(baseline);
    assertRight(trace, await problemsOf(trace, baseline));
  });

  it("with weak definitions in the file that reads them prints garbage", async function () {
    this.timeout(15 * MINUTE);
    const kernel = await copyBuiltKernel(baseline, join(VARIANTS, "naive"), async (tree) => {
      assert.deepEqual((await applyNaiveForm(tree)).sort(), tables.declared);
    });
    await timed("the naive form, built", () => rebuildKernel(kernel));
    assert.deepEqual(await weakUndefined(kernel), []);
    const trace = await bootAndRead(kernel);
    assert.ok(trace.length > 0, "the kernel prints a trace all the same");
    assert.equal((await problemsOf(trace, kernel)).length, trace.length, "no frame of it is right");
  });

  for (const fallbackForm of ["c", "asm"]) {
    it(`with the quick fix for the whole header, fallbacks as ${fallbackForm}, prints right call traces`, async function () {
      this.timeout(15 * MINUTE);
      if (tables.weak.length === 0) {
        console.log(`        ${HEADER} declares nothing weak`);
        this.skip();
      }
      const kernel = await copyBuiltKernel(baseline, join(VARIANTS, `fixed-${fallbackForm}`), async (tree) => {
        const fixed = await timed("indexed and fixed by the language server", () =>
          fixWholeFile(tree, HEADER, { fallbackForm }),
        );
        console.log(`        ${fixed.title}`);
        const found = fixed.diagnostics.filter((diagnostic) => diagnostic.code === "weak-reference");
        assert.equal(found.length, tables.weak.length);
        // kernel/kallsyms.c asserts that two of the tables are not NULL, which goes as part of the fix.
        const changed = ["kernel/Makefile", "kernel/kallsyms.c", HEADER, "kernel/kallsyms_weak.c"];
        assert.deepEqual(fixed.changed, changed);
        const text = await readFile(join(tree, "kernel/kallsyms_weak.c"), "utf8");
        assert.equal(/\basm\b/.test(text), fallbackForm === "asm", "fallbacks are assembly when the setting says so");
      });
      await timed("the fixed tree, built", () => rebuildKernel(kernel));
      assert.deepEqual(await weakUndefined(kernel), []);
      assert.deepEqual(await weakDefined(kernel, "kernel/kallsyms_weak.o"), tables.weak);
      const trace = await bootAndRead(kernel);
      assertRight(trace, await problemsOf(trace, kernel));
    });
  }

  it("whose script provides stand-ins for the first link gets fallbacks in their place", async function () {
    this.timeout(30 * MINUTE);
    let names: readonly string[] = [];
    const kernel = await copyBuiltKernel(baseline, join(VARIANTS, "stand-ins"), async (tree) => {
      names = await provideStandIns(tree);
      const { titles, symbols } = await timed("fixed", () => applyOffers(tree, "x86", ["provide-symbol"]));
      for (const title of titles) console.log(`        ${title}`);
      assert.ok(symbols.length > 0);
      // An address that is passed on, as 6.12's kernel/kallsyms_selftest.c does with one, is left alone.
      const script = await readFile(join(tree, "include/asm-generic/vmlinux.lds.h"), "utf8");
      const left = names.filter((name) => script.includes(`PROVIDE(${name} `));
      assert.ok(left.length <= 1, left.join(" "));
    });
    await timed("the tree with fallbacks, built with -Werror", () => rebuildKernel(kernel));
    const defined = await weakDefined(kernel, "kernel/kallsyms_weak.o");
    assert.ok(defined.length >= names.length - 2, defined.join(" "));
    const trace = await bootAndRead(kernel);
    assertRight(trace, await problemsOf(trace, kernel));
  });

  it("with all that is offered for x86 at once prints right call traces", async function () {
    this.timeout(30 * MINUTE);
    let offers: AppliedOffers | undefined;
    const kernel = await copyBuiltKernel(baseline, join(VARIANTS, "offers"), async (tree) => {
      offers = await timed("all offers for x86, applied", () => applyOffers(tree, "x86"));
    });
    const { titles, symbols, changed } = offers!;
    for (const title of titles) console.log(`        ${title}`);
    if (titles.length === 0) {
      console.log("        nothing is offered for x86: there is nothing to build");
      return;
    }
    await timed("the tree with all offers, built with -Werror", () => rebuildKernel(kernel));
    const before = await copyBuiltKernel(baseline, join(VARIANTS, "plain"), async () => {});
    const touched = changed.filter((path) => path.endsWith(".c"));
    await assertCompiled(before, kernel, touched, symbols);
    const trace = await bootAndRead(kernel);
    assertRight(trace, await problemsOf(trace, kernel));
    // What is no architecture's own is everybody's.
    const shared = touched.filter((path) => !path.startsWith("arch/"));
    const [oldArm, newArm] = await timed("both trees, configured for arm64", () =>
      orSkip(this, async () => [await configureFor(ARM64, before), await configureFor(ARM64, kernel)] as const),
    );
    await assertCompiled(oldArm, newArm, shared, symbols);
  });
});

const HEADER = "kernel/kallsyms_internal.h";

/** The tables of kernel/kallsyms.c that its header declares, sorted. */
interface Tables {
  readonly declared: readonly string[];
  readonly weak: readonly string[];
}

/** Read by a pattern of its own, as the product is under test. */
async function tablesOf({ tree }: BuiltKernel): Promise<Tables> {
  const header = await readFile(join(tree, HEADER), "utf8");
  const found = [...header.matchAll(/^extern const [^;]*;/gm)].map(([text]) => ({
    name: /(\w+)(?:\[\])?$/.exec(text.replaceAll(/\s+__(?:weak|section|attribute__)\b[^;\s]*|;/g, ""))![1]!,
    isWeak: text.includes("weak"),
  }));
  const names = (tables: typeof found) => tables.map(({ name }) => name).sort();
  return { declared: names(found), weak: names(found.filter(({ isWeak }) => isWeak)) };
}

/** Of some C files those that the kernel's own make compiles, by themselves, as it is configured. */
async function compilable(kernel: BuiltKernel, paths: readonly string[]): Promise<string[]> {
  const compiled: string[] = [];
  for (const path of paths) if (await compileOne(kernel, path)) compiled.push(path);
  return compiled;
}

/** Whether the files that were compiled before still are, and none of them refers weakly to one of the symbols. */
async function assertCompiled(
  before: BuiltKernel,
  after: BuiltKernel,
  paths: readonly string[],
  symbols: readonly string[],
): Promise<void> {
  const [old, now] = [await compilable(before, paths), await compilable(after, paths)];
  const architecture = after.machine?.architecture ?? "x86";
  console.log(
    `        ${now.length} of ${paths.length} touched files are compiled for ${architecture}: ${now.join(" ")}`,
  );
  assert.deepEqual(
    old.filter((path) => !now.includes(path)),
    [],
  );
  const nm = `${after.machine?.prefix ?? ""}nm`;
  for (const path of now) {
    const listing = await runOrThrow(nm, ["--undefined-only", join(after.build, path.replace(/\.c$/, ".o"))]);
    const weak = [...listing.matchAll(/^\s+[wv] (\S+)$/gm)].map((match) => match[1]!);
    assert.deepEqual(
      weak.filter((name) => symbols.includes(name)),
      [],
      `${path} refers weakly to what was made strong`,
    );
  }
}

/** The weak undefined symbols of kernel/kallsyms.o, sorted, as nm reports them. */
async function weakUndefined(kernel: BuiltKernel): Promise<string[]> {
  const listing = await runOrThrow("nm", ["--undefined-only", join(kernel.build, "kernel/kallsyms.o")]);
  return [...listing.matchAll(/^\s+[wv] (\S+)$/gm)].map((match) => match[1]!).sort();
}

/** The weak definitions of an object, sorted. */
async function weakDefined(kernel: BuiltKernel, object: string): Promise<string[]> {
  const listing = await runOrThrow("nm", ["--defined-only", join(kernel.build, object)]);
  return [...listing.matchAll(/^[0-9a-f]+ [VW] (\S+)$/gm)].map((match) => match[1]!).sort();
}

async function bootAndRead(kernel: BuiltKernel): Promise<Frame[]> {
  const output = await timed("booted", () => bootKernel(kernelImage(kernel)));
  const trace = parseCallTrace(output);
  if (trace.length === 0) console.log(output);
  for (const frame of trace) console.log(`        ${frame.reliable ? "" : "? "}${frame.line.replace(/^\? /, "")}`);
  return trace;
}

async function problemsOf(trace: readonly Frame[], kernel: BuiltKernel): Promise<string[]> {
  const map = parseSystemMap(await readFile(join(kernel.build, "System.map"), "utf8"));
  return trace.map((frame) => findFrameProblem(frame, map)).filter((problem) => problem !== undefined);
}

/** A right trace is whole, too: it leads from the panic to the start of the first thread. */
function assertRight(trace: readonly Frame[], problems: readonly string[]): void {
  assert.deepEqual(problems, []);
  const reliable = trace.filter((frame) => frame.reliable).map((frame) => frame.name);
  for (const name of ["dump_stack", "panic", "kernel_init", "ret_from_fork"]) assert.ok(reliable.includes(name), name);
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  console.log(`      ${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}
