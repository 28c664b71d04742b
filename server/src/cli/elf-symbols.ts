/**
 * The symbols of ELF objects and archives in the shape in which `weakspot symbols` prints those of sources. It must not know
 * how they are printed.
 */

import { type FileFormat, formatOf, MAGIC_SIZE } from "../host/elf/elf-headers.ts";
import type { ElfReader } from "../host/elf/elf-reader.ts";
import { type ElfSymbol, externalSymbols, type ObjectSymbols } from "../host/elf/object-symbols.ts";
import { readRegularStart } from "../host/open-regular.ts";

/** A symbol of an object: the fields that symbols of sources have, and what only an object says. */
export interface PrintedElfSymbol {
  readonly name: string;
  readonly kind: "function" | "object" | "unknown";
  readonly role: "definition" | "declaration" | "tentative";
  readonly binding: "strong" | "weak";
  readonly scope: "file";
  /** Objects have no lines; both are 0. */
  readonly line: 0;
  readonly column: 0;
  readonly condition: "";
  readonly type: string;
  /** The section's name, or UND, ABS, COMMON. */
  readonly section: string;
  readonly visibility: string;
  /** An address or an offset in the section, of COMMON an alignment: hexadecimal, as it may need 64 bits. */
  readonly value: string;
  /** In bytes. */
  readonly size: number;
  readonly version?: string;
}

/** The symbols of one object. */
export interface PrintedObject {
  /** The object's path, or "archive(member)". */
  readonly file: string;
  readonly symbols: readonly PrintedElfSymbol[];
  /** What could not be read; the symbols are not all when there are any. */
  readonly problems: readonly string[];
}

/** What the file is by its first bytes. Throws what open(2) reports. */
export function formatOfFile(path: string): FileFormat {
  return formatOf(readRegularStart(path, { most: MAGIC_SIZE }));
}

/** The external symbols of an object, or of every object in an archive. Rejects with what open(2) reports. */
export async function readElfSymbols(reader: ElfReader, path: string): Promise<PrintedObject[]> {
  const printed: PrintedObject[] = [];
  for await (const object of reader.readObjects(path)) {
    const file = object.member === undefined ? object.path : `${object.path}(${object.member})`;
    printed.push({ file, symbols: [...printable(object)], problems: object.problems });
  }
  return printed;
}

function* printable(object: ObjectSymbols): Generator<PrintedElfSymbol> {
  for (const symbol of externalSymbols(object)) if (symbol.name !== "") yield print(symbol);
}

function print(symbol: ElfSymbol): PrintedElfSymbol {
  const { name, type, section, visibility, value, size, version } = symbol;
  return {
    name,
    kind: kindOf(symbol),
    role: !symbol.isDefined ? "declaration" : section === "COMMON" ? "tentative" : "definition",
    binding: symbol.binding === "weak" ? "weak" : "strong",
    scope: "file",
    line: 0,
    column: 0,
    condition: "",
    type,
    section,
    visibility,
    value: `0x${value.toString(16)}`,
    size: Number(size),
    ...(version === undefined ? {} : { version: version.name }),
  };
}

function kindOf({ type }: ElfSymbol): PrintedElfSymbol["kind"] {
  if (type === "function" || type === "ifunc") return "function";
  return type === "object" || type === "common" || type === "tls" ? "object" : "unknown";
}

/** One symbol for people: "lib/table.o: table_names: weak object declaration, UND". */
export function describeElfSymbol(file: string, symbol: PrintedElfSymbol): string {
  const { name, kind, role, binding, section, value, size, visibility } = symbol;
  const what = [binding, kind === "unknown" ? "" : kind, role].filter((word) => word !== "").join(" ");
  const place = role === "declaration" ? "" : `, ${section} ${value}, ${size} bytes`;
  return `${file}: ${name}: ${what}${place}${visibility === "default" ? "" : `, ${visibility}`}`;
}
