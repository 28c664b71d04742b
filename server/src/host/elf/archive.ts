/**
 * Reads what an ar archive says of its members: common archives as GNU, System V and BSD write them, and GNU's thin archives,
 * which only name files. It must not know what the members are.
 *
 *     archive = "!<arch>\n" member… | "!<thin>\n" member…
 *     member  = name[16] date[12] uid[6] gid[6] mode[8] size[10] "`\n" data, padded to an even offset with "\n"
 *
 * Sizes are decimal numbers. In a thin archive only the members "/", "/SYM64/" and "//" have data.
 */

import { dirname, resolve } from "node:path";
import { MAGIC_SIZE } from "./elf-headers.ts";
import { noteProblem, type Reading } from "./reading.ts";

export interface ArchiveMember {
  /** The name without the archive's quoting; in a thin archive the path as it is written there. */
  readonly name: string;
  /** Where its header is in the archive. The archive's symbol table and other thin archives refer to it by this. */
  readonly headerOffset: number;
  /** Where its data is in the archive, and how much; in a thin archive the size of the file when it was added. */
  readonly dataOffset: number;
  readonly size: number;
  /** In a thin archive, where in the file that it names, which is an archive itself, the header of the member is. */
  readonly nestedOffset: number | undefined;
}

/** The archive's own symbol table: which member defines what, for the linker to choose by. */
export interface ArchiveSymbols {
  /** Names, each ended by a zero byte. */
  readonly names: Uint8Array<ArrayBuffer>;
  /** For each name, the offset of the header of the member that defines it. */
  readonly headerOffsets: Float64Array<ArrayBuffer>;
}

export interface Archive {
  readonly path: string;
  readonly identity: string;
  readonly isThin: boolean;
  readonly members: readonly ArchiveMember[];
  readonly symbols: ArchiveSymbols;
  readonly problems: readonly string[];
}

/** The size of a member's header in bytes. */
const HEADER_SIZE = 60;

/** The most members that are looked at; the kernel with everything in it has 30,000. */
export const MAX_MEMBERS = 2 ** 16;

/** How many letters the names of all members may have together. Names can share the letters of a table. */
const MAX_NAME_LETTERS = 2 ** 24;

/** The largest table of long names or of symbols that is read, in bytes. */
const MAX_TABLE = 64 * 2 ** 20;

interface MemberHeader {
  readonly name: string;
  readonly size: number;
}

/** Reads all members' headers and the symbol table. The caller has seen the magic; `path` is where the file is. */
export function readArchiveMembers(reading: Reading, path: string): Omit<Archive, "identity" | "problems"> {
  const { source } = reading;
  const isThin = source.peek(0, MAGIC_SIZE)[2] === 0x74;
  const members: ArchiveMember[] = [];
  let lettersLeft = MAX_NAME_LETTERS;
  let longNames: Uint8Array = new Uint8Array(0);
  let symbols: ArchiveSymbols = { names: new Uint8Array(0), headerOffsets: new Float64Array(0) };
  for (let at = MAGIC_SIZE; at < source.size; ) {
    if (members.length % 256 === 0) reading.checkCancelled();
    const header = readMemberHeader(reading, at);
    if (header === undefined) break;
    if (members.length === MAX_MEMBERS || lettersLeft <= 0) {
      noteProblem(reading, `only ${members.length} members of the archive are looked at`);
      break;
    }
    const dataOffset = at + HEADER_SIZE;
    const { name, size } = header;
    const isTable = name === "/" || name === "/SYM64/" || name === "//";
    if (name === "//") longNames = readData(reading, dataOffset, size);
    else if (isTable) symbols = parseSymbols(readData(reading, dataOffset, size), name === "/" ? 4 : 8);
    else {
      const member = memberOf(reading, header, at, longNames);
      lettersLeft -= member.name.length;
      if (!member.name.startsWith("__.SYMDEF")) members.push(member);
    }
    const end = dataOffset + (isThin && !isTable ? 0 : size);
    if (end > source.size) noteProblem(reading, `the archive is cut off in its member ${name}`);
    at = end + (end % 2);
  }
  return { path, isThin, members, symbols };
}

