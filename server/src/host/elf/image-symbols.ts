/** The symbols that take room in a linked image, by their sections: those that `nm -S` has a size for. It must not know maps. */

import type { ImageSymbol } from "../../linkage/objects/image.ts";
import { EM_ARM, SHF_ALLOC } from "./elf-constants.ts";
import type { ElfHeaders } from "./elf-headers.ts";
import { type ElfSymbol, eachSymbol, isLocalSymbol, mainTable, type ObjectSymbols } from "./object-symbols.ts";
import type { Reading } from "./reading.ts";
import { readSymbolTables } from "./symbol-tables.ts";

/** By the index of their section, each by address. */
export function readImageSymbols(reading: Reading, headers: ElfHeaders, path: string): ImageSymbol[][] {
  const tables = readSymbolTables(reading, headers);
  const { header, sections } = headers;
  const shared = { path, member: undefined, identity: "", format: "elf" as const, problems: [] };
  const object: ObjectSymbols = { ...shared, header, sections, tables };
  const table = mainTable(object);
  const found: ImageSymbol[][] = [];
  if (table === undefined) return found;
  for (const symbol of eachSymbol(object, table)) {
    const { name, size, sectionIndex, type, index } = symbol;
    if (sectionIndex === undefined || size === 0n || name === "" || type === "section" || type === "file") continue;
    if (((sections.flags[sectionIndex] ?? 0) & SHF_ALLOC) === 0) continue;
    const address = addressOf(symbol, headers);
    found[sectionIndex] ??= [];
    found[sectionIndex].push({ name, address, size: Number(size), isLocal: isLocalSymbol(object, table, index) });
  }
  for (const symbols of found) symbols?.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  return found;
}

/** Bit 0 of an ARM function says Thumb (AAELF32 5.5.3), and a thread-local symbol has its place in the template. */
function addressOf({ type, value, sectionIndex }: ElfSymbol, { header, sections }: ElfHeaders): bigint {
  if (type === "function" && header.machine === EM_ARM) return value & ~1n;
  return type === "tls" ? sections.addresses[sectionIndex!]! + value : value;
}
