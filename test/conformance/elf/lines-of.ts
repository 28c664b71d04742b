/**
 * Writes what our readers find as `readelf -sW -rW` prints it, one blank between the columns, so that the two can be compared
 * line by line.
 */

import type { ElfHeaders } from "../../../server/src/host/elf/elf-headers.ts";
import { sectionName } from "../../../server/src/host/elf/elf-headers.ts";
import type { ElfSymbolTable } from "../../../server/src/host/elf/object-symbols.ts";
import {
  type ElfSymbol,
  eachSymbol,
  elfSymbolAt,
  type ObjectSymbols,
} from "../../../server/src/host/elf/object-symbols.ts";
import type { Reading } from "../../../server/src/host/elf/reading.ts";
import {
  findRelocationSections,
  type RelocationSection,
  visitRelocations,
} from "../../../server/src/host/elf/relocation-sections.ts";
import { relocationTypeName } from "../../../server/src/host/elf/relocation-types.ts";

const typeNames = {
  notype: "NOTYPE",
  object: "OBJECT",
  function: "FUNC",
  section: "SECTION",
  file: "FILE",
  common: "COMMON",
  tls: "TLS",
  ifunc: "IFUNC",
  relc: "RELC",
  srelc: "SRELC",
  other: "<other>",
} as const;

/** One object as the comparison needs it: how to read it, and what was read. */
export interface ComparedObject {
  readonly reading: Reading;
  readonly headers: ElfHeaders;
  readonly symbols: ObjectSymbols;
}

function hex(value: bigint, bits: 32 | 64): string {
  return BigInt.asUintN(bits, value)
    .toString(16)
    .padStart(bits / 4, "0");
}

/** The name with its version as readelf writes it. */
export function versionedName({ name, version }: ElfSymbol): string {
  return version === undefined ? name : `${name}${version.isDefault ? "@@" : "@"}${version.name}`;
}

/** `Num: Value Size Type Bind Vis Ndx Name`, for number 0 as well. */
export function* symbolLines({ symbols }: ComparedObject, table: ElfSymbolTable): Generator<string> {
  const bits = symbols.header!.bits;
  if (table.count > 0) yield symbolLine(elfSymbolAt(symbols, table, 0), bits);
  for (const symbol of eachSymbol(symbols, table)) yield symbolLine(symbol, bits);
}

function symbolLine(symbol: ElfSymbol, bits: 32 | 64): string {
  const index = symbol.sectionIndex ?? (symbol.section === "COMMON" ? "COM" : symbol.section);
  const fields = [
    `${symbol.index}:`,
    hex(symbol.value, bits),
    symbol.size > 99999n ? `0x${symbol.size.toString(16)}` : symbol.size,
    typeNames[symbol.type],
    symbol.binding.toUpperCase(),
    symbol.visibility.toUpperCase(),
    index,
    versionedName(symbol),
  ];
  return fields.join(" ").trimEnd();
}

/** All relocation sections of an object. */
export function relocationSectionsOf({ reading, headers, symbols }: ComparedObject): RelocationSection[] {
  return findRelocationSections(reading, headers, symbols.tables, "all");
}

/** The name of a section. */
export function nameOfSection({ headers }: ComparedObject, section: number): string {
  return sectionName(headers.sections, section);
}

/** How many relocations are turned into lines at once. */
const LINES_AT_ONCE = 10_000;

/** `Offset Info Type Value Name + Addend`; of 64-bit MIPS the second and third type are in lines of their own. */
export function* relocationLines(object: ComparedObject, section: RelocationSection): Generator<string> {
  const chunk = LINES_AT_ONCE * section.entrySize;
  for (let done = 0; done < section.size; done += chunk) {
    const lines: string[] = [];
    const part = { ...section, offset: section.offset + done, size: Math.min(chunk, section.size - done) };
    visitRelocations(object.reading, object.headers.header, part, (symbol, type, view, at) => {
      relocationLine(object, section, symbol, type, view, at, lines);
    });
    yield* lines;
  }
}

function relocationLine(
  { headers, symbols }: ComparedObject,
  section: RelocationSection,
  symbolNumber: number,
  type: number,
  view: DataView,
  at: number,
  lines: string[],
): void {
  const { bits, isBigEndian, machine } = headers.header;
  const word = (index: number) =>
    bits === 64 ? view.getBigInt64(at + index * 8, !isBigEndian) : BigInt(view.getInt32(at + index * 4, !isBigEndian));
  const isMips64 = machine === 8 && bits === 64;
  const info = isMips64 ? (BigInt(symbolNumber) << 32n) | BigInt(view.getUint32(at + 12, false)) : word(1);
  const names = relocationTypeName(machine, bits, type).split("/");
  const fields = [hex(word(0), bits), hex(info, bits).padStart(bits === 64 ? 16 : 8, "0"), names[0]!];
  const addend = section.hasAddends ? word(2) : undefined;
  if (symbolNumber !== 0) {
    const symbol = elfSymbolAt(symbols, section.table, symbolNumber);
    if (symbol.type === "ifunc") fields.push(`${versionedName(symbol)}()`, hex(symbol.value, bits));
    else fields.push(hex(symbol.value, bits), versionedName(symbol));
    if (addend !== undefined) fields.push(addend < 0n ? "-" : "+", (addend < 0n ? -addend : addend).toString(16));
  } else if (addend !== undefined) {
    fields.push(BigInt.asUintN(bits, addend).toString(16));
  }
  lines.push(fields.join(" "));
  if (isMips64) {
    lines.push(`Type2: ${names[1] ?? "R_MIPS_NONE"}`, `Type3: ${names[2] ?? "R_MIPS_NONE"}`);
  }
}
