/** What `weakspot memory` prints of an image: text with bars for people, JSON and CSV for programs. */

import { reportMemory } from "../features/memory-report.ts";
import { describeOverflow } from "../features/overflow-words.ts";
import { compareSizes, type ImageChanges, type SizeChange, totalsOf } from "../linkage/objects/compare-images.ts";
import type { Image } from "../linkage/objects/image.ts";
import { type ImageSizes, sizesOf } from "../linkage/objects/image-sizes.ts";
import { filesIn, foldersIn, memoryUseOf, percentOf, type RegionUse, startOf } from "../linkage/objects/memory-use.ts";
import { hexAddress } from "../text/hex.ts";
import { printable } from "../text/printable.ts";
import { shortFile } from "./short-file.ts";

/** The width of a bar, in characters. */
const BAR = 24;

/** Regions with their sections, then the largest files. `top` is how many files are listed. */
export function toMemoryText(image: Image, top: number): string {
  const uses = memoryUseOf(image);
  const lines = uses.length === 0 ? ["no memory regions are known: name the script with --script"] : regionTable(uses);
  for (const use of uses) lines.push("", ...describeRegion(use), ...describeExcess(use, image));
  if (uses.length === 0)
    lines.push("", ...table(image.sections.map(({ name, address, size }) => [name, hexAddress(address), `${size} B`])));
  const folders = foldersIn(image.sections).slice(0, top);
  if (folders.length > 1) {
    const rows = folders.map(({ folder, size }) => [printable(folder), `${size} B`]);
    lines.push("", "largest folders", ...table(rows));
  }
  const files = filesIn(image.sections).slice(0, top);
  if (files.length > 0) {
    const rows = files.map(({ file, size }) => [nameOf(file), `${size} B`]);
    lines.push("", "largest files", ...table(rows));
  }
  return `${lines.join("\n")}\n`;
}

function regionTable(uses: readonly RegionUse[]): string[] {
  const rows = uses.map((use) => {
    const percent = percentOf(use);
    const filled = Math.min(BAR, Math.round((percent * BAR) / 100));
    const bar = `[${"#".repeat(filled)}${".".repeat(BAR - filled)}]`;
    const free = use.free < 0n ? `${-use.free} B too many` : `${use.free} B free`;
    return [
      printable(use.region.name),
      bar,
      `${percent.toFixed(2)} %`,
      `${use.used} B of ${inUnits(use.region.length)}`,
      free,
    ];
  });
  return table(rows, "");
}

function describeRegion(use: RegionUse): string[] {
  const { name, origin, length } = use.region;
  const rows = use.shares.map((share) => {
    const { section, kind } = share;
    const note =
      kind === "load"
        ? `initial bytes, copied to ${hexAddress(section.address)}`
        : section.isLoaded
          ? ""
          : "not in the image";
    return [printable(section.name), hexAddress(startOf(share)), `${section.size} B`, note];
  });
  const end = length === 0n ? origin : origin + length - 1n;
  return [
    `${printable(name)}, ${hexAddress(origin)} to ${hexAddress(end)}`,
    ...(rows.length === 0 ? ["  empty"] : table(rows)),
  ];
}

function describeExcess(use: RegionUse, image: Image): string[] {
  const why = describeOverflow(use, image, undefined, printable);
  return why.length === 0 ? [] : [`  ${-use.free} B too many`, ...why.map((line) => `    ${line}`)];
}

function nameOf(file: string): string {
  return file === "" ? "(padding)" : shortFile(file);
}

/** What changed, the most first. */
export function toChangesText({ regions, sections, files, symbols }: ImageChanges, top: number): string {
  const part = (title: string, changes: readonly SizeChange[], short: (name: string) => string) =>
    changes.length === 0
      ? []
      : [
          "",
          title,
          ...table(
            changes.slice(0, top).map((one) => [short(one.name), signed(one), `${one.before} to ${one.after} B`]),
          ),
        ];
  const lines = [
    ...part("regions", regions, printable),
    ...part("sections", sections, printable),
    ...part("files", files, nameOf),
    ...part(describeTotals(symbols), symbols, printable),
  ];
  return lines.length === 0 ? "no size has changed\n" : `${lines.slice(1).join("\n")}\n`;
}

/** "symbols: 1 added, 2 grown; +120 -16, together +104 B". */
function describeTotals(changes: readonly SizeChange[]): string {
  const { added, removed, grown, shrunk, up, down } = totalsOf(changes);
  const counts = Object.entries({ added, removed, grown, shrunk }).filter(([, count]) => count > 0);
  const words = counts.map(([word, count]) => `${count} ${word}`).join(", ");
  return `symbols: ${words}; +${up} -${down}, together ${up >= down ? "+" : ""}${up - down} B`;
}

function signed({ before, after }: SizeChange): string {
  return after > before ? `+${after - before}` : `${after - before}`;
}

/** The shape that `--format json` prints: the report, and of each section also what each input section put into it. */
export function toMemoryJson(image: Image, before?: ImageSizes): unknown {
  const { regions, sections } = reportMemory(image, before);
  return {
    regions,
    sections: sections.map((section, index) => ({
      ...section,
      inputs: image.sections[index]!.inputs.map((input) => ({
        section: input.section,
        file: input.file,
        address: hexAddress(input.address),
        size: input.size,
        pattern: input.pattern,
      })),
    })),
    folders: foldersIn(image.sections),
    ...(before === undefined ? {} : { changes: compareSizes(before, sizesOf(image)) }),
  };
}

/** One line for each region, or for each change of one (RFC 4180). */
export function toMemoryCsv(image: Image): string {
  const rows = memoryUseOf(image).map((use) => {
    const { name, origin, length } = use.region;
    return [name, hexAddress(origin), String(length), String(use.used), String(use.free), percentOf(use).toFixed(2)];
  });
  const head = ["region", "origin", "length", "used", "free", "percent"];
  return [head, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function table(rows: readonly (readonly string[])[], indent = "  "): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  // Numbers stand below each other by their last digit.
  const isNumber = (at: number) => rows.every((row) => /^[-+]?\d/.test(row[at] ?? "") || row[at] === "");
  return rows.map((row) => {
    const cells = row.map((cell, at) => (isNumber(at) ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)));
    return `${indent}${cells.join("  ")}`.trimEnd();
  });
}

/** A size as scripts write it: 64 KB; bytes where it is no whole number of them. */
export function inUnits(size: bigint): string {
  for (const [unit, bytes] of [
    ["GB", 1n << 30n],
    ["MB", 1n << 20n],
    ["KB", 1n << 10n],
  ] as const) {
    if (size > 0n && size % bytes === 0n) return `${size / bytes} ${unit}`;
  }
  return `${size} B`;
}
