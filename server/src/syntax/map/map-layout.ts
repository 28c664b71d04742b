/**
 * Reads from a linker's map (-Map) how it laid out the image: memory regions, output sections, and which input sections of
 * which files each holds. Of GNU ld's format (ldlang.c: lang_map, print_output_section_statement, print_input_section) and
 * lld's (lld/ELF/MapFile.cpp). What it does not know, it passes over. It reads no files.
 *
 *     gnu-region  := name blanks "0x" origin blanks "0x" length ( blanks attributes )?
 *     gnu-output  := name ( "\n" )? blanks "0x" address blanks "0x" size ( " load address 0x" address )?
 *     gnu-pattern := " " ( "*" | name )( "(" … ")" )
 *     gnu-input   := " " name ( "\n" )? blanks "0x" address blanks "0x" size " " file
 *     gnu-load    := "LOAD " file
 *     gnu-fill    := " *fill*" blanks "0x" address blanks "0x" size
 *     lld-output  := vma lma size align " " name
 *     lld-input   := vma lma size align " "{9} file ":(" name ")"
 */

import { linesOfMap, mapFormatOf } from "./map-lines.ts";

/** A region of MEMORY, its expressions evaluated; lld's maps have none. */
export interface MapRegion {
  readonly name: string;
  readonly origin: bigint;
  /** In bytes. */
  readonly length: bigint;
  /** As the map has them: "xrw", "rw !x"; "" where it has none. */
  readonly attributes: string;
}

/** What one file put into an output section, or the padding in between. */
export interface MapInput {
  /** The input section's name, "COMMON", or "*fill*". */
  readonly section: string;
  /** As the linker was given it: "main.o", "lib.a(x.o)"; "" for padding. */
  readonly file: string;
  readonly address: bigint;
  /** In bytes. */
  readonly size: number;
  /** The pattern of the script that took it: "*(.text .text.*)"; undefined where the map does not tell. */
  readonly pattern: string | undefined;
}

export interface MapSection {
  readonly name: string;
  readonly address: bigint;
  /** Where it is loaded from; `address` where the map says no other. */
  readonly loadAddress: bigint;
  /** In bytes. */
  readonly size: number;
  /** The script's patterns for it as the map has them, also those that took nothing; none of lld's maps. */
  readonly patterns: readonly string[];
  readonly inputs: readonly MapInput[];
}

/** An input section that the linker left out: no reference kept it, or a /DISCARD/ took it. */
export interface MapDiscarded {
  readonly section: string;
  readonly file: string;
  /** In bytes. */
  readonly size: number;
}

export interface MapLayout {
  readonly regions: readonly MapRegion[];
  /** In the order of the map. */
  readonly sections: readonly MapSection[];
  readonly discarded: readonly MapDiscarded[];
  /** The files in the order in which they were loaded, as the linker was given them; empty of lld's maps. */
  readonly loaded: readonly string[];
}

/** Parses the layout. Total: undefined for a text that is no map. */
export function parseMapLayout(text: string): MapLayout | undefined {
  switch (mapFormatOf(text)) {
    case "gnu":
      return parseGnuLayout(text);
    case "lld":
      return parseLldLayout(text);
    default:
      return undefined;
  }
}

interface OpenSection {
  readonly name: string;
  readonly address: bigint;
  readonly loadAddress: bigint;
  readonly size: number;
  readonly patterns: string[];
  readonly inputs: MapInput[];
}

type GnuPart = "other" | "discarded" | "memory" | "map";

/** What has been read so far of GNU ld's map. */
interface GnuReading {
  readonly regions: MapRegion[];
  readonly sections: OpenSection[];
  readonly discarded: MapDiscarded[];
  readonly loaded: string[];
  part: GnuPart;
  /** A name that is too long for its numbers to stand in the same line; with its indentation. */
  pending: string | undefined;
  current: OpenSection | undefined;
  pattern: string | undefined;
}

const NUMBERS = /^(\s*)(\S.*?)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s(.*))?$/;

function parseGnuLayout(text: string): MapLayout {
  const reading: GnuReading = {
    regions: [],
    sections: [],
    discarded: [],
    loaded: [],
    part: "other",
    pending: undefined,
    current: undefined,
    pattern: undefined,
  };
  for (const line of linesOfMap(text)) {
    const part = partAfter(line);
    if (part !== undefined) {
      reading.part = part;
      reading.pending = undefined;
    } else if (reading.part === "memory") readRegion(reading, line);
    else if (reading.part === "discarded") readDiscarded(reading, line);
    else if (reading.part === "map") readGnuLine(reading, line);
  }
  const { regions, sections, discarded, loaded } = reading;
  return { regions, sections, discarded, loaded };
}

