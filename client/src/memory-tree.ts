/**
 * How the images of the view "Memory" become rows: which stand below which, how they are sorted, filtered and put into words.
 * Must not know VS Code: `memory-view.ts` shows what this arranges.
 */

import type { LinkagePlace, MemoryViewImage } from "../../server/src/protocol/messages.ts";
import { l10n } from "./l10n.ts";

export type MemoryOrder = "size" | "address" | "name";

export interface MemoryRow {
  /** Tells rows apart, and is the same when the image was linked again, so that the view remembers which are open. */
  readonly id: string;
  readonly kind: "image" | "region" | "section" | "file" | "symbol" | "changes" | "change" | "note";
  readonly label: string;
  /** Behind the label, with a bar where there is one. */
  readonly description: string;
  /** The whole row for screen readers: bars are no words. */
  readonly spoken: string;
  /** The region does not hold what is in it. */
  readonly isOverfull: boolean;
  readonly children: readonly MemoryRow[];
  /** Where its source is known to be. */
  readonly place?: LinkagePlace;
  /** What the server is asked for the source of. */
  readonly source?: { readonly uri: string; readonly file: string; readonly symbol?: string };
  /** The image that it is of. */
  readonly image: { readonly uri: string; readonly path: string };
  /** By which rows are sorted. Sizes are in bytes. */
  readonly size: number;
  readonly address: bigint;
}

/** The rows of all images: those of the only one are at the top. */
export function rowsOf(images: readonly MemoryViewImage[], order: MemoryOrder): MemoryRow[] {
  const rows = images.map((image) => imageRow(image, order));
  return rows.length === 1 ? [...rows[0]!.children] : rows;
}

function imageRow(image: MemoryViewImage, order: MemoryOrder): MemoryRow {
  const sections = image.sections.map((section) => sectionRow(image, section, order));
  const inRegions = new Set(image.regions.flatMap((region) => region.sections.map(({ index }) => index)));
  const regions = image.regions.map((region) => regionRow(image, region, sections, order));
  const others = sections.filter((_, index) => !inRegions.has(index));
  const total = sections.reduce((sum, { size }) => sum + size, 0);
  const children = [
    ...notesOf(image),
    ...changesOf(image),
    // Regions stand as the script has them: there are few, and people know their order.
    ...regions,
    ...sorted(others, order),
  ];
  const over = regions.filter(({ isOverfull }) => isOverfull).map(({ label }) => label);
  const state = over.length > 0 ? `, ${l10n.t("{0} overflows", over.join(", "))}` : "";
  return row(image, {
    id: image.uri,
    kind: "image",
    label: image.path,
    description: `${sizeText(total)}${state}`,
    spoken: `${l10n.t("{0}, image, {1}", image.path, sizeText(total))}${state}`,
    isOverfull: over.length > 0,
    children,
    size: total,
  });
}

type Given = Pick<MemoryRow, "id" | "kind" | "label" | "description"> & Partial<MemoryRow>;

function row({ uri, path }: MemoryViewImage, given: Given): MemoryRow {
  const { kind, label, description } = given;
  return {
    spoken: `${label}, ${kindWord(kind)}, ${description}`,
    isOverfull: false,
    children: [],
    size: 0,
    address: 0n,
    ...given,
    image: { uri, path },
  };
}

/** What is to be known before the figures are believed. */
function notesOf(image: MemoryViewImage): MemoryRow[] {
  const note = (id: string, label: string, description: string) =>
    row(image, { id: `${image.uri} ${id}`, kind: "note", label, description, spoken: `${label}. ${description}` });
  const notes: MemoryRow[] = [];
  if (image.olderThan !== undefined)
    notes.push(note("stale", l10n.t("Older than its sources"), l10n.t("{0} was changed since", image.olderThan)));
  if (!image.hasMap)
    notes.push(note("map", l10n.t("No map"), l10n.t("link with -Map=FILE beside the image to see regions and files")));
  else if (image.regions.length === 0)
    notes.push(note("regions", l10n.t("No memory regions"), l10n.t("the script has no MEMORY, or is not known")));
  if (image.symbolsLeftOut > 0)
    notes.push(
      note(
        "symbols",
        l10n.t("The largest symbols"),
        l10n.t("smaller ones left out: {0}", image.symbolsLeftOut.toLocaleString("en")),
      ),
    );
  return notes;
}

type Region = MemoryViewImage["regions"][number];
type Section = MemoryViewImage["sections"][number];
type File = Section["files"][number];

