import assert from "node:assert/strict";
import type { ObjectSections, SectionTraits } from "../../../server/src/linkage/objects/link-graph.ts";
import { markSections } from "../../../server/src/linkage/objects/mark-sections.ts";

interface Made {
  readonly refers?: readonly string[];
  readonly defines?: string;
  readonly isWeak?: boolean;
  readonly traits?: Partial<SectionTraits>;
}

function object(file: string, made: Readonly<Record<string, Made>>): ObjectSections {
  const plain = { isAllocated: true, isAlwaysKept: false, isArray: false, isExecutable: false, isUnwindTable: false };
  const entries = Object.entries(made);
  return {
    file,
    sections: entries.map(([name, { refers = [], traits }]) => ({
      name,
      size: 4,
      references: refers.map((symbol) => ({ symbol, section: undefined })),
      traits: { ...plain, ...traits },
    })),
    symbols: entries.flatMap(([, { defines, isWeak = false }], section) =>
      defines === undefined ? [] : [{ name: defines, section, offset: 0, isLocal: false, isWeak }],
    ),
  };
}

function keptOf(objects: readonly ObjectSections[], linker: "bfd" | "lld" = "bfd", keep = ""): string[] {
  const roots = { symbols: ["start"], keeps: (_file: string, section: string) => section === keep };
  const marks = markSections(objects, roots, linker);
  return objects.flatMap(({ file, sections }) =>
    sections.flatMap(({ name }, at) => (marks.reasonOf(file, at) === undefined ? [] : [`${file} ${name}`])),
  );
}

describe("what a linker keeps under --gc-sections", () => {
  it("is what the entry and KEEP refer to, in turn", () => {
    const objects = [
      object("a.o", {
        ".start": { defines: "start", refers: ["work"] },
        ".dead": { refers: ["work"] },
        ".held": { refers: ["aid"] },
      }),
      object("b.o", { ".work": { defines: "work" }, ".aid": { defines: "aid" } }),
    ];
    assert.deepEqual(keptOf(objects), ["a.o .start", "b.o .work"]);
    assert.deepEqual(keptOf(objects, "bfd", ".held"), ["a.o .start", "a.o .held", "b.o .work", "b.o .aid"]);
  });

  it("is the strong definition, and of weak ones the first", () => {
    const start = object("a.o", { ".start": { defines: "start", refers: ["hook", "other"] } });
    const weak = object("b.o", {
      ".hook": { defines: "hook", isWeak: true },
      ".other": { defines: "other", isWeak: true },
    });
    const strong = object("c.o", { ".hook": { defines: "hook" }, ".other": { defines: "other", isWeak: true } });
    assert.deepEqual(keptOf([start, weak, strong]), ["a.o .start", "b.o .other", "c.o .hook"]);
  });

  it("is of two groups with one signature the first, with all of its members", () => {
    const group = { members: [1, 2], signature: "once" };
    const members = { ".once": { defines: "once", isWeak: true, traits: { group } }, ".with": { traits: { group } } };
    const objects = [
      object("a.o", { ".start": { defines: "start", refers: ["once"] }, ...members }),
      object("b.o", { ".first": {}, ...members }),
    ];
    assert.deepEqual(keptOf(objects), ["a.o .start", "a.o .once", "a.o .with"]);
  });

  it("is a set of sections that __start_NAME stands for", () => {
    const objects = [
      object("a.o", { ".start": { defines: "start", refers: ["__start_set"] }, set: {} }),
      object("b.o", { set: {}, other: {} }),
    ];
    assert.deepEqual(keptOf(objects), ["a.o .start", "a.o set", "b.o set"]);
  });

  it("is an array of constructors for lld, and for GNU ld where the script keeps it", () => {
    const objects = [
      object("a.o", { ".start": { defines: "start" }, ".init_array": { traits: { isArray: true } } }),
      object("b.o", { ".note": { traits: { isAlwaysKept: true } } }),
    ];
    assert.deepEqual(keptOf(objects), ["a.o .start", "b.o .note"]);
    assert.deepEqual(keptOf(objects, "lld"), ["a.o .start", "a.o .init_array", "b.o .note"]);
    assert.deepEqual(keptOf(objects, "bfd", ".init_array"), ["a.o .start", "a.o .init_array", "b.o .note"]);
  });
});
