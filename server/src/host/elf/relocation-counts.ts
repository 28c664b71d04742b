/**
 * How many relocations refer to each symbol of an object, by type and by way, in buffers that go from thread to thread
 * without being copied. It must not know how relocations are read.
 */

import type { ElfHeader } from "./elf-headers.ts";
import { type ElfSymbolTable, mainTable, type ObjectSymbols, symbolIndexesNamed } from "./object-symbols.ts";
import { isGotRelocation, relocationTypeName } from "./relocation-types.ts";

/**
 * How a relocation refers to a symbol.
 * - direct: it names the symbol
 * - section: it names the symbol's section, and its addend leads to the symbol, as assemblers write references to local ones
 * - toc: it leads to an entry of the compiler's own table of addresses that holds the symbol's (.toc of 64-bit PowerPC), or is
 *   that entry where nothing else shows (.got2 of 32-bit PowerPC)
 */
export type RelocationWay = "direct" | "section" | "toc";

export const WAY_SECTION = 1;
export const WAY_TOC = 2;

const ways: readonly RelocationWay[] = ["direct", "section", "toc"];

/** The counts for one symbol table. The rows of symbol number i are those from starts[i] to starts[i + 1], exclusive. */
export interface TableCounts {
  readonly starts: Uint32Array<ArrayBuffer>;
  /** The type in the lower 30 bits, the way in the upper two. */
  readonly kinds: Uint32Array<ArrayBuffer>;
  readonly counts: Uint32Array<ArrayBuffer>;
}

/** The relocations of one object. */
export interface ObjectRelocations {
  readonly symbols: ObjectSymbols;
  /** One for each of `symbols.tables`. */
  readonly tables: readonly TableCounts[];
  /** Sentences that say what could not be counted. */
  readonly problems: readonly string[];
}

/** What refers to a symbol. */
export interface SymbolRelocations {
  readonly total: number;
  /** How many of them go through the symbol's entry in the GOT, or in the table of contents. */
  readonly got: number;
  /** The most frequent first. */
  readonly kinds: readonly RelocationKind[];
}

export interface RelocationKind {
  /** R_X86_64_GOTPCREL … */
  readonly type: string;
  readonly way: RelocationWay;
  readonly isGot: boolean;
  readonly count: number;
}

/** What refers to the symbol of that number. */
export function relocationsOfSymbol(
  relocations: ObjectRelocations,
  table: ElfSymbolTable,
  index: number,
): SymbolRelocations {
  const counts = relocations.tables[relocations.symbols.tables.indexOf(table)];
  const { header } = relocations.symbols;
  if (counts === undefined || header === undefined || !(index >= 0 && index < table.count)) return sumOf([]);
  return sumOf(kindsOf(header, counts, index));
}

/** How many relocations refer to the symbol of that number in one table's counts, and how many through the GOT. */
export function sumOfSymbol(header: ElfHeader, counts: TableCounts, index: number): { total: number; got: number } {
  let total = 0;
  let got = 0;
  for (let row = counts.starts[index] ?? 0; row < (counts.starts[index + 1] ?? 0); row++) {
    const kind = counts.kinds[row]!;
    total += counts.counts[row]!;
    const isGot = kind >>> 30 === WAY_TOC || isGotRelocation(header.machine, header.bits, kind & 0x3fff_ffff);
    if (isGot) got += counts.counts[row]!;
  }
  return { total, got };
}

/** What refers to the symbols of that name, in the main table or the one that is named, all together. */
export function relocationsOfName(
  relocations: ObjectRelocations,
  name: string,
  table = mainTable(relocations.symbols),
): SymbolRelocations {
  if (table === undefined) return sumOf([]);
  const indexes = symbolIndexesNamed(relocations.symbols, table, name);
  return sumOf(indexes.flatMap((index) => relocationsOfSymbol(relocations, table, index).kinds));
}

function kindsOf(header: ElfHeader, counts: TableCounts, index: number): RelocationKind[] {
  const kinds: RelocationKind[] = [];
  for (let row = counts.starts[index]!; row < counts.starts[index + 1]!; row++) {
    const type = counts.kinds[row]! & 0x3fff_ffff;
    const way = ways[counts.kinds[row]! >>> 30]!;
    kinds.push({
      type: relocationTypeName(header.machine, header.bits, type),
      way,
      isGot: way === "toc" || isGotRelocation(header.machine, header.bits, type),
      count: counts.counts[row]!,
    });
  }
  return kinds;
}

