/**
 * Which personality routines and tables of exceptions .eh_frame has for the functions of each section (LSB Core, "Exception Frames"). It must
 * not know what is kept for whom.
 */

import type { SectionFrame, SectionReference } from "../../linkage/objects/link-graph.ts";
import type { ElfHeader, ElfHeaders } from "./elf-headers.ts";
import { elfSymbolAt, type ObjectSymbols } from "./object-symbols.ts";
import type { Reading } from "./reading.ts";

export interface PlacedReference {
  /** Where it stands in the section. */
  readonly offset: number;
  /** The symbol's number. */
  readonly index: number;
  readonly reference: SectionReference;
}

/** r_offset, the first field of every relocation. */
export function relocatedOffset(header: ElfHeader, view: DataView, at: number): number {
  const little = !header.isBigEndian;
  return header.bits === 64 ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
}

interface Frame {
  readonly start: number;
  readonly end: number;
  /** Where the CIE of an FDE starts; undefined of a CIE. */
  readonly common: number | undefined;
}

/** The extended length of records beyond 4 GB, which no object has. */
const EXTENDED = 0xffff_ffff;

/** frame := length:4 id:4 …, of a CIE the id is 0, of an FDE the distance from the id to the CIE; its first address is the function's. */
export function framesOf(
  reading: Reading,
  { header, sections }: ElfHeaders,
  section: number,
  placed: readonly PlacedReference[],
  object: ObjectSymbols,
): SectionFrame[] {
  const bytes = reading.source.read(sections.offsets[section]!, sections.sizes[section]!);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: Frame[] = [];
  for (let at = 0; at + 8 <= view.byteLength; ) {
    const length = view.getUint32(at, !header.isBigEndian);
    if (length === 0 || length === EXTENDED) break;
    const id = view.getUint32(at + 4, !header.isBigEndian);
    records.push({ start: at, end: at + 4 + length, common: id === 0 ? undefined : at + 4 - id });
    at += 4 + length;
  }
  const inside = gather(records, placed);
  return records.flatMap((record): SectionFrame[] => {
    if (record.common === undefined) return [];
    const own = inside.get(record.start) ?? [];
    const first = own.find(({ offset }) => offset === record.start + 8);
    const described = first && sectionOfSymbol(object, first.index);
    if (described === undefined) return [];
    const others = [...own.filter(({ offset }) => offset > record.start + 8), ...(inside.get(record.common) ?? [])];
    return [{ section: described, references: others.map(({ reference }) => reference) }];
  });
}

/** The references of each record, by where it starts. Both are in the order of the section. */
function gather(records: readonly Frame[], placed: readonly PlacedReference[]): Map<number, PlacedReference[]> {
  const sorted = [...placed].sort((a, b) => a.offset - b.offset);
  const gathered = new Map<number, PlacedReference[]>();
  let next = 0;
  for (const { start, end } of records) {
    const own: PlacedReference[] = [];
    for (; next < sorted.length && sorted[next]!.offset < end; next++) own.push(sorted[next]!);
    gathered.set(start, own);
  }
  return gathered;
}

function sectionOfSymbol(object: ObjectSymbols, index: number): number | undefined {
  const table = object.tables.find(({ kind }) => kind === "static");
  return table && elfSymbolAt(object, table, index).sectionIndex;
}
