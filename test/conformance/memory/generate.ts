/** Writes random images: a script with memory regions and sections that live in one and may be loaded from another. */

import type { ImageRegion } from "../../../server/src/linkage/objects/image.ts";
import { randomNumbers } from "./random-numbers.ts";

export interface MemoryImage {
  readonly script: string;
  readonly assembly: string;
  readonly regions: readonly ImageRegion[];
}

/** The image of a seed, always the same one. */
export function makeMemoryImage(seed: number): MemoryImage {
  const next = randomNumbers(seed);
  const pick = (limit: number) => Math.floor(next() * limit);
  const regions = makeRegions(pick);
  const sections = Array.from({ length: 1 + pick(7) }, (_, at) => makeSection(at, pick, regions));
  const memory = regions.map(
    ({ name, origin, length }) => `  ${name} : ORIGIN = 0x${origin.toString(16)}, LENGTH = ${length}`,
  );
  const script = [
    "MEMORY {",
    ...memory,
    "}",
    "SECTIONS {",
    ...sections.map(({ statement }) => `  ${statement}`),
    "  /DISCARD/ : { *(.note*) *(.junk) }",
    "}",
    "",
  ].join("\n");
  const assembly = sections.map((section) => section.assembly).join("");
  return { script, assembly: `${assembly}.section .junk,"a"\n.skip 12\n.section .debug_x\n.skip 100\n`, regions };
}

function makeRegions(pick: (limit: number) => number): ImageRegion[] {
  const origins = [0n, 0x1000_0000n, 0x2000_0000n, 0x4000_0000n];
  return origins.slice(pick(2), 2 + pick(3)).map((origin, at) => ({
    name: ["FLASH", "RAM", "CCM", "EXT"][at]!,
    // A region may begin anywhere, so alignment leaves gaps.
    origin: origin + BigInt(pick(3) * 0x104),
    length: BigInt([256, 1024, 4096, 65536][pick(4)]!),
  }));
}

interface RandomSection {
  readonly statement: string;
  readonly assembly: string;
}

function makeSection(at: number, pick: (limit: number) => number, regions: readonly ImageRegion[]): RandomSection {
  const region = regions[pick(regions.length)]!;
  const store = regions[pick(regions.length)]!;
  const isZero = pick(3) === 0;
  const name = isZero ? `.bss${at}` : `.data${at}`;
  const size = pick(5) === 0 ? 0 : 1 + pick(300);
  const alignment = 2 ** pick(6);
  const trailer = !isZero && store !== region && pick(2) === 0 ? ` AT> ${store.name}` : "";
  const type = isZero && pick(2) === 0 ? " (NOLOAD)" : "";
  const moved = pick(4) === 0 ? ` . = . + ${pick(64)};` : "";
  const ending = pick(3) === 0 ? ` . = ALIGN(${2 ** pick(5)});` : "";
  const statement = `${name}${type} : { *(${name})${moved}${ending} } > ${region.name}${trailer}`;
  const kind = isZero ? ',"aw",@nobits' : ',"aw",@progbits';
  const body = size === 0 ? "" : `.balign ${alignment}\n.skip ${size}${isZero ? "" : ", 1"}\n`;
  return { statement, assembly: `.section ${name}${kind}\n${body}` };
}
