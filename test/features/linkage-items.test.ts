import assert from "node:assert/strict";
import { linkageItemsOf } from "../../server/src/features/linkage-items.ts";
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
});
