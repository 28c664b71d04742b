/**
 * Compares the use of memory regions with GNU ld's --print-memory-usage, and with lld's own: random images with random regions,
 * sections and load addresses are really linked, also such as overflow. Read from the ELF file and the map together, and from
 * the map alone, the figures must be ld's.
 *
 *     npm run conformance:memory [-- --images N] [--seed S] [--keep]
 *
 * Exits 1 when a figure differs, or when a tool is missing.
 */

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readElfImage, readMapLayout } from "../../../server/src/host/read-image.ts";
import { type ImageRegion, makeImage } from "../../../server/src/linkage/objects/image.ts";
import { memoryUseOf } from "../../../server/src/linkage/objects/memory-use.ts";
import { needTools } from "../../support/needed-tools.ts";
import { runOrThrow, runProgram } from "../../support/run-program.ts";
import { makeMemoryImage } from "./generate.ts";
import { readUsage } from "./usage.ts";

const LINKERS = ["ld.bfd", "ld.lld-19"] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      images: { type: "string", default: "200" },
      seed: { type: "string", default: "1" },
      keep: { type: "boolean", default: false },
    },
  });
  await needTools([
    { command: "as", debianPackage: "binutils" },
    { command: "ld.bfd", debianPackage: "binutils" },
    { command: "ld.lld-19", debianPackage: "lld-19" },
  ]);
  const top = await mkdtemp(join(tmpdir(), "weakspot-memory-"));
  let compared = 0;
  let overflowed = 0;
  const differences: string[] = [];
  for (let index = 0; index < Number(values.images); index++) {
    const seed = Number(values.seed) * 100_000 + index;
    const image = makeMemoryImage(seed);
    const folder = join(top, String(seed));
    await mkdir(folder);
    await writeFile(join(folder, "a.s"), image.assembly);
    await writeFile(join(folder, "image.ld"), image.script);
    await runOrThrow("as", ["a.s", "-o", "a.o"], { folder });
    for (const linker of LINKERS) {
      const outcome = await compareLink(folder, linker, image.regions);
      compared += outcome.compared;
      overflowed += outcome.isLinked ? 0 : 1;
      differences.push(...outcome.differences.map((text) => `seed ${seed}, ${linker}: ${text}`));
    }
    if (!values.keep) await rm(folder, { recursive: true, force: true });
  }
  if (!values.keep) await rm(top, { recursive: true, force: true });
  for (const difference of differences.slice(0, 40)) console.log(difference);
  const links = Number(values.images) * LINKERS.length;
  console.log(
    `${links} links (${overflowed} failed), ${compared} figures compared, ${differences.length} differences (seed ${values.seed})`,
  );
  if (values.keep) console.log(`kept in ${top}`);
  if (differences.length > 0 || compared === 0) process.exitCode = 1;
}

interface Outcome {
  readonly isLinked: boolean;
  readonly compared: number;
  readonly differences: readonly string[];
}

async function compareLink(folder: string, linker: string, regions: readonly ImageRegion[]): Promise<Outcome> {
  const outputs = [join(folder, `${linker}.elf`), join(folder, `${linker}.map`)] as const;
  const [elfPath, mapPath] = outputs;
  const options = ["-T", "image.ld", `-Map=${mapPath}`, "--print-memory-usage", "-o", elfPath, "a.o"];
  const link = await runProgram(linker, options, { folder });
  const expected = readUsage(link.stdout);
  const isLinked = link.status === 0;
  // Where an image doesn't fit, lld counts padding in the region it is loaded from that its own map does not have.
  const isTold = isLinked || linker === "ld.bfd";
  const map = isTold && (await isThere(mapPath)) ? readMapLayout(mapPath) : undefined;
  const views: [string, ReturnType<typeof makeImage>][] = [];
  if (isLinked) views.push(["ELF and map", makeImage((await readElfImage(elfPath))?.sections, map, regions)]);
  if (map !== undefined) views.push(["map alone", makeImage(undefined, map, regions)]);
  let compared = 0;
  const differences: string[] = [];
  for (const [view, image] of views) {
    const uses = new Map(memoryUseOf(image).map(({ region, used }) => [region.name, used]));
    for (const [name, used] of expected) {
      compared++;
      if (uses.get(name) !== used) differences.push(`${view}: ${name} ${uses.get(name)} and not ${used}`);
    }
  }
  return { isLinked, compared, differences };
}

async function isThere(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}

await main();
