/**
 * The symbols of one object as they are kept: the bytes of its tables and an index from names to entries, all of it in
 * buffers that go from thread to thread without being copied. Symbols are decoded one by one, when they are asked for.
 * It must not know how files are read.
 */

import {
  bindingName,
  EM_MIPS,
  type FileType,
  fileTypeName,
  machineName,
  reservedSectionName,
  SHN_LORESERVE,
  SHN_UNDEF,
  SHN_XINDEX,
  STT_SECTION,
  type SymbolBinding,
  type SymbolType,
  type SymbolVisibility,
  typeName,
  visibilityName,
} from "./elf-constants.ts";
import { type ElfHeader, type FileFormat, type SectionTable, sectionName } from "./elf-headers.ts";

/** A symbol table: `.symtab` is the static one, `.dynsym` the dynamic one. */
export interface ElfSymbolTable {
  readonly kind: "static" | "dynamic";
  /** The index of its section. */
  readonly section: number;
  readonly count: number;
  /** The entries as the file has them, 16 or 24 bytes each. */
  readonly entries: Uint8Array<ArrayBuffer>;
  /** The string table. */
  readonly strings: Uint8Array<ArrayBuffer>;
  /** The section indexes of those symbols whose st_shndx is SHN_XINDEX, four bytes each; empty when there are none. */
  readonly extendedSections: Uint8Array<ArrayBuffer>;
  /** How long a name may be, in bytes, before it is cut: less than it could be only where names overlap absurdly. */
  readonly nameLimit: number;
  /** The index: the first symbol of each bucket, its number plus one, and for each symbol the next one in its bucket. */
  readonly buckets: Uint32Array<ArrayBuffer>;
  readonly chain: Uint32Array<ArrayBuffer>;
  /** Version indexes (.gnu.version) as the file has them, two bytes each; empty when there are none. */
  readonly versionIndexes: Uint8Array<ArrayBuffer>;
  /** What the version indexes mean. */
  readonly versions: ReadonlyMap<number, VersionName>;
}

export interface VersionName {
  readonly name: string;
  /** Of a version that another file defines (.gnu.version_r), or that this one does (.gnu.version_d). */
  readonly isNeeded: boolean;
  /** The version that stands for the file itself. */
  readonly isBase: boolean;
}

/** What could be read of one file or one archive member. */
export interface ObjectSymbols {
  /** The file that was read. */
  readonly path: string;
  /** The archive's member, when it is one. */
  readonly member: string | undefined;
  /** Device, inode, size and time of modification of the file. */
  readonly identity: string;
  readonly format: FileFormat;
  /** Sentences that say what could not be read; the answer is not whole when there are any. */
  readonly problems: readonly string[];
  readonly header: ElfHeader | undefined;
  readonly sections: SectionTable | undefined;
  /** The static table first. */
  readonly tables: readonly ElfSymbolTable[];
}

/** One symbol, decoded. */
export interface ElfSymbol {
  readonly index: number;
  /** Without the version. Of a section symbol that has no name it is the section's, as nm and readelf show it. */
  readonly name: string;
  readonly binding: SymbolBinding;
  readonly type: SymbolType;
  readonly visibility: SymbolVisibility;
  /** The section's index, or undefined for UND, ABS, COMMON and what else is no section. */
  readonly sectionIndex: number | undefined;
  /** The section's name, or UND, ABS, COMMON. */
  readonly section: string;
  readonly isDefined: boolean;
  /** An address in executables and shared libraries, in relocatable objects an offset in the section; of COMMON an alignment. */
  readonly value: bigint;
  /** In bytes. */
  readonly size: bigint;
  readonly version: SymbolVersion | undefined;
}

export interface SymbolVersion {
  readonly name: string;
  /** The version that a reference without one is bound to, written `name@@version`. */
  readonly isDefault: boolean;
}

const AT = 0x40;

