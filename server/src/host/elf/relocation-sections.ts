/**
 * Finds the relocation sections of an object and reads their entries, piece by piece. It must not know what is counted, nor
 * keep any entry.
 */

import {
  EM_MIPS,
  EM_SPARCV9,
  SHF_ALLOC,
  SHT_ANDROID_REL,
  SHT_ANDROID_RELA,
  SHT_CREL,
  SHT_REL,
  SHT_RELA,
} from "./elf-constants.ts";
import type { ElfHeader, ElfHeaders } from "./elf-headers.ts";
import type { ElfSymbolTable } from "./object-symbols.ts";
import { noteProblem, type Reading } from "./reading.ts";

/** A section of relocations for another section, or for the dynamic linker. */
export interface RelocationSection {
  readonly section: number;
  /** The section that is relocated; 0 for the dynamic linker's relocations, which go by address. */
  readonly target: number;
  /** Which symbol table its symbols are numbers of. */
  readonly table: ElfSymbolTable;
  readonly hasAddends: boolean;
  readonly offset: number;
  /** In bytes, a multiple of `entrySize`. */
  readonly size: number;
  readonly entrySize: number;
}

/** Which relocations: those for sections that are loaded when the program runs, or all, with those of the debug information. */
export type RelocationScope = "allocated" | "all";

/** How many bytes are read at once, before rounding to whole entries. */
const CHUNK_SIZE = 0x10_0000;

/**
 * The most bytes of relocations that are read of one object: three times what a distribution's kernel has with all of its
 * debug information.
 */
const MAX_RELOCATION_BYTES = 2 ** 30;

const unreadableTypes = new Set([SHT_CREL, SHT_ANDROID_REL, SHT_ANDROID_RELA]);

/**
 * The relocation sections, in the order of the file. All together are never larger than the file, so that broken
 * headers cannot have the same bytes read again and again, nor than a limit, for files may have holes.
 */
export function findRelocationSections(
  reading: Reading,
  { header, sections }: ElfHeaders,
  tables: readonly ElfSymbolTable[],
  scope: RelocationScope,
): RelocationSection[] {
  const found: RelocationSection[] = [];
  const wide = header.bits === 64 ? 8 : 4;
  let bytesLeft = Math.min(reading.source.size, MAX_RELOCATION_BYTES);
  for (let section = 0; section < sections.count; section++) {
    const type = sections.types[section]!;
    if (type !== SHT_REL && type !== SHT_RELA) {
      if (unreadableTypes.has(type)) noteProblem(reading, "packed relocations are not counted");
      continue;
    }
    const target = sections.infos[section]!;
    const isAllocated = ((sections.flags[section]! | (sections.flags[target] ?? 0)) & SHF_ALLOC) !== 0;
    if (!isAllocated && scope === "allocated") continue;
    const table = tables.find((candidate) => candidate.section === sections.links[section]);
    const offset = sections.offsets[section]!;
    const size = sections.sizes[section]!;
    const entrySize = wide * (type === SHT_RELA ? 3 : 2);
    if (table === undefined) {
      if (sections.links[section] !== 0)
        noteProblem(reading, `the symbols of relocation section ${section} are missing`);
      continue;
    }
    if (sections.entrySizes[section] !== entrySize) {
      noteProblem(
        reading,
        `the entries of relocation section ${section} are said to be ${sections.entrySizes[section]} bytes long`,
      );
      continue;
    }
    const inside = Math.max(0, Math.min(size, reading.source.size - offset));
    if (inside < size) noteProblem(reading, `relocation section ${section} reaches beyond the end of the file`);
    if (inside > bytesLeft) {
      const isLarge = reading.source.size > MAX_RELOCATION_BYTES;
      noteProblem(
        reading,
        isLarge ? "there are more relocations than can be counted" : "the relocation sections overlap",
      );
      break;
    }
    bytesLeft -= inside;
    const hasAddends = type === SHT_RELA;
    found.push({ section, target, table, hasAddends, offset, size: inside - (inside % entrySize), entrySize });
  }
  return found;
}

/** Called for each relocation: its symbol's number, its type, and where its entry is in the bytes. */
export type RelocationVisitor = (symbol: number, type: number, view: DataView, at: number) => void;

/** Reads a section's relocations in order. The view that the visitor gets is gone when the visitor returns. */
export function visitRelocations(
  reading: Reading,
  header: ElfHeader,
  section: RelocationSection,
  visit: RelocationVisitor,
): void {
  const chunkSize = CHUNK_SIZE - (CHUNK_SIZE % section.entrySize);
  for (let done = 0; done < section.size; done += chunkSize) {
    reading.checkCancelled();
    const bytes = reading.source.read(section.offset + done, Math.min(chunkSize, section.size - done));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length - (bytes.length % section.entrySize));
    visitChunk(view, header, section.entrySize, visit);
  }
}

/**
 * r_info: in 32-bit files the symbol's number in the upper 24 bits and the type in the lower 8, in 64-bit files in 32 bits each.
 * 64-bit MIPS has the symbol's number first in either byte order, then one byte each of a special symbol and of
 * three types, the last one first. SPARC keeps another addend in the upper bits of the type.
 */
function visitChunk(view: DataView, header: ElfHeader, entrySize: number, visit: RelocationVisitor): void {
  const little = !header.isBigEndian;
  const end = view.byteLength;
  if (header.bits === 32) {
    for (let at = 0; at < end; at += entrySize) {
      const info = view.getUint32(at + 4, little);
      visit(info >>> 8, info & 0xff, view, at);
    }
  } else if (header.machine === EM_MIPS) {
    for (let at = 0; at < end; at += entrySize) {
      const types = view.getUint8(at + 15) | (view.getUint8(at + 14) << 8) | (view.getUint8(at + 13) << 16);
      visit(view.getUint32(at + 8, little), types, view, at);
    }
  } else {
    const mask = header.machine === EM_SPARCV9 ? 0xff : 0x3fff_ffff;
    const [typeAt, symbolAt] = little ? [8, 12] : [12, 8];
    for (let at = 0; at < end; at += entrySize) {
      visit(view.getUint32(at + symbolAt, little), view.getUint32(at + typeAt, little) & mask, view, at);
    }
  }
}

/**
 * A relocation's r_offset, less an address given in halves of 32 bits: an offset in its target section, exact as long as the
 * section is smaller than 2^53 bytes.
 */
export function relocationOffset(header: ElfHeader, view: DataView, at: number, high: number, low: number): number {
  const little = !header.isBigEndian;
  if (header.bits === 32) return view.getUint32(at, little) - low;
  const [lowAt, highAt] = little ? [at, at + 4] : [at + 4, at];
  return (view.getUint32(highAt, little) - high) * 0x1_0000_0000 + view.getUint32(lowAt, little) - low;
}

/** A relocation's r_addend, or undefined where it stands in the place that is relocated; exact up to 2^53. */
export function relocationAddend(
  header: ElfHeader,
  section: RelocationSection,
  view: DataView,
  at: number,
): number | undefined {
  if (!section.hasAddends) return undefined;
  const little = !header.isBigEndian;
  if (header.bits === 32) return view.getInt32(at + 8, little);
  const [lowAt, highAt] = little ? [at + 16, at + 20] : [at + 20, at + 16];
  return view.getInt32(highAt, little) * 0x1_0000_0000 + view.getUint32(lowAt, little);
}
