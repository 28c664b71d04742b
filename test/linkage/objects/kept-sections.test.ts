import assert from "node:assert/strict";
import { explainName } from "../../../server/src/linkage/objects/kept-sections.ts";
import type { LinkGraph, ObjectSections } from "../../../server/src/linkage/objects/link-graph.ts";

/** Sections by their names, each with the global symbols that it refers to; a symbol of the section's name without its dot is in it. */
function object(
  file: string,
  sections: Readonly<Record<string, readonly string[]>>,
  weak: readonly string[] = [],
): ObjectSections {
  const names = Object.keys(sections);
  return {
    file,
    sections: names.map((name) => ({
      name,
      size: 4,
      references: sections[name]!.map((symbol) => ({ symbol, section: undefined })),
    })),
    symbols: names.map((name, section) => {
      const symbol = name.slice(1);
      return { name: symbol, section, offset: 0, isLocal: false, isWeak: weak.includes(symbol) };
    }),
  };
}

function graphOf(objects: readonly ObjectSections[], dropped: readonly string[], entry?: bigint): LinkGraph {
  const kept = objects.flatMap(({ file, sections }) =>
    sections.flatMap(({ name }) => (dropped.includes(name) ? [] : [{ file, section: name }])),
  );
  const inputs = kept.map((place, at) => ({ ...place, address: BigInt(at * 4), size: 4, pattern: undefined }));
  const section = { name: ".text", address: 0n, loadAddress: 0n, size: inputs.length * 4, patterns: [], inputs };
  return { layout: { regions: [], sections: [section], discarded: [], loaded: [] }, objects, entry };
}

function chainOf(name: string, graph: LinkGraph): string {
  const [found] = explainName(name, graph);
  assert.ok(found !== undefined && found.kind === "kept");
  return `${found.root}: ${found.chain.map(({ section }) => section).join(" ")}`;
}

describe("why a section is in an image", () => {
  const files = [
    object("a.o", {
      ".start": ["main"],
      ".main": ["work"],
      ".table": ["work"],
      ".dead": ["deader"],
      ".deader": ["main"],
    }),
    object("b.o", { ".work": [] }),
  ];

  it("is the shortest chain of references from the entry", () => {
    const graph = graphOf(files, [".dead", ".deader"], 2n);
    assert.equal(chainOf("work", graph), "entry: .start .main .work");
    assert.equal(chainOf(".start", graph), "entry: .start");
  });

  it("is itself, where nothing refers to it", () => {
    assert.equal(chainOf("table", graphOf(files, [".dead", ".deader"], 2n)), "itself: .table");
  });

  it("is found in circles too, and where the entry is not known", () => {
    const circle = graphOf([object("a.o", { ".x": ["y"], ".y": ["x"] })], []);
    assert.equal(chainOf("y", circle), "itself: .x .y");
    assert.equal(chainOf("main", graphOf(files, [".dead", ".deader"])), "itself: .start .main");
  });

  it("goes by the strong definition of a name, whichever file comes first", () => {
    const both = [
      object("a.o", { ".start": ["hook"] }),
      object("b.o", { ".hook": [] }, ["hook"]),
      object("c.o", { ".hook": [] }),
    ];
    const [weak, strong] = explainName("hook", graphOf(both, [], 0n));
    assert.deepEqual(
      [weak, strong].map((one) => one?.kind === "kept" && [one.place.file, one.chain.length]),
      [
        ["b.o", 1],
        ["c.o", 2],
      ],
    );
  });

  it("is not what describes functions, such as unwind tables", () => {
    const graph = graphOf([object("a.o", { ".start": [], ".eh_frame": ["main"], ".main": [] })], [], 0n);
    assert.equal(chainOf("main", graph), "itself: .main");
  });

  it("is missing for what was dropped; who refers to it is told, all dropped too", () => {
    const graph = graphOf(files, [".dead", ".deader"], 2n);
    assert.deepEqual(explainName("deader", graph), [
      {
        kind: "dropped",
        place: { file: "a.o", section: ".deader" },
        size: 4,
        referrers: [{ file: "a.o", section: ".dead" }],
      },
    ]);
    assert.deepEqual(explainName("nobody", graph), []);
  });
});