function regionRow(
  image: MemoryViewImage,
  region: Region,
  sections: readonly MemoryRow[],
  order: MemoryOrder,
): MemoryRow {
  const { name, used, length, free, percent, before, origin } = region;
  const room = free < 0 ? l10n.t("{0} too many", sizeText(-free)) : l10n.t("{0} free", sizeText(free));
  const use = l10n.t("{0}, {1} of {2}", percentText(percent), sizeText(used), sizeText(length));
  const over = free < 0 ? `, ${room}` : "";
  const grown = growthText(used, before);
  const children = region.sections.map(({ index, kind }): MemoryRow => {
    const section = sections[index]!;
    const id = `${section.id} ${name} ${kind}`;
    if (kind === "run") return { ...section, id };
    const initial = l10n.t("{0}, initial bytes", section.description);
    const address = BigInt(image.sections[index]!.loadAddress);
    return {
      ...section,
      id,
      address,
      description: initial,
      spoken: l10n.t("{0}, section, {1}", section.label, initial),
      children: [],
    };
  });
  return row(image, {
    id: `${image.uri} region ${name}`,
    kind: "region",
    label: name,
    description: `${barText(percent)} ${use}${over}${grown}`,
    spoken: `${l10n.t("{0}, region, {1}, {2}", name, use, room)}${spokenGrowth(used, before)}`,
    isOverfull: free < 0,
    children: [...overflowOf(image, region), ...sorted(children, order)],
    size: used,
    address: BigInt(origin),
    ...placed(image.places.regions[name]),
  });
}

/** What the server says of why it overflows: "grew: …" becomes a row "grew". */
function overflowOf(image: MemoryViewImage, { name, overflow = [] }: Region): MemoryRow[] {
  return overflow.map((sentence, index) => {
    const colon = sentence.indexOf(": ");
    const label = colon < 0 ? sentence : sentence.slice(0, colon);
    const description = colon < 0 ? "" : sentence.slice(colon + 2);
    const id = `${image.uri} overflow ${name} ${index}`;
    return row(image, { id, kind: "note", label, description, spoken: sentence });
  });
}

function sectionRow(image: MemoryViewImage, section: Section, order: MemoryOrder): MemoryRow {
  const { name, size, before, address, files, isLoaded } = section;
  const id = `${image.uri} section ${name} ${image.sections.filter((one) => one.name === name).indexOf(section)}`;
  // Without a map there are no files to stand between a section and its symbols.
  const rows = files.flatMap((file) => {
    const one = fileRow(image, file, id, order);
    return file.file === "" && file.size === 0 ? one.children : [one];
  });
  return row(image, {
    id,
    kind: "section",
    label: name,
    description: `${sizeText(size)}${isLoaded ? "" : `, ${l10n.t("not in the image")}`}${growthText(size, before)}`,
    spoken: `${l10n.t("{0}, section, {1} at {2}", name, sizeText(size), address)}${spokenGrowth(size, before)}`,
    children: sorted(rows, order),
    size,
    address: BigInt(address),
    ...placed(image.places.sections[name]),
  });
}

function fileRow(image: MemoryViewImage, file: File, section: string, order: MemoryOrder): MemoryRow {
  const { size, before, address } = file;
  const id = `${section} ${file.file}`;
  const symbols = file.symbols.map((symbol) =>
    row(image, {
      id: `${id} ${symbol.name} ${symbol.address}`,
      kind: "symbol",
      label: symbol.name,
      description: `${sizeText(symbol.size)}${growthText(symbol.size, symbol.before)}`,
      spoken: `${l10n.t("{0}, symbol, {1} at {2}", symbol.name, sizeText(symbol.size), symbol.address)}${spokenGrowth(symbol.size, symbol.before)}`,
      size: symbol.size,
      address: BigInt(symbol.address),
      source: { uri: image.uri, file: file.file, symbol: symbol.name },
    }),
  );
  return row(image, {
    id,
    kind: "file",
    label: shortFile(file.file),
    description: `${sizeText(size)}${growthText(size, before)}`,
    spoken: `${l10n.t("{0}, file, {1}", file.file === "" ? l10n.t("padding") : file.file, sizeText(size))}${spokenGrowth(size, before)}`,
    children: sorted(symbols, order),
    size,
    address: BigInt(address),
    ...(file.file === "" ? {} : { source: { uri: image.uri, file: file.file } }),
  });
}

function placed(place: LinkagePlace | undefined): { place?: LinkagePlace } {
  return place === undefined ? {} : { place };
}

/** So many changes of a kind stand in the view. */
const MOST_CHANGES = 100;

