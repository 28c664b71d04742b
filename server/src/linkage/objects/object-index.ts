/**
 * The external symbols of all objects of a build, in columns, found by name or by object. It is filled in batches, as a worker
 * reads them, and an object that is read again takes the place of what it was. It must not know how objects are read.
 */

import { grownWords } from "../index/columns.ts";
import { createStringTable, findString, internString, type StringTable, stringOf } from "../index/string-table.ts";
import type { ObjectName } from "./build-layout.ts";

export type ObjectBinding = "local" | "global" | "weak" | "unique" | "other";

/** Some objects and their symbols, as a worker hands them over: rows of columns, strings by their place in `strings`. */
export interface ObjectBatch {
  readonly objects: readonly BatchObject[];
  readonly strings: readonly string[];
  readonly names: Uint32Array;
  readonly types: Uint32Array;
  readonly sections: Uint32Array;
  /**
   * The binding's place in {@link bindings}, plus {@link DEFINED}, plus the visibility's place shifted by four, plus the place of
   * the section's class in {@link sectionClasses} shifted by eight.
   */
  readonly flags: Uint32Array;
  readonly values: BigUint64Array;
  readonly sizes: Float64Array;
  readonly relocations: Uint32Array;
  readonly gotRelocations: Uint32Array;
}

export interface BatchObject {
  readonly object: ObjectName;
  /** What tells one state of the file from another. */
  readonly identity: string;
  /** When the file was written, in milliseconds. */
  readonly modified: number;
  /** Relocatable objects have offsets for values, all others addresses. */
  readonly isRelocatable: boolean;
  readonly problems: readonly string[];
  readonly rows: number;
}

export const bindings: readonly ObjectBinding[] = ["local", "global", "weak", "unique", "other"];
export const visibilities = ["default", "internal", "hidden", "protected"] as const;

/** What a section holds by its flags: "" is for no section, or one that is not loaded. */
export const sectionClasses = ["", "code", "data", "read-only data", "zeroed data"] as const;
export type SectionClass = (typeof sectionClasses)[number];

/** The flag of symbols that the object defines. */
export const DEFINED = 8;

/** One symbol of one object. */
export interface ObjectSymbol {
  readonly object: ObjectName;
  readonly name: string;
  readonly binding: ObjectBinding;
  readonly type: string;
  readonly visibility: string;
  /** The section's name, or UND, ABS, COMMON. */
  readonly section: string;
  readonly sectionClass: SectionClass;
  readonly isDefined: boolean;
  /** An address in what was linked, an offset in the section in objects; of COMMON an alignment. */
  readonly value: bigint;
  /** In bytes. */
  readonly size: number;
  /** How many relocations refer to it, in sections that are loaded, and how many of them go through the GOT. */
  readonly relocations: { readonly total: number; readonly got: number };
}

interface IndexedObject extends BatchObject {
  readonly batch: ObjectBatch;
  readonly firstRow: number;
  readonly number: number;
}

export interface ObjectIndex {
  /** All objects by name. */
  readonly objects: Map<ObjectName, IndexedObject>;
  /** Every object that was ever added; those that were replaced are undefined. */
  readonly byNumber: (IndexedObject | undefined)[];
  readonly strings: StringTable;
  /** The first entry of each name plus one, by the name's number. */
  heads: Uint32Array;
  /** For each entry the next one of the same name plus one, its object, and its row in the object's batch. */
  next: Uint32Array;
  owners: Uint32Array;
  rows: Uint32Array;
  entries: number;
  /** Entries of objects that were replaced. */
  deadEntries: number;
  /** Counts the changes. */
  revision: number;
}

export function createObjectIndex(): ObjectIndex {
  const words = () => new Uint32Array(1024);
  return {
    objects: new Map(),
    byNumber: [],
    strings: createStringTable(),
    heads: words(),
    next: words(),
    owners: words(),
    rows: words(),
    entries: 0,
    deadEntries: 0,
    revision: 0,
  };
}

