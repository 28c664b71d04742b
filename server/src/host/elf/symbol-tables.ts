/**
 * Reads the symbol tables of an object, with their strings, extended section indexes and versions, and indexes their names.
 * It must not know relocations.
 */

import { SHT_DYNSYM, SHT_STRTAB, SHT_SYMTAB, SHT_SYMTAB_SHNDX } from "./elf-constants.ts";
import type { ElfHeader, ElfHeaders, SectionTable } from "./elf-headers.ts";
import { type ElfSymbolTable, hashName } from "./object-symbols.ts";
import { noteProblem, type Reading, readElfTable } from "./reading.ts";
import { readVersions } from "./symbol-versions.ts";

/** The longest name that is ever decoded, in bytes, and the shortest to which names are cut. */
const MAX_NAME = 0x10_0000;
const MIN_NAME = 64;

/**
 * How many bytes all names of a table may have together: this, or twice the string table. Linkers let names share their
 * ends, which makes little of a difference; broken files can let millions of names share the whole table.
 */
const MIN_NAME_BYTES = 2 ** 27;

/** How often long work looks whether it is still wanted, in symbols. */
const CHECK_INTERVAL = 0x1_0000;

/** Reads the static and the dynamic symbol table, as far as there are any. */
export function readSymbolTables(reading: Reading, { header, sections }: ElfHeaders): ElfSymbolTable[] {
  const tables: ElfSymbolTable[] = [];
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
  kind: ElfSymbolTable["kind"],
): ElfSymbolTable | undefined {
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
  return readElfTable(reading, what, sections.offsets[section]!, sections.sizes[section]!, entrySize);
}

function readStrings(
  reading: Reading,
  sections: SectionTable,
  section: number,
  kind: ElfSymbolTable["kind"],
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

/**
 * Puts every name into its bucket. Names that overlap so much that all of them together are beyond the limit are cut to what keeps
 * them within it.
 */
function indexNames(
  reading: Reading,
  header: ElfHeader,
  entries: Uint8Array<ArrayBuffer>,
  entrySize: number,
  strings: Uint8Array,
): NameIndex {
  const maxBytes = Math.max(MIN_NAME_BYTES, 2 * strings.length);
  const count = entries.length / entrySize;
  const whole = tryIndex(reading, header, entries, entrySize, strings, MAX_NAME, maxBytes);
  if (whole !== undefined) return whole;
  noteProblem(reading, "the names of the symbols overlap; long ones are cut");
  const limit = Math.max(MIN_NAME, Math.floor(maxBytes / count));
  return tryIndex(reading, header, entries, entrySize, strings, limit, Number.POSITIVE_INFINITY)!;
}

type NameIndex = Pick<ElfSymbolTable, "buckets" | "chain" | "nameLimit">;

/** Makes the index, in the order of the table; gives up when the names have more bytes than they may have together. */
function tryIndex(
  reading: Reading,
  header: ElfHeader,
  entries: Uint8Array<ArrayBuffer>,
  entrySize: number,
  strings: Uint8Array,
  nameLimit: number,
  maxBytes: number,
): NameIndex | undefined {
  const count = entries.length / entrySize;
  let bucketCount = 1;
  while (bucketCount < count) bucketCount *= 2;
  const buckets = new Uint32Array(bucketCount);
  const chain = new Uint32Array(count);
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const little = !header.isBigEndian;
  const name = { hash: 0, length: 0 };
  let bytes = 0;
  // From the last to the first, so that each bucket's chain is in the order of the table. Number 0 stands for no symbol.
  for (let symbol = count - 1; symbol > 0; symbol--) {
    if (symbol % CHECK_INTERVAL === 0) reading.checkCancelled();
    const start = view.getUint32(symbol * entrySize, little);
    if (start === 0 || start >= strings.length || strings[start] === 0) continue;
    hashName(strings, start, nameLimit, name);
    bytes += name.length;
    if (bytes > maxBytes) return undefined;
    const bucket = name.hash & (bucketCount - 1);
    chain[symbol] = buckets[bucket]!;
    buckets[bucket] = symbol + 1;
  }
  return { buckets, chain, nameLimit };
}