/** One row that opens to what grew and what shrank, symbols where they are known, else files. */
function changesOf(image: MemoryViewImage): MemoryRow[] {
  const { changes, comparedWith, uri } = image;
  if (changes === undefined || comparedWith === undefined) return [];
  const { symbols, files, sections } = changes;
  const [kind, list] = symbols.length > 0 ? (["symbol", symbols] as const) : (["file", files] as const);
  const shown = [
    ...sections.map((change) => ({ kind: "section" as const, change })),
    ...list.slice(0, MOST_CHANGES).map((change) => ({ kind, change })),
  ];
  if (shown.length === 0) return [];
  const difference = sections.reduce((sum, { before, after }) => sum + after - before, 0);
  const against = comparedWith.kind === "image" ? comparedWith.path : l10n.t("the build before");
  return [
    row(image, {
      id: `${uri} changes`,
      kind: "changes",
      label: l10n.t("Against {0}", against),
      description: signed(difference),
      spoken: l10n.t("Changes against {0}, {1}", against, signed(difference)),
      children: shown.map(({ kind: what, change: { name, before, after } }) =>
        row(image, {
          id: `${uri} changes ${what} ${name}`,
          kind: "change",
          label: what === "file" ? shortFile(name) : name,
          description: l10n.t(
            "{0}, {1}, {2} to {3}",
            signed(after - before),
            kindWord(what),
            sizeText(before),
            sizeText(after),
          ),
          size: Math.abs(after - before),
          ...(what === "symbol" ? { source: { uri, file: "", symbol: name } } : {}),
          ...(what === "file" && name !== "" ? { source: { uri, file: name } } : {}),
        }),
      ),
    }),
  ];
}

/** The largest first, by address, or by name; what is the same by name. */
function sorted(rows: readonly MemoryRow[], order: MemoryOrder): MemoryRow[] {
  const byName = (a: MemoryRow, b: MemoryRow) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);
  const byAddress = (a: MemoryRow, b: MemoryRow) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0);
  const first = { size: (a: MemoryRow, b: MemoryRow) => b.size - a.size, address: byAddress, name: byName }[order];
  return [...rows].sort((a, b) => first(a, b) || byName(a, b));
}

/** Keeps the rows that have all words of the filter in their label, with all below them, and those that have such rows below them. */
export function filterRows(rows: readonly MemoryRow[], filter: string): readonly MemoryRow[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return rows;
  return rows.flatMap((one) => {
    const label = one.label.toLowerCase();
    if (words.every((word) => label.includes(word))) return [one];
    const children = filterRows(one.children, filter);
    return children.length === 0 ? [] : [{ ...one, children }];
  });
}

const BAR = 10;

/** "██████░░░░" for 64 per cent. */
export function barText(percent: number): string {
  const filled = Math.max(percent > 0 ? 1 : 0, Math.min(BAR, Math.round((percent * BAR) / 100)));
  return "█".repeat(filled) + "░".repeat(BAR - filled);
}

function percentText(percent: number): string {
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** "312 B", "41.2 KB", "2 MB": one digit behind the point. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB", "TB"];
  let size = bytes / 1024;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${Number(size.toFixed(1)).toLocaleString("en")} ${units[unit]}`;
}

function signed(bytes: number): string {
  return bytes < 0 ? `−${sizeText(-bytes)}` : `+${sizeText(bytes)}`;
}

function growthText(size: number, before: number | undefined): string {
  return before === undefined || before === size ? "" : `, ${signed(size - before)}`;
}

function spokenGrowth(size: number, before: number | undefined): string {
  if (before === undefined || before === size) return "";
  const difference = sizeText(Math.abs(size - before));
  return `, ${size > before ? l10n.t("{0} more than before", difference) : l10n.t("{0} fewer than before", difference)}`;
}

/** What a row stands for, as people say it. */
function kindWord(kind: MemoryRow["kind"]): string {
  const words: Readonly<Partial<Record<MemoryRow["kind"], string>>> = {
    symbol: l10n.t("symbol"),
    file: l10n.t("file"),
    section: l10n.t("section"),
    change: l10n.t("change"),
    note: l10n.t("note"),
  };
  return words[kind] ?? kind;
}

/** Of a file elsewhere, such as a compiler's library, the last part of its path. */
function shortFile(file: string): string {
  if (!file.startsWith("/")) return file === "" ? l10n.t("padding") : file;
  const member = file.indexOf("(");
  return file.slice(file.lastIndexOf("/", member < 0 ? file.length : member) + 1);
}
