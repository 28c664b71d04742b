import assert from "node:assert/strict";
import type { FileFacts } from "../../../server/src/linkage/facts/facts.ts";
import { createFactRows, packFacts, unpackFacts } from "../../../server/src/linkage/index/packed-facts.ts";
import { createStringTable } from "../../../server/src/linkage/index/string-table.ts";
import { fileFacts, symbolFact } from "../facts/sample-facts.ts";

function packedAndBack(facts: FileFacts): FileFacts {
  const rows = createFactRows(0);
  const strings = createStringTable();
  packFacts(facts, rows, strings);
  return unpackFacts(facts.language, rows, 0, rows.count, strings);
}

function assertKept(facts: FileFacts): void {
  assert.deepEqual(packedAndBack(facts), facts);
}

describe("packed facts", () => {
  it("keep every kind, role, binding and scope", () => {
    const symbols = (["function", "object", "unknown"] as const).flatMap((kind) =>
      (["declaration", "tentative", "definition", "assignment", "provide", "alias"] as const).flatMap((role) =>
        (["strong", "weak", "local"] as const).flatMap((binding) =>
          (["file", "block"] as const).map((scope) => symbolFact("x", { kind, role, binding, scope })),
        ),
      ),
    );
    assertKept(fileFacts({ symbols }));
  });

  for (const flag of ["isVoid", "isArray", "isPointer", "isConst", "isInline", "isPlace"] as const) {
    it(`keep ${flag}`, () => assertKept(fileFacts({ symbols: [symbolFact("x", { [flag]: true }), symbolFact("y")] })));
  }

  for (const key of [
    "section",
    "visibility",
    "target",
    "inMacro",
    "constantValue",
    "valueText",
    "outputSection",
    "wordTarget",
  ] as const) {
    it(`keep ${key}`, () => {
      assertKept(
        fileFacts({ symbols: [symbolFact("x", { [key]: '.text "[,] ä' }), symbolFact("y", { words: ["__init"] })] }),
      );
    });
  }

  it("keep conditions and words", () => {
    const condition = "defined(CONFIG_SMP) && !(A > 3)";
    const words = ["__init", "__weak"];
    assertKept(
      fileFacts({ symbols: [symbolFact("x", { condition, words }), symbolFact("y", { condition }), symbolFact("z")] }),
    );
  });

  it("keep words that look like no words", () => {
    assertKept(fileFacts({ symbols: [symbolFact("x", { words: ["a b", "", "[", "ö"] })] }));
  });

  it("keep spans that differ from the name", () => {
    assertKept(fileFacts({ symbols: [symbolFact("sys_read", { start: 0x7fffffff, end: 0x7fffffff + 4 })] }));
  });

  it("keep a name longer than a span can be", () => {
    const name = "x".repeat(70_000);
    const [fact] = packedAndBack(fileFacts({ symbols: [symbolFact(name)] })).symbols;
    assert.equal(fact?.name, name);
    assert.equal(fact?.start, 10);
  });

  it("keep includes, macros, makers, handovers, arguments, exports and references", () => {
    assertKept({
      language: "ld",
      symbols: [],
      includes: [
        { path: "linux/types.h", angled: true, start: 1, end: 24, condition: "" },
        { path: "a.h", angled: false, start: 30, end: 45, condition: "CONFIG_A" },
      ],
      macros: [
        { name: "__weak", start: 50, end: 56, condition: "", isWeak: true, words: [] },
        { name: "__ksym", start: 60, end: 66, condition: "CONFIG_B", isWeak: false, words: ["__weak", "__used"] },
        { name: "__alias", start: 80, end: 87, condition: "", isWeak: false, isAlias: true, words: [] },
        { name: "LOCAL", start: 90, end: 95, condition: "", isWeak: false, isStatic: true, words: [] },
        { name: "INLINE", start: 96, end: 102, condition: "", isWeak: false, isInline: true, words: [] },
      ],
      makers: [
        {
          name: "DEFINE_LOCK",
          start: 90,
          end: 101,
          condition: "CONFIG_C",
          parameters: ["name"],
          symbols: [{ name: "name", kind: "object", role: "definition", binding: "strong", words: [] }],
        },
      ],
      handovers: [
        {
          name: "MAKE",
          macro: "DEFINE_BIG",
          start: 110,
          end: 120,
          condition: "",
          parameters: ["name"],
          arguments: ["name", ""],
        },
      ],
      arguments: [{ name: "big_lock", start: 120, end: 128, condition: "CONFIG_D", call: "DEFINE_LOCK(big_lock)" }],
      exports: ["printk", "jiffies"],
      references: [{ name: "_start", start: 70, end: 76 }],
    });
  });
});
