/**
 * Compares what our readers find in a file with readelf, line by line, and with nm, symbol by symbol. It must not know
 * which files are compared.
 */

import { type OpenFile, openFile, partOfSource } from "../../../server/src/host/elf/byte-source.ts";
import { countObjectRelocations } from "../../../server/src/host/elf/count-relocations.ts";
import { formatOf, MAGIC_SIZE, readHeaders } from "../../../server/src/host/elf/elf-headers.ts";
import { listObjectsOf, readArchiveFile } from "../../../server/src/host/elf/list-objects.ts";
import { type ElfSymbol, eachSymbol, mainTable } from "../../../server/src/host/elf/object-symbols.ts";
import { startReading } from "../../../server/src/host/elf/reading.ts";
import { relocationsOfSymbol } from "../../../server/src/host/elf/relocation-counts.ts";
import type { RelocationSection } from "../../../server/src/host/elf/relocation-sections.ts";
import { readSymbolTables } from "../../../server/src/host/elf/symbol-tables.ts";
import {
  type ComparedObject,
  nameOfSection,
  relocationLines,
  relocationSectionsOf,
  symbolLines,
  versionedName,
} from "./lines-of.ts";
import { type NmSymbol, nmSymbols, visitReadelf } from "./reference.ts";

export interface Comparison {
  objects: number;
  symbols: number;
  relocations: number;
  nmSymbols: number;
  /** Differences that have a reason, by reason. */
  readonly explained: Map<string, number>;
  readonly differences: string[];
  differenceCount: number;
}

export function startComparison(): Comparison {
  return {
    objects: 0,
    symbols: 0,
    relocations: 0,
    nmSymbols: 0,
    explained: new Map(),
    differences: [],
    differenceCount: 0,
  };
}

/** The most differences that are printed of one corpus. */
const MAX_PRINTED = 40;

function differ(comparison: Comparison, difference: string): void {
  comparison.differenceCount++;
  if (comparison.differences.length < MAX_PRINTED) comparison.differences.push(difference);
}

/** Compares one file, or every member of an archive. */
export async function compareFile(comparison: Comparison, path: string): Promise<void> {
  const objects = await readAll(comparison, path);
  try {
    await compareWithReadelf(comparison, path, objects);
    compareCounts(comparison, path, objects);
    await compareWithNm(comparison, path, objects);
  } finally {
    for (const { file } of objects) file.close();
  }
}

interface OpenObject extends ComparedObject {
  readonly file: OpenFile;
}

async function readAll(comparison: Comparison, path: string): Promise<OpenObject[]> {
  const objects: OpenObject[] = [];
  const list = listObjectsOf(path, () => {});
  for (const problem of list.problems) differ(comparison, `${path}: ${problem}`);
  for (const place of list.places) {
    const file = openFile(place.path);
    const source = place.member ? partOfSource(file, place.member.offset, place.member.size) : file;
    if (formatOf(source.peek(0, MAGIC_SIZE)) !== "elf") {
      file.close();
      continue;
    }
    const reading = startReading(source, () => {});
    const headers = await readHeaders(reading);
    const tables = headers === undefined ? [] : readSymbolTables(reading, headers);
    for (const problem of reading.problems) differ(comparison, `${place.path}(${place.member?.name}): ${problem}`);
    if (headers === undefined) {
      file.close();
      continue;
    }
    const member = place.member?.name;
    const { header, sections } = headers;
    const symbols = {
      ...place,
      member,
      identity: file.identity,
      format: "elf",
      problems: [],
      header,
      sections,
      tables,
    } as const;
    objects.push({ file, reading, headers, symbols });
    comparison.objects++;
  }
  return objects;
}

