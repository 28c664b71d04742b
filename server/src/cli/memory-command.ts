/** `weakspot memory`: how full the memory regions of a linked image are, what fills them, and what grew since another build. */

import { regionsOf } from "../features/script-values.ts";
import { findMapBeside, readElfImage, readMapLayout } from "../host/read-image.ts";
import { compareSizes } from "../linkage/objects/compare-images.ts";
import { type Image, type ImageRegion, makeImage } from "../linkage/objects/image.ts";
import { sizesOf } from "../linkage/objects/image-sizes.ts";
import { memoryUseOf, percentOf, type RegionUse } from "../linkage/objects/memory-use.ts";
import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { jsonText } from "../text/printable.ts";
import type { ExitCode } from "./exit-code.ts";
import { inUnits, toChangesText, toMemoryCsv, toMemoryJson, toMemoryText } from "./memory-report.ts";
import { mustExist } from "./must-exist.ts";
import { printReady, tell } from "./output.ts";
import { readScriptFile } from "./read-script-file.ts";

/** `REGION=LIMIT`, the limit in bytes or in per cent of the region. */
export interface Limit {
  readonly region: string;
  readonly bytes?: bigint;
  readonly percent?: number;
}

export interface MemoryArguments {
  readonly map?: string;
  readonly script?: string;
  readonly format: "text" | "json" | "csv";
  /** Another build's image. */
  readonly compare?: string;
  readonly max: readonly Limit[];
  /** How many files, and how many changes of a kind, are listed. */
  readonly top: number;
}

/** Prints the report. 1 where a limit of `--max` is exceeded, 2 where a file can't be read or a region is not there. */
export async function runMemory(path: string, options: MemoryArguments): Promise<ExitCode> {
  mustExist(path, "file");
  for (const option of ["map", "script", "compare"] as const) {
    const named = options[option];
    if (named !== undefined) mustExist(named, "file", `--${option}`);
  }
  const regions = options.script === undefined ? [] : readRegions(options.script);
  const hasSymbols = options.format === "json" || options.compare !== undefined;
  const image = await readImage(path, options.map, { regions, hasSymbols });
  const other =
    options.compare === undefined ? undefined : await readImage(options.compare, undefined, { regions, hasSymbols });
  const before = other && sizesOf(other);
  if (options.format === "json") printReady(`${jsonText(toMemoryJson(image, before), 2)}\n`);
  else if (options.format === "csv") printReady(toMemoryCsv(image));
  else if (before !== undefined) printReady(toChangesText(compareSizes(before, sizesOf(image)), options.top));
  else printReady(toMemoryText(image, options.top));
  return checkLimits(memoryUseOf(image), options.max);
}

/** An image from its ELF file and the map beside it, or from a map alone. */
async function readImage(
  path: string,
  named: string | undefined,
  { regions, hasSymbols }: { readonly regions: readonly ImageRegion[]; readonly hasSymbols: boolean },
): Promise<Image> {
  const elf = await readElfImage(path, { hasSymbols });
  for (const problem of elf?.problems ?? []) tell(`${path}: ${problem}`);
  const mapPath = named ?? (elf === undefined ? path : findMapBeside(path));
  const map = mapPath === undefined ? undefined : readMapLayout(mapPath);
  if (map === undefined && mapPath !== undefined) {
    const what = mapPath === path ? "neither an ELF file nor a linker's map" : "no linker's map";
    throw new Error(`${mapPath}: it is ${what}`);
  }
  if (map === undefined) {
    tell(`${path}: no map stands beside it (-Map=FILE writes one, --map names it)`);
  }
  return makeImage(elf?.sections, map, regions);
}

/** The regions of a script whose bounds it says in numbers. */
function readRegions(path: string): readonly ImageRegion[] {
  const script = readScriptFile(path);
  const regions = regionsOf(script);
  for (const name of scriptModelOf(script).defined("region")) {
    if (regions.some((region) => region.name === name)) continue;
    tell(`${path}: the bounds of ${name} are no constants`);
  }
  return regions;
}

function checkLimits(uses: readonly RegionUse[], limits: readonly Limit[]): ExitCode {
  let exitCode: ExitCode = 0;
  for (const limit of limits) {
    const use = uses.find(({ region }) => region.name === limit.region);
    if (use === undefined) {
      const known = uses.map(({ region }) => region.name).join(", ");
      throw new Error(`--max ${limit.region}: there is no such region${known === "" ? "" : `; there are ${known}`}`);
    }
    const most = limit.percent === undefined ? inUnits(limit.bytes!) : `${limit.percent} %`;
    const isOver = limit.percent === undefined ? use.used > limit.bytes! : percentOf(use) > limit.percent;
    if (!isOver) continue;
    exitCode = 1;
    tell(`${limit.region}: ${use.used} B used (${percentOf(use).toFixed(2)} %), more than ${most}`);
  }
  return exitCode;
}

const UNITS: Readonly<Record<string, bigint>> = { "": 1n, k: 1n << 10n, m: 1n << 20n, g: 1n << 30n };

/** Reads `RAM=90%`, `FLASH=60K`, `FLASH=0xf000`; undefined for anything else. */
export function parseLimit(text: string): Limit | undefined {
  const match = /^([^=]+)=(?:(\d+(?:\.\d+)?)%|(0x[0-9a-f]+|\d+)\s*([kmg]?)(?:i?b)?)$/i.exec(text);
  if (match === null) return undefined;
  const [, region, percent, size, unit] = match;
  if (percent !== undefined) return { region: region!, percent: Number(percent) };
  return { region: region!, bytes: BigInt(size!) * UNITS[unit!.toLowerCase()]! };
}
