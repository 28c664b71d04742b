/**
 * The ELF header and the section headers, decoded by elfinfo behind a guard. It must not know symbols or relocations.
 *
 * elfinfo decodes headers rightly, but it reads every string, symbol and relocation table on the way, one entry at a
 * time, and trusts every size and offset it finds. So it is never given the file. It is given a small ELF file made here: the
 * header and a window of the section headers, with the types of the tables hidden, so that there is nothing else in it to read.
 * Files with more sections than e_shnum can tell (gABI 4-19: at least 0xff00; then e_shnum is 0 and the number is in the
 * sh_size of section 0) elfinfo takes for files without any; their section headers are decoded here.
 */

import { type ELF, type ELFSection, open } from "elfinfo";
import { SHN_XINDEX, SHT_PROGBITS, SHT_STRTAB } from "./elf-constants.ts";
import { noteProblem, type Reading, readElfTable } from "./reading.ts";

export interface ElfHeader {
  readonly bits: 32 | 64;
  readonly isBigEndian: boolean;
  /** e_type. */
  readonly fileType: number;
  /** e_machine. */
  readonly machine: number;
  /** e_flags. */
  readonly flags: number;
}

/** The section headers by column, one entry for each section, so that they are cheap to hold and to hand over. */
export interface SectionTable {
  readonly count: number;
  /** Where the name starts in `names`. */
  readonly nameOffsets: Uint32Array<ArrayBuffer>;
  readonly types: Uint32Array<ArrayBuffer>;
  /** The lower 32 bits of sh_flags; no flag is defined in the upper ones. */
  readonly flags: Uint32Array<ArrayBuffer>;
  readonly addresses: BigUint64Array<ArrayBuffer>;
  readonly offsets: Float64Array<ArrayBuffer>;
  readonly sizes: Float64Array<ArrayBuffer>;
  readonly links: Uint32Array<ArrayBuffer>;
  readonly infos: Uint32Array<ArrayBuffer>;
  readonly entrySizes: Float64Array<ArrayBuffer>;
  /** The section name string table. */
  readonly names: Uint8Array<ArrayBuffer>;
}

export interface ElfHeaders {
  readonly header: ElfHeader;
  readonly sections: SectionTable;
}

/**
 * The most sections that are looked at. A kernel linked with one section for each function and datum has a third of it.
 */
const MAX_SECTIONS = 2 ** 19;

/** How many section headers elfinfo gets at once; below SHN_LORESERVE, as e_shnum has to be. */
const WINDOW_SECTIONS = 0x2000;

/** Where the fields of the headers are, by class. Sizes and offsets in bytes (gABI figures 4-3 and 4-8). */
interface Layout {
  readonly headerSize: number;
  readonly sectionHeaderSize: number;
  readonly shoff: number;
  /** Of e_ehsize; e_phentsize, e_phnum, e_shentsize, e_shnum and e_shstrndx follow, two bytes each. */
  readonly ehsize: number;
}

const layout32: Layout = { headerSize: 0x34, sectionHeaderSize: 0x28, shoff: 0x20, ehsize: 0x28 };
const layout64: Layout = { headerSize: 0x40, sectionHeaderSize: 0x40, shoff: 0x28, ehsize: 0x34 };

/** What the bytes at the start of a file say it is. */
export type FileFormat = "elf" | "archive" | "thin-archive" | "llvm-bitcode" | "unknown";

/** How many bytes {@link formatOf} looks at. */
export const MAGIC_SIZE = 8;

/** Tells the format by the first bytes; LLVM's bitcode has a magic of its own, bare or in a wrapper. */
export function formatOf(start: Uint8Array): FileFormat {
  const magic = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, MAGIC_SIZE)).toString("latin1");
  if (magic.startsWith("\x7fELF")) return "elf";
  if (magic === "!<arch>\n") return "archive";
  if (magic === "!<thin>\n") return "thin-archive";
  if (magic.startsWith("BC\xc0\xde") || magic.startsWith("\xde\xc0\x17\x0b")) return "llvm-bitcode";
  return "unknown";
}

/**
 * Reads the headers. Gives undefined, and notes why, when the file has no usable ELF header; gives no sections, and notes
 * why, when it has no usable section headers.
 */
export async function readHeaders(reading: Reading): Promise<ElfHeaders | undefined> {
  const start = reading.source.read(0, layout64.headerSize);
  const layout = start[4] === 1 ? layout32 : start[4] === 2 ? layout64 : undefined;
  if (formatOf(start) !== "elf" || layout === undefined || start.length < layout.headerSize) {
    noteProblem(reading, start.length < layout64.headerSize ? "the ELF header is cut off" : "the ELF header is broken");
    return undefined;
  }
  const isLittleEndian = start[5] !== 2;
  const shape = readShape(reading, start, layout, isLittleEndian);
  const table = emptyTable(shape.count);
  const ownWindows = shape.isExtended ? 0 : Math.ceil(shape.count / WINDOW_SECTIONS);
  let header: ElfHeader | undefined;
  // The file's header comes with the first window, and with an empty one where there is no other.
  for (let index = 0; index < Math.max(1, ownWindows); index++) {
    const first = index * WINDOW_SECTIONS;
    const window = ownWindows === 0 ? new Uint8Array(0) : readWindow(reading, layout, shape, first);
    hideTables(window, layout.sectionHeaderSize, isLittleEndian, table, first);
    const decoded = await decodeWindow(reading, start, layout, window);
    if (decoded === undefined) break;
    header ??= headerOf(decoded);
    for (const section of decoded.sections) fillSection(table, first + section.index, section);
  }
  if (header === undefined) return undefined;
  if (shape.isExtended) decodeExtended(reading, layout, isLittleEndian, shape, table);
  return { header, sections: { ...table, names: readNames(reading, table, shape.nameSection) } };
}

