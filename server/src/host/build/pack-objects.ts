/**
 * Turns objects as the ELF reader gives them into the columns of the object index. It must not know where objects come from.
 */

import {
  type BatchObject,
  bindings,
  DEFINED,
  type ObjectBatch,
  sectionClasses,
  visibilities,
} from "../../linkage/objects/object-index.ts";
import { ET_REL, SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, SHT_NOBITS } from "../elf/elf-constants.ts";
import { elfSymbolAt, isLocalSymbol, mainTable, type ObjectSymbols } from "../elf/object-symbols.ts";
import type { ReadObject } from "../elf/read-objects.ts";
import { sumOfSymbol } from "../elf/relocation-counts.ts";

/** Columns under construction. */
export interface BatchBuilder {
  readonly objects: BatchObject[];
  readonly strings: string[];
  readonly numbers: Map<string, number>;
  /** Seven numbers for each row, in the order of ObjectBatch; the values apart, as they need 64 bits. */
  readonly rows: number[];
  readonly values: bigint[];
}

export function startBatch(): BatchBuilder {
  return { objects: [], strings: [], numbers: new Map(), rows: [], values: [] };
}

const WIDTH = 7;

/** Adds an object and its external symbols. */
export function addToBatch(
  batch: BatchBuilder,
  name: string,
  modified: number,
  { symbols, counts, relocationProblems }: ReadObject,
): void {
  const table = mainTable(symbols);
  const isRelocatable = symbols.header?.fileType === ET_REL;
  const before = batch.values.length;
  for (let index = 1; index < (table?.count ?? 0); index++) {
    if (isLocalSymbol(symbols, table!, index) && (isRelocatable || !isHidden(symbols, index))) continue;
    const symbol = elfSymbolAt(symbols, table!, index);
    if (symbol.name === "" || symbol.type === "section" || symbol.type === "file") continue;
    const sums = symbols.header && counts[0] ? sumOfSymbol(symbols.header, counts[0], index) : { total: 0, got: 0 };
    const flags =
      bindings.indexOf(symbol.binding) |
      (symbol.isDefined ? DEFINED : 0) |
      (Math.max(0, visibilities.indexOf(symbol.visibility)) << 4) |
      (classOf(symbols, symbol.sectionIndex) << 8);
    const strings = [symbol.name, symbol.type, symbol.section].map((text) => numberOf(batch, text));
    batch.rows.push(...strings, flags, Number(symbol.size), sums.total, sums.got);
    batch.values.push(symbol.value);
  }
  batch.objects.push({
    object: name,
    identity: symbols.identity,
    modified,
    isRelocatable,
    problems: [...symbols.problems, ...relocationProblems],
    rows: batch.values.length - before,
  });
}

/** Linking makes hidden symbols local, which is no reason to forget where they are. */
function isHidden(symbols: ObjectSymbols, index: number): boolean {
  const table = mainTable(symbols)!;
  const isWide = symbols.header?.bits === 64;
  return (table.entries[isWide ? index * 24 + 5 : index * 16 + 13]! & 3) !== 0;
}

/** The place of the section's class in sectionClasses, as nm(1) tells sections apart. */
function classOf({ sections }: ObjectSymbols, index: number | undefined): number {
  const flags = index === undefined ? 0 : (sections?.flags[index] ?? 0);
  if ((flags & SHF_ALLOC) === 0) return sectionClasses.indexOf("");
  if ((flags & SHF_EXECINSTR) !== 0) return sectionClasses.indexOf("code");
  if (sections?.types[index!] === SHT_NOBITS) return sectionClasses.indexOf("zeroed data");
  return sectionClasses.indexOf((flags & SHF_WRITE) === 0 ? "read-only data" : "data");
}

function numberOf(batch: BatchBuilder, text: string): number {
  let number = batch.numbers.get(text);
  if (number === undefined) {
    number = batch.strings.push(text) - 1;
    batch.numbers.set(text, number);
  }
  return number;
}

export function finishBatch({ objects, strings, rows, values }: BatchBuilder): ObjectBatch {
  const count = values.length;
  const column = (at: number) => Uint32Array.from({ length: count }, (_, row) => rows[row * WIDTH + at]!);
  return {
    objects,
    strings,
    names: column(0),
    types: column(1),
    sections: column(2),
    flags: column(3),
    sizes: Float64Array.from({ length: count }, (_, row) => rows[row * WIDTH + 4]!),
    relocations: column(5),
    gotRelocations: column(6),
    values: BigUint64Array.from(values),
  };
}
