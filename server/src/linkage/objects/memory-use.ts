/**
 * How full the memory regions of an image are, and what fills them: the figures of GNU ld's --print-memory-usage
 * (ldlang.c: lang_print_memory_usage), for every linker and after the link.
 */

import type { Image, ImageRegion, ImageSection } from "./image.ts";

/** A section in a region. */
export interface RegionShare {
  readonly section: ImageSection;
  /** "run": it lives there. "load": its initial bytes lie there, to be copied (AT>, ld manual "Output Section LMA"). */
  readonly kind: "run" | "load";
}

export interface RegionUse {
  readonly region: ImageRegion;
  /** From the region's origin to the end of the last section in it, gaps included, in bytes. */
  readonly used: bigint;
  /** Negative where the sections don't fit. */
  readonly free: bigint;
  /** In the order of addresses. */
  readonly shares: readonly RegionShare[];
}

/** What has been put into a region so far. */
interface Filling {
  readonly region: ImageRegion;
  readonly shares: RegionShare[];
  end: bigint;
}

/** The use of each region, in their order. A section without a region is in none. */
export function memoryUseOf(image: Image): RegionUse[] {
  const fillings = image.regions.map((region): Filling => ({ region, shares: [], end: region.origin }));
  for (const section of image.sections) {
    const home = findHome(fillings, section.address);
    if (home !== undefined) add(home, { section, kind: "run" });
    if (!section.isLoaded || section.loadAddress === section.address) continue;
    const store = findHome(fillings, section.loadAddress);
    if (store !== undefined && store !== home) add(store, { section, kind: "load" });
  }
  return fillings.map(({ region, shares, end }) => {
    const used = end - region.origin;
    const sorted = shares.sort((a, b) => compare(startOf(a), startOf(b)));
    return { region, used, free: region.length - used, shares: sorted };
  });
}

function add(filling: Filling, share: RegionShare): void {
  filling.shares.push(share);
  const end = endOf(share);
  if (end > filling.end) filling.end = end;
}

/** The percentage of the region that is used; 0 of an empty one. */
export function percentOf({ region, used }: RegionUse): number {
  return region.length === 0n ? 0 : Number((used * 1_000_000n) / region.length) / 10_000;
}

/** Where the bytes of a share begin in its region. */
export function startOf({ section, kind }: RegionShare): bigint {
  return kind === "run" ? section.address : section.loadAddress;
}

function endOf(share: RegionShare): bigint {
  return startOf(share) + BigInt(share.section.size);
}

/** The furthest that alignment moves a section behind the one before it, in bytes. */
const MOST_GAP = 4096n;

/**
 * The smallest region that an address lies in: a part of a memory may be a region of its own. What lies in none, right behind the
 * last that was put into a region, has overflowed that one.
 */
function findHome(fillings: readonly Filling[], address: bigint): Filling | undefined {
  const around = fillings.filter(({ region }) => address >= region.origin && address < region.origin + region.length);
  if (around.length > 0) return around.reduce((best, one) => (one.region.length < best.region.length ? one : best));
  const before = fillings.filter((one) => one.shares.length > 0 && address >= one.end && address - one.end < MOST_GAP);
  return before.reduce<Filling | undefined>(
    (best, one) => (best === undefined || one.end > best.end ? one : best),
    undefined,
  );
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a file, an archive's member or padding takes of the sections given, the largest first; padding has the name "". */
export function filesIn(sections: readonly ImageSection[]): { readonly file: string; readonly size: number }[] {
  const sizes = new Map<string, number>();
  for (const { inputs } of sections) {
    for (const { file, size } of inputs) sizes.set(file, (sizes.get(file) ?? 0) + size);
  }
  return [...sizes]
    .map(([file, size]) => ({ file, size }))
    .sort((a, b) => b.size - a.size || (a.file < b.file ? -1 : 1));
}

/**
 * What the files of each folder take of the sections given, with all folders below it, the largest first: what a kernel's drivers/ has. Files
 * outside of the build, as libraries of a compiler, are in none.
 */
export function foldersIn(sections: readonly ImageSection[]): { readonly folder: string; readonly size: number }[] {
  const sizes = new Map<string, number>();
  for (const { file, size } of filesIn(sections)) {
    const path = file.replace(/\([^()]*\)$/, (member) => `/${member.slice(1, -1)}`);
    if (path.startsWith("/") || path.startsWith("..")) continue;
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      sizes.set(folder, (sizes.get(folder) ?? 0) + size);
    }
  }
  return [...sizes]
    .map(([folder, size]) => ({ folder, size }))
    .sort((a, b) => b.size - a.size || (a.folder < b.folder ? -1 : 1));
}