function sumOf(kinds: readonly RelocationKind[]): SymbolRelocations {
  const merged = new Map<string, RelocationKind>();
  for (const kind of kinds) {
    const key = `${kind.type} ${kind.way}`;
    merged.set(key, { ...kind, count: kind.count + (merged.get(key)?.count ?? 0) });
  }
  const result = [...merged.values()].sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
  const total = result.reduce((sum, kind) => sum + kind.count, 0);
  const got = result.reduce((sum, kind) => sum + (kind.isGot ? kind.count : 0), 0);
  return { total, got, kinds: result };
}

/** All buffers of the counts, to be transferred with them. */
export function buffersOfCounts(tables: readonly TableCounts[]): ArrayBuffer[] {
  return tables.flatMap(({ starts, kinds, counts }) => [starts.buffer, kinds.buffer, counts.buffer]);
}

/** A count for each pair of symbol and kind, while counting: a hash table with open addressing. */
export interface PairCounter {
  symbols: Uint32Array;
  kinds: Uint32Array;
  counts: Uint32Array;
  /** How many of the slots are taken; those with a count of 0 are free. */
  used: number;
  /** Relocations that were not counted because there was no room for another pair. */
  dropped: number;
}

/** The most pairs that are counted, before the table would be more than three quarters full: 100 MB. */
const MAX_PAIR_SLOTS = 2 ** 23;

export function startCounting(): PairCounter {
  const slots = 2 ** 8;
  return {
    symbols: new Uint32Array(slots),
    kinds: new Uint32Array(slots),
    counts: new Uint32Array(slots),
    used: 0,
    dropped: 0,
  };
}

/** Counts `amount` more relocations of a kind, as in {@link TableCounts}, that refer to a symbol. */
export function countPair(counter: PairCounter, symbol: number, signedKind: number, amount = 1): void {
  const kind = signedKind >>> 0;
  const mask = counter.counts.length - 1;
  let slot = (Math.imul(symbol, 0x9e3779b1) ^ Math.imul(kind, 0x85ebca6b)) >>> 0;
  slot = (slot ^ (slot >>> 15)) & mask;
  while (counter.counts[slot] !== 0) {
    if (counter.symbols[slot] === symbol && counter.kinds[slot] === kind) {
      counter.counts[slot] = counter.counts[slot]! + amount;
      return;
    }
    slot = (slot + 1) & mask;
  }
  if ((counter.used + 1) * 4 > counter.counts.length * 3) {
    if (counter.counts.length >= MAX_PAIR_SLOTS) {
      counter.dropped += amount;
      return;
    }
    growCounter(counter);
    countPair(counter, symbol, kind, amount);
    return;
  }
  counter.symbols[slot] = symbol;
  counter.kinds[slot] = kind;
  counter.counts[slot] = amount;
  counter.used++;
}

function growCounter(counter: PairCounter): void {
  const { symbols, kinds, counts } = counter;
  const slots = counts.length * 4;
  Object.assign(counter, {
    symbols: new Uint32Array(slots),
    kinds: new Uint32Array(slots),
    counts: new Uint32Array(slots),
    used: 0,
  });
  for (let slot = 0; slot < counts.length; slot++) {
    if (counts[slot] !== 0) countPair(counter, symbols[slot]!, kinds[slot]!, counts[slot]!);
  }
}

/** Puts the pairs in the order of the symbols. */
export function finishCounting(counter: PairCounter, symbolCount: number): TableCounts {
  const starts = new Uint32Array(symbolCount + 1);
  for (let slot = 0; slot < counter.counts.length; slot++) {
    if (counter.counts[slot] !== 0) starts[counter.symbols[slot]! + 1]!++;
  }
  for (let index = 0; index < symbolCount; index++) starts[index + 1]! += starts[index]!;
  const next = starts.slice();
  const kinds = new Uint32Array(counter.used);
  const counts = new Uint32Array(counter.used);
  for (let slot = 0; slot < counter.counts.length; slot++) {
    if (counter.counts[slot] === 0) continue;
    const row = next[counter.symbols[slot]!]!++;
    kinds[row] = counter.kinds[slot]!;
    counts[row] = counter.counts[slot]!;
  }
  return { starts, kinds, counts };
}
