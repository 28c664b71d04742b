/**
 * Makes ar archives for tests, in the forms of GNU and BSD. It must not use any of the code that reads them.
 */

import { concat } from "./build-elf.ts";

export interface BuiltMember {
  /** As it stands in the header: `name.o/`, `/12`, `#1/20`, `/`, `//`. */
  readonly name: string;
  readonly data?: Uint8Array | string;
  /** What the header says, when it is not how much data there is. */
  readonly size?: number;
}

/** An archive of these members, in order; of a thin one only the tables have data. */
export function buildArchive(members: readonly BuiltMember[], magic = "!<arch>\n"): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(magic)];
  for (const { name, data = "", size } of members) {
    const bytes = Buffer.from(data);
    const header = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"644".padEnd(8)}`;
    parts.push(Buffer.from(`${header}${String(size ?? bytes.length).padEnd(10)}\`\n`), bytes);
    if (bytes.length % 2 === 1) parts.push(Buffer.from("\n"));
  }
  return concat(parts);
}

export const thinMagic = "!<thin>\n";

/** The data of an archive's symbol table: offsets of 4 or of 8 bytes. */
export function symbolTable(symbols: readonly (readonly [name: string, headerOffset: number])[], width: 4 | 8 = 4) {
  const numbers = [symbols.length, ...symbols.map(([, offset]) => offset)];
  const bytes = Buffer.alloc(numbers.length * width);
  for (const [index, number] of numbers.entries()) {
    bytes.writeUInt32BE(number, index * width + width - 4);
  }
  return concat([bytes, Buffer.from(symbols.map(([name]) => `${name}\0`).join(""))]);
}
