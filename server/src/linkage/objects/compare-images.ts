/** What grew between two builds of an image: its regions, its sections and the files that fill them. */

import type { Image, ImageSection } from "./image.ts";
import { filesIn, memoryUseOf } from "./memory-use.ts";

/** A size in both builds, in bytes; 0 where it is in one alone. */
export interface SizeChange {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

export interface ImageChanges {
  readonly regions: readonly SizeChange[];
  readonly sections: readonly SizeChange[];
  /** Empty where one of the images has no map. */
  readonly files: readonly SizeChange[];
}

/** The differences, what changed most first; what stayed the same is left out. */
export function compareImages(before: Image, after: Image): ImageChanges {
  const uses = (image: Image) =>
    memoryUseOf(image).map(({ region, used }) => ({ name: region.name, size: Number(used) }));
  const files = ({ sections }: Image) => filesIn(sections).map(({ file, size }) => ({ name: file, size }));
  const hasMaps = [before, after].every(({ sections }) => sections.some(({ inputs }) => inputs.length > 0));
  return {
    regions: compareSizes(uses(before), uses(after)),
    sections: compareSizes(before.sections, after.sections),
    files: hasMaps ? compareSizes(files(before), files(after)) : [],
  };
}

type Sized = Pick<ImageSection, "name" | "size">;

function compareSizes(before: readonly Sized[], after: readonly Sized[]): SizeChange[] {
  const old = sumByName(before);
  const now = sumByName(after);
  const changes = [...new Set([...now.keys(), ...old.keys()])].map((name) => ({
    name,
    before: old.get(name) ?? 0,
    after: now.get(name) ?? 0,
  }));
  return changes
    .filter((change) => change.before !== change.after)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.name < b.name ? -1 : 1));
}

function sumByName(sized: readonly Sized[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name, size } of sized) sums.set(name, (sums.get(name) ?? 0) + size);
  return sums;
}