/** The part that a heading begins. */
function partAfter(line: string): GnuPart | undefined {
  if (line.startsWith("Discarded input sections")) return "discarded";
  if (line.startsWith("Memory Configuration")) return "memory";
  // gold has none of the script in its map.
  if (line.startsWith("Linker script and memory map") || line === "Memory map") return "map";
  return line.startsWith("Cross Reference Table") ? "other" : undefined;
}

function readRegion(reading: GnuReading, line: string): void {
  const match = /^(\S+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+(\S.*))?$/.exec(line);
  // *default* is what no region holds (ld manual, "MEMORY").
  if (match === null || match[1] === "*default*") return;
  const [, name, origin, length, attributes] = match;
  reading.regions.push({
    name: name!,
    origin: BigInt(`0x${origin}`),
    length: BigInt(`0x${length}`),
    attributes: (attributes ?? "").trim(),
  });
}

function readDiscarded(reading: GnuReading, line: string): void {
  const row = readNumbers(reading, line);
  if (row?.indent === 1 && row.name !== "*fill*") {
    reading.discarded.push({ section: row.name, file: row.rest, size: row.size });
  }
}

function readGnuLine(reading: GnuReading, line: string): void {
  if (line.startsWith("LOAD ")) {
    reading.loaded.push(line.slice("LOAD ".length));
    reading.pending = undefined;
    return;
  }
  if (isPattern(line)) {
    reading.pattern = line.trim();
    reading.current?.patterns.push(reading.pattern);
    reading.pending = undefined;
    return;
  }
  const row = readNumbers(reading, line);
  if (row === undefined) return;
  if (row.indent === 0) {
    const load = /^load address 0x([0-9a-f]+)/.exec(row.rest)?.[1];
    const { name, address, size } = row;
    reading.current = {
      name,
      address,
      loadAddress: load === undefined ? address : BigInt(`0x${load}`),
      size,
      patterns: [],
      inputs: [],
    };
    reading.sections.push(reading.current);
    reading.pattern = undefined;
  } else if (row.indent === 1 && reading.current !== undefined) {
    const { address, size } = row;
    const section = row.name === "** fill" ? "*fill*" : row.name;
    const file = section === "*fill*" ? "" : row.rest;
    // Statements such as BYTE and LONG have numbers too, and no file.
    if (file === "" && section !== "*fill*") return;
    reading.current.inputs.push({ section, file, address, size, pattern: reading.pattern });
  }
}

/** " *(.text .text.*)", " KEEP (*(.vectors))", " main.o(.data)": what the script says, without numbers. */
function isPattern(line: string): boolean {
  return (
    /^ \S/.test(line) && line.trimEnd().endsWith(")") && !/\s0x[0-9a-f]+\s+0x[0-9a-f]/.test(line) && line.includes("(")
  );
}

interface Row {
  /** How many blanks the name stands behind. */
  readonly indent: number;
  readonly name: string;
  readonly address: bigint;
  readonly size: number;
  readonly rest: string;
}

/** A line with a name, an address and a size, or the second line of it, where the name has one of its own. */
function readNumbers(reading: GnuReading, line: string): Row | undefined {
  const match = NUMBERS.exec(line);
  if (match === null) {
    reading.pending = /^ ?[^\s(]+$/.test(line) ? line : undefined;
    return undefined;
  }
  const [, blanks, name, address, size, rest] = match;
  const named = name ?? reading.pending?.trim();
  const indent = name === undefined ? (reading.pending?.search(/\S/) ?? -1) : blanks!.length;
  reading.pending = undefined;
  if (named === undefined || indent > 1 || indent < 0) return undefined;
  return {
    indent,
    name: named,
    address: BigInt(`0x${address}`),
    size: Number.parseInt(size!, 16),
    rest: (rest ?? "").trim(),
  };
}

/** How many blanks stand between the alignment and the name of an input section; an output section has one. */
const LLD_INPUT_INDENT = 9;

function parseLldLayout(text: string): MapLayout {
  const sections: OpenSection[] = [];
  for (const line of linesOfMap(text)) {
    const match = /^ *([0-9a-f]+) +([0-9a-f]+) +([0-9a-f]+) +\d+( +)(\S.*)$/.exec(line);
    if (match === null) continue;
    const [, vma, lma, size, blanks, what] = match;
    const bytes = Number.parseInt(size!, 16);
    const address = BigInt(`0x${vma}`);
    if (blanks!.length === 1) {
      // An assignment stands where an output section would.
      if (/ = | -= | \+= /.test(what!)) continue;
      sections.push({ name: what!, address, loadAddress: BigInt(`0x${lma}`), size: bytes, patterns: [], inputs: [] });
    } else if (blanks!.length === LLD_INPUT_INDENT) {
      const input = /^(.*):\(([^()]*)\)$/.exec(what!);
      if (input === null) continue;
      sections.at(-1)?.inputs.push({ section: input[2]!, file: input[1]!, address, size: bytes, pattern: undefined });
    }
  }
  return { regions: [], sections, discarded: [], loaded: [] };
}
