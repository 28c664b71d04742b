/**
 * A linked image as its ELF file, its map and its script show it together: memory regions, output sections and what is in
 * them. It knows no file format.
 */

import type { MapLayout, MapSection } from "../../syntax/map/map-layout.ts";

/** A memory region with its bounds known. */
export interface ImageRegion {
  readonly name: string;
  readonly origin: bigint;
  /** In bytes. */
  readonly length: bigint;
  /** As scripts have them: "rx", "rwx", "rw!x" (ld manual, "MEMORY"); undefined where nobody says. */
  readonly attributes?: string;
}

/** What one file put into a section; padding has no file. */
export interface ImageInput {
  readonly section: string;
  readonly file: string;
  readonly address: bigint;
  /** In bytes. */
  readonly size: number;
  readonly pattern: string | undefined;
}

/** A symbol with a size that is defined in a section. */
export interface ImageSymbol {
  readonly name: string;
  readonly address: bigint;
  /** In bytes; never 0. */
  readonly size: number;
  readonly isLocal: boolean;
}

export interface ImageSection {
  readonly name: string;
  readonly address: bigint;
  readonly loadAddress: bigint;
  /** In bytes. */
  readonly size: number;
  /** It occupies memory at run time: not debugging information and the like. */
  readonly isAllocated: boolean;
  /** Its bytes are in the image, at the load address; false for what is zero or left alone at start. */
  readonly isLoaded: boolean;
  /** The script's patterns as GNU ld's map has them, also those that took nothing. */
  readonly patterns: readonly string[];
  /** None where there is no map. */
  readonly inputs: readonly ImageInput[];
  /** By address; none where the ELF file has none, or was not asked for them. Aliases are all there. */
  readonly symbols: readonly ImageSymbol[];
}

/** A section as the ELF file tells of it. */
export type ElfSection = Omit<ImageSection, "inputs" | "patterns">;

export interface Image {
  /** Empty where neither a map nor a script tells of any. */
  readonly regions: readonly ImageRegion[];
  /** Those that occupy memory, in the order of the linker. */
  readonly sections: readonly ImageSection[];
}

/** Sections that linkers leave at address 0 and load nowhere: all that a map alone shows of their kind is the name. */
const UNALLOCATED =
  /^\.(?:z?debug|stab|comment$|gnu\.|note\.GNU-stack|symtab|strtab|shstrtab|.*\.attributes$|gdb_index|llvm)/i;

/**
 * Puts together what is known of an image. The ELF file's sections count where there is one; the map adds what is in them, and
 * what they are where there is none (a link that overflowed writes a map all the same). `regions` are those of a script,
 * for maps that have none.
 */
export function makeImage(
  elf: readonly ElfSection[] | undefined,
  map: MapLayout | undefined,
  regions: readonly ImageRegion[] = [],
): Image {
  const mapped = new Map<string, MapSection>();
  for (const section of map?.sections ?? []) {
    // Of two sections with one name, the ELF file's addresses tell which is meant.
    mapped.set(keyOf(section), section);
  }
  const sections =
    elf?.map((section) => {
      const known = mapped.get(keyOf(section));
      return { ...section, patterns: known?.patterns ?? [], inputs: inputsOf(known) };
    }) ??
    (map?.sections ?? []).map((section) => ({
      name: section.name,
      address: section.address,
      loadAddress: section.loadAddress,
      size: section.size,
      isAllocated: !UNALLOCATED.test(section.name),
      isLoaded: !/^\.(?:t?bss|noinit|heap|stack)/.test(section.name),
      patterns: section.patterns,
      inputs: inputsOf(section),
      symbols: [],
    }));
  return {
    regions: map === undefined || map.regions.length === 0 ? regions : map.regions,
    sections: sections.filter((section) => section.isAllocated && section.size > 0),
  };
}

function keyOf({ name, address }: { readonly name: string; readonly address: bigint }): string {
  return `${address} ${name}`;
}

/**
 * The inputs, each cut where the next one or the section's end is: linkers that merge strings leave in their maps the sizes that inputs
 * had before, of those too that went into another one whole.
 */
function inputsOf(section: MapSection | undefined): ImageInput[] {
  if (section === undefined) return [];
  const end = section.address + BigInt(section.size);
  const { inputs } = section;
  return inputs.flatMap((input, at) => {
    const next = inputs[at + 1]?.address ?? end;
    // Maps list inputs by address; where one does not, nothing is known of who cuts whom.
    const stop = next >= input.address && next < end ? next : end;
    const size = Math.min(input.size, Number(stop - input.address));
    return size > 0 ? [{ ...input, size }] : [];
  });
}
