/**
 * The real kernel: linux-source-6.1 is configured small, built with gcc 12 and booted in qemu, where it panics for want of an
 * init and prints a call trace. Every frame must name a real function. That is done with the sources as they are, with the
 * naive fallback, which must break the traces, and with the quick fix, which the language server makes.
 */

import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "../support/cached-folder.ts";
import { type BuiltKernel, copyBuiltKernel, kernelImage, rebuildKernel, smallKernel } from "../support/kernel-build.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";
import { bootKernel, needQemu } from "./boot.ts";
import { type Frame, findFrameProblem, parseCallTrace, parseSystemMap } from "./call-trace.ts";
import { fixWholeFile } from "./editor.ts";
import { applyNaiveForm } from "./naive-form.ts";

const MINUTE = 60_000;
const VARIANTS = join(cacheRoot(), `kernel-variants-${process.pid}`);

describe("a kernel", () => {
  let baseline: BuiltKernel;

  before("is built once", async function () {
    this.timeout(40 * MINUTE);
    baseline = await timed("the unchanged kernel, unpacked and built or found in the cache", () =>
      orSkip(this, async () => {
        await needQemu();
        await needTools([{ command: "nm", debianPackage: "binutils" }]);
        return smallKernel();
      }),
    );
  });

  after(async function () {
    this.timeout(5 * MINUTE);
    await rm(VARIANTS, { recursive: true, force: true });
  });

  it("as it is prints right call traces, with weak references", async function () {
    this.timeout(5 * MINUTE);
    assert.deepEqual(await weakUndefined(baseline), KALLSYMS);
    const trace = await bootAndRead(baseline);
    assertRight(trace, await problemsOf(trace, baseline));
  });

  it("with weak definitions in the file that reads them prints garbage", async function () {
    this.timeout(15 * MINUTE);
    const kernel = await copyBuiltKernel(baseline, join(VARIANTS, "naive"), async (tree) => {
      assert.equal((await applyNaiveForm(tree)).length, ALL_KALLSYMS.length);
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
      const kernel = await copyBuiltKernel(baseline, join(VARIANTS, `fixed-${fallbackForm}`), async (tree) => {
        const fixed = await timed("indexed and fixed by the language server", () =>
          fixWholeFile(tree, HEADER, { fallbackForm }),
        );
        console.log(`        ${fixed.title}`);
        const found = fixed.diagnostics.filter((diagnostic) => diagnostic.code === "weak-reference");
        assert.equal(found.length, ALL_KALLSYMS.length);
        // kernel/kallsyms.c asserts that two of the tables are not NULL, which goes as part of the fix.
        const changed = ["kernel/Makefile", "kernel/kallsyms.c", HEADER, "kernel/kallsyms_weak.c"];
        assert.deepEqual(fixed.changed, changed);
        const text = await readFile(join(tree, "kernel/kallsyms_weak.c"), "utf8");
        assert.equal(/\basm\b/.test(text), fallbackForm === "asm", "fallbacks are assembly when the setting says so");
      });
      await timed("the fixed tree, built", () => rebuildKernel(kernel));
      assert.deepEqual(await weakUndefined(kernel), []);
      assert.deepEqual(await weakDefined(kernel, "kernel/kallsyms_weak.o"), ALL_KALLSYMS);
      const trace = await bootAndRead(kernel);
      assertRight(trace, await problemsOf(trace, kernel));
    });
  }
});

const HEADER = "kernel/kallsyms_internal.h";

/** The symbols that the header declares weak. */
const ALL_KALLSYMS = [
  "kallsyms_addresses",
  "kallsyms_markers",
  "kallsyms_names",
  "kallsyms_num_syms",
  "kallsyms_offsets",
  "kallsyms_relative_base",
  "kallsyms_seqs_of_names",
  "kallsyms_token_index",
  "kallsyms_token_table",
];

/** The weak references that this configuration leaves in kernel/kallsyms.o: it has relative offsets, no absolute addresses. */
const KALLSYMS = ALL_KALLSYMS.filter((name) => name !== "kallsyms_addresses");

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