async function compareWithReadelf(comparison: Comparison, path: string, objects: readonly OpenObject[]): Promise<void> {
  let next = 0;
  let object: OpenObject | undefined;
  let where = path;
  let lines: Iterator<string> = [][Symbol.iterator]();
  let seen = new Set<number>();
  let isIgnored = false;
  const finishLines = () => {
    for (let line = lines.next(); !line.done; line = lines.next())
      differ(comparison, `${where}: only ours: ${line.value}`);
    lines = [][Symbol.iterator]();
  };
  const finishObject = () => {
    finishLines();
    if (object !== undefined) missingParts(comparison, where, object, seen);
    seen = new Set();
  };
  const start = (name: string) => {
    finishObject();
    object = objects[next++];
    where = `${path}(${name})`;
  };
  const compareLine = (theirs: string) => {
    const ours = lines.next();
    const line = ours.done ? "nothing" : ours.value;
    if (line !== theirs && !explain(comparison, line, theirs)) {
      differ(comparison, `${where}: ours: ${line}\n${" ".repeat(where.length)}theirs: ${theirs}`);
    }
  };
  if (readArchiveFile(path, () => {}) === undefined) start("");
  await visitReadelf(path, {
    member: start,
    symbolTable(name, count) {
      finishLines();
      const table = object?.symbols.tables.find(({ section }) => nameOfSection(object!, section) === name);
      if (object === undefined || table === undefined) return differ(comparison, `${where}: no table ${name}`);
      if (table.count !== count) differ(comparison, `${where}: ${name} has ${count} symbols, not ${table.count}`);
      seen.add(table.section);
      lines = symbolLines(object, table);
    },
    relocationSection(name, offset, count) {
      finishLines();
      const section = object && findSection(object, name, offset, seen);
      isIgnored = section === undefined;
      if (object === undefined || section === undefined) {
        if (!explainSection(comparison, object, name)) differ(comparison, `${where}: no relocation section ${name}`);
        return;
      }
      const ours = section.size / section.entrySize;
      if (ours !== count) differ(comparison, `${where}: ${name} has ${count} relocations, not ${ours}`);
      seen.add(section.section);
      lines = relocationLines(object, section);
    },
    symbol(line) {
      comparison.symbols++;
      compareLine(line);
    },
    relocation(line) {
      if (isIgnored) return;
      if (!line.startsWith("Type")) comparison.relocations++;
      compareLine(line);
    },
  });
  finishObject();
  if (next !== objects.length) differ(comparison, `${path}: readelf shows ${next} objects, not ${objects.length}`);
}

function findSection(
  object: ComparedObject,
  name: string,
  offset: number,
  seen: ReadonlySet<number>,
): RelocationSection | undefined {
  return relocationSectionsOf(object).find(
    (section) =>
      section.offset === offset && !seen.has(section.section) && nameOfSection(object, section.section) === name,
  );
}

/** What readelf has not shown although there is something in it. */
function missingParts(comparison: Comparison, where: string, object: ComparedObject, seen: ReadonlySet<number>): void {
  for (const table of object.symbols.tables) {
    if (table.count > 0 && !seen.has(table.section))
      differ(comparison, `${where}: readelf shows no ${table.kind} table`);
  }
  for (const section of relocationSectionsOf(object)) {
    if (section.size > 0 && !seen.has(section.section)) {
      differ(comparison, `${where}: readelf shows no ${nameOfSection(object, section.section)}`);
    }
  }
}

function explained(comparison: Comparison, reason: string): true {
  comparison.explained.set(reason, (comparison.explained.get(reason) ?? 0) + 1);
  return true;
}

/** Differences that are no mistake, one reason each. */
function explain(comparison: Comparison, ours: string, theirs: string): boolean {
  // binutils 2.40 does not know these names yet, and prints "unrecognized: 29".
  if (/ unrecognized: [0-9a-f]+ /.test(theirs)) return explained(comparison, "a type that readelf does not know");
  void ours;
  // Numbers 10 are IFUNC and UNIQUE for readelf only where the file names GNU's ABI, which not every linker writes.
  if (ours.replace(/ (IFUNC|UNIQUE) /g, " <OS specific>: 10 ") === theirs) {
    return explained(comparison, "IFUNC or UNIQUE in a file without GNU's ABI");
  }
  return false;
}

function explainSection(comparison: Comparison, object: ComparedObject | undefined, name: string): boolean {
  const section = object?.headers.sections;
  for (let index = 0; index < (section?.count ?? 0); index++) {
    if (nameOfSection(object!, index) !== name) continue;
    const type = section!.types[index];
    if (type === 19) return explained(comparison, "SHT_RELR, which has addresses only and no symbols");
    if (section!.links[index] === 0) return explained(comparison, "relocations without a symbol table: no symbols");
  }
  return false;
}

