/** Why a memory region does not hold what is in it: what grew, what is large enough that moving it would do, and where there is room. */

import type { Image, ImageInput, ImageRegion } from "./image.ts";
import { fileKey, type ImageSizes } from "./image-sizes.ts";
import { memoryUseOf, type RegionUse } from "./memory-use.ts";

export interface GrownFile {
  readonly section: string;
  readonly file: string;
  /** By how much what the file put into the section is larger than in the build before, in bytes. */
  readonly bytes: number;
}

export interface Overflow {
  /** By how much it is too small, in bytes. */
  readonly excess: bigint;
  /** The most first; empty where the build before is not known, or had no map. */
  readonly grown: readonly GrownFile[];
  /**
   * Input sections of the region. Where some are as large as the excess, those, the smallest first: without one of them all fits.
   * Else the largest ones.
   */
  readonly movable: readonly ImageInput[];
  /** One of `movable` is enough. */
  readonly isOneEnough: boolean;
  /** Other regions with room, the most first; none that is not for writing where this one is. */
  readonly elsewhere: readonly { readonly name: string; readonly free: bigint }[];
}

/** So many of a kind are told. */
const TOLD = 3;

/** undefined for a region that holds what is in it. */
export function explainOverflow(use: RegionUse, image: Image, before?: ImageSizes): Overflow | undefined {
  if (use.free >= 0n) return undefined;
  const excess = -use.free;
  const inputs = use.shares.flatMap(({ section }) => section.inputs).filter(({ file }) => file !== "");
  const enough = inputs.filter(({ size }) => BigInt(size) >= excess).sort((a, b) => a.size - b.size);
  const largest = [...inputs].sort((a, b) => b.size - a.size);
  return {
    excess,
    grown: grownIn(use, before).slice(0, TOLD),
    movable: (enough.length > 0 ? enough : largest).slice(0, TOLD),
    isOneEnough: enough.length > 0,
    elsewhere: memoryUseOf(image)
      .filter(({ region, free }) => region.name !== use.region.name && free > 0n && mayHold(region, use.region))
      .map(({ region, free }) => ({ name: region.name, free }))
      .sort((a, b) => (a.free > b.free ? -1 : 1)),
  };
}

/** Whether what is in one region may go into the other, as far as their attributes tell. */
function mayHold(other: ImageRegion, region: ImageRegion): boolean {
  const isWritable = ({ attributes = "" }: ImageRegion) => /^[^!]*w/i.test(attributes);
  return !isWritable(region) || isWritable(other) || (other.attributes ?? "") === "";
}

function grownIn({ shares }: RegionUse, before: ImageSizes | undefined): GrownFile[] {
  if (before?.files === undefined) return [];
  const sizes = new Map<string, { readonly section: string; readonly file: string; size: number }>();
  for (const { section } of shares) {
    for (const { file, size } of section.inputs) {
      const key = fileKey(section.name, file);
      const known = sizes.get(key) ?? { section: section.name, file, size: 0 };
      known.size += size;
      sizes.set(key, known);
    }
  }
  return [...sizes]
    .map(([key, { section, file, size }]) => ({ section, file, bytes: size - (before.files?.get(key) ?? 0) }))
    .filter(({ file, bytes }) => bytes > 0 && file !== "")
    .sort((a, b) => b.bytes - a.bytes);
}