/** Adds the objects of a batch, in place of what was known of the same ones. */
export function addObjects(index: ObjectIndex, batch: ObjectBatch): void {
  const ids = new Uint32Array(batch.strings.length);
  const used = new Uint8Array(batch.strings.length);
  let row = 0;
  for (const object of batch.objects) {
    removeObject(index, object.object);
    const number = index.byNumber.length;
    const indexed: IndexedObject = { ...object, batch, firstRow: row, number };
    index.byNumber.push(indexed);
    index.objects.set(object.object, indexed);
    const end = index.entries + object.rows;
    index.next = grownWords(index.next, end);
    index.owners = grownWords(index.owners, end);
    index.rows = grownWords(index.rows, end);
    for (let i = 0; i < object.rows; i++, row++) {
      const local = batch.names[row]!;
      if (used[local] === 0) {
        used[local] = 1;
        ids[local] = internString(index.strings, batch.strings[local]!);
      }
      const id = ids[local]!;
      index.heads = grownWords(index.heads, id + 1);
      const entry = index.entries++;
      index.next[entry] = index.heads[id]!;
      index.owners[entry] = number;
      index.rows[entry] = row;
      index.heads[id] = entry + 1;
    }
  }
  index.revision++;
}

/** Forgets an object. */
export function removeObject(index: ObjectIndex, object: ObjectName): void {
  const known = index.objects.get(object);
  if (known === undefined) return;
  index.objects.delete(object);
  index.byNumber[known.number] = undefined;
  index.deadEntries += known.rows;
  index.revision++;
}

/** The symbols of that name in all objects, those that were added last first. */
export function symbolsNamed(index: ObjectIndex, name: string): ObjectSymbol[] {
  const id = findString(index.strings, name);
  const found: ObjectSymbol[] = [];
  if (id === undefined || id >= index.heads.length) return found;
  for (let entry = index.heads[id]!; entry !== 0; entry = index.next[entry - 1]!) {
    const owner = index.byNumber[index.owners[entry - 1]!];
    if (owner !== undefined) found.push(symbolAt(owner, index.rows[entry - 1]!));
  }
  return found;
}

/** The symbols of one object, in the order of its table. */
export function* symbolsOf(index: ObjectIndex, object: ObjectName): Generator<ObjectSymbol> {
  const known = index.objects.get(object);
  if (known === undefined) return;
  for (let i = 0; i < known.rows; i++) yield symbolAt(known, known.firstRow + i);
}

/** The names of the symbols of one object that fit, without decoding the rest of them. */
export function* symbolNamesIn(
  index: ObjectIndex,
  object: ObjectName,
  isWanted: (binding: ObjectBinding, isDefined: boolean) => boolean,
): Generator<string> {
  const known = index.objects.get(object);
  if (known === undefined) return;
  const { batch, firstRow, rows } = known;
  for (let row = firstRow; row < firstRow + rows; row++) {
    const flags = batch.flags[row]!;
    if (isWanted(bindings[flags & 7] ?? "other", (flags & DEFINED) !== 0)) yield batch.strings[batch.names[row]!]!;
  }
}

/** Every name that any object has. */
export function* allNames(index: ObjectIndex): Generator<string> {
  for (let id = 1; id < index.strings.count; id++) {
    if (index.heads[id] !== 0) yield stringOf(index.strings, id);
  }
}

function symbolAt({ object, batch }: IndexedObject, row: number): ObjectSymbol {
  const flags = batch.flags[row]!;
  return {
    object,
    name: batch.strings[batch.names[row]!] ?? "",
    binding: bindings[flags & 7] ?? "other",
    type: batch.strings[batch.types[row]!] ?? "",
    visibility: visibilities[(flags >> 4) & 3]!,
    section: batch.strings[batch.sections[row]!] ?? "",
    sectionClass: sectionClasses[(flags >> 8) & 7] ?? "",
    isDefined: (flags & DEFINED) !== 0,
    value: batch.values[row]!,
    size: batch.sizes[row]!,
    relocations: { total: batch.relocations[row]!, got: batch.gotRelocations[row]! },
  };
}
