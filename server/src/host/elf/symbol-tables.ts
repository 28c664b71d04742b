/**
 * Reads the symbol tables of an object, with their strings, extended section indexes and versions, and indexes their names.
 * It must not know relocations.
 */

import { SHT_DYNSYM, SHT_STRTAB, SHT_SYMTAB, SHT_SYMTAB_SHNDX } from "./elf-constants.ts";
import type { ElfHeader, ElfHeaders, SectionTable } from "./elf-headers.ts";
import { HASHED_BYTES, hashName, type SymbolTable } from "./object-symbols.ts";
import { noteProblem, type Reading, readTable } from "./reading.ts";
import { readVersions } from "./symbol-versions.ts";

/** The longest name that is ever decoded, in bytes. */
const MAX_NAME = 0x10_0000;

/**
 * How many bytes all names of a table may have together: this, or four times the string table. Linkers let names share their
 * ends, which makes little of a difference; broken files can let millions of names share the whole table.
 */
const MIN_NAME_BYTES = 2 ** 28;

/** How often long work looks whether it is still wanted, in symbols. */
const CHECK_INTERVAL = 0x1_0000;

/** Reads the static and the dynamic symbol table, as far as there are any. */
export function readSymbolTables(reading: Reading, { header, sections }: ElfHeaders): SymbolTable[] {
  const tables: SymbolTable[] = [];
  for (const [type, kind] of [
    [SHT_SYMTAB, "static"],
    [SHT_DYNSYM, "dynamic"],
  ] as const) {
    const section = sections.types.indexOf(type);
    if (section < 0) continue;
    if (sections.types.indexOf(type, section + 1) >= 0) {
      noteProblem(reading, `there is more than one ${kind} symbol table; the first one is used`);
    }
    const table = readSymbolTable(reading, header, sections, section, kind);
    if (table !== undefined) tables.push(table);
  }
  return tables;
}

function readSymbolTable(
  reading: Reading,
  header: ElfHeader,
  sections: SectionTable,
  section: number,
  kind: SymbolTable["kind"],
): SymbolTable | undefined {
  reading.checkCancelled();
  const entrySize = header.bits === 64 ? 24 : 16;
  if (sections.entrySizes[section] !== entrySize) {
    noteProblem(
      reading,
      `the entries of the ${kind} symbol table are said to be ${sections.entrySizes[section]} bytes long`,
    );
    return undefined;
  }
  const entries = readWhole(reading, sections, section, `the ${kind} symbol table`, entrySize);
  const strings = readStrings(reading, sections, section, kind);
  reading.checkCancelled();
  const count = entries.length / entrySize;
  const index = indexNames(reading, header, entries, entrySize, strings);
  const versions = kind === "dynamic" ? readVersions(reading, header, sections, section) : undefined;
  return {
    kind,
    section,
    count,
    entries,
    strings,
    extendedSections: readExtendedSections(reading, sections, section),
    ...index,
    versionIndexes: versions?.indexes ?? new Uint8Array(0),
    versions: versions?.names ?? new Map(),
  };
}

function readWhole(
  reading: Reading,
  sections: SectionTable,
  section: number,
  what: string,
  entrySize: number,
): Uint8Array<ArrayBuffer> {
  return readTable(reading, what, sections.offsets[section]!, sections.sizes[section]!, entrySize);
}

function readStrings(
  reading: Reading,
  sections: SectionTable,
  section: number,
  kind: SymbolTable["kind"],
): Uint8Array<ArrayBuffer> {
  const link = sections.links[section]!;
  if (link >= sections.count || sections.types[link] !== SHT_STRTAB) {
    noteProblem(reading, `the names of the ${kind} symbol table are missing`);
    return new Uint8Array(0);
  }
  return readWhole(reading, sections, link, `the string table of the ${kind} symbol table`, 1);
}

/** SYMTAB_SHNDX: the section indexes that do not fit into st_shndx (gABI 4-21), by its sh_link to the symbol table. */
function readExtendedSections(reading: Reading, sections: SectionTable, section: number): Uint8Array<ArrayBuffer> {
  for (let at = sections.types.indexOf(SHT_SYMTAB_SHNDX); at >= 0; ) {
    if (sections.links[at] === section) return readWhole(reading, sections, at, "the table of section indexes", 4);
    at = sections.types.indexOf(SHT_SYMTAB_SHNDX, at + 1);
  }
  return new Uint8Array(0);
}

/** Puts every name into its bucket, in the order of the table, and finds out whether names may be decoded as they are. */
function indexNames(
  reading: Reading,
  header: ElfHeader,
  entries: Uint8Array<ArrayBuffer>,
  entrySize: number,
  strings: Uint8Array,
): Pick<SymbolTable, "buckets" | "chain" | "nameLimit"> {
  const count = entries.length / entrySize;
  let bucketCount = 1;
  while (bucketCount < count) bucketCount *= 2;
  const buckets = new Uint32Array(bucketCount);
  const chain = new Uint32Array(count);
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const little = !header.isBigEndian;
  const maxNameBytes = Math.max(MIN_NAME_BYTES, 4 * strings.length);
  let longBytes = 0;
  // From the last to the first, so that each bucket's chain is in the order of the table. Number 0 stands for no symbol.
  for (let symbol = count - 1; symbol > 0; symbol--) {
    if (symbol % CHECK_INTERVAL === 0) reading.checkCancelled();
    const start = view.getUint32(symbol * entrySize, little);
    if (start === 0 || start >= strings.length || strings[start] === 0) continue;
    const bucket = hashName(strings, start) & (bucketCount - 1);
    chain[symbol] = buckets[bucket]!;
    buckets[bucket] = symbol + 1;
    if (longBytes < maxNameBytes) longBytes += lengthBeyondHash(strings, start);
  }
  if (longBytes < maxNameBytes) return { buckets, chain, nameLimit: MAX_NAME };
  noteProblem(reading, "the names of the symbols overlap; long ones are cut");
  return { buckets, chain, nameLimit: Math.max(HASHED_BYTES, Math.floor(maxNameBytes / count)) };
}

/** How long the name is after the bytes that were hashed: 0 for nearly all, without searching for the end of any. */
function lengthBeyondHash(strings: Uint8Array, start: number): number {
  const hashed = start + HASHED_BYTES;
  for (let at = hashed - 1; at >= start; at -= 16) if (strings[at] === 0) return 0;
  const rest = strings.subarray(start, start + MAX_NAME);
  const end = rest.indexOf(0);
  return Math.max(0, (end < 0 ? rest.length : end) - HASHED_BYTES);
}
