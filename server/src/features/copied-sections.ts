/** By which symbols of its script a section is copied at start from where it is loaded to where it runs, and whether they fit it. */

import type { ImageSection } from "../linkage/objects/image.ts";
import type { MapAssignment } from "../syntax/map/parse-map.ts";
import { hexAddress } from "../text/hex.ts";
import { codeSpan } from "../text/markdown.ts";

/** An end may be aligned, in bytes. */
const MOST_ALIGNMENT = 16n;

/** Markdown lines; none for a section that runs where it is loaded, or that no symbol speaks of. */
export function describeCopy(section: ImageSection, assignments: readonly MapAssignment[]): string[] {
  const { address, loadAddress, size, isLoaded } = section;
  if (!isLoaded || loadAddress === address || assignments.length === 0) return [];
  const end = address + BigInt(size);
  const named = (test: (value: bigint) => boolean) =>
    assignments.filter(({ value }) => value !== undefined && test(value)).map(({ symbol }) => codeSpan(symbol));
  const from = named((value) => value === loadAddress);
  const starts = named((value) => value === address);
  const ends = named((value) => value >= end && value < end + MOST_ALIGNMENT);
  const lines: string[] = [];
  if (from.length === 0) lines.push(`- no symbol of the script has its load address \`${hexAddress(loadAddress)}\``);
  if (starts.length === 0) lines.push(`- no symbol of the script has its address \`${hexAddress(address)}\``);
  if (ends.length === 0) lines.push(...describeShort(section, assignments, end));
  if (lines.length > 0) return lines;
  return [`- to be copied from ${from.join(", ")} to ${starts.join(", ")}, up to ${ends.join(", ")}`];
}

/** What lies inside may be meant for an end. */
function describeShort({ address }: ImageSection, assignments: readonly MapAssignment[], end: bigint): string[] {
  const inside = assignments.filter(({ value }) => value !== undefined && value > address && value < end);
  const last = inside.sort((a, b) => (a.value! > b.value! ? -1 : 1))[0];
  if (last === undefined) return ["- no symbol of the script has its end"];
  return [
    `- the last symbol of the script in it, ${codeSpan(last.symbol)}, lies ${end - last.value!} bytes before its end`,
  ];
}
