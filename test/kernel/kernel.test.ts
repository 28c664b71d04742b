/**
 * The real kernel: linux-source-6.1 is configured small, built with gcc 12 and booted in qemu, where it panics for want of an
 * init and prints a call trace. Every frame must name a real function. That is done with the sources as they are, and with
 * the naive fallback, which must break the traces.
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

  after(async () => {
    await rm(VARIANTS, { recursive: true, force: true });
  });

  it("as it is prints right call traces, with weak references", async function () {
    this.timeout(2 * MINUTE);
    assert.deepEqual(await weakUndefined(baseline), KALLSYMS);
    const trace = await bootAndRead(baseline);
    assertRight(trace, await problemsOf(trace, baseline));
  });

  it("with weak definitions in the file that reads them prints garbage", async function () {
    this.timeout(15 * MINUTE);
    const kernel = await copyBuiltKernel(baseline, join(VARIANTS, "naive"));
    const symbols = await applyNaiveForm(kernel.tree);
    assert.equal(symbols.length, 9);
    await timed("the naive form, built", () => rebuildKernel(kernel));
    assert.deepEqual(await weakUndefined(kernel), []);
    const trace = await bootAndRead(kernel);
    assert.ok(trace.length > 0, "the kernel prints a trace all the same");
    assert.equal((await problemsOf(trace, kernel)).length, trace.length, "no frame of it is right");
  });
});

/** The weak references that this configuration leaves in kernel/kallsyms.o: it has relative offsets, no absolute addresses. */
const KALLSYMS = [
  "kallsyms_markers",
  "kallsyms_names",
  "kallsyms_num_syms",
  "kallsyms_offsets",
  "kallsyms_relative_base",
  "kallsyms_seqs_of_names",
  "kallsyms_token_index",
  "kallsyms_token_table",
];

/** The weak undefined symbols of kernel/kallsyms.o, sorted, as nm reports them. */
async function weakUndefined(kernel: BuiltKernel): Promise<string[]> {
  const listing = await runOrThrow("nm", ["--undefined-only", join(kernel.build, "kernel/kallsyms.o")]);
  return [...listing.matchAll(/^\s+[wv] (\S+)$/gm)].map((match) => match[1]!).sort();
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