/** What the counts say must be what the relocations, one by one, say. */
function compareCounts(comparison: Comparison, path: string, objects: readonly ComparedObject[]): void {
  for (const { reading, headers, symbols } of objects) {
    const tables = countObjectRelocations(reading, headers, symbols, "all");
    const relocations = { symbols, tables, problems: [] };
    let counted = 0;
    for (const table of symbols.tables) {
      for (let index = 0; index < table.count; index++) {
        counted += relocationsOfSymbol(relocations, table, index).total;
      }
    }
    const listed = relocationSectionsOf({ reading, headers, symbols });
    const total = listed.reduce((sum, { size, entrySize }) => sum + size / entrySize, 0);
    if (counted !== total) differ(comparison, `${path}(${symbols.member}): ${counted} relocations counted of ${total}`);
  }
}

async function compareWithNm(comparison: Comparison, path: string, objects: readonly ComparedObject[]): Promise<void> {
  const lists = await nmSymbols(path);
  const ours = objects.map(nmLines).filter((lines) => lines.length > 0);
  const theirs = lists
    .map((list) => list.filter(({ name }) => !isMapping(name)).map(nmLine))
    .filter((lines) => lines.length > 0);
  if (ours.length !== theirs.length) {
    differ(comparison, `${path}: nm shows ${theirs.length} objects with symbols, not ${ours.length}`);
    return;
  }
  for (const [index, lines] of theirs.entries()) {
    comparison.nmSymbols += lines.length;
    const own = ours[index]!;
    for (let i = 0; i < Math.max(lines.length, own.length); i++) {
      const isUnknown = lines[i]?.includes(" unknown ") && withoutKind(lines[i]!) === withoutKind(own[i] ?? "");
      if (isUnknown) explained(comparison, "nm shows ? where it does not understand the section");
      else if (lines[i] !== own[i]) differ(comparison, `${path}: nm: ours: ${own[i]}, theirs: ${lines[i]}`);
    }
  }
}

/** What the letter of nm says of binding and place, for it says much else. */
function nmLine({ name, letter, value, size }: NmSymbol): string {
  const kinds: Record<string, string> = {
    U: "undefined",
    w: "weak undefined",
    v: "weak undefined",
    W: "weak",
    V: "weak",
  };
  const own = { ...kinds, u: "unique", i: "ifunc", C: "common", "?": "unknown" }[letter];
  const kind = own ?? (letter === letter.toLowerCase() ? "local" : "global");
  return `${name} ${kind} ${value ?? 0n} ${size ?? 0n}`;
}

function withoutKind(line: string): string {
  return line.replace(/ (unknown|local|global|weak) /, " ");
}

/** ARM's and RISC-V's symbols that say whether code or data follows: nm leaves them out where it knows the machine. */
function isMapping(name: string): boolean {
  return /^\$[adxt](\.|$)/.test(name);
}

/** The lines of nm as our symbols give them; nm leaves out sections and files. */
function nmLines({ symbols }: ComparedObject): string[] {
  const table = mainTable(symbols);
  if (table?.kind !== "static") return [];
  const shown = [...eachSymbol(symbols)].filter(
    ({ type, name }) => type !== "section" && type !== "file" && !isMapping(name),
  );
  return shown.map((symbol) => `${versionedName(symbol)} ${nmKind(symbol)} ${nmNumbers(symbol)}`);
}

function nmKind({ binding, type, section, isDefined }: ElfSymbol): string {
  if (section === "COMMON") return "common";
  if (!isDefined) return binding === "weak" ? "weak undefined" : "undefined";
  if (type === "ifunc") return "ifunc";
  return binding;
}

/** Of common symbols nm shows the size as the value. */
function nmNumbers({ section, value, size, isDefined }: ElfSymbol): string {
  if (!isDefined) return "0 0";
  return section === "COMMON" ? `${size} ${size}` : `${value} ${size}`;
}
