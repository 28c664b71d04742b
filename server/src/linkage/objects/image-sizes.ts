/** The sizes of an image alone: what is kept of a build so that the next one can be compared with it. */

import type { Image } from "./image.ts";
import { memoryUseOf } from "./memory-use.ts";

/** In bytes, each by its name; sections and symbols that share a name are added up. */
export interface ImageSizes {
  /** What is used of each region. */
  readonly regions: ReadonlyMap<string, number>;
  readonly sections: ReadonlyMap<string, number>;
  /** By `fileKey`; undefined where there is no map. */
  readonly files: ReadonlyMap<string, number> | undefined;
  /** By `symbolKey`; undefined where the ELF file has none, or was not asked for them. */
  readonly symbols: ReadonlyMap<string, number> | undefined;
}

/** A build of an image as it is remembered. */
export interface PastBuild {
  /** When it was written, in milliseconds. */
  readonly written: number;
  readonly sizes: ImageSizes;
}

export function sizesOf(image: Image): ImageSizes {
  const { sections } = image;
  const files = sections.flatMap(({ name, inputs }) =>
    inputs.map(({ file, size }) => [fileKey(name, file), size] as const),
  );
  const symbols = sections.flatMap((section) =>
    section.symbols.map(({ name, size }) => [symbolKey(name), size] as const),
  );
  return {
    regions: sum(memoryUseOf(image).map(({ region, used }) => [region.name, Number(used)] as const)),
    sections: sum(sections.map(({ name, size }) => [name, size] as const)),
    files: files.length === 0 ? undefined : sum(files),
    symbols: symbols.length === 0 ? undefined : sum(symbols),
  };
}

function sum(sized: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, size] of sized) sums.set(name, (sums.get(name) ?? 0) + size);
  return sums;
}

/** What a file put into a section. */
export function fileKey(section: string, file: string): string {
  return `${section}\0${file}`;
}

/** The file of a key; "" for padding. */
export function fileOfKey(key: string): string {
  return key.slice(key.indexOf("\0") + 1);
}

/**
 * A symbol's name without the numbers that compilers append, which differ from build to build though nothing has changed: `state.3`,
 * `parse.constprop.0`. The kernel's scripts/bloat-o-meter does the same.
 */
export function symbolKey(name: string): string {
  return name.replace(/\.[0-9]+/g, "");
}
