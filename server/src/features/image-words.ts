/**
 * What the linked image says of the script that laid it out, in words for hover and hints: how full a region is, where a section
 * landed and what fills it, which input sections a pattern took.
 */

import type { Image, ImageInput, ImageSection } from "../linkage/objects/image.ts";
import type { PastBuild } from "../linkage/objects/image-sizes.ts";
import { filesIn, memoryUseOf, percentOf, type RegionUse } from "../linkage/objects/memory-use.ts";
import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import type { LdInputSection, LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { MapAssignment } from "../syntax/map/parse-map.ts";
import { hexAddress } from "../text/hex.ts";
import { codeSpan } from "../text/markdown.ts";
import { type Span, touches } from "../text/span.ts";
import { describeCopy } from "./copied-sections.ts";
import { describeOverflow } from "./overflow-words.ts";
import type { ScriptHint } from "./script-hints.ts";

/** An image as it is shown beside a script. */
export interface ShownImage {
  /** Relative to the root where it lies below. */
  readonly path: string;
  readonly image: Image;
  /** The newest of the files that were changed after the image was linked, relative to the root. */
  readonly olderThan: string | undefined;
  /** The build before this one that had other sizes, where one was seen. */
  readonly before: PastBuild | undefined;
  /** What the script assigns, as the map tells; none where there is no map. */
  readonly assignments: readonly MapAssignment[];
}

/** How many sections or files are named. */
const NAMED = 5;

/** What the image says of the region, section or pattern at an offset, as markdown; undefined where it says nothing. */
export function describeInImage(
  script: LdScript,
  offset: number,
  shown: ShownImage,
): { readonly span: Span; readonly text: string } | undefined {
  const name = scriptModelOf(script).nameAt(offset);
  const tell = (span: Span, lines: readonly string[] | undefined) =>
    lines && { span: { start: span.start, end: span.end }, text: [headOf(shown), ...lines].join("\n") };
  if (name?.kind === "region") {
    const use = memoryUseOf(shown.image).find(({ region }) => region.name === name.text);
    return tell(name, use && describeUse(use, shown));
  }
  if (name?.kind === "section") return tell(name, describeSections(name.text, shown));
  if (name !== undefined) return undefined;
  const pattern = nodesOf(script).find(
    (node): node is LdInputSection => node.kind === "input-section" && touches(node, offset),
  );
  return pattern && tell(pattern, describePattern(script, pattern, shown.image));
}

function headOf({ path, olderThan }: ShownImage): string {
  return `In ${codeSpan(path)}${olderThan === undefined ? "" : `, which is older than ${codeSpan(olderThan)}`}:`;
}

/** ", 16 more than in the build before"; "" where there was none, or it was the same. */
function growth(size: number, before: number | undefined): string {
  if (before === undefined || before === size) return "";
  const difference = Math.abs(size - before);
  return `, ${difference} ${size > before ? "more" : "fewer"} than in the build before`;
}

function describeUse(use: RegionUse, { image, before }: ShownImage): string[] {
  const { region, used, free, shares } = use;
  const rest = free < 0n ? `**${-free} bytes too many**` : `${free} bytes free`;
  const grown = growth(Number(used), before?.sizes.regions.get(region.name));
  const lines = [`- used ${used} of ${region.length} bytes, **${percentOf(use).toFixed(2)} %**; ${rest}${grown}`];
  for (const line of describeOverflow(use, image, before?.sizes, codeSpan)) lines.push(`- ${line}`);
  const largest = [...shares].sort((a, b) => b.section.size - a.section.size).slice(0, NAMED);
  for (const { section, kind } of largest) {
    const note = kind === "load" ? ", its initial bytes" : section.isLoaded ? "" : ", not in the image";
    lines.push(`- ${codeSpan(section.name)} ${section.size} bytes${note}`);
  }
  return lines;
}

function describeSections(name: string, { image, before, assignments }: ShownImage): string[] {
  const found = image.sections.filter((section) => section.name === name);
  if (found.length === 0) return ["- it takes no memory"];
  // Of several sections with one name, only the sum is known of the build before.
  const size = found.length === 1 ? before?.sizes.sections.get(name) : undefined;
  return found.flatMap((section) => describeSection(section, size, assignments));
}

function describeSection(
  section: ImageSection,
  before: number | undefined,
  assignments: readonly MapAssignment[],
): string[] {
  const { address, loadAddress, size, isLoaded } = section;
  const load = loadAddress === address ? "" : `, loaded from \`${hexAddress(loadAddress)}\``;
  const stored = isLoaded ? "" : ", not in the image";
  const lines = [`- ${size} bytes at \`${hexAddress(address)}\`${load}${stored}${growth(size, before)}`];
  return [...lines, ...describeFiles(filesIn([section])), ...describeCopy(section, assignments)];
}

function describeFiles(files: readonly { readonly file: string; readonly size: number }[]): string[] {
  const lines = files.slice(0, NAMED).map(({ file, size }) => {
    return `  - ${file === "" ? "padding" : codeSpan(file)} ${size} bytes`;
  });
  if (files.length > NAMED) lines.push(`  - and ${files.length - NAMED} more files`);
  return lines;
}

/** Only where the map lists the pattern: what it took is known then, also where that is nothing. */
function describePattern(script: LdScript, pattern: LdInputSection, image: Image): string[] | undefined {
  const wanted = bare(script.source.slice(pattern.start, pattern.end));
  const holders = image.sections.filter(({ patterns }) => patterns.some((one) => bare(one) === wanted));
  if (holders.length === 0) return undefined;
  const taken = holders.flatMap(({ inputs }) =>
    inputs.filter((input) => input.file !== "" && input.pattern !== undefined && bare(input.pattern) === wanted),
  );
  if (taken.length === 0) return ["- it took nothing"];
  const size = taken.reduce((sum, input) => sum + input.size, 0);
  return [`- it took ${taken.length} input sections, ${size} bytes`, ...describeInputs(taken)];
}

function describeInputs(inputs: readonly ImageInput[]): string[] {
  const largest = [...inputs].sort((a, b) => b.size - a.size).slice(0, NAMED);
  const lines = largest.map(({ section, file, size }) => `  - ${codeSpan(section)} of ${codeSpan(file)} ${size} bytes`);
  return inputs.length > NAMED ? [...lines, "  - …"] : lines;
}

/** A pattern without what scripts and maps write differently: blanks, and KEEP, which maps leave out. */
function bare(pattern: string): string {
  const text = pattern.replace(/\s+/g, "");
  return /^KEEP\((.*)\)$/.exec(text)?.[1] ?? text;
}

/** One hint behind each region: how full it is. */
export function hintRegions(script: LdScript, range: Span, { path, image }: ShownImage): ScriptHint[] {
  const uses = new Map(memoryUseOf(image).map((use) => [use.region.name, use]));
  const hints = nodesOf(script).flatMap((node) => {
    const use = node.kind === "region" ? uses.get(node.name.text) : undefined;
    if (use === undefined || node.end < range.start || node.end > range.end) return [];
    const label = use.free < 0n ? `${-use.free} bytes too many` : `${percentOf(use).toFixed(0)} % used`;
    return [{ offset: node.end, label, tooltip: `${use.used} of ${use.region.length} bytes in ${path}` }];
  });
  return hints.sort((a, b) => a.offset - b.offset);
}
