/**
 * Which input sections a linker keeps under --gc-sections: the mark phase as GNU ld (bfd/elflink.c: bfd_elf_gc_sections) and lld
 * (lld/ELF/MarkLive.cpp) do it. It knows objects and roots, and no map.
 */

import type {
  Marking,
  MarkReason,
  ObjectSection,
  ObjectSections,
  SectionFrame,
  SectionReference,
} from "./link-graph.ts";

export interface MarkRoots {
  /** Symbols: the entry, those of -u, EXTERN and the functions of -init and -fini; of lld those too that the script refers to. */
  readonly symbols: readonly string[];
  /** Whether the script has the section in a KEEP. */
  keeps(file: string, section: string): boolean;
}

interface Place {
  readonly object: ObjectSections;
  readonly section: number;
}

interface Link {
  readonly linker: "bfd" | "lld";
  readonly defined: ReadonlyMap<string, Place>;
  /** Sections whose names are C identifiers, which __start_NAME and __stop_NAME stand for. */
  readonly named: ReadonlyMap<string, readonly Place[]>;
  readonly duplicates: ReadonlyMap<ObjectSections, ReadonlySet<number>>;
  readonly satellites: ReadonlyMap<ObjectSections, Satellites>;
  readonly marks: Map<ObjectSections, Map<number, MarkReason>>;
  readonly queue: Place[];
}

/** What goes with the sections of one object, by their indexes. */
interface Satellites {
  readonly describing: ReadonlyMap<number, readonly number[]>;
  readonly frames: ReadonlyMap<number, readonly SectionFrame[]>;
}