function readMemberHeader(reading: Reading, at: number): MemberHeader | undefined {
  const bytes = reading.source.peek(at, HEADER_SIZE);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  const size = /^\d+ *$/.test(text.slice(48, 58)) ? Number(text.slice(48, 58)) : undefined;
  if (size === undefined || text.slice(58) !== "`\n") {
    noteProblem(reading, `the archive is broken at offset ${at}`);
    return undefined;
  }
  return { name: text.slice(0, 16).trimEnd(), size };
}

/**
 *     name = text "/"          GNU and System V
 *          | text              BSD
 *          | "/" offset        in the long names of the member "//"
 *          | "/" offset ":" n  in a thin archive: the member at offset n of the archive with the long name
 *          | "#1/" length      BSD: the name is the first bytes of the data
 */
function memberOf(
  reading: Reading,
  { name, size }: MemberHeader,
  headerOffset: number,
  longNames: Uint8Array,
): ArchiveMember {
  const base = { headerOffset, dataOffset: headerOffset + HEADER_SIZE, size, nestedOffset: undefined };
  const bsd = /^#1\/(\d+)$/.exec(name);
  if (bsd !== null) {
    const length = Math.min(Number(bsd[1]), size, 4096);
    const bytes = reading.source.peek(base.dataOffset, length);
    const ownName = textOf(bytes).replace(/\0.*$/s, "");
    return { ...base, name: ownName, dataOffset: base.dataOffset + length, size: size - length };
  }
  // GNU ar leaves a "/" in the last column when the long name has 15 letters.
  const long = /^\/(\d+)(?::(\d+))?(?: |$)/.exec(name);
  const ownName = long === null ? name.replace(/(.)\/$/, "$1") : longNameAt(longNames, Number(long[1]));
  return { ...base, name: ownName, nestedOffset: long?.[2] === undefined ? undefined : Number(long[2]) };
}

/** The file that a thin archive names: paths are relative to the archive's folder. Undefined in other archives. */
export function memberFile(archive: Pick<Archive, "path" | "isThin">, member: ArchiveMember): string | undefined {
  return archive.isThin ? resolve(dirname(archive.path), member.name) : undefined;
}

/** A long name ends with "/\n" (GNU), with "\n" or with a zero byte. Names longer than a path may be are cut. */
function longNameAt(longNames: Uint8Array, start: number): string {
  const most = Math.min(longNames.length, start + 4096);
  let end = start;
  while (end < most && longNames[end] !== 0x0a && longNames[end] !== 0) end++;
  return textOf(longNames.subarray(start, end)).replace(/\/$/, "");
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

function readData(reading: Reading, offset: number, size: number): Uint8Array<ArrayBuffer> {
  if (size > MAX_TABLE) noteProblem(reading, "a table of the archive is larger than can be kept in memory");
  return reading.source.read(offset, Math.min(size, MAX_TABLE));
}

/**
 *     symbols = count offset{count} (name "\0"){count}
 *
 * Big-endian numbers of 4 bytes in the member "/", of 8 in "/SYM64/".
 */
function parseSymbols(bytes: Uint8Array<ArrayBuffer>, width: 4 | 8): ArchiveSymbols {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numberAt = (at: number) => (width === 4 ? view.getUint32(at) : Number(view.getBigUint64(at)));
  const most = Math.floor(bytes.length / width) - 1;
  const count = most < 0 ? 0 : Math.min(numberAt(0), most);
  const headerOffsets = new Float64Array(count);
  for (let i = 0; i < count; i++) headerOffsets[i] = numberAt((i + 1) * width);
  return { names: bytes.slice((count + 1) * width), headerOffsets };
}

/** Every entry of the archive's symbol table: the name, and the offset of the header of the member that defines it. */
export function* archiveSymbols(archive: Archive): Generator<{ name: string; headerOffset: number }> {
  const names = Buffer.from(archive.symbols.names.buffer);
  let start = 0;
  for (const headerOffset of archive.symbols.headerOffsets) {
    const end = names.indexOf(0, start);
    if (end < 0) return;
    yield { name: names.toString("utf8", start, end), headerOffset };
    start = end + 1;
  }
}

/** The buffers of the archive's symbol table, to be transferred with it. */
export function archiveBuffers({ symbols }: Archive): ArrayBuffer[] {
  return [symbols.names.buffer, symbols.headerOffsets.buffer];
}
