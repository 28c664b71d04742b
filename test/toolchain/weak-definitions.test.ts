/**
 * Weak definitions moved to a file of their own, and weakness kept at the default alone, beside real compilers: the fixed tree is compiled, linked and run with the strong
 * definition and without. Where a compiler believed the weak definition before, the strong one counts afterwards.
 */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyFix, files, fixesOf } from "../support/apply-fix.ts";
import type { FixtureFile } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { isInstalled, needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const COMPILERS = ["gcc-12", "clang-14", "clang-19"];
const MAIN =
  '//- /main.c\n#include <stdio.h>\nint value(void);\nint main(void) { printf("%d\\n", value()); return 0; }\n';

interface Case {
  readonly what: string;
  readonly symbol: string;
  readonly fixture: string;
  /** What is printed without the strong definition, in board.c, and with it. */
  readonly printed: readonly [weak: string, strong: string];
}

const CASES: readonly Case[] = [
  {
    what: "a constant",
    symbol: "limit",
    fixture: `//- /a.c
const int limit __attribute__((weak)) = 4;
int value(void) { return limit + 1; }
//- /board.c
const int limit = 8;
`,
    printed: ["5", "9"],
  },
  {
    what: "an array with a bound of its own",
    symbol: "names",
    fixture: `//- /a.c
char names[1] __attribute__((weak));
int value(void) { int n = 0; while (names[n]) n++; return n; }
//- /board.c
char names[8] = "abcdef";
`,
    printed: ["0", "6"],
  },
  {
    what: "a structure that a header declares",
    symbol: "ops",
    fixture: `//- /ops.h
#define USUAL 3
struct ops { int flags, depth; };
extern const struct ops ops;
//- /a.c
#include "ops.h"

/* What most boards have. */
const struct ops ops __attribute__((weak)) = { .flags = USUAL };

int value(void) { return ops.flags; }
//- /board.c
#include "ops.h"
const struct ops ops = { 7, 1 };
`,
    printed: ["3", "7"],
  },
  {
    what: "a constant array",
    symbol: "table",
    fixture: `//- /table.h
extern const int table[];
//- /a.c
#include "table.h"
const int table[] __attribute__((weak)) = { 1, 2, 3 };
int value(void) { return table[0] + table[1]; }
//- /board.c
#include "table.h"
const int table[] = { 10, 20, 30, 40 };
`,
    printed: ["3", "30"],
  },
];

describe("moved weak definitions beside real compilers", function () {
  this.timeout(300_000);
  let folder: TemporaryFolder;
  let count = 0;
  /** How often a compiler believed the weak definition before the fix. */
  let believed = 0;

  before(async function () {
    folder = createTemporaryFolder();
    await orSkip(this, () => needTools(COMPILERS.map((command) => ({ command, debianPackage: command }))));
  });
  after(() => folder?.[Symbol.dispose]());

  async function run(tree: readonly FixtureFile[], compiler: string, flags: readonly string[]): Promise<string> {
    const root = join(folder.path, String(count++));
    await runOrThrow("mkdir", [root]);
    for (const { path, text } of tree) writeFileSync(join(root, path), text);
    const sources = tree.filter(({ path }) => path.endsWith(".c")).map(({ path }) => join(root, path));
    const program = join(root, "program");
    await runOrThrow(compiler, ["-Wall", "-Wextra", "-Werror", ...flags, ...sources, "-o", program]);
    return (await runOrThrow(program, [])).trim();
  }

  for (const { what, symbol, fixture, printed } of CASES) {
    it(`say what is linked: ${what}`, async () => {
      const tree = files(fixture + MAIN);
      const loaded = loadFixture(tree);
      const fix = fixesOf(loaded, symbol).find(({ title }) => title.startsWith("Move"));
      assert.ok(fix !== undefined);
      const fixed = applyFix(tree, fix);
      for (const compiler of COMPILERS.filter(isInstalled)) {
        for (const level of ["-O0", "-O2"]) {
          const [alone, linked] = [fixed.filter(({ path }) => path !== "board.c"), fixed];
          assert.equal(await run(alone, compiler, [level]), printed[0], `${compiler} ${level}, without board.c`);
          assert.equal(await run(linked, compiler, [level]), printed[1], `${compiler} ${level}, with board.c`);
          if ((await run(tree, compiler, [level])) !== printed[1]) believed++;
        }
      }
    });
  }

  it("leave a default that the strong definition wins over, whatever the order", async () => {
    const header = "//- /clock.h\nint read_clock(void) __attribute__((weak));\n";
    const value = '//- /a.c\n#include "clock.h"\nint value(void) { return read_clock(); }\n';
    const byItself = '//- /b.c\n#include "clock.h"\nint __attribute__((weak)) read_clock(void) { return 1; }\n';
    const seen = '//- /c.c\n#include "clock.h"\nint read_clock(void) { return 2; }\n';
    const unseen = "//- /c.c\nint read_clock(void);\nint read_clock(void) { return 2; }\n";
    const imposed = byItself.replace("__attribute__((weak)) ", "");
    for (const [others, isSame] of [
      [byItself + seen, false],
      [imposed + unseen, true],
    ] as const) {
      const tree = files(header + value + others + MAIN);
      const [fix] = fixesOf(loadFixture(tree), "read_clock");
      assert.ok(fix !== undefined);
      const fixed = applyFix(tree, fix);
      for (const compiler of COMPILERS.filter(isInstalled)) {
        for (const level of ["-O0", "-O2"]) {
          assert.equal(await run(tree, compiler, [level]), isSame ? "2" : "1", "before, the first of two weak ones");
          assert.equal(await run(fixed, compiler, [level]), "2", `${compiler} ${level}`);
          assert.equal(
            await run(fixed.toReversed(), compiler, [level]),
            "2",
            `${compiler} ${level}, in the other order`,
          );
          const alone = fixed.filter(({ path }) => path !== "c.c");
          assert.equal(await run(alone, compiler, [level]), "1", `${compiler} ${level}, the default alone`);
        }
      }
    }
  });

  it("were believed before by some compiler, so that this can fail", () =>
    assert.ok(believed >= CASES.length, `${believed}`));
});
