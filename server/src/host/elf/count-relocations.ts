/**
 * Counts the relocations of an object by symbol, type and way. It must not know where the bytes come from.
 */

import { EM_PPC, EM_PPC64, STT_SECTION } from "./elf-constants.ts";
import { type ElfHeaders, sectionName } from "./elf-headers.ts";
import { type ElfSymbolTable, type ObjectSymbols, rawSymbolAt } from "./object-symbols.ts";
import { noteProblem, type Reading } from "./reading.ts";
import {
  countPair,
  finishCounting,
  type PairCounter,
  startCounting,
  type TableCounts,
  WAY_SECTION,
  WAY_TOC,
} from "./relocation-counts.ts";
import {
  findRelocationSections,
  type RelocationScope,
  type RelocationSection,
  relocationAddend,
  relocationOffset,
  visitRelocations,
} from "./relocation-sections.ts";
import { type References, resolveReference, startReferences, startSection } from "./section-references.ts";

/** R_PPC64_TOC16 … TOC16_HA and TOC16_DS, TOC16_LO_DS: offsets from the start of the table of contents. */
const tocTypes = new Set([47, 48, 49, 50, 63, 64]);

/** More than 64 KiB of them need several tables in one object; compilers split long before. */
const MAX_TOC_ENTRIES = 2 ** 18;

/** What counting in one symbol table needs. */
interface TableCounting {
  readonly table: ElfSymbolTable;
  readonly counter: PairCounter;
  /**
   * For each section symbol, whose relocations are resolved through their addends, the section it stands for; 0 for all
   * others.
   */
  readonly sectionOf: Uint32Array;
  readonly references: References;
}

/** Counts the relocations of the sections in the scope; the result has an entry for each symbol table. */
export function countObjectRelocations(
  reading: Reading,
  headers: ElfHeaders,
  object: ObjectSymbols,
  scope: RelocationScope,
): TableCounts[] {
  const countings = object.tables.map((table): TableCounting => {
    const sectionOf = findSectionSymbols(object, table);
    return { table, counter: startCounting(), sectionOf, references: startReferences(reading, object, table) };
  });
  const sections = findRelocationSections(reading, headers, object.tables, scope);
  const tocEntries = readTocEntries(reading, headers, sections);
  for (const section of sections) {
    const counting = countings.find(({ table }) => table === section.table)!;
    countSection(reading, headers, section, counting, tocEntries);
  }
  return countings.map(({ table, counter }) => {
    if (counter.dropped > 0) noteProblem(reading, `${counter.dropped} relocations are not counted`);
    return finishCounting(counter, table.count);
  });
}

function findSectionSymbols(object: ObjectSymbols, table: ElfSymbolTable): Uint32Array {
  const found = new Uint32Array(table.count);
  const [size, infoAt] = object.header?.bits === 64 ? [24, 4] : [16, 12];
  for (let index = 0; index < table.count; index++) {
    const isSection = (table.entries[index * size + infoAt]! & 0xf) === STT_SECTION;
    if (isSection) found[index] = rawSymbolAt(object, table, index).sectionIndex;
  }
  return found;
}

/** For each table of contents, by section, the symbol whose address stands at an offset. */
type TocEntries = ReadonlyMap<number, ReadonlyMap<number, number>>;

function countSection(
  reading: Reading,
  { header, sections }: ElfHeaders,
  section: RelocationSection,
  { table, counter, sectionOf, references }: TableCounting,
  tocEntries: TocEntries,
): void {
  const place = startSection(references, section);
  const { count } = table;
  // 32-bit PowerPC's code loads from .got2 by distances that the assembler knows: the entries are all that is left to see.
  const isTable = header.machine === EM_PPC && sectionName(sections, section.target) === ".got2";
  const way = isTable ? WAY_TOC : 0;
  let outside = 0;
  visitRelocations(reading, header, section, (symbol, type, view, at) => {
    if (symbol >= count) {
      outside++;
      return;
    }
    const target = sectionOf[symbol]!;
    if (target === 0) {
      countPair(counter, symbol, type | (way << 30));
      return;
    }
    const addend = relocationAddend(header, section, view, at);
    const entry = tocTypes.has(type) ? tocEntries.get(target)?.get(addend ?? 0) : undefined;
    if (entry !== undefined) {
      countPair(counter, entry, type | (WAY_TOC << 30));
      return;
    }
    const offset = relocationOffset(header, view, at, place.addressHigh, place.addressLow);
    const named = resolveReference(references, place, target, type, offset, addend);
    if (named === 0) countPair(counter, symbol, type);
    else countPair(counter, named, type | (WAY_SECTION << 30));
  });
  if (outside > 0) noteProblem(reading, `${outside} relocations refer to symbols that do not exist`);
}

/**
 * Reads the tables of contents of a 64-bit PowerPC object: compilers put the addresses of symbols into the section .toc and
 * refer to its entries, where on other machines the linker makes the GOT.
 */
function readTocEntries(
  reading: Reading,
  { header, sections }: ElfHeaders,
  relocationSections: readonly RelocationSection[],
): TocEntries {
  const found = new Map<number, Map<number, number>>();
  if (header.machine !== EM_PPC64) return found;
  for (const section of relocationSections) {
    if (sectionName(sections, section.target) !== ".toc") continue;
    const entries = found.get(section.target) ?? new Map<number, number>();
    found.set(section.target, entries);
    visitRelocations(reading, header, section, (symbol, _type, view, at) => {
      if (symbol !== 0 && symbol < section.table.count && entries.size < MAX_TOC_ENTRIES) {
        entries.set(relocationOffset(header, view, at, 0, 0), symbol);
      }
    });
  }
  return found;
}