/** The hash of a name, and how many bytes it is of. */
export interface HashedName {
  hash: number;
  length: number;
}

/**
 * Hashes the name at `start` into `result`: FNV-1a up to its end, to an `@`, from which on names have their versions, or to
 * `limit` bytes.
 */
export function hashName(bytes: Uint8Array, start: number, limit: number, result: HashedName): void {
  const end = Math.min(bytes.length, start + limit);
  let hash = 0x811c9dc5;
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0 || (byte === AT && at > start)) break;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  result.hash = (hash ^ (hash >>> 15)) >>> 0;
  result.length = at - start;
}

/** The table that tells most: the static one, or the dynamic one of a stripped file. */
export function mainTable(object: ObjectSymbols): ElfSymbolTable | undefined {
  return object.tables[0];
}

/** The file's type and machine in words, or undefined when it is no ELF file. */
export function describeElfFile(object: ObjectSymbols): { fileType: FileType; machine: string } | undefined {
  const { header } = object;
  return header && { fileType: fileTypeName(header.fileType), machine: machineName(header.machine) };
}

/** How many bytes the object takes in memory, nearly. */
export function byteSizeOf(object: ObjectSymbols): number {
  return buffersOf(object).reduce((sum, buffer) => sum + buffer.byteLength, 2048);
}

/** All buffers of the object, each once, to be transferred with it. */
export function buffersOf(object: ObjectSymbols): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const holder of [object.sections, ...object.tables]) {
    for (const part of Object.values(holder ?? {}))
      if (ArrayBuffer.isView(part)) buffers.add(part.buffer as ArrayBuffer);
  }
  return [...buffers];
}

/** Up to this many bytes are moved into one buffer: twenty buffers take longer to hand over than small ones to copy. */
const MAX_PACKED = 0x4_0000;

/** The same object with all of its tables in one buffer, unless they are large. */
export function packObject(object: ObjectSymbols): ObjectSymbols {
  const size = buffersOf(object).reduce((sum, { byteLength }) => sum + byteLength + 8, 0);
  if (size > MAX_PACKED) return object;
  const packed = { bytes: new Uint8Array(size), end: 0 };
  const sections = object.sections && packParts(object.sections, packed);
  return { ...object, sections, tables: object.tables.map((table) => packParts(table, packed)) };
}

type ArrayMaker = new (buffer: ArrayBuffer, at: number, count: number) => unknown;

/** A copy of a record whose arrays are all in the one buffer, each where its numbers may start. */
function packParts<T extends object>(record: T, packed: { readonly bytes: Uint8Array<ArrayBuffer>; end: number }): T {
  const copies: [string, unknown][] = [];
  for (const [key, part] of Object.entries(record)) {
    if (!ArrayBuffer.isView(part)) continue;
    packed.bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), packed.end);
    const make = part.constructor as ArrayMaker;
    copies.push([key, new make(packed.bytes.buffer, packed.end, (part as Uint8Array).length)]);
    packed.end = Math.ceil((packed.end + part.byteLength) / 8) * 8;
  }
  return { ...record, ...Object.fromEntries(copies) };
}

/** Whether nothing outside of the object sees the symbol: its binding, without decoding the rest. */
export function isLocalSymbol(object: ObjectSymbols, table: ElfSymbolTable, index: number): boolean {
  const is64 = object.header?.bits === 64;
  return table.entries[is64 ? index * 24 + 4 : index * 16 + 12]! >> 4 === 0;
}

/**
 * Decodes one symbol. Total: an index beyond the table, or a name beyond the strings, gives what readelf would print nothing
 * for.
 */
