/**
 * What is told of an image's memory to programs and to the view "Memory": regions, their sections, the files that fill these and
 * the symbols of the files, with their sizes in another build. Plain data: addresses are text, as they may need 64 bits.
 */

import type { Image, ImageInput, ImageSection, ImageSymbol } from "../linkage/objects/image.ts";
import { fileKey, type ImageSizes, symbolKey } from "../linkage/objects/image-sizes.ts";
import { memoryUseOf, percentOf } from "../linkage/objects/memory-use.ts";
import { hexAddress } from "../text/hex.ts";
import { describeOverflow } from "./overflow-words.ts";

/** Sizes are in bytes. `before` is the size in the build that is compared with; undefined where none is. */
interface Sized {
  readonly size: number;
  readonly before?: number;
}

export interface RegionReport {
  readonly name: string;
  readonly origin: string;
  readonly length: number;
  readonly used: number;
  /** Negative where the sections don't fit. */
  readonly free: number;
  readonly percent: number;
  /** What was used in the build that is compared with. */
  readonly before?: number;
  /** Where the sections don't fit: why, and what can be done, in sentences. */
  readonly overflow?: readonly string[];
  readonly sections: readonly {
    readonly name: string;
    /** "run": it lives there. "load": its initial bytes lie there, to be copied. */
    readonly kind: "run" | "load";
    readonly size: number;
    /** Its place among all sections of the report. */
    readonly index: number;
  }[];
}

export interface SectionReport extends Sized {
  readonly name: string;
  readonly address: string;
  readonly loadAddress: string;
  readonly isLoaded: boolean;
  /** In the order of addresses. One without a name holds padding, or the symbols of which no map tells the file. */
  readonly files: readonly FileReport[];
}

export interface FileReport extends Sized {
  /** As the linker was given it: "main.o", "lib.a(x.o)"; "" for padding and where no map tells. */
  readonly file: string;
  /** Where it begins in the section. */
  readonly address: string;
  readonly symbols: readonly MemorySymbol[];
}

export interface MemorySymbol extends Sized {
  readonly name: string;
  readonly address: string;
}

export interface MemoryReport {
  readonly regions: readonly RegionReport[];
  readonly sections: readonly SectionReport[];
}

/** @param before the sizes of the build that it is compared with */
export function reportMemory(image: Image, before?: ImageSizes): MemoryReport {
  const indexes = new Map(image.sections.map((section, index) => [section, index]));
  const sizeBefore = beforeIn(image, before);
  return {
    regions: memoryUseOf(image).map((use) => ({
      name: use.region.name,
      origin: hexAddress(use.region.origin),
      length: Number(use.region.length),
      used: Number(use.used),
      free: Number(use.free),
      percent: percentOf(use),
      ...optional(before && (before.regions.get(use.region.name) ?? 0)),
      ...(use.free < 0n ? { overflow: describeOverflow(use, image, before, (name) => name) } : {}),
      sections: use.shares.map(({ section, kind }) => {
        const { name, size } = section;
        return { name, kind, size, index: indexes.get(section)! };
      }),
    })),
    sections: image.sections.map((section) => ({
      name: section.name,
      address: hexAddress(section.address),
      loadAddress: hexAddress(section.loadAddress),
      size: section.size,
      ...optional(sizeBefore.section(section)),
      isLoaded: section.isLoaded,
      files: reportFiles(section, sizeBefore),
    })),
  };
}

function optional(before: number | undefined): { before?: number } {
  return before === undefined ? {} : { before };
}

/** The sizes before of the parts of an image; undefined of what has no name of its own, and so can't be told from its namesakes. */
interface SizesBefore {
  section(section: ImageSection): number | undefined;
  file(section: ImageSection, file: string): number | undefined;
  symbol(symbol: ImageSymbol): number | undefined;
}

function beforeIn(image: Image, before: ImageSizes | undefined): SizesBefore {
  const sections = countBy(image.sections, ({ name }) => name);
  const symbols =
    before?.symbols &&
    countBy(
      image.sections.flatMap((section) => section.symbols),
      ({ name }) => symbolKey(name),
    );
  return {
    section: ({ name }) => (before && sections.get(name) === 1 ? (before.sections.get(name) ?? 0) : undefined),
    file: ({ name }, file) =>
      before?.files && sections.get(name) === 1 ? (before.files.get(fileKey(name, file)) ?? 0) : undefined,
    symbol: ({ name }) =>
      symbols?.get(symbolKey(name)) === 1 ? (before?.symbols?.get(symbolKey(name)) ?? 0) : undefined,
  };
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

interface Gathered {
  readonly file: string;
  readonly address: bigint;
  size: number;
  readonly symbols: ImageSymbol[];
}

function reportFiles(section: ImageSection, before: SizesBefore): FileReport[] {
  const gathered = new Map<string, Gathered>();
  const inputs = [...section.inputs].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const gather = (file: string, address: bigint): Gathered => {
    const known = gathered.get(file) ?? { file, address, size: 0, symbols: [] };
    gathered.set(file, known);
    return known;
  };
  for (const { file, address, size } of inputs) gather(file, address).size += size;
  let at = 0;
  for (const symbol of section.symbols) {
    while (at < inputs.length && endOf(inputs[at]!) <= symbol.address) at++;
    const holder = inputs[at];
    const isInside = holder !== undefined && holder.address <= symbol.address;
    gather(isInside ? holder.file : "", symbol.address).symbols.push(symbol);
  }
  return [...gathered.values()].map(({ file, address, size, symbols }) => ({
    file,
    address: hexAddress(address),
    size,
    ...optional(before.file(section, file)),
    symbols: symbols.map((symbol) => ({
      name: symbol.name,
      address: hexAddress(symbol.address),
      size: symbol.size,
      ...optional(before.symbol(symbol)),
    })),
  }));
}

function endOf({ address, size }: ImageInput): bigint {
  return address + BigInt(size);
}
