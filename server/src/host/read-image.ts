/**
 * Reads a linked image: the sections of its ELF file with the addresses they are loaded from, and the map that its linker
 * wrote beside it. It must not know what people ask of an image.
 */

import { existsSync, statSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import type { ElfSection, ImageSymbol } from "../linkage/objects/image.ts";
import { type MapLayout, parseMapLayout } from "../syntax/map/map-layout.ts";
import { type LinkMap, parseLinkMap } from "../syntax/map/parse-map.ts";
import { openFile } from "./elf/byte-source.ts";
import { SHF_ALLOC, SHF_TLS, SHT_NOBITS } from "./elf/elf-constants.ts";
import { formatOf, MAGIC_SIZE, readHeaders, type SectionTable, sectionName } from "./elf/elf-headers.ts";
import { type LoadedSegment, readEntry, readSegments } from "./elf/elf-segments.ts";
import { readImageSymbols } from "./elf/image-symbols.ts";
import { startReading } from "./elf/reading.ts";
import { isReallyBelow, readRegular } from "./open-regular.ts";

export interface ElfImage {
  /** In the order of the section headers. */
  readonly sections: readonly ElfSection[];
  /** e_entry: where it starts. */
  readonly entry: bigint | undefined;
  /** Sentences about what could not be read. */
  readonly problems: readonly string[];
}

export interface ReadImageOptions {
  /** Reads the symbols too: of a kernel that takes as long as the rest ten times over. */
  readonly hasSymbols?: boolean;
}

/** The sections of an ELF file; undefined where the file is none. Rejects with what open(2) reports. */
export async function readElfImage(path: string, options: ReadImageOptions = {}): Promise<ElfImage | undefined> {
  const file = openFile(path);
  try {
    if (formatOf(file.peek(0, MAGIC_SIZE)) !== "elf") return undefined;
    const reading = startReading(file, () => {});
    const headers = await readHeaders(reading);
    const symbols = headers === undefined || !options.hasSymbols ? [] : readImageSymbols(reading, headers, path);
    const sections = headers === undefined ? [] : sectionsOf(headers.sections, readSegments(reading), symbols);
    return { sections, entry: readEntry(reading), problems: reading.problems };
  } finally {
    file.close();
  }
}

/** @param symbols by the index of their section */
function sectionsOf(
  table: SectionTable,
  segments: readonly LoadedSegment[],
  symbols: readonly (readonly ImageSymbol[] | undefined)[],
): ElfSection[] {
  const sections: ElfSection[] = [];
  for (let index = 1; index < table.count; index++) {
    const flags = table.flags[index]!;
    const isZero = table.types[index] === SHT_NOBITS;
    // .tbss is made anew for each thread and takes no place where it stands.
    const isAllocated = (flags & SHF_ALLOC) !== 0 && !(isZero && (flags & SHF_TLS) !== 0);
    const address = table.addresses[index]!;
    const size = table.sizes[index]!;
    const loadAddress = isAllocated && !isZero ? loadAddressOf(segments, address, table.offsets[index]!) : address;
    const name = sectionName(table, index);
    const isLoaded = isAllocated && !isZero;
    sections.push({ name, address, loadAddress, size, isAllocated, isLoaded, symbols: symbols[index] ?? [] });
  }
  return sections;
}

function loadAddressOf(segments: readonly LoadedSegment[], address: bigint, offset: number): bigint {
  const segment = segments.find(
    (one) =>
      offset >= one.offset &&
      offset < one.offset + one.fileSize &&
      address >= one.address &&
      address < one.address + BigInt(one.memorySize),
  );
  return segment === undefined ? address : segment.loadAddress + (address - segment.address);
}

/** Larger maps than this are not read: a kernel's has 60 MB at most. In bytes. */
const MOST_MAP_BYTES = 400 * 2 ** 20;

/** Reads a map; undefined where the file is none. Throws what the system says. */
export function readMapLayout(path: string): MapLayout | undefined {
  return parseMapLayout(readRegular(path, { most: MOST_MAP_BYTES }).toString("latin1"));
}

/** What a map says of archive members and assignments; undefined where the file is none. Throws what the system says. */
export function readMap(path: string): LinkMap | undefined {
  return parseLinkMap(readRegular(path, { most: MOST_MAP_BYTES }).toString("latin1"));
}

/** The map that stands beside an image. */
export function findMapBeside(image: string): string | undefined {
  return mapsBeside(image).find((path) => existsSync(path));
}

/** Where linkers' drivers and their users put the map of an image: fw.elf.map, fw.map. */
export function mapsBeside(image: string): string[] {
  const { dir, name, base } = parse(image);
  const names = [`${base}.map`, `${name}.map`, `${base}.Map`, `${name}.Map`];
  return names.map((one) => join(dir === "" ? dirname(image) : dir, one));
}

/** An image's files as they are on disk. */
export interface FoundImage {
  /** The path that was asked for: what the link makes, be it there or not. */
  readonly image: string;
  /** The ELF file, or the map where there is no ELF file. */
  readonly path: string;
  readonly map: string | undefined;
  /** When the image was written, in milliseconds. */
  readonly time: number;
  /** Differs where one of the files was written again. */
  readonly identity: string;
}

/** The image at a path with its map, or its map alone, as a link that overflowed leaves it; undefined where neither is there. */
export function findImage(
  path: string,
  limits: { readonly below?: string; readonly mostMapBytes: number },
): FoundImage | undefined {
  const { below, mostMapBytes } = limits;
  const isAllowed = (file: string) => below === undefined || isReallyBelow(file, [below]);
  const beside = findMapBeside(path);
  const isUsed = beside !== undefined && isAllowed(beside) && (sizeOf(beside) ?? 0) <= mostMapBytes;
  const map = isUsed ? beside : undefined;
  const seen = modifiedAt(path) !== undefined && isAllowed(path) ? path : map;
  if (seen === undefined) return undefined;
  const identity = [path, map].map((file) => file && `${file} ${modifiedAt(file)} ${sizeOf(file)}`).join(" ");
  return { image: path, path: seen, map, time: modifiedAt(seen)!, identity };
}

/** When a regular file was written, in milliseconds; undefined where there is none. */
export function modifiedAt(path: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.mtimeMs : undefined;
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
