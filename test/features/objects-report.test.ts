import assert from "node:assert/strict";
import { describeObjects, listObjects } from "../../server/src/features/describe-objects.ts";
import { type ObjectsReport, reportObjects } from "../../server/src/features/objects-report.ts";
import type { LinkUnitReport, ReportedMention } from "../../server/src/features/symbol-report.ts";
import { imageUnit } from "../../server/src/linkage/kbuild/link-unit.ts";
import { viewBuild } from "../../server/src/linkage/links/built-links.ts";
import type { BuildLayout } from "../../server/src/linkage/objects/build-layout.ts";
import { type LinkMap, parseLinkMap } from "../../server/src/syntax/map/parse-map.ts";
import { indexOf } from "../support/object-batch.ts";

/** Reports on f in a vmlinux of these objects; those written "lib.a:x.o" are members of an archive. */
function reportOn(
  objects: Readonly<Record<string, readonly string[]>>,
  predicted: readonly ReportedMention[] = [],
  map?: string,
): ObjectsReport {
  const linked = Object.keys(objects)
    .filter((name) => name !== "vmlinux")
    .map((text) => {
      const [object, archive] = text.split(":").reverse();
      return { object: object!, archive };
    });
  const layout: BuildLayout = {
    folder: "/build",
    sourceRoot: "/src",
    kind: "kernel",
    links: [{ unit: imageUnit("vmlinux"), image: "vmlinux", objects: linked, scripts: [], map: undefined }],
    problems: [],
  };
  const index = indexOf(
    Object.fromEntries(Object.entries(objects).map(([name, rows]) => [name.split(":").at(-1)!, rows])),
  );
  const sources = new Map(linked.map(({ object }) => [object, object.replace(/o$/, "c")]));
  const maps = new Map<string, LinkMap>(map === undefined ? [] : [["vmlinux", parseLinkMap(map)!]]);
  const unit: LinkUnitReport = {
    unit: "vmlinux",
    link: "vmlinux",
    architectures: [],
    outcome: "strong",
    winner: undefined,
    definitions: predicted,
    declarations: [],
    whyOpen: [],
    notes: [],
    madeBy: [],
    elsewhere: [],
    mayOverride: [],
  };
  return reportObjects("f", viewBuild(layout, index, true, maps), [unit], {
    sources,
    newer: new Map([["b.o", "b.h"]]),
  });
}

function definition(file: string, binding: "weak" | "strong", role = "definition"): ReportedMention {
  return { file, line: 1, column: 1, offset: 0, kind: "function", role, binding, condition: "" };
}

describe("what objects say of a symbol", () => {
  const objects = { vmlinux: ["global f@0x1000"], "a.o": ["weak f"], "b.o": ["global f"], "c.o": ["weak undefined f"] };

  it("is who won, who lost and who refers to it", () => {
    const { objects: told } = reportOn(objects);
    assert.deepEqual(
      told.map(({ file, part }) => `${file} ${part}`),
      ["vmlinux image", "b.o wins", "a.o loses", "c.o refers"],
    );
  });

  it("reads as lines for people", () => {
    assert.deepEqual(listObjects(reportOn(objects, [definition("a.c", "weak"), definition("b.c", "strong")])), [
      "  vmlinux, as it was built: b.o defines it, and overrides 1 weak definition.",
      "    vmlinux: N 0x1000, .text",
      "    b.o: N, global definition, .text, older than b.h",
      "    a.o: W, weak definition, .text, overridden",
      "    c.o: weak undefined, 2 relocations, 1 through the GOT",
    ]);
  });

  it("is not what the source predicts where a weak definition won", () => {
    const { links } = reportOn({ "a.o": ["weak f"] }, [definition("a.c", "strong")]);
    assert.equal(links[0]?.difference, "The definition in a.c is strong by its source, and weak in a.o.");
  });

  it("differs from the source where an object has what no source shows, or lacks what one does", () => {
    assert.equal(
      reportOn({ "a.o": ["global f"] }).links[0]?.difference,
      "No source file is known to define it; a.o, made of a.c, does.",
    );
    assert.equal(
      reportOn({ "a.o": ["weak undefined f"], "b.o": [] }, [definition("b.c", "strong")]).links[0]?.difference,
      "The source predicts the strong definition in b.c; no object of this link has it.",
    );
  });

  it("is as predicted where the source of the other definition is not built", () => {
    const predicted = [definition("a.c", "weak"), definition("arch/arm/b.c", "strong")];
    assert.equal(reportOn({ "a.o": ["weak f"] }, predicted).links[0]?.difference, undefined);
  });

  it("names whom a map says a member was taken for, and whether PROVIDE took effect", () => {
    const map = `Archive member included to satisfy reference by file (symbol)\n\nlib.a(m.o)    c.o (f)\n\nMemory Configuration\n                [!provide]                        PROVIDE (f = .)\n`;
    const report = reportOn({ "c.o": ["global undefined f"], "lib.a:m.o": ["global f"] }, [], map);
    assert.match(
      describeObjects(report),
      /The script's PROVIDE had no effect\. Its archive member was taken for f in c\.o\./,
    );
  });
});
