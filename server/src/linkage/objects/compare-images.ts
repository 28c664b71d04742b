/** What grew between two builds of an image: its regions, its sections, the files that fill them, and its symbols. */

import { fileOfKey, type ImageSizes } from "./image-sizes.ts";

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
  /** Empty where the symbols of one of the images are not known. */
  readonly symbols: readonly SizeChange[];
}

/** The differences, what changed most first; what stayed the same is left out. */
export function compareSizes(before: ImageSizes, after: ImageSizes): ImageChanges {
  return {
    regions: changesOf(before.regions, after.regions),
    sections: changesOf(before.sections, after.sections),
    files: before.files && after.files ? changesOf(byFile(before.files), byFile(after.files)) : [],
    symbols: before.symbols && after.symbols ? changesOf(before.symbols, after.symbols) : [],
  };
}

function byFile(sizes: ReadonlyMap<string, number>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, size] of sizes) sums.set(fileOfKey(key), (sums.get(fileOfKey(key)) ?? 0) + size);
  return sums;
}

function changesOf(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): SizeChange[] {
  const names = new Set([...after.keys(), ...before.keys()]);
  return [...names]
    .map((name) => ({ name, before: before.get(name) ?? 0, after: after.get(name) ?? 0 }))
    .filter((change) => change.before !== change.after)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.name < b.name ? -1 : 1));
}

/** The changes counted, as the kernel's scripts/bloat-o-meter sums them up. */
export interface ChangeTotals {
  readonly added: number;
  readonly removed: number;
  readonly grown: number;
  readonly shrunk: number;
  /** In bytes: by how much what was added or grew is larger, and the others smaller. */
  readonly up: number;
  readonly down: number;
}

export function totalsOf(changes: readonly SizeChange[]): ChangeTotals {
  const totals = { added: 0, removed: 0, grown: 0, shrunk: 0, up: 0, down: 0 };
  for (const { before, after } of changes) {
    if (before === 0) totals.added++;
    else if (after === 0) totals.removed++;
    else if (after > before) totals.grown++;
    else totals.shrunk++;
    totals.up += Math.max(0, after - before);
    totals.down += Math.max(0, before - after);
  }
  return totals;
}
