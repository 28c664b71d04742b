/**
 * Reads the maps that linkers write (-Map): which archive members were linked and for whom, and which symbols the script
 * assigned. Of GNU ld's format (ld(1), "-Map=mapfile"; ldmain.c and ldlang.c write it) and lld's (lld/ELF/MapFile.cpp). What it does not know,
 * it passes over. It reads no files.
 *
 *     gnu-members := "Archive member included to satisfy reference by file (symbol)\n\n" ( member ( "\n" | "" ) blanks file " (" symbol ")\n" )*
 *     gnu-assign  := blanks ( "0x" hex | "[!provide]" ) blanks ( "PROVIDE" | "PROVIDE_HIDDEN" ) " (" symbol " = " expression ")"
 *                  | blanks "0x" hex blanks symbol " = " expression
 *     lld-line    := vma lma size align ( output-section | input-section | symbol | assignment )
 */

import { GNU_MARKS, linesOfMap, type MapFormat, mapFormatOf } from "./map-lines.ts";

/** An archive member that was linked. */
export interface MapMember {
  /** As the linker was given it: "lib/lib.a(ctype.o)". */
  readonly member: string;
  /** The file that referred to it first, and the symbol; undefined where the map does not tell (lld), and for what -u, -e or a script asks for. */
  readonly takenFor: { readonly file: string | undefined; readonly symbol: string } | undefined;
}

/** A symbol that the script assigns. */
export interface MapAssignment {
  readonly symbol: string;
  readonly isProvide: boolean;
  /** False for a PROVIDE without effect: nobody refers to the symbol, or an object defines it. */
  readonly tookEffect: boolean;
  /** The address; undefined where the map does not tell. */
  readonly value: bigint | undefined;
}

export interface LinkMap {
  readonly format: MapFormat;
  readonly members: readonly MapMember[];
  readonly assignments: readonly MapAssignment[];
}

/** Parses a map. Total: undefined for a text that is none. */
export function parseLinkMap(text: string): LinkMap | undefined {
  const format = mapFormatOf(text);
  if (format === undefined) return undefined;
  return format === "lld" ? parseLld(text) : parseGnu(text);
}

function parseGnu(text: string): LinkMap {
  const members: MapMember[] = [];
  const assignments: MapAssignment[] = [];
  let isInMembers = false;
  /** A member whose name is too long for what it was taken for to stand in the same line. */
  let pending: string | undefined;
  for (const line of linesOfMap(text)) {
    if (GNU_MARKS.test(line)) isInMembers = line.startsWith("Archive member");
    else if (!isInMembers) {
      const assignment = gnuAssignment(line);
      if (assignment !== undefined) assignments.push(assignment);
    } else if (line !== "") {
      const taken = takenIn(line, pending);
      if (taken !== undefined) members.push(taken);
      pending = taken === undefined && /^\S/.test(line) && line.endsWith(")") ? line : undefined;
    }
  }
  return { format: "gnu", members, assignments };
}

/** "lib.a(x.o)   main.o (symbol)", or the second half of it behind a line with the member alone. */
function takenIn(line: string, pending: string | undefined): MapMember | undefined {
  const open = line.lastIndexOf(" (");
  if (open <= 0 || !line.endsWith(")")) return undefined;
  const head = line.slice(0, open);
  const symbol = line.slice(open + 2, -1);
  if (/^\s/.test(head)) {
    return pending === undefined ? undefined : { member: pending, takenFor: { file: fileIn(head), symbol } };
  }
  const close = head.search(/\)(?:\s|$)/);
  if (close < 0) return undefined;
  return { member: head.slice(0, close + 1), takenFor: { file: fileIn(head.slice(close + 1)), symbol } };
}

function fileIn(text: string): string | undefined {
  return text.trim() || undefined;
}

function gnuAssignment(line: string): MapAssignment | undefined {
  // Most lines are of input sections; an assignment has its value far from the left, and an equals sign.
  if (!line.startsWith("       ") || !line.includes("=")) return undefined;
  const match = /^\s+(0x[0-9a-f]+|\[!provide\])\s+(?:(PROVIDE(?:_HIDDEN)?|HIDDEN) \()?([A-Za-z_.$][\w.$]*) = /.exec(
    line,
  );
  if (match === null || match[3] === ".") return undefined;
  const tookEffect = match[1] !== "[!provide]";
  return {
    symbol: match[3]!,
    isProvide: match[2]?.startsWith("PROVIDE") === true,
    tookEffect,
    value: tookEffect ? BigInt(match[1]!) : undefined,
  };
}

/** lld names no PROVIDE that had no effect, and not for whom a member was taken (that is in --why-extract's file). */
function parseLld(text: string): LinkMap {
  const members = new Map<string, MapMember>();
  const assignments: MapAssignment[] = [];
  for (const line of linesOfMap(text)) {
    const match = /^ *([0-9a-f]+) +[0-9a-f]+ +[0-9a-f]+ +\d+ +(\S.*)$/.exec(line);
    if (match === null) continue;
    const what = match[2]!;
    const member = /^(.*\.a\([^()]*\)):\(/.exec(what)?.[1];
    if (member !== undefined) {
      if (!members.has(member)) members.set(member, { member, takenFor: undefined });
      continue;
    }
    const assignment = /^(?:(PROVIDE(?:_HIDDEN)?|HIDDEN) ?\( ?)?([A-Za-z_.$][\w.$]*) = /.exec(what);
    if (assignment === null || assignment[2] === ".") continue;
    assignments.push({
      symbol: assignment[2]!,
      isProvide: assignment[1]?.startsWith("PROVIDE") === true,
      tookEffect: true,
      value: BigInt(`0x${match[1]!}`),
    });
  }
  return { format: "lld", members: [...members.values()], assignments };
}
