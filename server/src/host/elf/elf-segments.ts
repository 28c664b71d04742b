/**
 * How an image is started: its entry, and its loaded segments (gABI figure 5-1, "Program Header"), which tell where its sections
 * are loaded from. It must not know sections or symbols.
 */

import { formatOf } from "./elf-headers.ts";
import { noteProblem, type Reading } from "./reading.ts";

/** A segment of type PT_LOAD. Sizes and offsets in bytes. */
export interface LoadedSegment {
  readonly offset: number;
  readonly address: bigint;
  /** p_paddr: where it lies before startup code or a loader copies it. */
  readonly loadAddress: bigint;
  readonly fileSize: number;
  readonly memorySize: number;
}

const PT_LOAD = 1;

/** Where the fields are, by class; all in bytes. */
const LAYOUTS = {
  1: { header: 0x34, phoff: 0x1c, phnum: 0x2c, entry: 32, offset: 4, vaddr: 8, paddr: 12, filesz: 16, memsz: 20 },
  2: { header: 0x40, phoff: 0x20, phnum: 0x38, entry: 56, offset: 8, vaddr: 16, paddr: 24, filesz: 32, memsz: 40 },
} as const;

/** Reads the program headers; none of a file that has none. What is broken becomes a problem of the reading. */
export function readSegments(reading: Reading): LoadedSegment[] {
  const start = reading.source.read(0, LAYOUTS[2].header);
  const elfClass = start[4];
  if (formatOf(start) !== "elf" || (elfClass !== 1 && elfClass !== 2)) return [];
  const layout = LAYOUTS[elfClass];
  if (start.length < layout.header) return [];
  const isLittleEndian = start[5] !== 2;
  const head = viewOf(start);
  const wordIn = (view: DataView, at: number): bigint =>
    elfClass === 1 ? BigInt(view.getUint32(at, isLittleEndian)) : view.getBigUint64(at, isLittleEndian);
  const count = head.getUint16(layout.phnum, isLittleEndian);
  const table = reading.source.read(Number(wordIn(head, layout.phoff)), count * layout.entry);
  if (table.length < count * layout.entry) noteProblem(reading, "the program headers reach beyond the end of the file");
  const view = viewOf(table);
  const segments: LoadedSegment[] = [];
  for (let at = 0; at + layout.entry <= table.length; at += layout.entry) {
    if (view.getUint32(at, isLittleEndian) !== PT_LOAD) continue;
    segments.push({
      offset: Number(wordIn(view, at + layout.offset)),
      address: wordIn(view, at + layout.vaddr),
      loadAddress: wordIn(view, at + layout.paddr),
      fileSize: Number(wordIn(view, at + layout.filesz)),
      memorySize: Number(wordIn(view, at + layout.memsz)),
    });
  }
  return segments;
}

/** e_entry, the address that the image starts at; undefined of a file that says none (gABI 4-5). */
export function readEntry(reading: Reading): bigint | undefined {
  const start = reading.source.read(0, LAYOUTS[2].header);
  if (formatOf(start) !== "elf" || start.length < LAYOUTS[1].header) return undefined;
  const isLittleEndian = start[5] !== 2;
  const at = 0x18;
  const entry =
    start[4] === 1
      ? BigInt(viewOf(start).getUint32(at, isLittleEndian))
      : viewOf(start).getBigUint64(at, isLittleEndian);
  return entry === 0n ? undefined : entry;
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
