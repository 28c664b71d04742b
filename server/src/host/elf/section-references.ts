/**
 * Finds the symbol that a relocation against a section means. Assemblers write a reference to a local symbol as its section
 * plus an offset, and the offset is in the addend, which may be off by how far the processor has read on. It must not
 * know how relocations are counted.
 */

import { WINDOW_SIZE } from "./byte-source.ts";
import {
  EM_386,
  EM_AARCH64,
  EM_ARM,
  EM_MIPS,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
  ET_REL,
  SHF_EXECINSTR,
  SHT_NOBITS,
  STB_LOCAL,
  STT_FILE,
  STT_OBJECT,
  STT_SECTION,
  STT_TLS,
} from "./elf-constants.ts";
import { sectionName } from "./elf-headers.ts";
import { armAddend, type InPlaceAddend, i386Addend, mipsAddend, x86TrailingBytes } from "./instruction-addends.ts";
import { type ElfSymbolTable, type ObjectSymbols, rawSymbolAt } from "./object-symbols.ts";
import { noteProblem, type Reading } from "./reading.ts";
import type { RelocationSection } from "./relocation-sections.ts";

/** What is known of one symbol table's sections while its relocations are counted. */
export interface References {
  readonly reading: Reading;
  readonly object: ObjectSymbols;
  readonly table: ElfSymbolTable;
  /** The symbols of each section by offset, made when the first relocation needs them. */
  readonly labels: Map<number, Labels>;
  /** The numbers of the symbols of each section; undefined until the first relocation needs them. */
  members: Map<number, number[]> | undefined;
  /** Where in the file bytes of relocated sections were last looked at. */
  window: number;
  /** How many more times they may be looked at elsewhere. */
  windowsLeft: number;
}

/** The symbols of one section, sorted by where they start. */
interface Labels {
  readonly starts: Float64Array;
  /** 0 for what is only a place, such as a function: nothing but its start is a reference to it. */
  readonly sizes: Float64Array;
  readonly symbols: Uint32Array;
  /**
   * 1 for functions that are not local. Assemblers keep their names, so that an address in a table, of an exception or a
   * switch, that happens to be their start is no reference to them. In code it is: compilers give them local names.
   */
  readonly isOnlyForCode: Uint8Array;
}

/** The section that is being relocated. */
export interface RelocatedPlace {
  readonly isCode: boolean;
  /** It tells how to unwind functions, which it describes and does not refer to. */
  readonly isUnwindTable: boolean;
  /** Its address in halves of 32 bits; 0 in relocatable objects, where relocations have offsets. */
  readonly addressHigh: number;
  readonly addressLow: number;
  /** Where its bytes are in the file; undefined for a section that has none. */
  readonly fileOffset: number | undefined;
  readonly size: number;
}

/** Sections with more symbols than these are left unresolved; sorting them would take seconds. */
const MAX_LABELS = 2 ** 20;

/** How many bytes of a relocated section are looked at in one go. */
const PEEK_BEFORE = 4;
const PEEK_AFTER = 8;

/** LSB Core 10.6.1; "Exception Handling ABI for the Arm Architecture", 5. */
const UNWIND_TABLE = /^(?:\.eh_frame$|\.ARM\.exidx)/;

export function startReferences(reading: Reading, object: ObjectSymbols, table: ElfSymbolTable): References {
  // Relocations come in the order of the section nearly always. Were they shuffled, each would read the file anew.
  const windowsLeft = 0x1000 + (8 * reading.source.size) / WINDOW_SIZE;
  return { reading, object, table, labels: new Map(), members: undefined, window: 0, windowsLeft };
}

export function startSection(references: References, { target }: RelocationSection): RelocatedPlace {
  const { header, sections } = references.object;
  const type = sections?.types[target];
  const address = header?.fileType === ET_REL ? 0n : (sections?.addresses[target] ?? 0n);
  return {
    isCode: ((sections?.flags[target] ?? 0) & SHF_EXECINSTR) !== 0,
    isUnwindTable: sections !== undefined && UNWIND_TABLE.test(sectionName(sections, target)),
    addressHigh: Number(address >> 32n),
    addressLow: Number(address & 0xffff_ffffn),
    fileOffset: type === undefined || type === SHT_NOBITS ? undefined : sections?.offsets[target],
    size: sections?.sizes[target] ?? 0,
  };
}

/**
 * The number of the symbol that a relocation against a section means, or 0 where none is found.
 *
 * @param target the section that it names
 * @param at where in the relocated section it is, in bytes
 * @param addend r_addend, or undefined where it stands in place
 */
export function resolveReference(
  references: References,
  place: RelocatedPlace,
  target: number,
  type: number,
  at: number,
  addend: number | undefined,
): number {
  if (place.isUnwindTable) return 0;
  const labels = references.labels.get(target) ?? sortLabels(references, target);
  if (labels.symbols.length === 0) return 0;
  const offset =
    addend === undefined
      ? inPlaceOffset(references, place, target, type, at)
      : addend + addendBias(references, place, type, at);
  return offset === undefined ? 0 : findLabel(labels, offset, place);
}

/** Where in the target section a relocation leads whose addend stands in place; undefined where its type does not say. */
function inPlaceOffset(
  references: References,
  place: RelocatedPlace,
  target: number,
  type: number,
  at: number,
): number | undefined {
  const { header, sections } = references.object;
  const inPlace = readInPlaceAddend(references, place, type, at);
  if (inPlace === undefined) return undefined;
  const ahead = place.isCode ? inPlace.readAhead : 0;
  if (header?.fileType === ET_REL) return inPlace.value + ahead;
  // The linker has put the final value in: an address, or the distance to one.
  const from = inPlace.isRelative ? place.addressLow + at + ahead : 0;
  return ((inPlace.value + from) >>> 0) - Number(sections?.addresses[target] ?? 0n);
}

