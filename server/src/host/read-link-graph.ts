/**
 * Reads the objects that a map names, for what their sections define and refer to. It must not know what is asked of them.
 */

import { existsSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import type {
  ObjectSection,
  ObjectSections,
  SectionFrame,
  SectionReference,
  SectionSymbol,
} from "../linkage/objects/link-graph.ts";
import type { MapLayout } from "../syntax/map/map-layout.ts";
import { openFile, partOfSource } from "./elf/byte-source.ts";
import { type ElfHeaders, readHeaders, sectionName } from "./elf/elf-headers.ts";
import { listObjectsOf, type ObjectPlace } from "./elf/list-objects.ts";
import { elfSymbolAt, isLocalSymbol, type ObjectSymbols, rawSymbolAt } from "./elf/object-symbols.ts";
import { type Reading, startReading } from "./elf/reading.ts";
import { findRelocationSections, visitRelocations } from "./elf/relocation-sections.ts";
import { framesOf, type PlacedReference, relocatedOffset } from "./elf/section-frames.ts";
import { readGroups, traitsOf } from "./elf/section-traits.ts";
import { readSymbolTables } from "./elf/symbol-tables.ts";
import { isReallyBelow } from "./open-regular.ts";
import { describeFailure } from "./problems.ts";

export interface ReadObjects {
  readonly objects: readonly ObjectSections[];
  /** Sentences about files that could not be read: nothing is known of what they refer to. */
  readonly problems: readonly string[];
}

/**
 * Reads all objects that the map has something of.
 * @param folder the folder that the link was run in, which its relative paths begin at
 * @param below where it is given, what really lies elsewhere is not read, and told as a problem
 */
export async function readObjectsOfMap(layout: MapLayout, folder: string, below?: string): Promise<ReadObjects> {
  const rows = [...layout.sections.flatMap(({ inputs }) => inputs), ...layout.discarded];
  const files = [...new Set(rows.map(({ file }) => file))].filter((file) => file !== "" && file !== "linker stubs");
  const archives = new Map<string, ReadonlyMap<string, ObjectPlace>>();
  const objects: ObjectSections[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      const path = pathOf(file.replace(MEMBER, "$1"), folder);
      if (below !== undefined && !isReallyBelow(path, [below])) throw new Error("it lies outside of the folder");
      objects.push(await readObjectSections(file, placeOf(file, path, archives)));
    } catch (error) {
      problems.push(`${file}: ${describeFailure(error)}`);
    }
  }
  return { objects, problems };
}

/** An archive's member, as maps name it: "lib.a(x.o)". */
const MEMBER = /^(.*)\(([^()]*)\)$/;

/**
 * Where "lib.a(x.o)" or "x.o" is. Throws a sentence where the archive has no such member.
 * @param path of the file, or of the archive
 */
function placeOf(file: string, path: string, archives: Map<string, ReadonlyMap<string, ObjectPlace>>): ObjectPlace {
  const match = MEMBER.exec(file);
  if (match === null) return { path, member: undefined };
  let members = archives.get(path);
  if (members === undefined) {
    const { places } = listObjectsOf(path, () => {});
    members = new Map(places.map((place) => [place.member?.name ?? place.path, place]));
    archives.set(path, members);
  }
  const place = members.get(match[2]!);
  if (place === undefined) throw new Error("there is no such member");
  return place;
}

/** Maps stand in the folder of the link, or in one below it. */
function pathOf(path: string, folder: string): string {
  if (isAbsolute(path)) return path;
  for (let at = resolve(folder); ; at = dirname(at)) {
    const candidate = resolve(at, path);
    if (existsSync(candidate) || dirname(at) === at) return candidate;
  }
}

async function readObjectSections(file: string, place: ObjectPlace): Promise<ObjectSections> {
  const opened = openFile(place.path);
  try {
    const source = place.member ? partOfSource(opened, place.member.offset, place.member.size) : opened;
    const reading = startReading(source, () => {});
    const headers = await readHeaders(reading);
    if (headers === undefined) throw new Error(reading.problems[0] ?? "it is no ELF file");
    return { file, ...sectionsOf(reading, headers, place) };
  } finally {
    opened.close();
  }
}

/** What common symbols are allocated in, as maps call it. */
const COMMON = "COMMON";

type OwnReferences = Map<string, SectionReference>;

function sectionsOf(reading: Reading, headers: ElfHeaders, place: ObjectPlace): Omit<ObjectSections, "file"> {
  const tables = readSymbolTables(reading, headers);
  const object: ObjectSymbols = {
    path: place.path,
    member: place.member?.name,
    identity: "",
    format: "elf",
    problems: [],
    header: headers.header,
    sections: headers.sections,
    tables,
  };
  const { count } = headers.sections;
  const references: OwnReferences[] = Array.from({ length: count }, () => new Map());
  const frames: SectionFrame[] = [];
  for (const section of findRelocationSections(reading, headers, tables, "allocated")) {
    const own = references[section.target];
    const isFrames = sectionName(headers.sections, section.target) === ".eh_frame";
    const placed: PlacedReference[] = [];
    visitRelocations(reading, headers.header, section, (index, _type, view, at) => {
      const symbol = elfSymbolAt(object, section.table, index);
      const isLocal = isLocalSymbol(object, section.table, index);
      const reference = { symbol: symbol.name, section: isLocal ? symbol.sectionIndex : undefined };
      own?.set(`${isLocal} ${symbol.name} ${reference.section}`, reference);
      if (isFrames) placed.push({ offset: relocatedOffset(headers.header, view, at), index, reference });
    });
    if (isFrames) frames.push(...framesOf(reading, headers, section.target, placed, object));
  }
  const groups = readGroups(reading, object);
  const sections: ObjectSection[] = references.map((own, index) => ({
    name: sectionName(headers.sections, index),
    size: headers.sections.sizes[index]!,
    references: [...own.values()],
    traits: traitsOf(headers.sections, index, groups.get(index)),
  }));
  const common = sections.push({ name: COMMON, size: 0, references: [] }) - 1;
  return { sections, symbols: symbolsOf(object, common), frames };
}

function symbolsOf(object: ObjectSymbols, common: number): SectionSymbol[] {
  const table = object.tables.find(({ kind }) => kind === "static");
  const symbols: SectionSymbol[] = [];
  for (let index = 1; table !== undefined && index < table.count; index++) {
    const { name, section, sectionIndex, type, binding } = elfSymbolAt(object, table, index);
    const holder = section === COMMON ? common : sectionIndex;
    if (name === "" || holder === undefined || type === "section" || type === "file") continue;
    const offset = section === COMMON ? 0 : Number(rawSymbolAt(object, table, index).value);
    const isLocal = isLocalSymbol(object, table, index);
    symbols.push({ name, section: holder, offset, isLocal, isWeak: binding === "weak" });
  }
  return symbols;
}
