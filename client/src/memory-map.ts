/**
 * The rows of the view "Memory" as a treemap: boxes in boxes, each as large as what it stands for, and the page that shows them. Must
 * not know VS Code: `memory-picture.ts` opens the page.
 */

import { type HierarchyRectangularNode, hierarchy, treemap } from "d3-hierarchy";
import { l10n } from "./l10n.ts";
import { type MemoryRow, sizeText } from "./memory-tree.ts";

/** Of the area that boxes are laid out in, in the pixels of a usual window; the page stretches it. */
const WIDTH = 1200;
const HEIGHT = 760;

/** The line of a box's own name above those in it, in the same pixels. */
const HEADER = 18;

/** Boxes that would be smaller than this in width or height are not drawn. */
const SMALLEST = 3;

/** What is less than this part of the whole is left out with its box: nobody could see it. */
const LEAST_PART = 1 / 20_000;

export interface MemoryBox {
  readonly kind: "image" | "region" | "section" | "file" | "symbol";
  readonly label: string;
  /** The whole box for screen readers, and when it is pointed at. */
  readonly spoken: string;
  /** In bytes. */
  readonly size: number;
  /** Of the whole, in per cent: left, top, width, height. */
  readonly area: readonly [number, number, number, number];
  /** Which section it is in, counted from 0: each has a colour. */
  readonly group: number;
  /** Boxes lie in it. */
  readonly isFrame: boolean;
  /** Its row, where its source can be asked for. */
  readonly row: MemoryRow | undefined;
}

interface Part {
  readonly row: MemoryRow | undefined;
  readonly kind: MemoryBox["kind"];
  readonly label: string;
  readonly spoken: string;
  /** Of a box without boxes in it, in bytes. */
  readonly own: number;
  readonly parts: readonly Part[];
}

const DRAWN = new Set<MemoryRow["kind"]>(["image", "region", "section", "file", "symbol"]);

/**
 * The boxes, frames before what lies in them. What is empty has none.
 * @param rows as memory-tree.ts arranges them, not filtered
 */
export function boxesOf(rows: readonly MemoryRow[]): MemoryBox[] {
  const parts = rows.flatMap(partOf);
  const top: Part = { row: undefined, kind: "image", label: "", spoken: "", own: 0, parts };
  const whole = hierarchy(top, ({ parts: children }) => children)
    .sum(({ own }) => own)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  if ((whole.value ?? 0) === 0) return [];
  const least = whole.value! * LEAST_PART;
  const laid = treemap<Part>().size([WIDTH, HEIGHT]).paddingTop(headerOf).paddingInner(1).round(false)(whole);
  const sections = laid.descendants().filter(({ data }) => data.kind === "section");
  const groups = new Map(sections.map((section, at) => [section, at]));
  const groupOf = (node: HierarchyRectangularNode<Part>) =>
    node.ancestors().flatMap((one) => groups.get(one) ?? [])[0] ?? 0;
  return laid
    .descendants()
    .filter((node) => node.depth > 0 && isSeen(node) && (node.value ?? 0) >= least)
    .map((node) => toBox(node, groupOf(node)));
}

/** The top has no header of its own. */
function headerOf(node: HierarchyRectangularNode<Part>): number {
  return node.depth === 0 ? 0 : HEADER;
}

function isSeen({ x0, x1, y0, y1 }: HierarchyRectangularNode<Part>): boolean {
  return x1 - x0 >= SMALLEST && y1 - y0 >= SMALLEST;
}

/** One for each row that takes room; symbols are drawn where no file is known. What is free is told by the region's name: its area would hide the rest. */
function partOf(row: MemoryRow): Part[] {
  if (!DRAWN.has(row.kind) || row.size === 0) return [];
  const { kind, spoken, size } = row;
  const below = kind === "file" ? [] : row.children.flatMap(partOf);
  const parts = below.length === 0 ? [] : [...below, ...othersIn(row, below)];
  return [
    { row, kind: kind as MemoryBox["kind"], label: nameOf(row), spoken, own: parts.length === 0 ? size : 0, parts },
  ];
}