/**
 * What to add to r_addend to get the offset that was meant. Places in code that hold distances count from elsewhere than
 * the place itself: on x86-64 from the end of the instruction, on s390 from its start, on MIPS from the delay slot.
 */
function addendBias(references: References, place: RelocatedPlace, type: number, at: number): number {
  if (!place.isCode) return 0;
  const machine = references.object.header?.machine;
  if (machine === EM_X86_64) {
    const isRelative = type === 2 || type === 4 || type === 9 || (type >= 39 && type <= 51); // PC32 PLT32 GOTPCREL …
    return isRelative ? 4 + x86TrailingBytes(bytesBefore(references, place, at)) : 0;
  }
  if (machine === EM_S390) {
    if ((type >= 16 && type <= 20) || type === 26) return -2; // PC16 … PLT32DBL GOTENT
    if (type === 62 || type === 63) return -1; // PC12DBL PLT12DBL
    if (type === 64 || type === 65) return -3; // PC24DBL PLT24DBL
  }
  if (machine === EM_MIPS && (type === 10 || type === 60 || type === 61)) return 4; // PC16 PC21_S2 PC26_S2
  return 0;
}

function bytesBefore(references: References, place: RelocatedPlace, at: number): Uint8Array {
  return peekPlace(references, place, Math.max(0, at - PEEK_BEFORE), Math.min(at, PEEK_BEFORE));
}

function readInPlaceAddend(
  references: References,
  place: RelocatedPlace,
  type: number,
  at: number,
): InPlaceAddend | undefined {
  const { header } = references.object;
  const bytes = peekPlace(references, place, at, PEEK_AFTER);
  if (header === undefined || bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !header.isBigEndian;
  if (header.machine === EM_386) return i386Addend(type, view);
  if (header.machine === EM_ARM) return armAddend(type, view, little);
  if (header.machine === EM_MIPS) return mipsAddend(type, view, little);
  return undefined;
}

/** Bytes of the relocated section, as far as they are in the file and the limit allows. */
function peekPlace(references: References, place: RelocatedPlace, at: number, length: number): Uint8Array {
  if (place.fileOffset === undefined || !(at >= 0 && at < place.size)) return new Uint8Array(0);
  const start = place.fileOffset + at;
  if (start < references.window || start + length > references.window + WINDOW_SIZE) {
    if (--references.windowsLeft < 0) return new Uint8Array(0);
    references.window = start;
  }
  return references.reading.source.peek(start, Math.min(length, place.size - at));
}

function sortLabels(references: References, section: number): Labels {
  references.members ??= groupBySection(references);
  const { object, table, reading } = references;
  reading.checkCancelled();
  let members = references.members.get(section) ?? [];
  if (members.length > MAX_LABELS) {
    noteProblem(reading, "references to a section with millions of symbols are not resolved");
    members = [];
  }
  const isRelocatable = object.header?.fileType === ET_REL;
  const base = isRelocatable ? 0n : (object.sections?.addresses[section] ?? 0n);
  const labels = members.map((symbol) => {
    const { value, size, info } = rawSymbolAt(object, table, symbol);
    const isData = (info & 0xf) === STT_OBJECT || (info & 0xf) === STT_TLS;
    const isLocal = info >> 4 === STB_LOCAL;
    return { symbol, start: Number(value - base), size: isData ? Number(size) : 0, isLocal, isData };
  });
  // Of symbols in one place the last is found: a local one, because references to others keep their names, then a sized one.
  labels.sort((a, b) => a.start - b.start || Number(a.isLocal) - Number(b.isLocal) || a.size - b.size);
  const sorted: Labels = {
    starts: Float64Array.from(labels, (label) => label.start),
    sizes: Float64Array.from(labels, (label) => label.size),
    symbols: Uint32Array.from(labels, (label) => label.symbol),
    isOnlyForCode: Uint8Array.from(labels, (label) => (label.isLocal || label.isData ? 0 : 1)),
  };
  references.labels.set(section, sorted);
  return sorted;
}

function groupBySection(references: References): Map<number, number[]> {
  const { object, table } = references;
  const groups = new Map<number, number[]>();
  for (let symbol = 1; symbol < table.count; symbol++) {
    if (symbol % 0x1_0000 === 0) references.reading.checkCancelled();
    const { info, sectionIndex, nameOffset } = rawSymbolAt(object, table, symbol);
    const type = info & 0xf;
    if (type === STT_SECTION || type === STT_FILE || sectionIndex === 0) continue;
    if (isNoReferent(object, table, nameOffset)) continue;
    const group = groups.get(sectionIndex);
    if (group === undefined) groups.set(sectionIndex, [symbol]);
    else group.push(symbol);
  }
  return groups;
}

const DOLLAR = 0x24;

/** Symbols without a name, and ARM's and RISC-V's mapping symbols ($a, $d, $x …), which only say what follows is. */
function isNoReferent(object: ObjectSymbols, table: ElfSymbolTable, nameOffset: number): boolean {
  const first = table.strings[nameOffset];
  if (nameOffset === 0 || first === undefined || first === 0) return true;
  const machine = object.header?.machine;
  return first === DOLLAR && (machine === EM_ARM || machine === EM_AARCH64 || machine === EM_RISCV);
}

/** The last label that starts at the offset, or the data that the offset is in; 0 for none. */
function findLabel(labels: Labels, offset: number, place: RelocatedPlace): number {
  const { starts, sizes, symbols, isOnlyForCode } = labels;
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const found = low - 1;
  if (isOnlyForCode[found] === 1 && !place.isCode) return 0;
  const distance = offset - starts[found]!;
  return distance === 0 || distance < sizes[found]! ? symbols[found]! : 0;
}
