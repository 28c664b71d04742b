/**
 * Finds the objects that a file stands for: itself, the members of an archive, or the files that a thin archive names, through
 * as many archives as the kernel's built-in.a nest. It must not know what is in the objects.
 */

import { resolve } from "node:path";
import { type Archive, type ArchiveMember, MAX_MEMBERS, memberFile, readArchiveMembers } from "./archive.ts";
import { openFile } from "./byte-source.ts";
import { formatOf, MAGIC_SIZE } from "./elf-headers.ts";
import { noteProblem, startReading } from "./reading.ts";

/** A part of an archive, by what its header says. */
export interface MemberPlace {
  readonly name: string;
  /** Where its data is in the archive, and how many bytes. */
  readonly offset: number;
  readonly size: number;
}

/** What can be read as one object: a file, or a member of an archive. */
export interface ObjectPlace {
  readonly path: string;
  readonly member: MemberPlace | undefined;
}

export interface ObjectList {
  readonly places: readonly ObjectPlace[];
  readonly problems: readonly string[];
}

/** How deep archives may nest. */
const MAX_DEPTH = 16;

/**
 * Reads one archive. Throws what open(2) reports; gives undefined for a file that is no archive.
 */
export function readArchiveFile(path: string, checkCancelled: () => void): Archive | undefined {
  const file = openFile(path);
  try {
    const format = formatOf(file.peek(0, MAGIC_SIZE));
    if (format !== "archive" && format !== "thin-archive") return undefined;
    const reading = startReading(file, checkCancelled);
    const archive = readArchiveMembers(reading, path);
    if (!file.isUnchanged()) noteProblem(reading, "the archive was changed while it was read");
    return { ...archive, identity: file.identity, problems: reading.problems };
  } finally {
    file.close();
  }
}

interface Listing {
  readonly places: ObjectPlace[];
  readonly problems: string[];
  readonly checkCancelled: () => void;
  /** What has been read already, by path: undefined for what is no archive, or cannot be read. */
  readonly archives: Map<string, Archive | undefined>;
  /** The members by the offsets of their headers, of archives that others refer to in this way. */
  readonly membersByOffset: Map<string, Map<number, ArchiveMember>>;
  /** How many members may still be read, or listed: archives can name each other in ever new ways. */
  membersLeft: number;
  /** How many letters the paths of files may have together. */
  lettersLeft: number;
}

/** How many members may be read and listed, of all archives together. */
const MAX_LISTED = 2 * MAX_MEMBERS;

/** The paths of the largest kernel's objects have a fifth of it. */
const MAX_PATH_LETTERS = 2 ** 24;

/**
 * Lists the objects behind a path, in the order in which a linker sees them. Throws what open(2) reports of the path itself; files
 * that a thin archive names and that are not there are listed, and reading them reports it.
 */
export function listObjectsOf(path: string, checkCancelled: () => void): ObjectList {
  const listing: Listing = {
    places: [],
    problems: [],
    checkCancelled,
    archives: new Map(),
    membersByOffset: new Map(),
    membersLeft: MAX_LISTED,
    lettersLeft: MAX_PATH_LETTERS,
  };
  const archive = readArchiveFile(path, checkCancelled);
  if (archive === undefined) return { places: [{ path, member: undefined }], problems: [] };
  addMembers(listing, archive, [resolve(path)]);
  return { places: listing.places, problems: listing.problems };
}

function addMembers(listing: Listing, archive: Archive, parents: readonly string[]): void {
  for (const problem of archive.problems) noteProblem(listing, `${archive.path}: ${problem}`);
  for (const member of archive.members) {
    listing.checkCancelled();
    if (listing.membersLeft-- <= 0 || listing.lettersLeft <= 0) {
      noteProblem(listing, "the archives have more members than can be listed");
      return;
    }
    const file = memberFile(archive, member);
    listing.lettersLeft -= file?.length ?? 0;
    if (file === undefined) listing.places.push({ path: archive.path, member: placeOf(member) });
    else if (member.nestedOffset !== undefined) addNested(listing, file, member.nestedOffset);
    else addFile(listing, file, parents);
  }
}

function addFile(listing: Listing, path: string, parents: readonly string[]): void {
  const archive = archiveAt(listing, path);
  if (archive === undefined) listing.places.push({ path, member: undefined });
  else if (parents.includes(path)) noteProblem(listing, `${path} contains itself`);
  else if (parents.length >= MAX_DEPTH) noteProblem(listing, `${path} is nested too deep`);
  else addMembers(listing, archive, [...parents, path]);
}

/** Adds the member whose header is at an offset of another archive. */
function addNested(listing: Listing, path: string, headerOffset: number): void {
  let members = listing.membersByOffset.get(path);
  if (members === undefined) {
    members = new Map(archiveAt(listing, path)?.members.map((member) => [member.headerOffset, member]));
    listing.membersByOffset.set(path, members);
  }
  const member = members.get(headerOffset);
  if (member === undefined) noteProblem(listing, `${path} has no member at offset ${headerOffset}`);
  else listing.places.push({ path, member: placeOf(member) });
}

function archiveAt(listing: Listing, path: string): Archive | undefined {
  if (listing.archives.has(path)) return listing.archives.get(path);
  if (listing.membersLeft <= 0) return undefined;
  let archive: Archive | undefined;
  try {
    archive = readArchiveFile(path, listing.checkCancelled);
    listing.membersLeft -= archive?.members.length ?? 0;
  } catch (error) {
    listing.checkCancelled();
    noteProblem(listing, error instanceof Error ? error.message : String(error));
  }
  listing.archives.set(path, archive);
  return archive;
}

function placeOf(member: ArchiveMember): MemberPlace {
  return { name: member.name, offset: member.dataOffset, size: member.size };
}
