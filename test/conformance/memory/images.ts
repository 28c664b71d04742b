/**
 * Compares what is told of real images with the tools that people use: sections with `size -A` and `objdump -h` (load addresses), symbols with
 * `nm -S`, regions with `--print-memory-usage`, two builds with the kernel's scripts/bloat-o-meter. Firmware for several processors is linked here;
 * others are named.
 *
 *     npm run conformance:images [-- --image PREFIX:FILE … --bloat SCRIPT:OLD:NEW …]
 *
 * PREFIX is that of the binutils for the image ("arm-none-eabi-", or empty). Prints a table, and exits 1 when a figure differs. Toolchains that are
 * missing are left out, and said to be.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { findMapBeside, readElfImage, readMapLayout } from "../../../server/src/host/read-image.ts";
import { compareSizes, totalsOf } from "../../../server/src/linkage/objects/compare-images.ts";
import { type Image, makeImage } from "../../../server/src/linkage/objects/image.ts";
import { sizesOf } from "../../../server/src/linkage/objects/image-sizes.ts";
import { memoryUseOf } from "../../../server/src/linkage/objects/memory-use.ts";
import { runOrThrow, runProgram } from "../../support/run-program.ts";
import { FIRMWARE, type Firmware, SOURCES } from "./firmware.ts";
import { readUsage } from "./usage.ts";

interface Outcome {
  readonly image: string;
  /** By what was compared: how many figures, and which differ. */
  readonly checks: readonly {
    readonly name: string;
    readonly compared: number;
    readonly differences: readonly string[];
  }[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      image: { type: "string", multiple: true, default: [] },
      bloat: { type: "string", multiple: true, default: [] },
    },
  });
  const outcomes: Outcome[] = [];
  const folder = await mkdtemp(join(tmpdir(), "weakspot-images-"));
  try {
    for (const [name, text] of Object.entries(SOURCES)) await writeFile(join(folder, name), text);
    for (const firmware of FIRMWARE) {
      const built = await buildFirmware(firmware, folder);
      if (built === undefined) console.log(`${firmware.name}: left out, ${firmware.compiler} is missing`);
      else outcomes.push(await checkImage(firmware.name, firmware.prefix, built.path, built.usage));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  for (const given of values.image) {
    const [prefix, path] = [given.slice(0, given.indexOf(":")), given.slice(given.indexOf(":") + 1)];
    outcomes.push(await checkImage(basename(path), prefix, path, undefined));
  }
  for (const given of values.bloat) outcomes.push(await checkBloat(given.split(":")));
  report(outcomes);
}

async function buildFirmware(
  { compiler, options, name, script }: Firmware,
  folder: string,
): Promise<{ readonly path: string; readonly usage: Map<string, bigint> } | undefined> {
  const path = join(folder, `${name.replace(/\W+/g, "-")}.elf`);
  if (script !== undefined) await writeFile(join(folder, "image.ld"), script);
  const words = [...options, "main.c", `-Wl,-Map=${path}.map`, "-Wl,--print-memory-usage", "-o", path];
  const built = await runProgram(compiler, words, { folder }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (built === undefined) return undefined;
  if (built.status !== 0) throw new Error(`${name}: ${built.stderr}`);
  return { path, usage: readUsage(built.stdout) };
}

async function checkImage(
  name: string,
  prefix: string,
  path: string,
  usage: ReadonlyMap<string, bigint> | undefined,
): Promise<Outcome> {
  const elf = await readElfImage(path, { hasSymbols: true });
  const mapPath = findMapBeside(path);
  const image = makeImage(elf?.sections, mapPath === undefined ? undefined : readMapLayout(mapPath));
  const checks = [
    await checkSections(image, prefix, path),
    await checkLoadAddresses(image, prefix, path),
    await checkSymbols(image, prefix, path),
    checkInputs(image),
  ];
  if (usage !== undefined) checks.push(checkUsage(image, usage));
  return { image: name, checks };
}

type Check = Outcome["checks"][number];

/** Whether both have the same rows, each counted. */
function compareRows(name: string, ours: readonly string[], theirs: readonly string[]): Check {
  const left = new Map<string, number>();
  for (const row of theirs) left.set(row, (left.get(row) ?? 0) + 1);
  const differences: string[] = [];
  for (const row of ours) {
    const count = left.get(row) ?? 0;
    if (count === 0) differences.push(`ours alone: ${row}`);
    else left.set(row, count - 1);
  }
  for (const [row, count] of left) if (count > 0) differences.push(`theirs alone: ${row}`);
  return { name, compared: theirs.length, differences };
}

async function checkSections(image: Image, prefix: string, path: string): Promise<Check> {
  const output = await runOrThrow(`${prefix}size`, ["-A", "-d", path]);
  const known = new Set(image.sections.map(({ name, size, address }) => `${name} ${size} ${address}`));
  const theirs = [...output.matchAll(/^(\S+) +(\d+) +(\d+)$/gm)]
    .map(([, name, size, address]) => `${name} ${size} ${address}`)
    // What is not allocated is at address 0, where sections of an image may be too.
    .filter((row) => !row.endsWith(" 0") || known.has(row))
    .filter((row) => !/^\S+ 0 /.test(row) && !row.startsWith("Total"))
    // It is made anew for each thread, and takes no place where size has it.
    .filter((row) => !row.startsWith(".tbss "));
  return compareRows("size -A", [...known], theirs);
}

async function checkLoadAddresses(image: Image, prefix: string, path: string): Promise<Check> {
  const output = await runOrThrow(`${prefix}objdump`, ["-h", path]);
  const rows = [...output.matchAll(/^ +\d+ (\S+) +([0-9a-f]+) +([0-9a-f]+) +([0-9a-f]+) .*\n +(.*)$/gm)];
  const theirs = rows
    .filter(([, , size, , , flags]) => /\bLOAD\b/.test(flags!) && Number.parseInt(size!, 16) > 0)
    .map(([, name, , address, load]) => `${name} ${BigInt(`0x${address}`)} ${BigInt(`0x${load}`)}`);
  const ours = image.sections
    .filter(({ isLoaded }) => isLoaded)
    .map(({ name, address, loadAddress }) => `${name} ${address} ${loadAddress}`);
  return compareRows("objdump -h", ours, theirs);
}

async function checkSymbols(image: Image, prefix: string, path: string): Promise<Check> {
  const output = await runOrThrow(`${prefix}nm`, ["-S", path]);
  const sections = image.sections;
  const isInside = (address: bigint) =>
    sections.some((section) => address >= section.address && address <= section.address + BigInt(section.size));
  const theirs = [...output.matchAll(/^([0-9a-f]+) ([0-9a-f]+) (\S) (.*)$/gm)]
    .filter(([, address, , type]) => !/[aAnN]/.test(type!) && isInside(BigInt(`0x${address}`)))
    .map(([, address, size, , name]) => `${name!.replace(/@.*/, "")} ${BigInt(`0x${address}`)} ${BigInt(`0x${size}`)}`);
  const ours = sections.flatMap(({ symbols }) =>
    symbols.map(({ name, address, size }) => `${name} ${address} ${size}`),
  );
  return compareRows("nm -S", ours, theirs);
}

/** What a map has in a section fills it, but for what the script writes itself and what linkers don't list. */
function checkInputs(image: Image): Check {
  const differences: string[] = [];
  let compared = 0;
  for (const { name, inputs, size, address } of image.sections) {
    if (inputs.length === 0) continue;
    compared++;
    const sum = inputs.reduce((total, input) => total + input.size, 0);
    const isInside = inputs.every(
      (one) => one.address >= address && one.address + BigInt(one.size) <= address + BigInt(size),
    );
    if (sum > size || !isInside) differences.push(`${name}: inputs of ${sum} bytes in ${size}`);
  }
  return { name: "inputs fit", compared, differences };
}

function checkUsage(image: Image, usage: ReadonlyMap<string, bigint>): Check {
  const ours = memoryUseOf(image).map(({ region, used }) => `${region.name} ${used}`);
  return compareRows(
    "--print-memory-usage",
    ours,
    [...usage].map(([name, used]) => `${name} ${used}`),
  );
}

/** Names that the script leaves out: what the kernel's macros generate. */
const LEFT_OUT = /^(?:__mod_|__se_sys|__se_compat_sys|__addressable_|linux_banner$|vermagic$)/;

async function checkBloat([script, before, after]: readonly string[]): Promise<Outcome> {
  const output = await runOrThrow("python3", [script!, before!, after!]);
  const [, counts] = /^(add\/remove: .*)$/m.exec(output) ?? [];
  const theirs = [...output.matchAll(/^(\S+) +(\d+|-) +(\d+|-) +([+-]\d+)$/gm)].map(
    ([, name, old, now]) => `${name} ${old === "-" ? 0 : old} ${now === "-" ? 0 : now}`,
  );
  const [old, now] = await Promise.all(
    [before!, after!].map(async (path) =>
      sizesOf(makeImage((await readElfImage(path, { hasSymbols: true }))?.sections, undefined)),
    ),
  );
  const changes = compareSizes(old!, now!).symbols.filter(({ name }) => !LEFT_OUT.test(name));
  const { added, removed, grown, shrunk, up, down } = totalsOf(changes);
  const sums = `add/remove: ${added}/${removed} grow/shrink: ${grown}/${shrunk} up/down: ${up}/${-down} (${up - down})`;
  return {
    image: basename(after!),
    checks: [
      compareRows(
        "bloat-o-meter",
        changes.map((one) => `${one.name} ${one.before} ${one.after}`),
        theirs,
      ),
      compareRows("its sums", [sums], [counts ?? ""]),
    ],
  };
}

function report(outcomes: readonly Outcome[]): void {
  let total = 0;
  let wrong = 0;
  for (const { image, checks } of outcomes) {
    for (const { name, compared, differences } of checks) {
      total += compared;
      wrong += differences.length;
      console.log(
        `${image.padEnd(24)} ${name.padEnd(22)} ${String(compared).padStart(7)} ${String(differences.length).padStart(5)}`,
      );
      for (const difference of differences.slice(0, 8)) console.log(`    ${difference}`);
    }
  }
  console.log(`${outcomes.length} images, ${total} figures compared, ${wrong} differences`);
  if (wrong > 0 || total === 0) process.exitCode = 1;
}

await main();
