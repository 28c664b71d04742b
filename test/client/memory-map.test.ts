import assert from "node:assert/strict";
import { boxesOf, type MemoryBox, renderMap } from "../../client/src/memory-map.ts";
import type { MemoryRow } from "../../client/src/memory-tree.ts";

function row(kind: MemoryRow["kind"], label: string, size: number, children: readonly MemoryRow[] = []): MemoryRow {
  const image = { uri: "file:///fw.elf", path: "fw.elf" };
  const spoken = `${label}, ${kind}, ${size}`;
  const description = kind === "region" ? "█░░░░░░░░░ 10 %, 1 KB of 10 KB" : "";
  const common = { id: label, spoken, isOverfull: false, address: 0n, image };
  return { ...common, kind, label, description, size, children };
}

const file = (label: string, size: number): MemoryRow => ({
  ...row("file", label, size, [row("symbol", "f", size)]),
  source: { uri: "file:///fw.elf", file: label },
});

const rows = [
  row("note", "Older than its sources", 0),
  row("region", "FLASH", 1000, [
    row("section", ".text", 900, [file("a.o", 600), file("<b>.o", 200)]),
    row("section", ".empty", 0),
    row("section", ".data", 100),
  ]),
  row("section", ".loose", 1000, [row("symbol", "x", 1000)]),
];

const areaOf = ({ area: [, , width, height] }: MemoryBox) => width * height;

describe("the treemap of an image", () => {
  const boxes = boxesOf(rows);
  const box = (label: string) => boxes.find((one) => one.label.startsWith(label))!;

  it("has a box for each region, section and file that takes room, and for symbols where no file is known", () => {
    assert.deepEqual(
      boxes.map(({ label }) => label).sort(),
      ["FLASH 10 %, 1 KB of 10 KB", ".data 100 B", ".loose 1000 B", ".text 900 B", "<b>.o 200 B", "a.o 600 B"]
        .concat("other 100 B", "x 1000 B")
        .sort(),
    );
  });

  it("gives siblings areas in proportion to their sizes", () => {
    assert.ok(Math.abs(areaOf(box("a.o")) / areaOf(box("<b>.o")) - 3) < 0.1);
    assert.ok(Math.abs(areaOf(box("FLASH")) / areaOf(box(".loose")) - 1) < 0.1);
  });

  it("puts boxes inside of their frames, and frames first", () => {
    for (const [inner, outer] of [
      ["a.o", ".text"],
      [".text", "FLASH"],
      ["x ", ".loose"],
    ] as const) {
      const [left, top, width, height] = box(inner).area;
      const [outerLeft, outerTop, outerWidth, outerHeight] = box(outer).area;
      assert.ok(left >= outerLeft && top > outerTop, inner);
      assert.ok(left + width <= outerLeft + outerWidth + 1e-9 && top + height <= outerTop + outerHeight + 1e-9, inner);
      assert.ok(boxes.indexOf(box(outer)) < boxes.indexOf(box(inner)));
    }
  });

  it("has the files of a section in one colour, and its neighbours in another", () => {
    assert.equal(box("a.o").group, box("<b>.o").group);
    assert.notEqual(box("a.o").group, box(".data").group);
  });

  it("becomes a page without scripts, in which names are text and sources are links", () => {
    const page = renderMap(boxes, "Memory", ({ label }) => `command:open?${encodeURIComponent(label)}`);
    assert.doesNotMatch(page, /<script|<b>/);
    assert.match(page, /Content-Security-Policy" content="default-src 'none'/);
    assert.match(page, /<a href="command:open\?%3Cb%3E\.o" [^>]*aria-label="&#60;b&#62;\.o, file, 200">/);
    assert.match(page, /<div role="img" [^>]*aria-label="\.data, section, 100">/);
  });

  it("says so where there is nothing to draw", () => {
    assert.deepEqual(boxesOf([row("note", "No map", 0)]), []);
    assert.match(
      renderMap([], "Memory", () => ""),
      /No image with sections was found/,
    );
  });
});
