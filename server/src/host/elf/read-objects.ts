/**
 * Reads one object, a file or an archive's member, in the thread that calls: its symbols, and its relocations counted. Servers
 * call it in a worker, through elf-reader.ts. It must not know threads or caches.
 */

import { openFile, partOfSource } from "./byte-source.ts";
import { countObjectRelocations } from "./count-relocations.ts";
import { SHF_ALLOC, SHT_NOBITS, SHT_PROGBITS } from "./elf-constants.ts";
import { type ElfHeaders, formatOf, MAGIC_SIZE, readHeaders, type SectionTable } from "./elf-headers.ts";
import type { ObjectPlace } from "./list-objects.ts";
import type { ObjectSymbols } from "./object-symbols.ts";
import { noteProblem, type Reading, startReading } from "./reading.ts";
import type { TableCounts } from "./relocation-counts.ts";
import type { RelocationScope } from "./relocation-sections.ts";
import { readSymbolTables } from "./symbol-tables.ts";

/** What reading an object gives. */
export interface ReadObject {
  readonly symbols: ObjectSymbols;
  /** The relocations of each symbol table, when they were asked for. */
  readonly counts: readonly TableCounts[];
  readonly relocationProblems: readonly string[];
}

export interface ObjectReadOptions {
  /** Which relocations to count; none when it is left out. */
  readonly relocations?: RelocationScope | undefined;
  /** The identity of what the caller has already: the answer is undefined while the file is still that. */
  readonly known?: string | undefined;
  /** Called every few milliseconds; what it throws ends the reading. */
  readonly checkCancelled?: () => void;
}

/** How often a file that changes while it is read is read again. A build writes each object once. */
const MAX_TRIES = 3;

/**
 * Reads an object. What its bytes do not tell becomes problems in the answer; throws only what open(2) and read(2) report, what is
 * no regular file, and what `checkCancelled` throws.
 */
export async function readObject(place: ObjectPlace, options: ObjectReadOptions = {}): Promise<ReadObject | undefined> {
  const checkCancelled = options.checkCancelled ?? (() => {});
  for (let tries = 1; ; tries++) {
    checkCancelled();
    const file = openFile(place.path);
    try {
      if (file.identity === options.known) return undefined;
      const source = place.member ? partOfSource(file, place.member.offset, place.member.size) : file;
      const reading = startReading(source, checkCancelled);
      const read = await readFrom(reading, place, file.identity, options.relocations);
      if (file.isUnchanged()) return read;
      if (tries < MAX_TRIES) continue;
      noteProblem(reading, "the file was changed while it was read");
      return { ...read, symbols: { ...read.symbols, problems: reading.problems } };
    } finally {
      file.close();
    }
  }
}

async function readFrom(
  reading: Reading,
  place: ObjectPlace,
  identity: string,
  relocations: RelocationScope | undefined,
): Promise<ReadObject> {
  const format = formatOf(reading.source.peek(0, MAGIC_SIZE));
  const headers = format === "elf" ? await readHeaders(reading) : undefined;
  if (format !== "elf") noteProblem(reading, formatProblems[format]);
  if (headers !== undefined) noteMissingSymbols(reading, headers);
  const tables = headers === undefined ? [] : readSymbolTables(reading, headers);
  if (headers !== undefined && tables.length === 0) noteProblem(reading, "there is no symbol table");
  const symbols: ObjectSymbols = {
    path: place.path,
    member: place.member?.name,
    identity,
    format,
    problems: [...reading.problems],
    header: headers?.header,
    sections: headers?.sections,
    tables,
  };
  if (headers === undefined || relocations === undefined) return { symbols, counts: [], relocationProblems: [] };
  const counting: Reading = { ...reading, problems: [] };
  const counts = countObjectRelocations(counting, headers, symbols, relocations);
  return { symbols, counts, relocationProblems: counting.problems };
}

/** What to say of files that are no ELF files. */
const formatProblems = {
  "llvm-bitcode": "this is LLVM bitcode for link-time optimization: its symbols are in the output of the link",
  archive: "this is an archive; its members are the objects",
  "thin-archive": "this is a thin archive; the files it names are the objects",
  unknown: "this is no ELF file",
} as const;

/** Says why there are no symbols where people would expect some. */
function noteMissingSymbols(reading: Reading, { sections }: ElfHeaders): void {
  if (sections.count === 0 && reading.problems.length === 0) noteProblem(reading, "there are no section headers");
  const names = Buffer.from(sections.names.buffer, sections.names.byteOffset, sections.names.length);
  if (names.includes(".gnu.lto_") && !hasLoadedBytes(sections)) {
    noteProblem(
      reading,
      "this holds only GCC's intermediate code for link-time optimization: its symbols are in the output of the link",
    );
  }
}

/** Whether any section that is loaded has something in it: notes apart, objects of pure intermediate code have none. */
function hasLoadedBytes({ count, flags, sizes, types }: SectionTable): boolean {
  for (let section = 0; section < count; section++) {
    const type = types[section]!;
    const holdsBytes = type === SHT_PROGBITS || type === SHT_NOBITS;
    if (holdsBytes && (flags[section]! & SHF_ALLOC) !== 0 && sizes[section]! > 0) return true;
  }
  return false;
}
