import assert from "node:assert/strict";
import { linkageItemsOf } from "../../server/src/features/linkage-items.ts";
import { reportSymbol } from "../../server/src/features/symbol-report.ts";
import { overridesOf } from "../../server/src/linkage/symbols/overrides.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";

const fixture = `
//- /include/weak.h
#define __weak __attribute__((weak))
extern int nowhere __weak;
extern int somewhere __weak;
//- /kernel/a.c
#include <weak.h>
int __weak hook(void) { return 0; }
int __weak alone(void) { return 0; }
static int __weak local_one(void) { return 0; }
int somewhere = 1;
//- /arch/b.c
int hook(void) { return 1; }
//- /a.lds
SECTIONS { PROVIDE(end = .); .text : { *(.text) } }
`;

describe("the worklist of a tree", () => {
  it("has weak references, weak definitions and PROVIDEs with their states", () => {
    const { program } = loadFixture(parseFixture(fixture).files);
    const items = [...program.index.paths()].flatMap((path) =>
      linkageItemsOf(path, program.index.factsOf(path)!, program),
    );
    const told = items.map(({ kind, symbol, state, overriders }) =>
      [kind, symbol, state, ...overriders.map(({ path }) => path)].join(" "),
    );
    assert.deepEqual(told.sort(), [
      "PROVIDE end provided",
      "weak definition alone weak",
      "weak definition hook strong arch/b.c",
      "weak reference nowhere undefined",
      "weak reference somewhere strong",
    ]);
  });

  it("says what hover and lens say of a strong definition that no archive gives, and of one in another link", () => {
    const { program } = loadFixture(
      [
        { path: "Makefile", text: "fw: a.o l.a\n\tld -o $@ $^\nl.a: b.o\n\tar rcs $@ $^\nother: c.o\n\tld -o $@ $^\n" },
        { path: "a.c", text: "int n;\n__attribute__((weak)) int hook(void) { return n; }\n" },
        { path: "b.c", text: "int hook(void) { return 1; }\n" },
        { path: "c.c", text: "int hook(void) { return 2; }\n" },
      ],
      "c",
      { compiled: undefined, named: [] },
    );
    const [item] = linkageItemsOf("a.c", program.index.factsOf("a.c")!, program);
    const report = reportSymbol("hook", program).linkUnits.find(({ link }) => link === "target fw");
    assert.equal(report?.outcome, "weak");
    assert.equal(item?.state, "weak");
    assert.deepEqual(item.overriders, []);
    assert.deepEqual(overridesOf("hook", "a.c", program).strong, []);
  });
});