export function elfSymbolAt(object: ObjectSymbols, table: ElfSymbolTable, index: number): ElfSymbol {
  const raw = rawSymbolAt(object, table, index);
  const isSection = raw.sectionIndex < SHN_LORESERVE || raw.isExtended;
  const machine = object.header?.machine ?? 0;
  const inSection = isSection && raw.sectionIndex !== SHN_UNDEF;
  const ownSection = object.sections && inSection ? sectionName(object.sections, raw.sectionIndex) : "";
  const section = inSection ? ownSection : reservedSectionName(raw.sectionIndex, machine);
  const spelled = nameAt(table, raw.nameOffset);
  const [name, version] = splitVersion(table, raw, index, spelled, object.header?.isBigEndian === true);
  return {
    index,
    name: name === "" && (raw.info & 0xf) === STT_SECTION ? ownSection : name,
    binding: bindingName(raw.info),
    type: typeName(raw.info),
    visibility: visibilityName(raw.other),
    sectionIndex: inSection ? raw.sectionIndex : undefined,
    section,
    isDefined: section !== "UND" && !(machine === EM_MIPS && section === "SUND"),
    value: raw.value,
    size: raw.size,
    version,
  };
}

/** A symbol's fields as they are in the file, with the section index resolved. */
export interface RawSymbol {
  readonly nameOffset: number;
  readonly info: number;
  readonly other: number;
  readonly sectionIndex: number;
  /** The section index comes from SYMTAB_SHNDX, where no number is reserved. */
  readonly isExtended: boolean;
  readonly value: bigint;
  readonly size: bigint;
}

const noSymbol: RawSymbol = {
  nameOffset: 0,
  info: 0,
  other: 0,
  sectionIndex: SHN_UNDEF,
  isExtended: false,
  value: 0n,
  size: 0n,
};

/** The fields of a symbol (gABI figure 4-15). An index beyond the table gives the undefined symbol, which is number 0. */
export function rawSymbolAt(object: ObjectSymbols, table: ElfSymbolTable, index: number): RawSymbol {
  if (!(index >= 0 && index < table.count) || object.header === undefined) return noSymbol;
  const { buffer, byteOffset, byteLength } = table.entries;
  const view = new DataView(buffer, byteOffset, byteLength);
  const little = !object.header.isBigEndian;
  if (object.header.bits === 64) {
    const at = index * 24;
    return {
      nameOffset: view.getUint32(at, little),
      info: view.getUint8(at + 4),
      other: view.getUint8(at + 5),
      ...sectionOf(table, index, view.getUint16(at + 6, little), little),
      value: view.getBigUint64(at + 8, little),
      size: view.getBigUint64(at + 16, little),
    };
  }
  const at = index * 16;
  return {
    nameOffset: view.getUint32(at, little),
    info: view.getUint8(at + 12),
    other: view.getUint8(at + 13),
    ...sectionOf(table, index, view.getUint16(at + 14, little), little),
    value: BigInt(view.getUint32(at + 4, little)),
    size: BigInt(view.getUint32(at + 8, little)),
  };
}

function sectionOf(table: ElfSymbolTable, index: number, shndx: number, little: boolean) {
  const { extendedSections } = table;
  if (shndx !== SHN_XINDEX || index * 4 + 4 > extendedSections.length) {
    return { sectionIndex: shndx, isExtended: false };
  }
  const view = new DataView(extendedSections.buffer, extendedSections.byteOffset, extendedSections.byteLength);
  return { sectionIndex: view.getUint32(index * 4, little), isExtended: true };
}

/** The bytes of a table's string at an offset, as text. */
function nameAt(table: ElfSymbolTable, start: number): string {
  if (start === 0 || start >= table.strings.length) return "";
  const strings = Buffer.from(table.strings.buffer, table.strings.byteOffset, table.strings.length);
  const limit = Math.min(strings.length, start + table.nameLimit);
  const end = strings.subarray(start, limit).indexOf(0);
  return strings.toString("utf8", start, end < 0 ? limit : start + end);
}

/**
 * Takes the version off a name. In static tables the linker and the assembler's `.symver` write it into the name; in
 * dynamic ones it is in .gnu.version (LSB Core 10.7.2): bit 15 says hidden, 0 and 1 are local and global, without a version.
 */
