/**
 * Compares the symbols that we predict for every object of a built kernel, from source and configuration, with nm's: which
 * external symbols it defines, their bindings, and its weak references. First, small texts of C, and small sources for several
 * targets, startup files among them, are held to their compilers.
 *
 *     npm run conformance:symbols [-- [--with-build] [--only REGEX] [--show N] [--jobs N] [--untuned]]
 *
 * The kernel is the small x86-64 one of the kernel suite, or that of the build folder that WEAKSPOT_KERNEL_BUILD names, whose
 * link `source` leads to its tree. --with-build also reads the headers and sources that the build has made; without it the
 * tree is read as if it had never been built. Then, whose definition wins in vmlinux where there is a weak one. Fails where a goal of report.ts is missed; with --untuned it only prints.
 */

import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build as bundle } from "esbuild";
import { kernelBuild } from "../../support/kernel-build.ts";
import { needTools } from "../../support/needed-tools.ts";
import { type BuiltObject, listObjects, namesOf } from "./built-objects.ts";
import { compareObject, newComparison } from "./compare.ts";
import type { Prediction, PredictorOptions } from "./predictor.ts";
import { report } from "./report.ts";
import { checkRules } from "./rules.ts";
import { checkSourceTexts } from "./source-checks.ts";
import { compareWinners } from "./winners.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "with-build": { type: "boolean", default: false },
      only: { type: "string", default: "" },
      show: { type: "string", default: "20" },
      jobs: { type: "string", default: "2" },
      untuned: { type: "boolean", default: false },
    },
  });
  await needTools([
    { command: "nm", debianPackage: "binutils" },
    { command: "gcc", debianPackage: "gcc" },
    { command: "arm-none-eabi-gcc", debianPackage: "gcc-arm-none-eabi" },
    { command: "aarch64-linux-gnu-gcc", debianPackage: "gcc-aarch64-linux-gnu" },
    { command: "riscv64-linux-gnu-gcc", debianPackage: "gcc-riscv64-linux-gnu" },
    { command: "avr-gcc", debianPackage: "gcc-avr" },
    { command: "xtensa-lx106-elf-gcc", debianPackage: "gcc-xtensa-lx106" },
  ]);
  const wrong = await checkRules("gcc");
  console.log(`texts whose symbols gcc gives otherwise: ${wrong.length}`);
  for (const text of wrong) console.log(`  ${text}`);

  const otherwise = await checkSourceTexts();
  console.log(`sources whose symbols compilers and assemblers give otherwise: ${otherwise.length}`);
  for (const text of otherwise) console.log(`  ${text}`);
  wrong.push(...otherwise);

  const build = await kernelBuild();
  const { tree, objects, hostObjects } = listObjects(build);
  const wanted = objects.filter(({ source }) => new RegExp(values.only).test(source));
  console.log(`\n${wanted.length} objects of one source each, besides ${hostObjects} of programs that help to build`);
  const withBuild = values["with-build"];
  console.log(withBuild ? "with what the build has made" : "from source and .config alone");
  const options: PredictorOptions = {
    root: tree,
    configuration: join(build, ".config"),
    build: withBuild ? build : undefined,
  };
  const names = await namesOf(build, wanted);
  const start = performance.now();
  const predictions = await predictAll(options, wanted, Number(values.jobs));
  const seconds = (performance.now() - start) / 1000;

  const comparison = newComparison();
  let milliseconds = 0;
  for (const { object, source, isGenerated } of wanted) {
    const prediction = predictions.get(source);
    milliseconds += prediction?.milliseconds ?? 0;
    compareObject(comparison, {
      object,
      letters: names.get(object)!,
      predicted: prediction?.symbols ?? [],
      cause: prediction === undefined ? undefined : causeOf(prediction, isGenerated && !withBuild),
    });
  }
  let isGood = report(comparison, Number(values.show)) && wrong.length === 0;
  if (values.only === "") {
    const { compared, differences } = await compareWinners(
      build,
      tree,
      objects,
      (source) => predictions.get(source)?.symbols,
    );
    console.log(
      `\n${compared} symbols of vmlinux with a weak definition: ${compared - differences.length} winners as predicted`,
    );
    for (const difference of differences) console.log(`  DIFFERENT ${difference}`);
    isGood &&= differences.length === 0;
  }
  const cpu = (milliseconds / 1000).toFixed(1);
  console.log(`\n${wanted.length} files in ${seconds.toFixed(1)} s by ${values.jobs} processes, ${cpu} s of CPU`);
  if (!isGood && !values.untuned) process.exitCode = 1;
}

/** Why symbols of a source's object may be missed. */
function causeOf({ symbols, problems }: Prediction, isMadeByBuild: boolean): string | undefined {
  if (isMadeByBuild) return "the source itself is made by the build";
  if (symbols === undefined) return undefined;
  const missing = problems.map((problem) => /: (\S+): No such file/.exec(problem)?.[1]).find((name) => name);
  return missing === undefined ? undefined : `it includes ${missing}, which only the build makes`;
}

/** Predicts each source once, in processes of their own. They run bundled, as what is shipped does, which is faster. */
async function predictAll(
  options: PredictorOptions,
  objects: readonly BuiltObject[],
  jobs: number,
): Promise<ReadonlyMap<string, Prediction>> {
  const folder = await mkdtemp(join(tmpdir(), "weakspot-predictor-"));
  try {
    const predictor = join(folder, "predictor.cjs");
    const source = join(import.meta.dirname, "predictor.ts");
    await bundle({ entryPoints: [source], bundle: true, platform: "node", format: "cjs", outfile: predictor });
    return await predictBy(predictor, options, objects, jobs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function predictBy(
  predictor: string,
  options: PredictorOptions,
  objects: readonly BuiltObject[],
  jobs: number,
): Promise<ReadonlyMap<string, Prediction>> {
  const queue = [...new Set(objects.map(({ source }) => source))];
  const found = new Map<string, Prediction>();
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(predictor, [JSON.stringify(options)], { execArgv: [] });
      const next = (): void => {
        const source = queue.shift();
        if (source === undefined) child.disconnect();
        else child.send(source);
      };
      child.on("message", (prediction: Prediction) => {
        found.set(prediction.source, prediction);
        next();
      });
      child.on("error", reject);
      child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a predictor ended with ${code}`))));
      next();
    });
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  return found;
}

await main();
