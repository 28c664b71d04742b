/** Fixes where a plain Makefile links objects in some configurations alone: what is chosen is never always there. */

import assert from "node:assert/strict";
import type { Fix } from "../../server/src/rules/rule.ts";
import { applyFix, files, fixesOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";

function fixOf(fixture: string): Fix {
  return fixesOf(loadFixture(files(fixture), "c", { compiled: undefined, named: [] }), "hook")[0]!;
}

/** The Makefile after the fix. */
function fixed(fixture: string): string | undefined {
  return applyFix(files(fixture), fixOf(fixture)).find(({ path }) => path === "Makefile")?.text;
}

function refused(fixture: string): string {
  return fixOf(fixture).refusal ?? "";
}

describe("a file that a Makefile links in some configurations alone", () => {
  const LINK = "fw: $(OBJS)\n\tld -o $@ $^\n";
  const HEADER = "//- /hook.h\nextern int hook(void) __attribute__((weak));\n";
  const use = (path: string) => `//- /${path}\n#include "hook.h"\nint ${path[0]}(void) { return hook ? hook() : 0; }\n`;
  const treeOf = (makefile: string, more: string) => `//- /Makefile\n${makefile}${LINK}${HEADER}${more}`;

  it("has its fallback beside it, and overrides one as a definition", () => {
    const makefile = "OBJS = main.o\nifdef STRONG\nOBJS += strong.o\nendif\n";
    const strong = "//- /strong.c\nint hook(void) { return 1; }\n";
    const after = fixed(treeOf(makefile, use("main.c") + strong));
    assert.equal(after, `OBJS = main.o main_weak.o\nifdef STRONG\nOBJS += strong.o\nendif\n${LINK}`);
    const chosen = "OBJS = core.o\nifdef A\nOBJS += main.o\nendif\n";
    const added = fixed(treeOf(chosen, `${use("main.c")}//- /core.c\nint core;\n`));
    assert.equal(added, `OBJS = core.o\nifdef A\nOBJS += main.o main_weak.o\nendif\n${LINK}`);
  });

  it("leaves the fallback to a user that is always linked", () => {
    const makefile = "OBJS = b.o\nifdef A\nOBJS += a.o\nendif\n";
    const after = fixed(treeOf(makefile, use("a.c") + use("b.c")));
    assert.equal(after, `OBJS = b.o b_weak.o\nifdef A\nOBJS += a.o\nendif\n${LINK}`);
  });

  it("is refused beside another that may be linked without it", () => {
    const makefile = "OBJS = core.o\nifdef A\nOBJS += a.o\nendif\nifdef B\nOBJS += b.o\nendif\n";
    const others = `${use("a.c")}${use("b.c")}//- /core.c\nint core;\n`;
    assert.match(refused(treeOf(makefile, others)), /b\.c uses 'hook' and may be linked without a\.c/);
  });

  it("is never taken for a definition that is always there, nor for one that a fallback may stand beside", () => {
    const makefile = (list: string) => `OBJS = main.o\nifdef A\nOBJS += ${list}\nendif\n`;
    const weak = "//- /weak.c\n__attribute__((weak)) int hook(void) { return 1; }\n";
    assert.match(refused(treeOf(makefile("weak.o"), use("main.c") + weak)), /another weak definition/);
    const archive = "l.a: strong.o\n\tar rcs $@ $^\n";
    const strong = "//- /strong.c\nint hook(void) { return 1; }\n";
    const tree = `//- /Makefile\n${makefile("l.a")}${LINK}${archive}${HEADER}${use("main.c")}${strong}`;
    assert.match(refused(tree), /in an archive/);
  });

  it("is nothing to go by where another generator is told of it, too", () => {
    const makefile = "OBJS = main.o strong.o\n";
    const strong = "//- /strong.c\nint hook(void) { return 1; }\n";
    const other = "//- /other/CMakeLists.txt\nadd_executable(two ../main.c)\n";
    assert.match(refused(treeOf(makefile, use("main.c") + strong + other)), /other\/CMakeLists\.txt names main\.c too/);
    assert.match(fixOf(treeOf(makefile, use("main.c") + strong)).title, /always defined/);
  });
});