function splitVersion(
  table: ElfSymbolTable,
  raw: RawSymbol,
  index: number,
  spelled: string,
  isBigEndian: boolean,
): [string, SymbolVersion | undefined] {
  if (table.kind === "static") {
    const at = spelled.indexOf("@", 1);
    if (at < 0) return [spelled, undefined];
    const isDefault = spelled[at + 1] === "@";
    return [spelled.slice(0, at), { name: spelled.slice(at + (isDefault ? 2 : 1)), isDefault }];
  }
  const { versionIndexes } = table;
  if (index * 2 + 2 > versionIndexes.length) return [spelled, undefined];
  const [first, second] = [versionIndexes[index * 2]!, versionIndexes[index * 2 + 1]!];
  const number = isBigEndian ? first * 256 + second : second * 256 + first;
  const version = table.versions.get(number & 0x7fff);
  // A version that is defined here has a symbol of its own name, which says no more than that.
  if (version === undefined || version.isBase || version.name === spelled) return [spelled, undefined];
  const isHidden = (number & 0x8000) !== 0;
  const isDefault = !isHidden && !version.isNeeded && raw.sectionIndex !== SHN_UNDEF;
  return [spelled, { name: version.name, isDefault }];
}

/** How many symbols of one name are found at most; in real files there are some thousands of one local name. */
const MAX_NAMESAKES = 0x1_0000;

/** The numbers of all symbols of that name in a table, in order; versions are no part of the name. */
export function symbolIndexesNamed(object: ObjectSymbols, table: ElfSymbolTable, name: string): number[] {
  const wanted = Buffer.from(name, "utf8");
  if (wanted.length === 0 || table.buckets.length === 0) return [];
  const { buffer, byteOffset, byteLength } = table.entries;
  const view = new DataView(buffer, byteOffset, byteLength);
  const entrySize = object.header?.bits === 64 ? 24 : 16;
  const little = object.header?.isBigEndian !== true;
  const found: number[] = [];
  const hashed = { hash: 0, length: 0 };
  hashName(wanted, 0, table.nameLimit, hashed);
  const bucket = hashed.hash & (table.buckets.length - 1);
  for (let next = table.buckets[bucket]!; next !== 0; next = table.chain[next - 1]!) {
    const nameOffset = view.getUint32((next - 1) * entrySize, little);
    if (isNameAt(table, nameOffset, wanted) && found.push(next - 1) === MAX_NAMESAKES) break;
  }
  return found;
}

function isNameAt(table: ElfSymbolTable, start: number, wanted: Uint8Array): boolean {
  const { strings } = table;
  if (start + wanted.length > strings.length) return false;
  for (let i = 0; i < wanted.length; i++) if (strings[start + i] !== wanted[i]) return false;
  const after = strings[start + wanted.length];
  return after === undefined || after === 0 || after === AT || wanted.length === table.nameLimit;
}

/** The symbols of that name, in the main table or the one that is named. */
export function elfSymbolsNamed(object: ObjectSymbols, name: string, table = mainTable(object)): ElfSymbol[] {
  if (table === undefined) return [];
  return symbolIndexesNamed(object, table, name).map((index) => elfSymbolAt(object, table, index));
}

/** All symbols but number 0, which stands for none; of the main table or the one that is named. */
export function* eachSymbol(object: ObjectSymbols, table = mainTable(object)): Generator<ElfSymbol> {
  for (let index = 1; index < (table?.count ?? 0); index++) yield elfSymbolAt(object, table!, index);
}

/** All symbols that other objects can see: those that are not local. */
export function* externalSymbols(object: ObjectSymbols, table = mainTable(object)): Generator<ElfSymbol> {
  if (table === undefined) return;
  for (let index = 1; index < table.count; index++) {
    if (!isLocalSymbol(object, table, index)) yield elfSymbolAt(object, table, index);
  }
}