function satellitesOf({ sections, frames = [] }: ObjectSections): Satellites {
  const describing = new Map<number, number[]>();
  for (const [section, { traits }] of sections.entries()) {
    if (traits?.linkedTo !== undefined) add(describing, traits.linkedTo, section);
  }
  const framed = new Map<number, SectionFrame[]>();
  for (const frame of frames) add(framed, frame.section, frame);
  return { describing, frames: framed };
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** @param objects in the order of the link, archive members that were taken included */
export function markSections(objects: readonly ObjectSections[], roots: MarkRoots, linker: "bfd" | "lld"): Marking {
  const duplicates = findDuplicates(objects);
  const link: Link = {
    linker,
    defined: findDefinitions(objects, duplicates),
    named: findNamed(objects),
    duplicates,
    satellites: new Map(objects.map((object) => [object, satellitesOf(object)])),
    marks: new Map(objects.map((object) => [object, new Map()])),
    queue: [],
  };
  for (const symbol of roots.symbols) markSymbol(link, symbol, { kind: "symbol", symbol });
  for (const object of objects) {
    for (const [section, { name, traits }] of object.sections.entries()) {
      if (traits?.isAllocated !== true) continue;
      if (roots.keeps(object.file, name)) mark(link, { object, section }, { kind: "keep" });
      const isReserved = linker === "lld" && (traits.isArray || RESERVED.test(name));
      if (traits.isAlwaysKept || isReserved) mark(link, { object, section }, { kind: "always" });
    }
    if (linker === "lld") for (const frame of object.frames ?? []) markFrameOfLld(link, object, frame.references);
  }
  for (let next = 0; next < link.queue.length; next++) follow(link, link.queue[next]!);
  const byFile = new Map(objects.map((object) => [object.file, object]));
  return {
    reasonOf: (file, section) => link.marks.get(byFile.get(file)!)?.get(section),
    isDuplicate: (file, section) => duplicates.get(byFile.get(file)!)?.has(section) === true,
  };
}

/** lld's isReserved: what old startup code goes through without a symbol. Frames it rids of what describes dropped functions. */
const RESERVED = /^\.(?:init|fini|eh_frame)$|^\.(?:init_array|fini_array|preinit_array|jcr|ctors|dtors)/;

const C_NAME = /^[A-Za-z_]\w*$/;

function findDuplicates(objects: readonly ObjectSections[]): Map<ObjectSections, Set<number>> {
  const taken = new Set<string>();
  const found = new Map<ObjectSections, Set<number>>();
  for (const object of objects) {
    const own = new Set<string>();
    for (const [section, { traits }] of object.sections.entries()) {
      const signature = traits?.group?.signature;
      if (signature === undefined) continue;
      own.add(signature);
      if (!taken.has(signature)) continue;
      const dropped = found.get(object) ?? new Set();
      found.set(object, dropped.add(section));
    }
    for (const signature of own) taken.add(signature);
  }
  return found;
}

/** The place of each global symbol: the first strong definition, a common one, or the first weak one. */
function findDefinitions(
  objects: readonly ObjectSections[],
  duplicates: ReadonlyMap<ObjectSections, ReadonlySet<number>>,
): Map<string, Place> {
  const found = new Map<string, Place & { readonly rank: number }>();
  for (const object of objects) {
    const dropped = duplicates.get(object);
    for (const { name, section, isLocal, isWeak } of object.symbols) {
      if (isLocal || dropped?.has(section)) continue;
      const rank = isWeak ? 0 : object.sections[section]?.traits === undefined ? 1 : 2;
      const before = found.get(name);
      if (before === undefined || rank > before.rank) found.set(name, { object, section, rank });
    }
  }
  return found;
}

function findNamed(objects: readonly ObjectSections[]): Map<string, Place[]> {
  const found = new Map<string, Place[]>();
  for (const object of objects) {
    for (const [section, { name }] of object.sections.entries()) {
      if (C_NAME.test(name)) add(found, name, { object, section });
    }
  }
  return found;
}

function mark({ marks, duplicates, queue }: Link, place: Place, reason: MarkReason): void {
  const { object, section } = place;
  const own = marks.get(object);
  if (own === undefined || own.has(section) || duplicates.get(object)?.has(section)) return;
  own.set(section, reason);
  queue.push(place);
}

function markSymbol(link: Link, symbol: string, reason: MarkReason): void {
  const place = link.defined.get(symbol);
  if (place !== undefined) mark(link, place, reason);
  const name = /^__(?:start|stop)_(.*)$/.exec(symbol)?.[1];
  if (place !== undefined || name === undefined) return;
  for (const one of link.named.get(name) ?? []) mark(link, one, reason);
}

function markReference(link: Link, object: ObjectSections, { symbol, section }: SectionReference, from: ObjectSection) {
  const reason: MarkReason = { kind: "section", file: object.file, section: from.name, symbol };
  if (section === undefined) markSymbol(link, symbol, reason);
  else mark(link, { object, section }, reason);
}

/** What is kept together with a section that is kept. */
function follow(link: Link, { object, section }: Place): void {
  const from = object.sections[section]!;
  const also = (other: number) =>
    mark(
      link,
      { object, section: other },
      { kind: "section", file: object.file, section: from.name, symbol: undefined },
    );
  // Frames go by functions, below.
  if (from.name !== ".eh_frame") for (const one of from.references) markReference(link, object, one, from);
  for (const other of from.traits?.group?.members ?? []) also(other);
  if (from.traits?.linkedTo !== undefined && link.linker === "bfd") also(from.traits.linkedTo);
  const { describing, frames } = link.satellites.get(object)!;
  for (const other of describing.get(section) ?? []) {
    if (link.linker === "lld" || object.sections[other]!.traits?.isUnwindTable) also(other);
  }
  if (link.linker === "lld") return;
  for (const { references } of frames.get(section) ?? []) {
    for (const one of references) markReference(link, object, one, from);
  }
}

/** lld keeps what frames refer to but functions, whether these are kept or not; not what is in a group or describes another section. */
function markFrameOfLld(link: Link, object: ObjectSections, references: readonly SectionReference[]): void {
  for (const { symbol, section } of references) {
    if (section === undefined) {
      markSymbol(link, symbol, { kind: "always" });
      continue;
    }
    const traits = object.sections[section]?.traits;
    const isApart = traits?.isExecutable || traits?.group !== undefined || traits?.linkedTo !== undefined;
    if (!isApart) mark(link, { object, section }, { kind: "always" });
  }
}