function headerOf({ bits, data, type, isa, flags }: ELF): ElfHeader {
  return { bits: bits === 32 ? 32 : 64, isBigEndian: data === 2, fileType: type, machine: isa, flags };
}

function emptyTable(count: number): SectionTable {
  return {
    count,
    nameOffsets: new Uint32Array(count),
    types: new Uint32Array(count),
    flags: new Uint32Array(count),
    addresses: new BigUint64Array(count),
    offsets: new Float64Array(count),
    sizes: new Float64Array(count),
    links: new Uint32Array(count),
    infos: new Uint32Array(count),
    entrySizes: new Float64Array(count),
    names: new Uint8Array(0),
  };
}

/** Puts what elfinfo has decoded into the columns; type and flags are there already. */
function fillSection(table: SectionTable, at: number, section: ELFSection): void {
  table.nameOffsets[at] = section.nameix;
  table.addresses[at] = BigInt(section.addr);
  table.offsets[at] = section.offset;
  table.sizes[at] = section.size;
  table.links[at] = section.link;
  table.infos[at] = section.info;
  table.entrySizes[at] = section.entsize;
}

/** Where the section headers are, how many there are, and which of them names the others. */
interface Shape {
  readonly offset: number;
  readonly count: number;
  readonly nameSection: number;
  /** There are more sections than e_shnum can tell. */
  readonly isExtended: boolean;
}

function readShape(reading: Reading, start: Uint8Array, layout: Layout, isLittleEndian: boolean): Shape {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const offset =
    layout === layout32
      ? view.getUint32(layout.shoff, isLittleEndian)
      : Number(view.getBigUint64(layout.shoff, isLittleEndian));
  const entrySize = view.getUint16(layout.ehsize + 6, isLittleEndian);
  const none = { offset: 0, count: 0, nameSection: 0, isExtended: false };
  if (offset === 0) return none;
  if (offset >= reading.source.size) {
    noteProblem(reading, "the section headers lie beyond the end of the file");
    return none;
  }
  if (entrySize !== layout.sectionHeaderSize) {
    noteProblem(reading, `the section headers are said to be ${entrySize} bytes long`);
    return none;
  }
  let count = view.getUint16(layout.ehsize + 8, isLittleEndian);
  const isExtended = count === 0;
  let nameSection = view.getUint16(layout.ehsize + 10, isLittleEndian);
  if (isExtended || nameSection === SHN_XINDEX) {
    const first = emptyTable(1);
    decodeSections(reading.source.read(offset, entrySize), layout, isLittleEndian, first, 0);
    if (isExtended) count = first.sizes[0]!;
    if (nameSection === SHN_XINDEX) nameSection = first.links[0]!;
  }
  return { offset, count: limitCount(reading, offset, count, entrySize), nameSection, isExtended };
}

function limitCount(reading: Reading, offset: number, count: number, entrySize: number): number {
  const inside = Math.floor((reading.source.size - offset) / entrySize);
  if (count > inside) noteProblem(reading, "the section headers reach beyond the end of the file");
  if (Math.min(count, inside) > MAX_SECTIONS) noteProblem(reading, `only ${MAX_SECTIONS} sections are looked at`);
  return Math.min(count, inside, MAX_SECTIONS);
}

/** Some section headers as the file has them, from number `first` on. */
function readWindow(
  reading: Reading,
  layout: Layout,
  { offset, count }: Shape,
  first: number,
): Uint8Array<ArrayBuffer> {
  reading.checkCancelled();
  const size = layout.sectionHeaderSize;
  const wanted = Math.min(WINDOW_SECTIONS, count - first) * size;
  const window = reading.source.read(offset + first * size, wanted);
  if (window.length < wanted) noteProblem(reading, "the file became shorter while it was read");
  return window;
}

/** Reads the section headers of a file whose number of sections elfinfo does not know. */
function decodeExtended(
  reading: Reading,
  layout: Layout,
  isLittleEndian: boolean,
  shape: Shape,
  table: SectionTable,
): void {
  for (let first = 0; first < shape.count; first += WINDOW_SECTIONS) {
    decodeSections(readWindow(reading, layout, shape, first), layout, isLittleEndian, table, first);
  }
}

