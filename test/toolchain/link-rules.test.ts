/** What rules say of links, beside what gcc, clang and ld make of the rules' own fixtures. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { archivedOverride } from "../../server/src/rules/archived-override.ts";
import { definedTwice } from "../../server/src/rules/defined-twice.ts";
import { mismatchedOverride } from "../../server/src/rules/mismatched-override.ts";
import { weakTooLate } from "../../server/src/rules/weak-too-late.ts";
import { parseFixture } from "../support/fixture.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";

describe("the rules on links, beside real links", function () {
  this.timeout(60_000);
  let folder = "";
  before(async function () {
    await orSkip(this, () =>
      needTools([
        { command: "gcc", debianPackage: "gcc" },
        { command: "clang-14", debianPackage: "clang-14" },
        { command: "ld", debianPackage: "binutils" },
        { command: "make", debianPackage: "make" },
      ]),
    );
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "weakspot-oracle-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(...command: string[]): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync(command[0]!, command.slice(1), { cwd: folder, encoding: "utf8" });
    return { status, output: stdout + stderr };
  }

  /** Compiles the fixture and links all of it, as its Makefile says where it has one. */
  function link(fixture: string, compiler = "gcc") {
    const { files } = parseFixture(fixture);
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    if (files.some(({ path }) => path === "Makefile")) return run("make", `CC=${compiler} -fno-pic`, "LDFLAGS=");
    const sources = files.map(({ path }) => path).filter((path) => /\.[cS]$/.test(path));
    for (const source of sources) {
      const { status, output } = run(compiler, "-w", "-fno-pic", "-c", source, "-o", `${source}.o`);
      assert.equal(status, 0, output);
    }
    return run("ld", "-e", "0", "-o", "fw", ...sources.map((source) => `${source}.o`));
  }

  const letterOf = (file: string, symbol: string) =>
    new RegExp(`(\\w) ${symbol}$`, "m").exec(run("nm", file).output)?.[1];

  it("rejects what is defined twice, and links what is not", () => {
    for (const fixture of definedTwice.docs.bad) {
      const { status, output } = link(fixture);
      assert.notEqual(status, 0);
      assert.match(output, /multiple definition of `(?:clock_rate|rate|global_config)'/);
    }
    for (const fixture of definedTwice.docs.good.slice(0, 4)) assert.equal(link(fixture).status, 0);
  });

  it("uses the weak definition beside an archive's strong one", () => {
    const linked = (fixture: string) => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      assert.equal(link(fixture).status, 0);
      return letterOf("fw", fixture.includes("usb_irq") ? "usb_irq" : "board_setup");
    };
    for (const fixture of archivedOverride.docs.bad) assert.equal(linked(fixture), "W");
    for (const fixture of archivedOverride.docs.good) assert.equal(linked(fixture), "T");
  });

  it("links what does not match without a word", () => {
    for (const fixture of mismatchedOverride.docs.bad) {
      assert.deepEqual(link(fixture), { status: 0, output: "" });
    }
  });

  it("has gcc and clang differ on what is weak too late, and agree on what is not", () => {
    const letters = (fixture: string, path: string, symbol: string) =>
      ["gcc", "clang-14"].map((compiler) => {
        link(fixture, compiler);
        return letterOf(`${path}.o`, symbol);
      });
    assert.deepEqual(
      weakTooLate.docs.bad.slice(0, 2).map((fixture) => letters(fixture, "board.c", "revision")),
      [
        ["W", "T"],
        ["W", "T"],
      ],
    );
    assert.deepEqual(letters(weakTooLate.docs.bad[2]!, "user.c", "hook"), ["w", "U"]);
    for (const fixture of weakTooLate.docs.good.slice(0, 3)) {
      assert.deepEqual(letters(fixture, "board.c", "revision"), ["W", "W"]);
    }
  });
});