/** "main.o 1.2 KB"; of a region what stands behind its bar. */
function nameOf({ kind, label, description, size }: MemoryRow): string {
  return `${label} ${kind === "region" ? description.replace(/^[█░]+ /, "") : sizeText(size)}`;
}

/** What is in the row and in none of those below it. */
function othersIn({ label, size, kind }: MemoryRow, below: readonly Part[]): Part[] {
  const rest = size - below.reduce((sum, part) => sum + (part.row?.size ?? 0), 0);
  // An image is the sum of its sections, which may lie in two regions.
  if (rest <= 0 || kind === "image") return [];
  const spoken = l10n.t("other, in {0}, {1}", label, sizeText(rest));
  return [{ row: undefined, kind: "file", label: l10n.t("other {0}", sizeText(rest)), spoken, own: rest, parts: [] }];
}

function toBox(node: HierarchyRectangularNode<Part>, group: number): MemoryBox {
  const { row, kind, label, spoken } = node.data;
  const { x0, x1, y0, y1 } = node;
  const area = [x0 / WIDTH, y0 / HEIGHT, (x1 - x0) / WIDTH, (y1 - y0) / HEIGHT].map((part) => part * 100);
  const hasSource = row?.place !== undefined || row?.source !== undefined;
  return {
    kind,
    label,
    spoken,
    size: node.value ?? 0,
    area: area as unknown as MemoryBox["area"],
    group,
    isFrame: node.children !== undefined,
    row: hasSource ? row : undefined,
  };
}

/** VS Code's colours of charts, which every theme has. */
const COLORS = ["blue", "green", "orange", "purple", "yellow", "red"].map((name) => `var(--vscode-charts-${name})`);

/** Boxes that are lower or narrower than this have no name, in the pixels of the layout. */
const NAMED = { width: 36, height: 13 };

/**
 * The page: links in place of scripts, so that none is needed. Names are the image's: they are escaped.
 * @param linkTo the address that opens a row's source
 */
export function renderMap(boxes: readonly MemoryBox[], title: string, linkTo: (row: MemoryRow) => string): string {
  const drawn = boxes.map((box) => renderBox(box, linkTo)).join("\n");
  const empty = `<p>${escapeHtml(l10n.t("No image with sections was found. The view Memory says what to do."))}</p>`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main aria-label="${escapeHtml(title)}">
${boxes.length === 0 ? empty : drawn}
</main>
</body>
</html>
`;
}

const STYLE = `
html, body { height: 100%; margin: 0; padding: 0; }
main { position: absolute; inset: 6px; }
.box { position: absolute; box-sizing: border-box; overflow: hidden; white-space: nowrap; text-overflow: ellipsis;
  padding: 0 3px; font-size: 11px; line-height: 16px; color: var(--vscode-editor-foreground); text-decoration: none;
  border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border, transparent)); }
.frame { background: var(--vscode-sideBar-background); font-weight: 600; }
a.box:hover, a.box:focus { outline: 2px solid var(--vscode-focusBorder); outline-offset: -2px; z-index: 1; }
`;

function renderBox(box: MemoryBox, linkTo: (row: MemoryRow) => string): string {
  const { kind, label, spoken, area, group, isFrame, row } = box;
  const [left, top, width, height] = area;
  const place = `left:${pct(left)};top:${pct(top)};width:${pct(width)};height:${pct(height)}`;
  const color = COLORS[group % COLORS.length];
  const fill = isFrame ? "" : `;background:color-mix(in srgb, ${color} 38%, var(--vscode-editor-background))`;
  const isNamed = (width * WIDTH) / 100 >= NAMED.width && (height * HEIGHT) / 100 >= NAMED.height;
  const style = `class="box ${kind}${isFrame ? " frame" : ""}" style="${place}${fill}"`;
  const told = `title="${escapeHtml(spoken)}" aria-label="${escapeHtml(spoken)}"`;
  const name = isNamed ? escapeHtml(label) : "";
  if (row === undefined) return `<div role="img" ${style} ${told}>${name}</div>`;
  return `<a href="${escapeHtml(linkTo(row))}" ${style} ${told}>${name}</a>`;
}

function pct(value: number): string {
  return `${value.toFixed(3)}%`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
