/**
 * The symbol versions of dynamic objects (LSB Core 5.0, 10.7): which version each dynamic symbol has, and what the versions
 * are called. It must not know static symbol tables.
 */

import { SHT_GNU_VERDEF, SHT_GNU_VERNEED, SHT_GNU_VERSYM } from "./elf-constants.ts";
import type { ElfHeader, SectionTable } from "./elf-headers.ts";
import type { VersionName } from "./object-symbols.ts";
import { noteProblem, type Reading, readElfTable } from "./reading.ts";

export interface Versions {
  /** .gnu.version: two bytes for each symbol, in the byte order of the file. */
  readonly indexes: Uint8Array<ArrayBuffer>;
  readonly names: ReadonlyMap<number, VersionName>;
}

/** The most versions a file may have: their numbers have 15 bits. */
const MAX_VERSIONS = 0x8000;

/** In vd_flags: the version that stands for the file. */
const VER_FLG_BASE = 1;

/** A section of linked records, as .gnu.version_d and .gnu.version_r are, and the strings they refer to. */
interface Records {
  readonly view: DataView;
  readonly strings: Uint8Array;
  readonly little: boolean;
}

/** Reads the versions that belong to a dynamic symbol table; undefined when it has none. */
export function readVersions(
  reading: Reading,
  header: ElfHeader,
  sections: SectionTable,
  symbolSection: number,
): Versions | undefined {
  const indexSection = sections.types.indexOf(SHT_GNU_VERSYM);
  if (indexSection < 0 || sections.links[indexSection] !== symbolSection) return undefined;
  const names = new Map<number, VersionName>();
  readNeeded(recordsOf(reading, header, sections, SHT_GNU_VERNEED), names);
  readDefined(recordsOf(reading, header, sections, SHT_GNU_VERDEF), names);
  const [offset, size] = [sections.offsets[indexSection]!, sections.sizes[indexSection]!];
  return { indexes: readElfTable(reading, "the table of symbol versions", offset, size, 2), names };
}

function recordsOf(reading: Reading, header: ElfHeader, sections: SectionTable, type: number): Records | undefined {
  const section = sections.types.indexOf(type);
  if (section < 0) return undefined;
  const link = sections.links[section]!;
  if (link >= sections.count) {
    noteProblem(reading, "the names of the symbol versions are missing");
    return undefined;
  }
  const [offset, size] = [sections.offsets[section]!, sections.sizes[section]!];
  const bytes = readElfTable(reading, "the list of symbol versions", offset, size, 1);
  const strings = readElfTable(
    reading,
    "the names of the symbol versions",
    sections.offsets[link]!,
    sections.sizes[link]!,
    1,
  );
  return { view: new DataView(bytes.buffer), strings, little: !header.isBigEndian };
}

/**
 *     Elfxx_Verdef: half vd_version, half vd_flags, half vd_ndx, half vd_cnt, word vd_hash, word vd_aux, word vd_next
 *     Elfxx_Verdaux: word vda_name, word vda_next; the first one is the version's own name
 */
function readDefined(records: Records | undefined, names: Map<number, VersionName>): void {
  if (records === undefined) return;
  const { view, little } = records;
  let at = 0;
  for (let left = MAX_VERSIONS; left > 0 && at + 20 <= view.byteLength; left--) {
    const flags = view.getUint16(at + 2, little);
    const index = view.getUint16(at + 4, little) & 0x7fff;
    const auxiliary = at + view.getUint32(at + 12, little);
    if (auxiliary + 8 <= view.byteLength) {
      const name = stringAt(records, view.getUint32(auxiliary, little));
      names.set(index, { name, isNeeded: false, isBase: (flags & VER_FLG_BASE) !== 0 });
    }
    const next = view.getUint32(at + 16, little);
    if (next === 0) return;
    at += next;
  }
}

/**
 *     Elfxx_Verneed: half vn_version, half vn_cnt, word vn_file, word vn_aux, word vn_next
 *     Elfxx_Vernaux: word vna_hash, half vna_flags, half vna_other, word vna_name, word vna_next
 */
function readNeeded(records: Records | undefined, names: Map<number, VersionName>): void {
  if (records === undefined) return;
  const { view, little } = records;
  let at = 0;
  let left = MAX_VERSIONS;
  while (left > 0 && at + 16 <= view.byteLength) {
    left--;
    let auxiliary = at + view.getUint32(at + 8, little);
    for (; left > 0 && auxiliary + 16 <= view.byteLength; left--) {
      const index = view.getUint16(auxiliary + 6, little) & 0x7fff;
      const name = stringAt(records, view.getUint32(auxiliary + 8, little));
      names.set(index, { name, isNeeded: true, isBase: false });
      const nextAuxiliary = view.getUint32(auxiliary + 12, little);
      if (nextAuxiliary === 0) break;
      auxiliary += nextAuxiliary;
    }
    const next = view.getUint32(at + 12, little);
    if (next === 0) return;
    at += next;
  }
}

/** A version's name; cut after 1,024 bytes. */
function stringAt(records: Records, start: number): string {
  const bytes = records.strings.subarray(start, start + 1024);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
}