function readNames(reading: Reading, table: SectionTable, section: number): Uint8Array<ArrayBuffer> {
  if (section === 0 || table.count === 0) return new Uint8Array(0);
  if (section >= table.count || table.types[section] !== SHT_STRTAB) {
    noteProblem(reading, "the section names are missing");
    return new Uint8Array(0);
  }
  return readElfTable(reading, "the table of section names", table.offsets[section]!, table.sizes[section]!, 1);
}

/**
 * Moves types and flags aside into the table, and leaves PROGBITS without flags in their place: elfinfo would read every table,
 * would round the upper halves of 64-bit flags into the lower ones, and would describe each flag in words.
 */
function hideTables(
  window: Uint8Array,
  entrySize: number,
  isLittleEndian: boolean,
  { types, flags }: SectionTable,
  first: number,
): void {
  const view = new DataView(window.buffer, window.byteOffset, window.byteLength);
  const is64 = entrySize === layout64.sectionHeaderSize;
  const lowFlags = is64 && !isLittleEndian ? 12 : 8;
  for (let at = 0; at + entrySize <= window.length; at += entrySize) {
    const index = first + at / entrySize;
    types[index] = view.getUint32(at + 4, isLittleEndian);
    flags[index] = view.getUint32(at + lowFlags, isLittleEndian);
    view.setUint32(at + 4, SHT_PROGBITS, isLittleEndian);
    view.setUint32(at + 8, 0, isLittleEndian);
    if (is64) view.setUint32(at + 12, 0, isLittleEndian);
  }
}

/** Decodes section headers (gABI figure 4-8) into the table, from entry `first` on. */
function decodeSections(
  window: Uint8Array,
  layout: Layout,
  isLittleEndian: boolean,
  table: SectionTable,
  first: number,
): void {
  const view = new DataView(window.buffer, window.byteOffset, window.byteLength);
  const is64 = layout === layout64;
  const halfAt = (at: number) => view.getUint32(at, isLittleEndian);
  const low = is64 && !isLittleEndian ? 4 : 0;
  const wordAt = (at: number) => (is64 ? halfAt(at + 4 - low) * 0x1_0000_0000 + halfAt(at + low) : halfAt(at));
  const [flags, address, offset, size, link, entrySize] = is64 ? [8, 16, 24, 32, 40, 56] : [8, 12, 16, 20, 24, 36];
  const end = window.length - (window.length % layout.sectionHeaderSize);
  for (let at = 0, index = first; at < end; at += layout.sectionHeaderSize, index++) {
    table.nameOffsets[index] = halfAt(at);
    table.types[index] = halfAt(at + 4);
    table.flags[index] = halfAt(at + flags + low);
    table.addresses[index] = is64 ? view.getBigUint64(at + address, isLittleEndian) : BigInt(halfAt(at + address));
    table.offsets[index] = wordAt(at + offset);
    table.sizes[index] = wordAt(at + size);
    table.links[index] = halfAt(at + link);
    table.infos[index] = halfAt(at + link + 4);
    table.entrySizes[index] = wordAt(at + entrySize);
  }
}

/**
 * Has elfinfo decode the file's header and some section headers: a file of nothing else is made for it, without program
 * headers and without section names. The window has at most {@link WINDOW_SECTIONS} headers and hides its tables.
 */
async function decodeWindow(
  reading: Reading,
  start: Uint8Array,
  layout: Layout,
  window: Uint8Array,
): Promise<ELF | undefined> {
  // elfinfo calls files of 64 bytes too small, hence the bytes in between.
  const sectionsStart = 0x60;
  const bytes = new Uint8Array(sectionsStart + window.length);
  bytes.set(start.subarray(0, layout.headerSize));
  bytes.set(window, sectionsStart);
  const view = new DataView(bytes.buffer);
  const isLittleEndian = start[5] !== 2;
  const count = Math.floor(window.length / layout.sectionHeaderSize);
  if (layout === layout32) view.setUint32(layout.shoff, sectionsStart, isLittleEndian);
  else view.setBigUint64(layout.shoff, BigInt(sectionsStart), isLittleEndian);
  view.setUint16(layout.ehsize, layout.headerSize, isLittleEndian);
  view.setUint16(layout.ehsize + 2, 0, isLittleEndian);
  view.setUint16(layout.ehsize + 4, 0, isLittleEndian);
  view.setUint16(layout.ehsize + 6, layout.sectionHeaderSize, isLittleEndian);
  view.setUint16(layout.ehsize + 8, count, isLittleEndian);
  view.setUint16(layout.ehsize + 10, 0, isLittleEndian);
  const result = await open(bytes);
  if (result.elf !== undefined && result.success) return result.elf;
  noteProblem(reading, `the ELF header is broken: ${result.errors.join(", ")}`);
  return undefined;
}

/** A section's name, decoded; "" where there is none. Names longer than 4,096 bytes are cut. */
export function sectionName(sections: SectionTable, index: number): string {
  const start = sections.nameOffsets[index];
  if (start === undefined || start >= sections.names.length) return "";
  const names = Buffer.from(sections.names.buffer, sections.names.byteOffset, sections.names.length);
  const end = names.subarray(start, start + 4096).indexOf(0);
  return names.toString("utf8", start, end < 0 ? Math.min(names.length, start + 4096) : start + end);
}
